/** Evaluation of poolings. */
import { boolOf, integersOf } from '../core/definition.ts';
import type { Window } from '../ops/index.ts';
import { windowPositions, windowsOf } from '../ops/index.ts';
import type { poolOps } from '../ops/pool.ts';
import type { TensorValue } from './array.ts';
import { fromNumbers, numbersOf, typeOf } from './array.ts';
import type { Evaluate } from './cell.ts';

/** What one window covers along one dimension: the indices inside x, and how many places with the padding. */
interface Cover {
  readonly inside: readonly number[];
  readonly places: number;
}

function covers(window: Window): readonly Cover[] {
  return Array.from({ length: windowPositions(window) }, (_, position) => {
    const begin = position * window.stride - window.padBefore;
    const taps = Array.from({ length: window.kernel }, (__, tap) => begin + tap * window.dilation);
    const limit = window.input + window.padAfter; // ceil_mode reaches beyond it, and that part never counts
    return {
      inside: taps.filter((at) => at >= 0 && at < window.input),
      places: taps.filter((at) => at < limit).length,
    };
  });
}

/** Joins each window of each plane. */
function pool(
  x: TensorValue,
  vertical: readonly Cover[],
  horizontal: readonly Cover[],
  start: number,
  join: (total: number, element: number) => number,
  finish: (total: number, row: Cover, column: Cover) => number,
): TensorValue {
  const [samples, channels, height, width] = x.shape;
  const numbers = numbersOf(x);
  const out = new Float64Array(samples * channels * vertical.length * horizontal.length);
  let to = 0;
  for (let plane = 0; plane < samples * channels; plane++) {
    for (const row of vertical) {
      for (const column of horizontal) {
        let total = start;
        for (const i of row.inside)
          for (const j of column.inside) total = join(total, numbers[(plane * height + i) * width + j]);
        out[to++] = finish(total, row, column);
      }
    }
  }
  return fromNumbers([samples, channels, vertical.length, horizontal.length], x.dtype, out);
}

const sum = (total: number, element: number): number => total + element;
const mean = (total: number, row: Cover, column: Cover): number => total / (row.inside.length * column.inside.length);

function adaptiveCovers(input: number, output: number): readonly Cover[] {
  return Array.from({ length: output }, (_, position) => {
    const begin = Math.floor((position * input) / output);
    const places = Math.ceil(((position + 1) * input) / output) - begin;
    return { inside: Array.from({ length: places }, (__, index) => begin + index), places };
  });
}

export const evaluatePool: Readonly<Record<keyof typeof poolOps, Evaluate>> = {
  'ms.max_pool2d': ([x], op) => {
    const [vertical, horizontal] = windowsOf(typeOf(x), integersOf(op.attributes, 'kernel'), op.attributes).map(covers);
    return [pool(x, vertical, horizontal, -Infinity, Math.max, (total) => total)];
  },
  'ms.avg_pool2d': ([x], op) => {
    const [vertical, horizontal] = windowsOf(typeOf(x), integersOf(op.attributes, 'kernel'), op.attributes).map(covers);
    const padded = (total: number, row: Cover, column: Cover) => total / (row.places * column.places);
    return [pool(x, vertical, horizontal, 0, sum, boolOf(op.attributes, 'count_include_pad') ? padded : mean)];
  },
  'ms.adaptive_avg_pool2d': ([x], op) => {
    const size = integersOf(op.attributes, 'size');
    return [pool(x, adaptiveCovers(x.shape[2], size[0]), adaptiveCovers(x.shape[3], size[1]), 0, sum, mean)];
  },
};

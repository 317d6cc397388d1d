/** Evaluation of resizing: the two small matrices of the definition, applied in f64. */
import { integersOf, stringOf } from '../core/definition.ts';
import type { resizeOps } from '../ops/resize.ts';
import type { ResizeKernel } from '../ops/resize-matrix.ts';
import { resizeMatrix } from '../ops/resize-matrix.ts';
import { fromNumbers, numbersOf } from './array.ts';
import type { Evaluate } from './cell.ts';

/** The taps of each result index that carry weight. */
type Taps = readonly (readonly (readonly [at: number, weight: number])[])[];

const tapsOf = (rows: readonly (readonly number[])[]): Taps =>
  rows.map((row) => row.flatMap((weight, at) => (weight === 0 ? [] : [[at, weight] as const])));

function resize(kernel: ResizeKernel): Evaluate {
  return ([x], op) => {
    const size = integersOf(op.attributes, 'size');
    const [samples, channels, height, width] = x.shape;
    const coordinates = stringOf(op.attributes, 'coordinates');
    const [vertical, horizontal] = [
      tapsOf(resizeMatrix(kernel, coordinates, height, size[0])),
      tapsOf(resizeMatrix(kernel, coordinates, width, size[1])),
    ];
    const numbers = numbersOf(x);
    const out = new Float64Array(samples * channels * size[0] * size[1]);
    let to = 0;
    for (let plane = 0; plane < samples * channels; plane++) {
      for (const rows of vertical) {
        for (const columns of horizontal) {
          for (const [row, high] of rows)
            for (const [column, wide] of columns)
              out[to] += high * wide * numbers[(plane * height + row) * width + column];
          to++;
        }
      }
    }
    return [fromNumbers([samples, channels, ...size], x.dtype, out)];
  };
}

export const evaluateResize: Readonly<Record<keyof typeof resizeOps, Evaluate>> = {
  'ms.resize_nearest': resize('nearest'),
  'ms.resize_bilinear': resize('linear'),
  'ms.resize_bicubic': resize('cubic'),
};

/** Evaluation of gradients of windowed ops. */
import type { AttributeMap } from '../core/attribute.ts';
import { integerOf, integersOf } from '../core/definition.ts';
import type { Window } from '../ops/index.ts';
import { windowPositions, windowsOf } from '../ops/index.ts';
import type { windowGradientOps } from '../ops/window-gradient.ts';
import type { TensorValue } from './array.ts';
import { fromNumbers, numbersOf, typeOf } from './array.ts';
import type { Evaluate } from './cell.ts';
import type { Rows } from './product.ts';
import { rowsOf } from './product.ts';

const windowsIn = (x: TensorValue, attributes: AttributeMap) =>
  windowsOf(typeOf(x), integersOf(attributes, 'kernel'), attributes);

/** Places of a window at which one of its taps meets x: place p meets element p·stride + offset. */
interface Meetings {
  readonly first: number;
  /** First place behind the last one. */
  readonly end: number;
  readonly stride: number;
  readonly offset: number;
}

function meetings(window: Window, tap: number): Meetings {
  const offset = tap * window.dilation - window.padBefore;
  return {
    first: Math.max(0, Math.ceil(-offset / window.stride)),
    end: Math.min(windowPositions(window), Math.floor((window.input - 1 - offset) / window.stride) + 1),
    stride: window.stride,
    offset,
  };
}

/** One plane of x and one of dy, where one tap meets them. */
function tapSum(
  x: Rows,
  from: number,
  width: number,
  dy: Rows,
  at: number,
  columns: number,
  taps: readonly Meetings[],
) {
  const [along, across] = taps;
  let sum = 0;
  for (let row = along.first; row < along.end; row++) {
    const source = from + (row * along.stride + along.offset) * width + across.offset;
    const target = at + row * columns;
    for (let column = across.first; column < across.end; column++)
      sum += x[source + column * across.stride] * dy[target + column];
  }
  return sum;
}

const weightGradient: Evaluate = ([x, dy], op) => {
  const [vertical, horizontal] = windowsIn(x, op.attributes);
  const group = integerOf(op.attributes, 'group');
  const [samples, channels, height, width] = x.shape;
  const [, outputs, rows, columns] = dy.shape;
  const [numbers, gradients] = [rowsOf(x), rowsOf(dy)];
  const perGroup = channels / group;
  const taps = Array.from({ length: vertical.kernel * horizontal.kernel }, (_, tap) => [
    meetings(vertical, Math.floor(tap / horizontal.kernel)),
    meetings(horizontal, tap % horizontal.kernel),
  ]);
  const out = new Float64Array(outputs * perGroup * taps.length);
  for (let index = 0; index < out.length; index++) {
    const tap = taps[index % taps.length];
    const output = Math.floor(index / taps.length / perGroup);
    const channel = Math.floor(output / (outputs / group)) * perGroup + (Math.floor(index / taps.length) % perGroup);
    for (let sample = 0; sample < samples; sample++) {
      const from = (sample * channels + channel) * height * width;
      const at = (sample * outputs + output) * rows * columns;
      out[index] += tapSum(numbers, from, width, gradients, at, columns, tap);
    }
  }
  return [fromNumbers([outputs, perGroup, vertical.kernel, horizontal.kernel], x.dtype, out)];
};

/** Where the greatest element of a window is: the first, row by row; -1 where there is only padding or NaN. */
function greatestAt(plane: ArrayLike<number>, from: number, window: readonly [Window, Window], place: number): number {
  const [vertical, horizontal] = window;
  const columns = windowPositions(horizontal);
  const top = Math.floor(place / columns) * vertical.stride - vertical.padBefore;
  const left = (place % columns) * horizontal.stride - horizontal.padBefore;
  let best = -1;
  for (let tap = 0; tap < vertical.kernel * horizontal.kernel; tap++) {
    const i = top + Math.floor(tap / horizontal.kernel) * vertical.dilation;
    const j = left + (tap % horizontal.kernel) * horizontal.dilation;
    if (i < 0 || i >= vertical.input || j < 0 || j >= horizontal.input) continue;
    const at = from + i * horizontal.input + j;
    if (Number.isNaN(plane[at])) return -1;
    if (best < 0 || plane[at] > plane[best]) best = at;
  }
  return best;
}

const maxPoolGradient: Evaluate = ([x, dy], op) => {
  const windows = windowsIn(x, op.attributes);
  const [numbers, gradients] = [numbersOf(x), numbersOf(dy)];
  const places = windowPositions(windows[0]) * windowPositions(windows[1]);
  const plane = windows[0].input * windows[1].input;
  const out = new Float64Array(numbers.length);
  for (let index = 0; index < gradients.length; index++) {
    const at = greatestAt(numbers, Math.floor(index / places) * plane, windows, index % places);
    if (at >= 0) out[at] += gradients[index];
  }
  return [fromNumbers(x.shape, x.dtype, out)];
};

export const evaluateWindowGradient: Readonly<Record<keyof typeof windowGradientOps, Evaluate>> = {
  'ms.conv2d_weight_gradient': weightGradient,
  'ms.max_pool2d_gradient': maxPoolGradient,
};

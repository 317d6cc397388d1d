/** Evaluation of gradients of windowed ops. */
import type { AttributeMap } from '../core/attribute.ts';
import { integerOf, integersOf } from '../core/definition.ts';
import type { Window } from '../ops/index.ts';
import { windowPositions, windowsOf } from '../ops/index.ts';
import type { windowGradientOps } from '../ops/window-gradient.ts';
import type { TensorValue } from './array.ts';
import { fromNumbers, numbersOf, typeOf } from './array.ts';
import type { Evaluate } from './cell.ts';

const windowsIn = (x: TensorValue, attributes: AttributeMap) =>
  windowsOf(typeOf(x), integersOf(attributes, 'kernel'), attributes);

/** Pairs of a place of the window and the element of x that its tap meets there. */
function meetings(window: Window, tap: number): readonly (readonly [place: number, element: number])[] {
  const offset = tap * window.dilation - window.padBefore;
  return Array.from(
    { length: windowPositions(window) },
    (_, place) => [place, place * window.stride + offset] as const,
  ).filter(([, element]) => element >= 0 && element < window.input);
}

const weightGradient: Evaluate = ([x, dy], op) => {
  const windows = windowsIn(x, op.attributes);
  const [vertical, horizontal] = windows;
  const group = integerOf(op.attributes, 'group');
  const [samples, channels, height, width] = x.shape;
  const [, outputs, rows, columns] = dy.shape;
  const [numbers, gradients] = [numbersOf(x), numbersOf(dy)];
  const shape = [outputs, channels / group, vertical.kernel, horizontal.kernel];
  const out: number[] = [];
  for (let output = 0; output < outputs; output++) {
    const firstChannel = Math.floor(output / (outputs / group)) * (channels / group);
    for (let channel = firstChannel; channel < firstChannel + channels / group; channel++) {
      for (let tap = 0; tap < vertical.kernel * horizontal.kernel; tap++) {
        const along = meetings(vertical, Math.floor(tap / horizontal.kernel));
        const across = meetings(horizontal, tap % horizontal.kernel);
        let sum = 0;
        for (let sample = 0; sample < samples; sample++) {
          const from = (sample * channels + channel) * height * width;
          const at = (sample * outputs + output) * rows * columns;
          for (const [row, i] of along)
            for (const [column, j] of across)
              sum += numbers[from + i * width + j] * gradients[at + row * columns + column];
        }
        out.push(sum);
      }
    }
  }
  return [fromNumbers(shape, x.dtype, out)];
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

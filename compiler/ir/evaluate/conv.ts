/** Evaluation of convolutions: unfolded windows times weights, f64 accumulation. */
import { integerOf, integersOf } from '../core/definition.ts';
import type { OpView } from '../core/definition.ts';
import { elementCount } from '../core/type.ts';
import type { Window } from '../ops/index.ts';
import { windowPositions, windowsOf } from '../ops/index.ts';
import type { convOps } from '../ops/conv.ts';
import { transposeExtent } from '../ops/conv.ts';
import type { TensorValue } from './array.ts';
import { fromNumbers, numbersOf, typeOf } from './array.ts';
import type { Evaluate } from './cell.ts';
import type { Rows } from './product.ts';
import { multiplyRows, rowsOf } from './product.ts';

/** Unfolded elements are held for at most this many numbers at a time. */
const UNFOLD_NUMBERS = 1 << 22;

/** Channels of one sample that one group convolves. */
interface GroupInput {
  readonly x: Rows;
  readonly at: number;
  readonly channels: number;
  readonly vertical: Window;
  readonly horizontal: Window;
}

/** Row p holds the window at output position `begin + p`, channel by channel; padding is 0. */
function unfold(input: GroupInput, begin: number, end: number, width: number, out: Rows): void {
  const { x, at, channels, vertical, horizontal } = input;
  const plane = vertical.input * horizontal.input;
  let to = 0;
  for (let position = begin; position < end; position++) {
    const top = Math.floor(position / width) * vertical.stride - vertical.padBefore;
    const left = (position % width) * horizontal.stride - horizontal.padBefore;
    for (let channel = 0; channel < channels; channel++) {
      const from = at + channel * plane;
      for (let i = 0; i < vertical.kernel; i++) {
        const row = top + i * vertical.dilation;
        const inside = row >= 0 && row < vertical.input;
        for (let j = 0; j < horizontal.kernel; j++) {
          const column = left + j * horizontal.dilation;
          out[to++] =
            inside && column >= 0 && column < horizontal.input ? x[from + row * horizontal.input + column] : 0;
        }
      }
    }
  }
}

const convolve: Evaluate = ([x, weight, bias], op) => {
  const [vertical, horizontal] = windowsOf(typeOf(x), weight.shape.slice(2), op.attributes);
  const [height, width] = [windowPositions(vertical), windowPositions(horizontal)];
  const group = integerOf(op.attributes, 'group');
  const [samples, allChannels] = x.shape;
  const [outputs, channels] = weight.shape;
  const numbers = rowsOf(x);
  const weights = rowsOf(weight);
  const positions = height * width;
  const out = new Float64Array(samples * outputs * positions);
  const k = channels * vertical.kernel * horizontal.kernel;
  const m = outputs / group;
  const chunk = Math.max(1, Math.min(positions, Math.floor(UNFOLD_NUMBERS / Math.max(k, 1))));
  const columns = numbers instanceof Float32Array ? new Float32Array(chunk * k) : new Float64Array(chunk * k);
  const sums = new Float64Array(m * chunk);
  for (let sample = 0; sample < samples; sample++) {
    for (let part = 0; part < group; part++) {
      const at = (sample * allChannels + part * channels) * vertical.input * horizontal.input;
      const kernels = weights.subarray(part * m * k, (part + 1) * m * k);
      for (let begin = 0; begin < positions; begin += chunk) {
        const count = Math.min(chunk, positions - begin);
        unfold({ x: numbers, at, channels, vertical, horizontal }, begin, begin + count, width, columns);
        multiplyRows(kernels, columns, m, count, k, sums);
        for (let row = 0; row < m; row++) {
          out.set(
            sums.subarray(row * count, (row + 1) * count),
            (sample * outputs + part * m + row) * positions + begin,
          );
        }
      }
    }
  }
  addBias(out, bias, outputs, positions);
  return [fromNumbers([samples, outputs, height, width], x.dtype, out)];
};

/** The bias joins before the result rounds. */
function addBias(out: Float64Array, bias: TensorValue | undefined, channels: number, positions: number): void {
  if (bias === undefined) return;
  const numbers = numbersOf(bias);
  for (let index = 0; index < out.length; index++) out[index] += numbers[Math.floor(index / positions) % channels];
}

/** Every input element spreads its window over the output. */
const convolveTransposed: Evaluate = ([x, weight, bias], op) => {
  const extents = outputExtents(x, weight, op);
  const [samples, channels] = x.shape;
  const group = integerOf(op.attributes, 'group');
  const outputs = weight.shape[1] * group;
  const out = new Float64Array(samples * outputs * elementCount(extents));
  const spread = spreader(x, weight, op, extents, out);
  for (let sample = 0; sample < samples; sample++) {
    for (let channel = 0; channel < channels; channel++) {
      const part = Math.floor(channel / (channels / group));
      for (let output = 0; output < weight.shape[1]; output++)
        spread(sample, channel, output, part * weight.shape[1] + output);
    }
  }
  addBias(out, bias, outputs, elementCount(extents));
  return [fromNumbers([samples, outputs, ...extents], x.dtype, out)];
};

const outputExtents = (x: TensorValue, weight: TensorValue, op: OpView): readonly [number, number] => [
  transposeExtent(typeOf(x), typeOf(weight), op.attributes, 0),
  transposeExtent(typeOf(x), typeOf(weight), op.attributes, 1),
];

/** Adds the plane of one input channel, through one kernel, to the plane of one output channel. */
function spreader(
  x: TensorValue,
  weight: TensorValue,
  op: OpView,
  [height, width]: readonly [number, number],
  out: Float64Array,
) {
  const [numbers, weights] = [rowsOf(x), rowsOf(weight)];
  const [, channels, rows, columns] = x.shape;
  const [, perGroup, kernelHeight, kernelWidth] = weight.shape;
  const [strides, pads, dilations] = ['strides', 'pads', 'dilations'].map((name) => integersOf(op.attributes, name));
  const outputs = perGroup * integerOf(op.attributes, 'group');
  return (sample: number, channel: number, kernel: number, output: number): void => {
    const from = (sample * channels + channel) * rows * columns;
    const taps = (channel * perGroup + kernel) * kernelHeight * kernelWidth;
    const to = (sample * outputs + output) * height * width;
    for (let position = 0; position < rows * columns; position++) {
      const value = numbers[from + position];
      const top = Math.floor(position / columns) * strides[0] - pads[0];
      const left = (position % columns) * strides[1] - pads[2];
      for (let tap = 0; tap < kernelHeight * kernelWidth; tap++) {
        const row = top + Math.floor(tap / kernelWidth) * dilations[0];
        const column = left + (tap % kernelWidth) * dilations[1];
        if (row >= 0 && row < height && column >= 0 && column < width)
          out[to + row * width + column] += value * weights[taps + tap];
      }
    }
  };
}

export const evaluateConv: Readonly<Record<keyof typeof convOps, Evaluate>> = {
  'ms.conv2d': convolve,
  'ms.conv2d_transpose': convolveTransposed,
};

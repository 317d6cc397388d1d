/** Evaluation of normalizations: statistics and result in f64, rounded once. */
import { floatOf, integerOf } from '../core/definition.ts';
import { elementCount } from '../core/type.ts';
import type { normOps } from '../ops/norm.ts';
import type { TensorValue } from './array.ts';
import { fromNumbers, numbersOf } from './array.ts';
import type { Evaluate } from './cell.ts';

/** For each run of `length` elements: (x - mean)/deviation, then the affine of each position. */
function normalizeRuns(
  x: TensorValue,
  length: number,
  epsilon: number,
  centre: boolean,
  affine: (normal: number, index: number) => number,
): TensorValue {
  const numbers = numbersOf(x);
  const out = new Float64Array(numbers.length);
  for (let begin = 0; begin < numbers.length; begin += length) {
    let sum = 0;
    for (let at = begin; centre && at < begin + length; at++) sum += numbers[at];
    const mean = sum / length;
    let squares = 0;
    for (let at = begin; at < begin + length; at++) squares += (numbers[at] - mean) ** 2;
    const scale = 1 / Math.sqrt(squares / length + epsilon);
    for (let at = begin; at < begin + length; at++) out[at] = affine((numbers[at] - mean) * scale, at);
  }
  return fromNumbers(x.shape, x.dtype, out);
}

/** Which channel an element of an [n, c, …] array belongs to. */
function channelOf(shape: readonly number[]): (index: number) => number {
  const inner = elementCount(shape.slice(2));
  return (index) => Math.floor(index / inner) % shape[1];
}

export const evaluateNorm: Readonly<Record<keyof typeof normOps, Evaluate>> = {
  'ms.layer_norm': ([x, gamma, beta], op) => {
    const length = elementCount(x.shape.slice(integerOf(op.attributes, 'begin_axis')));
    const [scale, shift] = [numbersOf(gamma), numbersOf(beta)];
    const affine = (normal: number, index: number) => normal * scale[index % length] + shift[index % length];
    return [normalizeRuns(x, length, floatOf(op.attributes, 'epsilon'), true, affine)];
  },
  'ms.rms_norm': ([x, gamma], op) => {
    const length = elementCount(x.shape.slice(integerOf(op.attributes, 'begin_axis')));
    const scale = numbersOf(gamma);
    return [
      normalizeRuns(
        x,
        length,
        floatOf(op.attributes, 'epsilon'),
        false,
        (normal, index) => normal * scale[index % length],
      ),
    ];
  },
  'ms.batch_norm': (operands, op) => {
    const [x, ...parameters] = operands;
    const [numbers, gamma, beta, mean, variance] = [x, ...parameters].map(numbersOf);
    const epsilon = floatOf(op.attributes, 'epsilon');
    const channel = channelOf(x.shape);
    const out = new Float64Array(numbers.length);
    for (let index = 0; index < out.length; index++) {
      const at = channel(index);
      out[index] = ((numbers[index] - mean[at]) / Math.sqrt(variance[at] + epsilon)) * gamma[at] + beta[at];
    }
    return [fromNumbers(x.shape, x.dtype, out)];
  },
  'ms.group_norm': ([x, gamma, beta], op) => {
    const length = elementCount(x.shape.slice(1)) / integerOf(op.attributes, 'groups');
    const [scale, shift] = [numbersOf(gamma), numbersOf(beta)];
    const channel = channelOf(x.shape);
    const affine = (normal: number, index: number) => normal * scale[channel(index)] + shift[channel(index)];
    return [normalizeRuns(x, length, floatOf(op.attributes, 'epsilon'), true, affine)];
  },
};

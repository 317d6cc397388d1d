/** What collectives compute: from the operands of a group, in the order of its ranks, to the result of each. */
import { elementArray } from '../core/attribute.ts';
import type { AttributeMap } from '../core/attribute.ts';
import { integerOf, integersOf, stringOf } from '../core/definition.ts';
import { elementCount } from '../core/type.ts';
import type { CollectiveName } from '../ops/collective.ts';
import type { TensorValue } from './array.ts';
import { fromNumbers, generateIntegers, integersOfValue, isFloatValue, lanesOf, numbersOf } from './array.ts';

type GroupRule = (operands: readonly TensorValue[], attributes: AttributeMap) => readonly TensorValue[];

const FLOAT_JOINS: Readonly<Record<string, (left: number, right: number) => number>> = {
  sum: (left, right) => left + right,
  prod: (left, right) => left * right,
  max: Math.max,
  min: Math.min,
};

const INTEGER_JOINS: Readonly<Record<string, (left: bigint, right: bigint) => bigint>> = {
  sum: (left, right) => left + right,
  prod: (left, right) => left * right,
  max: (left, right) => (left > right ? left : right),
  min: (left, right) => (left < right ? left : right),
};

/** All operands joined in the order of the group: floats in f64 with one rounding, integers wrap. */
export function joinAll(operands: readonly TensorValue[], reduction: string): TensorValue {
  const [{ shape, dtype }] = operands;
  if (!isFloatValue(operands[0])) {
    const parts = operands.map(integersOfValue);
    const join = INTEGER_JOINS[reduction];
    return generateIntegers(shape, dtype, (at) =>
      parts.slice(1).reduce((sum, part) => join(sum, part[at]), parts[0][at]),
    );
  }
  const join = FLOAT_JOINS[reduction];
  const total = Float64Array.from(numbersOf(operands[0]));
  for (const operand of operands.slice(1)) {
    const numbers = numbersOf(operand);
    for (let at = 0; at < total.length; at++) total[at] = join(total[at], numbers[at]);
  }
  return fromNumbers(shape, dtype, total);
}

/** Part `index` of `count` equal parts of x along an axis. */
export function partOf(x: TensorValue, axis: number, index: number, count: number): TensorValue {
  const { outer, extent, inner } = lanesOf(x.shape, axis);
  const length = (extent / count) * inner;
  const shape = x.shape.with(axis, extent / count);
  const data = elementArray(x.dtype, elementCount(shape));
  for (let row = 0; row < outer; row++) {
    const begin = (row * count + index) * length;
    copyInto(data, x.data.subarray(begin, begin + length), row * length);
  }
  return { shape, dtype: x.dtype, data };
}

/** The parts one after another along an axis. */
export function joinParts(parts: readonly TensorValue[], axis: number): TensorValue {
  const [{ shape, dtype }] = parts;
  const { outer, extent, inner } = lanesOf(shape, axis);
  const length = extent * inner;
  const data = elementArray(dtype, elementCount(shape) * parts.length);
  for (const [index, part] of parts.entries()) {
    for (let row = 0; row < outer; row++) {
      copyInto(data, part.data.subarray(row * length, (row + 1) * length), (row * parts.length + index) * length);
    }
  }
  return { shape: shape.with(axis, extent * parts.length), dtype, data };
}

/** Copies between arrays of one element type; number and bigint arrays never meet, since the dtypes are equal. */
function copyInto(target: TensorValue['data'], source: TensorValue['data'], at: number): void {
  (target as Float64Array).set(source as Float64Array, at); // the union of array types has no common `set`
}

/** By name: the rules of all collectives of a group; messages between two ranks are the runner's. */
export const GROUP_RULES: Readonly<Record<Exclude<CollectiveName, 'dist.send' | 'dist.receive'>, GroupRule>> = {
  'dist.all_reduce': (operands, attributes) => {
    const total = joinAll(operands, stringOf(attributes, 'reduction'));
    return operands.map(() => total);
  },
  'dist.all_gather': (operands, attributes) => {
    const whole = joinParts(operands, integerOf(attributes, 'axis'));
    return operands.map(() => whole);
  },
  'dist.reduce_scatter': (operands, attributes) => {
    const total = joinAll(operands, stringOf(attributes, 'reduction'));
    return operands.map((_, index) => partOf(total, integerOf(attributes, 'axis'), index, operands.length));
  },
  'dist.all_to_all': (operands, attributes) => {
    const [cut, joined] = [integerOf(attributes, 'split_axis'), integerOf(attributes, 'concat_axis')];
    return operands.map((_, to) =>
      joinParts(
        operands.map((operand) => partOf(operand, cut, to, operands.length)),
        joined,
      ),
    );
  },
  'dist.broadcast': (operands, attributes) => {
    const root = operands[integersOf(attributes, 'group').indexOf(integerOf(attributes, 'root'))];
    return operands.map(() => root);
  },
};

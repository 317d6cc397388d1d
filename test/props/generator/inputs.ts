/** Inputs for generated functions, and the comparison of their results. */
import type { Module, OpDefinition, Type } from '../../../compiler/ir/index.ts';
import {
  elementArray,
  elementCount,
  floatAttribute,
  functionTypeOf,
  integerAttribute,
  staticShape,
} from '../../../compiler/ir/index.ts';
import type { RuntimeValue } from '../../../compiler/ir/evaluate/index.ts';
import { storeNumber } from '../../../compiler/ir/ops/index.ts';

/** Float ops that are exact on small integers; all ops on integers and all data movement are exact anyway. */
const EXACT = new Set([
  'ms.add',
  'ms.sub',
  'ms.mul',
  'ms.neg',
  'ms.abs',
  'ms.sign',
  'ms.square',
  'ms.floor',
  'ms.ceil',
  'ms.round',
  'ms.trunc',
  'ms.maximum',
  'ms.minimum',
  'ms.relu',
  'ms.relu6',
  'ms.select',
  'ms.matmul',
  'ms.dense',
  'ms.conv2d',
  'ms.max_pool2d',
  'ms.reduce_sum',
  'ms.reduce_max',
  'ms.reduce_min',
  'ms.reduce_prod',
  'ms.reduce_all',
  'ms.reduce_any',
  'ms.cumsum',
  'ms.logical_not',
  'ms.logical_and',
  'ms.logical_or',
  'ms.logical_xor',
  'ms.bitwise_and',
  'ms.bitwise_or',
  'ms.bitwise_xor',
  'ms.bitwise_not',
  'ms.equal',
  'ms.not_equal',
  'ms.less',
  'ms.less_equal',
  'ms.greater',
  'ms.greater_equal',
  'ms.cast',
  'ms.clamp',
  'ms.argmax',
  'ms.argmin',
  'ms.stop_gradient',
  'ms.isnan',
  'ms.isfinite',
]);
const EXACT_FAMILIES = new Set(['shape', 'arith', 'scf', 'indexing', 'tensor']);

/** Whether results do not depend on rounding, on integer-valued data. */
export const isExact = ({ name, family }: OpDefinition): boolean =>
  EXACT.has(name) || (EXACT_FAMILIES.has(family) && !/divf|remf|truncf|fpto/.test(name));

/** Small integers (and booleans) for the arguments of `@main`. */
export function inputsFor(module: Module, seed: number): readonly RuntimeValue[] {
  const type = functionTypeOf(module.body.operations[0]);
  let state = seed * 2654435761 + 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return ((state >>> 8) % 7) - 3;
  };
  return (type?.inputs ?? []).map((input) => valueOf(input, next));
}

function valueOf(type: Type, next: () => number): RuntimeValue {
  if (type.kind === 'scalar') {
    if (type.dtype === 'i1') return { kind: 'bool', value: next() > 0 };
    return type.dtype === 'f32' ? floatAttribute(next(), 'f32') : integerAttribute(next(), type.dtype);
  }
  const shape = type.kind === 'tensor' ? staticShape(type) : null;
  if (type.kind !== 'tensor' || !shape) throw new Error(`no input of type ${type.key}`);
  const data = elementArray(type.dtype, elementCount(shape));
  for (let index = 0; index < data.length; index++)
    storeNumber(type.dtype, data, index, type.dtype === 'i1' ? Number(next() > 0) : next());
  return { shape, dtype: type.dtype, data };
}

/** Where two lists of results differ, or null. Zeros are equal whatever their sign. */
export function difference(left: readonly RuntimeValue[], right: readonly RuntimeValue[]): string | null {
  for (let index = 0; index < left.length; index++) {
    const [before, after] = [numbers(left[index]), numbers(right[index])];
    const at = before.findIndex(
      (value, place) => value !== after[place] && !(Number.isNaN(value) && Number.isNaN(after[place])),
    );
    if (before.length !== after.length) return `result ${index} has ${before.length} elements, then ${after.length}`;
    if (at >= 0) return `result ${index}, element ${at} is ${before[at]}, then ${after[at]}`;
  }
  return null;
}

function numbers(value: RuntimeValue): readonly number[] {
  if (!('kind' in value)) return Array.from(value.data, Number);
  return 'value' in value ? [Number(value.value)] : [];
}

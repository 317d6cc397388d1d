/** Evaluation of `tensor.*`: scalars out of tensors and tensors out of scalars. */
import { boolAttribute, elementArray, floatAttribute, integerAttribute } from '../core/attribute.ts';
import type { Operation } from '../core/operation.ts';
import type { DType } from '../core/type.ts';
import { isFloat } from '../core/type.ts';
import { loadNumber, storeNumber } from '../ops/index.ts';
import type { Attribute } from '../core/attribute.ts';
import type { TensorValue } from './array.ts';
import { staticResult, stridesOf } from './array.ts';
import type { RuntimeValue } from './frame.ts';
import { isScalar } from './frame.ts';

/** The result, or null where an index lies outside. */
export function evaluateScalarTensor(op: Operation, operands: readonly RuntimeValue[]): RuntimeValue | null {
  if (op.name === 'tensor.from_elements') return fromElements(op, operands);
  const [source, ...indices] = operands;
  return op.name === 'tensor.extract' && !isScalar(source) ? extract(source, indices) : null;
}

function extract(source: TensorValue, indices: readonly RuntimeValue[]): Attribute | null {
  const strides = stridesOf(source.shape);
  let offset = 0;
  for (const [axis, index] of indices.entries()) {
    const at = isScalar(index) && index.kind === 'integer' ? Number(index.value) : -1;
    if (at < 0 || at >= source.shape[axis]) return null;
    offset += at * strides[axis];
  }
  return scalarOf(source, offset);
}

/** One element as an attribute of its dtype. */
export function scalarOf(source: TensorValue, offset: number): Attribute {
  if (source.dtype === 'i1') return boolAttribute(source.data[offset] !== 0);
  if (isFloat(source.dtype)) return floatAttribute(loadNumber(source.dtype, source.data, offset), source.dtype);
  return integerAttribute(smallest(source.data[offset]), source.dtype);
}

const smallest = (value: number | bigint): number | bigint =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value;

function fromElements(op: Operation, operands: readonly RuntimeValue[]): TensorValue {
  const { shape, dtype } = staticResult(op.results[0].type);
  const data = elementArray(dtype, operands.length);
  operands.forEach((operand, index) => storeScalar(dtype, data, index, operand));
  return { shape, dtype, data };
}

function storeScalar(dtype: DType, data: TensorValue['data'], index: number, value: RuntimeValue): void {
  if (!isScalar(value)) throw new Error('an element is a tensor');
  if (value.kind === 'bool') data[index] = Number(value.value);
  else if (value.kind === 'float') storeNumber(dtype, data, index, value.value);
  else if (value.kind === 'integer' && (data instanceof BigInt64Array || data instanceof BigUint64Array))
    data[index] = BigInt(value.value);
  else if (value.kind === 'integer') data[index] = Number(value.value);
}

/** MindSpore's implicit conversion: which element type the operands of an elementwise op meet in. */
import type { DType } from '../../../ir/index.ts';
import { tensorType } from '../../../ir/index.ts';
import { PyFloat, type PyValue } from '../../eval/index.ts';
import { Tensor } from '../../trace/tensor.ts';
import type { TensorSession } from '../../trace/session.ts';
import { asTensor, isNumber } from './arguments.ts';

/** Kinds in rising order; the higher kind wins, within a kind the wider type. */
const KIND: Readonly<Record<DType, number>> = {
  i1: 0,
  ui8: 1,
  i8: 1,
  ui16: 1,
  i16: 1,
  ui32: 1,
  i32: 1,
  ui64: 1,
  i64: 1,
  f16: 2,
  bf16: 2,
  f32: 2,
  f64: 2,
};
const WIDTH: Readonly<Record<DType, number>> = {
  i1: 1,
  ui8: 8,
  i8: 8,
  ui16: 16,
  i16: 16,
  ui32: 32,
  i32: 32,
  ui64: 64,
  i64: 64,
  f16: 16,
  bf16: 16,
  f32: 32,
  f64: 64,
};
const SIGNED_WIDER: Readonly<Record<number, DType>> = { 8: 'i16', 16: 'i32', 32: 'i64', 64: 'f32' };

export const isFloating = (dtype: DType): boolean => KIND[dtype] === 2;

/** The type in which two tensors meet. */
export function promoteDTypes(first: DType, second: DType): DType {
  if (first === second) return first;
  if (KIND[first] !== KIND[second]) return KIND[first] > KIND[second] ? first : second;
  if (KIND[first] === 2) return WIDTH[first] === WIDTH[second] ? 'f32' : WIDTH[first] > WIDTH[second] ? first : second;
  const [unsigned, signed] = first.startsWith('u') ? [first, second] : [second, first];
  if (unsigned.startsWith('u') === signed.startsWith('u')) return WIDTH[first] > WIDTH[second] ? first : second;
  return WIDTH[signed] > WIDTH[unsigned] ? signed : SIGNED_WIDER[WIDTH[unsigned]];
}

/** The type in which a tensor meets a Python number. */
export function promoteScalar(dtype: DType, value: PyValue): DType {
  if (typeof value === 'boolean') return dtype;
  if (value instanceof PyFloat) return isFloating(dtype) ? dtype : 'f32';
  return dtype === 'i1' ? 'i64' : dtype;
}

export function cast(session: TensorSession, x: Tensor, dtype: DType): Tensor {
  if (x.type.dtype === dtype) return x;
  return session.stated('ms.cast', [x], [tensorType(x.type.shape, dtype)])[0];
}

/** Brings operands to one element type; bare numbers take the type of the tensors where they can. */
export function unify(
  session: TensorSession,
  values: readonly PyValue[],
  labels: readonly string[],
): readonly Tensor[] {
  const tensors = values.map((value, index) =>
    isNumber(value) ? null : asTensor(session, value, labels[index] ?? 'operand'),
  );
  let dtype: DType | null = null;
  for (const item of tensors)
    if (item) dtype = dtype === null ? item.type.dtype : promoteDTypes(dtype, item.type.dtype);
  if (dtype === null)
    dtype = values.some((value) => value instanceof PyFloat)
      ? 'f32'
      : values.every((value) => typeof value === 'boolean')
        ? 'i1'
        : 'i64';
  else for (const value of values) if (isNumber(value)) dtype = promoteScalar(dtype, value);
  const target = dtype;
  return tensors.map((item, index) =>
    item ? cast(session, item, target) : asTensor(session, values[index], labels[index] ?? 'operand', target),
  );
}

/** Integers and booleans become f32: what functions of real numbers do with them. */
export function floated(session: TensorSession, x: Tensor): Tensor {
  return isFloating(x.type.dtype) ? x : cast(session, x, 'f32');
}

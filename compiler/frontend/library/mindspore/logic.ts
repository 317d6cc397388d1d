/** Comparison, logic, choice, and conversion of element types. */
import { floatAttribute } from '../../../ir/index.ts';
import { PyFloat, type PyValue } from '../../eval/index.ts';
import { asDType, asNumber, asTensor, isNumber } from './arguments.ts';
import { binary } from './arithmetic.ts';
import { cast, isFloating, unify } from './promote.ts';
import { row, type ApiRow, type Apply } from './table.ts';

const logical =
  (name: string): Apply =>
  (session, x, y) =>
    session.op(
      name,
      [asTensor(session, x, 'input'), asTensor(session, y, 'other')].map((item) => cast(session, item, 'i1')),
    );

/** `x & y`: logical on booleans, bitwise on integers. */
const bitwise =
  (word: 'and' | 'or' | 'xor'): Apply =>
  (session, x, y) => {
    const operands = unify(session, [x, y], ['input', 'other']);
    return session.op(`ms.${operands[0].type.dtype === 'i1' ? 'logical' : 'bitwise'}_${word}`, operands);
  };

/** Bounds that are numbers are attributes; tensors meet in maximum and minimum. */
const clamp: Apply = (session, x, low, high) => {
  const tensor = asTensor(session, x, 'input');
  const plain = [low, high].every((bound) => bound === null || isNumber(bound));
  if (plain && (isFloating(tensor.type.dtype) || ![low, high].some((bound) => bound instanceof PyFloat))) {
    const number = (bound: PyValue, otherwise: number) =>
      floatAttribute(bound === null ? otherwise : asNumber(session, bound, 'min or max'));
    return session.op('ms.clamp', [tensor], { low: number(low, -Infinity), high: number(high, Infinity) });
  }
  const above = low === null ? tensor : session.op('ms.maximum', unify(session, [tensor, low], ['input', 'min']));
  const between = high === null ? above : session.op('ms.minimum', unify(session, [above, high], ['input', 'max']));
  return cast(session, between, tensor.type.dtype);
};

const select: Apply = (session, condition, x, y) => {
  const [onTrue, onFalse] = unify(session, [x, y], ['input', 'other']);
  return session.op('ms.select', [cast(session, asTensor(session, condition, 'condition'), 'i1'), onTrue, onFalse]);
};

const maskedFill: Apply = (session, x, mask, value) => {
  const tensor = asTensor(session, x, 'input');
  const fill = cast(session, asTensor(session, value, 'value', tensor.type.dtype), tensor.type.dtype);
  return session.op('ms.select', [cast(session, asTensor(session, mask, 'mask'), 'i1'), fill, tensor]);
};

const castTo: Apply = (session, x, dtype) => cast(session, asTensor(session, x, 'input'), asDType(dtype));

const castLike: Apply = (session, x, other) =>
  cast(session, asTensor(session, x, 'input'), asTensor(session, other, 'other').type.dtype);

const castAs =
  (dtype: Parameters<typeof cast>[2]): Apply =>
  (session, x) =>
    cast(session, asTensor(session, x, 'input'), dtype);

export const logicApi: readonly ApiRow[] = [
  row(
    'x, y',
    logical('ms.logical_and'),
    `
    ops.logical_and(input, other); ops.LogicalAnd()(x, y); Tensor.logical_and(other)
    mnp.logical_and(x1, x2, dtype:_=None); mint.logical_and(input, other)
  `,
  ),
  row(
    'x, y',
    logical('ms.logical_or'),
    `
    ops.logical_or(input, other); ops.LogicalOr()(x, y); Tensor.logical_or(other)
    mnp.logical_or(x1, x2, dtype:_=None); mint.logical_or(input, other)
  `,
  ),
  row(
    'x, y',
    logical('ms.logical_xor'),
    `
    ops.logical_xor(input, other); ops.LogicalXor()(input, other); Tensor.logical_xor(other)
    mnp.logical_xor(x1, x2, dtype:_=None)
  `,
  ),
  row(
    'x, y',
    bitwise('and'),
    `
    ops.bitwise_and(input, other); ops.BitwiseAnd()(x1, x2); Tensor.__and__(other); Tensor.__rand__(other)
    Tensor.bitwise_and(other)
  `,
  ),
  row(
    'x, y',
    bitwise('or'),
    `
    ops.bitwise_or(input, other); ops.BitwiseOr()(x1, x2); Tensor.__or__(other); Tensor.__ror__(other)
    Tensor.bitwise_or(other)
  `,
  ),
  row(
    'x, y',
    bitwise('xor'),
    `
    ops.bitwise_xor(input, other); ops.BitwiseXor()(x1, x2); Tensor.__xor__(other); Tensor.__rxor__(other)
    Tensor.bitwise_xor(other)
  `,
  ),
  row(
    'x, y',
    binary('ms.equal'),
    `
    ops.equal(input, other); ops.eq(input, other); ops.Equal()(input, other); Tensor.eq(other); Tensor.equal(other)
    mnp.equal(x1, x2, dtype:_=None); mint.eq(input, other)
  `,
  ),
  row(
    'x, y',
    binary('ms.not_equal'),
    `
    ops.not_equal(input, other); ops.ne(input, other); ops.NotEqual()(input, other); Tensor.ne(other)
    Tensor.not_equal(other); mnp.not_equal(x1, x2, dtype:_=None); mint.ne(input, other)
  `,
  ),
  row(
    'x, y',
    binary('ms.less'),
    `
    ops.less(input, other); ops.lt(input, other); ops.Less()(input, other); Tensor.__lt__(other); Tensor.lt(other)
    Tensor.less(other); ops.tensor_lt(input, other); mnp.less(x1, x2, dtype:_=None); mint.lt(input, other)
    mint.less(input, other)
  `,
  ),
  row(
    'x, y',
    binary('ms.less_equal'),
    `
    ops.less_equal(input, other); ops.le(input, other); ops.LessEqual()(input, other); Tensor.__le__(other)
    Tensor.le(other); Tensor.less_equal(other); ops.tensor_le(input, other); mnp.less_equal(x1, x2, dtype:_=None)
    mint.le(input, other)
  `,
  ),
  row(
    'x, y',
    binary('ms.greater'),
    `
    ops.greater(input, other); ops.gt(input, other); ops.Greater()(input, other); Tensor.__gt__(other)
    Tensor.gt(other); Tensor.greater(other); ops.tensor_gt(input, other); mnp.greater(x1, x2, dtype:_=None)
    mint.gt(input, other); mint.greater(input, other)
  `,
  ),
  row(
    'x, y',
    binary('ms.greater_equal'),
    `
    ops.greater_equal(input, other); ops.ge(input, other); ops.GreaterEqual()(input, other); Tensor.__ge__(other)
    Tensor.ge(other); Tensor.greater_equal(other); ops.tensor_ge(input, other)
    mnp.greater_equal(x1, x2, dtype:_=None); mint.ge(input, other)
  `,
  ),
  row(
    'x, low, high',
    clamp,
    `
    ops.clamp(input, min=None, max=None); ops.clip(input, min=None, max=None)
    ops.clip_by_value(x, clip_value_min=None, clip_value_max=None); Tensor.clamp(min=None, max=None)
    Tensor.clip(xmin|min=None, xmax|max=None); mnp.clip(x, xmin, xmax, dtype:_=None)
    mint.clamp(input, min=None, max=None)
  `,
  ),
  row(
    'condition, x, y',
    select,
    `
    ops.select(condition, input, other); ops.Select()(condition, input, other); ops.where(condition, input, other)
    mnp.where(condition, x=None, y=None); mint.where(condition, input, other)
  `,
  ),
  row('x, condition, y', (session, x, condition, y) => select(session, condition, x, y), `Tensor.where(condition, y)`),
  row(
    'x, mask, value',
    maskedFill,
    `
    ops.masked_fill(input_x, mask, value); ops.MaskedFill()(input_x, mask, value); Tensor.masked_fill(mask, value)
  `,
  ),
  row(
    'x, dtype',
    castTo,
    `
    ops.cast(input, dtype); ops.Cast()(input_x, dtype); Tensor.astype(dtype, copy:_=True); Tensor.to(dtype)
    ops.scalar_cast(input_x, input_y)
  `,
  ),
  row('x, other', castLike, `Tensor.type_as(other); ops.type_as(input, other)`),
  row('x', castAs('f32'), `Tensor.float()`),
  row('x', castAs('f16'), `Tensor.half()`),
  row('x', castAs('i32'), `Tensor.int()`),
  row('x', castAs('i64'), `Tensor.long()`),
  row('x', castAs('i1'), `Tensor.bool()`),
  row('x', castAs('bf16'), `Tensor.bfloat16()`),
];

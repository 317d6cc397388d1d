/** Elementwise functions: arithmetic, comparison, logic, activations. */
import { floatAttribute, tensorType } from '../../../ir/index.ts';
import { PyFloat, type PyValue } from '../../eval/index.ts';
import type { TensorSession } from '../../trace/session.ts';
import type { Tensor } from '../../trace/tensor.ts';
import { asDType, asNumber, asTensor, isNumber } from './arguments.ts';
import { cast, floated, isFloating, unify } from './promote.ts';
import { prelude, row, type Apply, type ApiRow } from './table.ts';

/** A function of one tensor of real numbers; integers become f32. */
const real = (name: string): Apply => (session, x) => session.op(name, [floated(session, asTensor(session, x, 'input'))]);

/** A function of one tensor that keeps its type. */
const keeping = (name: string): Apply => (session, x) => session.op(name, [asTensor(session, x, 'input')]);

/** Rounding leaves integers alone. */
const rounding = (name: string): Apply => (session, x) => {
  const tensor = asTensor(session, x, 'input');
  return isFloating(tensor.type.dtype) ? session.op(name, [tensor]) : tensor;
};

const binary = (name: string): Apply => (session, x, y) => session.op(name, unify(session, [x, y], ['input', 'other']));

/** What arithmetic means on two booleans; the rest counts. */
const OF_BOOLEANS: Readonly<Record<string, string>> = { 'ms.add': 'ms.logical_or', 'ms.mul': 'ms.logical_and' };

const arithmetic = (name: string): Apply => (session, x, y) => {
  const [lhs, rhs] = unify(session, [x, y], ['input', 'other']);
  if (lhs.type.dtype !== 'i1') return session.op(name, [lhs, rhs]);
  const logic = OF_BOOLEANS[name];
  return logic ? session.op(logic, [lhs, rhs]) : session.op(name, [cast(session, lhs, 'i64'), cast(session, rhs, 'i64')]);
};

/** True division: integers become f32. */
const divide: Apply = (session, x, y) => {
  const [lhs, rhs] = unify(session, [x, y], ['input', 'other']);
  return session.op('ms.div', [floated(session, lhs), floated(session, rhs)]);
};

const squaredDifference: Apply = (session, x, y) => session.op('ms.square', [session.op('ms.sub', unify(session, [x, y], ['input', 'other']))]);

const logical = (name: string): Apply => (session, x, y) =>
  session.op(name, [asTensor(session, x, 'input'), asTensor(session, y, 'other')].map((item) => cast(session, item, 'i1')));

const logicalNot: Apply = (session, x) => session.op('ms.logical_not', [cast(session, asTensor(session, x, 'input'), 'i1')]);

/** `~x`: logical on booleans, bitwise on integers. */
const invert: Apply = (session, x) => {
  const tensor = asTensor(session, x, 'input');
  return session.op(tensor.type.dtype === 'i1' ? 'ms.logical_not' : 'ms.bitwise_not', [tensor]);
};

/** `x & y`: logical on booleans, bitwise on integers. */
const bitwise = (word: 'and' | 'or' | 'xor'): Apply => (session, x, y) => {
  const operands = unify(session, [x, y], ['input', 'other']);
  return session.op(`ms.${operands[0].type.dtype === 'i1' ? 'logical' : 'bitwise'}_${word}`, operands);
};

/** NaN and infinity tests; integers are always finite. */
const test = (name: string, ofIntegers: boolean): Apply => (session, x) => {
  const tensor = asTensor(session, x, 'input');
  if (isFloating(tensor.type.dtype)) return session.op(name, [tensor]);
  return session.splat(ofIntegers ? 1 : 0, tensorType(tensor.type.shape, 'i1'));
};

const withAlpha = (name: string, otherwise: number): Apply => (session, x, alpha) => {
  const value = alpha === null ? otherwise : asNumber(session, alpha, 'alpha');
  return session.op(name, [floated(session, asTensor(session, x, 'input'))], { alpha: floatAttribute(value) });
};

const gelu: Apply = (session, x, approximate) => {
  const form = approximate === 'tanh' ? 'tanh' : 'none';
  return session.op('ms.gelu', [floated(session, asTensor(session, x, 'input'))], { approximate: { kind: 'string', value: form } });
};

const geluTanh: Apply = (session, x) => gelu(session, x, 'tanh');

/** Bounds that are numbers are attributes; tensors meet in maximum and minimum. */
const clamp: Apply = (session, x, low, high) => {
  const tensor = asTensor(session, x, 'input');
  const plain = [low, high].every((bound) => bound === null || isNumber(bound));
  if (plain && (isFloating(tensor.type.dtype) || ![low, high].some((bound) => bound instanceof PyFloat))) {
    const number = (bound: PyValue, otherwise: number) => floatAttribute(bound === null ? otherwise : asNumber(session, bound, 'min or max'));
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
const castLike: Apply = (session, x, other) => cast(session, asTensor(session, x, 'input'), asTensor(session, other, 'other').type.dtype);
const castAs = (dtype: Parameters<typeof cast>[2]): Apply => (session, x) => cast(session, asTensor(session, x, 'input'), dtype);

const identity: Apply = (session, x) => asTensor(session, x, 'input');

/** The same value as a tensor of its own, since stores into one must not show in the other. */
const copied: Apply = (session, x) => {
  const tensor = asTensor(session, x, 'input');
  return tensor.isParameter && session.trace ? session.symbolic(session.valueOf(tensor)) : session.tensor(tensor.payload);
};

function addAll(session: TensorSession, values: readonly Tensor[]): Tensor {
  return values.reduce((sum, item) => session.op('ms.add', unify(session, [sum, item], ['x', 'x'])));
}

const addN: Apply = (session, x) => addAll(session, session.py.collect(x).map((item) => asTensor(session, item, 'x')));

const addScaled: Apply = (session, x, y, alpha) => {
  const scaled = alpha === null || alpha === 1 ? y : session.op('ms.mul', unify(session, [y, alpha], ['other', 'alpha']));
  return session.op('ms.add', unify(session, [x, scaled], ['input', 'other']));
};

const subScaled: Apply = (session, x, y, alpha) => {
  const scaled = alpha === null || alpha === 1 ? y : session.op('ms.mul', unify(session, [y, alpha], ['other', 'alpha']));
  return session.op('ms.sub', unify(session, [x, scaled], ['input', 'other']));
};

/** Functions that mindspore.numpy has under no or another name. */
const NOT_IN_NUMPY: readonly string[] = ['neg', 'rsqrt', 'asin', 'acos', 'atan', 'asinh', 'acosh', 'atanh', 'erf', 'sigmoid', 'erfc'];

/** Spellings of a unary function in every module that has it. */
const everywhere = (name: string, primitive: string, parameter = 'input'): string => {
  const numpy = NOT_IN_NUMPY.includes(name) ? '' : `; mnp.${name}(x, dtype:_=None)`;
  return `ops.${name}(${parameter}); ops.${primitive}()(${parameter}); Tensor.${name}(); mint.${name}(input)${numpy}`;
};

export const elementwiseApi: readonly ApiRow[] = [
  row('x', keeping('ms.neg'), `
    ${everywhere('neg', 'Neg')}; ops.negative(input); Tensor.negative(); Tensor.__neg__(); mnp.negative(a, dtype:_=None)
    mint.negative(input)
  `),
  row('x', identity, `
    Tensor.__pos__(); ops.Identity()(input_x); ops.identity(x); Tensor.contiguous(); ops.positive(input)
    Tensor.value(); Tensor.detach()
  `),
  row('x', copied, `ops.deepcopy(input_x); Tensor.copy(); Tensor.clone(); mnp.copy(a)`),
  row('x', keeping('ms.abs'), `
    ${everywhere('abs', 'Abs')}; ops.absolute(input); Tensor.absolute(); Tensor.__abs__(); mnp.absolute(x, dtype:_=None)
    mnp.fabs(x, dtype:_=None)
  `),
  row('x', keeping('ms.sign'), `${everywhere('sign', 'Sign')}`),
  row('x', keeping('ms.square'), `${everywhere('square', 'Square')}`),
  row('x', real('ms.sqrt'), `${everywhere('sqrt', 'Sqrt', 'x')}`),
  row('x', real('ms.rsqrt'), `${everywhere('rsqrt', 'Rsqrt')}`),
  row('x', real('ms.reciprocal'), `${everywhere('reciprocal', 'Reciprocal')}; ops.inv(x); ops.Inv()(x); Tensor.inv()`),
  row('x', real('ms.exp'), `${everywhere('exp', 'Exp')}; ops.tensor_exp(input)`),
  row('x', real('ms.expm1'), `${everywhere('expm1', 'Expm1')}`),
  row('x', real('ms.log'), `${everywhere('log', 'Log')}`),
  row('x', real('ms.log1p'), `${everywhere('log1p', 'Log1p')}`),
  row('x', real('ms.sin'), `${everywhere('sin', 'Sin')}`),
  row('x', real('ms.cos'), `${everywhere('cos', 'Cos')}`),
  row('x', real('ms.tan'), `${everywhere('tan', 'Tan')}`),
  row('x', real('ms.asin'), `${everywhere('asin', 'Asin')}; ops.arcsin(x); Tensor.arcsin(); mnp.arcsin(x, dtype:_=None)`),
  row('x', real('ms.acos'), `${everywhere('acos', 'ACos')}; ops.arccos(input); Tensor.arccos(); mnp.arccos(input, dtype:_=None)`),
  row('x', real('ms.atan'), `${everywhere('atan', 'Atan')}; ops.arctan(input); Tensor.arctan(); mnp.arctan(x, dtype:_=None)`),
  row('x', real('ms.sinh'), `${everywhere('sinh', 'Sinh')}`),
  row('x', real('ms.cosh'), `${everywhere('cosh', 'Cosh')}`),
  row('x', real('ms.tanh'), `${everywhere('tanh', 'Tanh')}`),
  row('x', real('ms.asinh'), `${everywhere('asinh', 'Asinh')}`),
  row('x', real('ms.acosh'), `${everywhere('acosh', 'Acosh')}`),
  row('x', real('ms.atanh'), `${everywhere('atanh', 'Atanh')}`),
  row('x', real('ms.erf'), `${everywhere('erf', 'Erf')}`),
  row('x', rounding('ms.floor'), `${everywhere('floor', 'Floor')}`),
  row('x', rounding('ms.ceil'), `${everywhere('ceil', 'Ceil')}`),
  row('x', rounding('ms.round'), `${everywhere('round', 'Round')}; ops.Rint()(input_x); mnp.rint(x, dtype:_=None); mnp.around(a, decimals:_=0)`),
  row('x', rounding('ms.trunc'), `${everywhere('trunc', 'Trunc')}; mnp.fix(x)`),
  row('x', logicalNot, `${everywhere('logical_not', 'LogicalNot')}`),
  row('x', invert, `
    ops.Invert()(x); Tensor.__invert__(); Tensor.bitwise_not(); mint.bitwise_not(input)
  `),
  row('x', test('ms.isnan', false), `${everywhere('isnan', 'IsNan')}`),
  row('x', test('ms.isinf', false), `${everywhere('isinf', 'IsInf')}`),
  row('x', test('ms.isfinite', true), `${everywhere('isfinite', 'IsFinite')}`),
  row('x', keeping('ms.stop_gradient'), `
    ops.stop_gradient(value); ops.StopGradient()(value); functional.stop_gradient(value)
  `),

  row('x', keeping('ms.relu'), `
    ops.relu(input, inplace:_=False); ops.ReLU()(input); Tensor.relu(); functional.relu(input, inplace:_=False)
  `),
  row('x', real('ms.relu6'), `ops.relu6(x); ops.ReLU6()(x); functional.relu6(input)`),
  row('x, alpha', withAlpha('ms.leaky_relu', 0.2), `
    ops.leaky_relu(input, alpha=0.2); functional.leaky_relu(input, negative_slope=0.01)
  `),
  row('x, alpha', withAlpha('ms.elu', 1), `
    ops.elu(input_x, alpha=1.0); ops.Elu(alpha=1.0)(input_x); functional.elu(input, alpha=1.0)
  `),
  row('x', real('ms.sigmoid'), `${everywhere('sigmoid', 'Sigmoid')}; functional.sigmoid(input)`),
  row('x', real('ms.log_sigmoid'), `ops.logsigmoid(x); functional.logsigmoid(input)`),
  row('x', real('ms.softplus'), `
    ops.softplus(input, beta:_=1, threshold:_=20); ops.Softplus()(input)
    functional.softplus(input, beta:_=1, threshold:_=20)
  `),
  row('x', real('ms.silu'), `ops.silu(input); functional.silu(input)`),
  row('x, approximate', gelu, `ops.gelu(input, approximate='none'); functional.gelu(input, approximate='none')`),
  row('x', geluTanh, `ops.GeLU()(input); ops.Gelu()(input)`),
  row('x', real('ms.hardsigmoid'), `ops.hardsigmoid(input); ops.HSigmoid()(input); functional.hardsigmoid(input)`),
  row('x', real('ms.hardswish'), `ops.hardswish(input); ops.HSwish()(input); functional.hardswish(input)`),
  row('x', real('ms.mish'), `ops.mish(x); ops.Mish()(x); functional.mish(input)`),
  row('x, weight', prelude('activation.prelu'), `
    ops.prelu(input, weight); ops.PReLU()(x, weight); functional.prelu(input, weight)
  `),
  row('x', prelude('activation.fast_gelu'), `ops.fast_gelu(x); ops.FastGeLU()(x); ops.FastGelu()(x)`),
  row('x', prelude('activation.selu'), `ops.selu(input_x); ops.SeLU()(input_x); functional.selu(input)`),
  row('x, alpha', prelude('activation.celu'), `ops.celu(x, alpha=1.0); ops.CeLU(alpha=1.0)(x)`),
  row('x', prelude('activation.softsign'), `ops.softsign(x); ops.Softsign()(x)`),
  row('x', prelude('activation.erfc'), `${everywhere('erfc', 'Erfc')}`),

  row('x, y', arithmetic('ms.add'), `
    ops.Add()(input, other); ops.TensorAdd()(x, y); Tensor.__add__(other); ops.tensor_add(input, other)
    mnp.add(x1, x2, dtype:_=None)
  `),
  row('x, y, alpha', addScaled, `
    ops.add(input, other); Tensor.add(other, *, alpha=1); mint.add(input, other, *, alpha=1)
  `),
  row('y, x', arithmetic('ms.add'), `Tensor.__radd__(other)`),
  row('x, y', arithmetic('ms.sub'), `
    ops.sub(input, other); ops.Sub()(input, other); Tensor.__sub__(other); ops.tensor_sub(input, other)
    mnp.subtract(x1, x2, dtype:_=None)
  `),
  row('x, y, alpha', subScaled, `
    ops.subtract(input, other, *, alpha=1); Tensor.sub(other, *, alpha=1); Tensor.subtract(other, *, alpha=1)
    mint.sub(input, other, *, alpha=1)
  `),
  row('y, x', (session, y, x) => arithmetic('ms.sub')(session, x, y), `Tensor.__rsub__(other)`),
  row('x, y', arithmetic('ms.mul'), `
    ops.mul(input, other); ops.Mul()(input, other); Tensor.__mul__(other); Tensor.mul(other); Tensor.multiply(value)
    ops.multiply(input, other); ops.tensor_mul(input, other); mnp.multiply(x1, x2, dtype:_=None)
    mint.mul(input, other)
  `),
  row('y, x', arithmetic('ms.mul'), `Tensor.__rmul__(other)`),
  row('x, y', divide, `
    ops.RealDiv()(x, y); ops.Div()(input, other); ops.div(input, other, *, rounding_mode:_=None)
    ops.true_divide(dividend, divisor); ops.divide(input, other, *, rounding_mode:_=None); ops.tensor_div(x, y)
    Tensor.__truediv__(other); Tensor.div(value|other, *, rounding_mode:_=None)
    Tensor.divide(value|other, *, rounding_mode:_=None); Tensor.true_divide(value); mnp.divide(x1, x2, dtype:_=None)
    mnp.true_divide(x1, x2, dtype:_=None); mint.div(input, other, *, rounding_mode:_=None)
  `),
  row('y, x', (session, y, x) => divide(session, x, y), `Tensor.__rtruediv__(other)`),
  row('x, y', arithmetic('ms.floor_div'), `
    ops.floor_div(x, y); ops.floor_divide(input, other); ops.FloorDiv()(input, other)
    Tensor.__floordiv__(other); Tensor.floor_divide(other); ops.tensor_floordiv(input, other)
    mnp.floor_divide(x1, x2, dtype:_=None)
  `),
  row('y, x', (session, y, x) => arithmetic('ms.floor_div')(session, x, y), `Tensor.__rfloordiv__(other)`),
  row('x, y', arithmetic('ms.mod'), `
    ops.floor_mod(x, y); ops.FloorMod()(x, y); Tensor.__mod__(other); ops.remainder(input, other)
    Tensor.remainder(divisor); mnp.mod(x1, x2, dtype:_=None); mnp.remainder(x1, x2, dtype:_=None)
    mint.remainder(input, other); ops.tensor_mod(x, y)
  `),
  row('y, x', (session, y, x) => arithmetic('ms.mod')(session, x, y), `Tensor.__rmod__(other)`),
  row('x, y', binary('ms.remainder'), `
    ops.Mod()(x, y); ops.fmod(input, other); Tensor.fmod(other); ops.TruncateMod()(x, y); ops.truncate_mod(x, y)
    mnp.fmod(x1, x2, dtype:_=None)
  `),
  row('x, y', arithmetic('ms.pow'), `
    ops.pow(input, exponent); ops.Pow()(input, exponent); Tensor.__pow__(other); Tensor.pow(exponent)
    ops.tensor_pow(input, exponent); mnp.power(x1, x2, dtype:_=None); mint.pow(input, exponent)
    mnp.float_power(x1, x2, dtype:_=None)
  `),
  row('y, x', (session, y, x) => arithmetic('ms.pow')(session, x, y), `Tensor.__rpow__(other)`),
  row('x, y', binary('ms.maximum'), `
    ops.maximum(input, other); ops.Maximum()(input, other); Tensor.maximum(other); mnp.maximum(x1, x2, dtype:_=None)
    mint.maximum(input, other); ops.fmax(input, other)
  `),
  row('x, y', binary('ms.minimum'), `
    ops.minimum(input, other); ops.Minimum()(input, other); Tensor.minimum(other); mnp.minimum(x1, x2, dtype:_=None)
    mint.minimum(input, other); ops.fmin(input, other)
  `),
  row('x, y', binary('ms.atan2'), `
    ops.atan2(input, other); ops.Atan2()(input, other); Tensor.atan2(other); Tensor.arctan2(other)
    mnp.arctan2(x1, x2, dtype:_=None)
  `),
  row('x, y', squaredDifference, `ops.SquaredDifference()(x, y)`),
  row('x', addN, `ops.AddN()(x); ops.addn(x); ops.AccumulateNV2()(x); ops.accumulate_n(x)`),
  row('x, y', logical('ms.logical_and'), `
    ops.logical_and(input, other); ops.LogicalAnd()(x, y); Tensor.logical_and(other)
    mnp.logical_and(x1, x2, dtype:_=None); mint.logical_and(input, other)
  `),
  row('x, y', logical('ms.logical_or'), `
    ops.logical_or(input, other); ops.LogicalOr()(x, y); Tensor.logical_or(other)
    mnp.logical_or(x1, x2, dtype:_=None); mint.logical_or(input, other)
  `),
  row('x, y', logical('ms.logical_xor'), `
    ops.logical_xor(input, other); ops.LogicalXor()(input, other); Tensor.logical_xor(other)
    mnp.logical_xor(x1, x2, dtype:_=None)
  `),
  row('x, y', bitwise('and'), `
    ops.bitwise_and(input, other); ops.BitwiseAnd()(x1, x2); Tensor.__and__(other); Tensor.__rand__(other)
    Tensor.bitwise_and(other)
  `),
  row('x, y', bitwise('or'), `
    ops.bitwise_or(input, other); ops.BitwiseOr()(x1, x2); Tensor.__or__(other); Tensor.__ror__(other)
    Tensor.bitwise_or(other)
  `),
  row('x, y', bitwise('xor'), `
    ops.bitwise_xor(input, other); ops.BitwiseXor()(x1, x2); Tensor.__xor__(other); Tensor.__rxor__(other)
    Tensor.bitwise_xor(other)
  `),
  row('x, y', binary('ms.equal'), `
    ops.equal(input, other); ops.eq(input, other); ops.Equal()(input, other); Tensor.eq(other); Tensor.equal(other)
    mnp.equal(x1, x2, dtype:_=None); mint.eq(input, other)
  `),
  row('x, y', binary('ms.not_equal'), `
    ops.not_equal(input, other); ops.ne(input, other); ops.NotEqual()(input, other); Tensor.ne(other)
    Tensor.not_equal(other); mnp.not_equal(x1, x2, dtype:_=None); mint.ne(input, other)
  `),
  row('x, y', binary('ms.less'), `
    ops.less(input, other); ops.lt(input, other); ops.Less()(input, other); Tensor.__lt__(other); Tensor.lt(other)
    Tensor.less(other); ops.tensor_lt(input, other); mnp.less(x1, x2, dtype:_=None); mint.lt(input, other)
    mint.less(input, other)
  `),
  row('x, y', binary('ms.less_equal'), `
    ops.less_equal(input, other); ops.le(input, other); ops.LessEqual()(input, other); Tensor.__le__(other)
    Tensor.le(other); Tensor.less_equal(other); ops.tensor_le(input, other); mnp.less_equal(x1, x2, dtype:_=None)
    mint.le(input, other)
  `),
  row('x, y', binary('ms.greater'), `
    ops.greater(input, other); ops.gt(input, other); ops.Greater()(input, other); Tensor.__gt__(other)
    Tensor.gt(other); Tensor.greater(other); ops.tensor_gt(input, other); mnp.greater(x1, x2, dtype:_=None)
    mint.gt(input, other); mint.greater(input, other)
  `),
  row('x, y', binary('ms.greater_equal'), `
    ops.greater_equal(input, other); ops.ge(input, other); ops.GreaterEqual()(input, other); Tensor.__ge__(other)
    Tensor.ge(other); Tensor.greater_equal(other); ops.tensor_ge(input, other)
    mnp.greater_equal(x1, x2, dtype:_=None); mint.ge(input, other)
  `),

  row('x, low, high', clamp, `
    ops.clamp(input, min=None, max=None); ops.clip(input, min=None, max=None)
    ops.clip_by_value(x, clip_value_min=None, clip_value_max=None); Tensor.clamp(min=None, max=None)
    Tensor.clip(xmin|min=None, xmax|max=None); mnp.clip(x, xmin, xmax, dtype:_=None)
    mint.clamp(input, min=None, max=None)
  `),
  row('condition, x, y', select, `
    ops.select(condition, input, other); ops.Select()(condition, input, other); ops.where(condition, input, other)
    mnp.where(condition, x=None, y=None); mint.where(condition, input, other)
  `),
  row('x, condition, y', (session, x, condition, y) => select(session, condition, x, y), `Tensor.where(condition, y)`),
  row('x, mask, value', maskedFill, `
    ops.masked_fill(input_x, mask, value); ops.MaskedFill()(input_x, mask, value); Tensor.masked_fill(mask, value)
  `),
  row('x, dtype', castTo, `
    ops.cast(input, dtype); ops.Cast()(input_x, dtype); Tensor.astype(dtype, copy:_=True); Tensor.to(dtype)
    ops.scalar_cast(input_x, input_y)
  `),
  row('x, other', castLike, `Tensor.type_as(other); ops.type_as(input, other)`),
  row('x', castAs('f32'), `Tensor.float()`),
  row('x', castAs('f16'), `Tensor.half()`),
  row('x', castAs('i32'), `Tensor.int()`),
  row('x', castAs('i64'), `Tensor.long()`),
  row('x', castAs('i1'), `Tensor.bool()`),
  row('x', castAs('bf16'), `Tensor.bfloat16()`),
  row('x, a, b, value', prelude('math.addcmul'), `
    ops.addcmul(input, tensor1, tensor2, value=1); Tensor.addcmul(tensor1, tensor2, value=1)
  `),
  row('x, a, b, value', prelude('math.addcdiv'), `
    ops.addcdiv(input, tensor1, tensor2, value=1); Tensor.addcdiv(tensor1, tensor2, value=1)
  `),
  row('x, end, weight', prelude('math.lerp'), `ops.lerp(input, end, weight); Tensor.lerp(end, weight)`),
  row('x', prelude('math.log2'), `ops.log2(input); mnp.log2(x, dtype:_=None); Tensor.log2()`),
  row('x', prelude('math.log10'), `ops.log10(input); mnp.log10(x, dtype:_=None); Tensor.log10()`),
  row('x', prelude('math.frac'), `ops.frac(x); Tensor.frac()`),
  row('x, y', prelude('math.xlogy'), `ops.xlogy(input, other); ops.Xlogy()(x, y)`),
  row('x, y', prelude('math.div_no_nan'), `ops.DivNoNan()(x1, x2)`),
  row('x, nan, posinf, neginf', prelude('math.nan_to_num'), `
    ops.nan_to_num(input, nan=None, posinf=None, neginf=None)
  `),
];

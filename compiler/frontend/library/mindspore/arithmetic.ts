/** Arithmetic of two tensors or a tensor and a number. */
import type { TensorSession } from '../../trace/session.ts';
import type { Tensor } from '../../trace/tensor.ts';
import { asTensor } from './arguments.ts';
import { cast, floated, unify } from './promote.ts';
import { prelude, row, type ApiRow, type Apply } from './table.ts';

export const binary =
  (name: string): Apply =>
  (session, x, y) =>
    session.op(name, unify(session, [x, y], ['input', 'other']));

/** What arithmetic means on two booleans; the rest counts. */
const OF_BOOLEANS: Readonly<Record<string, string>> = { 'ms.add': 'ms.logical_or', 'ms.mul': 'ms.logical_and' };

const arithmetic =
  (name: string): Apply =>
  (session, x, y) => {
    const [lhs, rhs] = unify(session, [x, y], ['input', 'other']);
    if (lhs.type.dtype !== 'i1') return session.op(name, [lhs, rhs]);
    const logic = OF_BOOLEANS[name];
    return logic
      ? session.op(logic, [lhs, rhs])
      : session.op(name, [cast(session, lhs, 'i64'), cast(session, rhs, 'i64')]);
  };

/** True division: integers become f32. */
const divide: Apply = (session, x, y) => {
  const [lhs, rhs] = unify(session, [x, y], ['input', 'other']);
  return session.op('ms.div', [floated(session, lhs), floated(session, rhs)]);
};

const squaredDifference: Apply = (session, x, y) =>
  session.op('ms.square', [session.op('ms.sub', unify(session, [x, y], ['input', 'other']))]);

function addAll(session: TensorSession, values: readonly Tensor[]): Tensor {
  return values.reduce((sum, item) => session.op('ms.add', unify(session, [sum, item], ['x', 'x'])));
}

const addN: Apply = (session, x) =>
  addAll(
    session,
    session.py.collect(x).map((item) => asTensor(session, item, 'x')),
  );

const addScaled: Apply = (session, x, y, alpha) => {
  const scaled =
    alpha === null || alpha === 1 ? y : session.op('ms.mul', unify(session, [y, alpha], ['other', 'alpha']));
  return session.op('ms.add', unify(session, [x, scaled], ['input', 'other']));
};

const subScaled: Apply = (session, x, y, alpha) => {
  const scaled =
    alpha === null || alpha === 1 ? y : session.op('ms.mul', unify(session, [y, alpha], ['other', 'alpha']));
  return session.op('ms.sub', unify(session, [x, scaled], ['input', 'other']));
};

export const arithmeticApi: readonly ApiRow[] = [
  row(
    'x, y',
    arithmetic('ms.add'),
    `
    ops.Add()(input, other); ops.TensorAdd()(x, y); Tensor.__add__(other); ops.tensor_add(input, other)
    mnp.add(x1, x2, dtype:_=None)
  `,
  ),
  row(
    'x, y, alpha',
    addScaled,
    `
    ops.add(input, other); Tensor.add(other, *, alpha=1); mint.add(input, other, *, alpha=1)
  `,
  ),
  row('y, x', arithmetic('ms.add'), `Tensor.__radd__(other)`),
  row(
    'x, y',
    arithmetic('ms.sub'),
    `
    ops.sub(input, other); ops.Sub()(input, other); Tensor.__sub__(other); ops.tensor_sub(input, other)
    mnp.subtract(x1, x2, dtype:_=None)
  `,
  ),
  row(
    'x, y, alpha',
    subScaled,
    `
    ops.subtract(input, other, *, alpha=1); Tensor.sub(other, *, alpha=1); Tensor.subtract(other, *, alpha=1)
    mint.sub(input, other, *, alpha=1)
  `,
  ),
  row('y, x', (session, y, x) => arithmetic('ms.sub')(session, x, y), `Tensor.__rsub__(other)`),
  row(
    'x, y',
    arithmetic('ms.mul'),
    `
    ops.mul(input, other); ops.Mul()(input, other); Tensor.__mul__(other); Tensor.mul(other); Tensor.multiply(value)
    ops.multiply(input, other); ops.tensor_mul(input, other); mnp.multiply(x1, x2, dtype:_=None)
    mint.mul(input, other)
  `,
  ),
  row('y, x', arithmetic('ms.mul'), `Tensor.__rmul__(other)`),
  row(
    'x, y',
    divide,
    `
    ops.RealDiv()(x, y); ops.Div()(input, other); ops.div(input, other, *, rounding_mode:_=None)
    ops.true_divide(dividend, divisor); ops.divide(input, other, *, rounding_mode:_=None); ops.tensor_div(x, y)
    Tensor.__truediv__(other); Tensor.div(value|other, *, rounding_mode:_=None)
    Tensor.divide(value|other, *, rounding_mode:_=None); Tensor.true_divide(value); mnp.divide(x1, x2, dtype:_=None)
    mnp.true_divide(x1, x2, dtype:_=None); mint.div(input, other, *, rounding_mode:_=None)
  `,
  ),
  row('y, x', (session, y, x) => divide(session, x, y), `Tensor.__rtruediv__(other)`),
  row(
    'x, y',
    arithmetic('ms.floor_div'),
    `
    ops.floor_div(x, y); ops.floor_divide(input, other); ops.FloorDiv()(input, other)
    Tensor.__floordiv__(other); Tensor.floor_divide(other); ops.tensor_floordiv(input, other)
    mnp.floor_divide(x1, x2, dtype:_=None)
  `,
  ),
  row('y, x', (session, y, x) => arithmetic('ms.floor_div')(session, x, y), `Tensor.__rfloordiv__(other)`),
  row(
    'x, y',
    arithmetic('ms.mod'),
    `
    ops.floor_mod(x, y); ops.FloorMod()(x, y); Tensor.__mod__(other); ops.remainder(input, other)
    Tensor.remainder(divisor); mnp.mod(x1, x2, dtype:_=None); mnp.remainder(x1, x2, dtype:_=None)
    mint.remainder(input, other); ops.tensor_mod(x, y)
  `,
  ),
  row('y, x', (session, y, x) => arithmetic('ms.mod')(session, x, y), `Tensor.__rmod__(other)`),
  row(
    'x, y',
    binary('ms.remainder'),
    `
    ops.Mod()(x, y); ops.fmod(input, other); Tensor.fmod(other); ops.TruncateMod()(x, y); ops.truncate_mod(x, y)
    mnp.fmod(x1, x2, dtype:_=None)
  `,
  ),
  row(
    'x, y',
    arithmetic('ms.pow'),
    `
    ops.pow(input, exponent); ops.Pow()(input, exponent); Tensor.__pow__(other); Tensor.pow(exponent)
    ops.tensor_pow(input, exponent); mnp.power(x1, x2, dtype:_=None); mint.pow(input, exponent)
    mnp.float_power(x1, x2, dtype:_=None)
  `,
  ),
  row('y, x', (session, y, x) => arithmetic('ms.pow')(session, x, y), `Tensor.__rpow__(other)`),
  row(
    'x, y',
    binary('ms.maximum'),
    `
    ops.maximum(input, other); ops.Maximum()(input, other); Tensor.maximum(other); mnp.maximum(x1, x2, dtype:_=None)
    mint.maximum(input, other); ops.fmax(input, other)
  `,
  ),
  row(
    'x, y',
    binary('ms.minimum'),
    `
    ops.minimum(input, other); ops.Minimum()(input, other); Tensor.minimum(other); mnp.minimum(x1, x2, dtype:_=None)
    mint.minimum(input, other); ops.fmin(input, other)
  `,
  ),
  row(
    'x, y',
    binary('ms.atan2'),
    `
    ops.atan2(input, other); ops.Atan2()(input, other); Tensor.atan2(other); Tensor.arctan2(other)
    mnp.arctan2(x1, x2, dtype:_=None)
  `,
  ),
  row('x, y', squaredDifference, `ops.SquaredDifference()(x, y)`),
  row('x', addN, `ops.AddN()(x); ops.addn(x); ops.AccumulateNV2()(x); ops.accumulate_n(x)`),
  row(
    'x, a, b, value',
    prelude('math.addcmul'),
    `
    ops.addcmul(input, tensor1, tensor2, value=1); Tensor.addcmul(tensor1, tensor2, value=1)
  `,
  ),
  row(
    'x, a, b, value',
    prelude('math.addcdiv'),
    `
    ops.addcdiv(input, tensor1, tensor2, value=1); Tensor.addcdiv(tensor1, tensor2, value=1)
  `,
  ),
  row('x, end, weight', prelude('math.lerp'), `ops.lerp(input, end, weight); Tensor.lerp(end, weight)`),
  row('x, y', prelude('math.xlogy'), `ops.xlogy(input, other); ops.Xlogy()(x, y)`),
  row('x, y', prelude('math.div_no_nan'), `ops.DivNoNan()(x1, x2)`),
  row(
    'x, nan, posinf, neginf',
    prelude('math.nan_to_num'),
    `
    ops.nan_to_num(input, nan=None, posinf=None, neginf=None)
  `,
  ),
];

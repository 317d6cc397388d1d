/** Functions of one tensor, element by element. */
import { tensorType } from '../../../ir/index.ts';
import { asTensor } from './arguments.ts';
import { cast, floated, isFloating } from './promote.ts';
import { prelude, row, type ApiRow, type Apply } from './table.ts';

/** A function of one tensor of real numbers; integers become f32. */
export const real =
  (name: string): Apply =>
  (session, x) =>
    session.op(name, [floated(session, asTensor(session, x, 'input'))]);

/** A function of one tensor that keeps its type. */
export const keeping =
  (name: string): Apply =>
  (session, x) =>
    session.op(name, [asTensor(session, x, 'input')]);

/** Rounding leaves integers alone. */
const rounding =
  (name: string): Apply =>
  (session, x) => {
    const tensor = asTensor(session, x, 'input');
    return isFloating(tensor.type.dtype) ? session.op(name, [tensor]) : tensor;
  };

const logicalNot: Apply = (session, x) =>
  session.op('ms.logical_not', [cast(session, asTensor(session, x, 'input'), 'i1')]);

/** `~x`: logical on booleans, bitwise on integers. */
const invert: Apply = (session, x) => {
  const tensor = asTensor(session, x, 'input');
  return session.op(tensor.type.dtype === 'i1' ? 'ms.logical_not' : 'ms.bitwise_not', [tensor]);
};

/** NaN and infinity tests; integers are always finite. */
const test =
  (name: string, ofIntegers: boolean): Apply =>
  (session, x) => {
    const tensor = asTensor(session, x, 'input');
    if (isFloating(tensor.type.dtype)) return session.op(name, [tensor]);
    return session.splat(ofIntegers ? 1 : 0, tensorType(tensor.type.shape, 'i1'));
  };

const identity: Apply = (session, x) => asTensor(session, x, 'input');

/** The same value as a tensor of its own, since stores into one must not show in the other. */
const copied: Apply = (session, x) => {
  const tensor = asTensor(session, x, 'input');
  return tensor.isParameter && session.trace
    ? session.symbolic(session.valueOf(tensor))
    : session.tensor(tensor.payload);
};

/** Functions that mindspore.numpy has under no or another name. */
const NOT_IN_NUMPY: readonly string[] = [
  'neg',
  'rsqrt',
  'asin',
  'acos',
  'atan',
  'asinh',
  'acosh',
  'atanh',
  'erf',
  'sigmoid',
  'erfc',
];

/** Spellings of a unary function in every module that has it. */
export const everywhere = (name: string, primitive: string, parameter = 'input'): string => {
  const numpy = NOT_IN_NUMPY.includes(name) ? '' : `; mnp.${name}(x, dtype:_=None)`;
  return `ops.${name}(${parameter}); ops.${primitive}()(${parameter}); Tensor.${name}(); mint.${name}(input)${numpy}`;
};

export const unaryApi: readonly ApiRow[] = [
  row(
    'x',
    keeping('ms.neg'),
    `
    ${everywhere('neg', 'Neg')}; ops.negative(input); Tensor.negative(); Tensor.__neg__(); mnp.negative(a, dtype:_=None)
    mint.negative(input)
  `,
  ),
  row(
    'x',
    identity,
    `
    Tensor.__pos__(); ops.Identity()(input_x); ops.identity(x); Tensor.contiguous(); ops.positive(input)
    Tensor.value(); Tensor.detach()
  `,
  ),
  row('x', copied, `ops.deepcopy(input_x); Tensor.copy(); Tensor.clone(); mnp.copy(a)`),
  row(
    'x',
    keeping('ms.abs'),
    `
    ${everywhere('abs', 'Abs')}; ops.absolute(input); Tensor.absolute(); Tensor.__abs__(); mnp.absolute(x, dtype:_=None)
    mnp.fabs(x, dtype:_=None)
  `,
  ),
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
  row(
    'x',
    real('ms.asin'),
    `${everywhere('asin', 'Asin')}; ops.arcsin(x); Tensor.arcsin(); mnp.arcsin(x, dtype:_=None)`,
  ),
  row(
    'x',
    real('ms.acos'),
    `${everywhere('acos', 'ACos')}; ops.arccos(input); Tensor.arccos(); mnp.arccos(input, dtype:_=None)`,
  ),
  row(
    'x',
    real('ms.atan'),
    `${everywhere('atan', 'Atan')}; ops.arctan(input); Tensor.arctan(); mnp.arctan(x, dtype:_=None)`,
  ),
  row('x', real('ms.sinh'), `${everywhere('sinh', 'Sinh')}`),
  row('x', real('ms.cosh'), `${everywhere('cosh', 'Cosh')}`),
  row('x', real('ms.tanh'), `${everywhere('tanh', 'Tanh')}`),
  row('x', real('ms.asinh'), `${everywhere('asinh', 'Asinh')}`),
  row('x', real('ms.acosh'), `${everywhere('acosh', 'Acosh')}`),
  row('x', real('ms.atanh'), `${everywhere('atanh', 'Atanh')}`),
  row('x', real('ms.erf'), `${everywhere('erf', 'Erf')}`),
  row('x', rounding('ms.floor'), `${everywhere('floor', 'Floor')}`),
  row('x', rounding('ms.ceil'), `${everywhere('ceil', 'Ceil')}`),
  row(
    'x',
    rounding('ms.round'),
    `${everywhere('round', 'Round')}; ops.Rint()(input_x); mnp.rint(x, dtype:_=None); mnp.around(a, decimals:_=0)`,
  ),
  row('x', rounding('ms.trunc'), `${everywhere('trunc', 'Trunc')}; mnp.fix(x)`),
  row('x', logicalNot, `${everywhere('logical_not', 'LogicalNot')}`),
  row(
    'x',
    invert,
    `
    ops.Invert()(x); Tensor.__invert__(); Tensor.bitwise_not(); mint.bitwise_not(input)
  `,
  ),
  row('x', test('ms.isnan', false), `${everywhere('isnan', 'IsNan')}`),
  row('x', test('ms.isinf', false), `${everywhere('isinf', 'IsInf')}`),
  row('x', test('ms.isfinite', true), `${everywhere('isfinite', 'IsFinite')}`),
  row(
    'x',
    keeping('ms.stop_gradient'),
    `
    ops.stop_gradient(value); ops.StopGradient()(value); functional.stop_gradient(value)
  `,
  ),
  row('x', prelude('activation.erfc'), `${everywhere('erfc', 'Erfc')}`),
  row('x', prelude('math.log2'), `ops.log2(input); mnp.log2(x, dtype:_=None); Tensor.log2()`),
  row('x', prelude('math.log10'), `ops.log10(input); mnp.log10(x, dtype:_=None); Tensor.log10()`),
  row('x', prelude('math.frac'), `ops.frac(x); Tensor.frac()`),
];

/** Reductions: sums, means, extremes, norms. */
import { boolAttribute, integerAttribute, integersAttribute, type DType } from '../../../ir/index.ts';
import { PyTuple, type PyValue } from '../../eval/index.ts';
import type { TensorSession } from '../../trace/session.ts';
import { elementsOf, type Tensor } from '../../trace/tensor.ts';
import { asAxes, asAxis, asBool, asDType, asTensor, optionalDType } from './arguments.ts';
import { cast, floated, isFloating } from './promote.ts';
import { reshaped } from './shape.ts';
import { prelude, row, type ApiRow, type Apply } from './table.ts';

export function reduceAxes(
  session: TensorSession,
  name: string,
  x: Tensor,
  axes: readonly number[],
  keepDims: boolean,
): Tensor {
  return session.op(name, [x], { axes: integersAttribute(axes), keep_dims: boolAttribute(keepDims) });
}

/** `f(x, axes, keep_dims, dtype)`; `accepts` brings x to a type that the reduction takes. */
const reduce =
  (name: string, accepts: (session: TensorSession, x: Tensor) => Tensor): Apply =>
  (session, x, axis, keepDims, dtype) => {
    const tensor = asTensor(session, x, 'input');
    const source =
      dtype === null || dtype === undefined ? accepts(session, tensor) : cast(session, tensor, asDType(dtype));
    const axes = asAxes(session, axis, tensor.type.shape.length);
    const keeps = asBool(session, keepDims, 'keep_dims');
    if (source.type.dtype !== 'i64' || !staysIn32Bits(name, tensor))
      return reduceAxes(session, name, source, axes, keeps);
    return cast(session, reduceAxes(session, name, cast(session, tensor, 'i32'), axes, keeps), 'i64');
  };

/** The largest magnitude of an element. */
const MAGNITUDES: Readonly<Partial<Record<DType, number>>> = { i1: 1, i8: 128, ui8: 255, i16: 32768 };

/** Sums of few small integers, which the NPU adds in 32 bits: counting what holds is the frequent case. */
function staysIn32Bits(name: string, x: Tensor): boolean {
  return name === 'ms.reduce_sum' && (MAGNITUDES[x.type.dtype] ?? Infinity) * elementsOf(x.type) < 2 ** 31;
}

/** Sums of integers are int64 in functions and methods; primitives keep the type. */
const widened = (session: TensorSession, x: Tensor): Tensor => (isFloating(x.type.dtype) ? x : cast(session, x, 'i64'));

const countable = (session: TensorSession, x: Tensor): Tensor => (x.type.dtype === 'i1' ? cast(session, x, 'i64') : x);

const asIs = (_: TensorSession, x: Tensor): Tensor => x;

const truths = (session: TensorSession, x: Tensor): Tensor => cast(session, x, 'i1');

/** The mean of integers is an integer in MindSpore. */
const mean: Apply = (session, x, axis, keepDims, dtype) => {
  const tensor = asTensor(session, x, 'input');
  const result = reduce('ms.reduce_mean', floated)(session, tensor, axis, keepDims, dtype);
  return dtype === null || dtype === undefined
    ? cast(session, asTensor(session, result, 'mean'), tensor.type.dtype)
    : result;
};

/** An index along one axis, or of the flattened tensor. */
function argument(session: TensorSession, name: string, x: PyValue, axis: PyValue, keepDims: PyValue): Tensor {
  const tensor = asTensor(session, x, 'input');
  const source = axis === null ? reshaped(session, tensor, [-1]) : tensor;
  const at = asAxis(session, axis ?? 0, source.type.shape.length);
  return session.op(name, [source], {
    axis: integerAttribute(at),
    keep_dims: boolAttribute(asBool(session, keepDims, 'keep_dims')),
  });
}

const argumentAs =
  (name: string): Apply =>
  (session, x, axis, keepDims, dtype) =>
    cast(session, argument(session, name, x, axis, keepDims), optionalDType(dtype, 'i64'));

/** Values and indices along an axis; with `indexFirst` the other way round. */
const withIndex =
  (values: string, indices: string, indexFirst: boolean): Apply =>
  (session, x, axis, keepDims) => {
    const tensor = asTensor(session, x, 'input');
    const value = reduceAxes(
      session,
      values,
      tensor,
      axis === null
        ? asAxes(session, null, tensor.type.shape.length)
        : [asAxis(session, axis, tensor.type.shape.length)],
      asBool(session, keepDims, 'keep_dims'),
    );
    const index = cast(session, argument(session, indices, x, axis, keepDims), 'i64');
    return new PyTuple(indexFirst ? [index, value] : [value, index]);
  };

/** `Tensor.max`: values, and indices too where the call asks for them. */
const extreme =
  (values: string, indices: string): Apply =>
  (session, x, axis, keepDims, returnIndices, dim) => {
    if (asBool(session, returnIndices, 'return_indices') || dim !== null)
      return withIndex(values, indices, false)(session, x, dim ?? axis, keepDims);
    return reduce(values, asIs)(session, x, axis, keepDims, null);
  };

export const reduceApi: readonly ApiRow[] = [
  row(
    'x, axis, keep_dims',
    reduce('ms.reduce_sum', countable),
    `
    ops.reduce_sum(x, axis=()); ops.ReduceSum(keep_dims=False, skip_mode:_=False)(x, axis=())
  `,
  ),
  row(
    'x, axis, keep_dims, dtype',
    reduce('ms.reduce_sum', widened),
    `
    ops.sum(input, dim=None, keepdim=False, *, dtype=None)
    Tensor.sum(axis|dim=None, dtype:dtype=None, keepdims|keepdim:keep_dims=False, initial:_=None)
    mnp.sum(a, axis=None, dtype:dtype=None, keepdims:keep_dims=False, initial:_=None)
    mint.sum(input, dim=None, keepdim=False, *, dtype=None)
  `,
  ),
  row(
    'x, axis, keep_dims, dtype',
    mean,
    `
    ops.mean(x, axis=None, keep_dims=False); ops.reduce_mean(x, axis=()); ops.ReduceMean(keep_dims=False)(x, axis=())
    Tensor.mean(axis|dim=None, keep_dims|keepdim=False, *, dtype=None)
    mnp.mean(a, axis=None, keepdims=False, dtype=None); mint.mean(input, dim=None, keepdim=False, *, dtype=None)
  `,
  ),
  row('x, axis, keep_dims', reduce('ms.reduce_prod', countable), `ops.ReduceProd(keep_dims=False)(x, axis=())`),
  row(
    'x, axis, keep_dims, dtype',
    reduce('ms.reduce_prod', widened),
    `
    ops.prod(input, axis=None, keep_dims=False, dtype=None)
    Tensor.prod(axis|dim=None, keep_dims|keepdim=False, dtype=None)
    mint.prod(input, dim=None, keepdim=False, *, dtype=None)
  `,
  ),
  row(
    'x, axis, keep_dims',
    reduce('ms.reduce_max', asIs),
    `
    ops.ReduceMax(keep_dims=False)(x, axis=()); ops.reduce_max(x, axis=())
    ops.amax(input, axis=None, keepdims=False, *, initial:_=None, where:_=None)
    Tensor.amax(axis|dim=None, keepdims|keepdim=False, *, initial:_=None, where:_=None)
    mnp.max(a, axis=None, keepdims=False, initial:_=None, where:_=True); mnp.amax(a, axis=None, keepdims=False, initial:_=None, where:_=True)
    mint.amax(input, dim=(), keepdim=False)
  `,
  ),
  row(
    'x, axis, keep_dims',
    reduce('ms.reduce_min', asIs),
    `
    ops.ReduceMin(keep_dims=False)(x, axis=()); ops.reduce_min(x, axis=())
    ops.amin(input, axis=None, keepdims=False, *, initial:_=None, where:_=None)
    Tensor.amin(axis|dim=None, keepdims|keepdim=False, *, initial:_=None, where:_=None)
    mnp.min(a, axis=None, keepdims=False, initial:_=None, where:_=True); mnp.amin(a, axis=None, keepdims=False, initial:_=None, where:_=True)
    mint.amin(input, dim=(), keepdim=False)
  `,
  ),
  row(
    'x, axis, keep_dims, return_indices, dim',
    extreme('ms.reduce_max', 'ms.argmax'),
    `
    Tensor.max(dim:dim=None, keepdim|keepdims:keep_dims=False, *, axis:axis=None, return_indices:return_indices=False, initial:_=None, where:_=True)
  `,
  ),
  row(
    'x, axis, keep_dims, return_indices, dim',
    extreme('ms.reduce_min', 'ms.argmin'),
    `
    Tensor.min(dim:dim=None, keepdim|keepdims:keep_dims=False, *, axis:axis=None, return_indices:return_indices=False, initial:_=None, where:_=True)
  `,
  ),
  row(
    'x, return_indices, keep_dims, axis, dim',
    (session, x, _, keepDims, axis, dim) =>
      extreme('ms.reduce_max', 'ms.argmax')(session, x, axis, keepDims, null, dim),
    `
    mint.max(input, dim:dim=None, keepdim:keep_dims=False)
  `,
  ),
  row(
    'x, return_indices, keep_dims, axis, dim',
    (session, x, _, keepDims, axis, dim) =>
      extreme('ms.reduce_min', 'ms.argmin')(session, x, axis, keepDims, null, dim),
    `
    mint.min(input, dim:dim=None, keepdim:keep_dims=False)
  `,
  ),
  row(
    'x, axis, keep_dims',
    withIndex('ms.reduce_max', 'ms.argmax', false),
    `
    ops.max(input, axis=None, keepdims=False, *, initial:_=None, where:_=None)
  `,
  ),
  row(
    'x, axis, keep_dims',
    withIndex('ms.reduce_min', 'ms.argmin', false),
    `
    ops.min(input, axis=None, keepdims=False, *, initial:_=None, where:_=None)
  `,
  ),
  row(
    'x, axis, keep_dims',
    withIndex('ms.reduce_max', 'ms.argmax', true),
    `
    ops.ArgMaxWithValue(axis=0, keep_dims=False)(input); Tensor.argmax_with_value(axis=0, keep_dims=False)
  `,
  ),
  row(
    'x, axis, keep_dims',
    withIndex('ms.reduce_min', 'ms.argmin', true),
    `
    ops.ArgMinWithValue(axis=0, keep_dims=False)(input); Tensor.argmin_with_value(axis=0, keep_dims=False)
  `,
  ),
  row(
    'x, axis, keep_dims',
    reduce('ms.reduce_all', truths),
    `
    ops.all(input, axis=None, keep_dims=False); ops.ReduceAll(keep_dims=False)(input, axis=None)
    Tensor.all(axis|dim=None, keep_dims|keepdim=False); mint.all(input, dim=None, keepdim=False)
  `,
  ),
  row(
    'x, axis, keep_dims',
    reduce('ms.reduce_any', truths),
    `
    ops.any(input, axis=None, keep_dims=False); ops.ReduceAny(keep_dims=False)(x, axis=())
    Tensor.any(axis|dim=None, keep_dims|keepdim=False); mint.any(input, dim=None, keepdim=False)
  `,
  ),
  row(
    'x, axis, keep_dims, dtype',
    argumentAs('ms.argmax'),
    `
    ops.argmax(input, dim=None, keepdim=False); Tensor.argmax(axis|dim=None, keepdims|keepdim=False)
    ops.Argmax(axis=-1, output_type:dtype=int32)(input_x); mnp.argmax(a, axis=None); mint.argmax(input, dim=None, keepdim=False)
  `,
  ),
  row(
    'x, axis, keep_dims, dtype',
    argumentAs('ms.argmin'),
    `
    ops.argmin(input, axis=None, keepdims=False); Tensor.argmin(axis|dim=None, keepdims|keepdim=False)
    ops.Argmin(axis=-1, output_type:dtype=int32)(x); mnp.argmin(a, axis=None); mint.argmin(input, dim=None, keepdim=False)
  `,
  ),
  row(
    'x, axis, ddof, keep_dims',
    prelude('statistics.var'),
    `
    ops.var(input, axis=None, ddof=0, keepdims=False); Tensor.var(axis=None, ddof=0, keepdims=False)
    mnp.var(x, axis=None, ddof=0, keepdims=False); mint.var(input, dim=None, *, correction=1, keepdim=False)
  `,
  ),
  row(
    'x, axis, ddof, keep_dims',
    prelude('statistics.std'),
    `
    ops.std(input, axis=None, ddof=0, keepdims=False); Tensor.std(axis=None, ddof=0, keepdims=False)
    mnp.std(x, axis=None, ddof=0, keepdims=False); mint.std(input, dim=None, *, correction=1, keepdim=False)
    ops.ReduceStd(axis=(), unbiased=True, keep_dims=False)(x)
  `,
  ),
  row(
    'x, axis, keep_dims',
    prelude('statistics.logsumexp'),
    `
    ops.logsumexp(input, dim, keepdim=False); Tensor.logsumexp(axis|dim, keepdims|keepdim=False); mint.logsumexp(input, dim, keepdim=False)
  `,
  ),
  row(
    'x, ord, axis, keep_dims, dtype',
    prelude('statistics.norm'),
    `
    ops.norm(A, ord=None, dim=None, keepdim=False, *, dtype=None); Tensor.norm(ord=None, dim=None, keepdim=False, *, dtype=None)
    mnp.norm(x, ord=None, axis=None, keepdims=False); mint.norm(input, p='fro', dim=None, keepdim=False, *, dtype=None)
  `,
  ),
  row(
    'x, axis, p, keep_dims, epsilon',
    prelude('statistics.lp_norm'),
    `
    ops.LpNorm(axis, p=2, keep_dims=False, epsilon=1e-12)(input)
  `,
  ),
  row(
    'x, axis, epsilon',
    prelude('statistics.l2_normalize'),
    `
    ops.L2Normalize(axis=0, epsilon=1e-4)(input_x)
  `,
  ),
  row('x, p, axis, epsilon', prelude('statistics.normalize'), `functional.normalize(input, p=2.0, dim=1, eps=1e-12)`),
  row('x', prelude('statistics.l2_loss'), `ops.L2Loss()(input_x)`),
  row(
    'x, axis, keep_dims',
    prelude('statistics.count_nonzero'),
    `ops.count_nonzero(x, axis=(), keep_dims=False, dtype:_=int32)`,
  ),
];

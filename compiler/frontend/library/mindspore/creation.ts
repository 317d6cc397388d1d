/** Tensors from nothing: constants, counting, triangles, random numbers. */
import {
  elementArray,
  floatAttribute,
  integerAttribute,
  stringAttribute,
  tensorType,
  type DType,
} from '../../../ir/index.ts';
import { PyFloat, PyTuple, valueError, type PyValue } from '../../eval/index.ts';
import type { TensorSession } from '../../trace/session.ts';
import { extentsOf, Tensor } from '../../trace/tensor.ts';
import { asBool, asDType, asInt, asNumber, asShape, asTensor, filled, optionalDType } from './arguments.ts';
import { cast, floated, unify } from './promote.ts';
import { prelude, row, type Apply, type ApiRow } from './table.ts';

const constant =
  (value: number): Apply =>
  (session, shape, dtype) =>
    session.splat(value, tensorType(asShape(session, shape), optionalDType(dtype, 'f32')));

const constantLike =
  (value: number): Apply =>
  (session, x, dtype) => {
    const tensor = asTensor(session, x, 'input');
    return session.splat(value, tensorType(tensor.type.shape, optionalDType(dtype, tensor.type.dtype)));
  };

/** A shape full of one value, which may be a tensor. */
function full(session: TensorSession, shape: readonly number[], value: PyValue, dtype: DType | null): Tensor {
  const tensor = asTensor(session, value, 'fill_value', dtype);
  const typed = dtype ? cast(session, tensor, dtype) : tensor;
  const type = tensorType(shape, typed.type.dtype);
  if (typed.payload.kind === 'concrete' && typed.payload.data.length === 1)
    return session.concrete(type, typed.payload.data);
  return session.stated('ms.broadcast_to', [typed], [type])[0];
}

const fullOf: Apply = (session, shape, value, dtype) =>
  full(session, asShape(session, shape, 'size'), value, dtype === null ? null : asDType(dtype));

const fullLike: Apply = (session, x, value, dtype) => {
  const tensor = asTensor(session, x, 'input');
  return full(session, extentsOf(tensor.type), value, optionalDType(dtype, tensor.type.dtype));
};

/** Numbers from start below stop. Ints give `integers` unless a dtype is given. */
function counted(
  session: TensorSession,
  start: PyValue,
  stop: PyValue,
  step: PyValue,
  dtype: PyValue,
  integers: DType,
): Tensor {
  const [first, last] = stop === null ? [0, start] : [start, stop];
  const [begin, end, stride] = [first, last, step ?? 1].map((value) => asNumber(session, value, 'range bound'));
  if (stride === 0) throw valueError("For 'arange', the step must not be 0");
  const float = [first, last, step].some((value) => value instanceof PyFloat);
  const type = optionalDType(dtype, float ? 'f32' : integers);
  const count = Math.max(0, Math.ceil((end - begin) / stride));
  session.py.reserve(count);
  const values = Array.from({ length: count }, (_, index) => begin + index * stride);
  return session.concrete(tensorType([count], type), filled(tensorType([count], type), values));
}

const linspace: Apply = (session, start, stop, count, dtype) => {
  const [begin, end] = [start, stop].map((value) => asNumber(session, value, 'range bound'));
  const steps = count === null ? 50 : asInt(session, count, 'steps');
  const type = tensorType([steps], optionalDType(dtype, 'f32'));
  const values = Array.from({ length: steps }, (_, index) =>
    steps === 1 ? begin : begin + ((end - begin) * index) / (steps - 1),
  );
  return session.concrete(type, filled(type, values));
};

const eye: Apply = (session, rows, columns, dtype) => {
  const height = asInt(session, rows, 'n');
  const width = columns === null ? height : asInt(session, columns, 'm');
  const type = tensorType([height, width], optionalDType(dtype, 'f32'));
  const values = Array.from({ length: height * width }, (_, at) => (Math.floor(at / width) === at % width ? 1 : 0));
  return session.concrete(type, filled(type, values));
};

/** x below (or above) a diagonal, zeros elsewhere. */
const triangle =
  (part: 'lower' | 'upper'): Apply =>
  (session, x, diagonal) => {
    const tensor = asTensor(session, x, 'input');
    const attributes = {
      diagonal: integerAttribute(diagonal === null ? 0 : asInt(session, diagonal, 'diagonal')),
      part: stringAttribute(part),
    };
    const mask = session.stated('ms.triangle', [], [tensorType(tensor.type.shape.slice(-2), 'i1')], attributes)[0];
    return session.op('ms.select', [mask, tensor, session.scalar(0, tensor.type.dtype)]);
  };

/** Key from the seed, counter 0. */
export function seededState(session: TensorSession): Tensor {
  const state = elementArray('ui32', 4);
  state[0] = session.globalSeed >>> 0;
  return session.concrete(tensorType([4], 'ui32'), state);
}

/**
 * Runs a random op from the session's state and moves the state behind what it drew. The state is a parameter that nobody
 * trains: a graph takes and returns it, so that every run draws new numbers, the same ones on any number of devices.
 */
function drawing(session: TensorSession, run: (state: Tensor) => readonly Tensor[]): readonly Tensor[] {
  const state = (session.randomState ??= makeState(session));
  const results = run(state);
  session.replace(state, results[results.length - 1].payload);
  return results;
}

function makeState(session: TensorSession): Tensor {
  const parameter = session.py.getAttribute(session.py.importModule('mindspore.common.parameter'), 'Parameter');
  const made = session.py.call(parameter, [seededState(session), 'random_state', false]);
  if (made instanceof Tensor) return made;
  throw new Error('Parameter(…) is no tensor');
}

function drawn(session: TensorSession, name: string, shape: readonly number[], dtype: DType): Tensor {
  const types = [tensorType(shape, 'f32'), tensorType([4], 'ui32')];
  const [result] = drawing(session, (state) => session.stated(name, [state], types));
  return cast(session, result, dtype);
}

const shapeOrInts = (session: TensorSession, size: PyValue): readonly number[] => asShape(session, size, 'size');

const uniform: Apply = (session, shape, dtype) =>
  drawn(session, 'ms.random_uniform', shapeOrInts(session, shape), optionalDType(dtype, 'f32'));
const normal: Apply = (session, shape, dtype) =>
  drawn(session, 'ms.random_normal', shapeOrInts(session, shape), optionalDType(dtype, 'f32'));

const scaled = (session: TensorSession, x: Tensor, factor: PyValue, shift: PyValue): Tensor => {
  const product = session.op('ms.mul', unify(session, [x, factor], ['sample', 'scale']));
  return session.op('ms.add', unify(session, [product, shift], ['sample', 'shift']));
};

const uniformBetween: Apply = (session, shape, low, high, dtype) => {
  const span = session.py.binary('-', high, low);
  return cast(
    session,
    scaled(session, drawn(session, 'ms.random_uniform', shapeOrInts(session, shape), 'f32'), span, low),
    optionalDType(dtype, 'f32'),
  );
};

const normalWith: Apply = (session, shape, mean, deviation) =>
  scaled(session, drawn(session, 'ms.random_normal', shapeOrInts(session, shape), 'f32'), deviation, mean);

/** (result, mask); the op divides what stays by the probability of staying. */
function dropped(session: TensorSession, x: PyValue, keep: number): readonly Tensor[] {
  const tensor = floated(session, asTensor(session, x, 'input'));
  return drawing(session, (state) => session.all('ms.dropout', [tensor, state], { keep_prob: floatAttribute(keep) }));
}

const dropoutFunction: Apply = (session, x, p, training) => {
  const probability = p === null ? 0.5 : asNumber(session, p, 'p');
  if (!asBool(session, training, 'training') || probability === 0) return asTensor(session, x, 'input');
  return dropped(session, x, 1 - probability)[0];
};

const dropoutPrimitive: Apply = (session, x, keep) =>
  new PyTuple(dropped(session, x, asNumber(session, keep, 'keep_prob')).slice(0, 2));

export const creationApi: readonly ApiRow[] = [
  row(
    'shape, dtype',
    constant(0),
    `
    ops.zeros(size, dtype=None); ops.Zeros()(size, type=None); mnp.zeros(shape, dtype=float32); mint.zeros(size, *, dtype=None)
    mnp.empty(shape, dtype=float32)
  `,
  ),
  row(
    'shape, dtype',
    constant(1),
    `ops.ones(shape, dtype=None); ops.Ones()(shape, type=None); mnp.ones(shape, dtype=float32); mint.ones(size, *, dtype=None)`,
  ),
  row(
    'x, dtype',
    constantLike(0),
    `
    ops.zeros_like(input, *, dtype=None); ops.ZerosLike()(x); mnp.zeros_like(a, dtype=None, shape:_=None); mint.zeros_like(input, *, dtype=None)
  `,
  ),
  row(
    'x, dtype',
    constantLike(1),
    `
    ops.ones_like(input, *, dtype=None); ops.OnesLike()(x); mnp.ones_like(a, dtype=None, shape:_=None); mint.ones_like(input, *, dtype=None)
  `,
  ),
  row(
    'x, shape, dtype',
    (session, x, shape, dtype) =>
      session.splat(
        0,
        tensorType(asShape(session, shape), optionalDType(dtype, asTensor(session, x, 'input').type.dtype)),
      ),
    `
    Tensor.new_zeros(size, dtype=None)
  `,
  ),
  row(
    'x, shape, dtype',
    (session, x, shape, dtype) =>
      session.splat(
        1,
        tensorType(asShape(session, shape), optionalDType(dtype, asTensor(session, x, 'input').type.dtype)),
      ),
    `
    Tensor.new_ones(size, dtype=None)
  `,
  ),
  row(
    'shape, value, dtype',
    fullOf,
    `
    ops.full(size, fill_value, *, dtype=None); mnp.full(shape, fill_value, dtype=None); mint.full(size, fill_value, *, dtype=None)
    ops.fill(type:dtype, shape:shape, value:value); ops.Fill()(dtype:dtype, dims:shape, x:value); ops.FillV2()(shape, value)
  `,
  ),
  row(
    'x, value, dtype',
    fullLike,
    `ops.full_like(input, fill_value, *, dtype=None); mnp.full_like(a, fill_value, dtype=None, shape:_=None); Tensor.fill(value); ops.fills(x, value); ops.Fills()(x, value)`,
  ),
  row(
    'start, stop, step, dtype',
    (session, start, stop, step, dtype) => counted(session, start, stop, step, dtype, 'i64'),
    `
    ops.arange(start=0, end=None, step=1, *, dtype=None); ops.range(start, end, step, maxlen:_=1000000); ops.Range(maxlen:_=1000000)(start, end, step)
    mint.arange(start=0, end=None, step=1, *, dtype=None)
  `,
  ),
  row(
    'start, stop, step, dtype',
    (session, start, stop, step, dtype) => counted(session, start, stop, step, dtype, 'i32'),
    `mnp.arange(start, stop=None, step=None, dtype=None)`,
  ),
  row(
    'start, stop, count, dtype',
    linspace,
    `
    ops.linspace(start, end, steps); ops.LinSpace()(start, stop, num); mnp.linspace(start, stop, num=50, endpoint:_=True, retstep:_=False, dtype=None, axis:_=0)
    mint.linspace(start, end, steps, *, dtype=None)
  `,
  ),
  row(
    'rows, columns, dtype',
    eye,
    `ops.eye(n, m=None, dtype=None); ops.Eye()(n, m, dtype); mnp.eye(N, M=None, k:_=0, dtype=float32); mint.eye(n, m=None, dtype=None); mnp.identity(n, dtype:dtype=float32)`,
  ),
  row(
    'x, diagonal',
    triangle('lower'),
    `ops.tril(input, diagonal=0); ops.Tril(diagonal=0)(x); Tensor.tril(diagonal=0); mnp.tril(m, k=0); mint.tril(input, diagonal=0)`,
  ),
  row(
    'x, diagonal',
    triangle('upper'),
    `ops.triu(input, diagonal=0); ops.Triu(diagonal=0)(x); Tensor.triu(diagonal=0); mnp.triu(m, k=0); mint.triu(input, diagonal=0)`,
  ),
  row(
    'shape, dtype',
    uniform,
    `
    ops.rand(*size, dtype=None, seed:_=None); ops.UniformReal(seed:_=0, seed2:_=0)(shape); mnp.rand(*shape, dtype=float32); mint.rand(*size, generator:_=None, dtype=None)
  `,
  ),
  row(
    'shape, dtype',
    normal,
    `
    ops.randn(*size, dtype=None, seed:_=None); ops.standard_normal(shape, seed:_=None); ops.StandardNormal(seed:_=0, seed2:_=0)(shape)
    mnp.randn(*shape, dtype=float32); mint.randn(*size, generator:_=None, dtype=None)
  `,
  ),
  row(
    'x, dtype',
    (session, x, dtype) =>
      drawn(session, 'ms.random_uniform', extentsOf(asTensor(session, x, 'input').type), optionalDType(dtype, 'f32')),
    `
    ops.rand_like(input, seed:_=None, *, dtype=None)
  `,
  ),
  row(
    'x, dtype',
    (session, x, dtype) =>
      drawn(session, 'ms.random_normal', extentsOf(asTensor(session, x, 'input').type), optionalDType(dtype, 'f32')),
    `
    ops.randn_like(input, seed:_=None, *, dtype=None)
  `,
  ),
  row('shape, low, high, dtype', uniformBetween, `ops.uniform(shape, minval, maxval, seed:_=None, dtype=float32)`),
  row('shape, mean, deviation', normalWith, `ops.normal(shape, mean, stddev, seed:_=None)`),
  row(
    'x, p, training',
    dropoutFunction,
    `ops.dropout(input, p=0.5, training=True, seed:_=None); functional.dropout(input, p=0.5, training=True)`,
  ),
  row('x, keep', dropoutPrimitive, `ops.Dropout(keep_prob=0.5, Seed0:_=0, Seed1:_=0)(x)`),
  row('x, n', prelude('array.matrix_diag'), `ops.diag_embed(input, offset=0, dim1:_=-2, dim2:_=-1)`),
];

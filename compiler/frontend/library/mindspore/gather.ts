/** Look-ups and stores by index tensors. */
import { integerAttribute, stringAttribute, tensorType } from '../../../ir/index.ts';
import { valueError, type PyValue } from '../../eval/index.ts';
import type { TensorSession } from '../../trace/session.ts';
import { extentsOf, type Tensor } from '../../trace/tensor.ts';
import { traceDiagnostics } from '../../trace/diagnostics.ts';
import { asAxis, asInt, asInts, asTensor } from './arguments.ts';
import { wrapped } from './indexing.ts';
import { cast, unify } from './promote.ts';
import { row, type Apply, type ApiRow } from './table.ts';

const indexTensor = (session: TensorSession, value: PyValue): Tensor => {
  const indices = asTensor(session, value, 'indices');
  return ['i32', 'i64'].includes(indices.type.dtype) ? indices : cast(session, indices, 'i32');
};

/** Known indices may count from the end; indices of the graph are taken as they are. */
function settled(session: TensorSession, indices: Tensor, extent: number): Tensor {
  return indices.payload.kind === 'concrete' && !indices.isParameter ? wrapped(session, indices, extent) : indices;
}

const gather: Apply = (session, x, indices, axis, batchDims) => {
  if (batchDims !== null && asInt(session, batchDims, 'batch_dims') !== 0)
    session.stop(traceDiagnostics.unsupportedUse, ["gather with 'batch_dims' other than 0"]);
  const tensor = asTensor(session, x, 'input_params');
  const at = asAxis(session, axis ?? 0, tensor.type.shape.length);
  return session.op(
    'ms.gather',
    [tensor, settled(session, indexTensor(session, indices), extentsOf(tensor.type)[at])],
    { axis: integerAttribute(at) },
  );
};

const gatherElements: Apply = (session, x, dim, indices) => {
  const tensor = asTensor(session, x, 'input');
  const at = asAxis(session, dim, tensor.type.shape.length, 'dim');
  return session.op(
    'ms.gather_elements',
    [tensor, settled(session, indexTensor(session, indices), extentsOf(tensor.type)[at])],
    { axis: integerAttribute(at) },
  );
};

const gatherNd: Apply = (session, x, indices) =>
  session.op('ms.gather_nd', [asTensor(session, x, 'input_x'), indexTensor(session, indices)]);

/** Stores at index tuples into a tensor. */
const scatterInto =
  (reduction: string): Apply =>
  (session, x, indices, updates) => {
    const tensor = asTensor(session, x, 'input_x');
    const values = cast(session, asTensor(session, updates, 'updates'), tensor.type.dtype);
    return session.op('ms.scatter_nd', [tensor, indexTensor(session, indices), values], {
      reduction: stringAttribute(reduction),
    });
  };

/** Stores at index tuples into zeros; updates at one place add up. */
const scatterNd: Apply = (session, indices, updates, shape) => {
  const values = asTensor(session, updates, 'updates');
  const zeros = session.splat(0, tensorType(asInts(session, shape, 'shape'), values.type.dtype));
  return session.op('ms.scatter_nd', [zeros, indexTensor(session, indices), values], {
    reduction: stringAttribute('add'),
  });
};

const scatterElements: Apply = (session, x, indices, updates, axis, reduction) => {
  const tensor = asTensor(session, x, 'input');
  const at = indexTensor(session, indices);
  const given = cast(session, asTensor(session, updates, 'updates', tensor.type.dtype), tensor.type.dtype);
  const values =
    given.type.shape.length === 0
      ? session.stated('ms.broadcast_to', [given], [tensorType(at.type.shape, tensor.type.dtype)])[0]
      : given;
  const word = typeof reduction === 'string' ? reduction : 'none';
  const axis_ = asAxis(session, axis ?? 0, tensor.type.shape.length);
  return session.op('ms.scatter_elements', [tensor, at, values], {
    axis: integerAttribute(axis_),
    reduction: stringAttribute(word),
  });
};

const oneHot: Apply = (session, indices, depth, onValue, offValue, axis) => {
  const at = indexTensor(session, indices);
  const rank = at.type.shape.length + 1;
  const where = asInt(session, axis ?? -1, 'axis');
  if (where < -1 || where >= rank) throw valueError(`For 'OneHot', 'axis' must be in [-1, ${rank}), but got ${where}`);
  const [on, off] = unify(session, [onValue ?? 1, offValue ?? 0], ['on_value', 'off_value']);
  return session.op('ms.one_hot', [at, on, off], {
    axis: integerAttribute(where < 0 ? rank - 1 : where),
    depth: integerAttribute(asInt(session, depth, 'depth')),
  });
};

export const gatherApi: readonly ApiRow[] = [
  row(
    'x, indices, axis, batch_dims',
    gather,
    `
    ops.gather(input_params, input_indices, axis, batch_dims=0); ops.Gather(batch_dims=0)(input_params, input_indices, axis)
    ops.GatherV2()(input_params, input_indices, axis); Tensor.gather(input_indices, axis, batch_dims=0)
    ops.EmbeddingLookup()(input_params, input_indices, offset:_=0); mnp.take(a, indices, axis=None, mode:_='clip')
  `,
  ),
  row(
    'x, axis, indices',
    (session, x, axis, indices) => gather(session, x, indices, axis, null),
    `
    ops.index_select(input, axis, index); Tensor.index_select(axis, index); mint.index_select(input, dim, index)
  `,
  ),
  row(
    'x, indices',
    (session, x, indices) =>
      gather(session, session.py.callMethod(asTensor(session, x, 'input'), 'ravel'), indices, 0, null),
    `
    ops.take(input, index); Tensor.take(indices)
  `,
  ),
  row(
    'weight, indices',
    (session, weight, indices) => gather(session, weight, indices, 0, null),
    `
    functional.embedding(input:indices, weight:weight)
  `,
  ),
  row(
    'x, dim, indices',
    gatherElements,
    `
    ops.gather_elements(input, dim, index); ops.gather_d(x, dim, index); ops.GatherD()(x, dim, index); Tensor.gather_elements(dim, index)
    mint.gather(input, dim, index); mnp.take_along_axis(arr, indices:indices, axis:dim)
  `,
  ),
  row(
    'x, indices',
    gatherNd,
    `ops.gather_nd(input_x, indices); ops.GatherNd()(input_x, indices); Tensor.gather_nd(indices)`,
  ),
  row(
    'x, indices, updates',
    scatterInto('none'),
    `
    ops.tensor_scatter_update(input_x, indices, updates); ops.TensorScatterUpdate()(input_x, indices, updates)
    ops.scatter_nd_update(input_x, indices, updates); ops.ScatterNdUpdate(use_locking:_=True)(input_x, indices, updates)
  `,
  ),
  row(
    'x, indices, updates',
    scatterInto('add'),
    `
    ops.tensor_scatter_add(input_x, indices, updates); ops.TensorScatterAdd()(input_x, indices, updates)
    ops.scatter_nd_add(input_x, indices, updates, use_locking:_=False)
  `,
  ),
  row(
    'x, indices, updates',
    scatterInto('max'),
    `ops.tensor_scatter_max(input_x, indices, updates); ops.TensorScatterMax()(input_x, indices, updates)`,
  ),
  row(
    'x, indices, updates',
    scatterInto('min'),
    `ops.tensor_scatter_min(input_x, indices, updates); ops.TensorScatterMin()(input_x, indices, updates)`,
  ),
  row(
    'x, indices, updates',
    scatterInto('mul'),
    `ops.tensor_scatter_mul(input_x, indices, updates); ops.TensorScatterMul()(input_x, indices, updates)`,
  ),
  row(
    'indices, updates, shape',
    scatterNd,
    `ops.scatter_nd(indices, updates, shape); ops.ScatterNd()(indices, updates, shape)`,
  ),
  row(
    'x, indices, updates, axis, reduction',
    scatterElements,
    `
    ops.tensor_scatter_elements(input_x, indices, updates, axis=0, reduction='none')
    ops.TensorScatterElements(axis=0, reduction='none')(data, indices, updates)
    ops.scatter(input, axis:axis, index:indices, src:updates); Tensor.scatter(axis:axis, index:indices, src:updates)
  `,
  ),
  row(
    'indices, depth, on_value, off_value, axis',
    oneHot,
    `
    ops.one_hot(indices, depth, on_value=1, off_value=0, axis=-1); ops.OneHot(axis=-1)(indices, depth, on_value, off_value)
  `,
  ),
  row(
    'tensor, depth',
    (session, tensor, depth) => oneHot(session, tensor, depth, 1, 0, -1),
    `functional.one_hot(tensor, num_classes)`,
  ),
];

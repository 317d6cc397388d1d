/** Views of a tensor: reshape, transpose, broadcast. */
import { integersAttribute, tensorType } from '../../../ir/index.ts';
import { valueError } from '../../eval/index.ts';
import type { TensorSession } from '../../trace/session.ts';
import { extentsOf, type Tensor } from '../../trace/tensor.ts';
import { asAxes, asAxis, asInts, asShape, asTensor, sequenceOf } from './arguments.ts';
import { row, type ApiRow, type Apply } from './table.ts';

/** Reshapes; one extent may be -1. */
export function reshaped(session: TensorSession, x: Tensor, shape: readonly number[]): Tensor {
  const extents = extentsOf(x.type);
  const count = extents.reduce((product, extent) => product * extent, 1);
  const known = shape.reduce((product, extent) => (extent === -1 ? product : product * extent), 1);
  const target = shape.map((extent) => (extent === -1 ? (known === 0 ? 0 : Math.floor(count / known)) : extent));
  if (target.length === extents.length && target.every((extent, axis) => extent === extents[axis])) return x;
  const type = tensorType(target, x.type.dtype);
  if (x.payload.kind === 'lazy' && !x.isParameter) return session.lazy(type, x.payload.initializer);
  return session.stated('ms.reshape', [x], [type])[0];
}

export function permuted(session: TensorSession, x: Tensor, permutation: readonly number[]): Tensor {
  if (permutation.every((axis, at) => axis === at) && permutation.length === x.type.shape.length) return x;
  return session.op('ms.transpose', [x], { permutation: integersAttribute(permutation) });
}

/** x with two dimensions exchanged. */
export function swapped(session: TensorSession, x: Tensor, first: number, second: number): Tensor {
  const permutation = x.type.shape.map((_, axis) => (axis === first ? second : axis === second ? first : axis));
  return permuted(session, x, permutation);
}

export function broadcast(session: TensorSession, x: Tensor, shape: readonly number[]): Tensor {
  const own = extentsOf(x.type);
  const target = shape.map((extent, axis) => (extent === -1 ? (own[axis - shape.length + own.length] ?? 1) : extent));
  if (target.length === own.length && target.every((extent, axis) => extent === own[axis])) return x;
  return session.stated('ms.broadcast_to', [x], [tensorType(target, x.type.dtype)])[0];
}

const reshape: Apply = (session, x, shape) => reshaped(session, asTensor(session, x, 'input'), asShape(session, shape));

const reshapeAs: Apply = (session, x, other) =>
  reshaped(session, asTensor(session, x, 'input'), extentsOf(asTensor(session, other, 'other').type));

const flatten: Apply = (session, x, order, start, end) => {
  if (order === 'F') throw valueError("flatten with order 'F' is not supported by this version of msc");
  const tensor = asTensor(session, x, 'input');
  const shape = extentsOf(tensor.type);
  const [first, last] = [
    asAxis(session, start ?? 0, shape.length, 'start_dim'),
    asAxis(session, end ?? -1, shape.length, 'end_dim'),
  ];
  if (shape.length === 0) return reshaped(session, tensor, [1]);
  const middle = shape.slice(first, last + 1).reduce((product, extent) => product * extent, 1);
  return reshaped(session, tensor, [...shape.slice(0, first), middle, ...shape.slice(last + 1)]);
};

const ravel: Apply = (session, x) => reshaped(session, asTensor(session, x, 'input'), [-1]);

const expandDims: Apply = (session, x, axis) => {
  const tensor = asTensor(session, x, 'input');
  const shape = [...extentsOf(tensor.type)];
  const axes = asInts(session, axis, 'axis').map((at) => (at < 0 ? at + shape.length + 1 : at));
  for (const at of axes) {
    if (at < 0 || at > shape.length)
      throw valueError(`'axis' must be in [${-shape.length - 1}, ${shape.length}], but got ${at}`);
    shape.splice(at, 0, 1);
  }
  return reshaped(session, tensor, shape);
};

const squeeze: Apply = (session, x, axis) => {
  const tensor = asTensor(session, x, 'input');
  const shape = extentsOf(tensor.type);
  const named = axis === null || sequenceOf(axis)?.length === 0 ? null : asAxes(session, axis, shape.length);
  const bad = named?.find((at) => shape[at] !== 1);
  if (bad !== undefined)
    throw valueError(
      `For 'squeeze', dimension ${bad} has extent ${shape[bad]}, expected 1 (shape (${shape.join(', ')}))`,
    );
  return reshaped(
    session,
    tensor,
    shape.filter((extent, at) => (named ? !named.includes(at) : extent !== 1)),
  );
};

/** `permute(*axes)` or one tuple; without axes all are reversed; two ints swap dimensions of a tensor of another rank. */
const transpose: Apply = (session, x, axes) => {
  const tensor = asTensor(session, x, 'input');
  const rank = tensor.type.shape.length;
  const given = axes === null ? [] : asShape(session, axes, 'axes').map((axis) => asAxis(session, axis, rank));
  if (given.length === 0)
    return permuted(
      session,
      tensor,
      tensor.type.shape.map((_, axis) => rank - 1 - axis),
    );
  if (given.length === 2 && rank !== 2) return swapped(session, tensor, given[0], given[1]);
  return permuted(session, tensor, given);
};

const swapAxes: Apply = (session, x, first, second) => {
  const tensor = asTensor(session, x, 'input');
  const rank = tensor.type.shape.length;
  return swapped(session, tensor, asAxis(session, first, rank, 'axis0'), asAxis(session, second, rank, 'axis1'));
};

const moveAxis: Apply = (session, x, source, destination) => {
  const tensor = asTensor(session, x, 'input');
  const rank = tensor.type.shape.length;
  const [from, to] = [source, destination].map((axes) =>
    asInts(session, axes, 'axis').map((axis) => asAxis(session, axis, rank)),
  );
  const order = tensor.type.shape.map((_, axis) => axis).filter((axis) => !from.includes(axis));
  for (const [target, index] of to.map((axis, at) => [axis, at] as const).sort(([left], [right]) => left - right))
    order.splice(target, 0, from[index]);
  return permuted(session, tensor, order);
};

const broadcastTo: Apply = (session, x, shape) =>
  broadcast(session, asTensor(session, x, 'input'), asShape(session, shape));

const expandAs: Apply = (session, x, other) =>
  broadcast(session, asTensor(session, x, 'input'), extentsOf(asTensor(session, other, 'other').type));

export const shapeApi: readonly ApiRow[] = [
  row(
    'x, shape',
    reshape,
    `
    ops.reshape(input, shape); ops.Reshape()(input, shape); Tensor.reshape(*shape); Tensor.view(*shape); mnp.reshape(x, new_shape)
    mint.reshape(input, shape)
  `,
  ),
  row('x, other', reshapeAs, `Tensor.reshape_as(other); Tensor.view_as(other); ops.view_as(input, other)`),
  row(
    'x, order, start, end',
    flatten,
    `
    ops.flatten(input, order='C', *, start_dim=1, end_dim=-1); Tensor.flatten(order='C', *, start_dim=0, end_dim=-1)
    mint.flatten(input, start_dim:start=0, end_dim:end=-1)
  `,
  ),
  row('x, order, start', (session, x) => flatten(session, x, 'C', 1, -1), `ops.Flatten()(input_x)`),
  row('x', ravel, `ops.ravel(input); Tensor.ravel(); mnp.ravel(x)`),
  row(
    'x, axis',
    expandDims,
    `
    ops.expand_dims(input_x, axis); ops.ExpandDims()(input_x, axis); Tensor.expand_dims(axis); mnp.expand_dims(a, axis)
    ops.unsqueeze(input, dim); Tensor.unsqueeze(dim); mint.unsqueeze(input, dim)
  `,
  ),
  row(
    'x, axis',
    squeeze,
    `
    ops.squeeze(input, axis=None); ops.Squeeze(axis=())(input); Tensor.squeeze(axis|dim=None); mnp.squeeze(a, axis=None)
    mint.squeeze(input, dim=None)
  `,
  ),
  row(
    'x, axes',
    transpose,
    `
    Tensor.transpose(*axes); mnp.transpose(a, axes=None)
  `,
  ),
  row(
    'x, axes',
    (session, x, axes) => {
      const tensor = asTensor(session, x, 'input');
      return permuted(
        session,
        tensor,
        asShape(session, axes, 'input_perm').map((axis) => asAxis(session, axis, tensor.type.shape.length)),
      );
    },
    `
    ops.transpose(input, input_perm); ops.Transpose()(input, input_perm); ops.permute(input, axis); Tensor.permute(*axis)
    mint.permute(input, dims)
  `,
  ),
  row('x', (session, x) => transpose(session, x, null), `ops.t(input); Tensor.t(); mint.t(input)`),
  row(
    'x, first, second',
    swapAxes,
    `
    ops.swapaxes(input, axis0, axis1); Tensor.swapaxes(axis0, axis1); mnp.swapaxes(x, axis1, axis2); ops.swapdims(input, dim0, dim1)
    Tensor.swapdims(dim0, dim1); mint.transpose(input, dim0, dim1)
  `,
  ),
  row(
    'x, source, destination',
    moveAxis,
    `
    ops.moveaxis(x, source, destination); ops.movedim(x, source, destination); Tensor.moveaxis(source, destination)
    Tensor.movedim(source, destination); mnp.moveaxis(a, source, destination)
  `,
  ),
  row(
    'x, shape',
    broadcastTo,
    `
    ops.broadcast_to(input, shape); ops.BroadcastTo(shape)(input); Tensor.broadcast_to(shape); Tensor.expand(*size)
    mnp.broadcast_to(array, shape); mint.broadcast_to(input, shape); ops.expand(input_x, size)
  `,
  ),
  row('x, other', expandAs, `Tensor.expand_as(other)`),
];

/** Functions that move elements: reshape, transpose, join, cut, repeat, pad. */
import { floatAttribute, integerAttribute, integersAttribute, stringAttribute, tensorType } from '../../../ir/index.ts';
import { ellipsis, PySlice, PyTuple, valueError, type PyValue } from '../../eval/index.ts';
import type { TensorSession } from '../../trace/session.ts';
import { extentsOf, type Tensor } from '../../trace/tensor.ts';
import { asAxes, asAxis, asInt, asInts, asNumber, asShape, asTensor, sequenceOf } from './arguments.ts';
import { promoteDTypes, cast } from './promote.ts';
import { prelude, row, type Apply, type ApiRow } from './table.ts';
import { sliceAxes } from './slice.ts';

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

/** Element types of the parts meet, then they are joined. */
export function joined(session: TensorSession, parts: readonly Tensor[], axis: number): Tensor {
  if (parts.length === 1) return parts[0];
  const dtype = parts.map((part) => part.type.dtype).reduce(promoteDTypes);
  return session.op('ms.concat', parts.map((part) => cast(session, part, dtype)), { axis: integerAttribute(axis) });
}

export function broadcast(session: TensorSession, x: Tensor, shape: readonly number[]): Tensor {
  const own = extentsOf(x.type);
  const target = shape.map((extent, axis) => (extent === -1 ? (own[axis - shape.length + own.length] ?? 1) : extent));
  if (target.length === own.length && target.every((extent, axis) => extent === own[axis])) return x;
  return session.stated('ms.broadcast_to', [x], [tensorType(target, x.type.dtype)])[0];
}

const reshape: Apply = (session, x, shape) => reshaped(session, asTensor(session, x, 'input'), asShape(session, shape));
const reshapeAs: Apply = (session, x, other) => reshaped(session, asTensor(session, x, 'input'), extentsOf(asTensor(session, other, 'other').type));

const flatten: Apply = (session, x, order, start, end) => {
  if (order === 'F') throw valueError("flatten with order 'F' is not supported by this version of msc");
  const tensor = asTensor(session, x, 'input');
  const shape = extentsOf(tensor.type);
  const [first, last] = [asAxis(session, start ?? 0, shape.length, 'start_dim'), asAxis(session, end ?? -1, shape.length, 'end_dim')];
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
    if (at < 0 || at > shape.length) throw valueError(`'axis' must be in [${-shape.length - 1}, ${shape.length}], but got ${at}`);
    shape.splice(at, 0, 1);
  }
  return reshaped(session, tensor, shape);
};

const squeeze: Apply = (session, x, axis) => {
  const tensor = asTensor(session, x, 'input');
  const shape = extentsOf(tensor.type);
  const named = axis === null || sequenceOf(axis)?.length === 0 ? null : asAxes(session, axis, shape.length);
  const bad = named?.find((at) => shape[at] !== 1);
  if (bad !== undefined) throw valueError(`For 'squeeze', dimension ${bad} has extent ${shape[bad]}, expected 1 (shape (${shape.join(', ')}))`);
  return reshaped(session, tensor, shape.filter((extent, at) => (named ? !named.includes(at) : extent !== 1)));
};

/** `permute(*axes)` or one tuple; without axes all are reversed; two ints swap dimensions of a tensor of another rank. */
const transpose: Apply = (session, x, axes) => {
  const tensor = asTensor(session, x, 'input');
  const rank = tensor.type.shape.length;
  const given = axes === null ? [] : asShape(session, axes, 'axes').map((axis) => asAxis(session, axis, rank));
  if (given.length === 0) return permuted(session, tensor, tensor.type.shape.map((_, axis) => rank - 1 - axis));
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
  const [from, to] = [source, destination].map((axes) => asInts(session, axes, 'axis').map((axis) => asAxis(session, axis, rank)));
  const order = tensor.type.shape.map((_, axis) => axis).filter((axis) => !from.includes(axis));
  for (const [target, index] of to.map((axis, at) => [axis, at] as const).sort(([left], [right]) => left - right)) order.splice(target, 0, from[index]);
  return permuted(session, tensor, order);
};

const partsOf = (session: TensorSession, value: PyValue): readonly Tensor[] => {
  const items = value instanceof PyTuple && value.items.length === 1 && sequenceOf(value.items[0]) ? value.items[0] : value;
  return session.py.collect(items).map((item) => asTensor(session, item, 'tensors'));
};

const concat: Apply = (session, tensors, axis) => {
  const parts = partsOf(session, tensors);
  return joined(session, parts, asAxis(session, axis ?? 0, parts[0]?.type.shape.length ?? 1));
};

const stack: Apply = (session, tensors, axis) => {
  const parts = partsOf(session, tensors);
  const at = asAxis(session, axis ?? 0, (parts[0]?.type.shape.length ?? 0) + 1);
  return joined(session, parts.map((part) => reshaped(session, part, extentsOf(part.type).toSpliced(at, 0, 1))), at);
};

function cutInto(session: TensorSession, x: Tensor, axis: number, sizes: readonly number[]): PyTuple {
  if (sizes.length === 1) return new PyTuple([x]);
  return new PyTuple(session.all('ms.split', [x], { axis: integerAttribute(axis), sizes: integersAttribute(sizes) }));
}

/** Parts of a given size (the last may be smaller), or of the listed sizes. */
const splitBySize: Apply = (session, x, size, axis) => {
  const tensor = asTensor(session, x, 'tensor');
  const at = asAxis(session, axis ?? 0, tensor.type.shape.length);
  const extent = extentsOf(tensor.type)[at];
  if (sequenceOf(size)) return cutInto(session, tensor, at, asInts(session, size, 'split_size_or_sections'));
  const step = asInt(session, size, 'split_size_or_sections');
  if (step <= 0) throw valueError(`For 'split', the size of a part must be positive, but got ${step}`);
  return cutInto(session, tensor, at, Array.from({ length: Math.ceil(extent / step) }, (_, part) => Math.min(step, extent - part * step)));
};

/** Equal parts, which must divide the extent. */
const splitEvenly: Apply = (session, x, axis, count) => {
  const tensor = asTensor(session, x, 'input');
  const at = asAxis(session, axis ?? 0, tensor.type.shape.length);
  const [parts, extent] = [asInt(session, count, 'output_num'), extentsOf(tensor.type)[at]];
  if (parts <= 0 || extent % parts !== 0) throw valueError(`For 'Split', dimension ${at} has extent ${extent}, which 'output_num' ${parts} does not divide`);
  return cutInto(session, tensor, at, Array.from({ length: parts }, () => extent / parts));
};

/** NumPy's array_split: a number of parts, or the positions of the cuts. */
const splitAt: Apply = (session, x, cuts, axis) => {
  const tensor = asTensor(session, x, 'input');
  const at = asAxis(session, axis ?? 0, tensor.type.shape.length);
  const extent = extentsOf(tensor.type)[at];
  if (sequenceOf(cuts)) {
    const positions = [0, ...asInts(session, cuts, 'indices').map((cut) => Math.min(cut < 0 ? cut + extent : cut, extent)), extent];
    return cutInto(session, tensor, at, positions.slice(1).map((end, index) => Math.max(0, end - positions[index])));
  }
  const parts = asInt(session, cuts, 'sections');
  const [small, larger] = [Math.floor(extent / parts), extent % parts];
  return cutInto(session, tensor, at, Array.from({ length: parts }, (_, part) => small + (part < larger ? 1 : 0)));
};

const chunk: Apply = (session, x, count, axis) => {
  const tensor = asTensor(session, x, 'input');
  const extent = extentsOf(tensor.type)[asAxis(session, axis ?? 0, tensor.type.shape.length)];
  return splitBySize(session, x, Math.max(1, Math.ceil(extent / asInt(session, count, 'chunks'))), axis);
};

/** The slices along an axis, without that axis. */
const unstack: Apply = (session, x, axis) => {
  const tensor = asTensor(session, x, 'input');
  const at = asAxis(session, axis ?? 0, tensor.type.shape.length);
  const shape = extentsOf(tensor.type);
  const parts = cutInto(session, tensor, at, Array.from({ length: shape[at] }, () => 1));
  return new PyTuple(parts.items.map((part) => reshaped(session, asTensor(session, part, 'part'), shape.toSpliced(at, 1))));
};

const tile: Apply = (session, x, repeats) => {
  const counts = asShape(session, repeats, 'dims');
  const tensor = asTensor(session, x, 'input');
  const rank = Math.max(counts.length, tensor.type.shape.length);
  const source = reshaped(session, tensor, [...Array.from({ length: rank - tensor.type.shape.length }, () => 1), ...extentsOf(tensor.type)]);
  const whole = [...Array.from({ length: rank - counts.length }, () => 1), ...counts];
  return whole.every((count) => count === 1) ? source : session.op('ms.tile', [source], { repeats: integersAttribute(whole) });
};

/** Every element repeated; without an axis of the flattened tensor. */
const repeat: Apply = (session, x, count, axis) => {
  const tensor = asTensor(session, x, 'input');
  const source = axis === null ? reshaped(session, tensor, [-1]) : tensor;
  const at = asAxis(session, axis ?? 0, source.type.shape.length);
  const counts = asInts(session, count, 'repeats');
  if (counts.length === 1) return session.op('ms.repeat', [source], { axis: integerAttribute(at), count: integerAttribute(counts[0]) });
  const indices = counts.flatMap((times, index) => Array.from({ length: times }, () => index));
  const at_ = asTensor(session, new PyTuple(indices), 'repeats', 'i64');
  return session.op('ms.gather', [source, at_], { axis: integerAttribute(at) });
};

/** `Tensor.repeat`: with an axis NumPy's meaning, else whole copies. */
const repeatMethod: Apply = (session, x, repeats, axis) => {
  if (axis !== null) return repeat(session, x, repeats instanceof PyTuple && repeats.items.length === 1 ? repeats.items[0] : repeats, axis);
  if (repeats instanceof PyTuple && repeats.items.length === 2 && repeats.items[1] === null) return repeat(session, x, repeats.items[0], null);
  return tile(session, x, repeats);
};

const broadcastTo: Apply = (session, x, shape) => broadcast(session, asTensor(session, x, 'input'), asShape(session, shape));
const expandAs: Apply = (session, x, other) => broadcast(session, asTensor(session, x, 'input'), extentsOf(asTensor(session, other, 'other').type));

const flip: Apply = (session, x, axis) => {
  const tensor = asTensor(session, x, 'input');
  return session.op('ms.reverse', [tensor], { axes: integersAttribute(asAxes(session, axis, tensor.type.shape.length)) });
};

const roll: Apply = (session, x, shifts, dims) => {
  const tensor = asTensor(session, x, 'input');
  const amounts = asInts(session, shifts, 'shifts');
  if (dims === null) {
    const flat = session.op('ms.roll', [reshaped(session, tensor, [-1])], { axis: integerAttribute(0), shift: integerAttribute(amounts[0]) });
    return reshaped(session, flat, extentsOf(tensor.type));
  }
  const axes = asInts(session, dims, 'dims').map((axis) => asAxis(session, axis, tensor.type.shape.length));
  return axes.reduce((rolled, axis, index) => session.op('ms.roll', [rolled], { axis: integerAttribute(axis), shift: integerAttribute(amounts[index] ?? amounts[0]) }), tensor);
};

const PAD_MODES: Readonly<Record<string, string>> = { constant: 'constant', reflect: 'reflect', symmetric: 'symmetric', replicate: 'edge', edge: 'edge' };

/** Pads by (before, after) of each dimension; negative amounts cut. */
function padded(session: TensorSession, x: Tensor, pairs: readonly (readonly [number, number])[], mode: string, value: number): Tensor {
  const op = PAD_MODES[mode.toLowerCase()];
  if (op === undefined) throw valueError(`For 'pad', the mode '${mode}' is not supported by this version of msc`);
  const extents = extentsOf(x.type);
  const cut = pairs.some(([low, high]) => low < 0 || high < 0)
    ? sliceAxes(session, x, extents.map((extent, axis) => ({ axis, begin: Math.max(0, -pairs[axis][0]), end: extent - Math.max(0, -pairs[axis][1]), step: 1 })))
    : x;
  if (pairs.every(([low, high]) => low <= 0 && high <= 0)) return cut;
  return session.op('ms.pad', [cut], {
    low: integersAttribute(pairs.map(([low]) => Math.max(0, low))),
    high: integersAttribute(pairs.map(([, high]) => Math.max(0, high))),
    mode: stringAttribute(op),
    value: floatAttribute(value),
  });
}

/** Amounts from the last dimension on: (left, right, top, bottom, …). */
const padFromLast: Apply = (session, x, padding, mode, value) => {
  const tensor = asTensor(session, x, 'input_x');
  const amounts = asInts(session, padding, 'padding');
  const rank = tensor.type.shape.length;
  if (amounts.length % 2 !== 0 || amounts.length > 2 * rank) throw valueError(`For 'pad', the padding (${amounts.join(', ')}) does not fit a tensor of rank ${rank}`);
  const pairs = tensor.type.shape.map((_, axis): readonly [number, number] => {
    const at = 2 * (rank - 1 - axis);
    return at < amounts.length ? [amounts[at], amounts[at + 1]] : [0, 0];
  });
  return padded(session, tensor, pairs, typeof mode === 'string' ? mode : 'constant', value === null ? 0 : asNumber(session, value, 'value'));
};

/** Amounts by dimension: ((before, after), …). */
const padByDimension: Apply = (session, x, paddings, mode, value) => {
  const tensor = asTensor(session, x, 'input_x');
  const pairs = session.py.collect(paddings).map((pair): readonly [number, number] => {
    const [low, high] = asInts(session, pair, 'paddings');
    return [low, high];
  });
  if (pairs.length !== tensor.type.shape.length) throw valueError(`For 'Pad', paddings has ${pairs.length} pairs, the rank of the input is ${tensor.type.shape.length}`);
  return padded(session, tensor, pairs, typeof mode === 'string' ? mode : 'constant', value === null ? 0 : asNumber(session, value, 'value'));
};

const narrow: Apply = (session, x, axis, start, length) => {
  const tensor = asTensor(session, x, 'input');
  const begin = asInt(session, start, 'start');
  return sliceAxes(session, tensor, [{ axis: asAxis(session, axis, tensor.type.shape.length), begin, end: begin + asInt(session, length, 'length'), step: 1 }]);
};

/** `slice(x, begin, size)`; size -1 reaches to the end. */
const sliceBySize: Apply = (session, x, begin, size) => {
  const tensor = asTensor(session, x, 'input_x');
  const [begins, sizes, extents] = [asInts(session, begin, 'begin'), asInts(session, size, 'size'), extentsOf(tensor.type)];
  return sliceAxes(session, tensor, extents.map((extent, axis) => ({ axis, begin: begins[axis], end: sizes[axis] === -1 ? extent : begins[axis] + sizes[axis], step: 1 })));
};


/** The masks say by bits which entries of begin, end and strides mean something else: they become a Python index. */
const stridedSlice: Apply = (session, x, begin, end, strides, ...masks) => {
  const [begins, ends, steps] = [begin, end, strides].map((value, at) => asInts(session, value, ['begin', 'end', 'strides'][at]));
  const [beginMask, endMask, ellipsisMask, newMask, shrinkMask] = masks.map((mask) => (mask === null ? 0 : asInt(session, mask, 'mask')));
  const index = begins.map((first, at): PyValue => {
    const bit = 1 << at;
    if (ellipsisMask & bit) return ellipsis;
    if (newMask & bit) return null;
    if (shrinkMask & bit) return first;
    return new PySlice(beginMask & bit ? null : first, endMask & bit ? null : ends[at], steps[at] ?? 1);
  });
  return session.py.getItem(asTensor(session, x, 'input_x'), new PyTuple(index));
};

export const shapeApi: readonly ApiRow[] = [
  row('x, shape', reshape, `
    ops.reshape(input, shape); ops.Reshape()(input, shape); Tensor.reshape(*shape); Tensor.view(*shape); mnp.reshape(x, new_shape)
    mint.reshape(input, shape)
  `),
  row('x, other', reshapeAs, `Tensor.reshape_as(other); Tensor.view_as(other); ops.view_as(input, other)`),
  row('x, order, start, end', flatten, `
    ops.flatten(input, order='C', *, start_dim=1, end_dim=-1); Tensor.flatten(order='C', *, start_dim=0, end_dim=-1)
    mint.flatten(input, start_dim:start=0, end_dim:end=-1)
  `),
  row('x, order, start', (session, x) => flatten(session, x, 'C', 1, -1), `ops.Flatten()(input_x)`),
  row('x', ravel, `ops.ravel(input); Tensor.ravel(); mnp.ravel(x)`),
  row('x, axis', expandDims, `
    ops.expand_dims(input_x, axis); ops.ExpandDims()(input_x, axis); Tensor.expand_dims(axis); mnp.expand_dims(a, axis)
    ops.unsqueeze(input, dim); Tensor.unsqueeze(dim); mint.unsqueeze(input, dim)
  `),
  row('x, axis', squeeze, `
    ops.squeeze(input, axis=None); ops.Squeeze(axis=())(input); Tensor.squeeze(axis|dim=None); mnp.squeeze(a, axis=None)
    mint.squeeze(input, dim=None)
  `),
  row('x, axes', transpose, `
    Tensor.transpose(*axes); mnp.transpose(a, axes=None)
  `),
  row('x, axes', (session, x, axes) => {
    const tensor = asTensor(session, x, 'input');
    return permuted(session, tensor, asShape(session, axes, 'input_perm').map((axis) => asAxis(session, axis, tensor.type.shape.length)));
  }, `
    ops.transpose(input, input_perm); ops.Transpose()(input, input_perm); ops.permute(input, axis); Tensor.permute(*axis)
    mint.permute(input, dims)
  `),
  row('x', (session, x) => transpose(session, x, null), `ops.t(input); Tensor.t(); mint.t(input)`),
  row('x, first, second', swapAxes, `
    ops.swapaxes(input, axis0, axis1); Tensor.swapaxes(axis0, axis1); mnp.swapaxes(x, axis1, axis2); ops.swapdims(input, dim0, dim1)
    Tensor.swapdims(dim0, dim1); mint.transpose(input, dim0, dim1)
  `),
  row('x, source, destination', moveAxis, `
    ops.moveaxis(x, source, destination); ops.movedim(x, source, destination); Tensor.moveaxis(source, destination)
    Tensor.movedim(source, destination); mnp.moveaxis(a, source, destination)
  `),
  row('tensors, axis', concat, `
    ops.concat(tensors, axis=0); ops.cat(tensors, axis=0); ops.Concat(axis=0)(tensors); mnp.concatenate(arrays, axis=0)
    mint.cat(tensors, dim=0); mint.concat(tensors, dim=0)
  `),
  row('tensors, axis', stack, `
    ops.stack(tensors, axis=0); ops.Stack(axis=0)(tensors); ops.Pack(axis=0)(tensors); mnp.stack(arrays, axis=0); mint.stack(tensors, dim=0)
  `),
  row('x, size, axis', splitBySize, `
    ops.split(tensor, split_size_or_sections, axis=0); Tensor.split(split_size_or_sections|split_size, axis|dim=0)
    mint.split(tensor, split_size_or_sections, dim=0)
  `),
  row('x, axis, count', splitEvenly, `ops.Split(axis=0, output_num=1)(input_x)`),
  row('x, cuts, axis', splitAt, `
    ops.tensor_split(input, indices_or_sections, axis=0); Tensor.tensor_split(indices_or_sections, axis=0)
    mnp.split(x, indices_or_sections, axis=0); mnp.array_split(x, indices_or_sections, axis=0)
  `),
  row('x, count, axis', chunk, `ops.chunk(input, chunks, axis=0); Tensor.chunk(chunks, axis|dim=0); mint.chunk(input, chunks, dim=0)`),
  row('x, axis', unstack, `
    ops.unstack(input_x, axis=0); ops.Unstack(axis=0, num:_=None)(x); ops.Unpack(axis=0)(x); ops.unbind(input, dim=0)
    Tensor.unbind(dim=0); mint.unbind(input, dim=0)
  `),
  row('x, repeats', tile, `
    ops.tile(input, dims); ops.Tile()(input, dims); Tensor.tile(*reps); mnp.tile(a, reps); mint.tile(input, dims)
  `),
  row('x, count, axis', repeat, `
    ops.repeat_interleave(input, repeats, axis=None); ops.repeat_elements(x, rep, axis=0); Tensor.repeat_interleave(repeats, dim=None)
    mnp.repeat(a, repeats, axis=None); mint.repeat_interleave(input, repeats, dim=None)
  `),
  row('x, repeats, axis', repeatMethod, `Tensor.repeat(*repeats, axis=None)`),
  row('x, shape', broadcastTo, `
    ops.broadcast_to(input, shape); ops.BroadcastTo(shape)(input); Tensor.broadcast_to(shape); Tensor.expand(*size)
    mnp.broadcast_to(array, shape); mint.broadcast_to(input, shape); ops.expand(input_x, size)
  `),
  row('x, other', expandAs, `Tensor.expand_as(other)`),
  row('x, axis', flip, `
    ops.flip(input, dims); ops.ReverseV2(axis)(input); ops.reverse(x, axis); Tensor.flip(dims); mnp.flip(m, axis=None)
    mint.flip(input, dims)
  `),
  row('x, shifts, dims', roll, `
    ops.roll(input, shifts, dims=None); ops.Roll(shifts, dims=None)(input); Tensor.roll(shifts, dims=None); mnp.roll(a, shift, axis=None)
    mint.roll(input, shifts, dims=None)
  `),
  row('x, padding, mode, value', padFromLast, `
    ops.pad(input_x, padding, mode='constant', value=None); functional.pad(input, pad, mode='constant', value=0.0)
  `),
  row('x, paddings, mode, value', padByDimension, `
    ops.Pad(paddings)(input_x); ops.MirrorPad(mode='REFLECT')(input_x, paddings); mnp.pad(arr, pad_width, mode='constant', stat_length:_=None, constant_values:value=0, end_values:_=0, reflect_type:_='even', **kwargs:_)
    ops.mirror_pad(input_x, paddings, mode); ops.PadV3(mode='constant', paddings_contiguous:_=True)(x, paddings, constant_values:value=None)
  `),
  row('x, axis, start, length', narrow, `ops.narrow(input, axis, start, length); Tensor.narrow(dim, start, length); mint.narrow(input, dim, start, length)`),
  row('x, begin, end, strides, begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask', stridedSlice, `
    ops.strided_slice(input_x, begin, end, strides, begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0)
    ops.StridedSlice(begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0)(input_x, begin, end, strides)
  `),
  row('x, begin, size', sliceBySize, `ops.slice(input_x, begin, size); ops.Slice()(input, begin, size)`),
  row('x, size', prelude('array.diag'), `ops.diag(input); ops.Diag()(input); mnp.diag(v, k=0); Tensor.diag(diagonal=0)`),
  row('inputs, indexing', prelude('array.meshgrid'), `ops.meshgrid(*inputs, indexing='xy'); ops.Meshgrid(indexing='xy')(inputs); mnp.meshgrid(*xi, sparse:_=False, indexing='xy')`),
  row('tensors', prelude('array.vstack'), `ops.vstack(inputs); mnp.vstack(tup); ops.row_stack(tensors)`),
  row('tensors', prelude('array.hstack'), `ops.hstack(tensors); mnp.hstack(tup)`),
  row('x, kernel, strides, rates, padding', prelude('array.extract_image_patches'), `
    ops._extract_image_patches(input_x, ksizes, strides, rates, padding='valid')
  `),
  row('x, kernel, dilation, padding, stride', prelude('array.unfold'), `
    ops.unfold(input, kernel_size, dilation=1, padding=0, stride=1); functional.unfold(input, kernel_size, dilation=1, padding=0, stride=1)
  `),
  row('x, size', prelude('array.space_to_depth'), `ops.SpaceToDepth(block_size)(x)`),
  row('x, size', prelude('array.depth_to_space'), `ops.DepthToSpace(block_size)(x)`),
  row('x, factor', prelude('array.pixel_shuffle'), `ops.pixel_shuffle(input, upscale_factor)`),
  row('x, factor', prelude('array.pixel_unshuffle'), `ops.pixel_unshuffle(input, downscale_factor)`),
  row('x, groups', prelude('array.channel_shuffle'), `ops.channel_shuffle(x, groups)`),
];

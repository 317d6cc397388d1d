/** Joining tensors and cutting them apart. */
import { integerAttribute, integersAttribute } from '../../../ir/index.ts';
import { PyTuple, valueError, type PyValue } from '../../eval/index.ts';
import type { TensorSession } from '../../trace/session.ts';
import { extentsOf, type Tensor } from '../../trace/tensor.ts';
import { asAxis, asInt, asInts, asTensor, sequenceOf } from './arguments.ts';
import { cast, promoteDTypes } from './promote.ts';
import { reshaped } from './shape.ts';
import { prelude, row, type ApiRow, type Apply } from './table.ts';

/** Element types of the parts meet, then they are joined. */
export function joined(session: TensorSession, parts: readonly Tensor[], axis: number): Tensor {
  if (parts.length === 1) return parts[0];
  const dtype = parts.map((part) => part.type.dtype).reduce(promoteDTypes);
  return session.op(
    'ms.concat',
    parts.map((part) => cast(session, part, dtype)),
    { axis: integerAttribute(axis) },
  );
}

const partsOf = (session: TensorSession, value: PyValue): readonly Tensor[] => {
  const items =
    value instanceof PyTuple && value.items.length === 1 && sequenceOf(value.items[0]) ? value.items[0] : value;
  return session.py.collect(items).map((item) => asTensor(session, item, 'tensors'));
};

const concat: Apply = (session, tensors, axis) => {
  const parts = partsOf(session, tensors);
  return joined(session, parts, asAxis(session, axis ?? 0, parts[0]?.type.shape.length ?? 1));
};

const stack: Apply = (session, tensors, axis) => {
  const parts = partsOf(session, tensors);
  const at = asAxis(session, axis ?? 0, (parts[0]?.type.shape.length ?? 0) + 1);
  return joined(
    session,
    parts.map((part) => reshaped(session, part, extentsOf(part.type).toSpliced(at, 0, 1))),
    at,
  );
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
  return cutInto(
    session,
    tensor,
    at,
    Array.from({ length: Math.ceil(extent / step) }, (_, part) => Math.min(step, extent - part * step)),
  );
};

/** Equal parts, which must divide the extent. */
const splitEvenly: Apply = (session, x, axis, count) => {
  const tensor = asTensor(session, x, 'input');
  const at = asAxis(session, axis ?? 0, tensor.type.shape.length);
  const [parts, extent] = [asInt(session, count, 'output_num'), extentsOf(tensor.type)[at]];
  if (parts <= 0 || extent % parts !== 0)
    throw valueError(`For 'Split', dimension ${at} has extent ${extent}, which 'output_num' ${parts} does not divide`);
  return cutInto(
    session,
    tensor,
    at,
    Array.from({ length: parts }, () => extent / parts),
  );
};

/** NumPy's array_split: a number of parts, or the positions of the cuts. */
const splitAt: Apply = (session, x, cuts, axis) => {
  const tensor = asTensor(session, x, 'input');
  const at = asAxis(session, axis ?? 0, tensor.type.shape.length);
  const extent = extentsOf(tensor.type)[at];
  if (sequenceOf(cuts)) {
    const positions = [
      0,
      ...asInts(session, cuts, 'indices').map((cut) => Math.min(cut < 0 ? cut + extent : cut, extent)),
      extent,
    ];
    return cutInto(
      session,
      tensor,
      at,
      positions.slice(1).map((end, index) => Math.max(0, end - positions[index])),
    );
  }
  const parts = asInt(session, cuts, 'sections');
  const [small, larger] = [Math.floor(extent / parts), extent % parts];
  return cutInto(
    session,
    tensor,
    at,
    Array.from({ length: parts }, (_, part) => small + (part < larger ? 1 : 0)),
  );
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
  const parts = cutInto(
    session,
    tensor,
    at,
    Array.from({ length: shape[at] }, () => 1),
  );
  return new PyTuple(
    parts.items.map((part) => reshaped(session, asTensor(session, part, 'part'), shape.toSpliced(at, 1))),
  );
};

export const joinApi: readonly ApiRow[] = [
  row(
    'tensors, axis',
    concat,
    `
    ops.concat(tensors, axis=0); ops.cat(tensors, axis=0); ops.Concat(axis=0)(tensors); mnp.concatenate(arrays, axis=0)
    mint.cat(tensors, dim=0); mint.concat(tensors, dim=0)
  `,
  ),
  row(
    'tensors, axis',
    stack,
    `
    ops.stack(tensors, axis=0); ops.Stack(axis=0)(tensors); ops.Pack(axis=0)(tensors); mnp.stack(arrays, axis=0); mint.stack(tensors, dim=0)
  `,
  ),
  row(
    'x, size, axis',
    splitBySize,
    `
    ops.split(tensor, split_size_or_sections, axis=0); Tensor.split(split_size_or_sections|split_size, axis|dim=0)
    mint.split(tensor, split_size_or_sections, dim=0)
  `,
  ),
  row('x, axis, count', splitEvenly, `ops.Split(axis=0, output_num=1)(input_x)`),
  row(
    'x, cuts, axis',
    splitAt,
    `
    ops.tensor_split(input, indices_or_sections, axis=0); Tensor.tensor_split(indices_or_sections, axis=0)
    mnp.split(x, indices_or_sections, axis=0); mnp.array_split(x, indices_or_sections, axis=0)
  `,
  ),
  row(
    'x, count, axis',
    chunk,
    `ops.chunk(input, chunks, axis=0); Tensor.chunk(chunks, axis|dim=0); mint.chunk(input, chunks, dim=0)`,
  ),
  row(
    'x, axis',
    unstack,
    `
    ops.unstack(input_x, axis=0); ops.Unstack(axis=0, num:_=None)(x); ops.Unpack(axis=0)(x); ops.unbind(input, dim=0)
    Tensor.unbind(dim=0); mint.unbind(input, dim=0)
  `,
  ),
  row('tensors', prelude('array.vstack'), `ops.vstack(inputs); mnp.vstack(tup); ops.row_stack(tensors)`),
  row('tensors', prelude('array.hstack'), `ops.hstack(tensors); mnp.hstack(tup)`),
];

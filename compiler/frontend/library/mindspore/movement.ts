/** Repeating, turning, padding and slicing. */
import { floatAttribute, integerAttribute, integersAttribute, stringAttribute } from '../../../ir/index.ts';
import { ellipsis, PySlice, PyTuple, valueError, type PyValue } from '../../eval/index.ts';
import type { TensorSession } from '../../trace/session.ts';
import { extentsOf, type Tensor } from '../../trace/tensor.ts';
import { asAxes, asAxis, asInt, asInts, asNumber, asShape, asTensor } from './arguments.ts';
import { reshaped } from './shape.ts';
import { sliceAxes } from './slice.ts';
import { prelude, row, type ApiRow, type Apply } from './table.ts';

const tile: Apply = (session, x, repeats) => {
  const counts = asShape(session, repeats, 'dims');
  const tensor = asTensor(session, x, 'input');
  const rank = Math.max(counts.length, tensor.type.shape.length);
  const source = reshaped(session, tensor, [
    ...Array.from({ length: rank - tensor.type.shape.length }, () => 1),
    ...extentsOf(tensor.type),
  ]);
  const whole = [...Array.from({ length: rank - counts.length }, () => 1), ...counts];
  return whole.every((count) => count === 1)
    ? source
    : session.op('ms.tile', [source], { repeats: integersAttribute(whole) });
};

/** Every element repeated; without an axis of the flattened tensor. */
const repeat: Apply = (session, x, count, axis) => {
  const tensor = asTensor(session, x, 'input');
  const source = axis === null ? reshaped(session, tensor, [-1]) : tensor;
  const at = asAxis(session, axis ?? 0, source.type.shape.length);
  const counts = asInts(session, count, 'repeats');
  if (counts.length === 1)
    return session.op('ms.repeat', [source], { axis: integerAttribute(at), count: integerAttribute(counts[0]) });
  const indices = counts.flatMap((times, index) => Array.from({ length: times }, () => index));
  const at_ = asTensor(session, new PyTuple(indices), 'repeats', 'i64');
  return session.op('ms.gather', [source, at_], { axis: integerAttribute(at) });
};

/** `Tensor.repeat`: with an axis NumPy's meaning, else whole copies. */
const repeatMethod: Apply = (session, x, repeats, axis) => {
  if (axis !== null)
    return repeat(
      session,
      x,
      repeats instanceof PyTuple && repeats.items.length === 1 ? repeats.items[0] : repeats,
      axis,
    );
  if (repeats instanceof PyTuple && repeats.items.length === 2 && repeats.items[1] === null)
    return repeat(session, x, repeats.items[0], null);
  return tile(session, x, repeats);
};

const flip: Apply = (session, x, axis) => {
  const tensor = asTensor(session, x, 'input');
  return session.op('ms.reverse', [tensor], {
    axes: integersAttribute(asAxes(session, axis, tensor.type.shape.length)),
  });
};

const roll: Apply = (session, x, shifts, dims) => {
  const tensor = asTensor(session, x, 'input');
  const amounts = asInts(session, shifts, 'shifts');
  if (dims === null) {
    const flat = session.op('ms.roll', [reshaped(session, tensor, [-1])], {
      axis: integerAttribute(0),
      shift: integerAttribute(amounts[0]),
    });
    return reshaped(session, flat, extentsOf(tensor.type));
  }
  const axes = asInts(session, dims, 'dims').map((axis) => asAxis(session, axis, tensor.type.shape.length));
  return axes.reduce(
    (rolled, axis, index) =>
      session.op('ms.roll', [rolled], {
        axis: integerAttribute(axis),
        shift: integerAttribute(amounts[index] ?? amounts[0]),
      }),
    tensor,
  );
};

const PAD_MODES: Readonly<Record<string, string>> = {
  constant: 'constant',
  reflect: 'reflect',
  symmetric: 'symmetric',
  replicate: 'edge',
  edge: 'edge',
};

/** Pads by (before, after) of each dimension; negative amounts cut. */
function padded(
  session: TensorSession,
  x: Tensor,
  pairs: readonly (readonly [number, number])[],
  mode: string,
  value: number,
): Tensor {
  const op = PAD_MODES[mode.toLowerCase()];
  if (op === undefined) throw valueError(`For 'pad', the mode '${mode}' is not supported by this version of msc`);
  const extents = extentsOf(x.type);
  const cut = pairs.some(([low, high]) => low < 0 || high < 0)
    ? sliceAxes(
        session,
        x,
        extents.map((extent, axis) => ({
          axis,
          begin: Math.max(0, -pairs[axis][0]),
          end: extent - Math.max(0, -pairs[axis][1]),
          step: 1,
        })),
      )
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
  if (amounts.length % 2 !== 0 || amounts.length > 2 * rank)
    throw valueError(`For 'pad', the padding (${amounts.join(', ')}) does not fit a tensor of rank ${rank}`);
  const pairs = tensor.type.shape.map((_, axis): readonly [number, number] => {
    const at = 2 * (rank - 1 - axis);
    return at < amounts.length ? [amounts[at], amounts[at + 1]] : [0, 0];
  });
  return padded(
    session,
    tensor,
    pairs,
    typeof mode === 'string' ? mode : 'constant',
    value === null ? 0 : asNumber(session, value, 'value'),
  );
};

/** Amounts by dimension: ((before, after), …). */
const padByDimension: Apply = (session, x, paddings, mode, value) => {
  const tensor = asTensor(session, x, 'input_x');
  const pairs = session.py.collect(paddings).map((pair): readonly [number, number] => {
    const [low, high] = asInts(session, pair, 'paddings');
    return [low, high];
  });
  if (pairs.length !== tensor.type.shape.length)
    throw valueError(
      `For 'Pad', paddings has ${pairs.length} pairs, the rank of the input is ${tensor.type.shape.length}`,
    );
  return padded(
    session,
    tensor,
    pairs,
    typeof mode === 'string' ? mode : 'constant',
    value === null ? 0 : asNumber(session, value, 'value'),
  );
};

const narrow: Apply = (session, x, axis, start, length) => {
  const tensor = asTensor(session, x, 'input');
  const begin = asInt(session, start, 'start');
  return sliceAxes(session, tensor, [
    {
      axis: asAxis(session, axis, tensor.type.shape.length),
      begin,
      end: begin + asInt(session, length, 'length'),
      step: 1,
    },
  ]);
};

/** `slice(x, begin, size)`; size -1 reaches to the end. */
const sliceBySize: Apply = (session, x, begin, size) => {
  const tensor = asTensor(session, x, 'input_x');
  const [begins, sizes, extents] = [
    asInts(session, begin, 'begin'),
    asInts(session, size, 'size'),
    extentsOf(tensor.type),
  ];
  return sliceAxes(
    session,
    tensor,
    extents.map((extent, axis) => ({
      axis,
      begin: begins[axis],
      end: sizes[axis] === -1 ? extent : begins[axis] + sizes[axis],
      step: 1,
    })),
  );
};

/** The masks say by bits which entries of begin, end and strides mean something else: they become a Python index. */
const stridedSlice: Apply = (session, x, begin, end, strides, ...masks) => {
  const [begins, ends, steps] = [begin, end, strides].map((value, at) =>
    asInts(session, value, ['begin', 'end', 'strides'][at]),
  );
  const [beginMask, endMask, ellipsisMask, newMask, shrinkMask] = masks.map((mask) =>
    mask === null ? 0 : asInt(session, mask, 'mask'),
  );
  const index = begins.map((first, at): PyValue => {
    const bit = 1 << at;
    if (ellipsisMask & bit) return ellipsis;
    if (newMask & bit) return null;
    if (shrinkMask & bit) return first;
    return new PySlice(beginMask & bit ? null : first, endMask & bit ? null : ends[at], steps[at] ?? 1);
  });
  return session.py.getItem(asTensor(session, x, 'input_x'), new PyTuple(index));
};

export const movementApi: readonly ApiRow[] = [
  row(
    'x, repeats',
    tile,
    `
    ops.tile(input, dims); ops.Tile()(input, dims); Tensor.tile(*reps); mnp.tile(a, reps); mint.tile(input, dims)
  `,
  ),
  row(
    'x, count, axis',
    repeat,
    `
    ops.repeat_interleave(input, repeats, axis=None); ops.repeat_elements(x, rep, axis=0); Tensor.repeat_interleave(repeats, dim=None)
    mnp.repeat(a, repeats, axis=None); mint.repeat_interleave(input, repeats, dim=None)
  `,
  ),
  row('x, repeats, axis', repeatMethod, `Tensor.repeat(*repeats, axis=None)`),
  row(
    'x, axis',
    flip,
    `
    ops.flip(input, dims); ops.ReverseV2(axis)(input); ops.reverse(x, axis); Tensor.flip(dims); mnp.flip(m, axis=None)
    mint.flip(input, dims)
  `,
  ),
  row(
    'x, shifts, dims',
    roll,
    `
    ops.roll(input, shifts, dims=None); ops.Roll(shifts, dims=None)(input); Tensor.roll(shifts, dims=None); mnp.roll(a, shift, axis=None)
    mint.roll(input, shifts, dims=None)
  `,
  ),
  row(
    'x, padding, mode, value',
    padFromLast,
    `
    ops.pad(input_x, padding, mode='constant', value=None); functional.pad(input, pad, mode='constant', value=0.0)
  `,
  ),
  row(
    'x, paddings, mode, value',
    padByDimension,
    `
    ops.Pad(paddings)(input_x); ops.MirrorPad(mode='REFLECT')(input_x, paddings); mnp.pad(arr, pad_width, mode='constant', stat_length:_=None, constant_values:value=0, end_values:_=0, reflect_type:_='even', **kwargs:_)
    ops.mirror_pad(input_x, paddings, mode); ops.PadV3(mode='constant', paddings_contiguous:_=True)(x, paddings, constant_values:value=None)
  `,
  ),
  row(
    'x, axis, start, length',
    narrow,
    `ops.narrow(input, axis, start, length); Tensor.narrow(dim, start, length); mint.narrow(input, dim, start, length)`,
  ),
  row(
    'x, begin, end, strides, begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask',
    stridedSlice,
    `
    ops.strided_slice(input_x, begin, end, strides, begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0)
    ops.StridedSlice(begin_mask=0, end_mask=0, ellipsis_mask=0, new_axis_mask=0, shrink_axis_mask=0)(input_x, begin, end, strides)
  `,
  ),
  row('x, begin, size', sliceBySize, `ops.slice(input_x, begin, size); ops.Slice()(input, begin, size)`),
  row(
    'x, size',
    prelude('array.diag'),
    `ops.diag(input); ops.Diag()(input); mnp.diag(v, k=0); Tensor.diag(diagonal=0)`,
  ),
  row(
    'inputs, indexing',
    prelude('array.meshgrid'),
    `ops.meshgrid(*inputs, indexing='xy'); ops.Meshgrid(indexing='xy')(inputs); mnp.meshgrid(*xi, sparse:_=False, indexing='xy')`,
  ),
  row(
    'x, kernel, strides, rates, padding',
    prelude('array.extract_image_patches'),
    `
    ops._extract_image_patches(input_x, ksizes, strides, rates, padding='valid')
  `,
  ),
  row(
    'x, kernel, dilation, padding, stride',
    prelude('array.unfold'),
    `
    ops.unfold(input, kernel_size, dilation=1, padding=0, stride=1); functional.unfold(input, kernel_size, dilation=1, padding=0, stride=1)
  `,
  ),
  row('x, size', prelude('array.space_to_depth'), `ops.SpaceToDepth(block_size)(x)`),
  row('x, size', prelude('array.depth_to_space'), `ops.DepthToSpace(block_size)(x)`),
  row('x, factor', prelude('array.pixel_shuffle'), `ops.pixel_shuffle(input, upscale_factor)`),
  row('x, factor', prelude('array.pixel_unshuffle'), `ops.pixel_unshuffle(input, downscale_factor)`),
  row('x, groups', prelude('array.channel_shuffle'), `ops.channel_shuffle(x, groups)`),
];

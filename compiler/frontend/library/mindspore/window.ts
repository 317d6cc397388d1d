/** Convolutions, poolings and resizing of NCHW tensors: MindSpore's padding modes as explicit pads. */
import { boolAttribute, integerAttribute, integersAttribute, stringAttribute } from '../../../ir/index.ts';
import { valueError, type PyValue } from '../../eval/index.ts';
import type { TensorSession } from '../../trace/session.ts';
import { extentsOf, type Tensor } from '../../trace/tensor.ts';
import { traceDiagnostics } from '../../trace/diagnostics.ts';
import { asBool, asInt, asInts, asPair, asString, asTensor, sequenceOf } from './arguments.ts';
import { floated, unify } from './promote.ts';
import { prelude, row, type Apply, type ApiRow } from './table.ts';

type Pair = readonly [number, number];

/** [top, bottom, left, right]. */
type Pads = readonly [number, number, number, number];

/** `same` makes as many windows as strides fit into x, the odd element at the end. */
function samePads(extents: Pair, kernel: Pair, strides: Pair, dilations: Pair): Pads {
  const along = (axis: 0 | 1): Pair => {
    const reach = dilations[axis] * (kernel[axis] - 1) + 1;
    const total = Math.max(0, (Math.ceil(extents[axis] / strides[axis]) - 1) * strides[axis] + reach - extents[axis]);
    return [Math.floor(total / 2), total - Math.floor(total / 2)];
  };
  return [...along(0), ...along(1)];
}

/** An int for all sides, two for vertical and horizontal, or four. */
function explicitPads(session: TensorSession, value: PyValue, label: string): Pads {
  const pads = asInts(session, value, label);
  if (pads.length === 1) return [pads[0], pads[0], pads[0], pads[0]];
  if (pads.length === 2) return [pads[0], pads[0], pads[1], pads[1]];
  if (pads.length === 4) return [pads[0], pads[1], pads[2], pads[3]];
  throw valueError(`'${label}' must be an int or two or four ints, but got ${pads.length}`);
}

function padsOf(
  session: TensorSession,
  owner: string,
  mode: PyValue,
  pad: PyValue,
  extents: Pair,
  kernel: Pair,
  strides: Pair,
  dilations: Pair,
): Pads {
  const word = asString(mode ?? 'valid', 'pad_mode').toLowerCase();
  const given = pad === null ? ([0, 0, 0, 0] as const) : explicitPads(session, pad, 'padding');
  if (word === 'pad') return given;
  if (given.some((amount) => amount !== 0))
    throw valueError(`For '${owner}', the padding must be 0 when pad_mode is '${word}', but got (${given.join(', ')})`);
  if (word === 'valid') return [0, 0, 0, 0];
  if (word === 'same') return samePads(extents, kernel, strides, dilations);
  throw valueError(`For '${owner}', the pad_mode must be 'valid', 'same' or 'pad', but got '${word}'`);
}

function spatial(session: TensorSession, owner: string, x: Tensor): Pair {
  const extents = extentsOf(x.type);
  if (extents.length !== 4) {
    session.stop(
      traceDiagnostics.operandsDoNotFit,
      [owner, `rank of x is ${extents.length}, expected 4 (NCHW)`],
      [`x: ${x.type.key}`],
    );
  }
  return [extents[2], extents[3]];
}

const requireChannelsFirst = (session: TensorSession, format: PyValue): void => {
  if (format !== null && format !== 'NCHW')
    session.stop(traceDiagnostics.unsupportedUse, [`data_format ${session.py.repr(format)}`]);
};

const windowAttributes = (strides: Pair, pads: Pads, dilations: Pair) => ({
  strides: integersAttribute(strides),
  pads: integersAttribute(pads),
  dilations: integersAttribute(dilations),
});

/** `Conv2D(…)(x, weight)`; the kernel is that of the weight. */
const conv2d: Apply = (session, x, weight, padMode, pad, stride, dilation, group, format) => {
  requireChannelsFirst(session, format);
  const [input, filter] = unify(session, [x, weight], ['x', 'weight']);
  const [extents, kernel] = [spatial(session, 'conv2d', input), spatial(session, 'conv2d', filter)];
  const [strides, dilations] = [asPair(session, stride ?? 1, 'stride'), asPair(session, dilation ?? 1, 'dilation')];
  const pads = padsOf(session, 'Conv2D', padMode, pad, extents, kernel, strides, dilations);
  return session.op('ms.conv2d', [input, filter], {
    ...windowAttributes(strides, pads, dilations),
    group: integerAttribute(asInt(session, group ?? 1, 'group')),
  });
};

const conv2dFunction: Apply = (session, x, weight, bias, stride, padMode, padding, dilation, groups) => {
  const strings = typeof padding === 'string';
  const plain = conv2d(
    session,
    x,
    weight,
    strings ? padding : padMode,
    strings ? 0 : padding,
    stride,
    dilation,
    groups,
    null,
  );
  return bias === null
    ? plain
    : session.py.call(session.py.getAttribute(session.py.importModule('mindspore.ops'), 'bias_add'), [plain, bias]);
};

/** The transpose of the convolution that would bring `size` to the extents of x. */
const conv2dTranspose: Apply = (session, x, weight, size, padMode, pad, stride, dilation, group, format) => {
  requireChannelsFirst(session, format);
  const [input, filter] = unify(session, [x, weight], ['x', 'weight']);
  const [extents, kernel] = [spatial(session, 'conv2d_transpose', input), spatial(session, 'conv2d_transpose', filter)];
  const [strides, dilations] = [asPair(session, stride ?? 1, 'stride'), asPair(session, dilation ?? 1, 'dilation')];
  const [, , height, width] = asInts(session, size, 'input_size');
  const pads = padsOf(session, 'Conv2DTranspose', padMode, pad, [height, width], kernel, strides, dilations);
  const extra = ([0, 1] as const).map((axis) => {
    const natural =
      (extents[axis] - 1) * strides[axis] +
      dilations[axis] * (kernel[axis] - 1) +
      1 -
      pads[2 * axis] -
      pads[2 * axis + 1];
    return [height, width][axis] - natural;
  });
  return session.op('ms.conv2d_transpose', [input, filter], {
    ...windowAttributes(strides, pads, dilations),
    group: integerAttribute(asInt(session, group ?? 1, 'group')),
    output_pads: integersAttribute(extra),
  });
};

function poolAttributes(kernel: Pair, strides: Pair, pads: Pads, dilations: Pair, ceil: boolean) {
  return {
    kernel: integersAttribute(kernel),
    ...windowAttributes(strides, pads, dilations),
    ceil_mode: boolAttribute(ceil),
  };
}

const maxPoolPrimitive: Apply = (session, x, kernel, strides, padMode, format) => {
  requireChannelsFirst(session, format);
  const tensor = asTensor(session, x, 'x');
  const [window, steps] = [asPair(session, kernel ?? 1, 'kernel_size'), asPair(session, strides ?? 1, 'strides')];
  const pads = padsOf(session, 'MaxPool', padMode, null, spatial(session, 'max_pool2d', tensor), window, steps, [1, 1]);
  return session.op('ms.max_pool2d', [tensor], poolAttributes(window, steps, pads, [1, 1], false));
};

/** With `same` the padding does not count in the mean. */
const avgPoolPrimitive: Apply = (session, x, kernel, strides, padMode, format) => {
  requireChannelsFirst(session, format);
  const tensor = floated(session, asTensor(session, x, 'x'));
  const [window, steps] = [asPair(session, kernel ?? 1, 'kernel_size'), asPair(session, strides ?? 1, 'strides')];
  const pads = padsOf(session, 'AvgPool', padMode, null, spatial(session, 'avg_pool2d', tensor), window, steps, [1, 1]);
  return session.op('ms.avg_pool2d', [tensor], {
    ...poolAttributes(window, steps, pads, [1, 1], false),
    count_include_pad: boolAttribute(false),
  });
};

const maxPool2d: Apply = (session, x, kernel, stride, padding, dilation, returnIndices, ceil) => {
  if (asBool(session, returnIndices, 'return_indices'))
    session.stop(traceDiagnostics.unsupportedUse, ['max_pool2d with return_indices']);
  const tensor = asTensor(session, x, 'x');
  spatial(session, 'max_pool2d', tensor);
  const window = asPair(session, kernel, 'kernel_size');
  const steps = stride === null ? window : asPair(session, stride, 'stride');
  const pads = explicitPads(session, padding ?? 0, 'padding');
  return session.op(
    'ms.max_pool2d',
    [tensor],
    poolAttributes(window, steps, pads, asPair(session, dilation ?? 1, 'dilation'), asBool(session, ceil, 'ceil_mode')),
  );
};

const avgPool2d: Apply = (session, x, kernel, stride, padding, ceil, countPad, divisor) => {
  const tensor = floated(session, asTensor(session, x, 'x'));
  spatial(session, 'avg_pool2d', tensor);
  const window = asPair(session, kernel ?? 1, 'kernel_size');
  const steps = stride === null ? window : asPair(session, stride, 'stride');
  const pads = explicitPads(session, padding ?? 0, 'padding');
  const override = divisor === null ? 0 : asInt(session, divisor, 'divisor_override');
  const attributes = {
    ...poolAttributes(window, steps, pads, [1, 1], asBool(session, ceil, 'ceil_mode')),
    count_include_pad: boolAttribute(
      override !== 0 || countPad === null || asBool(session, countPad, 'count_include_pad'),
    ),
  };
  const mean = session.op('ms.avg_pool2d', [tensor], attributes);
  if (override === 0) return mean;
  return session.op('ms.mul', [mean, session.scalar((window[0] * window[1]) / override, tensor.type.dtype)]);
};

/** None keeps an extent. */
function adaptiveSize(session: TensorSession, size: PyValue, extents: Pair): Pair {
  const items = sequenceOf(size) ?? [size, size];
  const [height, width] = items.map((item, axis) =>
    item === null ? extents[axis] : asInt(session, item, 'output_size'),
  );
  return [height, width ?? height];
}

const adaptiveAvgPool2d: Apply = (session, x, size) => {
  const tensor = floated(session, asTensor(session, x, 'input'));
  const rank = tensor.type.shape.length;
  const batched = rank === 3 ? session.py.callMethod(tensor, 'expand_dims', [0]) : tensor;
  const input = asTensor(session, batched, 'input');
  const target = adaptiveSize(session, size, spatial(session, 'adaptive_avg_pool2d', input));
  const result = session.op('ms.adaptive_avg_pool2d', [input], { size: integersAttribute(target) });
  return rank === 3 ? session.py.callMethod(result, 'squeeze', [0]) : result;
};

const resize: Apply = (session, x, size, kind, coordinates) => {
  const tensor = floated(session, asTensor(session, x, 'input'));
  spatial(session, 'resize', tensor);
  return session.op(`ms.resize_${asString(kind, 'kind')}`, [tensor], {
    size: integersAttribute(asInts(session, size, 'size')),
    coordinates: stringAttribute(asString(coordinates, 'coordinates')),
  });
};

const coordinatesOf = (session: TensorSession, alignCorners: PyValue, halfPixel: PyValue): string =>
  asBool(session, alignCorners, 'align_corners')
    ? 'align_corners'
    : asBool(session, halfPixel, 'half_pixel_centers')
      ? 'half_pixel'
      : 'asymmetric';

const resizeAs =
  (kind: string): Apply =>
  (session, x, size, alignCorners, halfPixel) =>
    resize(session, x, size, kind, coordinatesOf(session, alignCorners, halfPixel));

export const windowApi: readonly ApiRow[] = [
  row(
    'x, weight, pad_mode, pad, stride, dilation, group, format',
    conv2d,
    `
    ops.Conv2D(out_channel:_, kernel_size:_, mode:_=1, pad_mode:pad_mode='valid', pad:pad=0, stride:stride=1, dilation:dilation=1, group:group=1, data_format:format='NCHW')(x, weight)
  `,
  ),
  row(
    'x, weight, bias, stride, pad_mode, padding, dilation, groups',
    conv2dFunction,
    `
    ops.conv2d(input, weight, bias=None, stride=1, pad_mode='valid', padding=0, dilation=1, groups=1)
  `,
  ),
  row(
    'x, weight, bias, stride, padding, dilation, groups',
    (session, x, weight, bias, stride, padding, dilation, groups) =>
      conv2dFunction(session, x, weight, bias, stride, 'pad', padding, dilation, groups),
    `
    functional.conv2d(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1)
  `,
  ),
  row(
    'x, weight, size, pad_mode, pad, stride, dilation, group, format',
    conv2dTranspose,
    `
    ops.Conv2DTranspose(out_channel:_, kernel_size:_, pad_mode:pad_mode='valid', pad:pad=0, pad_list:_=None, mode:_=1, stride:stride=1, dilation:dilation=1, group:group=1, data_format:format='NCHW')(x, weight, size)
    ops.Conv2DBackpropInput(out_channel:_, kernel_size:_, pad_mode:pad_mode='valid', pad:pad=0, pad_list:_=None, mode:_=1, stride:stride=1, dilation:dilation=1, group:group=1, data_format:format='NCHW')(x, weight, size)
  `,
  ),
  row(
    'x, kernel, strides, pad_mode, format',
    maxPoolPrimitive,
    `ops.MaxPool(kernel_size=1, strides=1, pad_mode='valid', data_format='NCHW')(x)`,
  ),
  row(
    'x, kernel, strides, pad_mode, format',
    avgPoolPrimitive,
    `ops.AvgPool(kernel_size=1, strides=1, pad_mode='VALID', data_format='NCHW')(x)`,
  ),
  row(
    'x, kernel, stride, padding, dilation, return_indices, ceil_mode',
    maxPool2d,
    `
    ops.max_pool2d(x, kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False)
    functional.max_pool2d(input, kernel_size, stride=None, padding=0, dilation=1, *, ceil_mode:ceil_mode=False, return_indices:return_indices=False)
  `,
  ),
  row(
    'x, kernel, stride, padding, ceil_mode, count_include_pad, divisor',
    avgPool2d,
    `
    ops.avg_pool2d(input_x, kernel_size=1, stride=1, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=0)
    functional.avg_pool2d(input, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None)
  `,
  ),
  row(
    'x, size',
    adaptiveAvgPool2d,
    `
    ops.adaptive_avg_pool2d(input, output_size); ops.AdaptiveAvgPool2D(output_size)(input); functional.adaptive_avg_pool2d(input, output_size)
  `,
  ),
  row(
    'x, size, return_indices',
    prelude('image.adaptive_max_pool2d'),
    `
    ops.adaptive_max_pool2d(input, output_size, return_indices=False); ops.AdaptiveMaxPool2D(output_size)(input)
  `,
  ),
  row('x, size, kind, coordinates', resize, `ops._resize(x, size, kind, coordinates)`),
  row(
    'x, size, align_corners, half_pixel',
    resizeAs('bilinear'),
    `
    ops.ResizeBilinearV2(align_corners=False, half_pixel_centers=False)(image, size)
    ops.ResizeBilinear(size, align_corners=False, half_pixel_centers=False)(x)
  `,
  ),
  row(
    'x, size, align_corners, half_pixel',
    resizeAs('nearest'),
    `
    ops.ResizeNearestNeighbor(size, align_corners=False, half_pixel_centers=False)(input_x)
    ops.ResizeNearestNeighborV2(align_corners=False, half_pixel_centers=False)(image, size)
  `,
  ),
  row(
    'x, size, align_corners, half_pixel',
    resizeAs('bicubic'),
    `ops.ResizeBicubic(align_corners=False, half_pixel_centers=False)(image, size)`,
  ),
  row(
    'x, size, scale_factor, mode, align_corners, recompute',
    prelude('image.interpolate'),
    `
    ops.interpolate(input, size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None)
    ops.upsample(input, size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None)
    functional.interpolate(input, size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None)
  `,
  ),
];

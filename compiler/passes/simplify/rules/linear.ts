/** Rules of products, convolutions, normalizations and windows: transposes, biases and paddings move into them. */
import type { Absent, Operation, Value } from '../../../ir/index.ts';
import {
  absent,
  boolAttribute,
  boolOf,
  definingOperation,
  floatOf,
  integersAttribute,
  integersOf,
  stringOf,
  tensorType,
} from '../../../ir/index.ts';
import type { convOps, matmulOps, normOps, poolOps, resizeOps, Emitter } from '../../../ir/ops/index.ts';
import type { Pattern } from '../../rewrite/index.ts';
import { attributesOf, emitterOf, identityIf, madeBy, pattern, splatOf, typeOf } from './match.ts';

type Rows<Names extends string> = Readonly<Record<Names, readonly Pattern[] | Absent>>;

/** Swaps the last two dimensions and nothing else. */
function swapsMatrix(op: Operation): boolean {
  const permutation = integersOf(op.attributes, 'permutation');
  const rank = permutation.length;
  return (
    rank >= 2 &&
    permutation.every((axis, at) => axis === (at === rank - 1 ? rank - 2 : at === rank - 2 ? rank - 1 : at))
  );
}

const transposedOperand = pattern('product of a transposed matrix', (op, rewriter) => {
  const at = op.operands.findIndex((operand) => {
    const inner = madeBy(operand, 'ms.transpose');
    return inner !== null && swapsMatrix(inner);
  });
  const inner = at < 0 ? null : madeBy(op.operands[at], 'ms.transpose');
  if (!inner) return op.operands.some(isTransposed) ? rewriter.misses(() => otherTransposes(op)) : null;
  const flag = at === 0 ? 'transpose_a' : 'transpose_b';
  const attributes = attributesOf(op, { [flag]: boolAttribute(!boolOf(op.attributes, flag)) });
  return [emitterOf(rewriter).op(op.name, op.operands.with(at, inner.operands[0]), attributes)];
});

const isTransposed = (value: Value): boolean => madeBy(value, 'ms.transpose') !== null;

const otherTransposes = (op: Operation): string => {
  const orders = op.operands.flatMap((operand) => {
    const inner = madeBy(operand, 'ms.transpose');
    return inner ? [`[${integersOf(inner.attributes, 'permutation').join(', ')}]`] : [];
  });
  return `permutation ${orders.join(' and ')} does more than exchange the last two dimensions`;
};

/** A batch of one matrix on each side is a plain product. */
const withoutBatch = pattern('batch_matmul of two matrices', (op, rewriter) => {
  const plain = op.operands.every((operand) => typeOf(operand).shape.length === 2);
  return plain ? [emitterOf(rewriter).op('ms.matmul', op.operands, attributesOf(op))] : null;
});

/** The bias of an add to a product, if it is a vector along the last dimension of the result. */
function vectorOf(value: Value, extent: number | string): Value | null {
  const { shape } = typeOf(value);
  return shape.length === 1 && shape[0] === extent ? value : null;
}

const addToDense = pattern('bias of dense', (op, rewriter) => {
  for (const [at, operand] of op.operands.entries()) {
    const dense = denseOf(operand);
    const bias = dense && vectorOf(op.operands[1 - at], typeOf(dense.weight).shape[0]);
    if (!dense || !bias) continue;
    rewriter.absorb(dense.product);
    return [emitterOf(rewriter).op('ms.dense', [dense.x, dense.weight, bias])];
  }
  const product = op.operands.find((operand) => isProduct(operand));
  return product ? rewriter.misses(() => whyNoBias(op, product)) : null;
});

/** A product that a bias could move into, if nobody else used it. */
function isProduct(value: Value): boolean {
  const op = definingOperation(value);
  return op?.operands.length === 2 && (op.name === 'ms.dense' || op.name === 'ms.matmul');
}

/** Why what is added to a product stays outside of it. */
function whyNoBias(op: Operation, product: Value): string {
  if (product.uses !== 1) return `the product has ${product.uses} uses, and its other users need it without the addend`;
  if (denseOf(product) === null) return "the product is not x times a transposed matrix, which 'ms.dense' is";
  const addend = op.operands.find((operand) => operand !== product) ?? product;
  const extent = typeOf(product).shape.at(-1) ?? 1;
  return `the addend has the shape [${typeOf(addend).shape.join(', ')}], no vector of ${extent} elements`;
}

/** x · weightᵀ that nobody else uses, as dense or as matmul. */
function denseOf(value: Value): { readonly product: Operation; readonly x: Value; readonly weight: Value } | null {
  const op = definingOperation(value);
  if (!op || value.uses !== 1 || op.operands.length !== 2) return null;
  const [x, weight] = op.operands;
  if (op.name === 'ms.dense') return { product: op, x, weight };
  const isDense =
    op.name === 'ms.matmul' && !boolOf(op.attributes, 'transpose_a') && boolOf(op.attributes, 'transpose_b');
  return isDense ? { product: op, x, weight } : null;
}

/** The vector that a [o, 1, 1] or [1, o, 1, 1] value reshapes or is a splat of. */
function channelVector(emit: Emitter, value: Value, channels: number | string): Value | null {
  const { shape, dtype } = typeOf(value);
  const inner = shape.length === 4 && shape[0] === 1 ? shape.slice(1) : shape;
  if (inner.length !== 3 || inner[0] !== channels || inner[1] !== 1 || inner[2] !== 1) return null;
  return emit.stated('ms.reshape', [value], tensorType([channels], dtype));
}

const addToConvolution = pattern('bias of conv2d', (op, rewriter) => {
  for (const [at, operand] of op.operands.entries()) {
    const conv = operand.uses === 1 ? (madeBy(operand, 'ms.conv2d') ?? madeBy(operand, 'ms.conv2d_transpose')) : null;
    if (!conv || conv.operands.length !== 2) continue;
    const emit = emitterOf(rewriter);
    const bias = channelVector(emit, op.operands[1 - at], typeOf(operand).shape[1]);
    if (!bias) continue;
    rewriter.absorb(conv);
    return [emit.op(conv.name, [...conv.operands, bias], attributesOf(conv))];
  }
  const map = op.operands.find(isConvolution);
  return map ? rewriter.misses(() => whyNoChannelBias(op, map)) : null;
});

const isConvolution = (value: Value): boolean =>
  (madeBy(value, 'ms.conv2d') ?? madeBy(value, 'ms.conv2d_transpose')) !== null;

/** Why what is added to a convolution stays outside of it. */
function whyNoChannelBias(op: Operation, map: Value): string {
  if (map.uses !== 1) return `the convolution has ${map.uses} uses, and its other users need it without the addend`;
  if (definingOperation(map)?.operands.length === 3) return 'the convolution has a bias already';
  const addend = op.operands.find((operand) => operand !== map) ?? map;
  return `the addend has the shape [${typeOf(addend).shape.join(', ')}], not one number for each output channel`;
}

/** Zero padding of rows and columns only moves into the window. */
const padIntoConvolution = pattern('conv2d of pad', (op, rewriter) => {
  const pad = madeBy(op.operands[0], 'ms.pad');
  if (!pad) return null;
  if (stringOf(pad.attributes, 'mode') !== 'constant' || floatOf(pad.attributes, 'value') !== 0)
    return rewriter.misses(() => 'the convolution pads with zeros, and this padding writes something else');
  const [low, high] = [integersOf(pad.attributes, 'low'), integersOf(pad.attributes, 'high')];
  if (low[0] + low[1] + high[0] + high[1] > 0)
    return rewriter.misses(() => 'the padding also adds images or channels, not only rows and columns');
  const added = [low[2], high[2], low[3], high[3]];
  const pads = integersAttribute(integersOf(op.attributes, 'pads').map((amount, side) => amount + added[side]));
  return [emitterOf(rewriter).op('ms.conv2d', op.operands.with(0, pad.operands[0]), attributesOf(op, { pads }))];
});

/** Values that a call gets or a constant holds: work on them is not work on activations. */
const isParameter = (value: Value): boolean => {
  const op = definingOperation(value);
  return op === null || op.name === 'ms.constant';
};

/**
 * batch_norm(conv2d(x, w, b)) is conv2d(x, w·s, (b - mean)·s + beta) with s = gamma / √(variance + epsilon) along the
 * output channels. All of it is work on parameters.
 */
const normIntoConvolution = pattern('batch_norm of conv2d', (op, rewriter) => {
  const [x, gamma, beta, mean, variance] = op.operands;
  const conv = madeBy(x, 'ms.conv2d');
  if (!conv)
    return rewriter.misses(() => `its input comes from ${definingOperation(x)?.name ?? 'an argument'}, no convolution`);
  if (x.uses !== 1)
    return rewriter.misses(() => `the convolution has ${x.uses} uses, and its other users need it unnormalized`);
  const computed = Object.entries({
    gamma,
    beta,
    mean,
    variance,
    weight: conv.operands[1],
    bias: conv.operands[2],
  }).find(([, value]: readonly [string, Value | undefined]) => value !== undefined && !isParameter(value));
  if (computed)
    return rewriter.misses(
      () => `${computed[0]} is no parameter: ${definingOperation(computed[1])?.name ?? ''} computes it`,
    );
  const [input, weight, bias] = conv.operands;
  const emit = emitterOf(rewriter);
  const { shape, dtype } = typeOf(weight);
  const deviation = emit.op('ms.rsqrt', [
    emit.op('ms.add', [variance, emit.scalar(floatOf(op.attributes, 'epsilon'), dtype)]),
  ]);
  const scale = emit.op('ms.mul', [gamma, deviation]);
  const column = emit.stated('ms.reshape', [scale], tensorType([shape[0], 1, 1, 1], dtype));
  const centred = bias === undefined ? emit.op('ms.neg', [mean]) : emit.op('ms.sub', [bias, mean]);
  const shift = emit.op('ms.add', [emit.op('ms.mul', [centred, scale]), beta]);
  const scaled = emit.op('ms.mul', [weight, column]);
  rewriter.absorb(conv);
  return [emit.op('ms.conv2d', [input, scaled, shift], attributesOf(conv))];
});

const poolsNothing = identityIf('window of one element', (op) =>
  ['kernel', 'strides'].every((name) => integersOf(op.attributes, name).every((extent) => extent === 1)),
);

const sameSize = identityIf('to its own size', () => true);

const poolToOne = pattern('adaptive pooling to one element', (op, rewriter) => {
  if (!integersOf(op.attributes, 'size').every((extent) => extent === 1)) return null;
  return [
    emitterOf(rewriter).op('ms.reduce_mean', op.operands, {
      axes: integersAttribute([2, 3]),
      keep_dims: boolAttribute(true),
    }),
  ];
});

const zeroMask = pattern('attention with a mask of 0', (op, rewriter) => {
  const mask = op.operands[3];
  return mask !== undefined && splatOf(rewriter, mask) === 0
    ? [emitterOf(rewriter).op(op.name, op.operands.slice(0, 3), attributesOf(op))]
    : null;
});

/** Rules of `ms.add` that move the added value into what makes the other operand. */
export const biasRules: readonly Pattern[] = [addToDense, addToConvolution];

export const matmulRules: Rows<keyof typeof matmulOps> = {
  'ms.matmul': [transposedOperand],
  'ms.batch_matmul': [transposedOperand, withoutBatch],
  'ms.dense': absent('the bias moves in from ms.add'),
  'ms.attention': [zeroMask],
};

export const convRules: Rows<keyof typeof convOps> = {
  'ms.conv2d': [padIntoConvolution],
  'ms.conv2d_transpose': absent('no identity is known'),
};

export const poolRules: Rows<keyof typeof poolOps> = {
  'ms.max_pool2d': [poolsNothing],
  'ms.avg_pool2d': [poolsNothing],
  'ms.adaptive_avg_pool2d': [sameSize, poolToOne],
};

export const resizeRules: Rows<keyof typeof resizeOps> = {
  'ms.resize_nearest': [sameSize],
  'ms.resize_bilinear': [sameSize],
  'ms.resize_bicubic': [sameSize],
};

export const normRules: Rows<keyof typeof normOps> = {
  'ms.layer_norm': absent('its statistics are data'),
  'ms.rms_norm': absent('its statistics are data'),
  'ms.batch_norm': [normIntoConvolution],
  'ms.group_norm': absent('its statistics are data'),
};

/** Gradients of convolutions, poolings and resizing. */
import type { Attribute, AttributeMap, Value } from '../../../ir/index.ts';
import { boolAttribute, boolOf, integersAttribute, integersOf } from '../../../ir/index.ts';
import type { convOps, Emitter, poolOps, resizeOps, windowGradientOps } from '../../../ir/ops/index.ts';
import { adaptiveMatrix, denseMatrix, windowPositions, windowsOf } from '../../../ir/ops/index.ts';
import type { Window } from '../../../ir/ops/index.ts';
import { Algebra } from '../algebra.ts';
import { throughParts } from '../parts.ts';
import type { GradCell, GradRule, GradRequest } from '../rule.ts';
import { onlyCotangent, typeOf, wanted } from '../rule.ts';

type Attributes = Readonly<Record<string, Attribute>>;

/** What a convolution, its transpose and its weight gradient have in common. */
const geometry = (attributes: AttributeMap): Attributes =>
  Object.fromEntries([...attributes].filter(([name]) => ['strides', 'pads', 'dilations', 'group'].includes(name)));

const kernelOf = (weight: Value): readonly number[] => typeOf(weight).shape.slice(2).map(Number);

/** What the windows cover of the padded input. */
const spanOf = (window: Window): number =>
  (windowPositions(window) - 1) * window.stride + window.dilation * (window.kernel - 1) + 1;

/** dy spread over an input of the convolution: elements that no window reached come from output pads. */
function spread(emit: Emitter, dy: Value, weight: Value, attributes: AttributeMap, windows: readonly Window[]): Value {
  const behind = windows.map((window) => spanOf(window) - window.padBefore - window.input);
  return emit.op('ms.conv2d_transpose', [dy, weight], {
    ...geometry(attributes),
    pads: integersAttribute(windows.flatMap(({ padBefore }, axis) => [padBefore, Math.max(0, behind[axis])])),
    output_pads: integersAttribute(behind.map((extent) => Math.max(0, -extent))),
  });
}

const weightGradient = (emit: Emitter, x: Value, dy: Value, kernel: readonly number[], attributes: Attributes): Value =>
  emit.op('ms.conv2d_weight_gradient', [x, dy], { ...attributes, kernel: integersAttribute(kernel) });

const biasGradient = (emit: Emitter, dy: Value): Value => new Algebra(emit).sum(dy, [0, 2, 3]);

const convolution: GradRule = (request) => {
  const { emit, op } = request;
  const dy = onlyCotangent(request);
  const [x, weight] = op.operands;
  const kernel = kernelOf(weight);
  return wanted(
    request,
    () => spread(emit, dy, weight, op.attributes, windowsOf(x.type, kernel, op.attributes)),
    () => weightGradient(emit, x, dy, kernel, geometry(op.attributes)),
    () => biasGradient(emit, dy),
  );
};

/** The transpose of the transpose. Output pads beyond a stride would make places that x does not have. */
const transposedConvolution: GradRule = (request) => {
  const { emit, op } = request;
  const [x, weight] = op.operands;
  const dy = withoutOutputPads(request);
  const attributes = geometry(op.attributes);
  return wanted(
    request,
    () => emit.op('ms.conv2d', [dy, weight], attributes),
    () => weightGradient(emit, dy, x, kernelOf(weight), attributes),
    () => biasGradient(emit, onlyCotangent(request)),
  );
};

function withoutOutputPads(request: GradRequest): Value {
  const { emit, op } = request;
  const dy = onlyCotangent(request);
  const strides = integersOf(op.attributes, 'strides');
  const extra = integersOf(op.attributes, 'output_pads');
  if (extra.every((pad, axis) => pad < strides[axis])) return dy;
  const ends = typeOf(dy)
    .shape.slice(2)
    .map((extent, axis) => Number(extent) - extra[axis]);
  return emit.op('ms.slice', [dy], {
    axes: integersAttribute([2, 3]),
    begins: integersAttribute([0, 0]),
    ends: integersAttribute(ends),
    strides: integersAttribute([1, 1]),
  });
}

/** Linear in x and in dy: both gradients are convolutions by the cotangent. */
const ofWeightGradient: GradRule = (request) => {
  const { emit, op } = request;
  const cotangent = onlyCotangent(request);
  const [x, dy] = op.operands;
  const windows = windowsOf(x.type, integersOf(op.attributes, 'kernel'), op.attributes);
  return wanted(
    request,
    () => spread(emit, dy, cotangent, op.attributes, windows),
    () => emit.op('ms.conv2d', [x, cotangent], geometry(op.attributes)),
  );
};

/** Row p is the share of each element of x in place p: 1/n of the n elements that count there. */
function averages(window: Window, countsPads: boolean): readonly (readonly number[])[] {
  const limit = window.input + window.padAfter;
  return Array.from({ length: windowPositions(window) }, (_, place) => {
    const begin = place * window.stride - window.padBefore;
    const taps = Array.from({ length: window.kernel }, (__, tap) => begin + tap * window.dilation);
    const inside = taps.filter((at) => at >= 0 && at < window.input);
    const count = countsPads ? taps.filter((at) => at < limit).length : inside.length;
    return Array.from({ length: window.input }, (__, at) => (inside.includes(at) ? 1 / count : 0));
  });
}

type Matrix = readonly (readonly number[])[];

/** aᵀ · dy · b over the last two dimensions: the gradient of y = a · x · bᵀ. */
function pullBack(emit: Emitter, dy: Value, a: Matrix, b: Matrix): Value {
  const constant = (rows: Matrix) => emit.op('ms.constant', [], { value: denseMatrix(rows, typeOf(dy).dtype) });
  const product = (lhs: Value, rhs: Value, isTurned: boolean) =>
    emit.op('ms.batch_matmul', [lhs, rhs], {
      transpose_a: boolAttribute(isTurned),
      transpose_b: boolAttribute(false),
    });
  return product(product(constant(a), dy, true), constant(b), false);
}

const averagePool: GradRule = (request) => {
  const { emit, op } = request;
  const windows = windowsOf(op.operands[0].type, integersOf(op.attributes, 'kernel'), op.attributes);
  const [a, b] = windows.map((window) => averages(window, boolOf(op.attributes, 'count_include_pad')));
  return [pullBack(emit, onlyCotangent(request), a, b)];
};

const adaptivePool: GradRule = (request) => {
  const { emit, op } = request;
  const dy = onlyCotangent(request);
  const { shape } = typeOf(op.operands[0]);
  const [height, width] = shape.slice(2).map(Number);
  const size = integersOf(op.attributes, 'size');
  if (size.some((extent) => extent !== 1))
    return [pullBack(emit, dy, adaptiveMatrix(height, size[0]), adaptiveMatrix(width, size[1]))];
  const algebra = new Algebra(emit);
  return [algebra.broadcast(algebra.mul(dy, 1 / (height * width)), shape)];
};

const maxPool: GradRule = (request) => [
  request.emit.op(
    'ms.max_pool2d_gradient',
    [request.op.operands[0], onlyCotangent(request)],
    Object.fromEntries(request.op.attributes),
  ),
];

export const convGradients: Readonly<Record<keyof typeof convOps, GradCell>> = {
  'ms.conv2d': convolution,
  'ms.conv2d_transpose': transposedConvolution,
};

export const windowGradients: Readonly<Record<keyof typeof windowGradientOps, GradCell>> = {
  'ms.conv2d_weight_gradient': ofWeightGradient,
  'ms.max_pool2d_gradient': throughParts('ms.max_pool2d_gradient'),
};

export const poolGradients: Readonly<Record<keyof typeof poolOps, GradCell>> = {
  'ms.max_pool2d': maxPool,
  'ms.avg_pool2d': averagePool,
  'ms.adaptive_avg_pool2d': adaptivePool,
};

export const resizeGradients: Readonly<Record<keyof typeof resizeOps, GradCell>> = {
  'ms.resize_nearest': throughParts('ms.resize_nearest'),
  'ms.resize_bilinear': throughParts('ms.resize_bilinear'),
  'ms.resize_bicubic': throughParts('ms.resize_bicubic'),
};

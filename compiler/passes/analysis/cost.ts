/**
 * What an operation costs by its definition, before any fusion: arithmetic operations, and bytes of the tensors it reads and
 * writes. Counting rules: a multiply-add is two operations; every other arithmetic operation, comparison and elementary function
 * (exp, sqrt, erf) in the definition is one; moving, converting and making elements is none.
 */
import type { Operation, Type, Value } from '../../ir/index.ts';
import { dtypeBytes, elementCount, integerOf, integersOf, stringOf } from '../../ir/index.ts';
import { isTensorOp, type TensorOpName } from '../../ir/ops/index.ts';
import { elementsOf, productOf, shapeOf } from './products.ts';

export interface OperationCost {
  readonly flops: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

/** Arithmetic operations of an op. */
type Count = (op: Operation) => number;

const result = (op: Operation): number => (op.results.length === 0 ? 0 : elementsOf(op.results[0]));
const operand = (op: Operation, at = 0): number => elementsOf(op.operands[at]);

const none: Count = () => 0;
/** So many for each element of the first result. */
const each =
  (count: number): Count =>
  (op) =>
    count * result(op);
/** So many for each element of the first operand. */
const eachRead =
  (count: number): Count =>
  (op) =>
    count * operand(op);

/** Products, and one addition for each element of the result where there is a bias. */
const product: Count = (op) => matrixFlops(op) + (op.operands.length > 2 ? result(op) : 0);

/** Both products; of each score the scale, the mask and the softmax (see ms.softmax). */
const attention: Count = (op) => {
  const scores = attentionScores(op);
  return matrixFlops(op) + scores * (op.operands.length > 3 ? 7 : 6);
};

const attentionScores = (op: Operation): number =>
  (result(op) / (shapeOf(op.operands[2]).at(-1) ?? 1)) * (shapeOf(op.operands[1]).at(-2) ?? 1);

const window: Count = (op) => elementCount(integersOf(op.attributes, 'kernel'));

/** A scatter that only writes computes nothing. */
const scattered: Count = (op) => (stringOf(op.attributes, 'reduction') === 'none' ? 0 : operand(op, 2));

const logarithm = (extent: number): number => Math.ceil(Math.log2(Math.max(extent, 1)));

/** Numbers of Philox 4x32-10: ten rounds of ten operations give four; then a scale, or the transform of Box and Muller. */
const PHILOX = 25;

/** Total: an op without a rule does not compile. */
const counts: Readonly<Record<TensorOpName, Count>> = {
  'ms.constant': none,
  'ms.iota': none,
  'ms.neg': each(1),
  'ms.abs': each(1),
  'ms.sign': each(1),
  'ms.square': each(1),
  'ms.sqrt': each(1),
  'ms.rsqrt': each(2),
  'ms.reciprocal': each(1),
  'ms.exp': each(1),
  'ms.expm1': each(1),
  'ms.log': each(1),
  'ms.log1p': each(1),
  'ms.sin': each(1),
  'ms.cos': each(1),
  'ms.tan': each(1),
  'ms.asin': each(1),
  'ms.acos': each(1),
  'ms.atan': each(1),
  'ms.sinh': each(1),
  'ms.cosh': each(1),
  'ms.tanh': each(1),
  'ms.asinh': each(1),
  'ms.acosh': each(1),
  'ms.atanh': each(1),
  'ms.erf': each(1),
  'ms.floor': each(1),
  'ms.ceil': each(1),
  'ms.round': each(1),
  'ms.trunc': each(1),
  'ms.logical_not': each(1),
  'ms.bitwise_not': each(1),
  'ms.isnan': each(1),
  'ms.isinf': each(1),
  'ms.isfinite': each(1),
  'ms.clamp': each(2),
  'ms.stop_gradient': none,
  'ms.relu': each(1),
  'ms.relu6': each(2),
  'ms.leaky_relu': each(3),
  'ms.elu': each(4),
  'ms.sigmoid': each(4),
  'ms.log_sigmoid': each(8),
  'ms.softplus': each(6),
  'ms.silu': each(5),
  'ms.gelu': (op) => (stringOf(op.attributes, 'approximate') === 'tanh' ? 9 : 5) * result(op),
  'ms.hardsigmoid': each(4),
  'ms.hardswish': each(5),
  'ms.mish': each(8),
  'ms.add': each(1),
  'ms.sub': each(1),
  'ms.mul': each(1),
  'ms.div': each(1),
  'ms.floor_div': each(2),
  'ms.mod': each(1),
  'ms.remainder': each(1),
  'ms.pow': each(1),
  'ms.maximum': each(1),
  'ms.minimum': each(1),
  'ms.atan2': each(1),
  'ms.logical_and': each(1),
  'ms.logical_or': each(1),
  'ms.logical_xor': each(1),
  'ms.bitwise_and': each(1),
  'ms.bitwise_or': each(1),
  'ms.bitwise_xor': each(1),
  'ms.equal': each(1),
  'ms.not_equal': each(1),
  'ms.less': each(1),
  'ms.less_equal': each(1),
  'ms.greater': each(1),
  'ms.greater_equal': each(1),
  'ms.select': each(1),
  'ms.cast': none,
  'ms.matmul': product,
  'ms.batch_matmul': product,
  'ms.dense': product,
  'ms.attention': attention,
  'ms.conv2d': product,
  'ms.conv2d_transpose': product,
  'ms.max_pool2d': (op) => window(op) * result(op),
  'ms.avg_pool2d': (op) => (window(op) + 1) * result(op),
  'ms.adaptive_avg_pool2d': (op) => operand(op) + result(op),
  'ms.conv2d_weight_gradient': product,
  'ms.max_pool2d_gradient': (op) => window(op) * operand(op, 1),
  'ms.resize_nearest': none,
  // Separable: two taps down and two across, or four and four; each a multiply-add.
  'ms.resize_bilinear': each(8),
  'ms.resize_bicubic': each(16),
  'ms.reduce_sum': eachRead(1),
  'ms.reduce_mean': (op) => operand(op) + result(op),
  'ms.reduce_prod': eachRead(1),
  'ms.reduce_max': eachRead(1),
  'ms.reduce_min': eachRead(1),
  'ms.reduce_all': eachRead(1),
  'ms.reduce_any': eachRead(1),
  'ms.argmax': eachRead(1),
  'ms.argmin': eachRead(1),
  'ms.cumsum': eachRead(1),
  'ms.cumprod': eachRead(1),
  // Maximum, difference, exp, sum, quotient.
  'ms.softmax': eachRead(5),
  'ms.log_softmax': eachRead(5),
  // Sum, difference, square, sum, product with the deviation, gamma, beta.
  'ms.layer_norm': eachRead(7),
  'ms.rms_norm': eachRead(4),
  // A scale and a shift for each channel, and for each element.
  'ms.batch_norm': (op) => 2 * operand(op) + 6 * operand(op, 1),
  'ms.group_norm': eachRead(7),
  'ms.reshape': none,
  'ms.transpose': none,
  'ms.broadcast_to': none,
  'ms.concat': none,
  'ms.split': none,
  'ms.slice': none,
  'ms.slice_update': none,
  'ms.pad': none,
  'ms.tile': none,
  'ms.repeat': none,
  'ms.reverse': none,
  'ms.roll': none,
  'ms.gather': none,
  'ms.gather_elements': none,
  'ms.gather_nd': none,
  'ms.scatter_nd': scattered,
  'ms.scatter_elements': scattered,
  'ms.one_hot': none,
  'ms.triangle': none,
  // Comparisons of a merge sort.
  'ms.sort': (op) => operand(op) * logarithm(shapeOf(op.operands[0]).at(integerOf(op.attributes, 'axis')) ?? 1),
  'ms.top_k': (op) => operand(op) * logarithm(integerOf(op.attributes, 'k') + 1),
  'ms.random_uniform': each(PHILOX + 2),
  'ms.random_normal': each(PHILOX + 5),
  'ms.dropout': each(PHILOX + 2),
  'ms.depend': none,
  'ms.print': none,
  'ms.assert': none,
};

/** Arithmetic operations of matrix products alone: what the cube does. */
export function matrixFlops(op: Operation): number {
  if (op.name === 'ms.attention')
    return 2 * attentionScores(op) * ((shapeOf(op.operands[0]).at(-1) ?? 1) + (shapeOf(op.operands[2]).at(-1) ?? 1));
  const shape = productOf(op);
  return shape === null ? 0 : 2 * shape.rows * shape.inner * shape.columns * shape.copies;
}

/** Arithmetic operations of one op without those in its regions; 0 for ops that are no tensor ops. */
export const flopsOf = (op: Operation): number => (isTensorOp(op.name) ? counts[op.name](op) : 0);

/** Ops that move nothing: their result is their operand seen otherwise, or known before. */
const VIEWS: ReadonlySet<string> = new Set(['ms.reshape', 'ms.constant', 'ms.depend', 'ms.stop_gradient']);

export const isView = (op: Operation): boolean => VIEWS.has(op.name);

/** Ops that read only those elements of their first operand that they return. */
const PARTIAL: ReadonlySet<string> = new Set(['ms.slice', 'ms.gather', 'ms.gather_elements', 'ms.gather_nd']);

export const bytesOf = ({ type }: { readonly type: Type }): number =>
  type.kind === 'tensor'
    ? elementCount(type.shape.map((extent) => (typeof extent === 'number' ? extent : 1))) * dtypeBytes(type.dtype)
    : 0;

const sum = (values: Iterable<Value>): number => [...values].reduce((bytes, value) => bytes + bytesOf(value), 0);

/** Bytes of distinct operands and of results: what goes through memory when nothing is fused. */
function bytesMoved(op: Operation): Pick<OperationCost, 'bytesRead' | 'bytesWritten'> {
  if (isView(op)) return { bytesRead: 0, bytesWritten: 0 };
  const bytesWritten = sum(op.results);
  const [first, ...others] = new Set(op.operands);
  const bytesRead = PARTIAL.has(op.name)
    ? bytesWritten + sum(others)
    : sum(op.operands.length > 0 ? [first, ...others] : []);
  return { bytesRead, bytesWritten };
}

/** The cost of one op; null for ops that hold others (functions, branches, loops, fused groups) and for the ends of regions. */
export const costOf = (op: Operation): OperationCost | null =>
  op.regions.length > 0 || !(isTensorOp(op.name) || op.name.startsWith('dist.'))
    ? null
    : { flops: flopsOf(op), ...bytesMoved(op) };

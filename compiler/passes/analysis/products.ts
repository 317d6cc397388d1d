/** The shapes of the products that the cube computes, by op name. */
import type { Operation, Value } from '../../ir/index.ts';
import { boolOf } from '../../ir/index.ts';

/** `copies` products of [rows, inner] x [inner, columns]. */
export interface Product {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly copies: number;
}

/** Extents of a tensor; symbolic ones count as 1. */
export const shapeOf = ({ type }: Value): readonly number[] =>
  type.kind === 'tensor' ? type.shape.map((extent) => (typeof extent === 'number' ? extent : 1)) : [];

export const elementsOf = (value: Value): number => shapeOf(value).reduce((product, extent) => product * extent, 1);

type Reader = (op: Operation) => Product;

/** Copies that share one matrix on the right are rows of a single product. */
function matrixProduct(op: Operation): Product {
  const [lhs, rhs] = op.operands.map(shapeOf);
  const result = shapeOf(op.results[0]);
  const [rows, columns] = result.slice(-2);
  const inner = boolOf(op.attributes, 'transpose_a') ? (lhs.at(-2) ?? 1) : (lhs.at(-1) ?? 1);
  const copies = result.slice(0, -2).reduce((product, extent) => product * extent, 1);
  return rhs.length === 2 ? { rows: rows * copies, inner, columns, copies: 1 } : { rows, inner, columns, copies };
}

/** One row per output position. */
function convolution(op: Operation): Product {
  const [, weight] = op.operands;
  const columns = shapeOf(weight)[0] ?? 1;
  return { rows: elementsOf(op.results[0]) / columns, inner: elementsOf(weight) / columns, columns, copies: 1 };
}

/** One row per input position. */
function transposedConvolution(op: Operation): Product {
  const [x, weight] = op.operands;
  const inner = shapeOf(weight)[0] ?? 1;
  return { rows: elementsOf(x) / inner, inner, columns: elementsOf(weight) / inner, copies: 1 };
}

/** The gradient of a filter: one row per filter, summed over the output positions. */
function filterGradient(op: Operation): Product {
  const [, dy] = op.operands;
  const rows = shapeOf(op.results[0])[0] ?? 1;
  return { rows, inner: elementsOf(dy) / rows, columns: elementsOf(op.results[0]) / rows, copies: 1 };
}

function dense(op: Operation): Product {
  const [columns = 1, inner = 1] = shapeOf(op.operands[1]);
  return { rows: elementsOf(op.operands[0]) / inner, inner, columns, copies: 1 };
}

const readers: ReadonlyMap<string, Reader> = new Map([
  ['ms.matmul', matrixProduct],
  ['ms.batch_matmul', matrixProduct],
  ['ms.dense', dense],
  ['ms.conv2d', convolution],
  ['ms.conv2d_transpose', transposedConvolution],
  ['ms.conv2d_weight_gradient', filterGradient],
]);

/** The product of an op, or null where the cube has nothing to do. */
export const productOf = (op: Operation): Product | null => readers.get(op.name)?.(op) ?? null;

/** The operand that is a matrix of parameters, or -1. */
export const weightOperand = (op: Operation, isParameter: (value: Value) => boolean): number =>
  productOf(op) === null ? -1 : op.operands.findIndex((operand) => isParameter(operand) && shapeOf(operand).length > 1);

/** What regions and branches cost, in bytes of memory traffic that take the same time. */
import type { Operation, Type } from '../../ir/index.ts';
import { dtypeBytes, elementCount, staticShape } from '../../ir/index.ts';

/**
 * A branch: the device drains, the host reads the condition and starts the next kernel, each about the 20 µs that a
 * launch takes on A2 (Ascend C documentation); memory would move some tens of MB meanwhile. Kept lower, because a region
 * that is not taken also takes the time of whoever simulates it.
 */
export const BRANCH_BYTES = 8 * 2 ** 20;

/** Multiply-adds of the cube (f32) in the time of one byte: 37 T/s over 1.6 TB/s. */
const PRODUCTS_PER_BYTE = 23;

const FREE: ReadonlySet<string> = new Set(['ms.constant', 'ms.reshape', 'tensor.extract']);
const PRODUCTS: ReadonlySet<string> = new Set([
  'ms.matmul',
  'ms.batch_matmul',
  'ms.dense',
  'ms.attention',
  'ms.conv2d',
  'ms.conv2d_transpose',
  'ms.conv2d_weight_gradient',
]);

function elementsOf(type: Type): number {
  const shape = type.kind === 'tensor' ? staticShape(type) : [];
  return shape === null ? Infinity : elementCount(shape);
}

const bytesOf = (type: Type): number => (type.kind === 'tensor' ? elementsOf(type) * dtypeBytes(type.dtype) : 0);

/** Traffic of an op's operands and results; products also count their multiply-adds, √(|A|·|B|·|C|) of a matrix product. */
export function operationBytes(op: Operation): number {
  if (FREE.has(op.name)) return 0;
  const types = [...op.operands, ...op.results].map(({ type }) => type);
  const traffic = types.reduce((sum, type) => sum + bytesOf(type), 0);
  if (!PRODUCTS.has(op.name)) return traffic;
  const [a, b] = op.operands.map(({ type }) => elementsOf(type));
  return traffic + Math.sqrt(a * b * elementsOf(op.results[0].type)) / PRODUCTS_PER_BYTE;
}

/** The lowering rules of `ms.matmul`, `ms.batch_matmul` and `ms.dense`. */
import type { Operation } from '../../../ir/index.ts';
import { boolOf, staticShape } from '../../../ir/index.ts';
import { RELU_EPILOGUE } from '../../../passes/fuse/index.ts';
import { unsupported } from '../diagnostics.ts';
import { physicalBytes } from '../layout.ts';
import type { LowerRule, Lowering } from '../lowering.ts';
import { elementBytes, launchFill } from '../shape/fill.ts';
import { tensorOf } from '../tensor.ts';
import { cubeType } from './data-type.ts';
import { matmulPieces, matmulTile, writeMatmul } from './matmul.ts';
import type { MatmulShape } from './matmul.ts';

export const matmulRule: LowerRule = (op, lowering) => {
  const type = cubeType(tensorOf(op.operands[0]).dtype);
  if (type === null)
    return unsupported(op, `${op.name} on ${tensorOf(op.operands[0]).dtype}`, 'the cube multiplies f32, f16 and bf16');
  const shape = matmulShape(op);
  if (hasNoProducts(op, shape)) return fillZeros(op, lowering);
  const tile = matmulTile(shape, type, lowering.chip);
  lowering.launch(
    {
      key: `matmul ${type.dtype} ${JSON.stringify(shape)}`,
      name: `matmul_${type.dtype}`,
      core: 'cube',
      blocks: Math.min(lowering.chip.cubeCores, matmulPieces(shape, tile)),
      write: (k) => writeMatmul(k, shape, tile, type),
    },
    [...op.operands, op.results[0]].map((value) => lowering.buffer(value)),
  );
  return null;
};

/** Sums of nothing are 0; with a bias they would be the bias. */
const hasNoProducts = (op: Operation, { k, bias }: MatmulShape): boolean =>
  !bias && (k === 0 || tensorOf(op.results[0]).shape.includes(0));

function fillZeros(op: Operation, lowering: Lowering): null {
  const [result] = op.results;
  launchFill(
    lowering,
    lowering.buffer(result),
    physicalBytes(tensorOf(result)),
    elementBytes(tensorOf(result).dtype, 0),
  );
  return null;
}

function shapeOf(op: Operation, index: number): readonly number[] {
  const shape = staticShape(tensorOf(op.operands[index]));
  if (shape === null) throw new Error(`${op.name} is lowered with static shapes`);
  return shape;
}

function matmulShape(op: Operation): MatmulShape {
  return op.name === 'ms.dense' ? denseShape(op) : batchedShape(op);
}

/** x[…, in] · weight[out, in]ᵀ: the leading axes of x are rows. */
function denseShape(op: Operation): MatmulShape {
  const x = shapeOf(op, 0);
  const [n, k] = shapeOf(op, 1);
  const m = x.slice(0, -1).reduce((product, extent) => product * extent, 1);
  const noBatch = { batch: [], batchStrideA: [], batchStrideB: [] };
  return {
    ...noBatch,
    m,
    k,
    n,
    transposeA: false,
    transposeB: true,
    bias: op.operands.length > 2,
    relu: op.attributes.has(RELU_EPILOGUE),
  };
}

function batchedShape(op: Operation): MatmulShape {
  const [a, b] = [shapeOf(op, 0), shapeOf(op, 1)];
  const transposeA = boolOf(op.attributes, 'transpose_a');
  const transposeB = boolOf(op.attributes, 'transpose_b');
  const [m, k] = transposeA ? [a[a.length - 1], a[a.length - 2]] : [a[a.length - 2], a[a.length - 1]];
  const n = transposeB ? b[b.length - 2] : b[b.length - 1];
  const rank = Math.max(a.length, b.length) - 2;
  const batchA = leading(a, rank);
  const batchB = leading(b, rank);
  return {
    batch: batchA.map((extent, axis) => Math.max(extent, batchB[axis])),
    batchStrideA: broadcastStrides(batchA, m * k),
    batchStrideB: broadcastStrides(batchB, k * n),
    m,
    k,
    n,
    transposeA,
    transposeB,
    bias: false,
    relu: op.attributes.has(RELU_EPILOGUE),
  };
}

function leading(shape: readonly number[], rank: number): readonly number[] {
  const batch = shape.slice(0, -2);
  return [...new Array<number>(rank - batch.length).fill(1), ...batch];
}

function broadcastStrides(extents: readonly number[], matrix: number): readonly number[] {
  const strides = new Array<number>(extents.length).fill(0);
  let next = matrix;
  for (let axis = extents.length - 1; axis >= 0; axis--) {
    if (extents[axis] > 1) strides[axis] = next;
    next *= extents[axis];
  }
  return strides;
}

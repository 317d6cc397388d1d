/** How large a module is. */
import type { Block, Module, Operation, Type } from '../../../../compiler/ir/index.ts';
import { dtypeBytes, elementCount, staticShape } from '../../../../compiler/ir/index.ts';
import { FUSED } from '../../../../compiler/passes/fuse/index.ts';
import type { IrSize } from '../../report/index.ts';

/**
 * Operations with those inside of regions, and bytes of what they make. Values inside a group lie in tiles on chip and are not
 * counted, nor are tensors of symbolic shape.
 */
export function sizeOf(module: Module): IrSize {
  return sizeOfBlock(module.body, true);
}

function sizeOfBlock(block: Block, inMemory: boolean): IrSize {
  let operations = block.operations.length;
  let bytes = 0;
  for (const op of block.operations) {
    if (inMemory) bytes += madeBytes(op);
    for (const region of op.regions) {
      const inner = sizeOfBlock(region, inMemory && op.name !== FUSED);
      operations += inner.operations;
      bytes += inner.bytes;
    }
  }
  return { operations, bytes };
}

/** Bytes of tensors that an operation makes, or of the buffer in global memory that it reserves. */
function madeBytes(op: Operation): number {
  const space = op.attributes.get('space');
  const reserved = op.attributes.get('bytes');
  if (space?.kind === 'string' && space.value === 'gm' && reserved?.kind === 'integer') return Number(reserved.value);
  return op.results.reduce((sum, { type }) => sum + bytesOf(type), 0);
}

function bytesOf(type: Type): number {
  const shape = type.kind === 'tensor' ? staticShape(type) : null;
  return type.kind === 'tensor' && shape !== null ? elementCount(shape) * dtypeBytes(type.dtype) : 0;
}

/** How large a module is. */
import type { Module, Type } from '../../../../compiler/ir/index.ts';
import { dtypeBytes, elementCount, staticShape, walk } from '../../../../compiler/ir/index.ts';
import type { IrSize } from '../../report/index.ts';

/** Operations with those inside of regions, and bytes of what they make. Symbolic extents count as nothing. */
export function sizeOf(module: Module): IrSize {
  let operations = 0;
  let bytes = 0;
  walk(module.body, (op) => {
    operations++;
    for (const { type } of op.results) bytes += bytesOf(type);
    const space = op.attributes.get('space');
    const reserved = op.attributes.get('bytes');
    if (space?.kind === 'string' && space.value === 'gm' && reserved?.kind === 'integer')
      bytes += Number(reserved.value);
  });
  return { operations, bytes };
}

function bytesOf(type: Type): number {
  const shape = type.kind === 'tensor' ? staticShape(type) : null;
  return type.kind === 'tensor' && shape !== null ? elementCount(shape) * dtypeBytes(type.dtype) : 0;
}

/**
 * Storage layouts of tensors in GM. Shapes stay logical; a layout says where each element lies.
 *
 * - ND (no encoding): row-major.
 * - NC1HWC0: a feature map [N, C, H, W] as [N, ⌈C/C0⌉, H, W, C0]; C0 elements are 32 bytes. Lanes past C hold finite
 *   values that no consumer lets reach a real element.
 * - FRACTAL_Z: a filter [O, I, kh, kw] as [⌈I/C0⌉·kh·kw, ⌈O/16⌉, 16, C0], zero where I or O run out: the cube's B
 *   matrix in nZ order, so that a filter is loaded without reordering.
 */
import type { TensorType } from '../../ir/index.ts';
import { dtypeBytes, elementCount, staticShape } from '../../ir/index.ts';
import type { DType } from '../../ir/index.ts';

export type Layout = 'ND' | 'NC1HWC0' | 'FRACTAL_Z';

export function layoutOf(type: TensorType): Layout {
  const layout = type.encoding?.layout;
  if (layout === undefined) return 'ND';
  if (layout !== 'NC1HWC0' && layout !== 'FRACTAL_Z') throw new Error(`unknown layout '${layout}'`);
  return layout;
}

/** Elements in one 32-byte block. */
export function blockElements(dtype: DType): number {
  return 32 / dtypeBytes(dtype);
}

/** The extents of a tensor as stored, in blocks of `c0` channels. */
export function physicalShape(type: TensorType, c0 = blockElements(type.dtype)): readonly number[] {
  const shape = staticShape(type);
  if (shape === null) throw new Error(`${type.key} has symbolic dimensions`);
  switch (layoutOf(type)) {
    case 'ND':
      return shape;
    case 'NC1HWC0': {
      const [n, c, h, w] = shape;
      return [n, Math.ceil(c / c0), h, w, c0];
    }
    case 'FRACTAL_Z': {
      const [o, i, kh, kw] = shape;
      return [Math.ceil(i / c0) * kh * kw, Math.ceil(o / 16), 16, c0];
    }
  }
}

/** Bytes of a tensor as stored. */
export function physicalBytes(type: TensorType): number {
  return elementCount(physicalShape(type)) * dtypeBytes(type.dtype);
}

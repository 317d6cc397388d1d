/** What the cube unit does with each dtype: mnemonics, element sizes, tile limits. */
import type { DType } from '../../../ir/index.ts';
import { quantModes } from '../../../../runtime/isa/index.ts';

export interface CubeType {
  readonly dtype: DType;
  /** Its name in the chip's timing. */
  readonly cube: 'f32' | 'f16' | 'bf16';
  readonly bytes: number;
  /** Elements of K in one fractal row: 32 bytes. */
  readonly c0: number;
  readonly mad: string;
  /** Width suffixes of the moves. */
  readonly nd2nz: string;
  readonly width: string;
  /** How the fixpipe turns the f32 accumulator into this dtype. */
  readonly quantPre: number;
}

const TYPES: Readonly<Partial<Record<DType, CubeType>>> = {
  f32: {
    dtype: 'f32',
    cube: 'f32',
    bytes: 4,
    c0: 8,
    mad: 'mad_f32',
    nd2nz: 'copy_gm_to_cbuf_multi_nd2nz_b32s',
    width: 'b32',
    quantPre: quantModes.none,
  },
  f16: {
    dtype: 'f16',
    cube: 'f16',
    bytes: 2,
    c0: 16,
    mad: 'mad_f16',
    nd2nz: 'copy_gm_to_cbuf_multi_nd2nz_b16',
    width: 'b16',
    quantPre: quantModes.f322f16,
  },
  bf16: {
    dtype: 'bf16',
    cube: 'bf16',
    bytes: 2,
    c0: 16,
    mad: 'mad_bf16',
    nd2nz: 'copy_gm_to_cbuf_multi_nd2nz_b16',
    width: 'b16',
    quantPre: quantModes.f322bf16,
  },
};

/** The cube's view of a dtype, or null when it has none. */
export function cubeType(dtype: DType): CubeType | null {
  return TYPES[dtype] ?? null;
}

/** Rows and columns of a fractal of the accumulator. */
export const FRACTAL = 16;
export const FRACTAL_BYTES = 512;

export function alignTo(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

/** Rows that indices name: where they lie, and whether an index tuple names one at all. */
import type { DType, Value } from '../../../ir/index.ts';
import { dtypeBytes } from '../../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';

/** One number of an index tuple: its range, and the bytes that one step moves. */
export interface Coordinate {
  readonly extent: number;
  readonly stride: number;
}

/**
 * `slabs` equal parts of a tensor, in each of which `rows` rows of `rowBytes` bytes are named by index tuples. The rows
 * come in turns of `columns`, each at its own column (the elements beside the axis of gather_elements).
 */
export interface IndexedRows {
  readonly slabs: number;
  readonly slabBytes: number;
  readonly rows: number;
  readonly rowBytes: number;
  readonly columns: number;
  readonly coordinates: readonly Coordinate[];
  readonly indexType: DType;
  /** Index tuples of one slab; 0 when all slabs share them. */
  readonly slabTuples: number;
}

/** A named row: 1 or 0 for whether it exists, and its byte offset in the tensor. */
export interface NamedRow {
  readonly exists: Scalar;
  readonly offset: Scalar;
}

/** Reads the tuple of a row from GM with the scalar unit. */
export function namedRow(k: KernelBuilder, at: IndexedRows, indices: Value, slab: Scalar, row: Scalar): NamedRow {
  const bytes = dtypeBytes(at.indexType);
  const { length } = at.coordinates;
  const tuple = k.at(indices, k.mul(k.add(k.mul(slab, at.slabTuples), row), length * bytes));
  let offset = k.mul(slab, at.slabBytes);
  if (at.columns > 1) offset = k.add(offset, k.mul(k.rem(row, at.columns), at.rowBytes));
  let exists: Scalar = 1;
  at.coordinates.forEach(({ extent, stride }, number) => {
    const index = k.read(bytes === 8 ? 'ld_xd_gm_s64' : 'ld_xd_gm_s32', tuple, number * bytes);
    const inside = k.read('and', k.read('cmple', 0, index), k.read('cmplt', index, extent));
    exists = exists === 1 ? inside : k.read('and', exists, inside);
    offset = k.add(offset, k.mul(index, stride));
  });
  return { exists, offset };
}

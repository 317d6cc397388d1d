/** Starts the kernel that carries out one box of data movement. */
import type { Value } from '../../../ir/index.ts';
import type { Lowering } from '../lowering.ts';
import type { AffineCopy } from './affine.ts';
import { boxElements, copyKey } from './affine.ts';
import { permutePieces, permuteTable, planPermute, writePermute } from './permute.ts';
import { planRows, rowPieces, writeRows } from './rows.ts';

/** A buffer and the byte offset of a box's first element in it. */
export interface Origin {
  readonly buffer: Value;
  readonly bytes: number;
}

/** Runs shorter than this are gathered in UB rather than moved one by one. */
const LEAST_ROW_BYTES = 64;

export function launchCopy(lowering: Lowering, name: string, copy: AffineCopy, source: Origin, target: Origin): void {
  if (boxElements(copy) === 0) return;
  const inner = copy.axes[copy.axes.length - 1];
  if (inner.target !== 1) {
    // The target itself has holes: one element is a row.
    launchRows(lowering, name, { ...copy, axes: [...copy.axes, { extent: 1, source: 1, target: 1 }] }, source, target);
  } else if (inner.source === 1 && (copy.axes.length === 1 || inner.extent * copy.bytes >= LEAST_ROW_BYTES)) {
    launchRows(lowering, name, copy, source, target);
  } else {
    launchPermute(lowering, name, copy, source, target);
  }
}

function launchRows(lowering: Lowering, name: string, copy: AffineCopy, source: Origin, target: Origin): void {
  const cores = lowering.chip.vectorCores;
  const plan = planRows(copy, cores);
  lowering.launch(
    {
      key: `rows ${copyKey(copy)}`,
      name: `${name}_b${copy.bytes * 8}`,
      core: 'vector',
      blocks: Math.min(cores, rowPieces(plan)),
      write: (k) => writeRows(k, plan),
    },
    [source.buffer, target.buffer, source.bytes, target.bytes],
  );
}

function launchPermute(lowering: Lowering, name: string, copy: AffineCopy, source: Origin, target: Origin): void {
  const cores = lowering.chip.vectorCores;
  const plan = planPermute(copy, cores);
  const table = lowering.constant(permuteTable(plan));
  lowering.launch(
    {
      key: `permute ${copyKey(copy)}`,
      name: `${name}_b${copy.bytes * 8}`,
      core: 'vector',
      blocks: Math.min(cores, permutePieces(plan)),
      write: (k) => writePermute(k, plan),
    },
    [source.buffer, target.buffer, table, source.bytes, target.bytes],
  );
}

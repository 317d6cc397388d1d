/** Rules of cumsum and cumprod. */
import type { Value } from '../../../ir/index.ts';
import { boolOf, dtypeBytes, elementCount, integerOf } from '../../../ir/index.ts';
import type { LowerRule, Lowering } from '../lowering.ts';
import { unsupported } from '../diagnostics.ts';
import { affineCopy } from '../shape/affine.ts';
import { shapeOf } from '../shape/box.ts';
import { launchCopy } from '../shape/copy.ts';
import { tensorOf } from '../tensor.ts';
import { reductionLane } from './join.ts';
import type { Scan } from './scan.ts';
import { scanPieces, writeScan } from './scan.ts';

export const scanRule: LowerRule = (op, lowering) => {
  const [x] = op.operands;
  const [result] = op.results;
  const { dtype } = tensorOf(x);
  const lane = reductionLane(dtype);
  if (lane === null)
    return unsupported(op, `${op.name} on ${dtype}`, 'running sums are made of floats or 32-bit integers');
  const shape = shapeOf(x);
  const axis = integerOf(op.attributes, 'axis');
  const [outer, extent, inner] = [elementCount(shape.slice(0, axis)), shape[axis], elementCount(shape.slice(axis + 1))];
  if (elementCount(shape) === 0) return null;
  const kind = {
    vector: op.name === 'ms.cumsum' ? 'vadd' : 'vmul',
    lane,
    dtype,
    extent,
    isExclusive: boolOf(op.attributes, 'exclusive'),
    isReverse: boolOf(op.attributes, 'reverse'),
  } as const;
  const [source, target] = [lowering.buffer(x), lowering.buffer(result)];
  if (inner > 1 || outer === 1) {
    launchScan(lowering, { ...kind, outer, columns: inner }, source, target);
    return null;
  }
  const bytes = dtypeBytes(dtype);
  const [turned, sums] = [0, 1].map(() => lowering.workspace(outer * extent * bytes));
  turn(lowering, bytes, [outer, extent], source, turned);
  launchScan(lowering, { ...kind, outer: 1, columns: outer }, turned, sums);
  turn(lowering, bytes, [extent, outer], sums, target);
  return null;
};

function launchScan(lowering: Lowering, scan: Scan, source: Value, target: Value): void {
  const cores = lowering.chip.vectorCores;
  lowering.launch(
    {
      key: `scan ${JSON.stringify(scan)}`,
      name: `scan_${scan.vector}_${scan.dtype}`,
      core: 'vector',
      blocks: Math.min(cores, scanPieces(scan, cores)),
      write: (k) => writeScan(k, scan, cores),
    },
    [source, target],
  );
}

/** Transposes a matrix between two buffers. */
function turn(
  lowering: Lowering,
  bytes: number,
  [rows, columns]: readonly [number, number],
  source: Value,
  target: Value,
): void {
  const copy = affineCopy(bytes, [
    { extent: columns, source: 1, target: rows },
    { extent: rows, source: columns, target: 1 },
  ]);
  launchCopy(lowering, 'transpose', copy, { buffer: source, bytes: 0 }, { buffer: target, bytes: 0 });
}

/** Rules of sort and top_k. An axis that is not the last is transposed to the end and back. */
import type { Diagnostic, Operation } from '../../../ir/index.ts';
import { boolOf, dtypeBytes, elementCount, integerOf, isFloat } from '../../../ir/index.ts';
import type { LowerRule, Lowering } from '../lowering.ts';
import { unsupported } from '../diagnostics.ts';
import { affineCopy } from '../shape/affine.ts';
import { shapeOf } from '../shape/box.ts';
import { launchCopy } from '../shape/copy.ts';
import { tensorOf } from '../tensor.ts';
import { MOST_SORTED, writeSort } from './sort.ts';

interface Order {
  readonly axis: number;
  readonly keep: number;
  readonly isDescending: boolean;
}

export const sortRule: LowerRule = (op, lowering) => {
  const axis = integerOf(op.attributes, 'axis');
  return lowerOrder(op, lowering, {
    axis,
    keep: shapeOf(op.operands[0])[axis],
    isDescending: boolOf(op.attributes, 'descending'),
  });
};

export const topKRule: LowerRule = (op, lowering) =>
  lowerOrder(op, lowering, {
    axis: shapeOf(op.operands[0]).length - 1,
    keep: integerOf(op.attributes, 'k'),
    isDescending: boolOf(op.attributes, 'largest'),
  });

function lowerOrder(op: Operation, lowering: Lowering, { axis, keep, isDescending }: Order): Diagnostic | null {
  const [x] = op.operands;
  const { dtype } = tensorOf(x);
  const shape = shapeOf(x);
  const extent = shape[axis];
  if (!isFloat(dtype) || dtype === 'f64')
    return unsupported(op, `${op.name} on ${dtype}`, 'the sorting instructions compare floats');
  if (extent > MOST_SORTED)
    return unsupported(op, `${op.name} of ${extent} elements`, `at most ${MOST_SORTED} elements are sorted at once`);
  const [outer, inner] = [elementCount(shape.slice(0, axis)), elementCount(shape.slice(axis + 1))];
  if (outer * inner * keep === 0) return null;
  const results = op.results.map((result) => ({
    buffer: lowering.buffer(result),
    bytes: dtypeBytes(tensorOf(result).dtype),
  }));
  const lines = outer * inner;
  const targets =
    inner === 1 ? results : results.map(({ bytes }) => ({ bytes, buffer: lowering.workspace(lines * keep * bytes) }));
  let source = lowering.buffer(x);
  if (inner > 1) {
    const [given, bytes] = [source, dtypeBytes(dtype)];
    source = lowering.workspace(lines * extent * bytes);
    launchCopy(
      lowering,
      'transpose',
      swapped(bytes, outer, extent, inner),
      { buffer: given, bytes: 0 },
      { buffer: source, bytes: 0 },
    );
  }
  const sort = { dtype, lines, extent, keep, isDescending };
  const blocks = Math.min(lowering.chip.vectorCores, lines);
  lowering.launch(
    {
      key: `sort ${JSON.stringify(sort)}`,
      name: `sort_${dtype}`,
      core: 'vector',
      blocks,
      write: (k) => writeSort(k, sort),
    },
    [source, ...targets.map(({ buffer }) => buffer)],
  );
  if (inner === 1) return null;
  results.forEach(({ buffer, bytes }, at) =>
    launchCopy(
      lowering,
      'transpose',
      swapped(bytes, outer, inner, keep),
      { buffer: targets[at].buffer, bytes: 0 },
      { buffer, bytes: 0 },
    ),
  );
  return null;
}

/** [outer, rows, columns] to [outer, columns, rows]. */
function swapped(bytes: number, outer: number, rows: number, columns: number) {
  return affineCopy(bytes, [
    { extent: outer, source: rows * columns, target: rows * columns },
    { extent: columns, source: 1, target: rows },
    { extent: rows, source: columns, target: 1 },
  ]);
}

/** Rules of the ops whose data flow depends on index values: gathers and scatters. */
import type { DType, Operation, Value } from '../../../ir/index.ts';
import { dtypeBytes, elementCount, integerOf, stringOf } from '../../../ir/index.ts';
import type { LowerRule, Lowering } from '../lowering.ts';
import { unsupported } from '../diagnostics.ts';
import { reductionLane } from '../reduce/join.ts';
import { boxAxes, copyBox, shapeOf, stridesOf } from '../shape/box.ts';
import { tensorOf } from '../tensor.ts';
import type { IndexedRows } from './address.ts';
import type { ElementLookup } from './elements.ts';
import { elementLookupPieces, elementTables, fitsElements, writeElementLookup } from './elements.ts';
import { rowLookupPieces, writeRowLookup } from './rows.ts';
import { scatterPieces, writeScatter } from './scatter.ts';

/** Rows shorter than this are gathered element by element in UB. */
const LEAST_ROW_BYTES = 32;

/** x around an axis: [outer, extent, inner]. */
function around(x: Value, axis: number): { readonly outer: number; readonly extent: number; readonly inner: number } {
  const shape = shapeOf(x);
  return { outer: elementCount(shape.slice(0, axis)), extent: shape[axis], inner: elementCount(shape.slice(axis + 1)) };
}

const dtypeOf = (value: Value): DType => tensorOf(value).dtype;
const isEmpty = (value: Value): boolean => elementCount(shapeOf(value)) === 0;

export const gatherRule: LowerRule = (op, lowering) => {
  const [x, indices] = op.operands;
  const { outer, extent, inner } = around(x, integerOf(op.attributes, 'axis'));
  const count = elementCount(shapeOf(indices));
  const rowBytes = inner * dtypeBytes(dtypeOf(x));
  const rows: IndexedRows = {
    slabs: outer,
    slabBytes: extent * rowBytes,
    rows: count,
    rowBytes,
    columns: 1,
    coordinates: [{ extent, stride: rowBytes }],
    indexType: dtypeOf(indices),
    slabTuples: 0,
  };
  const words = wordsOf(dtypeOf(x));
  const unit = inner * words.each;
  const elements: ElementLookup = {
    wordBytes: words.bytes,
    slabs: outer,
    extent,
    unit,
    words: count * unit,
    share: unit,
    indexType: dtypeOf(indices),
    slabIndices: 0,
  };
  launchLookup(op, lowering, rows, rowBytes < LEAST_ROW_BYTES ? elements : null);
  return null;
};

export const gatherElementsRule: LowerRule = (op, lowering) => {
  const [x, indices] = op.operands;
  const axis = integerOf(op.attributes, 'axis');
  const { outer, extent, inner } = around(x, axis);
  const words = wordsOf(dtypeOf(x));
  const unit = inner * words.each;
  const count = shapeOf(indices)[axis];
  const elements: ElementLookup = {
    wordBytes: words.bytes,
    slabs: outer,
    extent,
    unit,
    words: count * unit,
    share: words.each,
    indexType: dtypeOf(indices),
    slabIndices: count * inner,
  };
  launchLookup(op, lowering, elementRows(x, indices, axis), elements);
  return null;
};

/** Single elements as rows, for gather_elements and scatter_elements. */
function elementRows(x: Value, indices: Value, axis: number): IndexedRows {
  const { outer, extent, inner } = around(x, axis);
  const bytes = dtypeBytes(dtypeOf(x));
  const rows = shapeOf(indices)[axis] * inner;
  return {
    slabs: outer,
    slabBytes: extent * inner * bytes,
    rows,
    rowBytes: bytes,
    columns: inner,
    coordinates: [{ extent, stride: inner * bytes }],
    indexType: dtypeOf(indices),
    slabTuples: rows,
  };
}

/** Rows that index tuples name, for gather_nd and scatter_nd. */
function tupleRows(x: Value, indices: Value): IndexedRows {
  const [shape, tuples] = [shapeOf(x), shapeOf(indices)];
  const length = tuples[tuples.length - 1];
  const bytes = dtypeBytes(dtypeOf(x));
  const strides = stridesOf(x);
  return {
    slabs: 1,
    slabBytes: 0,
    rows: elementCount(tuples.slice(0, -1)),
    rowBytes: elementCount(shape.slice(length)) * bytes,
    columns: 1,
    coordinates: shape.slice(0, length).map((extent, axis) => ({ extent, stride: strides[axis] * bytes })),
    indexType: dtypeOf(indices),
    slabTuples: 0,
  };
}

export const gatherNdRule: LowerRule = (op, lowering) => {
  launchLookup(op, lowering, tupleRows(op.operands[0], op.operands[1]), null);
  return null;
};

/** Kernels move 1, 2 or 4 bytes at once: 8-byte elements are two words. */
function wordsOf(dtype: DType): { readonly bytes: 1 | 2 | 4; readonly each: 1 | 2 } {
  const bytes = dtypeBytes(dtype);
  if (bytes === 8) return { bytes: 4, each: 2 };
  return { bytes: bytes === 1 ? 1 : bytes === 2 ? 2 : 4, each: 1 };
}

function launchLookup(op: Operation, lowering: Lowering, rows: IndexedRows, elements: ElementLookup | null): void {
  const [x, indices] = op.operands;
  const [result] = op.results;
  if (isEmpty(result)) return;
  const cores = lowering.chip.vectorCores;
  const name = `${op.name.slice('ms.'.length)}_${dtypeOf(x)}`;
  const args = [x, indices, result].map((value) => lowering.buffer(value));
  if (elements !== null && fitsElements(elements)) {
    const blocks = Math.min(cores, elementLookupPieces(elements));
    const write = (k: Parameters<typeof writeElementLookup>[0]): void => writeElementLookup(k, elements);
    lowering.launch({ key: `elements ${JSON.stringify(elements)}`, name, core: 'vector', blocks, write }, [
      ...args,
      lowering.constant(elementTables(elements)),
    ]);
    return;
  }
  const blocks = Math.min(cores, rowLookupPieces(rows, cores));
  lowering.launch(
    {
      key: `lookup ${JSON.stringify(rows)}`,
      name,
      core: 'vector',
      blocks,
      write: (k) => writeRowLookup(k, rows, cores),
    },
    args,
  );
}

const JOINS: Readonly<Record<string, string | null>> = {
  none: null,
  add: 'vadd',
  mul: 'vmul',
  max: 'vmax',
  min: 'vmin',
};

/** x copied into the result, then the updates on top. */
const scatterRule =
  (rowsOf: (op: Operation) => IndexedRows): LowerRule =>
  (op, lowering) => {
    const [x, indices, updates] = op.operands;
    const [result] = op.results;
    const dtype = dtypeOf(x);
    const join = JOINS[stringOf(op.attributes, 'reduction')];
    if (join !== null && reductionLane(dtype) === null)
      return unsupported(op, `${op.name} on ${dtype}`, 'updates are joined as floats or 32-bit integers');
    copyBox(lowering, op, x, result, { axes: boxAxes(shapeOf(x), stridesOf(x), stridesOf(x)) });
    if (isEmpty(updates) || isEmpty(x)) return null;
    const scatter = { at: rowsOf(op), dtype, join };
    const cores = lowering.chip.vectorCores;
    lowering.launch(
      {
        key: `scatter ${JSON.stringify(scatter)}`,
        name: `${op.name.slice('ms.'.length)}_${dtype}`,
        core: 'vector',
        blocks: Math.min(cores, scatterPieces(scatter, cores)),
        write: (k) => writeScatter(k, scatter, cores),
      },
      [indices, updates, result].map((value) => lowering.buffer(value)),
    );
    return null;
  };

export const scatterNdRule = scatterRule((op) => tupleRows(op.operands[0], op.operands[1]));
export const scatterElementsRule = scatterRule((op) =>
  elementRows(op.operands[0], op.operands[1], integerOf(op.attributes, 'axis')),
);

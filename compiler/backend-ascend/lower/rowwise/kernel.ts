/**
 * The row-wise kernel: elementwise ops, reductions over the last axes, and broadcasting between their results, on tiles
 * of rows × columns in UB.
 *
 * Work is the product of outer positions, row tiles and column tiles, dealt to the cores one after another; loads and
 * stores are double-buffered. The tile is the largest that fits into UB: sizes are tried from large to small against
 * the memory plan itself.
 */
import type { Block, DType, Operation, Value } from '../../../ir/index.ts';
import { dtypeBytes, isAbsent } from '../../../ir/index.ts';
import { loadNumber } from '../../../ir/ops/index.ts';
import { YIELD } from '../../../passes/fuse/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import { ELEMENTWISE, elementwiseRule, operandDtype } from './arithmetic.ts';
import type { AccessPattern, Domain } from './domain.ts';
import { laneOf } from './lanes.ts';
import { isRowReduction, propagatesNaN, reduceRows } from './reduce.ts';
import { MAX_ROWS, Tile } from './tile.ts';
import type { TileKind, TileValue } from './tile.ts';
import { fitTo, loadTile, storeTile } from './transfer.ts';

/** A tensor that enters or leaves the kernel. */
export interface Port {
  readonly value: Value;
  readonly dtype: DType;
  readonly pattern: AccessPattern;
}

export interface RowwiseGroup {
  readonly body: Block;
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  readonly domain: Domain;
  readonly hasReduction: boolean;
}

/** Rows and columns of one tile. */
export interface TileSize {
  readonly rows: number;
  readonly columns: number;
}

/** Extents of tiles worth trying, the largest first: wide tiles are better than high ones. */
export interface TileChoices {
  readonly columns: readonly number[];
  readonly rows: readonly number[];
}

/** Columns of tiles that need not be smaller. */
const FEW_COLUMNS = 64;
/** Columns that a core should have at least when a single row is shared. */
const LEAST_SHARE = 512;

export function tileChoices(group: RowwiseGroup, cores: number): TileChoices {
  const { rows, columns, outer } = group.domain;
  const work = outer.reduce((product, extent) => product * extent, 1);
  const height = Math.max(1, Math.min(rows, Math.ceil((rows * work) / cores), MAX_ROWS));
  const heights = halvings(height, 1, (rowTile) => Math.floor(rowTile / 2));
  // A reduction needs whole rows.
  if (group.hasReduction) return { columns: [columns], rows: heights };
  const most = rows === 1 && work === 1 ? Math.max(LEAST_SHARE, Math.ceil(columns / cores / 8) * 8) : columns;
  const widths = halvings(columns, FEW_COLUMNS, (columnTile) => Math.ceil(columnTile / 16) * 8);
  return { columns: widths.filter((width, index) => width <= most || index === widths.length - 1), rows: heights };
}

function halvings(first: number, least: number, halve: (extent: number) => number): readonly number[] {
  const extents = [first];
  for (let extent = first; extent > least; extents.push(extent)) extent = halve(extent);
  return extents;
}

/** Bytes of the buffers between GM and the tile, which all live throughout: a bound below what the tile needs. */
export function transferBytes({ inputs, outputs }: RowwiseGroup, size: TileSize): number {
  const elements = ({ pattern }: Port): number =>
    pattern.column === 0 ? 0 : size.columns * (pattern.row === 0 ? 1 : size.rows);
  const loads = inputs.reduce((sum, port) => sum + elements(port) * dtypeBytes(port.dtype), 0);
  return 2 * outputs.reduce((sum, port) => sum + elements(port) * 4, loads);
}

/** Pieces of work with this tile size. */
export function pieceCount({ domain }: RowwiseGroup, tile: TileSize): number {
  const outer = domain.outer.reduce((product, extent) => product * extent, 1);
  return outer * Math.ceil(domain.rows / tile.rows) * Math.ceil(domain.columns / tile.columns);
}

/** Writes the kernel; its arguments are the inputs, then the outputs. */
export function writeRowwise(k: KernelBuilder, group: RowwiseGroup, size: TileSize): void {
  const buffers = new Map<Port, Value>();
  for (const port of group.inputs) buffers.set(port, k.buffer('in'));
  for (const port of group.outputs) buffers.set(port, k.buffer('out'));
  const { domain } = group;
  const columnTiles = Math.ceil(domain.columns / size.columns);
  const rowTiles = Math.ceil(domain.rows / size.rows);
  k.parallel(pieceCount(group, size), (piece) => {
    const column = k.mul(k.rem(piece, columnTiles), size.columns);
    const rest = k.div(piece, columnTiles);
    const row = k.mul(k.rem(rest, rowTiles), size.rows);
    const place = { row, column, outer: outerPosition(k, k.div(rest, rowTiles), domain.outer) };
    const tile = new Tile(k, {
      rowCapacity: size.rows,
      rows: limited(k, domain.rows, row, size.rows),
      columnCapacity: size.columns,
      columns: limited(k, domain.columns, column, size.columns),
      pitchMultiple: Math.max(
        ...[...group.inputs, ...group.outputs].map((port) => 32 / Math.min(4, dtypeBytes(port.dtype))),
      ),
    });
    const values = new Map<Value, TileValue>();
    for (const port of group.inputs.filter(({ value }) => !isEmpty(value))) {
      const address = elementOffset(k, port.pattern, place);
      values.set(port.value, loadTile(tile, buffers.get(port) ?? port.value, address, port.pattern, port.dtype));
    }
    for (const op of group.body.operations)
      if (op.name !== YIELD && !isEmpty(op.results[0]))
        k.from(op.location, () => compute(tile, op, group.body, values));
    for (const port of group.outputs) {
      const value = values.get(port.value);
      if (!value) throw new Error('a row-wise group yields a value it does not compute');
      storeTile(
        tile,
        value,
        buffers.get(port) ?? port.value,
        elementOffset(k, port.pattern, place),
        port.pattern,
        port.dtype,
      );
    }
  });
}

/** The kind in which a value with this pattern lies in the tile. */
export function kindOf(pattern: AccessPattern): TileKind {
  if (pattern.row !== 0) return pattern.column !== 0 ? 'full' : 'column';
  return pattern.column !== 0 ? 'row' : 'scalar';
}

function limited(k: KernelBuilder, extent: number, start: Scalar, size: number): Scalar {
  return extent % size === 0 ? size : k.min(k.sub(extent, start), size);
}

interface Place {
  readonly row: Scalar;
  readonly column: Scalar;
  readonly outer: readonly Scalar[];
}

function outerPosition(k: KernelBuilder, index: Scalar, extents: readonly number[]): readonly Scalar[] {
  const position: Scalar[] = [];
  let rest = index;
  for (let axis = extents.length - 1; axis >= 0; axis--) {
    position.unshift(axis === 0 ? rest : k.rem(rest, extents[axis]));
    rest = k.div(rest, extents[axis]);
  }
  return position;
}

function elementOffset(k: KernelBuilder, pattern: AccessPattern, place: Place): Scalar {
  let offset = k.add(k.mul(place.row, pattern.row), k.mul(place.column, pattern.column));
  pattern.outer.forEach((stride, axis) => (offset = k.add(offset, k.mul(place.outer[axis], stride))));
  return offset;
}

/** True for a tensor without elements: nothing of it is loaded or computed. */
export function isEmpty({ type }: Value): boolean {
  return type.kind === 'tensor' && type.shape.includes(0);
}

function compute(tile: Tile, op: Operation, body: Block, values: Map<Value, TileValue>): void {
  const to = dtypeOf(op.results[0]);
  const result = isRowReduction(op)
    ? reduceRows(tile, op, isEmpty(op.operands[0]) ? null : known(op.operands[0], values), propagatesNaN(op, body))
    : computed(
        tile,
        op,
        op.operands.map((operand) => known(operand, values)),
        to,
      );
  values.set(op.results[0], isExact(op) ? result : fitTo(tile, result, to));
}

function known(operand: Value, values: ReadonlyMap<Value, TileValue>): TileValue {
  const value = values.get(operand);
  if (!value) throw new Error('a row-wise group uses a value that is not in the tile');
  return value;
}

/** True when a result needs no rounding to its dtype. */
function isExact(op: Operation): boolean {
  return (
    op.name === 'ms.constant' ||
    op.name === 'ms.reduce_max' ||
    op.name === 'ms.reduce_min' ||
    (ELEMENTWISE[op.name]?.isClosed ?? false)
  );
}

function computed(tile: Tile, op: Operation, sources: readonly TileValue[], to: DType): TileValue {
  if (op.name === 'ms.constant') return constantValue(tile, op, to);
  const rule = elementwiseRule(op);
  if (isAbsent(rule))
    throw new Error(`'${op.name}' is no row-wise op here (${rule.absent}); the rule must refuse it before`);
  return rule({ tile, sources, from: operandDtype(op), to, attributes: op.attributes });
}

function constantValue(tile: Tile, op: Operation, dtype: DType): TileValue {
  const attribute = op.attributes.get('value');
  const lane = laneOf(dtype);
  if (attribute?.kind !== 'dense' || lane === null) throw new Error(`a constant of ${dtype} in a row-wise group`);
  return tile.constant(loadNumber(dtype, attribute.data, 0), lane);
}

function dtypeOf(value: Value): DType {
  if (value.type.kind !== 'tensor') throw new Error('row-wise values are tensors');
  return value.type.dtype;
}

/**
 * The row-wise kernel: elementwise ops, reductions over the last axes, and broadcasting between their results, on tiles
 * of rows × columns in UB.
 *
 * Work is the product of outer positions, row tiles and column tiles, dealt to the cores one after another; loads and
 * stores are double-buffered. The tile is the largest that fits into UB: sizes are tried from large to small against
 * the memory plan itself.
 */
import type { Block, DType, Operation, Value } from '../../../ir/index.ts';
import { dtypeBytes } from '../../../ir/index.ts';
import { YIELD } from '../../../passes/fuse/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import { ELEMENTWISE, laneOf } from './arithmetic.ts';
import type { AccessPattern, Domain } from './domain.ts';
import { reduceRows } from './reduce.ts';
import { MAX_ROWS, Tile } from './tile.ts';
import type { TileKind, TileValue } from './tile.ts';
import { loadTile, roundTo, storeTile } from './transfer.ts';

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

/** Tile sizes worth trying, the best first. A reduction needs whole rows. */
export function tileCandidates(group: RowwiseGroup, cores: number): readonly TileSize[] {
  const { rows, columns, outer } = group.domain;
  const work = outer.reduce((product, extent) => product * extent, 1);
  const candidates: TileSize[] = [];
  for (let columnTile = columns; ; columnTile = Math.max(8, Math.ceil(columnTile / 16) * 8)) {
    // Enough pieces for the cores, then as large as fits.
    const share = Math.max(1, Math.ceil((rows * work) / cores));
    for (let rowTile = Math.min(rows, share, MAX_ROWS); rowTile >= 1; rowTile = Math.floor(rowTile / 2)) {
      candidates.push({ rows: rowTile, columns: columnTile });
    }
    if (group.hasReduction || columnTile <= 64) break;
  }
  const most = rows === 1 && work === 1 ? Math.max(512, Math.ceil(columns / cores / 8) * 8) : Infinity;
  const limited = candidates.filter((tile) => group.hasReduction || tile.columns <= most);
  return limited.length > 0 ? limited : candidates.slice(-1);
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
      pitchMultiple: Math.max(...[...group.inputs, ...group.outputs].map((port) => 32 / Math.min(4, dtypeBytes(port.dtype)))),
    });
    const values = new Map<Value, TileValue>();
    for (const port of group.inputs) {
      const address = elementOffset(k, port.pattern, place);
      values.set(port.value, loadTile(tile, buffers.get(port) ?? port.value, address, port.pattern, port.dtype));
    }
    for (const op of group.body.operations) if (op.name !== YIELD) compute(tile, op, values);
    for (const port of group.outputs) {
      const value = values.get(port.value);
      if (!value) throw new Error('a row-wise group yields a value it does not compute');
      storeTile(tile, value, buffers.get(port) ?? port.value, elementOffset(k, port.pattern, place), port.pattern, port.dtype);
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

function compute(tile: Tile, op: Operation, values: Map<Value, TileValue>): void {
  const sources = op.operands.map((operand) => {
    const value = values.get(operand);
    if (!value) throw new Error(`'${op.name}' uses a value that is not in the tile`);
    return value;
  });
  const from = op.operands.length > 0 ? dtypeOf(op.operands[op.name === 'ms.select' ? 1 : 0]) : dtypeOf(op.results[0]);
  const to = dtypeOf(op.results[0]);
  values.set(op.results[0], roundTo(tile, computed(tile, op, sources, from, to), to));
}

function computed(tile: Tile, op: Operation, sources: readonly TileValue[], from: DType, to: DType): TileValue {
  if (op.name === 'ms.constant') return constantValue(tile, op, to);
  if (op.name.startsWith('ms.reduce_')) return reduceRows(tile, op, sources[0]);
  // A shape change inside the tile: the bytes stay where they are.
  if (op.name === 'ms.reshape' || op.name === 'ms.broadcast_to') return sources[0];
  const rule = ELEMENTWISE[op.name];
  const result = rule?.({ tile, sources, from, to, attributes: op.attributes });
  if (!result) throw new Error(`'${op.name}' on ${from} is no row-wise op; the rule must refuse it before`);
  return result;
}

function constantValue(tile: Tile, op: Operation, dtype: DType): TileValue {
  const attribute = op.attributes.get('value');
  const lane = laneOf(dtype);
  if (attribute?.kind !== 'dense' || lane === null) throw new Error(`a constant of ${dtype} in a row-wise group`);
  if (dtypeBytes(dtype) === 2) throw new Error('16-bit constants enter row-wise groups as f32');
  return tile.constant(Number(attribute.data[0]), lane);
}

function dtypeOf(value: Value): DType {
  if (value.type.kind !== 'tensor') throw new Error('row-wise values are tensors');
  return value.type.dtype;
}

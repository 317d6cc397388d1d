/**
 * Reduction of [outer, extent] along contiguous lines that are long, or of lanes that have no cross-lane instruction.
 *
 * A line is joined tile by tile into one tile of results, which is halved down to a block and then joined lane by lane
 * (f32 sums and extremes by one instruction, the rest in the scalar unit).
 */
import type { Value } from '../../../ir/index.ts';
import { dtypeBytes } from '../../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import { WIDEN, convertLanes } from '../convert.ts';
import { LANES } from '../rowwise/tile.ts';
import { eachTile, pieceCount } from '../shape/pieces.ts';
import { countLanes, fill, repeatBytes, withTwo } from '../vector.ts';
import type { ReduceStep } from './column.ts';
import { fillIdentity, identityLine, losesNaN, poisonOf, storeLine } from './column.ts';
import { SUM } from './join.ts';

const MOST_ELEMENTS = 8192;
/** The same where NaN is carried beside the results. */
const MOST_WITH_POISON = 4096;
/** Lanes of one block. */
const BLOCK_LANES = 8;

/** Elements of a tile: 64 · 2ⁿ, so that halving ends at one repeat. */
function lineTile(extent: number, most = MOST_ELEMENTS): number {
  let tile = LANES;
  while (tile < extent && tile < most) tile *= 2;
  return tile;
}

const axesOf = ({ outer, parts }: ReduceStep) => [
  { extent: outer, tile: 1 },
  { extent: parts, tile: 1 },
];

export function linePieces(step: ReduceStep): number {
  return pieceCount(axesOf(step));
}

/** Arguments: source, target. */
export function writeLines(k: KernelBuilder, step: ReduceStep): void {
  const [source, target] = [k.buffer('source'), k.buffer('target')];
  const most = losesNaN(step) ? MOST_WITH_POISON : MOST_ELEMENTS;
  const tile = lineTile(Math.ceil(step.extent / step.parts), most);
  const share = Math.ceil(step.extent / step.parts / tile) * tile;
  const operation = `${step.join.vector}_${step.lane}`;
  eachTile(k, axesOf(step), ([outer, part]) => {
    const total = identityLine(k, step, step.join, tile);
    const poison = losesNaN(step) ? identityLine(k, step, SUM, tile) : null;
    const first = k.mul(part.start, share);
    const count = step.parts === 1 ? step.extent : k.max(0, k.min(k.sub(step.extent, first), share));
    const joinFrom = (start: Scalar, taken: Scalar): void => {
      const at = k.add(k.mul(outer.start, step.extent), k.add(first, start));
      const line = loadLine(k, step, k.at(source, k.mul(at, dtypeBytes(step.from))), taken, tile);
      countLanes(k, tile);
      withTwo(k, operation, total, total, line);
      if (!poison) return;
      const found = poisonOf(k, line, tile);
      countLanes(k, tile);
      withTwo(k, 'vadd_f32', poison, poison, found);
    };
    const whole = k.mul(k.div(count, tile), tile);
    k.loop(0, whole, tile, (start) => joinFrom(start, tile));
    k.when('slt', whole, count, () => joinFrom(whole, k.sub(count, whole)));
    const result = joinLanes(k, step, total, tile);
    if (poison) {
      const found = joinLanes(k, { ...step, join: SUM }, poison, tile);
      countLanes(k, BLOCK_LANES);
      withTwo(k, 'vadd_f32', result, result, found);
    }
    const at = k.add(k.mul(outer.start, step.parts), part.start);
    storeLine(k, step, result, BLOCK_LANES, 1, k.at(target, k.mul(at, dtypeBytes(step.to))));
  });
}

function loadLine(k: KernelBuilder, step: ReduceStep, from: Value, taken: Scalar, tile: number): Value {
  const bytes = dtypeBytes(step.from);
  const raw = k.alloc('ub', repeatBytes(tile * bytes), 2);
  if (taken !== tile) fillIdentity(k, step, raw, tile);
  k.emit(`copy_gm_to_ubuf_align_b${bytes * 8}`, raw, from, 0, 1, k.mul(taken, bytes), 0, 0, 0, 0);
  return convertLanes(k, raw, WIDEN[step.from] ?? [], tile, tile);
}

/** The first lane of the result holds all lanes of `total` joined. */
function joinLanes(k: KernelBuilder, { join, lane }: ReduceStep, total: Value, tile: number): Value {
  const isAcross = join.across !== null && lane === 'f32';
  const least = isAcross ? LANES : BLOCK_LANES;
  for (let have = tile; have > least; have /= 2) {
    countLanes(k, have / 2);
    withTwo(k, `${join.vector}_${lane}`, total, total, k.at(total, (have / 2) * 4));
  }
  const result = k.alloc('ub', 256);
  countLanes(k, BLOCK_LANES);
  fill(k, 'b32', result, 0);
  if (isAcross) {
    countLanes(k, LANES);
    k.emit(join.across ?? '', result, total, 1, 1, 1, 8);
    return result;
  }
  const load = lane === 'f32' ? 'ld_xd_ub_u32' : 'ld_xd_ub_s32';
  let sum = k.read(load, total, 0);
  for (let at = 1; at < BLOCK_LANES; at++) sum = k.read(join.scalar[lane], sum, k.read(load, total, at * 4));
  k.emit('st_xd_ub_b32', sum, result, 0);
  return result;
}

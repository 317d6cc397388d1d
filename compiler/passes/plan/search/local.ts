/** Local search under a memory limit: repair of a choice that does not fit, and descent while it fits. */
import { placesOf, strategiesAt } from './core.ts';
import type { Position } from './position.ts';
import { scratchOf } from './position.ts';

/**
 * Takes memory from the fullest row until everything fits, each time by the move that costs least per byte.
 * False when no move helps.
 */
export function repair(position: Position, mostMoves: number): boolean {
  const scratch = scratchOf(position.core);
  for (let moves = 0; moves < mostMoves; moves++) {
    if (position.fits) return true;
    if (!relieve(position, position.loads.worstRow(), scratch)) return false;
  }
  return position.fits;
}

interface Move {
  readonly place: number;
  readonly strategy: number;
  readonly change: number;
  readonly perByte: number;
}

function relieve(position: Position, row: number, scratch: Float64Array): boolean {
  const excess = position.loads.excess;
  const moves: Move[] = [];
  for (let place = 0; place < placesOf(position.core); place++) {
    const held = heldAt(position, place, row);
    if (held === null) continue;
    const own = position.choice[place];
    const count = position.costsAt(place, scratch);
    for (let strategy = 0; strategy < count; strategy++) {
      const freed = Math.min(held[own] - held[strategy], excess);
      const change = scratch[strategy] - scratch[own];
      if (freed > 0) moves.push({ place, strategy, change, perByte: change / freed });
    }
  }
  moves.sort((left, right) => left.perByte - right.perByte);
  return takeMoves(position, row, moves, scratch);
}

/** Takes moves in order while the row is the fullest one; a place moves once, and only if its price still holds. */
function takeMoves(position: Position, row: number, moves: readonly Move[], scratch: Float64Array): boolean {
  const moved = new Set<number>();
  for (const { place, strategy, change } of moves) {
    if (moved.size > 0 && (position.fits || position.loads.worstRow() !== row)) break;
    if (moved.has(place)) continue;
    position.costsAt(place, scratch);
    const now = scratch[strategy] - scratch[position.choice[place]];
    if (moved.size > 0 && now > change) continue;
    if (position.tryMove(place, strategy, now, position.loads.excess * (1 - 1e-12))) moved.add(place);
  }
  return moved.size > 0;
}

/** Memory by strategy of a place at a row, or null when it holds none. */
function heldAt(position: Position, place: number, row: number): Float64Array | null {
  let held: Float64Array | null = null;
  for (const { from, to, bytes } of position.core.terms[place]) {
    if (row < from || row >= to) continue;
    held ??= new Float64Array(bytes.length);
    for (let strategy = 0; strategy < bytes.length; strategy++) held[strategy] += bytes[strategy];
  }
  return held;
}

/** Changes single strategies while that is cheaper and fits. */
export function descend(position: Position): void {
  const scratch = scratchOf(position.core);
  for (let improved = true; improved;) {
    improved = false;
    for (let place = 0; place < placesOf(position.core); place++)
      if (strategiesAt(position.core, place) > 1 && improvePlace(position, place, scratch)) improved = true;
  }
}

function improvePlace(position: Position, place: number, scratch: Float64Array): boolean {
  const count = position.costsAt(place, scratch);
  const current = scratch[position.choice[place]];
  const margin = Math.abs(current) * 1e-12;
  const better = [...scratch.subarray(0, count).keys()].filter((strategy) => scratch[strategy] < current - margin);
  better.sort((left, right) => scratch[left] - scratch[right]);
  return better.some((strategy) => position.tryMove(place, strategy, scratch[strategy] - current));
}

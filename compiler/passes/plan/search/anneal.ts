/**
 * Simulated annealing inside the memory limit. A step draws a place and then one of its strategies with the weights of
 * the heat bath, exp(−cost / temperature); a strategy that does not fit is not taken. Deterministic for a seed.
 * Source: Kirkpatrick et al., Optimization by simulated annealing (1983); heat bath as in Geman and Geman (1984).
 */
import { placesOf, strategiesAt } from './core.ts';
import { descend } from './local.ts';
import type { Position } from './position.ts';
import { scratchOf } from './position.ts';
import type { Choice } from './problem.ts';
import { randomFrom } from './random.ts';

export interface Schedule {
  /** Steps in all; temperature falls geometrically from `hot` to `cold`. */
  readonly steps: number;
  readonly hot: number;
  readonly cold: number;
  readonly seed: number;
  /** Asked now and then. */
  readonly expired: () => boolean;
}

/** Steps between two looks at the clock and at the temperature. */
const ROUND = 1024;

/** The best choice seen, with its cost; the position ends there too only by chance. */
export function anneal(position: Position, schedule: Schedule): { cost: number; choice: Choice } {
  const { core } = position;
  const random = randomFrom(schedule.seed);
  const scratch = scratchOf(core);
  const movable = [...core.ids.keys()].filter((place) => strategiesAt(core, place) > 1);
  let best = { cost: position.cost, choice: position.choice.slice() };
  if (movable.length === 0) return best;
  const cooling = schedule.cold / schedule.hot;
  for (let step = 0; step < schedule.steps && !schedule.expired(); step += ROUND) {
    const temperature = schedule.hot * cooling ** (step / schedule.steps);
    for (let turn = 0; turn < ROUND; turn++)
      drawStrategy(position, movable[Math.floor(random() * movable.length)], temperature, random, scratch);
    if (position.cost < best.cost) best = { cost: position.cost, choice: position.choice.slice() };
  }
  descend(position);
  return position.cost < best.cost ? { cost: position.cost, choice: position.choice.slice() } : best;
}

function drawStrategy(
  position: Position,
  place: number,
  temperature: number,
  random: () => number,
  scratch: Float64Array,
): void {
  const count = position.costsAt(place, scratch);
  const own = position.choice[place];
  const current = scratch[own];
  let least = Infinity;
  for (let strategy = 0; strategy < count; strategy++) if (scratch[strategy] < least) least = scratch[strategy];
  let total = 0;
  for (let strategy = 0; strategy < count; strategy++) total += Math.exp((least - scratch[strategy]) / temperature);
  let rest = random() * total;
  let drawn = count - 1;
  for (let strategy = 0; strategy < count; strategy++) {
    rest -= Math.exp((least - scratch[strategy]) / temperature);
    if (rest > 0) continue;
    drawn = strategy;
    break;
  }
  if (drawn !== own) position.tryMove(place, drawn, scratch[drawn] - current);
}

/** The number of places that have a choice. */
export const movablePlaces = (position: Position): number => {
  let count = 0;
  for (let place = 0; place < placesOf(position.core); place++) if (strategiesAt(position.core, place) > 1) count++;
  return count;
};

/**
 * The Lagrangian dual of the memory limit: each byte over a row's limit is charged a price, prices follow what the
 * message passing would choose (deflected subgradient with Polyak steps). Each bound is certified on its own, whatever
 * the prices are; strategies whose marginal lifts it over a known solution can be no part of a better one.
 * Sources: Held, Wolfe, Crowder, Validation of subgradient optimization (1974); Barahona, Anbil, The volume algorithm (2000).
 */
import type { Core } from './core.ts';
import { placesOf, pricedCosts, rowExcess } from './core.ts';
import { decodeMessages, silentMessages, sweep } from './messages.ts';
import type { Choice } from './problem.ts';

export interface DualOptions {
  readonly iterations: number;
  /** Cost of the best solution known so far, or a guess of it. */
  readonly upper: () => number;
  /** Whether bounds of single strategies are wanted; a second sweep per iteration finds them. */
  readonly strategyBounds: boolean;
  /** Prices to start from, by row. */
  readonly prices: Float64Array;
  readonly expired: () => boolean;
  /** Sees each choice that the prices suggest, and the prices. */
  readonly suggest: (choice: Choice, prices: Float64Array) => void;
}

export interface DualOutcome {
  readonly bound: number;
  readonly prices: Float64Array;
  /** By strategy column: a lower bound of any feasible choice that takes the strategy. */
  readonly strategyBounds: Float64Array;
}

/** Share of the newest direction; the rest is memory, which keeps prices from zigzagging. */
const FRESH = 0.3;
/** Iterations without a better bound before the step is cut. */
const PATIENCE = 12;

export function ascend(core: Core, options: DualOptions): DualOutcome {
  const messages = silentMessages(core);
  const scale = Math.max(1, ...core.limits);
  const prices = options.prices.slice();
  const strategyBounds = new Float64Array(core.costs.length).fill(-Infinity);
  const direction = new Float64Array(prices.length);
  let best = { bound: -Infinity, prices: prices.slice() };
  let [reach, since] = [1, 0];
  for (let iteration = 0; iteration < options.iterations && !options.expired(); iteration++) {
    const { costs, refund } = pricedCosts(core, prices);
    const before = options.strategyBounds && iteration > 0 ? sweep(core, costs, messages) - refund : -Infinity;
    const bound = sweep(core, costs, messages) - refund;
    if (options.strategyBounds) raiseBounds(strategyBounds, messages.marginals, before);
    since = bound > best.bound + Math.abs(best.bound) * 1e-6 ? 0 : since + 1;
    if (bound > best.bound) best = { bound, prices: prices.slice() };
    if (since > PATIENCE) {
      [reach, since] = [reach * 0.7, 0];
      prices.set(best.prices);
      direction.fill(0);
      continue;
    }
    const choice = decodeMessages(core, costs, messages);
    options.suggest(choice, prices);
    stepPrices(prices, direction, rowExcess(core, choice), scale, reach * (options.upper() * 1.02 - bound));
    if (prices.length === 0 && since > PATIENCE / 2) break;
  }
  return { ...best, strategyBounds };
}

/** At the time its marginal was written, the bound was at least `before`, that of the sweep before. */
function raiseBounds(bounds: Float64Array, marginals: Float64Array, before: number): void {
  for (let column = 0; column < bounds.length; column++)
    if (before + marginals[column] > bounds[column]) bounds[column] = before + marginals[column];
}

function stepPrices(
  prices: Float64Array,
  direction: Float64Array,
  excess: Float64Array,
  scale: number,
  gap: number,
): void {
  let norm = 0;
  for (let row = 0; row < prices.length; row++) {
    direction[row] = (1 - FRESH) * direction[row] + (FRESH * excess[row]) / scale;
    if (prices[row] > 0 || direction[row] > 0) norm += direction[row] ** 2;
  }
  if (norm === 0) return;
  const step = Math.max(gap, 0) / norm / scale;
  for (let row = 0; row < prices.length; row++) prices[row] = Math.max(0, prices[row] + step * direction[row]);
}

/** The strategies of each place that a solution below `cutoff` may still use. */
export function survivors(core: Core, outcome: DualOutcome, cutoff: number): readonly (readonly number[])[] {
  return Array.from({ length: placesOf(core) }, (_, place) => {
    const bounds = outcome.strategyBounds.subarray(core.starts[place], core.starts[place + 1]);
    return [...bounds.keys()].filter((strategy) => bounds[strategy] < cutoff);
  });
}

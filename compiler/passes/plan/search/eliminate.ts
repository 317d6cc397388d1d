/**
 * Exact variable elimination: the node whose neighbours span the smallest table is replaced by that table of its best
 * costs, until none is left; then choices are read back in reverse order. The result is optimal, and the elimination
 * itself is the proof. Memory is not seen here: prices of memory are part of the costs.
 * Source: Dechter, Bucket elimination (1999); the greedy order is min-weight.
 */
import type { Core } from './core.ts';
import { placesOf, strategiesAt } from './core.ts';
import type { Choice } from './problem.ts';

interface Factor {
  readonly scope: readonly number[];
  /** Row-major by the strategies of the scope. */
  readonly table: Float64Array;
}

/** Places in the order of elimination, or null when a table would have more than `tableLimit` cells. */
export function eliminationOrder(core: Core, tableLimit: number): readonly number[] | null {
  const count = placesOf(core);
  const neighbours = Array.from({ length: count }, () => new Set<number>());
  for (const { first, second } of core.edges) {
    neighbours[first].add(second);
    neighbours[second].add(first);
  }
  const cellsAt = (place: number): number =>
    [...neighbours[place]].reduce((cells, other) => cells * strategiesAt(core, other), strategiesAt(core, place));
  const cells = new Map(Array.from({ length: count }, (_, place) => [place, cellsAt(place)]));
  const order: number[] = [];
  while (cells.size > 0) {
    let [best, least] = [-1, Infinity];
    for (const [place, size] of cells) if (size < least) [best, least] = [place, size];
    if (least > tableLimit) return null;
    order.push(best);
    cells.delete(best);
    for (const one of neighbours[best]) {
      neighbours[one].delete(best);
      for (const other of neighbours[best]) if (other !== one) neighbours[one].add(other);
    }
    for (const one of neighbours[best]) cells.set(one, cellsAt(one));
  }
  return order;
}

/** The cheapest choice of a core without regard to memory, under the given strategy costs. */
export function eliminate(core: Core, costs: Float64Array, order: readonly number[]): { cost: number; choice: Choice } {
  const rank = new Int32Array(placesOf(core));
  order.forEach((place, index) => (rank[place] = index));
  const buckets: Factor[][] = order.map((place) => [
    { scope: [place], table: costs.subarray(core.starts[place], core.starts[place + 1]) },
  ]);
  for (const { first, second, table } of core.edges)
    buckets[Math.min(rank[first], rank[second])].push({ scope: [first, second], table });
  let cost = 0;
  order.forEach((place, index) => {
    const scope = [...new Set(buckets[index].flatMap((factor) => factor.scope))].filter((other) => other !== place);
    const table = minimizedOver(core, place, scope, buckets[index]);
    if (scope.length === 0) cost += table[0];
    else buckets[Math.min(...scope.map((other) => rank[other]))].push({ scope, table });
  });
  const choice = new Int32Array(placesOf(core));
  for (let index = order.length - 1; index >= 0; index--)
    choice[order[index]] = bestGiven(core, order[index], buckets[index], choice);
  return { cost, choice };
}

/** How far one step of a place moves in a factor's table; 0 when the factor does not see it. */
function strideOf(core: Core, { scope }: Factor, place: number): number {
  const at = scope.indexOf(place);
  return at < 0 ? 0 : scope.slice(at + 1).reduce((product, other) => product * strategiesAt(core, other), 1);
}

/** For each choice of `scope`, the least sum of the factors over the strategies of `place`. */
function minimizedOver(core: Core, place: number, scope: readonly number[], factors: readonly Factor[]): Float64Array {
  const widths = scope.map((other) => strategiesAt(core, other));
  const result = new Float64Array(widths.reduce((product, width) => product * width, 1));
  const own = strategiesAt(core, place);
  const ownStrides = factors.map((factor) => strideOf(core, factor, place));
  const strides = factors.map((factor) => scope.map((other) => strideOf(core, factor, other)));
  const offsets = factors.map(() => 0);
  const digits = scope.map(() => 0);
  const sums = new Float64Array(own);
  for (let cell = 0; cell < result.length; cell++) {
    sums.fill(0);
    for (let factor = 0; factor < factors.length; factor++) {
      const { table } = factors[factor];
      let at = offsets[factor];
      for (let strategy = 0; strategy < own; strategy++, at += ownStrides[factor]) sums[strategy] += table[at];
    }
    let least = Infinity;
    for (let strategy = 0; strategy < own; strategy++) if (sums[strategy] < least) least = sums[strategy];
    result[cell] = least;
    for (let digit = scope.length - 1; digit >= 0; digit--) {
      const wraps = ++digits[digit] === widths[digit];
      for (let factor = 0; factor < factors.length; factor++)
        offsets[factor] += strides[factor][digit] * (wraps ? 1 - widths[digit] : 1);
      if (!wraps) break;
      digits[digit] = 0;
    }
  }
  return result;
}

function bestGiven(core: Core, place: number, factors: readonly Factor[], choice: Choice): number {
  const bases = factors.map((factor) =>
    factor.scope.reduce((at, other) => at + (other === place ? 0 : choice[other] * strideOf(core, factor, other)), 0),
  );
  const strides = factors.map((factor) => strideOf(core, factor, place));
  let [best, least] = [0, Infinity];
  for (let strategy = 0; strategy < strategiesAt(core, place); strategy++) {
    let sum = 0;
    factors.forEach(({ table }, factor) => (sum += table[bases[factor] + strategy * strides[factor]]));
    if (sum < least) [best, least] = [strategy, sum];
  }
  return best;
}

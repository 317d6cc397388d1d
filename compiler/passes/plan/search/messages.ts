/**
 * Sequential tree-reweighted message passing: a lower bound of any core in time linear in its tables, never falling from
 * sweep to sweep, and marginals that say how much each strategy at least adds to it.
 * Source: Kolmogorov, Convergent tree-reweighted message passing for energy minimization (PAMI 2006), monotonic chains
 * with weights 1 / max(forward, backward edges).
 */
import type { Core } from './core.ts';
import { placesOf, strategiesAt } from './core.ts';
import type { Choice } from './problem.ts';

export interface Messages {
  /** By edge: what `first` tells `second` (by strategy of `second`), and the reverse. */
  readonly toSecond: readonly Float64Array[];
  readonly toFirst: readonly Float64Array[];
  /** By strategy column: the bound of the last sweep rises at least this much when the strategy is forced. */
  readonly marginals: Float64Array;
}

export function silentMessages(core: Core): Messages {
  return {
    toSecond: core.edges.map(({ second }) => new Float64Array(strategiesAt(core, second))),
    toFirst: core.edges.map(({ first }) => new Float64Array(strategiesAt(core, first))),
    marginals: new Float64Array(core.costs.length),
  };
}

/** One sweep there and back; returns the lower bound of the sum under `costs`. */
export function sweep(core: Core, costs: Float64Array, messages: Messages): number {
  for (let place = 0; place < placesOf(core); place++) {
    const belief = beliefOf(core, costs, messages, place);
    const weight = weightOf(core, place);
    for (const edge of core.forward[place]) sendForward(core, messages, edge, belief, weight);
  }
  let bound = 0;
  for (let place = placesOf(core) - 1; place >= 0; place--) {
    const belief = beliefOf(core, costs, messages, place);
    bound += lessMinimum(belief);
    messages.marginals.set(belief, core.starts[place]);
    const weight = weightOf(core, place);
    for (const edge of core.backward[place]) bound += sendBackward(core, messages, edge, belief, weight);
  }
  return bound;
}

const weightOf = (core: Core, place: number): number =>
  1 / Math.max(core.forward[place].length, core.backward[place].length, 1);

function beliefOf(core: Core, costs: Float64Array, messages: Messages, place: number): Float64Array {
  const belief = costs.slice(core.starts[place], core.starts[place + 1]);
  for (const edge of core.backward[place]) addTo(belief, messages.toSecond[edge]);
  for (const edge of core.forward[place]) addTo(belief, messages.toFirst[edge]);
  return belief;
}

function addTo(sum: Float64Array, values: Float64Array): void {
  for (let index = 0; index < sum.length; index++) sum[index] += values[index];
}

/** Subtracts the least value from all and returns it. */
function lessMinimum(values: Float64Array): number {
  let least = Infinity;
  for (let index = 0; index < values.length; index++) if (values[index] < least) least = values[index];
  for (let index = 0; index < values.length; index++) values[index] -= least;
  return least;
}

function sendForward(core: Core, messages: Messages, edge: number, belief: Float64Array, weight: number): void {
  const { table } = core.edges[edge];
  const heard = messages.toFirst[edge];
  const told = messages.toSecond[edge];
  told.fill(Infinity);
  let cell = 0;
  for (let row = 0; row < belief.length; row++) {
    const base = weight * belief[row] - heard[row];
    for (let column = 0; column < told.length; column++, cell++) {
      const value = base + table[cell];
      if (value < told[column]) told[column] = value;
    }
  }
  lessMinimum(told);
}

function sendBackward(core: Core, messages: Messages, edge: number, belief: Float64Array, weight: number): number {
  const { table } = core.edges[edge];
  const heard = messages.toSecond[edge];
  const told = messages.toFirst[edge];
  const base = new Float64Array(belief.length);
  for (let column = 0; column < base.length; column++) base[column] = weight * belief[column] - heard[column];
  let cell = 0;
  for (let row = 0; row < told.length; row++) {
    let least = Infinity;
    for (let column = 0; column < base.length; column++, cell++) {
      const value = base[column] + table[cell];
      if (value < least) least = value;
    }
    told[row] = least;
  }
  return lessMinimum(told);
}

/** A choice by the messages: each place takes its best strategy given the earlier ones. */
export function decodeMessages(core: Core, costs: Float64Array, messages: Messages): Choice {
  const choice = new Int32Array(placesOf(core));
  for (let place = 0; place < choice.length; place++) {
    const sums = costs.slice(core.starts[place], core.starts[place + 1]);
    for (const edge of core.backward[place]) {
      const { first, table } = core.edges[edge];
      addTo(sums, table.subarray(choice[first] * sums.length, (choice[first] + 1) * sums.length));
    }
    for (const edge of core.forward[place]) addTo(sums, messages.toFirst[edge]);
    choice[place] = sums.indexOf(Math.min(...sums));
  }
  return choice;
}

/** Where a local search stands: a choice of a core with its cost and its memory, changed one strategy at a time. */
import type { Core } from './core.ts';
import { coreCost, placesOf, strategiesAt } from './core.ts';
import { RowLoads } from './loads.ts';
import type { Choice } from './problem.ts';

export class Position {
  readonly core: Core;
  readonly choice: Choice;
  readonly loads: RowLoads;
  cost: number;

  constructor(core: Core, choice: Choice) {
    this.core = core;
    this.choice = choice.slice();
    this.cost = coreCost(core, choice);
    this.loads = new RowLoads(core.limits);
    core.terms.forEach((terms, place) => {
      for (const { from, to, bytes } of terms) this.loads.add(from, to, bytes[choice[place]]);
    });
  }

  get fits(): boolean {
    return this.loads.excess <= 0;
  }

  /** Cost by strategy of one place, its edges included, while all others stay; written to the head of `costs`. */
  costsAt(place: number, costs: Float64Array): number {
    const { core, choice } = this;
    const [start, count] = [core.starts[place], strategiesAt(core, place)];
    for (let own = 0; own < count; own++) costs[own] = core.costs[start + own];
    for (const edge of core.backward[place]) {
      const { first, table } = core.edges[edge];
      const base = choice[first] * count;
      for (let own = 0; own < count; own++) costs[own] += table[base + own];
    }
    for (const edge of core.forward[place]) {
      const { second, table } = core.edges[edge];
      const width = core.starts[second + 1] - core.starts[second];
      for (let own = 0, cell = choice[second]; own < count; own++, cell += width) costs[own] += table[cell];
    }
    return count;
  }

  /** Takes another strategy; `change` is what it costs more. */
  move(place: number, strategy: number, change: number): void {
    const old = this.choice[place];
    for (const { from, to, bytes } of this.core.terms[place]) this.loads.add(from, to, bytes[strategy] - bytes[old]);
    this.choice[place] = strategy;
    this.cost += change;
  }

  /** Moves if memory still fits (or gets no worse than `allowed`), else stays. */
  tryMove(place: number, strategy: number, change: number, allowed = 0): boolean {
    const old = this.choice[place];
    this.move(place, strategy, change);
    if (this.loads.excess <= allowed) return true;
    this.move(place, old, -change);
    return false;
  }
}

/** Room for the costs of any place. */
export const scratchOf = (core: Core): Float64Array =>
  new Float64Array(Math.max(1, ...Array.from({ length: placesOf(core) }, (_, place) => strategiesAt(core, place))));

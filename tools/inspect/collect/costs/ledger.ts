/** Costs that are added up under keys. */
import type { Cost } from '../../report/index.ts';

type Sums = { -readonly [Name in keyof Cost]: Cost[Name] };

const nothing = (): Sums => ({
  ops: 0,
  flops: 0,
  tensorBytes: 0,
  parameters: 0,
  parameterBytes: 0,
  seconds: 0,
  bytes: 0,
});

export class Ledger<Key> {
  readonly #rows = new Map<Key, Sums>();

  add(key: Key, cost: Partial<Cost>): void {
    const row = this.#rows.get(key) ?? nothing();
    this.#rows.set(key, row);
    addTo(row, cost);
  }

  get(key: Key): Cost {
    return this.#rows.get(key) ?? nothing();
  }

  copy(): Ledger<Key> {
    const copy = new Ledger<Key>();
    for (const [key, cost] of this.#rows) copy.add(key, cost);
    return copy;
  }

  /** In order of first use. */
  entries(): readonly (readonly [Key, Cost])[] {
    return [...this.#rows];
  }
}

function addTo(sums: Sums, cost: Partial<Cost>): void {
  sums.ops += cost.ops ?? 0;
  sums.flops += cost.flops ?? 0;
  sums.tensorBytes += cost.tensorBytes ?? 0;
  sums.parameters += cost.parameters ?? 0;
  sums.parameterBytes += cost.parameterBytes ?? 0;
  sums.seconds += cost.seconds ?? 0;
  sums.bytes += cost.bytes ?? 0;
}

export function sumOf(costs: Iterable<Cost>): Cost {
  const sums = nothing();
  for (const cost of costs) addTo(sums, cost);
  return sums;
}

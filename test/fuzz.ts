/**
 * The budget of property tests. `npm test` runs each with its own seed and count; MSC_FUZZ=N runs N times as many, from
 * another seed, for a search that takes longer.
 */
const factor = Math.max(1, Number(process.env.MSC_FUZZ ?? 1));

export interface Budget {
  readonly seed: number;
  readonly numRuns: number;
}

export function budget(seed: number, numRuns: number): Budget {
  return factor === 1 ? { seed, numRuns } : { seed: seed + factor, numRuns: numRuns * factor };
}

/** What each line of the user's files costs: the costs of the places at it. */
import type { Cost, CostSection, ReportHead } from '../../../report/index.ts';
import { formatAmount, formatBytes, formatSeconds } from '../../shell/components/index.ts';

/** What a line is coloured by. */
export const measures = [
  { value: 'seconds', title: 'Time', hint: 'Simulated time', format: formatSeconds },
  { value: 'bytes', title: 'Bytes', hint: 'Bytes to and from global memory', format: formatBytes },
  { value: 'flops', title: 'Flops', hint: 'Operations; a multiply-add counts as two', format: formatAmount },
] as const;
export type Measure = (typeof measures)[number]['value'];

export type LineCost = Pick<Cost, Measure | 'ops' | 'parameterBytes'> & {
  readonly file: number;
  readonly line: number;
};

/** Costs of lines, and which lines anything came from at all. */
export interface Lines {
  /** By file, then by line. */
  readonly costs: ReadonlyMap<string, LineCost>;
  /** Keys of lines to which a place belongs. */
  readonly live: ReadonlySet<string>;
}

export const lineKey = (file: number, line: number): string => `${file}:${line}`;

/** Sums costs by line. A place of several lines (fused ops) gives each line an equal part, so that the sum is the total. */
export function linesOf(head: ReportHead, costs: CostSection | null): Lines {
  const known = new Map<string, LineCost>();
  for (const cost of costs?.places ?? []) {
    const positions = (head.places[cost.place]?.positions ?? []).filter(({ file }) => file >= 0);
    for (const { file, line } of positions) {
      const key = lineKey(file, line);
      known.set(key, added(known.get(key) ?? { file, line, ...nothing }, cost, 1 / positions.length));
    }
  }
  const live = head.places.flatMap(({ positions }) => positions.map(({ file, line }) => lineKey(file, line)));
  return { costs: known, live: new Set(live) };
}

const nothing = { seconds: 0, bytes: 0, flops: 0, ops: 0, parameterBytes: 0 };

const added = (sum: LineCost, cost: Cost, share: number): LineCost => ({
  ...sum,
  seconds: sum.seconds + cost.seconds * share,
  bytes: sum.bytes + cost.bytes * share,
  flops: sum.flops + cost.flops * share,
  ops: sum.ops + cost.ops * share,
  parameterBytes: sum.parameterBytes + cost.parameterBytes * share,
});

/** Costs of the places at a line by Cell, the costliest first. */
export function cellsAt(
  head: ReportHead,
  costs: CostSection,
  chosen: { readonly file: number; readonly line: number },
  measure: Measure,
): readonly { readonly cell: string; readonly cellClass: string; readonly cost: number }[] {
  const cells = new Map<string, { cellClass: string; cost: number }>();
  for (const cost of costs.places) {
    const place = head.places[cost.place];
    if (place?.positions.some(({ file, line }) => file === chosen.file && line === chosen.line) !== true) continue;
    const before = cells.get(place.cell)?.cost ?? 0;
    cells.set(place.cell, { cellClass: place.cellClass, cost: before + cost[measure] / place.positions.length });
  }
  return [...cells].map(([cell, rest]) => ({ cell, ...rest })).sort((left, right) => right.cost - left.cost); // our own array
}

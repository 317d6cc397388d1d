/** What each line of the user's files costs: the costs of the places at it. */
import { type CostSection, costLine, type LineCost, lineCosts, type ReportHead } from '../../report/index.ts';

export type { LineCost };
import { formatAmount, formatBytes, formatSeconds } from './components/index.ts';

/** What a line is coloured by. */
export const measures = [
  { value: 'seconds', title: 'Time', hint: 'Simulated time', format: formatSeconds },
  { value: 'bytes', title: 'Bytes', hint: 'Bytes to and from global memory', format: formatBytes },
  { value: 'flops', title: 'Flops', hint: 'Operations; a multiply-add counts as two', format: formatAmount },
] as const;
export type Measure = (typeof measures)[number]['value'];

/** Costs of lines by `lineKey`. */
export type Lines = ReadonlyMap<string, LineCost>;

export const lineKey = (file: number, line: number): string => `${file}:${line}`;

/** The costs of lines; a place of several lines (folded ops) counts for its main one. */
export function linesOf(head: ReportHead, costs: CostSection | null): Lines {
  const rows = costs === null ? [] : lineCosts(head, costs);
  return new Map(rows.map((row) => [lineKey(row.file, row.line), row]));
}

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
    const at = place === undefined ? null : costLine(place);
    if (place === undefined || at?.file !== chosen.file || at.line !== chosen.line) continue;
    const before = cells.get(place.cell)?.cost ?? 0;
    cells.set(place.cell, { cellClass: place.cellClass, cost: before + cost[measure] });
  }
  return [...cells].map(([cell, rest]) => ({ cell, ...rest })).sort((left, right) => right.cost - left.cost); // our own array
}

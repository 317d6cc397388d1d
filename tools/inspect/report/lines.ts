/** What each line of the user's files costs. */
import type { Cost, CostSection } from './costs.ts';
import type { Place, Position } from './place.ts';
import type { ReportHead } from './report.ts';

/** The line to which the costs of a place belong: the first that the report has a text of. Where ops were folded into one, it is that of the main one. */
export const costLine = ({ positions }: Place): Position | null => positions.find(({ file }) => file >= 0) ?? null;

export interface LineCost extends Cost {
  readonly file: number;
  readonly line: number;
}

/** Costs of lines, each once, by file and line; what has no line is not among them. */
export function lineCosts({ places }: ReportHead, { places: costs }: CostSection): readonly LineCost[] {
  const lines = new Map<string, LineCost>();
  for (const { place, ...cost } of costs) {
    const at = costLine(places[place]);
    if (at === null) continue;
    const key = `${at.file}:${at.line}`;
    const known = lines.get(key);
    lines.set(key, { file: at.file, line: at.line, ...(known === undefined ? cost : plus(known, cost)) });
  }
  return [...lines.values()].sort((one, other) => one.file - other.file || one.line - other.line); // our own array
}

/** What comes from no line of the user's, such as an optimizer of msc's library: its places, and their costs as those of line 0. */
export function costsWithoutLine(
  { places }: ReportHead,
  { places: costs }: CostSection,
): { readonly places: readonly number[]; readonly cost: LineCost } {
  const rest = costs.filter(({ place }) => costLine(places[place]) === null);
  const cost = rest.reduce<Cost>((sum, { place: _, ...each }) => plus(sum, each), nothing);
  return { places: rest.map(({ place }) => place), cost: { file: -1, line: 0, ...cost } };
}

const nothing: Cost = {
  ops: 0,
  flops: 0,
  tensorBytes: 0,
  parameters: 0,
  parameterBytes: 0,
  seconds: 0,
  bytes: 0,
};

const plus = (one: Cost, other: Cost): Cost => ({
  ops: one.ops + other.ops,
  flops: one.flops + other.flops,
  tensorBytes: one.tensorBytes + other.tensorBytes,
  parameters: one.parameters + other.parameters,
  parameterBytes: one.parameterBytes + other.parameterBytes,
  seconds: one.seconds + other.seconds,
  bytes: one.bytes + other.bytes,
});

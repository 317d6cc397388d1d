/**
 * Differences of long texts by lines: a patience diff, whose cost is that of reading the lines. Lines that occur once on both
 * sides are matched first, as far as they are in order (a longest increasing subsequence), and what lies between two matches is
 * compared in the same way; stable names of values make most lines such lines. (Bram Cohen's patience diff.) What is left is
 * matched by the value that a line defines.
 */

/** Lines that differ: [fromA, toA) stands for [fromB, toB). */
export interface Gap {
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

/** The gaps between equal lines, in order. */
export function lineGaps(a: readonly string[], b: readonly string[]): readonly Gap[] {
  const gaps: Gap[] = [];
  const pending: Gap[] = [{ fromA: 0, toA: a.length, fromB: 0, toB: b.length }];
  for (let range = pending.pop(); range !== undefined; range = pending.pop()) {
    const trimmed = withoutEqualEnds(a, b, range);
    if (trimmed.fromA === trimmed.toA && trimmed.fromB === trimmed.toB) continue;
    const matches = commonLines(a, b, trimmed);
    if (matches.length === 0) gaps.push(...byDefinition(a, b, trimmed));
    else pending.push(...between(trimmed, matches).toReversed());
  }
  return gaps;
}

/** What a line defines: `%x` of `%x = …` and of the parameter `%x: …`; the line itself where it defines nothing. */
const definedBy = (line: string): string => /^\s*(%[\w$.-]+)(?: =|:)/.exec(line)?.[1] ?? line;

/** Cuts a gap at lines that define the same value, so that each is compared with its own. */
function byDefinition(a: readonly string[], b: readonly string[], gap: Gap): readonly Gap[] {
  const [left, right] = [a.slice(gap.fromA, gap.toA).map(definedBy), b.slice(gap.fromB, gap.toB).map(definedBy)];
  const matches = commonLines(left, right, { fromA: 0, toA: left.length, fromB: 0, toB: right.length });
  const gaps = between({ fromA: 0, toA: left.length, fromB: 0, toB: right.length }, matches);
  return gaps
    .flatMap((each, index) => {
      const match = matches[index];
      return match === undefined
        ? [each]
        : [each, { fromA: match.a, toA: match.a + 1, fromB: match.b, toB: match.b + 1 }];
    })
    .filter(({ fromA, toA, fromB, toB }) => toA > fromA || toB > fromB)
    .map(({ fromA, toA, fromB, toB }) => ({
      fromA: fromA + gap.fromA,
      toA: toA + gap.fromA,
      fromB: fromB + gap.fromB,
      toB: toB + gap.fromB,
    }));
}

function withoutEqualEnds(a: readonly string[], b: readonly string[], range: Gap): Gap {
  let { fromA, toA, fromB, toB } = range;
  while (fromA < toA && fromB < toB && a[fromA] === b[fromB]) [fromA, fromB] = [fromA + 1, fromB + 1];
  while (fromA < toA && fromB < toB && a[toA - 1] === b[toB - 1]) [toA, toB] = [toA - 1, toB - 1];
  return { fromA, toA, fromB, toB };
}

interface Match {
  readonly a: number;
  readonly b: number;
}

/** Lines that occur once on each side, as many as are in order. */
function commonLines(a: readonly string[], b: readonly string[], { fromA, toA, fromB, toB }: Gap): readonly Match[] {
  const inA = positions(a, fromA, toA);
  const inB = positions(b, fromB, toB);
  const matches: Match[] = [];
  for (const [line, at] of inA) {
    const other = inB.get(line);
    if (at >= 0 && other !== undefined && other >= 0) matches.push({ a: at, b: other });
  }
  return increasing(matches);
}

/** The place of each line; -1 for one that occurs more than once. */
function positions(lines: readonly string[], from: number, to: number): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (let at = from; at < to; at++) {
    const line = lines[at] ?? '';
    found.set(line, found.has(line) ? -1 : at);
  }
  return found;
}

/** The longest subsequence that increases in b too; the matches come in the order of a. */
function increasing(matches: readonly Match[]): readonly Match[] {
  const ends: number[] = [];
  const before: number[] = [];
  matches.forEach(({ b }, index) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((matches[ends[middle] ?? 0]?.b ?? 0) < b) low = middle + 1;
      else high = middle;
    }
    before[index] = low > 0 ? (ends[low - 1] ?? -1) : -1;
    ends[low] = index;
  });
  const chosen: Match[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) {
    const match = matches[at];
    if (match !== undefined) chosen.push(match);
  }
  return chosen.toReversed();
}

function between({ fromA, toA, fromB, toB }: Gap, matches: readonly Match[]): readonly Gap[] {
  const gaps: Gap[] = [];
  let [a, b] = [fromA, fromB];
  for (const match of matches) {
    gaps.push({ fromA: a, toA: match.a, fromB: b, toB: match.b });
    [a, b] = [match.a + 1, match.b + 1];
  }
  return [...gaps, { fromA: a, toA, fromB: b, toB }];
}

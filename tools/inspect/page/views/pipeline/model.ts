/** What the view shows of a pipeline section: rows of passes, texts of functions, what a search finds. */
import {
  type FunctionText,
  isChanged,
  linesOf,
  type PassRow,
  type PipelineSection,
  rewriteCount,
} from '../../../report/index.ts';

/** What the user wants to see of the passes. */
export interface Wanted {
  readonly showsUnchanged: boolean;
  readonly query: string;
  /** Places of the filter; null without one. */
  readonly places: ReadonlySet<number> | null;
}

/** A line of the list of passes. */
export type ListRow =
  { readonly kind: 'phase'; readonly name: string; readonly milliseconds: number; readonly passes: number } | PassItem;

export interface PassItem {
  readonly kind: 'pass';
  /** Its number in the section. */
  readonly number: number;
  readonly row: PassRow;
  /** Uses of rules and remarks that pass the filter, with those of its parts. */
  readonly rewrites: number;
  readonly missed: number;
  /** What the search found in it; 0 without a search. */
  readonly hits: number;
}

/** Whether a pass has nothing to show. */
const isIdle = (item: PassItem): boolean =>
  item.row.before !== null && !isChanged(item.row) && item.rewrites + item.missed === 0;

export function passItems(section: PipelineSection, { query, places }: Wanted): readonly PassItem[] {
  const own = section.passes.map((row, number) => ownItem(section, row, number, query, places));
  return own.map((item) => {
    const parts = own.filter(({ row }) => row.partOf === item.number);
    const sum = (of: (part: PassItem) => number): number => parts.reduce((total, part) => total + of(part), of(item));
    return { ...item, rewrites: sum((part) => part.rewrites), missed: sum((part) => part.missed), hits: item.hits };
  });
}

function ownItem(
  section: PipelineSection,
  row: PassRow,
  number: number,
  query: string,
  places: ReadonlySet<number> | null,
): PassItem {
  const isShown = (place: number): boolean => places?.has(place) ?? true;
  const { place, count } = row.rewrites;
  return {
    kind: 'pass',
    number,
    row,
    rewrites:
      places === null
        ? rewriteCount(row)
        : count.reduce((sum, uses, at) => sum + (isShown(place[at] ?? 0) ? uses : 0), 0),
    missed: row.remarks.reduce(
      (sum, remark) => sum + (remark.kind === 'missed' && isShown(remark.place) ? remark.count : 0),
      0,
    ),
    hits: query === '' ? 0 : hitsOf(section, row, query.toLowerCase()),
  };
}

/** The list of passes with a line for each phase, and how many passes are hidden. */
export function listRows(
  items: readonly PassItem[],
  { showsUnchanged, query }: Wanted,
): { readonly rows: readonly ListRow[]; readonly hidden: number } {
  const wanted = items.filter((item) => (query === '' ? true : item.hits > 0 || hasPartWith(items, item)));
  const shown = query === '' && !showsUnchanged ? wanted.filter((item) => !isIdle(item)) : wanted;
  const rows: ListRow[] = [];
  let phase = '';
  for (const item of shown) {
    if (item.row.phase !== phase) {
      phase = item.row.phase;
      const members = items.filter(({ row }) => row.phase === phase && row.partOf === null);
      const milliseconds = members.reduce((sum, { row }) => sum + row.milliseconds, 0);
      rows.push({ kind: 'phase', name: phase, milliseconds, passes: members.length });
    }
    rows.push(item);
  }
  return { rows, hidden: query === '' ? items.filter(isIdle).length : 0 };
}

const hasPartWith = (items: readonly PassItem[], { number }: PassItem): boolean =>
  items.some(({ row, hits }) => row.partOf === number && hits > 0);

/** Whether a text contains a query, which is in lower case. */
export const has = (text: string | undefined, query: string): boolean => text?.toLowerCase().includes(query) ?? false;

/** How often a text occurs in a pass: in its name, its rules and remarks, and in the lines that it wrote. */
function hitsOf(section: PipelineSection, row: PassRow, query: string): number {
  const found = (text: string | undefined): boolean => has(text, query);
  const { rule, op, became } = row.rewrites;
  const rewrites = rule.filter(
    (number, at) =>
      found(section.rules[number]?.name) || found(section.words[op[at] ?? 0]) || found(section.words[became[at] ?? 0]),
  ).length;
  const remarks = row.remarks.filter(
    (remark) =>
      found(section.rules[remark.rule]?.name) || found(section.words[remark.reason]) || found(section.words[remark.op]),
  ).length;
  const lines = newLines(section, row).filter((line) => found(section.lines.texts[line])).length;
  return (found(row.name) ? 1 : 0) + rewrites + remarks + lines;
}

const known = new WeakMap<PassRow, readonly number[]>();

/** Lines that are there after a pass and were not there before. */
function newLines(section: PipelineSection, row: PassRow): readonly number[] {
  const cached = known.get(row);
  if (cached !== undefined) return cached;
  const before = new Set(functionsAt(section, row.from).flatMap(linesOf));
  const lines =
    row.from === row.to
      ? []
      : functionsAt(section, row.to)
          .flatMap(linesOf)
          .filter((line) => !before.has(line));
  known.set(row, lines);
  return lines;
}

const functionsAt = (section: PipelineSection, snapshot: number | null): readonly FunctionText[] =>
  (section.snapshots[snapshot ?? -1] ?? []).flatMap((number) => section.functions[number] ?? []);

/** A function before and after a pass. */
export interface FunctionPair {
  readonly name: string;
  readonly before: FunctionText | null;
  readonly after: FunctionText | null;
}

export const isPairChanged = ({ before, after }: FunctionPair): boolean => before !== after;

/** The functions around a pass: those after it in their order, and then those that are gone. */
export function functionPairs(section: PipelineSection, row: PassRow): readonly FunctionPair[] {
  const before = new Map(functionsAt(section, row.from).map((text) => [text.name, text]));
  const after = functionsAt(section, row.to);
  const kept = after.map((text) => ({ name: text.name, before: before.get(text.name) ?? null, after: text }));
  const names = new Set(after.map(({ name }) => name));
  const gone = [...before.values()].filter(({ name }) => !names.has(name));
  return [...kept, ...gone.map((text) => ({ name: text.name, before: text, after: null }))];
}

/** The function to show first: the one asked for, else @main where it changed, else the first that did. */
export function chosenPair(pairs: readonly FunctionPair[], name: string): FunctionPair | null {
  const changed = pairs.filter(isPairChanged);
  const isMain = (pair: FunctionPair): boolean => pair.name === 'main';
  return (
    pairs.find((pair) => pair.name === name) ??
    changed.find(isMain) ??
    changed[0] ??
    pairs.find(isMain) ??
    pairs[0] ??
    null
  );
}

/** A text with the place of each line. */
export interface PlacedText {
  readonly text: string;
  readonly places: readonly number[];
}

export function placedText({ lines }: PipelineSection, text: FunctionText | null): PlacedText {
  const numbers = text === null ? [] : linesOf(text);
  return {
    text: numbers.map((line) => lines.texts[line] ?? '').join('\n'),
    places: numbers.map((line) => lines.places[line] ?? 0),
  };
}

/** Lines of a function that pass a filter. */
export const shownLineCount = (
  { lines }: PipelineSection,
  text: FunctionText | null,
  places: ReadonlySet<number>,
): number => (text === null ? 0 : linesOf(text).filter((line) => places.has(lines.places[line] ?? 0)).length);

/** A difference as text with its sign, empty for none. */
export function signed(
  before: number | undefined,
  after: number | undefined,
  format: (value: number) => string,
): string {
  if (before === undefined || after === undefined || before === after) return '';
  return `${after > before ? '+' : '−'}${format(Math.abs(after - before))}`;
}

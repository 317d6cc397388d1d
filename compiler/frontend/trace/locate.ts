/** Locations of ops: the Cell that ran, and the line of the prelude that made the op, called from the user's own line. */
import type { CellPlace, Location, Span } from '../../ir/index.ts';
import { callSite, cellLocation, fileLocation, lineColumn } from '../../ir/index.ts';

export const PRELUDE = 'prelude/';

export const isPrelude = (span: Span): boolean => span.file.name.startsWith(PRELUDE);

/** The innermost position in the user's own files, else the innermost of all. */
export function userSpan(spans: readonly Span[]): Span | null {
  return spans.find((span) => !isPrelude(span)) ?? spans[0] ?? null;
}

/** Makes locations and keeps them, since neighbours share them. */
export class Locator {
  private readonly known = new Map<Span, Location>();
  private readonly pairs = new Map<Location, Map<Location, Location>>();
  private readonly inCells = new Map<Location, Map<CellPlace, Location>>();

  /** The location of the calls `spans`, innermost first, while this Cell ran. */
  locate(spans: readonly Span[], cell: CellPlace | null): Location {
    const position = this.position(spans);
    if (position === null || cell === null) return position;
    return kept(this.inCells, position, cell, () => cellLocation(cell, position));
  }

  private position(spans: readonly Span[]): Location {
    if (spans.length === 0) return null;
    const inner = this.place(spans[0]);
    if (!isPrelude(spans[0])) return inner;
    const user = spans.find((span) => !isPrelude(span));
    if (!user) return inner;
    const caller = this.place(user);
    return kept(this.pairs, inner, caller, () => callSite(inner, caller));
  }

  private place(span: Span): Location {
    const known = this.known.get(span);
    if (known) return known;
    const { line, column } = lineColumn(span.file, span.start);
    const location = fileLocation(span.file.name, line, column);
    this.known.set(span, location);
    return location;
  }
}

/** The entry of a table with two keys, made when it is missing. */
function kept<Outer, Inner>(
  table: Map<Outer, Map<Inner, Location>>,
  outer: Outer,
  inner: Inner,
  make: () => Location,
): Location {
  const row = table.get(outer) ?? new Map<Inner, Location>();
  table.set(outer, row);
  const location = row.get(inner) ?? make();
  row.set(inner, location);
  return location;
}

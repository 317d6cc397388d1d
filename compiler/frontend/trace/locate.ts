/** Locations of ops: the line of the prelude that made the op, called from the user's own line. */
import type { Location, Span } from '../../ir/index.ts';
import { callSite, fileLocation, lineColumn } from '../../ir/index.ts';

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

  /** The location of the calls `spans`, innermost first. */
  locate(spans: readonly Span[]): Location {
    if (spans.length === 0) return null;
    const inner = this.place(spans[0]);
    if (!isPrelude(spans[0])) return inner;
    const user = spans.find((span) => !isPrelude(span));
    return user ? this.pair(inner, this.place(user)) : inner;
  }

  private place(span: Span): Location {
    const known = this.known.get(span);
    if (known) return known;
    const { line, column } = lineColumn(span.file, span.start);
    const location = fileLocation(span.file.name, line, column);
    this.known.set(span, location);
    return location;
  }

  private pair(callee: Location, caller: Location): Location {
    const callers = this.pairs.get(callee) ?? new Map<Location, Location>();
    this.pairs.set(callee, callers);
    const location = callers.get(caller) ?? callSite(callee, caller);
    callers.set(caller, location);
    return location;
  }
}

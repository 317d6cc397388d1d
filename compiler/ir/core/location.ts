/** Where an operation came from. Spelled as MLIR's locations; the user's own line is outermost in a call site. */
export type Location =
  | null
  | { readonly kind: 'file'; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: 'callsite'; readonly callee: Location; readonly caller: Location }
  | { readonly kind: 'name'; readonly name: string; readonly child: Location }
  | { readonly kind: 'fused'; readonly locations: readonly Location[] };

export function fileLocation(file: string, line: number, column: number): Location {
  return { kind: 'file', file, line, column };
}

/** `callee` happened because `caller` called it. */
export function callSite(callee: Location, caller: Location): Location {
  if (callee === null) return caller;
  return caller === null ? callee : { kind: 'callsite', callee, caller };
}

/** Several places at once, the main one first: those of a fusion are taken out of it, each place is named once. */
export function fusedLocation(locations: readonly Location[]): Location {
  const parts = locations.flatMap((location) => (location?.kind === 'fused' ? location.locations : [location]));
  const distinct = [...new Set(parts)].filter((location) => location !== null);
  return distinct.length > 1 ? { kind: 'fused', locations: distinct } : (distinct[0] ?? null);
}

/** The user's own position: outermost caller of a call site, first file of a fusion. */
export function userPosition(location: Location): Extract<Location, { kind: 'file' }> | null {
  switch (location?.kind) {
    case 'file':
      return location;
    case 'callsite':
      return userPosition(location.caller) ?? userPosition(location.callee);
    case 'name':
      return userPosition(location.child);
    case 'fused':
      return firstOf(location.locations, userPosition);
    default:
      return null;
  }
}

/** A Cell of a network: its path in the tree of attributes (layer1.0.conv1; empty for the network itself) and its class. */
export interface CellPlace {
  readonly path: string;
  readonly className: string;
}

const SEPARATOR = ': ';

/** `child` happened while this Cell's construct ran: `loc("layer1.0.conv1: Conv2d"(child))`. */
export function cellLocation({ path, className }: CellPlace, child: Location): Location {
  return { kind: 'name', name: path + SEPARATOR + className, child };
}

/** The innermost Cell of a location: the outermost name of that form, in a call site the callee's, of a fusion the first. */
export function cellOf(location: Location): CellPlace | null {
  switch (location?.kind) {
    case 'name':
      return cellOfName(location.name) ?? cellOf(location.child);
    case 'callsite':
      return cellOf(location.callee) ?? cellOf(location.caller);
    case 'fused':
      return firstOf(location.locations, cellOf);
    default:
      return null;
  }
}

const BACKWARD = 'backward';

/** `child` is differentiated: the op is part of its backward pass, `loc("backward"(child))`. */
export const backwardLocation = (child: Location): Location =>
  child === null || isBackward(child) ? child : { kind: 'name', name: BACKWARD, child };

/** Whether an op is part of a backward pass; of a fusion, whether all parts are. */
export function isBackward(location: Location): boolean {
  switch (location?.kind) {
    case 'name':
      return location.name === BACKWARD || isBackward(location.child);
    case 'callsite':
      return isBackward(location.callee);
    case 'fused':
      return location.locations.every(isBackward);
    default:
      return false;
  }
}

function cellOfName(name: string): CellPlace | null {
  const at = name.lastIndexOf(SEPARATOR); // keys of dicts are parts of paths and may hold it; class names do not
  return at < 0 ? null : { path: name.slice(0, at), className: name.slice(at + SEPARATOR.length) };
}

function firstOf<Found>(locations: readonly Location[], find: (location: Location) => Found | null): Found | null {
  for (const location of locations) {
    const found = find(location);
    if (found !== null) return found;
  }
  return null;
}

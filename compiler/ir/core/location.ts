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
      return location.locations.map(userPosition).find((position) => position !== null) ?? null;
    default:
      return null;
  }
}

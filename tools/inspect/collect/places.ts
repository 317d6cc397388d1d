/** Numbers for locations, and the sources that they point into. */
import { cellOf, isBackward, type Location, locationText, parseLocationText } from '../../../compiler/ir/index.ts';
import { NOWHERE, type Place, type Position, type SourceText } from '../report/index.ts';

/** Text of a file of the user's program by the name that locations use, or null. */
export type SourceReader = (name: string) => string | null;

/** Files of msc's own library carry this prefix in locations; their text is not part of a report. */
const LIBRARY = 'prelude/';

/** Gives every location a number; equal locations get equal numbers. */
export class PlaceTable {
  readonly places: Place[] = [{ positions: [], cell: '', cellClass: '', text: 'unknown' }];
  readonly sources: SourceText[] = [];
  readonly #read: SourceReader;
  readonly #numbers = new Map<string, number>([['unknown', NOWHERE]]);
  /** The same by identity, since neighbours share their locations. */
  readonly #known = new WeakMap<NonNullable<Location>, number>();
  readonly #files = new Map<string, number>();

  constructor(read: SourceReader) {
    this.#read = read;
  }

  number(location: Location): number {
    if (location === null) return NOWHERE;
    const known = this.#known.get(location);
    if (known !== undefined) return known;
    const text = locationText(location);
    const number = this.#numbers.get(text) ?? this.#put(location, text);
    this.#known.set(location, number);
    return number;
  }

  /** The same for the text of a location, as program files hold it. */
  numberOfText(text: string): number {
    return this.#numbers.get(text) ?? this.number(parseLocationText(text));
  }

  #put(location: Location, text: string): number {
    const positions: Position[] = [];
    this.#collect(location, positions);
    const { path, className } = cellOf(location) ?? { path: '', className: '' };
    this.#numbers.set(text, this.places.length);
    const backward = isBackward(location) ? { backward: true } : {};
    return this.places.push({ positions, cell: path, cellClass: className, ...backward, text }) - 1;
  }

  /**
   * Positions of the user's lines, each once: in a call site the caller's, in a fusion those of all parts. Returns whether the
   * location has a position at all.
   */
  #collect(location: Location, positions: Position[]): boolean {
    switch (location?.kind) {
      case 'file':
        return this.#add(positions, location.file, location.line, location.column);
      case 'callsite':
        return this.#collect(location.caller, positions) || this.#collect(location.callee, positions);
      case 'name':
        return this.#collect(location.child, positions);
      case 'fused':
        return location.locations.map((part) => this.#collect(part, positions)).some((found) => found);
      default:
        return false;
    }
  }

  #add(positions: Position[], name: string, line: number, column: number): true {
    const file = this.#file(name);
    if (!positions.some((known) => known.file === file && known.line === line)) positions.push({ file, line, column });
    return true;
  }

  #file(name: string): number {
    const known = this.#files.get(name);
    if (known !== undefined) return known;
    const text = name.startsWith(LIBRARY) ? null : this.#read(name);
    const file = text === null ? -1 : this.sources.push({ name, text }) - 1;
    this.#files.set(name, file);
    return file;
  }
}

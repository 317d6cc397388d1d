import type { Location } from '../../ir/index.ts';
import { locationText } from '../../ir/index.ts';

/** Texts of source locations, numbered in order of first use. */
export class LocationTable {
  readonly texts: string[] = [];
  private readonly numbers = new Map<string, number>();
  /** Most instructions share their location with the one before: its text is made once. */
  private readonly known = new Map<Location, number>();

  number(location: Location): number {
    const known = this.known.get(location);
    if (known !== undefined) return known;
    const number = this.textNumber(locationText(location));
    this.known.set(location, number);
    return number;
  }

  private textNumber(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

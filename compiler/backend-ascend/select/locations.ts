import type { Location } from '../../ir/index.ts';
import { locationText } from '../../ir/index.ts';

/** Texts of source locations, numbered in order of first use. */
export class LocationTable {
  readonly texts: string[] = [];
  private readonly numbers = new Map<string, number>();

  number(location: Location): number {
    const text = locationText(location);
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

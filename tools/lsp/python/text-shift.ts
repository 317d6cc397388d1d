/** Places of an older text in a newer one: the same before the first and behind the last difference, none between. */
export class TextShift {
  readonly #before: number;
  /** Offset in the old text from which on both are the same. */
  readonly #after: number;
  readonly #moved: number;

  constructor(old: string, text: string) {
    const same = Math.min(old.length, text.length);
    let before = 0;
    while (before < same && old.charCodeAt(before) === text.charCodeAt(before)) before++;
    let after = 0;
    while (after < same - before && old.charCodeAt(old.length - after - 1) === text.charCodeAt(text.length - after - 1))
      after++;
    this.#before = before;
    this.#after = old.length - after;
    this.#moved = text.length - old.length;
  }

  /** How far the place moved; null when the text changed there. */
  shiftOf(start: number, end: number): number | null {
    if (end <= this.#before) return 0;
    return start >= this.#after ? this.#moved : null;
  }
}

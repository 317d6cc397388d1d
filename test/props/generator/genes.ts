/**
 * Choices as data. A generator asks `next(limit)` for each choice; genes that are exhausted answer 0, so that a shorter
 * list of genes is a simpler program, and fast-check's shrinking of the list shrinks the program.
 */
export class Genes {
  private readonly values: readonly number[];
  private at = 0;

  constructor(values: readonly number[]) {
    this.values = values;
  }

  /** A number from 0 up to but not including `limit`. */
  next(limit: number): number {
    return limit <= 1 ? 0 : (this.values[this.at++] ?? 0) % limit;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.next(items.length)];
  }

  get exhausted(): boolean {
    return this.at >= this.values.length;
  }
}

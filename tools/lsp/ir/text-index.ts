/** Where the values and operations of one IR text stand, so that a position can be asked about. */
import type { Operation, OperationPlace, ParseObserver, Value } from '../../../compiler/ir/index.ts';

export interface PlacedOperation extends OperationPlace {
  readonly op: Operation;
}

/** A name that the text gives to a value, or to all results of an operation together. */
export interface Definition {
  readonly values: readonly Value[];
  readonly start: number;
  readonly end: number;
  readonly uses: Mention[];
}

/** A place where a value's name stands. */
export interface Mention {
  readonly start: number;
  readonly end: number;
  readonly value: Value;
  readonly definition: Definition;
}

export class TextIndex implements ParseObserver {
  readonly definitions: Definition[] = [];
  /** Outer before inner, in the order of the text. */
  operations: PlacedOperation[] = [];
  /** Definitions and uses in the order of the text. */
  mentions: Mention[] = [];
  readonly #definitionOf = new Map<Value, Definition>();
  readonly #placeOf = new Map<Operation, PlacedOperation>();

  operation(op: Operation, place: OperationPlace): void {
    const placed = { ...place, op };
    this.operations.push(placed);
    this.#placeOf.set(op, placed);
  }

  defined(values: readonly Value[], start: number, end: number): void {
    const definition: Definition = { values, start, end, uses: [] };
    this.definitions.push(definition);
    for (const value of values) this.#definitionOf.set(value, definition);
    this.mentions.push({ start, end, value: values[0], definition });
  }

  used(value: Value, start: number, end: number): void {
    const definition = this.#definitionOf.get(value);
    if (definition === undefined) return; // it stands for a value that could not be read
    const mention: Mention = { start, end, value, definition };
    definition.uses.push(mention);
    this.mentions.push(mention);
  }

  /** Puts everything in the order of the text. */
  finish(): void {
    this.operations.sort((left, right) => left.start - right.start || right.end - left.end);
    this.mentions.sort((left, right) => left.start - right.start);
  }

  placeOf(op: Operation): PlacedOperation | null {
    return this.#placeOf.get(op) ?? null;
  }

  definitionOf(value: Value): Definition | null {
    return this.#definitionOf.get(value) ?? null;
  }

  /** The mention that an offset touches. */
  mentionAt(offset: number): Mention | null {
    const index = lastAtOrBefore(this.mentions, offset);
    const found = this.mentions[index];
    return found !== undefined && offset <= found.end ? found : null;
  }

  /** The innermost operation whose text holds an offset. */
  operationAt(offset: number): PlacedOperation | null {
    for (let index = lastAtOrBefore(this.operations, offset); index >= 0; index--)
      if (offset <= this.operations[index].end) return this.operations[index];
    return null;
  }
}

/** Index of the last item that starts at or before an offset, -1 when all start after it. */
export function lastAtOrBefore(items: readonly { readonly start: number }[], offset: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (items[middle].start <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

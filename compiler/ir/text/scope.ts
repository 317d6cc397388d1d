/** Which value names are visible while parsing: names of a region end with it; functions see none from outside. */
import { Block, Value } from '../core/operation.ts';
import { opaqueType } from '../core/type.ts';

/** The type of values whose definition failed to parse; it equals every type, so that one error is not told twice. */
export const POISON_TYPE = opaqueType('<error>');

/** What a name stands for: one value, or all results of `%0:2`. */
export type Named = Value | readonly Value[];

/** A value's name without `%`; `12` is kept as the number 12, which needs no substring and no hashing. */
export type ValueName = string | number;

/** Larger numbers are names like any other. */
const NUMBER_LIMIT = 1 << 24;

/** The name between two offsets of a text. */
export function valueName(text: string, start: number, end: number): ValueName {
  const first = text.charCodeAt(start) - 48;
  if (first > 9 || first < 0 || (first === 0 && end > start + 1)) return text.slice(start, end);
  let number = first;
  for (let at = start + 1; at < end; at++) {
    number = number * 10 + text.charCodeAt(at) - 48;
    if (number > NUMBER_LIMIT) return text.slice(start, end);
  }
  return number;
}

export class Scope {
  private names = new Map<string, Named>();
  private numbers: (Named | undefined)[] = [];
  /** Names in the order of their definition, to forget them at the end of a region. */
  private order: ValueName[] = [];

  lookup(name: ValueName): Named | undefined {
    return typeof name === 'number' ? this.numbers[name] : this.names.get(name);
  }

  /** False when the name is already taken. */
  define(name: ValueName, value: Named): boolean {
    if (this.lookup(name) !== undefined) return false;
    this.redefine(name, value);
    this.order.push(name);
    return true;
  }

  /** Makes a name that was just defined stand for a whole group of results. */
  redefine(name: ValueName, value: Named): void {
    if (typeof name === 'number') this.numbers[name] = value;
    else this.names.set(name, value);
  }

  /** Runs `parse` in a region that sees the names so far; its own names end with it. */
  nested<T>(parse: () => T): T {
    const mark = this.order.length;
    try {
      return parse();
    } finally {
      for (let index = mark; index < this.order.length; index++) this.forget(this.order[index]);
      this.order.length = mark;
    }
  }

  private forget(name: ValueName): void {
    if (typeof name === 'number') this.numbers[name] = undefined;
    else this.names.delete(name);
  }

  /** Runs `parse` in a region that sees nothing from outside. */
  isolated<T>(parse: () => T): T {
    const { names, numbers, order } = this;
    this.names = new Map();
    this.numbers = [];
    this.order = [];
    try {
      return parse();
    } finally {
      this.names = names;
      this.numbers = numbers;
      this.order = order;
    }
  }
}

/** A value that stands for one that could not be read. */
export function poisonValue(): Value {
  return new Value(POISON_TYPE, new Block(), 0);
}

/** `arg0` and `12` are what the printer calls values without a name. */
const GIVEN_NAME = /^(arg)?[0-9]+$/;

/** The name that a value keeps from its text: names that the printer makes up are dropped. */
export function keptName(name: ValueName): string {
  if (typeof name === 'number') return '';
  const first = name.charCodeAt(0);
  if (first >= 48 && first <= 57) return '';
  return first === 97 && GIVEN_NAME.test(name) ? '' : name;
}

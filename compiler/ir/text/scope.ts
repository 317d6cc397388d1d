/** Which value names are visible while parsing: names of a region end with it; functions see none from outside. */
import { Block, Value } from '../core/operation.ts';
import { opaqueType } from '../core/type.ts';

/** The type of values whose definition failed to parse; it equals every type, so that one error is not told twice. */
export const POISON_TYPE = opaqueType('<error>');

/** What a name stands for: one value, or all results of `%0:2`. */
export type Named = Value | readonly Value[];

export class Scope {
  private names = new Map<string, Named>();
  private order: string[] = [];

  lookup(name: string): Named | undefined {
    return this.names.get(name);
  }

  /** False when the name is already taken. */
  define(name: string, value: Named): boolean {
    if (this.names.has(name)) return false;
    this.names.set(name, value);
    this.order.push(name);
    return true;
  }

  /** Makes a name that was just defined stand for a whole group of results. */
  redefine(name: string, value: Named): void {
    this.names.set(name, value);
  }

  /** Runs `parse` in a region that sees the names so far; its own names end with it. */
  nested<T>(parse: () => T): T {
    const mark = this.order.length;
    try {
      return parse();
    } finally {
      for (const name of this.order.splice(mark)) this.names.delete(name);
    }
  }

  /** Runs `parse` in a region that sees nothing from outside. */
  isolated<T>(parse: () => T): T {
    const { names, order } = this;
    this.names = new Map();
    this.order = [];
    try {
      return parse();
    } finally {
      this.names = names;
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
export function keptName(name: string): string {
  const first = name.charCodeAt(0);
  if (first >= 48 && first <= 57) return '';
  return first === 97 && GIVEN_NAME.test(name) ? '' : name;
}

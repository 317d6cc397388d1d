/**
 * Common subexpressions: one forward walk with a table of what was computed before. Two pure operations without
 * regions are the same when name, operands, attributes and result types are; commutative operands compare unordered.
 * A region sees the table of the blocks around it; its own entries end with it.
 */
import type { AttributeMap, Block, Module, Operation, RuleTable, Value } from '../../ir/index.ts';
import { attributeText, newEpoch, typesEqual } from '../../ir/index.ts';
import type { PassObserver } from '../rewrite/index.ts';
import { missed, Purity, removeDead, rule } from '../rewrite/index.ts';

const MERGE = rule('common subexpression');

/** Constants with more elements than this are the same only when they are the same object. */
const LARGE_CONSTANT_ELEMENTS = 256;

export interface CseOptions {
  readonly definitions: RuleTable;
  readonly pureFunctions?: ReadonlySet<string>;
  /** Whom to tell what was merged, and what equals something before but has effects. */
  readonly observer?: PassObserver | null;
}

/** Merges equal operations of a module; returns how many went. */
export function eliminateCommonSubexpressions(module: Module, options: CseOptions): number {
  const purity = new Purity(options.definitions, options.pureFunctions);
  const observer = options.observer ?? null;
  const walk = new Walk(options.definitions, purity, observer);
  walk.block(module.body);
  return walk.merged + removeDead(module.body, purity, observer);
}

/** An operation that was computed before; entries of one hash are chained. */
interface Entry {
  readonly op: Operation;
  readonly next: Entry | undefined;
}

class Walk {
  merged = 0;
  private readonly definitions: RuleTable;
  private readonly purity: Purity;
  private readonly observer: PassObserver | null;
  /** Operations with effects by hash, for remarks alone. */
  private readonly effects = new Map<number, Operation>();
  private readonly facts = new Map<string, NameFacts>();
  /** Numbers of values are their marks while they have this epoch. */
  private readonly epoch = newEpoch();
  private values = 0;
  private readonly attributeKeys = new AttributeKeys();
  private readonly replacements = new Map<Value, Value>();
  /** What is computed so far, by hash; `added` lists the hashes of the current scope. */
  private table = new Map<number, Entry>();
  private added: number[] = [];

  constructor(definitions: RuleTable, purity: Purity, observer: PassObserver | null) {
    this.observer = observer;
    this.definitions = definitions;
    this.purity = purity;
  }

  block(block: Block): void {
    const { operations } = block;
    let write = 0;
    for (const op of operations) {
      if (this.replacements.size > 0) this.redirect(op);
      if (op.regions.length > 0) this.regions(op);
      else if (this.isMerged(op)) continue;
      operations[write++] = op;
    }
    operations.length = write;
  }

  private redirect(op: Operation): void {
    const { operands } = op;
    for (let index = 0; index < operands.length; index++) {
      const value = this.replacements.get(operands[index]);
      if (value !== undefined) op.setOperand(index, value);
    }
  }

  private regions(op: Operation): void {
    const { table, added } = this;
    for (const region of op.regions) {
      if (this.factsOf(op.name).isolated) this.table = new Map();
      this.added = [];
      this.block(region);
      if (this.table === table) this.endScope();
      this.table = table;
    }
    this.added = added;
  }

  private endScope(): void {
    for (let index = this.added.length - 1; index >= 0; index--) {
      const hash = this.added[index];
      const next = this.table.get(hash)?.next;
      if (next) this.table.set(hash, next);
      else this.table.delete(hash);
    }
  }

  /** Whether an equal operation came before; then this one's results are replaced by its results. */
  private isMerged(op: Operation): boolean {
    if (op.results.length === 0) return false;
    if (!this.purity.isPure(op)) return this.noteEffect(op);
    const facts = this.factsOf(op.name);
    const hash = this.hash(op, facts);
    const first = this.table.get(hash);
    for (let entry = first; entry; entry = entry.next) {
      if (!this.isSame(op, entry.op, facts)) continue;
      this.merge(op, entry.op);
      return true;
    }
    this.table.set(hash, { op, next: first });
    this.added.push(hash);
    return false;
  }

  /** An equal operation came before, but this one does more than compute: for a listener. */
  private noteEffect(op: Operation): false {
    if (this.observer === null) return false;
    const facts = this.factsOf(op.name);
    const hash = this.hash(op, facts);
    const before = this.effects.get(hash);
    const what = op.name === 'func.call' ? 'the function that it calls has effects' : `'${op.name}' has an effect`;
    if (before && this.isSame(op, before, facts))
      this.observer.remark(missed(MERGE, op, `${what}, so that it happens as often as it is written`));
    else this.effects.set(hash, op);
    return false;
  }

  private merge(op: Operation, before: Operation): void {
    this.observer?.rewritten({ rule: MERGE, op, made: [], values: before.results });
    for (let index = 0; index < op.results.length; index++) {
      this.replacements.set(op.results[index], before.results[index]);
      if (before.results[index].name === '') before.results[index].name = op.results[index].name;
    }
    op.dropUses();
    this.merged++;
  }

  private hash(op: Operation, facts: NameFacts): number {
    const { operands } = op;
    let hash = facts.number;
    if (facts.commutative) {
      // A sum does not depend on the order.
      for (let index = 0; index < operands.length; index++)
        hash = (hash + Math.imul(this.numberOf(operands[index]), 0x9e3779b1)) | 0;
    } else {
      for (let index = 0; index < operands.length; index++)
        hash = (Math.imul(hash, 31) + Math.imul(this.numberOf(operands[index]), 0x9e3779b1)) | 0;
    }
    if (op.attributes.size > 0) hash = (Math.imul(hash, 31) + this.attributeKeys.numberOf(op.attributes)) | 0;
    return hash;
  }

  private isSame(left: Operation, right: Operation, facts: NameFacts): boolean {
    if (left.name !== right.name || left.operands.length !== right.operands.length) return false;
    if (!sameValues(left.operands, right.operands) && !(facts.commutative && swapped(left.operands, right.operands)))
      return false;
    if (left.results.length !== right.results.length) return false;
    for (let index = 0; index < left.results.length; index++) {
      if (!typesEqual(left.results[index].type, right.results[index].type)) return false;
    }
    return this.attributeKeys.numberOf(left.attributes) === this.attributeKeys.numberOf(right.attributes);
  }

  private numberOf(value: Value): number {
    if (value.epoch !== this.epoch) {
      value.epoch = this.epoch;
      value.mark = ++this.values;
    }
    return value.mark;
  }

  private factsOf(name: string): NameFacts {
    const known = this.facts.get(name);
    if (known) return known;
    const traits = this.definitions.get(name)?.traits ?? [];
    const isolated = name === 'builtin.module' || traits.includes('isolated');
    const facts = {
      number: Math.imul(this.facts.size + 1, 0x85ebca6b),
      commutative: traits.includes('commutative'),
      isolated,
    };
    this.facts.set(name, facts);
    return facts;
  }
}

/** What is known about an operation's name. */
interface NameFacts {
  readonly number: number;
  readonly commutative: boolean;
  readonly isolated: boolean;
}

function sameValues(left: readonly Value[], right: readonly Value[]): boolean {
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}

function swapped(left: readonly Value[], right: readonly Value[]): boolean {
  return left.length === 2 && left[0] === right[1] && left[1] === right[0];
}

/** Numbers of attribute dictionaries: equal dictionaries have equal numbers. */
class AttributeKeys {
  private readonly numbers = new Map<string, number>();
  private readonly objects = new Map<object, number>();
  private readonly known = new Map<AttributeMap, number>();

  numberOf(attributes: AttributeMap): number {
    if (attributes.size === 0) return 0;
    let number = this.known.get(attributes);
    if (number === undefined) {
      const key = this.textOf(attributes);
      number = this.numbers.get(key) ?? this.numbers.size + 1;
      this.numbers.set(key, number);
      this.known.set(attributes, number);
    }
    return number;
  }

  private textOf(attributes: AttributeMap): string {
    let text = '';
    for (const name of attributes.size > 1 ? [...attributes.keys()].sort() : attributes.keys()) {
      const value = attributes.get(name);
      if (value === undefined) continue;
      const large = value.kind === 'dense' && value.data.length > LARGE_CONSTANT_ELEMENTS;
      text += `${name}=${large ? `${value.type.key}@${this.objectNumber(value.data)}` : attributeText(value)},`;
    }
    return text;
  }

  private objectNumber(object: object): number {
    const number = this.objects.get(object) ?? this.objects.size;
    this.objects.set(object, number);
    return number;
  }
}

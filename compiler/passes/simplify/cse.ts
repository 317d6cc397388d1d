/**
 * Common subexpressions: one forward walk with a table of what was computed before. Two pure operations without
 * regions are the same when name, operands, attributes and result types are; commutative operands compare unordered.
 * A region sees the table of the blocks around it; its own entries end with it.
 */
import type { AttributeMap, Block, Module, Operation, RuleTable, Value } from '../../ir/index.ts';
import { attributeText } from '../../ir/index.ts';
import { Purity, removeDead } from '../rewrite/index.ts';

/** Constants with more elements than this are the same only when they are the same object. */
const LARGE_CONSTANT_ELEMENTS = 256;

export interface CseOptions {
  readonly definitions: RuleTable;
  readonly pureFunctions?: ReadonlySet<string>;
}

/** Merges equal operations of a module; returns how many went. */
export function eliminateCommonSubexpressions(module: Module, options: CseOptions): number {
  const purity = new Purity(options.definitions, options.pureFunctions);
  const walk = new Walk(options.definitions, purity);
  walk.block(module.body);
  return walk.merged + removeDead(module.body, purity);
}

class Walk {
  merged = 0;
  private readonly definitions: RuleTable;
  private readonly purity: Purity;
  private readonly commutative = new Map<string, boolean>();
  private readonly isolated = new Map<string, boolean>();
  private readonly numbers = new Map<Value, number>();
  private readonly attributeKeys = new AttributeKeys();
  private readonly replacements = new Map<Value, Value>();
  /** What is computed so far, by key; `added` lists the keys of the current scope. */
  private table = new Map<string, Operation>();
  private added: string[] = [];

  constructor(definitions: RuleTable, purity: Purity) {
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
      if (this.hasTrait(this.isolated, op.name, 'isolated')) this.table = new Map();
      this.added = [];
      this.block(region);
      if (this.table === table) for (const key of this.added) table.delete(key);
      this.table = table;
    }
    this.added = added;
  }

  /** Whether an equal operation came before; then this one's results are replaced by its results. */
  private isMerged(op: Operation): boolean {
    if (op.results.length === 0 || !this.purity.isPure(op)) return false;
    const key = this.keyOf(op);
    const before = this.table.get(key);
    if (before === undefined) {
      this.table.set(key, op);
      this.added.push(key);
      return false;
    }
    for (let index = 0; index < op.results.length; index++) {
      this.replacements.set(op.results[index], before.results[index]);
      if (before.results[index].name === '') before.results[index].name = op.results[index].name;
    }
    op.dropUses();
    this.merged++;
    return true;
  }

  private keyOf(op: Operation): string {
    const { operands, results } = op;
    let key = op.name;
    if (operands.length === 2 && this.hasTrait(this.commutative, op.name, 'commutative')) {
      const left = this.numberOf(operands[0]);
      const right = this.numberOf(operands[1]);
      key += left < right ? ` ${left} ${right}` : ` ${right} ${left}`;
    } else {
      for (let index = 0; index < operands.length; index++) key += ` ${this.numberOf(operands[index])}`;
    }
    if (op.attributes.size > 0) key += ` {${this.attributeKeys.keyOf(op.attributes)}}`;
    for (let index = 0; index < results.length; index++) key += ` ${results[index].type.key}`;
    return key;
  }

  private numberOf(value: Value): number {
    let number = this.numbers.get(value);
    if (number === undefined) {
      number = this.numbers.size;
      this.numbers.set(value, number);
    }
    return number;
  }

  private hasTrait(known: Map<string, boolean>, name: string, trait: 'commutative' | 'isolated'): boolean {
    let has = known.get(name);
    if (has === undefined) {
      has = this.definitions.get(name)?.traits.includes(trait) ?? name === 'builtin.module';
      known.set(name, has);
    }
    return has;
  }
}

/** Texts of attribute dictionaries that are equal when the dictionaries are. */
class AttributeKeys {
  private readonly objects = new Map<object, number>();

  keyOf(attributes: AttributeMap): string {
    let key = '';
    for (const name of attributes.size > 1 ? [...attributes.keys()].sort() : attributes.keys()) {
      const value = attributes.get(name);
      if (value === undefined) continue;
      const large = value.kind === 'dense' && value.data.length > LARGE_CONSTANT_ELEMENTS;
      key += `${name}=${large ? `${value.type.key}@${this.numberOf(value.data)}` : attributeText(value)},`;
    }
    return key;
  }

  private numberOf(object: object): number {
    const number = this.objects.get(object) ?? this.objects.size;
    this.objects.set(object, number);
    return number;
  }
}

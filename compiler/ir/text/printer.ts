/**
 * The printer. Values get names in the order of the text: the name they carry, made unique within their function, or
 * `%0`, `%1`, … and `%arg0`, `%arg1`, … for arguments, so that equal modules always print as equal bytes.
 */
import type { Attribute, AttributeMap } from '../core/attribute.ts';
import type { OpDefinition, RuleTable } from '../core/definition.ts';
import type { Location } from '../core/location.ts';
import type { Block, Operation, Value } from '../core/operation.ts';
import { newEpoch } from '../core/operation.ts';
import type { Type } from '../core/type.ts';
import {
  type AttributeForm,
  attributeText,
  dictionaryText,
  entryText,
  locationText,
  sortedEntries,
} from './attribute-text.ts';
import { escapeString } from './reader.ts';
import { keptName } from './scope.ts';
import type { StableNames } from './stable-names.ts';

/** Operations that print in a form of their own, by name. */
export type OwnForms = ReadonlyMap<string, { readonly print: PrintOwnForm }>;

/** Writes what follows the results, name included; false (and nothing written) when the op does not have the usual form. */
export type PrintOwnForm = (printer: Printer, op: Operation) => boolean;

export interface PrintOptions {
  /** MLIR's generic form, or the pretty form of `definitions`. */
  readonly form: 'generic' | 'pretty';
  /** Whether to print `loc(...)`. */
  readonly locations: boolean;
  /** Leaves the elements of large constants out: such a text is for reading only. */
  readonly elides?: boolean;
  /** Names that values keep from one text to the next, so that texts of two times can be compared; else each text numbers anew. */
  readonly names?: StableNames;
  /** Called for each operation with the line on which it begins, from 0. */
  readonly begins?: (op: Operation, line: number) => void;
}

const PIECES_IN_CHUNK = 4096;

/** Names of values, one set for each function. */
class Names {
  /** Named values have this epoch; their marks are positions in `texts`. */
  readonly epoch = newEpoch();
  readonly texts: string[] = [];
  readonly used = new Set<string>();
  /** The next suffix to try for a name that is taken. */
  readonly suffixes = new Map<string, number>();
  nextResult = 0;
  nextArgument = 0;
  /** The function whose names these are. */
  readonly scope: string;

  constructor(scope: string) {
    this.scope = scope;
  }
}

export class Printer {
  readonly options: PrintOptions;
  readonly definitions: RuleTable;
  readonly syntaxes: OwnForms;
  readonly isolated: ReadonlySet<string>;
  /** What is written: joined chunks, and pieces that are not joined yet. One long string would be a tree of millions of nodes. */
  private readonly chunks: string[] = [];
  private pieces: string[] = [];
  private indent = '';
  private names = new Names('');
  private line = 0;

  constructor(options: PrintOptions, definitions: RuleTable, syntaxes: OwnForms, isolated: ReadonlySet<string>) {
    this.options = options;
    this.definitions = definitions;
    this.syntaxes = syntaxes;
    this.isolated = isolated;
  }

  text(): string {
    return this.chunks.join('') + this.pieces.join('');
  }

  write(text: string): void {
    if (this.pieces.push(text) < PIECES_IN_CHUNK) return;
    this.chunks.push(this.pieces.join(''));
    this.pieces = [];
  }

  newLine(): void {
    this.line++;
    this.write(`\n${this.indent}`);
  }

  /** Runs `print` with names of its own, as in a function; `scope` tells functions apart for stable names. */
  isolatedNames(print: () => void, scope = ''): void {
    const { names } = this;
    this.names = new Names(scope);
    print();
    this.names = names;
  }

  /** The operations of a block, each on a line of its own, one level deeper; no braces. */
  operations(block: Block, count = block.operations.length): void {
    const { indent } = this;
    this.indent += '  ';
    for (let index = 0; index < count; index++) {
      this.newLine();
      this.operation(block.operations[index]);
    }
    this.indent = indent;
  }

  /** One operation with its results and location, at the current column. */
  operation(op: Operation): void {
    const { results } = op;
    this.options.begins?.(op, this.line);
    if (results.length > 0) {
      const name = this.define(results[0]);
      this.write(results.length === 1 ? `${name} = ` : `${name}:${results.length} = `);
      if (results.length > 1) results.forEach((result, index) => this.setText(result, `${name}#${index}`));
    }
    if (!this.prettyForm(op)) this.generic(op);
    this.location(op.location);
  }

  private prettyForm(op: Operation): boolean {
    if (this.options.form === 'generic') return false;
    const syntax = this.syntaxes.get(op.name);
    if (syntax) return syntax.print(this, op);
    const definition = this.definitions.get(op.name);
    if (definition) this.defined(op, definition);
    return definition !== undefined;
  }

  private generic(op: Operation): void {
    this.write(`${escapeString(op.name)}(`);
    this.uses(op.operands);
    this.write(')');
    this.regionList(op);
    if (op.attributes.size > 0) this.write(` ${dictionaryText(op.attributes)}`);
    this.write(' : ');
    this.signature(op);
  }

  /** The pretty form that follows from a definition: one type when all are the same, else the whole signature. */
  private defined(op: Operation, definition: OpDefinition): void {
    this.write(op.name);
    if (op.operands.length > 0) this.write(' ');
    this.uses(op.operands);
    this.regionList(op);
    if (op.attributes.size > 0)
      this.write(` {${prettyEntries(op.attributes, definition, this.options.elides === true ? 'elided' : 'pretty')}}`);
    const type = onlyType(op);
    if (type) this.write(` : ${type.key}`);
    else if (op.operands.length + op.results.length > 0) {
      this.write(' : ');
      this.signature(op);
    }
  }

  private regionList(op: Operation): void {
    if (op.regions.length === 0) return;
    this.write(' (');
    op.regions.forEach((region, index) => {
      if (index > 0) this.write(', ');
      if (this.isolated.has(op.name)) this.isolatedNames(() => this.region(region), symbolOf(op));
      else this.region(region);
    });
    this.write(')');
  }

  /** `{ ^bb0(…): … }`. */
  region(block: Block): void {
    this.write('{');
    if (block.arguments.length > 0) {
      this.newLine();
      this.write('^bb0(');
      this.argumentList(block.arguments);
      this.write('):');
    }
    this.operations(block);
    this.newLine();
    this.write('}');
  }

  /** `%a: T, %b: T`, defining the names. */
  argumentList(values: readonly Value[]): void {
    values.forEach((value, index) => {
      this.write(`${index > 0 ? ', ' : ''}${this.define(value)}: ${value.type.key}`);
    });
  }

  uses(values: readonly Value[]): void {
    for (let index = 0; index < values.length; index++) {
      if (index > 0) this.write(', ');
      this.write(this.use(values[index]));
    }
  }

  /** The text of a use; a value that is not defined before is shown as such, so that broken IR can be printed too. */
  use(value: Value): string {
    return value.epoch === this.names.epoch ? this.names.texts[value.mark] : '%<<undefined>>';
  }

  types(types: readonly Type[]): void {
    for (let index = 0; index < types.length; index++) this.write((index > 0 ? ', ' : '') + types[index].key);
  }

  /** `(T, T) -> T`. */
  signature(op: Operation): void {
    this.write('(');
    for (let index = 0; index < op.operands.length; index++) {
      this.write((index > 0 ? ', ' : '') + op.operands[index].type.key);
    }
    this.write(') -> ');
    this.resultTypes(op.results.map((result) => result.type));
  }

  /** `T`, `(T, U)` or `()`. */
  resultTypes(types: readonly Type[]): void {
    const single = types.length === 1 && types[0].kind !== 'function';
    this.write(single ? types[0].key : `(${types.map((type) => type.key).join(', ')})`);
  }

  /** ` {…}` with the attributes that the syntax has not said, if any. */
  attributes(attributes: AttributeMap, said: readonly string[] = [], keyword = ''): void {
    if (attributes.size === 0) return;
    const rest = sortedEntries(attributes).filter(([name]) => !said.includes(name));
    if (rest.length === 0) return;
    const form = this.options.elides === true ? 'elided' : 'generic';
    const entries = rest.map(([name, value]) => entryText(name, attributeText(value, form)));
    this.write(`${keyword} {${entries.join(', ')}}`);
  }

  location(location: Location): void {
    if (this.options.locations) this.write(` loc(${locationText(location)})`);
  }

  /** Gives a value its name, with `%`. */
  define(value: Value): string {
    const { names } = this;
    const name = value.name === '' ? '' : keptName(value.name);
    const text = `%${this.options.names?.nameOf(value, clean(name), names.scope) ?? (name === '' ? this.number(value) : unique(clean(name), names))}`;
    this.setText(value, text);
    return text;
  }

  private setText(value: Value, text: string): void {
    value.epoch = this.names.epoch;
    value.mark = this.names.texts.push(text) - 1;
  }

  private number(value: Value): string {
    return 'operations' in value.owner ? `arg${this.names.nextArgument++}` : String(this.names.nextResult++);
  }
}

/** MLIR's value names hold letters, digits, `_`, `$`, `.` and `-`. */
function clean(name: string): string {
  if (name === '') return name;
  const cleaned = name.replace(/[^\w$.-]/g, '_').replace(/-+$/, '_');
  return /^[A-Za-z_]/.test(cleaned) ? cleaned : `_${cleaned}`;
}

function unique(name: string, { used, suffixes }: Names): string {
  let text = name;
  let suffix = suffixes.get(name) ?? 0;
  for (; used.has(text); suffix++) text = `${name}_${suffix}`;
  suffixes.set(name, suffix);
  used.add(text);
  return text;
}

function symbolOf(op: Operation): string {
  const symbol = op.attributes.get('sym_name');
  return symbol?.kind === 'string' ? symbol.value : '';
}

function onlyType(op: Operation): Type | null {
  const type = (op.operands[0] ?? op.results[0])?.type;
  if (!type || type.kind === 'function') return null;
  const same = (value: Value) => value.type.key === type.key;
  return op.operands.every(same) && op.results.every(same) ? type : null;
}

function prettyEntries(attributes: AttributeMap, definition: OpDefinition, form: AttributeForm): string {
  const slots = new Map(definition.attributes.map((slot) => [slot.name, slot.kind]));
  return sortedEntries(attributes)
    .map(([name, value]) => entryText(name, prettyValue(value, slots.get(name) === 'integers', form)))
    .join(', ');
}

function prettyValue(value: Attribute, isIntegersSlot: boolean, form: AttributeForm): string {
  if (isIntegersSlot && value.kind === 'integers' && value.values.length > 0) return `[${value.values.join(', ')}]`;
  return attributeText(value, form);
}

/** Texts of modules, stored once: lines by text and place, functions by their lines, modules by their functions. */
import { createHash } from 'node:crypto';
import type { Attribute, Block, Location, Module, Operation, RuleTable } from '../../../../compiler/ir/index.ts';
import { Operation as Op, printOperation, StableNames } from '../../../../compiler/ir/index.ts';
import type { FunctionText, LineTable } from '../../report/index.ts';
import { NOWHERE } from '../../report/index.ts';

/** Characters of lines that a report holds; functions beyond are left out, and the report says so. Deflated about a twelfth. */
const MOST_CHARACTERS = 16_000_000;
/** Characters of one line: constants are longer, and nobody reads them. */
const MOST_OF_LINE = 1_000;
/** Characters of a function's first line beyond which its parameters stand below each other. */
const LONG_SIGNATURE = 160;

/** A module's text: names of its functions. */
export type SnapshotText = readonly number[];

export class TextStore {
  readonly functions: FunctionText[] = [];
  /** Functions that were left out. */
  readonly omitted: string[] = [];
  readonly names = new StableNames();
  readonly #definitions: RuleTable;
  readonly #place: (location: Location) => number;
  readonly #most: number;
  readonly #texts: string[] = [];
  readonly #places: number[] = [];
  readonly #lines = new Map<string, Map<number, number>>();
  readonly #known = new Map<string, number>();
  /** Bodies of functions in the text before, by name. */
  readonly #bodies = new Map<string, Block>();
  #characters = 0;

  constructor(definitions: RuleTable, place: (location: Location) => number, mostCharacters = MOST_CHARACTERS) {
    this.#most = mostCharacters;
    this.#definitions = definitions;
    this.#place = place;
  }

  get lines(): LineTable {
    return { texts: this.#texts, places: this.#places };
  }

  /** The text of a module as it is now. */
  take(module: Module): SnapshotText {
    return module.body.operations.map((op) => this.#function(op));
  }

  #function(op: Operation): number {
    const symbol = op.attributes.get('sym_name');
    const name = symbol?.kind === 'string' ? symbol.value : '';
    this.#keepArguments(name, op);
    const begun: number[] = [];
    const text = printOperation(withoutEmptyLists(op), this.#definitions, {
      form: 'pretty',
      elides: true,
      names: this.names,
      begins: ({ location }, line) => (begun[line] ??= this.#place(location)),
    });
    const [head = '', ...body] = text.split('\n');
    const lines = [
      ...signatureLines(head).map((line) => [line, begun[0] ?? NOWHERE] as const),
      ...body.map((line, index) => [line, begun[index + 1] ?? NOWHERE] as const),
    ];
    const added = lines.reduce((sum, [line, place]) => sum + (this.#isKnown(line, place) ? 0 : line.length), 0);
    if (this.#characters + added > this.#most) return this.#leaveOut(name, text, lines.length);
    return this.#intern(
      name,
      lines.map(([line, place]) => this.#line(line, place)),
    );
  }

  /** Arguments of a function whose body was written anew are the ones before, where their names say so. */
  #keepArguments(name: string, { regions: [body] }: Operation): void {
    if (body === undefined) return;
    const before = this.#bodies.get(name);
    this.#bodies.set(name, body);
    if (before === undefined || before === body) return;
    body.arguments.forEach((argument, index) => {
      const old = before.arguments[index];
      if (old !== undefined && old.name !== '' && old.name === argument.name) this.names.replace(old, argument);
    });
  }

  #isKnown(text: string, place: number): boolean {
    return this.#lines.get(text)?.has(place) ?? false;
  }

  #line(text: string, place: number): number {
    const byPlace = this.#lines.get(text) ?? new Map<number, number>();
    this.#lines.set(text, byPlace);
    const known = byPlace.get(place);
    if (known !== undefined) return known;
    const shown = shortened(text);
    this.#characters += shown.length;
    const number = this.#texts.push(shown) - 1;
    this.#places.push(place);
    byPlace.set(place, number);
    return number;
  }

  #intern(name: string, lines: readonly number[]): number {
    const runs = runsOf(lines);
    const key = `${name} ${runs.join(' ')}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const number = this.functions.push({ name, runs, lineCount: lines.length }) - 1;
    this.#known.set(key, number);
    return number;
  }

  /** A text that is too much has its hash, so that a pass that leaves it as it is is known to have changed nothing. */
  #leaveOut(name: string, text: string, lineCount: number): number {
    const key = `${name} ${createHash('sha256').update(text).digest('hex')}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.omitted.push(`@${name} (${lineCount} lines)`);
    const number = this.functions.push({ name, runs: null, lineCount }) - 1;
    this.#known.set(key, number);
    return number;
  }
}

/** Lists of empty dictionaries say nothing, but have no place in the usual form of a function. */
function withoutEmptyLists(op: Operation): Operation {
  if (op.name !== 'func.func') return op;
  const isEmpty = (attribute: Attribute): boolean =>
    attribute.kind === 'array' &&
    attribute.elements.every((element) => element.kind === 'dictionary' && element.entries.size === 0);
  const kept = [...op.attributes].filter(([, attribute]) => !isEmpty(attribute));
  if (kept.length === op.attributes.size) return op;
  return new Op(op.name, [], [], new Map(kept), op.regions, op.location);
}

/** A long signature with each parameter on a line of its own. */
function signatureLines(head: string): readonly string[] {
  if (head.length < LONG_SIGNATURE) return [head];
  return head.replaceAll(', %', ',\n    %').split('\n');
}

/** First line and length of each ascending run, alternating. */
function runsOf(lines: readonly number[]): readonly number[] {
  const runs: number[] = [];
  for (const line of lines) {
    const last = runs.length - 2;
    if (last >= 0 && runs[last] + runs[last + 1] === line) runs[last + 1]++;
    else runs.push(line, 1);
  }
  return runs;
}

function shortened(line: string): string {
  if (line.length <= MOST_OF_LINE) return line;
  const tail = line.slice(-200);
  return `${line.slice(0, MOST_OF_LINE - 300)} … (${line.length - MOST_OF_LINE + 100} characters) … ${tail}`;
}

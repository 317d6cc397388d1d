/**
 * YAML and JSON texts (JSON is YAML) with the place of every value, so that a message can show its line. Replaces hand-written readers of
 * both: the `yaml` package keeps ranges and reports several errors of one text.
 */
import { isMap, isScalar, isSeq, parseDocument, type Node } from 'yaml';
import { failure, ok, type Result } from '../../../compiler/ir/support/index.ts';

/** What is wrong at an offset of the text. */
export interface DocumentError {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** A value with its place. */
export type Item =
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, Item>; readonly place: Place }
  | { readonly kind: 'list'; readonly items: readonly Item[]; readonly place: Place }
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null; readonly place: Place };

export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Reads a text; the errors are those of its syntax. */
export function parseText(text: string): Result<Item, readonly DocumentError[]> {
  const deep = tooDeep(text);
  if (deep !== null)
    return failure([{ message: `values are nested more than ${DEEPEST} levels`, start: deep, end: deep + 1 }]);
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true });
  if (document.errors.length > 0)
    return failure(
      document.errors.map(({ message, pos: [start, end] }) => ({ message: message.split('\n')[0], start, end })),
    );
  return ok(itemOf(document.contents, { start: 0, end: text.length }));
}

/** The parser is recursive; no plan file needs more. */
const DEEPEST = 64;

/** Where brackets, or spaces before a line's first dashes, go deeper than that; null when they do not. */
function tooDeep(text: string): number | null {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '[' || character === '{') depth += 1;
    else if ((character === ']' || character === '}') && depth > 0) depth -= 1;
    if (depth > DEEPEST) return at;
  }
  const nested = new RegExp(`^(?: {${2 * DEEPEST},}|[ \\t]*(?:[-?] +){${DEEPEST}})`, 'm').exec(text);
  return nested === null ? null : nested.index;
}

function itemOf(node: Node | null, around: Place): Item {
  const place = node?.range ? { start: node.range[0], end: node.range[1] } : around;
  if (isMap(node)) {
    const entries = node.items.map((pair): readonly [string, Item] => [
      isScalar(pair.key) ? String(pair.key.value) : '',
      itemOf(pair.value as Node | null, place), // a parsed document has nodes as values
    ]);
    return { kind: 'map', entries: new Map(entries), place };
  }
  if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => itemOf(item as Node | null, place)), place };
  const value = isScalar(node) ? node.value : null;
  const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return { kind: 'scalar', value: known ? value : null, place };
}

/** Ends reading of a document whose syntax is right but whose values are not; `attemptRead` catches it. */
class ReadFault extends Error {
  readonly error: DocumentError;
  constructor(error: DocumentError) {
    super(error.message);
    this.error = error;
  }
}

export function wrong(item: Item, message: string): never {
  throw new ReadFault({ message, ...item.place });
}

/** Parses a text and reads values from it. */
export function attemptRead<Value>(text: string, read: (item: Item) => Value): Result<Value, readonly DocumentError[]> {
  const item = parseText(text);
  if (!item.ok) return item;
  try {
    return ok(read(item.value));
  } catch (thrown) {
    if (thrown instanceof ReadFault) return failure([thrown.error]);
    throw thrown;
  }
}

export function mapOf(item: Item, what: string): ReadonlyMap<string, Item> {
  return item.kind === 'map' ? item.entries : wrong(item, `${what} must be a mapping`);
}

export function listOf(item: Item, what: string): readonly Item[] {
  return item.kind === 'list' ? item.items : wrong(item, `${what} must be a list`);
}

export function numberOf(item: Item, what: string, least = 0): number {
  if (item.kind === 'scalar' && typeof item.value === 'number' && item.value >= least) return item.value;
  return wrong(item, `${what} must be a number of at least ${least}`);
}

export function integerOf(item: Item, what: string, least: number, most = 1e12): number {
  const value = numberOf(item, what, least);
  if (value > most) wrong(item, `${what} must be at most ${most}`);
  return Number.isInteger(value) ? value : wrong(item, `${what} must be a whole number`);
}

export function wordOf(item: Item, what: string): string {
  return item.kind === 'scalar' && typeof item.value === 'string' ? item.value : wrong(item, `${what} must be a text`);
}

/** An entry that must exist. */
export function entryOf(item: Item, name: string): Item {
  return mapOf(item, `what holds '${name}'`).get(name) ?? wrong(item, `'${name}' is missing`);
}

/** Misspelt keys are found. */
export function onlyKeys(item: Item, what: string, known: readonly string[]): void {
  for (const [name, value] of mapOf(item, what))
    if (!known.includes(name)) wrong(value, `${what} has no '${name}'; known: ${known.join(', ')}`);
}

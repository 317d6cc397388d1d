/** From a name in an IR text to its definition and its uses. */
import { resolve } from 'node:path';
import type { DocumentHighlight, Location, Range, TextEdit } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { failure, ok, type Result, userPosition } from '../../../compiler/ir/index.ts';
import { rangeOf } from '../positions.ts';
import type { IrPart, IrPoint, IrText } from './ir-text.ts';
import { pointAt } from './ir-text.ts';
import { type Definition, lastAtOrBefore } from './text-index.ts';
import type { PlaceWord, SymbolWord, Word } from './words.ts';

/** The symbol, alias or location that an offset touches. */
export function wordAtPoint({ part, offset }: IrPoint): Word | null {
  const words = part.words();
  const word = words[lastAtOrBefore(words, offset)];
  return word !== undefined && offset <= word.end ? word : null;
}

/** All places of one name, its definition first; offsets in the part. */
interface Places {
  readonly part: IrPart;
  readonly definition: Extent | null;
  readonly uses: readonly Extent[];
}

interface Extent {
  readonly start: number;
  readonly end: number;
}

function placesAt(point: IrPoint): Places | null {
  const { part, offset } = point;
  const mention = part.index.mentionAt(offset);
  if (mention !== null) return { part, definition: mention.definition, uses: mention.definition.uses };
  const word = wordAtPoint(point);
  if (word === null || word.kind === 'place') return null;
  const same = sameWords(part, word);
  return {
    part,
    definition: same.find(({ isDefinition }) => isDefinition) ?? null,
    uses: same.filter(({ isDefinition }) => !isDefinition),
  };
}

const sameWords = (part: IrPart, word: SymbolWord): readonly SymbolWord[] =>
  part.words().filter((one): one is SymbolWord => one.kind === word.kind && one.name === word.name);

const rangeIn = (document: TextDocument, part: IrPart, { start, end }: Extent): Range =>
  rangeOf(document, part.base + start, part.base + end);

/** Finds the file of a position. */
export type Open = (place: Pick<PlaceWord, 'file' | 'line' | 'column'>) => Location | null;

/** Where a name is defined; for a location the source that it names, which `open` finds. */
export function definitionInIr(ir: IrText, document: TextDocument, offset: number, open: Open): Location | null {
  const point = pointAt(ir, offset);
  const places = placesAt(point);
  if (places !== null)
    return places.definition && { uri: document.uri, range: rangeIn(document, places.part, places.definition) };
  const word = wordAtPoint(point);
  if (word?.kind === 'place') return open(word);
  return statedPlace(point, open) ?? sourceOfOperation(point, open);
}

/** On the name of an operation: the user's line that its location states. */
function sourceOfOperation({ part, offset }: IrPoint, open: Open): Location | null {
  const placed = part.index.operationAt(offset);
  if (placed === null || offset < placed.nameStart || offset > placed.nameEnd) return null;
  const position = userPosition(placed.stated ?? null);
  return position === null ? null : open(position);
}

/** On `loc(#loc3)` and other words of an operation's location: the first position of it that can be opened. */
function statedPlace({ part, offset }: IrPoint, open: Open): Location | null {
  const before = part.file.text.lastIndexOf('loc(', offset + 'loc('.length - 1);
  if (before < 0 || part.file.text.slice(before, offset).includes('\n')) return null;
  const inside = part.words().filter((word): word is PlaceWord => word.kind === 'place' && word.start > before);
  const end = part.file.text.indexOf('\n', before);
  const here = inside.filter((word) => end < 0 || word.start < end);
  return here.map((word) => open(word)).findLast((location) => location !== null) ?? null; // the user's line is the outermost caller, last
}

export function referencesInIr(
  ir: IrText,
  document: TextDocument,
  offset: number,
  includeDefinition: boolean,
): readonly Location[] {
  const places = placesAt(pointAt(ir, offset));
  if (places === null) return [];
  const { part, definition, uses } = places;
  const all = includeDefinition && definition !== null ? [definition, ...uses] : uses;
  return all.map((extent) => ({ uri: document.uri, range: rangeIn(document, part, extent) }));
}

/** The protocol's kinds of highlights. */
const READ = 2;
const WRITE = 3;

export function highlightsInIr(ir: IrText, document: TextDocument, offset: number): readonly DocumentHighlight[] {
  const places = placesAt(pointAt(ir, offset));
  if (places === null) return [];
  const { part, definition, uses } = places;
  return [
    ...(definition === null ? [] : [{ range: rangeIn(document, part, definition), kind: WRITE } as const]),
    ...uses.map((extent) => ({ range: rangeIn(document, part, extent), kind: READ }) as const),
  ];
}

/** What a name at a place may be renamed: its characters without sigil. */
export function renameRange(ir: IrText, document: TextDocument, offset: number): Range | null {
  const point = pointAt(ir, offset);
  const { part } = point;
  const extent = part.index.mentionAt(offset - part.base) ?? wordAtPoint(point);
  if (extent === null || ('kind' in extent && extent.kind === 'place')) return null;
  return rangeIn(document, part, nameExtent(part, extent));
}

/** Without `%`, `@`, `#` and the `#1` of a result. */
function nameExtent({ file }: IrPart, { start, end }: Extent): Extent {
  const text = file.text.slice(start, end);
  const sigil = /^(?:@"|[%@#!])/.exec(text)?.[0].length ?? 0;
  const tail = /(?:(?<=^%.*)#\d+|(?<=^@".*)")$/s.exec(text)?.[0].length ?? 0;
  return { start: start + sigil, end: end - tail };
}

const VALUE_NAME = /^(?:\d+|[A-Za-z_$.-][\w$.-]*)$/;
const SYMBOL_NAME = /^[A-Za-z_][\w$.]*$/;

/** The edits that give the name at a place another one, or why it cannot have it. */
export function renameInIr(
  ir: IrText,
  document: TextDocument,
  offset: number,
  newName: string,
): Result<readonly TextEdit[]> {
  const point = pointAt(ir, offset);
  const { part } = point;
  const places = placesAt(point);
  if (places === null || places.definition === null) return failure('there is no name here whose definition is known');
  const name = newName.replace(/^[%@#!]/, '');
  const mention = part.index.mentionAt(point.offset);
  const problem = mention === null ? symbolProblem(part, name) : valueProblem(part, mention.definition, name);
  if (problem !== null) return failure(problem);
  return ok(
    [places.definition, ...places.uses].map((extent) => ({
      range: rangeIn(document, part, nameExtent(part, extent)),
      newText: name,
    })),
  );
}

/** A name that another value of the same function has is refused, also where the two would not meet. */
function valueProblem(part: IrPart, definition: Definition, name: string): string | null {
  if (!VALUE_NAME.test(name)) return `'${name}' is no name of a value`;
  const taken = part.index.definitions.find(
    (one) => one !== definition && part.file.text.slice(one.start + 1, one.end) === name,
  );
  return taken === undefined || !seesOneAnother(part, definition, taken) ? null : `'%${name}' is already defined`;
}

/** Whether two values stand in the same function. */
function seesOneAnother({ index }: IrPart, left: Definition, right: Definition): boolean {
  const functions = index.operations.filter(({ op }) => op.name === 'func.func');
  const around = ({ start }: Definition) => functions.find((placed) => placed.start <= start && start <= placed.end);
  return around(left) === around(right);
}

function symbolProblem(part: IrPart, name: string): string | null {
  if (!SYMBOL_NAME.test(name)) return `'${name}' is no name of a symbol`;
  const isTaken = part
    .words()
    .some((word) => word.kind !== 'place' && word.isDefinition && word.name.replace(/^[#!]/, '') === name);
  return isTaken ? `'${name}' is already defined` : null;
}

/** The file that a location means: its name is a path from the folder of the document, or from one above it. */
export function candidatePaths(name: string, folders: readonly string[]): readonly string[] {
  return [...new Set(folders.map((folder) => resolve(folder, name)))];
}

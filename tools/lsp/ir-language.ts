/** Everything the server does for IR documents. */
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type {
  CompletionItem,
  Diagnostic,
  DocumentHighlight,
  DocumentSymbol,
  FoldingRange,
  Hover,
  Location,
  Position,
  Range,
  TextEdit,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Result } from '../../compiler/ir/index.ts';
import { isExpected } from '../msc/expected-diagnostics.ts';
import { protocolDiagnostic, severities } from './diagnostics.ts';
import type { OpenDocument } from './documents.ts';
import { completeInIr } from './ir/completion.ts';
import { formatIr } from './ir/format.ts';
import { hoverInIr } from './ir/hover.ts';
import type { IrPart, IrText } from './ir/ir-text.ts';
import { readIr } from './ir/ir-text.ts';
import {
  candidatePaths,
  definitionInIr,
  highlightsInIr,
  type Open,
  referencesInIr,
  renameInIr,
  renameRange,
} from './ir/navigate.ts';
import { foldsInIr, symbolsInIr } from './ir/outline.ts';
import { positionOfLine, rangeOf, uriOfPath } from './positions.ts';
import { preludePath } from './python/library.ts';
import type { Settings } from './settings.ts';

interface Kept {
  readonly version: number;
  readonly allowUnregistered: boolean;
  readonly ir: IrText;
}

export class IrLanguage {
  readonly #settings: () => Settings;
  readonly #folders: () => readonly string[];
  readonly #kept = new WeakMap<TextDocument, Kept>();

  /** `folders` are those against which the names of locations are looked up. */
  constructor(settings: () => Settings, folders: () => readonly string[]) {
    this.#settings = settings;
    this.#folders = folders;
  }

  /** The document as it is now, read once for each version. */
  #read(document: TextDocument): IrText {
    const { allowUnregistered } = this.#settings();
    const kept = this.#kept.get(document);
    if (kept?.version === document.version && kept.allowUnregistered === allowUnregistered) return kept.ir;
    const ir = readIr(document.uri, document.getText(), { allowUnregistered });
    this.#kept.set(document, { version: document.version, allowUnregistered, ir });
    return ir;
  }

  diagnostics({ document }: OpenDocument): Diagnostic[] {
    return this.#read(document).parts.flatMap((part) => part.diagnostics.map((one) => inDocument(one, part, document)));
  }

  hover({ document, path }: OpenDocument, position: Position): Hover | null {
    return hoverInIr(this.#read(document), document, document.offsetAt(position), (at) => this.#lineOf(at, path));
  }

  definition({ document, path }: OpenDocument, position: Position): Location | null {
    return definitionInIr(this.#read(document), document, document.offsetAt(position), (place) =>
      this.#open(place, path),
    );
  }

  /** The file that a location names: in the library, or below the first folder that has such a file. */
  #find(name: string, path: string | null): string | null {
    const own = path === null ? [] : ancestorsOf(dirname(path));
    const paths = [preludePath(name), ...candidatePaths(name, [...this.#folders(), ...own])];
    return paths.find((one) => one !== null && isFile(one)) ?? null;
  }

  #open({ file, line, column }: StatedPosition, path: string | null): Location | null {
    const found = this.#find(file, path);
    if (found === null) return null;
    const start = positionOfLine({ name: file, text: readFileSync(found, 'utf8') }, line, column);
    return { uri: uriOfPath(found), range: { start, end: start } };
  }

  #lineOf({ file, line }: StatedPosition, path: string | null): string | null {
    const found = this.#find(file, path);
    return found === null ? null : (readFileSync(found, 'utf8').split('\n')[line - 1] ?? null);
  }

  references({ document }: OpenDocument, position: Position, includeDefinition: boolean): readonly Location[] {
    return referencesInIr(this.#read(document), document, document.offsetAt(position), includeDefinition);
  }

  highlights({ document }: OpenDocument, position: Position): readonly DocumentHighlight[] {
    return highlightsInIr(this.#read(document), document, document.offsetAt(position));
  }

  renameRange({ document }: OpenDocument, position: Position): Range | null {
    return renameRange(this.#read(document), document, document.offsetAt(position));
  }

  rename({ document }: OpenDocument, position: Position, newName: string): Result<readonly TextEdit[]> {
    return renameInIr(this.#read(document), document, document.offsetAt(position), newName);
  }

  completion({ document }: OpenDocument, position: Position): readonly CompletionItem[] {
    return completeInIr(this.#read(document), document.offsetAt(position));
  }

  symbols({ document }: OpenDocument): DocumentSymbol[] {
    return symbolsInIr(this.#read(document), document);
  }

  folds({ document }: OpenDocument): FoldingRange[] {
    return foldsInIr(this.#read(document), document);
  }

  format({ document }: OpenDocument): TextEdit[] {
    return formatIr(this.#read(document), document);
  }
}

/** A position as locations state it. */
type StatedPosition = Parameters<Open>[0];

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

function ancestorsOf(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...ancestorsOf(above)];
}

/** What a comment `expected-error` announces is no mistake: it is told as a hint. */
function inDocument(diagnostic: IrPart['diagnostics'][number], part: IrPart, document: TextDocument): Diagnostic {
  const shown = protocolDiagnostic(diagnostic, () => null);
  const { span } = diagnostic;
  const range =
    span === null
      ? rangeOf(document, part.base, part.base)
      : rangeOf(document, part.base + span.start, part.base + span.end);
  const moved = { ...shown, range };
  return part.file.text.includes('expected-') && isExpected(part.file, diagnostic)
    ? { ...moved, severity: severities.hint }
    : moved;
}

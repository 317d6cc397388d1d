/** An IR document as it was read: its parts between `// -----` lines, each with what was found in it. */
import type { Diagnostic, Module, SourceFile } from '../../../compiler/ir/index.ts';
import { parseModule, verifyModule } from '../../../compiler/ir/index.ts';
import { opTable } from '../../../compiler/ir/ops/index.ts';
import { TextIndex } from './text-index.ts';
import type { Word } from './words.ts';
import { wordsOf } from './words.ts';

export interface IrPart {
  /** Offset of the part in its document. */
  readonly base: number;
  readonly file: SourceFile;
  /** Null when the text has errors; `index` has what could be read all the same. */
  readonly module: Module | null;
  readonly index: TextIndex;
  readonly diagnostics: readonly Diagnostic[];
  /** Symbols, aliases and locations; found when they are first asked for. */
  readonly words: () => readonly Word[];
}

export interface IrText {
  readonly parts: readonly IrPart[];
}

/** A part and an offset in it. */
export interface IrPoint {
  readonly part: IrPart;
  readonly offset: number;
}

export interface ReadIrOptions {
  readonly allowUnregistered: boolean;
}

/** Reads and verifies a document. Never throws on bad text. */
export function readIr(name: string, text: string, options: ReadIrOptions): IrText {
  const allowUnregistered = options.allowUnregistered || statesUnregistered(text);
  return { parts: partsOf(text).map((base) => readPart(base, name, text, allowUnregistered)) };
}

interface Extent {
  readonly start: number;
  readonly end: number;
}

/** Between the parts of a file, and before what a test of `msc opt` expects: its output, and its log, which is no IR. */
const SEPARATOR = /^\/\/ (?:-----|---- (output|log) ----)[ \t\r]*$/gm;

function partsOf(text: string): readonly Extent[] {
  const parts: Extent[] = [];
  let start = 0;
  let isLog = false;
  const close = (end: number): void => {
    if (!isLog) parts.push({ start, end });
  };
  for (const { index, 0: line, 1: section } of text.matchAll(SEPARATOR)) {
    close(index);
    start = index + line.length;
    isLog = section === 'log';
  }
  close(text.length);
  return parts;
}

/** The first line of a test says how `msc opt` reads the file. */
const statesUnregistered = (text: string): boolean =>
  /^\/\/ .*--allow-unregistered-dialect\b/.test(text.slice(0, 400).split('\n', 1)[0]);

function readPart({ start, end }: Extent, name: string, text: string, allowUnregistered: boolean): IrPart {
  const file: SourceFile = { name, text: text.slice(start, end) };
  const index = new TextIndex();
  const { module, diagnostics } = parseModule(file, opTable, index);
  index.finish();
  const broken =
    module === null
      ? diagnostics
      : verifyModule(module, opTable, { allowUnregistered, sources: new Map([[name, file]]) });
  let words: readonly Word[] | null = null;
  return { base: start, file, module, index, diagnostics: broken, words: () => (words ??= wordsOf(file)) };
}

/** The part that holds an offset of the document. */
export function pointAt({ parts }: IrText, offset: number): IrPoint {
  const part = parts.findLast(({ base }) => base <= offset) ?? parts[0];
  return { part, offset: offset - part.base };
}

/** Everything the server does for Python documents: by their trees at once, by checks in the thread when these end. */
import { dirname, resolve } from 'node:path';
import type {
  Diagnostic,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  Location,
  Position,
  Range,
} from 'vscode-languageserver';
import type { Node } from '../../compiler/frontend/syntax/index.ts';
import type { ModuleStage } from '../msc/pipeline.ts';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CheckEnd } from './check/checker.ts';
import {
  type CheckJob,
  type CheckOutcome,
  type FileDiagnostics,
  type FileFlows,
  type IrRequest,
  NO_NETWORK,
} from './check/job.ts';
import { protocolDiagnostic, remark, severities } from './diagnostics.ts';
import type { Documents, OpenDocument } from './documents.ts';
import { rangeOf, rangeOfSpan, uriOfPath } from './positions.ts';
import { fileOptions } from './python/file-options.ts';
import { foldsInPython, symbolsInPython } from './python/outline.ts';
import { Resolver, type Target } from './python/resolve.ts';
import { CurrentFlows, flowHints, flowHover, flowsAt } from './python/show-flows.ts';
import type { PythonFile } from './python/workspace.ts';
import { TextShift } from './python/text-shift.ts';
import { PythonWorkspace } from './python/workspace.ts';
import { code, fence } from './ir/facts.ts';
import type { Settings } from './settings.ts';

export interface PythonOptions {
  readonly documents: Documents;
  readonly settings: () => Settings;
  /** Folders of the workspace. */
  readonly folders: () => readonly string[];
}

export class PythonLanguage {
  readonly #options: PythonOptions;
  readonly #workspace: PythonWorkspace;
  readonly #resolver: Resolver;
  /** How the last check of each file ended. */
  readonly #ends = new Map<string, CheckEnd>();
  /** What flows through files whose check goes on. */
  readonly #traced = new Map<string, readonly FileFlows[]>();

  constructor(options: PythonOptions) {
    this.#options = options;
    const roots = () =>
      options.settings().path.flatMap((folder) => options.folders().map((base) => resolve(base, folder)));
    this.#workspace = new PythonWorkspace((path) => options.documents.byPath(path)?.document.getText() ?? null, roots);
    this.#resolver = new Resolver(this.#workspace);
  }

  #file({ document, path }: OpenDocument): PythonFile {
    return this.#workspace.parse(path ?? document.uri, document.getText());
  }

  /** The check of a document as it is now; null when there is nothing to run: settings say so, or its syntax is wrong. */
  job(opened: OpenDocument, wanted: IrRequest | null = null, to: ModuleStage | null = null): CheckJob | null {
    const settings = this.#options.settings();
    const { path } = opened;
    const text = opened.document.getText();
    if (path === null || (settings.check === 'syntax' && wanted === null)) return null;
    if (this.#file(opened).parsed.diagnostics.length > 0) return null;
    const own = fileOptions(text);
    const isOwn = own.entry !== null || own.inputs !== null;
    const folder = this.#folderOf(path);
    return {
      file: path,
      folder,
      entry: isOwn ? own.entry : settings.entry,
      inputs: isOwn ? (own.inputs ?? []) : settings.inputs,
      roots: [
        ...settings.path.map((one) => resolve(folder, one)),
        ...own.path.map((one) => resolve(dirname(path), one)),
      ],
      readable: [
        ...settings.allowRead.map((one) => resolve(folder, one)),
        ...own.allowRead.map((one) => resolve(dirname(path), one)),
      ],
      target: own.target ?? settings.target,
      maxSteps: own.maxSteps ?? settings.maxSteps,
      openTexts: this.#openTexts(),
      to: to ?? (settings.check === 'trace' ? 'source' : 'program'),
      wanted,
    };
  }

  /** The innermost folder of the workspace around a file, else its own. */
  #folderOf(path: string): string {
    const around = this.#options.folders().filter((folder) => path.startsWith(`${folder}/`));
    return around.toSorted((left, right) => right.length - left.length)[0] ?? dirname(path);
  }

  #openTexts(): ReadonlyMap<string, string> {
    const open = this.#options.documents.all();
    return new Map(
      open.flatMap(({ path, language, document }) =>
        path === null || language !== 'python' ? [] : [[path, document.getText()] as const],
      ),
    );
  }

  traced(path: string, flows: readonly FileFlows[]): void {
    this.#traced.set(path, flows);
  }

  /** Keeps how a check ended; the paths whose diagnostics may be others now. */
  checked(path: string, end: CheckEnd): readonly string[] {
    const before = this.#outcomeOf(path);
    if (end.kind === 'stopped') return [];
    this.#traced.delete(path);
    this.#ends.set(path, end);
    const after = this.#outcomeOf(path);
    return [...new Set([path, ...filesOf(before), ...filesOf(after)])];
  }

  forget(path: string): readonly string[] {
    const files = filesOf(this.#outcomeOf(path));
    this.#ends.delete(path);
    this.#traced.delete(path);
    return files;
  }

  #outcomeOf(path: string): CheckOutcome | null {
    const end = this.#ends.get(path);
    return end?.kind === 'done' ? end.outcome : null;
  }

  /** Syntax errors, mistakes in the comments for the check, and what the checks found. */
  diagnostics(opened: OpenDocument): Diagnostic[] {
    const { document, path } = opened;
    const { parsed, text } = this.#file(opened);
    const options = fileOptions(text).problems.map(({ message, start, end }) =>
      remark(message, rangeOf(document, start, end), severities.warning),
    );
    const syntax = parsed.diagnostics.map((one) => protocolDiagnostic(one, () => document.uri));
    if (syntax.length > 0) return [...syntax, ...options];
    return [...options, ...(path === null ? [] : this.#found(path, document))];
  }

  #found(path: string, document: TextDocument): readonly Diagnostic[] {
    const end = this.#ends.get(path);
    const seconds = this.#options.settings().timeLimit;
    const limits =
      end?.kind === 'timeout' ? [remark(`the check was ended after ${seconds} seconds (msc.timeLimit)`)] : [];
    const isPartOfOther = [...this.#ends.keys()].some(
      (root) => root !== path && this.#outcomeOf(root)?.filesRead.includes(path),
    );
    const texts = new Set<string>();
    const found = [...this.#ends.keys()]
      .flatMap((root) => this.#outcomeOf(root)?.diagnostics ?? [])
      .flatMap((file) => (file.path === path ? moved(file, document) : []))
      // A file that another one imports needs no network of its own.
      .filter(({ data }) => !isPartOfOther || data !== NO_NETWORK)
      .filter((one) => {
        const text = JSON.stringify(one);
        return !texts.has(text) && texts.add(text);
      });
    return [...limits, ...found];
  }

  #flows(opened: OpenDocument): CurrentFlows | null {
    const roots = opened.path === null ? [] : [opened.path, ...this.#ends.keys(), ...this.#traced.keys()];
    for (const root of roots) {
      const files = this.#traced.get(root) ?? this.#outcomeOf(root)?.flows;
      const flows = files?.find(({ path }) => path === opened.path);
      if (flows !== undefined) return this.#current(flows, opened);
    }
    return null;
  }

  readonly #currents = new WeakMap<FileFlows, { readonly version: number; readonly flows: CurrentFlows }>();

  #current(flows: FileFlows, { document }: OpenDocument): CurrentFlows {
    const known = this.#currents.get(flows);
    if (known?.version === document.version) return known.flows;
    const current = new CurrentFlows(flows, document.getText());
    this.#currents.set(flows, { version: document.version, flows: current });
    return current;
  }

  hover(opened: OpenDocument, position: Position): Hover | null {
    const offset = opened.document.offsetAt(position);
    const file = this.#file(opened);
    const flows = this.#flows(opened);
    const found = flows === null ? null : flowsAt(file, flows, offset);
    const target = this.#resolver.at(file, offset)[0];
    return flowHover(opened.document, found, target === undefined ? [] : describe(target));
  }

  definition(opened: OpenDocument, position: Position): Location[] {
    const targets = this.#resolver.at(this.#file(opened), opened.document.offsetAt(position));
    return targets.map(({ file, start, end }) => ({
      uri: this.#options.documents.byPath(file.path)?.document.uri ?? uriOfPath(file.path),
      range: rangeOfSpan({ file: file.parsed.file, start, end }),
    }));
  }

  symbols(opened: OpenDocument): DocumentSymbol[] {
    return symbolsInPython(this.#file(opened), opened.document);
  }

  folds(opened: OpenDocument): FoldingRange[] {
    return foldsInPython(this.#file(opened), opened.document);
  }

  hints(opened: OpenDocument, range: Range): InlayHint[] {
    const flows = this.#options.settings().inlayHints ? this.#flows(opened) : null;
    return flows === null ? [] : flowHints(this.#file(opened), flows, opened.document, range);
  }
}

/** Diagnostics of an older text at their places now; those where the text changed wait for the next check. */
function moved({ text, diagnostics }: FileDiagnostics, document: TextDocument): readonly Diagnostic[] {
  const now = document.getText();
  if (text === null || text === now) return diagnostics;
  const old = TextDocument.create(document.uri, document.languageId, 0, text);
  const shift = new TextShift(text, now);
  return diagnostics.flatMap((one) => {
    const [start, end] = [old.offsetAt(one.range.start), old.offsetAt(one.range.end)];
    const distance = shift.shiftOf(start, end);
    return distance === null ? [] : [{ ...one, range: rangeOf(document, start + distance, end + distance) }];
  });
}

const filesOf = (outcome: CheckOutcome | null): readonly string[] => [
  ...(outcome?.diagnostics ?? []).map(({ path }) => path),
  ...(outcome?.flows ?? []).map(({ path }) => path),
];

/** The head of a class or function, and the first paragraph of its documentation. */
function describe({ file, meaning }: Target): readonly string[] {
  if (meaning.kind === 'module') return [`module ${code(file.path.split('/').slice(-2).join('/'))}`];
  if (meaning.kind === 'value' || !('body' in meaning.node) || !Array.isArray(meaning.node.body)) return [];
  const body: readonly Node[] = meaning.node.body;
  const head = file.text.slice(meaning.node.start, body[0]?.start ?? meaning.node.end).trimEnd();
  const [first] = body;
  const isText = first?.kind === 'Expr' && first.value.kind === 'Constant' && first.value.type === 'str';
  return [fence('python', head), ...(isText ? [paragraph(first.value.value)] : [])];
}

const paragraph = (text: string): string =>
  text
    .trim()
    .split(/\n\s*\n/, 1)[0]
    .replace(/\s+/g, ' ');

/** What the checking thread is asked and what it answers: plain data that threads can pass on. */
import type { Diagnostic as ProtocolDiagnostic, Location, Range } from 'vscode-languageserver';
import type { ModuleStage } from '../../msc/pipeline.ts';

export interface CheckJob {
  /** Path of the file. */
  readonly file: string;
  /** Folder against which relative paths of options are resolved. */
  readonly folder: string;
  readonly entry: string | null;
  readonly inputs: readonly string[];
  readonly roots: readonly string[];
  readonly readable: readonly string[];
  readonly target: string;
  readonly maxSteps: number;
  /** Texts of open documents by path: they are read instead of the files. */
  readonly openTexts: ReadonlyMap<string, string>;
  /** How far to compile. */
  readonly to: ModuleStage | 'program';
  /** Whether the text of the last stage is wanted. */
  readonly wanted: IrRequest | null;
}

export interface IrRequest {
  /** A line of `file`, from 0; null for no line. */
  readonly line: number | null;
  readonly locations: boolean;
}

/** The `data` of the hint that a file has no network which needs no settings. */
export const NO_NETWORK = 'no-network';

/** Diagnostics of one file. */
export interface FileDiagnostics {
  readonly path: string;
  /** The text that their ranges mean; null for a file that cannot be read. */
  readonly text: string | null;
  readonly diagnostics: readonly ProtocolDiagnostic[];
}

/** The types of tensors that one expression gave, by how often. */
export interface Flow {
  readonly start: number;
  readonly end: number;
  readonly types: readonly FlowType[];
}

export interface FlowType {
  readonly text: string;
  readonly count: number;
  /** Paths of the Cells that ran, a few of them. */
  readonly cells: readonly string[];
}

/** The flows of one file and the text that their offsets mean. */
export interface FileFlows {
  readonly path: string;
  readonly text: string;
  /** Sorted by `start`, then by `end`. */
  readonly flows: readonly Flow[];
}

/** Hears what flows while the rest of a check goes on. */
export type TracedListener = (flows: readonly FileFlows[]) => void;

/** What the checking thread sends. */
export type ThreadMessage =
  | { readonly kind: 'traced'; readonly flows: readonly FileFlows[] }
  | { readonly kind: 'done'; readonly outcome: CheckOutcome };

/** IR text, and which of its places came from which place of the source. */
export interface IrAnswer {
  readonly stage: string;
  readonly text: string;
  /** What came from the line that was asked about. */
  readonly ranges: readonly Range[];
  readonly origins: readonly { readonly range: Range; readonly origin: Location }[];
}

export interface CheckOutcome {
  readonly diagnostics: readonly FileDiagnostics[];
  readonly flows: readonly FileFlows[];
  /** Paths of all files that were read: a change in one of them makes the outcome old. */
  readonly filesRead: readonly string[];
  readonly ir: IrAnswer | null;
  /** What the Python code printed. */
  readonly printed: string;
  /** What went wrong inside msc; null when nothing did. */
  readonly crash: string | null;
}

/** What the functions of the library take and give, and how it is said to the commands. */
import type { Diagnostic } from '../../compiler/ir/index.ts';
import { diagnose } from '../../compiler/ir/support/index.ts';
import type { InputSpecification } from '../../compiler/frontend/index.ts';
import type { ClusterTime } from '../../runtime/host/index.ts';
import type { FileTensor } from '../formats/index.ts';
import { cliDiagnostics } from '../msc/diagnostics.ts';
import { processIo, type Io } from '../msc/io.ts';
import { defaultLimits } from '../msc/limits.ts';
import type { Refusal } from '../msc/request.ts';
import type { NetworkSource } from '../msc/source.ts';

/** A network of a Python file. */
export interface NetworkOptions {
  /** Path of the Python file, relative to `folder`. */
  readonly file: string;
  /** A Python expression that gives the network; without it the only Cell that needs no arguments. */
  readonly entry?: string;
  readonly inputs?: readonly InputSpecification[];
  /** Working directory; the process's own by default. */
  readonly folder?: string;
  /** Further folders in which packages are looked for. */
  readonly paths?: readonly string[];
  /** Further folders that Python code may read. */
  readonly readable?: readonly string[];
  /** Receives what the Python code prints. */
  readonly print?: (text: string) => void;
}

export interface RunOptions {
  /** A value for each input by its name; `'formula'` computes them from their names. */
  readonly inputs: ReadonlyMap<string, FileTensor> | 'formula';
  /** Path of a weights file, or `'formula'`; without it the network's own initializers. */
  readonly weights?: string;
  /** Threads that simulate cores; 1 by default. */
  readonly threads?: number;
  /** On a cluster: how long a step takes there. */
  readonly timing?: boolean;
}

/** The outputs by name, on a cluster also new values of parameters; null when a diagnostic is an error. */
export interface RunResult {
  readonly outputs: ReadonlyMap<string, FileTensor> | null;
  readonly diagnostics: readonly Diagnostic[];
  /** With `timing`. */
  readonly time?: ClusterTime;
}

/** The source that options name. */
export const networkSource = (options: NetworkOptions): NetworkSource => ({
  kind: 'network',
  file: options.file,
  folder: options.folder ?? process.cwd(),
  entry: options.entry ?? null,
  inputs: options.inputs ?? [],
  roots: options.paths ?? [],
  readable: options.readable ?? [],
  limits: defaultLimits,
  scriptArguments: [],
  print: options.print ?? (() => undefined),
});

/** Files of a folder, and no streams: what Python code prints goes to `print`. */
export const quietIo = ({ folder = process.cwd(), print = () => undefined }: NetworkOptions): Io => ({
  ...processIo(),
  folder,
  isOutputTerminal: false,
  isErrorTerminal: false,
  write: () => undefined,
  log: print,
});

/** A refusal as diagnostics. */
export const refusalDiagnostics = (refusal: Refusal): readonly Diagnostic[] =>
  'usage' in refusal ? [diagnose(cliDiagnostics.badOption, null, [refusal.usage])] : refusal.diagnostics;

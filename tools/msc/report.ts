/** Telling the user what happened: diagnostics on stderr, or one JSON answer on stdout. */
import type { Diagnostic } from '../../compiler/ir/support/index.ts';
import { exitCodeOf, type ExitCode } from './exit.ts';
import type { Io } from './io.ts';
import { diagnosticJson, jsonText } from './text/json.ts';
import { located, type Sources } from './text/locate.ts';
import { paintFor, renderDiagnostic } from './text/render.ts';

/** Whether stderr is coloured: on a terminal, unless NO_COLOR says no or FORCE_COLOR says yes. */
export function isColored(io: Io): boolean {
  const { NO_COLOR: never, FORCE_COLOR: always } = io.environment;
  if (never !== undefined && never !== '') return false;
  return io.isErrorTerminal || (always !== undefined && always !== '' && always !== '0');
}

/** What a command has to say, and how. */
export interface Answer {
  readonly diagnostics: readonly Diagnostic[];
  /** The fields of the JSON answer. */
  readonly json: object;
  /** The exit code, where it does not follow from the diagnostics. */
  readonly exitCode?: ExitCode;
}

/** Prints diagnostics, and with `--json` the answer; the result is the exit code. */
export function finish(io: Io, isJson: boolean, sources: Sources, answer: Answer): ExitCode {
  const diagnostics = answer.diagnostics.map((diagnostic) => located(diagnostic, sources));
  const exitCode = answer.exitCode ?? exitCodeOf(diagnostics);
  if (isJson) {
    io.write(jsonText({ exitCode, ...answer.json, diagnostics: diagnostics.map(diagnosticJson) }));
    return exitCode;
  }
  const paint = paintFor(isColored(io));
  for (const diagnostic of diagnostics) io.log(renderDiagnostic(diagnostic, paint));
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (errors > 1) io.log(`${errors} errors\n`);
  return exitCode;
}

/** One line on a terminal that is replaced by the next; nothing elsewhere. */
export class Progress {
  private readonly io: Io;
  private readonly isShown: boolean;

  constructor(io: Io, isQuiet: boolean) {
    this.io = io;
    this.isShown = io.isErrorTerminal && !isQuiet;
  }

  show(text: string): void {
    if (this.isShown) this.io.log(`\r\u001b[K${text}`);
  }

  /** Clears the line; the next `show` writes it again. */
  end(): void {
    if (this.isShown) this.io.log('\r\u001b[K');
  }
}

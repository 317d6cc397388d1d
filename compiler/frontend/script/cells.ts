/**
 * Cells that a script calls outside of graphs. Such a call means what it means op by op; it is traced as one graph, since that
 * gives the same and runs faster, and is undone and run op by op when Python needs the elements of a tensor in between.
 */
import { PyObject, Raised, Stop, type KeywordArguments, type PyValue } from '../eval/index.ts';
import { traceDiagnostics } from '../trace/diagnostics.ts';
import type { TensorSession } from '../trace/session.ts';

/** What only tracing forbids. */
const ONLY_TRACED: ReadonlySet<string> = new Set(
  [
    traceDiagnostics.valueUnknown,
    traceDiagnostics.branchesDoNotJoin,
    traceDiagnostics.loopDoesNotJoin,
    traceDiagnostics.unsupportedUse,
  ].map(({ code }) => code),
);

/** Keeps what is printed until it is known whether the call counts. */
export interface OutputGate {
  hold(): void;
  /** Lets the held text out, or forgets it. */
  release(isWanted: boolean): void;
}

export class CellCalls {
  private readonly session: TensorSession;
  private readonly output: OutputGate;
  /** Cells whose calls need elements. */
  private readonly stepwise = new WeakSet<PyObject>();

  constructor(session: TensorSession, output: OutputGate) {
    this.session = session;
    this.output = output;
  }

  /** Whether calling the cell now is calling it outside of all graphs. */
  isAlone(cell: PyValue): boolean {
    return this.session.trace === null && cell instanceof PyObject && !this.stepwise.has(cell);
  }

  call(cell: PyObject, args: PyValue[], keywords: KeywordArguments): PyValue {
    const { session } = this;
    if (!session.execute) throw new Error('no device runs cells');
    const plainly = (): PyValue => session.py.call(cell, [...args], keywords);
    this.output.hold();
    let isDone = false;
    try {
      const value = session.execute(plainly);
      isDone = true;
      return value;
    } catch (error) {
      const isRefused = error instanceof Stop && error.diagnostics.every(({ code }) => ONLY_TRACED.has(code));
      if (!isRefused && !(error instanceof Raised)) throw error;
    } finally {
      this.output.release(isDone);
    }
    this.stepwise.add(cell);
    return plainly();
  }
}

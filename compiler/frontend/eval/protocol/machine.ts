/** The interpreter from inside: the public operations plus the state that only the evaluator itself touches. */
import type { Span } from '../../../ir/index.ts';
import type { PyException } from '../objects/exceptions.ts';
import type { Frame } from '../objects/functions.ts';
import type { Interpreter } from '../objects/interpreter.ts';
import type { PyDict, PyObject, PyValue } from '../objects/object.ts';

/** One name of an `import` statement. */
export interface ImportRequest {
  /** The module as written, without the leading dots. */
  readonly module: string;
  readonly level: number;
  /** The symbol of `from module import symbol`; null for `import module`; `*` for all. */
  readonly symbol: string | null;
  /** `import a.b as c` binds `a.b`, `import a.b` binds `a`. */
  readonly renamed: boolean;
  /** The statement stands in a `try` that handles ImportError: whether it succeeds must be known at once. */
  readonly checked: boolean;
  readonly span: Span;
}

export interface Machine extends Interpreter {
  /** The innermost active frame. */
  frame: Frame | null;
  /** Steps spent so far. */
  steps: number;
  depth: number;
  /** The exception being handled, for a bare `raise` and for `__context__`. */
  handling: PyException | null;
  /** Objects whose repr is being made, against endless recursion. */
  readonly reprInProgress: Set<PyObject>;
  /** The step at which the budgets are looked at again: at the latest the last one allowed. */
  nextCheck: number;
  /** Called when `steps` passed `nextCheck`; throws when a budget is used up. */
  checkBudgets(): void;
  /** A global that its namespace does not hold: made by its module if that is evaluated lazily. */
  resolveGlobal(globals: PyDict, name: string): PyValue | undefined;
  /** What an import binds. With `lazy` it may be a `Pending`. */
  importFor(globals: PyDict, request: ImportRequest, lazy: boolean): PyValue;
  /** `from module import *` into a namespace. */
  importAll(globals: PyDict, namespace: PyDict, request: ImportRequest): void;
}

/** The inside of an interpreter; every `Interpreter` value is made by `createInterpreter` and is a `Machine`. */
export function machineOf(py: Interpreter): Machine {
  return py as Machine;
}

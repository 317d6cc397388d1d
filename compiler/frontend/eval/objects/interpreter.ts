/** The interpreter as its parts see it: one value that is passed to everything and holds the state of one run. */
import type { Diagnostic, SourceFile, Span } from '../../../ir/index.ts';
import type { Next } from './iterators.ts';
import type { PyDict, PyObject, PyValue } from './object.ts';

/** What reading a path gave. */
export type ReadResult<Content> =
  | { readonly ok: true; readonly value: Content }
  | {
      readonly ok: false;
      readonly error: { readonly kind: 'missing' | 'refused' | 'directory' | 'unreadable'; readonly message: string };
    };

/** Everything that the evaluator needs from outside. There is no other way out of it. */
export interface Host {
  readFile(path: string): ReadResult<Uint8Array>;
  /** What a path is; a refused path counts as absent. */
  kindOf(path: string): 'file' | 'directory' | 'absent';
  listDirectory(path: string): readonly string[];
  writeFile?(path: string, data: Uint8Array): ReadResult<null>;
  makeDirectory?(path: string): ReadResult<null>;
  removeFile?(path: string): ReadResult<null>;
  writeOutput(text: string): void;
  writeError(text: string): void;
  /** Seconds since the epoch; a fixed value keeps runs deterministic. */
  now(): number;
  /** Bytes that the whole process uses, where that is known; else the memory budget works by estimate. */
  memoryInUse?(): number;
  readonly environment: ReadonlyMap<string, string>;
  /** `sys.argv`. */
  readonly arguments: readonly string[];
  readonly workingDirectory: string;
}

/** How a block of statements ended. The value of a `return` is read with `BranchPoint.returned`. */
export type Completion = 0 | 1 | 2 | 3;
export const NORMAL = 0;
export const BREAK = 1;
export const CONTINUE = 2;
export const RETURN = 3;

/** The local variables of the function that is running (for module level: the globals). */
export interface FrameView {
  names(): readonly string[];
  read(name: string): PyValue | undefined;
  write(name: string, value: PyValue | undefined): void;
  /** Puts all variables back as they were when `snapshot` was called. */
  snapshot(): () => void;
}

/** An `if` whose test is symbolic. */
export interface BranchPoint {
  readonly span: Span | null;
  readonly frame: FrameView;
  runThen(): Completion;
  runElse(): Completion;
  /** Runs what follows the `if`, as far as blocks that are not loops, `try` or `with` reach. */
  runRest(): Completion;
  /** Whether `runRest` reaches the end of the function. */
  readonly restEndsFunction: boolean;
  returned(): PyValue;
  setReturned(value: PyValue): void;
}

/** A `while` whose test became symbolic, or any `for` (its items are then already iterated by `nextItem`). */
export interface LoopPoint {
  readonly span: Span | null;
  readonly frame: FrameView;
  evaluateTest(): PyValue;
  runBody(): Completion;
  runElse(): Completion;
  returned(): PyValue;
  setReturned(value: PyValue): void;
}

/** A `for` before its first step. */
export interface ForPoint {
  readonly span: Span | null;
  readonly frame: FrameView;
  readonly iterable: PyValue;
  assignTarget(item: PyValue): void;
  runBody(): Completion;
  runElse(): Completion;
  returned(): PyValue;
  setReturned(value: PyValue): void;
}

/** What a tracer may decide. Each is consulted only for values whose class is `symbolic`, except `forLoop` and `operation`. */
export interface Hooks {
  branch?(py: Interpreter, test: PyObject, point: BranchPoint): Completion;
  whileLoop?(py: Interpreter, test: PyObject, point: LoopPoint): Completion;
  /** Returns null to let the evaluator run the loop step by step. */
  forLoop?(py: Interpreter, point: ForPoint): Completion | null;
  conditional?(py: Interpreter, test: PyObject, whenTrue: () => PyValue, whenFalse: () => PyValue): PyValue;
  logical?(py: Interpreter, operator: 'and' | 'or', left: PyObject, right: () => PyValue): PyValue;
  negate?(py: Interpreter, operand: PyObject): PyValue;
  assertion?(py: Interpreter, test: PyObject, message: () => PyValue): void;
  /** `print` to standard output: true when the tracer takes it over. */
  print?(values: readonly PyValue[]): boolean;
  /** A symbolic value where only a Python truth value will do. */
  truth?(py: Interpreter, value: PyObject): boolean;
  /** Runs a statement of a module, which runs when its name is needed first: what it makes is of no graph that is being traced. */
  statement?(run: () => void): void;
  /** Asked when an expression of a file is compiled: what will hear of its values, or null. */
  watcher?(file: SourceFile): ExpressionWatcher | null;
}

/** Hears of the value of the expression between two offsets each time that it was evaluated. */
export type ExpressionWatcher = (value: PyValue, start: number, end: number) => void;

/** Limits of one run; each has a flag that raises it. */
export interface Limits {
  readonly maxSteps: number;
  readonly maxDepth: number;
  /** Bytes; kept by `Host.memoryInUse` and by the sizes of single values. */
  readonly maxMemory: number;
}

/** A thrown diagnostic that Python code cannot catch: an exceeded budget, an unsupported construct. */
export class Stop {
  readonly diagnostics: readonly Diagnostic[];
  /** The built-in exception that Python code sees where it catches this; null when nothing may catch it. */
  catchableAs: string | null = null;

  constructor(...diagnostics: readonly Diagnostic[]) {
    this.diagnostics = diagnostics;
  }
}

/** An object whose contents a journal can put back. `save` returns the function that restores the present state. */
export interface Restorable {
  save(): () => void;
}

/** What a branch changed: one entry for each object, made at its first change. */
export interface Journal {
  readonly entries: ReadonlyMap<object, () => void>;
  /** Called before an object changes. */
  touch(object: PyObject): void;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '@' | '<<' | '>>' | '&' | '|' | '^';
export type UnaryOperator = '+' | '-' | '~';
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type KeywordArguments = Map<string, PyValue>;

/** The operations of Python and the state of one run. */
export interface Interpreter {
  readonly host: Host;
  readonly hooks: Hooks;
  readonly limits: Limits;
  /** `sys.modules`. */
  readonly modules: PyDict;
  readonly builtins: PyDict;
  readonly diagnostics: Diagnostic[];

  call(callee: PyValue, positional?: PyValue[], keywords?: KeywordArguments | null): PyValue;
  callMethod(object: PyValue, name: string, positional?: PyValue[], keywords?: KeywordArguments | null): PyValue;
  getAttribute(object: PyValue, name: string): PyValue;
  /** Like `getAttribute`, undefined instead of AttributeError. */
  findAttribute(object: PyValue, name: string): PyValue | undefined;
  setAttribute(object: PyValue, name: string, value: PyValue): void;
  deleteAttribute(object: PyValue, name: string): void;
  /** Looks a dunder up on the class of the object and binds it; undefined when there is none. */
  findSpecial(object: PyValue, name: string): PyValue | undefined;

  getItem(object: PyValue, key: PyValue): PyValue;
  setItem(object: PyValue, key: PyValue, value: PyValue): void;
  deleteItem(object: PyValue, key: PyValue): void;
  contains(container: PyValue, item: PyValue): boolean;
  length(object: PyValue): number;
  iterate(object: PyValue): Next;
  /** All items of an iterable, in a fresh array. */
  collect(object: PyValue): PyValue[];

  truth(value: PyValue): boolean;
  equal(left: PyValue, right: PyValue): boolean;
  hash(value: PyValue): number;
  binary(operator: BinaryOperator, left: PyValue, right: PyValue): PyValue;
  inPlace(operator: BinaryOperator, left: PyValue, right: PyValue): PyValue;
  unary(operator: UnaryOperator, operand: PyValue): PyValue;
  compare(operator: CompareOperator, left: PyValue, right: PyValue): PyValue;
  isInstance(value: PyValue, cls: PyValue): boolean;
  isSubclass(cls: PyValue, other: PyValue): boolean;

  repr(value: PyValue): string;
  str(value: PyValue): string;
  format(value: PyValue, specification: string): string;

  /** `import name` (absolute), returning the module named (not its root). */
  importModule(name: string): PyObject;
  /** Counts work done outside of statements, so that native loops respect the step budget. */
  spend(steps: number): void;
  /** Counts an allocation of this many elements against the memory budget. */
  reserve(elements: number): void;
  /** To be called before a mutable object changes. */
  touch(object: PyObject): void;
  /** Starts a journal; every change until `endJournal` is recorded in it. Journals nest. */
  beginJournal(): Journal;
  endJournal(journal: Journal): void;
  /** Puts every object of the journal back to its state at `beginJournal`. */
  rollBack(journal: Journal): void;
  /** Runs what belongs to no branch, such as the statements of a module that make a name: open journals do not see it. */
  unjournaled<Result>(run: () => Result): Result;

  /** Source positions of the active calls, innermost first. */
  spans(): readonly Span[];
  /** The globals of the Python function that is running. */
  currentGlobals(): PyDict;
  /** The local variables of the Python function that is running. */
  currentFrame(): FrameView | null;
  /** Classes that are made by Python code inside native code: `type(name, bases, namespace)`. */
  makeClass(name: string, bases: readonly PyValue[], namespace: PyDict, keywords?: KeywordArguments | null): PyValue;
}

/** What the compiler of closures carries along, and the kinds of closures it makes. */
import type { SourceFile, Span } from '../../../ir/index.ts';
import type { Frame } from '../objects/functions.ts';
import type { Completion } from '../objects/interpreter.ts';
import type { Resume } from '../objects/iterators.ts';
import type { PyValue } from '../objects/object.ts';
import type { Machine } from '../protocol/machine.ts';
import type { Expr, Stmt } from '../../syntax/index.ts';
import type { Scope } from './scope.ts';

/** The compilers that call one another; `table.ts` puts them together, so that their files need not import each other. */
export interface Compilers {
  expression(context: Context, node: Expr): Evaluate;
  store(context: Context, target: Expr): Store;
  block(context: Context, statements: readonly Stmt[], rest: Rest | null): Execute;
  suspendingExpression(context: Context, node: Expr): SuspendingEvaluate;
  suspendingBlock(context: Context, statements: readonly Stmt[]): SuspendingExecute;
}

/** Where code is being compiled. */
export interface Context {
  readonly py: Machine;
  readonly compilers: Compilers;
  readonly file: SourceFile;
  readonly scope: Scope;
  /** Inside of a `try` that handles ImportError. */
  readonly checkedImports: boolean;
  /** Dotted prefix of the qualified names of functions and classes defined here. */
  readonly qualifier: string;
}

/** An expression as a function of the frame. */
export type Evaluate = (frame: Frame) => PyValue;

/** A statement as a function of the frame. */
export type Execute = (frame: Frame) => Completion;

/** An assignment target as a function of the frame and the value. */
export type Store = (frame: Frame, value: PyValue) => void;

/** The same for code that may suspend (`yield`). */
export type SuspendingEvaluate = (frame: Frame) => Generator<PyValue, PyValue, Resume>;
export type SuspendingExecute = (frame: Frame) => Generator<PyValue, Completion, Resume>;

/** What follows a statement, up to the end of the function or of the innermost loop, `try` or `with`. */
export interface Rest {
  readonly run: Execute;
  readonly endsFunction: boolean;
}

export function spanOf(context: Context, node: { readonly start: number; readonly end: number }): Span {
  return { file: context.file, start: node.start, end: node.end };
}

/** Compiles an expression. */
export function evaluator(context: Context, node: Expr): Evaluate {
  return context.compilers.expression(context, node);
}

/** Compiles an assignment target. */
export function storer(context: Context, target: Expr): Store {
  return context.compilers.store(context, target);
}

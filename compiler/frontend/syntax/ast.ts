/**
 * The Python abstract syntax tree: CPython 3.12's `Python.asdl`, node for node and field for field.
 *
 * Differences, all for the sake of TypeScript and of speed:
 * - The node type is the field `kind`; `Constant.kind` of CPython (the `u` of `u'x'`) is `unicodePrefix` here.
 * - A position is a half-open range `start`..`end` of UTF-16 offsets; `dump.ts` derives CPython's lines and UTF-8 columns.
 *   Nodes that have no position in CPython (`arguments`, `comprehension`, `withitem`, `match_case`) have one here.
 * - Operators and contexts, which have no fields, are strings.
 * - Type comments are not read: `type_comment` and `type_ignores` are absent.
 */

import type {
  Arg,
  Arguments,
  Attribute,
  Comprehension,
  Expr,
  Keyword,
  Name,
  NodeBase,
  Operator,
  Pattern,
  Subscript,
} from './ast-expression.ts';
export type * from './ast-expression.ts';

export interface Module extends NodeBase {
  readonly kind: 'Module';
  readonly body: readonly Stmt[];
}

// ---- statements

export interface FunctionDef extends NodeBase {
  readonly kind: 'FunctionDef';
  readonly name: string;
  readonly args: Arguments;
  readonly body: readonly Stmt[];
  readonly decorator_list: readonly Expr[];
  readonly returns: Expr | null;
  readonly type_params: readonly TypeParam[];
}

export interface AsyncFunctionDef extends NodeBase {
  readonly kind: 'AsyncFunctionDef';
  readonly name: string;
  readonly args: Arguments;
  readonly body: readonly Stmt[];
  readonly decorator_list: readonly Expr[];
  readonly returns: Expr | null;
  readonly type_params: readonly TypeParam[];
}

export interface ClassDef extends NodeBase {
  readonly kind: 'ClassDef';
  readonly name: string;
  readonly bases: readonly Expr[];
  readonly keywords: readonly Keyword[];
  readonly body: readonly Stmt[];
  readonly decorator_list: readonly Expr[];
  readonly type_params: readonly TypeParam[];
}

export interface Return extends NodeBase {
  readonly kind: 'Return';
  readonly value: Expr | null;
}

export interface Delete extends NodeBase {
  readonly kind: 'Delete';
  readonly targets: readonly Expr[];
}

export interface Assign extends NodeBase {
  readonly kind: 'Assign';
  readonly targets: readonly Expr[];
  readonly value: Expr;
}

export interface TypeAlias extends NodeBase {
  readonly kind: 'TypeAlias';
  readonly name: Name;
  readonly type_params: readonly TypeParam[];
  readonly value: Expr;
}

export interface AugAssign extends NodeBase {
  readonly kind: 'AugAssign';
  readonly target: Name | Attribute | Subscript;
  readonly op: Operator;
  readonly value: Expr;
}

export interface AnnAssign extends NodeBase {
  readonly kind: 'AnnAssign';
  readonly target: Name | Attribute | Subscript;
  readonly annotation: Expr;
  readonly value: Expr | null;
  /** 1 when the target is a name without parentheses. */
  readonly simple: 0 | 1;
}

export interface For extends NodeBase {
  readonly kind: 'For';
  readonly target: Expr;
  readonly iter: Expr;
  readonly body: readonly Stmt[];
  readonly orelse: readonly Stmt[];
}

export interface AsyncFor extends NodeBase {
  readonly kind: 'AsyncFor';
  readonly target: Expr;
  readonly iter: Expr;
  readonly body: readonly Stmt[];
  readonly orelse: readonly Stmt[];
}

export interface While extends NodeBase {
  readonly kind: 'While';
  readonly test: Expr;
  readonly body: readonly Stmt[];
  readonly orelse: readonly Stmt[];
}

export interface If extends NodeBase {
  readonly kind: 'If';
  readonly test: Expr;
  readonly body: readonly Stmt[];
  readonly orelse: readonly Stmt[];
}

export interface With extends NodeBase {
  readonly kind: 'With';
  readonly items: readonly WithItem[];
  readonly body: readonly Stmt[];
}

export interface AsyncWith extends NodeBase {
  readonly kind: 'AsyncWith';
  readonly items: readonly WithItem[];
  readonly body: readonly Stmt[];
}

export interface Match extends NodeBase {
  readonly kind: 'Match';
  readonly subject: Expr;
  readonly cases: readonly MatchCase[];
}

export interface Raise extends NodeBase {
  readonly kind: 'Raise';
  readonly exc: Expr | null;
  readonly cause: Expr | null;
}

export interface Try extends NodeBase {
  readonly kind: 'Try';
  readonly body: readonly Stmt[];
  readonly handlers: readonly ExceptHandler[];
  readonly orelse: readonly Stmt[];
  readonly finalbody: readonly Stmt[];
}

/** `try` with `except*` handlers. */
export interface TryStar extends NodeBase {
  readonly kind: 'TryStar';
  readonly body: readonly Stmt[];
  readonly handlers: readonly ExceptHandler[];
  readonly orelse: readonly Stmt[];
  readonly finalbody: readonly Stmt[];
}

export interface Assert extends NodeBase {
  readonly kind: 'Assert';
  readonly test: Expr;
  readonly msg: Expr | null;
}

export interface Import extends NodeBase {
  readonly kind: 'Import';
  readonly names: readonly Alias[];
}

export interface ImportFrom extends NodeBase {
  readonly kind: 'ImportFrom';
  readonly module: string | null;
  readonly names: readonly Alias[];
  /** The number of leading dots. */
  readonly level: number;
}

export interface Global extends NodeBase {
  readonly kind: 'Global';
  readonly names: readonly string[];
}

export interface Nonlocal extends NodeBase {
  readonly kind: 'Nonlocal';
  readonly names: readonly string[];
}

/** A statement that is an expression. */
export interface ExprStatement extends NodeBase {
  readonly kind: 'Expr';
  readonly value: Expr;
}

export interface Pass extends NodeBase {
  readonly kind: 'Pass';
}

export interface Break extends NodeBase {
  readonly kind: 'Break';
}

export interface Continue extends NodeBase {
  readonly kind: 'Continue';
}

export type Stmt =
  | FunctionDef
  | AsyncFunctionDef
  | ClassDef
  | Return
  | Delete
  | Assign
  | TypeAlias
  | AugAssign
  | AnnAssign
  | For
  | AsyncFor
  | While
  | If
  | With
  | AsyncWith
  | Match
  | Raise
  | Try
  | TryStar
  | Assert
  | Import
  | ImportFrom
  | Global
  | Nonlocal
  | ExprStatement
  | Pass
  | Break
  | Continue;

// ---- parts of statements and expressions

export interface ExceptHandler extends NodeBase {
  readonly kind: 'ExceptHandler';
  readonly type: Expr | null;
  readonly name: string | null;
  readonly body: readonly Stmt[];
}

export interface Alias extends NodeBase {
  readonly kind: 'alias';
  readonly name: string;
  readonly asname: string | null;
}

export interface WithItem extends NodeBase {
  readonly kind: 'withitem';
  readonly context_expr: Expr;
  readonly optional_vars: Expr | null;
}

export interface MatchCase extends NodeBase {
  readonly kind: 'match_case';
  readonly pattern: Pattern;
  readonly guard: Expr | null;
  readonly body: readonly Stmt[];
}

export interface TypeVar extends NodeBase {
  readonly kind: 'TypeVar';
  readonly name: string;
  readonly bound: Expr | null;
}

export interface ParamSpec extends NodeBase {
  readonly kind: 'ParamSpec';
  readonly name: string;
}

export interface TypeVarTuple extends NodeBase {
  readonly kind: 'TypeVarTuple';
  readonly name: string;
}

export type TypeParam = TypeVar | ParamSpec | TypeVarTuple;

export type Node =
  | Module
  | Stmt
  | Expr
  | Pattern
  | Comprehension
  | ExceptHandler
  | Arguments
  | Arg
  | Keyword
  | Alias
  | WithItem
  | MatchCase
  | TypeParam;

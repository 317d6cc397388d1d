/** Expressions and patterns of the Python syntax tree; see `ast.ts`. */

export interface NodeBase {
  /** UTF-16 offset of the first character. */
  readonly start: number;
  /** UTF-16 offset after the last character. */
  readonly end: number;
}

export type ExprContext = 'Load' | 'Store' | 'Del';
export type BooleanOperator = 'And' | 'Or';
export type Operator =
  | 'Add'
  | 'Sub'
  | 'Mult'
  | 'MatMult'
  | 'Div'
  | 'Mod'
  | 'Pow'
  | 'LShift'
  | 'RShift'
  | 'BitOr'
  | 'BitXor'
  | 'BitAnd'
  | 'FloorDiv';
export type UnaryOperator = 'Invert' | 'Not' | 'UAdd' | 'USub';
export type ComparisonOperator = 'Eq' | 'NotEq' | 'Lt' | 'LtE' | 'Gt' | 'GtE' | 'Is' | 'IsNot' | 'In' | 'NotIn';

export interface BoolOp extends NodeBase {
  readonly kind: 'BoolOp';
  readonly op: BooleanOperator;
  readonly values: readonly Expr[];
}

/** `target := value`. */
export interface NamedExpr extends NodeBase {
  readonly kind: 'NamedExpr';
  readonly target: Name;
  readonly value: Expr;
}

export interface BinOp extends NodeBase {
  readonly kind: 'BinOp';
  readonly left: Expr;
  readonly op: Operator;
  readonly right: Expr;
}

export interface UnaryOp extends NodeBase {
  readonly kind: 'UnaryOp';
  readonly op: UnaryOperator;
  readonly operand: Expr;
}

export interface Lambda extends NodeBase {
  readonly kind: 'Lambda';
  readonly args: Arguments;
  readonly body: Expr;
}

export interface IfExp extends NodeBase {
  readonly kind: 'IfExp';
  readonly test: Expr;
  readonly body: Expr;
  readonly orelse: Expr;
}

export interface Dict extends NodeBase {
  readonly kind: 'Dict';
  /** Null stands for `**value`. */
  readonly keys: readonly (Expr | null)[];
  readonly values: readonly Expr[];
}

export interface Set extends NodeBase {
  readonly kind: 'Set';
  readonly elts: readonly Expr[];
}

export interface ListComp extends NodeBase {
  readonly kind: 'ListComp';
  readonly elt: Expr;
  readonly generators: readonly Comprehension[];
}

export interface SetComp extends NodeBase {
  readonly kind: 'SetComp';
  readonly elt: Expr;
  readonly generators: readonly Comprehension[];
}

export interface DictComp extends NodeBase {
  readonly kind: 'DictComp';
  readonly key: Expr;
  readonly value: Expr;
  readonly generators: readonly Comprehension[];
}

export interface GeneratorExp extends NodeBase {
  readonly kind: 'GeneratorExp';
  readonly elt: Expr;
  readonly generators: readonly Comprehension[];
}

export interface Await extends NodeBase {
  readonly kind: 'Await';
  readonly value: Expr;
}

export interface Yield extends NodeBase {
  readonly kind: 'Yield';
  readonly value: Expr | null;
}

export interface YieldFrom extends NodeBase {
  readonly kind: 'YieldFrom';
  readonly value: Expr;
}

export interface Compare extends NodeBase {
  readonly kind: 'Compare';
  readonly left: Expr;
  readonly ops: readonly ComparisonOperator[];
  readonly comparators: readonly Expr[];
}

export interface Call extends NodeBase {
  readonly kind: 'Call';
  readonly func: Expr;
  readonly args: readonly Expr[];
  readonly keywords: readonly Keyword[];
}

/** A replacement field of an f-string. */
export interface FormattedValue extends NodeBase {
  readonly kind: 'FormattedValue';
  readonly value: Expr;
  /** The character code of `s`, `r` or `a`, else -1. */
  readonly conversion: number;
  readonly format_spec: JoinedStr | null;
}

/** An f-string. */
export interface JoinedStr extends NodeBase {
  readonly kind: 'JoinedStr';
  /** `Constant` strings and `FormattedValue`s. */
  readonly values: readonly Expr[];
}

export interface Attribute extends NodeBase {
  readonly kind: 'Attribute';
  readonly value: Expr;
  readonly attr: string;
  readonly ctx: ExprContext;
}

export interface Subscript extends NodeBase {
  readonly kind: 'Subscript';
  readonly value: Expr;
  readonly slice: Expr;
  readonly ctx: ExprContext;
}

export interface Starred extends NodeBase {
  readonly kind: 'Starred';
  readonly value: Expr;
  readonly ctx: ExprContext;
}

export interface Name extends NodeBase {
  readonly kind: 'Name';
  readonly id: string;
  readonly ctx: ExprContext;
}

export interface List extends NodeBase {
  readonly kind: 'List';
  readonly elts: readonly Expr[];
  readonly ctx: ExprContext;
}

export interface Tuple extends NodeBase {
  readonly kind: 'Tuple';
  readonly elts: readonly Expr[];
  readonly ctx: ExprContext;
}

export interface Slice extends NodeBase {
  readonly kind: 'Slice';
  readonly lower: Expr | null;
  readonly upper: Expr | null;
  readonly step: Expr | null;
}

/** What the literals of each type hold; an integer is a `number` where that is exact, else a `bigint`. */
export interface ConstantValues {
  readonly int: number | bigint;
  readonly float: number;
  /** The imaginary part: a literal has no real part. */
  readonly complex: number;
  readonly str: string;
  readonly bytes: Uint8Array;
  readonly bool: boolean;
  readonly None: null;
  readonly Ellipsis: null;
}

export interface ConstantOf<Type extends keyof ConstantValues> extends NodeBase {
  readonly kind: 'Constant';
  readonly type: Type;
  readonly value: ConstantValues[Type];
  /** Written as `u'…'`; CPython's field `kind`. */
  readonly unicodePrefix: boolean;
}

/** A literal: narrow it by `type`. */
export type Constant = { readonly [Type in keyof ConstantValues]: ConstantOf<Type> }[keyof ConstantValues];

export type Expr =
  | BoolOp
  | NamedExpr
  | BinOp
  | UnaryOp
  | Lambda
  | IfExp
  | Dict
  | Set
  | ListComp
  | SetComp
  | DictComp
  | GeneratorExp
  | Await
  | Yield
  | YieldFrom
  | Compare
  | Call
  | FormattedValue
  | JoinedStr
  | Attribute
  | Subscript
  | Starred
  | Name
  | List
  | Tuple
  | Slice
  | Constant;

// ---- parts of expressions

export interface Comprehension extends NodeBase {
  readonly kind: 'comprehension';
  readonly target: Expr;
  readonly iter: Expr;
  readonly ifs: readonly Expr[];
  readonly is_async: 0 | 1;
}

export interface Arguments extends NodeBase {
  readonly kind: 'arguments';
  readonly posonlyargs: readonly Arg[];
  readonly args: readonly Arg[];
  readonly vararg: Arg | null;
  readonly kwonlyargs: readonly Arg[];
  /** One for each of `kwonlyargs`; null where there is no default. */
  readonly kw_defaults: readonly (Expr | null)[];
  readonly kwarg: Arg | null;
  /** The defaults of the last parameters of `posonlyargs` and `args` together. */
  readonly defaults: readonly Expr[];
}

export interface Arg extends NodeBase {
  readonly kind: 'arg';
  readonly arg: string;
  readonly annotation: Expr | null;
}

/** `name=value` in a call, or `**value` when `arg` is null. */
export interface Keyword extends NodeBase {
  readonly kind: 'keyword';
  readonly arg: string | null;
  readonly value: Expr;
}

// ---- patterns of `case`

export interface MatchValue extends NodeBase {
  readonly kind: 'MatchValue';
  readonly value: Expr;
}

export interface MatchSingleton extends NodeBase {
  readonly kind: 'MatchSingleton';
  readonly value: true | false | null;
}

export interface MatchSequence extends NodeBase {
  readonly kind: 'MatchSequence';
  readonly patterns: readonly Pattern[];
}

export interface MatchMapping extends NodeBase {
  readonly kind: 'MatchMapping';
  readonly keys: readonly Expr[];
  readonly patterns: readonly Pattern[];
  /** The name after `**`. */
  readonly rest: string | null;
}

export interface MatchClass extends NodeBase {
  readonly kind: 'MatchClass';
  readonly cls: Expr;
  readonly patterns: readonly Pattern[];
  readonly kwd_attrs: readonly string[];
  readonly kwd_patterns: readonly Pattern[];
}

export interface MatchStar extends NodeBase {
  readonly kind: 'MatchStar';
  readonly name: string | null;
}

export interface MatchAs extends NodeBase {
  readonly kind: 'MatchAs';
  readonly pattern: Pattern | null;
  /** Null for the wildcard `_`. */
  readonly name: string | null;
}

export interface MatchOr extends NodeBase {
  readonly kind: 'MatchOr';
  readonly patterns: readonly Pattern[];
}

export type Pattern =
  MatchValue | MatchSingleton | MatchSequence | MatchMapping | MatchClass | MatchStar | MatchAs | MatchOr;

/**
 * What may be assigned to. Targets are parsed as expressions (no token tells them apart before the `=`), then checked and
 * turned into targets here.
 */
import type { Expr, ExprContext, Name, Attribute, Subscript } from '../ast.ts';

/** An expression that is no target, and its name for the message. */
export interface WrongTarget {
  readonly node: Expr;
  readonly what: string;
}

const names: Readonly<Record<Expr['kind'], string>> = {
  BoolOp: 'an expression',
  NamedExpr: 'a named expression',
  BinOp: 'an expression',
  UnaryOp: 'an expression',
  Lambda: 'a lambda',
  IfExp: 'a conditional expression',
  Dict: 'a dict',
  Set: 'a set',
  ListComp: 'a list comprehension',
  SetComp: 'a set comprehension',
  DictComp: 'a dict comprehension',
  GeneratorExp: 'a generator expression',
  Await: 'an await expression',
  Yield: 'a yield expression',
  YieldFrom: 'a yield expression',
  Compare: 'a comparison',
  Call: 'a function call',
  FormattedValue: 'an f-string',
  JoinedStr: 'an f-string',
  Constant: 'a literal',
  Attribute: 'an attribute',
  Subscript: 'a subscript',
  Starred: 'a starred expression',
  Name: 'a name',
  List: 'a list',
  Tuple: 'a tuple',
  Slice: 'a slice',
};

/** How a message calls an expression. */
export function describeExpression(node: Expr): string {
  if (node.kind !== 'Constant') return names[node.kind];
  if (node.type === 'None') return 'None';
  if (node.type === 'Ellipsis') return 'an ellipsis';
  return node.type === 'bool' ? (node.value ? 'True' : 'False') : names.Constant;
}

/** A node whose context is written once more, here alone, before anybody else sees the tree. */
type MutableContext = { -readonly [Key in 'ctx']: ExprContext };

/** Makes `node` a target of an assignment or of `del`; returns what cannot be one. */
export function toTarget(node: Expr, context: 'Store' | 'Del'): WrongTarget | null {
  switch (node.kind) {
    case 'Name':
    case 'Attribute':
    case 'Subscript':
      (node as MutableContext).ctx = context;
      return null;
    case 'Starred':
      if (context === 'Del') return { node, what: names.Starred };
      (node as MutableContext).ctx = context;
      return toTarget(node.value, context);
    case 'List':
    case 'Tuple':
      (node as MutableContext).ctx = context;
      for (const element of node.elts) {
        const wrong = toTarget(element, context);
        if (wrong !== null) return wrong;
      }
      return null;
    default:
      return { node, what: describeExpression(node) };
  }
}

/** Whether `node` can stand before `+=` and before `: annotation`. */
export function isSingleTarget(node: Expr): node is Name | Attribute | Subscript {
  return node.kind === 'Name' || node.kind === 'Attribute' || node.kind === 'Subscript';
}

/** The compilers of closures by AST kind. */
import type { Expr, Stmt } from '../../syntax/index.ts';
import { ellipsis, PyBytes, PyComplex } from '../objects/containers.ts';
import { NORMAL, type Completion } from '../objects/interpreter.ts';
import { PyFloat, type PyValue } from '../objects/object.ts';
import { notAvailable } from '../diagnostics.ts';
import { compileAnnotated, compileAssign, compileAugmented, compileDelete, compileStore } from './assignment.ts';
import { compileAttribute, compileCall, compileSlice, compileSubscript } from './call-expression.ts';
import {
  compileDictComprehension,
  compileGenerator,
  compileListComprehension,
  compileSetComprehension,
} from './comprehension.ts';
import { evaluator, spanOf, type Compilers, type Context, type Evaluate, type Execute, type Rest } from './context.ts';
import { compileDict, compileFormatted, compileJoined, compileList, compileSet, compileTuple } from './display.ts';
import { compileClassDefinition, compileFunction, compileFunctionDefinition } from './function.ts';
import { compileImport, compileImportFrom } from './import-statement.ts';
import { compileLoad, compileStoreName } from './names.ts';
import { compileBinary, compileBoolean, compileCompare, compileConditional, compileUnary } from './operation.ts';
import { compileMatch } from './pattern.ts';
import {
  compileAssert,
  compileBreak,
  compileContinue,
  compileExpressionStatement,
  compileFor,
  compileIf,
  compileRaise,
  compileReturn,
  compileWhile,
  compileWith,
} from './statement.ts';
import { compileSuspendingExpression } from './suspending-expression.ts';
import { compileSuspendingBlock } from './suspending-statement.ts';
import { compileTry, compileTryStar } from './try-statement.ts';
import { compileTypeAlias, compileTypeParameters } from './type-statement.ts';

type ExpressionOf<Kind extends Expr['kind']> = Extract<Expr, { kind: Kind }>;
type StatementOf<Kind extends Stmt['kind']> = Extract<Stmt, { kind: Kind }>;
type ExpressionTable = { readonly [Kind in Expr['kind']]: (context: Context, node: ExpressionOf<Kind>) => Evaluate };
type StatementTable = {
  readonly [Kind in Stmt['kind']]: (context: Context, node: StatementOf<Kind>, rest: Rest | null) => Execute;
};

function constantValue(node: ExpressionOf<'Constant'>): PyValue {
  switch (node.type) {
    case 'float':
      return new PyFloat(node.value);
    case 'complex':
      return new PyComplex(0, node.value);
    case 'bytes':
      return new PyBytes(node.value);
    case 'Ellipsis':
      return ellipsis;
    default:
      return node.value;
  }
}

function compileConstant(_context: Context, node: ExpressionOf<'Constant'>): Evaluate {
  const value = constantValue(node);
  return () => value;
}

function compileNamed(context: Context, node: ExpressionOf<'NamedExpr'>): Evaluate {
  const value = evaluator(context, node.value);
  const store = compileStoreName(context, node.target.id);
  return (frame) => {
    const result = value(frame);
    store(frame, result);
    return result;
  };
}

/** An expression that has no meaning where plain code runs. */
function refuse(what: string): (context: Context, node: Expr) => Evaluate {
  return (context, node) => () => notAvailable(spanOf(context, node), what);
}

const expressions: ExpressionTable = {
  BoolOp: compileBoolean,
  NamedExpr: compileNamed,
  BinOp: compileBinary,
  UnaryOp: compileUnary,
  Lambda: compileFunction,
  IfExp: compileConditional,
  Dict: compileDict,
  Set: compileSet,
  ListComp: compileListComprehension,
  SetComp: compileSetComprehension,
  DictComp: compileDictComprehension,
  GeneratorExp: compileGenerator,
  Await: refuse('await'),
  Yield: refuse('yield here'),
  YieldFrom: refuse('yield from here'),
  Compare: compileCompare,
  Call: compileCall,
  FormattedValue: compileFormatted,
  JoinedStr: compileJoined,
  Attribute: compileAttribute,
  Subscript: compileSubscript,
  Starred: refuse('a starred expression here'),
  Name: (context, node) => compileLoad(context, node.id, node),
  List: compileList,
  Tuple: compileTuple,
  Slice: compileSlice,
  Constant: compileConstant,
};

function compileDeleteStatement(context: Context, node: StatementOf<'Delete'>): Execute {
  const parts = node.targets.map((target) => compileDelete(context, target));
  return (frame) => {
    for (const part of parts) part(frame);
    return NORMAL;
  };
}

function refuseStatement(what: string): (context: Context, node: Stmt) => Execute {
  return (context, node) => () => notAvailable(spanOf(context, node), what);
}

const nothing: Execute = () => NORMAL;

const statements: StatementTable = {
  FunctionDef: (context, node) => compileTypeParameters(context, node, compileFunctionDefinition(context, node)),
  AsyncFunctionDef: compileFunctionDefinition,
  ClassDef: (context, node) => compileTypeParameters(context, node, compileClassDefinition(context, node)),
  Return: compileReturn,
  Delete: compileDeleteStatement,
  Assign: compileAssign,
  TypeAlias: compileTypeAlias,
  AugAssign: compileAugmented,
  AnnAssign: compileAnnotated,
  For: compileFor,
  AsyncFor: refuseStatement('async for'),
  While: compileWhile,
  If: compileIf,
  With: compileWith,
  AsyncWith: refuseStatement('async with'),
  Match: compileMatch,
  Raise: compileRaise,
  Try: compileTry,
  TryStar: compileTryStar,
  Assert: compileAssert,
  Import: compileImport,
  ImportFrom: compileImportFrom,
  Global: () => nothing,
  Nonlocal: () => nothing,
  Expr: compileExpressionStatement,
  Pass: () => nothing,
  Break: compileBreak,
  Continue: compileContinue,
};

function compileStatement(context: Context, node: Stmt, rest: Rest | null): Execute {
  const compile = statements[node.kind] as (context: Context, node: Stmt, rest: Rest | null) => Execute; // the table is indexed by the kind of this node
  return compile(context, node, rest);
}

/** What follows statement `index` of a block: the rest of the block, then what follows the block. */
function restAfter(parts: readonly Execute[], index: number, outer: Rest | null): Rest {
  return {
    endsFunction: outer?.endsFunction ?? false,
    run: (frame) => {
      for (let at = index + 1; at < parts.length; at++) {
        const completion = parts[at](frame);
        if (completion !== NORMAL) return completion;
      }
      return outer ? outer.run(frame) : NORMAL;
    },
  };
}

function compileBlock(context: Context, nodes: readonly Stmt[], outer: Rest | null): Execute {
  const { py } = context;
  const parts: Execute[] = [];
  nodes.forEach((node, index) =>
    parts.push(compileStatement(context, node, node.kind === 'If' ? restAfter(parts, index, outer) : null)),
  );
  const run = (frame: Parameters<Execute>[0]): Completion => {
    for (let index = 0; index < parts.length; index++) {
      if (++py.steps > py.nextCheck) py.checkBudgets();
      const completion = parts[index](frame);
      if (completion !== NORMAL) return completion;
    }
    return NORMAL;
  };
  return parts.length === 1 ? parts[0] : run;
}

function compileExpression(context: Context, node: Expr): Evaluate {
  const compile = expressions[node.kind] as (context: Context, node: Expr) => Evaluate; // the table is indexed by the kind of this node
  const run = compile(context, node);
  const watch = context.py.hooks.watcher?.(context.file) ?? null;
  if (watch === null) return run;
  const { start, end } = node;
  return (frame) => {
    const value = run(frame);
    watch(value, start, end);
    return value;
  };
}

/** All compilers, tied together. */
export const compilers: Compilers = {
  expression: compileExpression,
  store: compileStore,
  block: compileBlock,
  suspendingExpression: compileSuspendingExpression,
  suspendingBlock: compileSuspendingBlock,
};

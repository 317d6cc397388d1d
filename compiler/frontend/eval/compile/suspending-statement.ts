/** Statements that may suspend; see `suspending-expression.ts`. */
import type { Expr, Stmt } from '../../syntax/index.ts';
import { Raised } from '../objects/exceptions.ts';
import type { Frame } from '../objects/functions.ts';
import { BREAK, NORMAL, RETURN, type Completion } from '../objects/interpreter.ts';
import { notAvailable } from '../diagnostics.ts';
import { evaluator, spanOf, storer, type Context, type Execute, type SuspendingExecute } from './context.ts';
import { compilePattern } from './pattern.ts';
import { enter } from './statement.ts';
import { hoist } from './suspending-expression.ts';
import { asRaised } from './raised.ts';
import { bodyContext, chooseHandler, compileHandler, type Handler } from './try-statement.ts';
import { suspends } from './walk.ts';

type Statement<Kind extends Stmt['kind']> = Extract<Stmt, { kind: Kind }>;

/* oxlint-disable require-yield -- `lift` puts plain statements in the place of some that may suspend */
const lift = (plain: Execute): SuspendingExecute =>
  function* (frame) {
    return plain(frame);
  };

export function compileSuspendingBlock(context: Context, statements: readonly Stmt[]): SuspendingExecute {
  const { py } = context;
  const parts = statements.map((statement) =>
    suspends(statement)
      ? { suspending: compileSuspendingStatement(context, statement), plain: null }
      : { suspending: null, plain: context.compilers.block(context, [statement], null) },
  );
  return function* (frame) {
    for (const { suspending, plain } of parts) {
      if (++py.steps > py.nextCheck) py.checkBudgets();
      const completion = suspending ? yield* suspending(frame) : plain(frame);
      if (completion !== NORMAL) return completion;
    }
    return NORMAL;
  };
}

/** A statement without blocks: its suspending operands are computed first. */
function compileSimple(context: Context, statement: Stmt): SuspendingExecute {
  const { node, preparations } = hoist(context, statement);
  const plain = context.compilers.block(context, [node], null);
  return function* (frame) {
    for (const prepare of preparations) yield* prepare(frame);
    return plain(frame);
  };
}

function compileIf(context: Context, node: Statement<'If'>): SuspendingExecute {
  const test = context.compilers.suspendingExpression(context, node.test);
  const [body, otherwise] = [compileSuspendingBlock(context, node.body), compileSuspendingBlock(context, node.orelse)];
  return function* (frame) {
    return context.py.truth(yield* test(frame)) ? yield* body(frame) : yield* otherwise(frame);
  };
}

function compileWhile(context: Context, node: Statement<'While'>): SuspendingExecute {
  const { py } = context;
  const test = context.compilers.suspendingExpression(context, node.test);
  const [body, otherwise] = [compileSuspendingBlock(context, node.body), compileSuspendingBlock(context, node.orelse)];
  return function* (frame) {
    while (py.truth(yield* test(frame))) {
      if (++py.steps > py.nextCheck) py.checkBudgets();
      const completion = yield* body(frame);
      if (completion === BREAK) return NORMAL;
      if (completion === RETURN) return RETURN;
    }
    return yield* otherwise(frame);
  };
}

function compileFor(context: Context, node: Statement<'For'>): SuspendingExecute {
  const { py } = context;
  const iterable = context.compilers.suspendingExpression(context, node.iter);
  const assign = storer(context, node.target);
  const [body, otherwise] = [compileSuspendingBlock(context, node.body), compileSuspendingBlock(context, node.orelse)];
  const at = spanOf(context, node.iter);
  return function* (frame) {
    const items = yield* iterable(frame);
    frame.at = at;
    const next = py.iterate(items);
    for (let item = next(); item !== undefined; item = next()) {
      if (++py.steps > py.nextCheck) py.checkBudgets();
      assign(frame, item);
      const completion = yield* body(frame);
      if (completion === BREAK) return NORMAL;
      if (completion === RETURN) return RETURN;
    }
    return yield* otherwise(frame);
  };
}

function compileWith(context: Context, node: Statement<'With'>): SuspendingExecute {
  const body = compileSuspendingBlock(context, node.body);
  return node.items.reduceRight<SuspendingExecute>(
    (inner, item) => compileWithItem(context, item.context_expr, item.optional_vars, inner),
    body,
  );
}

function compileWithItem(
  context: Context,
  expression: Expr,
  target: Expr | null,
  inner: SuspendingExecute,
): SuspendingExecute {
  const manager = context.compilers.suspendingExpression(context, expression);
  const store = target && storer(context, target);
  const at = spanOf(context, expression);
  return function* (frame) {
    const value = yield* manager(frame);
    frame.at = at;
    const entered = enter(context, value);
    let completion: Completion;
    try {
      store?.(frame, entered.value);
      completion = yield* inner(frame);
    } catch (error) {
      const raised = asRaised(error);
      if (!raised || !entered.exit(raised)) throw error;
      return NORMAL;
    }
    const result = frame.result;
    entered.exit(null);
    frame.result = result;
    return completion;
  };
}

type SuspendingHandler = Handler & { readonly run: SuspendingExecute };

function compileTry(context: Context, node: Statement<'Try'>): SuspendingExecute {
  const { py } = context;
  const body = compileSuspendingBlock(bodyContext(context, node), node.body);
  const otherwise = compileSuspendingBlock(context, node.orelse);
  const handlers = node.handlers.map((handler): SuspendingHandler => ({
    ...compileHandler(context, handler),
    run: compileSuspendingBlock(context, handler.body),
  }));
  const guarded: SuspendingExecute = function* (frame) {
    let completion: Completion;
    const { depth } = py;
    try {
      completion = yield* body(frame);
    } catch (error) {
      const raised = asRaised(error);
      if (!raised) throw error;
      py.depth = depth;
      py.frame = frame;
      const handler = chooseHandler(py, frame, handlers, raised);
      if (!handler) throw raised;
      return yield* runHandler(context, frame, handler, raised);
    }
    return completion === NORMAL ? yield* otherwise(frame) : completion;
  };
  return node.finalbody.length > 0 ? withFinally(guarded, compileSuspendingBlock(context, node.finalbody)) : guarded;
}

function* runHandler(
  context: Context,
  frame: Frame,
  handler: SuspendingHandler,
  raised: Raised,
): ReturnType<SuspendingExecute> {
  const { py } = context;
  const outer = py.handling;
  py.handling = raised.exception;
  handler.bindName(frame, raised.exception);
  try {
    return yield* handler.run(frame);
  } finally {
    py.handling = outer;
    handler.clearName(frame);
  }
}

function withFinally(guarded: SuspendingExecute, final: SuspendingExecute): SuspendingExecute {
  return function* (frame) {
    let completion: Completion;
    try {
      completion = yield* guarded(frame);
    } catch (error) {
      const last = yield* final(frame);
      if (last !== NORMAL) return last;
      throw error;
    }
    const result = frame.result;
    const last = yield* final(frame);
    if (last !== NORMAL) return last;
    frame.result = result;
    return completion;
  };
}

function compileMatch(context: Context, node: Statement<'Match'>): SuspendingExecute {
  const { py } = context;
  const subject = context.compilers.suspendingExpression(context, node.subject);
  const cases = node.cases.map((entry) => ({
    test: compilePattern(context, entry.pattern),
    guard: entry.guard && evaluator(context, entry.guard),
    run: compileSuspendingBlock(context, entry.body),
  }));
  return function* (frame) {
    const value = yield* subject(frame);
    const chosen = cases.find(({ test, guard }) => test(frame, value) && (!guard || py.truth(guard(frame))));
    return chosen ? yield* chosen.run(frame) : NORMAL;
  };
}

export function compileSuspendingStatement(context: Context, node: Stmt): SuspendingExecute {
  if (!suspends(node)) return lift(context.compilers.block(context, [node], null));
  switch (node.kind) {
    case 'If':
      return compileIf(context, node);
    case 'While':
      return compileWhile(context, node);
    case 'For':
      return compileFor(context, node);
    case 'With':
      return compileWith(context, node);
    case 'Try':
      return compileTry(context, node);
    case 'Match':
      return compileMatch(context, node);
    case 'TryStar':
      return () => notAvailable(spanOf(context, node), 'yield inside of try … except*');
    case 'AsyncFor':
    case 'AsyncWith':
      return () => notAvailable(spanOf(context, node), 'async statements');
    default:
      return compileSimple(context, node);
  }
}

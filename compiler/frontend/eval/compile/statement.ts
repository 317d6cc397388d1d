/** Simple statements, `if`, loops, `with`, imports. */
import type { Expr, Stmt } from '../../syntax/index.ts';
import { PyException, Raised, runtimeError, typeError, exceptionType } from '../objects/exceptions.ts';
import { BREAK, CONTINUE, NORMAL, RETURN, type Completion, type ForPoint } from '../objects/interpreter.ts';
import { classOf, PyClass, PyObject, type PyValue } from '../objects/object.ts';
import { raisedBy } from '../protocol/compare.ts';
import { branchPoint, loopPoint } from './points.ts';
import { evaluator, spanOf, storer, type Context, type Execute, type Rest } from './context.ts';
import { asRaised } from './raised.ts';

type Statement<Kind extends Stmt['kind']> = Extract<Stmt, { kind: Kind }>;

export function compileExpressionStatement(context: Context, node: Statement<'Expr'>): Execute {
  if (node.value.kind === 'Constant') return () => NORMAL;
  const value = evaluator(context, node.value);
  const at = spanOf(context, node);
  return (frame) => {
    frame.at = at;
    value(frame);
    return NORMAL;
  };
}

export function compileReturn(context: Context, node: Statement<'Return'>): Execute {
  const value = node.value && evaluator(context, node.value);
  const at = spanOf(context, node);
  return (frame) => {
    frame.at = at;
    frame.result = value ? value(frame) : null;
    return RETURN;
  };
}

/** A test as a truth value; null when it is symbolic and the tracer must decide. */
export function decide(context: Context, value: PyValue): boolean | null {
  if (typeof value === 'boolean') return value;
  if (value instanceof PyObject && value.cls.symbolic && context.py.hooks.branch) return null;
  return context.py.truth(value);
}

const nothing: Execute = () => NORMAL;

export function compileIf(context: Context, node: Statement<'If'>, rest: Rest | null): Execute {
  const test = evaluator(context, node.test);
  const { block } = context.compilers;
  const whenTrue = block(context, node.body, rest);
  const whenFalse = node.orelse.length > 0 ? block(context, node.orelse, rest) : nothing;
  const at = spanOf(context, node.test);
  return (frame) => {
    frame.at = at;
    const value = test(frame);
    const decision = decide(context, value);
    if (decision !== null) return decision ? whenTrue(frame) : whenFalse(frame);
    const point = branchPoint(context, frame, at, whenTrue, whenFalse, rest);
    return context.py.hooks.branch?.(context.py, value as PyObject, point) ?? NORMAL; // `decide` says null only for symbolic objects
  };
}

export function compileWhile(context: Context, node: Statement<'While'>): Execute {
  const { py } = context;
  const test = evaluator(context, node.test);
  const body = context.compilers.block(context, node.body, null);
  const otherwise = node.orelse.length > 0 ? context.compilers.block(context, node.orelse, null) : nothing;
  const at = spanOf(context, node.test);
  return (frame) => {
    for (;;) {
      if (++py.steps > py.nextCheck) py.checkBudgets();
      frame.at = at;
      const value = test(frame);
      if (value instanceof PyObject && value.cls.symbolic && py.hooks.whileLoop) {
        return py.hooks.whileLoop(py, value, loopPoint(context, frame, at, test, body, otherwise));
      }
      if (!(typeof value === 'boolean' ? value : py.truth(value))) return otherwise(frame);
      const completion = body(frame);
      if (completion === BREAK) return NORMAL;
      if (completion === RETURN) return RETURN;
    }
  };
}

export function compileFor(context: Context, node: Statement<'For'>): Execute {
  const { py } = context;
  const iterable = evaluator(context, node.iter);
  const assign = storer(context, node.target);
  const body = context.compilers.block(context, node.body, null);
  const otherwise = node.orelse.length > 0 ? context.compilers.block(context, node.orelse, null) : nothing;
  const at = spanOf(context, node.iter);
  return (frame) => {
    frame.at = at;
    const items = iterable(frame);
    if (py.hooks.forLoop) {
      const point: ForPoint = {
        ...loopPoint(context, frame, at, () => null, body, otherwise),
        iterable: items,
        assignTarget: (item) => assign(frame, item),
      };
      const completion = py.hooks.forLoop(py, point);
      if (completion !== null) return completion;
    }
    frame.at = at;
    const next = py.iterate(items);
    for (let item = next(); item !== undefined; item = next()) {
      if (++py.steps > py.nextCheck) py.checkBudgets();
      assign(frame, item);
      const completion = body(frame);
      if (completion === BREAK) return NORMAL;
      if (completion === RETURN) return RETURN;
      frame.at = at;
    }
    return otherwise(frame);
  };
}

export const compileBreak = (): Execute => () => BREAK;
export const compileContinue = (): Execute => () => CONTINUE;

/** Raises what a `raise` statement says; `handling` becomes the context. */
export function compileRaise(context: Context, node: Statement<'Raise'>): Execute {
  const { py } = context;
  const subject = node.exc && evaluator(context, node.exc);
  const cause = node.cause && evaluator(context, node.cause);
  const at = spanOf(context, node);
  return (frame) => {
    frame.at = at;
    if (!subject) {
      if (py.handling === null) throw runtimeError('No active exception to reraise');
      throw new Raised(py.handling);
    }
    const raised = raisedBy(py, subject(frame));
    if (cause) attachCause(context, raised.exception, cause(frame));
    linkContext(raised.exception, py.handling);
    frame.at = at;
    throw raised;
  };
}

function attachCause(context: Context, exception: PyException, cause: PyValue): void {
  const made = cause instanceof PyClass ? context.py.call(cause, []) : cause;
  if (made !== null && !(made instanceof PyException))
    throw typeError('exception causes must derive from BaseException');
  exception.cause = made;
  exception.suppressContext = true;
}

/** Sets `__context__`, without making a ring. */
export function linkContext(exception: PyException, handling: PyException | null): void {
  if (handling === null || exception === handling || exception.context !== null) return;
  for (let at: PyException | null = handling; at !== null; at = at.context) if (at === exception) return;
  exception.context = handling;
}

export function compileAssert(context: Context, node: Statement<'Assert'>): Execute {
  const { py } = context;
  const test = evaluator(context, node.test);
  const message = node.msg && evaluator(context, node.msg);
  const at = spanOf(context, node);
  return (frame) => {
    frame.at = at;
    const value = test(frame);
    if (value instanceof PyObject && value.cls.symbolic && py.hooks.assertion) {
      py.hooks.assertion(py, value, () => (message ? message(frame) : null));
      return NORMAL;
    }
    if (py.truth(value)) return NORMAL;
    frame.at = at;
    throw new Raised(new PyException(exceptionType('AssertionError'), message ? [message(frame)] : []));
  };
}

/** A context manager that was entered. */
export interface Entered {
  readonly value: PyValue;
  /** Calls `__exit__`; whether it swallowed the exception. */
  readonly exit: (error: Raised | null) => boolean;
}

/** `with manager`: calls `__enter__`. */
export function enter(context: Context, manager: PyValue): Entered {
  const { py } = context;
  const enterMethod = py.findSpecial(manager, '__enter__');
  const exitMethod = py.findSpecial(manager, '__exit__');
  if (enterMethod === undefined || exitMethod === undefined) {
    throw typeError(`'${classOf(manager).name}' object does not support the context manager protocol`);
  }
  const value = py.call(enterMethod, []);
  return {
    value,
    exit: (error) => {
      const outer = py.handling;
      if (error) py.handling = error.exception;
      try {
        const details: PyValue[] = error ? [error.exception.cls, error.exception, null] : [null, null, null];
        return py.truth(py.call(exitMethod, details)) && error !== null;
      } finally {
        py.handling = outer;
      }
    },
  };
}

export function compileWith(context: Context, node: Statement<'With'>): Execute {
  const body = context.compilers.block(context, node.body, null);
  return node.items.reduceRight<Execute>(
    (inner, item) => compileWithItem(context, item.context_expr, item.optional_vars, inner),
    body,
  );
}

function compileWithItem(context: Context, expression: Expr, target: Expr | null, inner: Execute): Execute {
  const manager = evaluator(context, expression);
  const store = target && storer(context, target);
  const at = spanOf(context, expression);
  return (frame) => {
    frame.at = at;
    const entered = enter(context, manager(frame));
    let completion: Completion;
    try {
      store?.(frame, entered.value);
      completion = inner(frame);
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

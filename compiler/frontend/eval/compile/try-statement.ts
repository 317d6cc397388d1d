/** `try`, with `except`, `except*`, `else` and `finally`. */
import type { Expr, Stmt } from '../../syntax/index.ts';
import { exceptionType, PyException, Raised } from '../objects/exceptions.ts';
import type { Frame } from '../objects/functions.ts';
import { NORMAL, type Completion } from '../objects/interpreter.ts';
import type { PyValue } from '../objects/object.ts';
import { exceptionMatches } from '../protocol/compare.ts';
import type { Machine } from '../protocol/machine.ts';
import { evaluator, spanOf, type Context, type Evaluate, type Execute } from './context.ts';
import { compileDeleteName, compileStoreName } from './names.ts';
import { asRaised } from './raised.ts';
import { linkContext } from './statement.ts';

type TryStatement = Extract<Stmt, { kind: 'Try' | 'TryStar' }>;

/** A handler in parts, so that plain and suspending code share the rules. */
export interface Handler {
  /** Null for a bare `except`. */
  readonly type: Evaluate | null;
  readonly bindName: (frame: Frame, exception: PyException) => void;
  readonly clearName: (frame: Frame) => void;
}

const importErrors = new Set(['ImportError', 'ModuleNotFoundError', 'Exception', 'BaseException']);

function namesImportError(type: Expr | null): boolean {
  if (type === null) return true;
  if (type.kind === 'Tuple') return type.elts.some(namesImportError);
  return type.kind === 'Name' && importErrors.has(type.id);
}

/** The context of a `try` body: imports in it must fail at once where a handler waits for that. */
export function bodyContext(context: Context, node: TryStatement): Context {
  return node.handlers.some((handler) => namesImportError(handler.type))
    ? { ...context, checkedImports: true }
    : context;
}

export function compileHandler(context: Context, node: TryStatement['handlers'][number]): Handler {
  const store = node.name === null ? null : compileStoreName(context, node.name);
  const remove = node.name === null ? null : compileDeleteName(context, node.name, node);
  return {
    type: node.type && evaluator(context, node.type),
    bindName: (frame, exception) => store?.(frame, exception),
    clearName: (frame) => {
      if (!remove) return;
      try {
        remove(frame);
      } catch (error) {
        if (!(error instanceof Raised)) throw error; // the handler deleted the name itself
      }
    },
  };
}

/** The handler for an exception, or undefined. */
export function chooseHandler<Kind extends Handler>(
  py: Machine,
  frame: Frame,
  handlers: readonly Kind[],
  raised: Raised,
): Kind | undefined {
  linkContext(raised.exception, py.handling);
  return handlers.find((handler) => handler.type === null || exceptionMatches(py, raised, handler.type(frame)));
}

export function compileTry(context: Context, node: Extract<Stmt, { kind: 'Try' }>): Execute {
  const { py } = context;
  const { block } = context.compilers;
  const body = block(bodyContext(context, node), node.body, null);
  const otherwise = node.orelse.length > 0 ? block(context, node.orelse, null) : null;
  const handlers = node.handlers.map((handler) => ({
    ...compileHandler(context, handler),
    run: block(context, handler.body, null),
  }));
  const guarded: Execute = (frame) => {
    let completion: Completion;
    const { depth } = py;
    try {
      completion = body(frame);
    } catch (error) {
      const raised = asRaised(error);
      if (!raised) throw error;
      py.depth = depth;
      py.frame = frame;
      const handler = chooseHandler(py, frame, handlers, raised);
      if (!handler) throw raised;
      return runHandler(py, frame, handler, raised.exception);
    }
    return completion === NORMAL && otherwise ? otherwise(frame) : completion;
  };
  return node.finalbody.length > 0 ? withFinally(context, guarded, block(context, node.finalbody, null)) : guarded;
}

export function runHandler(
  py: Machine,
  frame: Frame,
  handler: Handler & { readonly run: Execute },
  exception: PyException,
): Completion {
  const outer = py.handling;
  py.handling = exception;
  handler.bindName(frame, exception);
  try {
    return handler.run(frame);
  } finally {
    py.handling = outer;
    handler.clearName(frame);
  }
}

/** `finally`: runs always; a return or raise in it wins. */
function withFinally(context: Context, guarded: Execute, final: Execute): Execute {
  const { py } = context;
  return (frame) => {
    let completion: Completion;
    try {
      completion = guarded(frame);
    } catch (error) {
      const outer = py.handling;
      if (error instanceof Raised) py.handling = error.exception;
      try {
        const last = final(frame);
        if (last !== NORMAL) return last;
      } finally {
        py.handling = outer;
      }
      throw error;
    }
    const result = frame.result;
    const last = final(frame);
    if (last !== NORMAL) return last;
    frame.result = result;
    return completion;
  };
}

/** The members of a group that match, and the rest. */
export function splitGroup(
  py: Machine,
  exception: PyException,
  type: PyValue,
): readonly [PyException[], PyException[]] {
  const members = exception.members ?? [exception];
  const matching: PyException[] = [];
  const others: PyException[] = [];
  for (const member of members) {
    if (member.members !== null) {
      const [inner, outer] = splitGroup(py, member, type);
      if (inner.length > 0) matching.push(regroup(member, inner));
      if (outer.length > 0) others.push(regroup(member, outer));
    } else if (exceptionMatches(py, new Raised(member), type)) matching.push(member);
    else others.push(member);
  }
  return [matching, others];
}

/** A group like another, with other members. */
export function regroup(group: PyException, members: readonly PyException[]): PyException {
  const cls = group.members === null ? exceptionType('ExceptionGroup') : group.cls;
  const made = new PyException(cls, [
    group.members === null ? '' : (group.args.items[0] ?? ''),
    group.args.items[1] ?? null,
  ]);
  made.members = members;
  made.traceback = group.traceback;
  made.cause = group.cause;
  made.context = group.context;
  return made;
}

export function compileTryStar(context: Context, node: Extract<Stmt, { kind: 'TryStar' }>): Execute {
  const { py } = context;
  const { block } = context.compilers;
  const body = block(context, node.body, null);
  const otherwise = node.orelse.length > 0 ? block(context, node.orelse, null) : null;
  const handlers = node.handlers.map((handler) => ({
    ...compileHandler(context, handler),
    run: block(context, handler.body, null),
  }));
  const at = spanOf(context, node);
  const guarded: Execute = (frame) => {
    let completion: Completion;
    try {
      completion = body(frame);
    } catch (error) {
      const raised = asRaised(error);
      if (!raised) throw error;
      frame.at = at;
      runStarHandlers(py, frame, handlers, raised.exception);
      return NORMAL;
    }
    return completion === NORMAL && otherwise ? otherwise(frame) : completion;
  };
  return node.finalbody.length > 0 ? withFinally(context, guarded, block(context, node.finalbody, null)) : guarded;
}

/** Every handler takes its share of the group; what is left is raised again. */
function runStarHandlers(
  py: Machine,
  frame: Frame,
  handlers: readonly (Handler & { readonly run: Execute })[],
  exception: PyException,
): void {
  let left: readonly PyException[] = exception.members ?? [exception];
  const group = exception.members === null ? regroup(exception, left) : exception;
  for (const handler of handlers) {
    if (left.length === 0 || handler.type === null) break;
    const [matching, others] = splitGroup(py, regroup(group, left), handler.type(frame));
    if (matching.length > 0) runHandler(py, frame, handler, regroup(group, matching));
    left = others;
  }
  if (left.length === 0) return;
  throw new Raised(exception.members === null ? exception : regroup(group, left));
}

/**
 * Code that may suspend. Statements and expressions with a `yield` in them become JavaScript generators; everything else stays a plain closure.
 * An operand that suspends is evaluated first and kept in a temporary slot, together with the operands before it, so that the order holds.
 */
import type { Expr, Node } from '../../syntax/index.ts';
import { exceptionType, isRaised, type Raised } from '../objects/exceptions.ts';
import type { Frame } from '../objects/functions.ts';
import { PyGenerator, type Resume } from '../objects/iterators.ts';
import { classOf, type PyValue } from '../objects/object.ts';
import { closeGenerator, sendInto } from '../protocol/generators.ts';
import { nextOfIterator } from '../protocol/items.ts';
import type { Machine } from '../protocol/machine.ts';
import { notAvailable } from '../diagnostics.ts';
import { evaluator, spanOf, type Context, type SuspendingEvaluate } from './context.ts';
import { compileStoreName } from './names.ts';
import { suspends } from './walk.ts';

/** What a resumed generator gets: a value or an exception. */
export function received(resume: Resume): PyValue {
  if ('raise' in resume) throw resume.raise;
  return resume.value;
}

function compileYield(context: Context, node: Extract<Expr, { kind: 'Yield' }>): SuspendingEvaluate {
  const value = node.value ? context.compilers.suspendingExpression(context, node.value) : null;
  const at = spanOf(context, node);
  return function* (frame) {
    const given = value ? yield* value(frame) : null;
    frame.at = at;
    return received(yield given);
  };
}

/** `yield from` a generator: everything sent or thrown goes to it. */
function* delegate(inner: PyGenerator): Generator<PyValue, PyValue, Resume> {
  let resume: Resume = { value: null };
  for (;;) {
    const answer = sendInto(inner, resume);
    if (answer.done) return answer.value;
    resume = yield answer.value;
    if ('raise' in resume && isRaised(resume.raise, 'GeneratorExit')) {
      closeGenerator(inner);
      throw resume.raise;
    }
  }
}

/** `yield from` any other iterator; the value of its StopIteration is the value of the expression. */
function* delegateToIterator(py: Machine, iterator: PyValue): Generator<PyValue, PyValue, Resume> {
  const special = classOf(iterator).builtIn ? undefined : py.findSpecial(iterator, '__next__');
  if (special === undefined) {
    const next = nextOfIterator(py, iterator);
    for (let item = next(); item !== undefined; item = next()) received(yield item);
    return null;
  }
  for (;;) {
    let item: PyValue;
    try {
      item = py.call(special, []);
    } catch (error) {
      if (!isRaised(error, 'StopIteration')) throw error;
      return stopValue(error);
    }
    received(yield item);
  }
}

const stopValue = (raised: Raised): PyValue =>
  raised.exception.cls === exceptionType('StopIteration') ? (raised.exception.args.items[0] ?? null) : null;

function compileYieldFrom(context: Context, node: Extract<Expr, { kind: 'YieldFrom' }>): SuspendingEvaluate {
  const { py } = context;
  const iterable = context.compilers.suspendingExpression(context, node.value);
  const at = spanOf(context, node);
  return function* (frame) {
    const value = yield* iterable(frame);
    frame.at = at;
    if (value instanceof PyGenerator) return yield* delegate(value);
    const special = py.findSpecial(value, '__iter__');
    return yield* delegateToIterator(
      py,
      special === undefined ? py.call(py.builtins.map.get('iter') ?? null, [value]) : py.call(special, []),
    );
  };
}

/** A step that must run before a plain closure: it fills a temporary. */
export type Preparation = (frame: Frame) => Generator<PyValue, void, Resume>;

function temporary(context: Context, node: Expr, preparations: Preparation[]): Expr {
  const { scope } = context;
  const name = `.t${scope.unit.slotNames.length}`;
  const slot = scope.unit.slotNames.push(name) - 1;
  scope.slots.set(name, slot);
  const value = context.compilers.suspendingExpression(context, node);
  preparations.push(function* (frame) {
    frame.slots[slot] = yield* value(frame);
  });
  return { kind: 'Name', id: name, ctx: 'Load', start: node.start, end: node.end };
}

/** Nodes that are parts of an operand list and not operands themselves. */
const transparent = new Set<string>(['keyword', 'Starred', 'Slice', 'comprehension', 'FormattedValue']);
const operandKinds = new Set<string>([
  'BoolOp',
  'NamedExpr',
  'BinOp',
  'UnaryOp',
  'Lambda',
  'IfExp',
  'Dict',
  'Set',
  'ListComp',
  'SetComp',
  'DictComp',
  'GeneratorExp',
  'Await',
  'Yield',
  'YieldFrom',
  'Compare',
  'Call',
  'JoinedStr',
  'Attribute',
  'Subscript',
  'Name',
  'List',
  'Tuple',
  'Constant',
]);

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'kind' in value;
const isOperand = (node: Node): node is Expr => operandKinds.has(node.kind);
const isTarget = (node: Node): boolean => 'ctx' in node && node.ctx !== 'Load';

/** How many operands, in order, must be prepared: all up to the last that suspends. */
function operandsOf(node: Node): Expr[] {
  const found: Expr[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isNode(value) && !isTarget(value)) {
      if (transparent.has(value.kind)) Object.values(value).forEach(visit);
      else if (isOperand(value)) found.push(value);
    }
  };
  Object.values(node).forEach(visit);
  return found;
}

/** Rewrites a node so that no operand suspends; the preparations compute the temporaries in order. */
export function hoist<Kind extends Node>(
  context: Context,
  node: Kind,
): { readonly node: Kind; readonly preparations: readonly Preparation[] } {
  const operands = operandsOf(node);
  const last = operands.findLastIndex(suspends);
  const preparations: Preparation[] = [];
  const replaced = new Map<Node, Expr>();
  for (const operand of operands.slice(0, last + 1)) {
    if (operand.kind !== 'Constant' && !(operand.kind === 'Name' && !suspends(operand)))
      replaced.set(operand, temporary(context, operand, preparations));
  }
  const rebuild = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rebuild);
    if (!isNode(value) || isTarget(value)) return value;
    const substitute = replaced.get(value);
    if (substitute) return substitute;
    return transparent.has(value.kind) ? rebuildFields(value) : value;
  };
  const rebuildFields = (part: Node): Node => {
    const copy = Object.fromEntries(
      Object.entries(part).map(([name, value]) => [name, rebuild(value)]),
    ) as unknown as Node; // same kind, same fields
    const scope = context.scope.children.get(part);
    if (scope) context.scope.children.set(copy, scope);
    return copy;
  };
  return { node: rebuildFields(node) as Kind, preparations }; // rebuildFields keeps the kind
}

function compileChoice(context: Context, node: Extract<Expr, { kind: 'IfExp' }>): SuspendingEvaluate {
  const part = (expr: Expr): SuspendingEvaluate => context.compilers.suspendingExpression(context, expr);
  const [test, body, otherwise] = [part(node.test), part(node.body), part(node.orelse)];
  return function* (frame) {
    return context.py.truth(yield* test(frame)) ? yield* body(frame) : yield* otherwise(frame);
  };
}

function compileLogical(context: Context, node: Extract<Expr, { kind: 'BoolOp' }>): SuspendingEvaluate {
  const parts = node.values.map((value) => context.compilers.suspendingExpression(context, value));
  return function* (frame) {
    let value: PyValue = null;
    for (const part of parts) {
      value = yield* part(frame);
      if (context.py.truth(value) === (node.op === 'Or')) return value;
    }
    return value;
  };
}

function lift(context: Context, node: Expr): SuspendingEvaluate {
  const plain = evaluator(context, node);
  // oxlint-disable-next-line require-yield -- a plain expression in the place of one that may suspend
  return function* (frame) {
    return plain(frame);
  };
}

export function compileSuspendingExpression(context: Context, node: Expr): SuspendingEvaluate {
  if (!suspends(node)) return lift(context, node);
  switch (node.kind) {
    case 'Yield':
      return compileYield(context, node);
    case 'YieldFrom':
      return compileYieldFrom(context, node);
    case 'IfExp':
      return compileChoice(context, node);
    case 'BoolOp':
      return compileLogical(context, node);
    case 'Await':
      return () => notAvailable(spanOf(context, node), 'await');
    case 'NamedExpr': {
      const value = context.compilers.suspendingExpression(context, node.value);
      const store = compileStoreName(context, node.target.id);
      return function* (frame) {
        const result = yield* value(frame);
        store(frame, result);
        return result;
      };
    }
    default: {
      const { node: rewritten, preparations } = hoist(context, node);
      const plain = evaluator(context, rewritten);
      return function* (frame) {
        for (const prepare of preparations) yield* prepare(frame);
        return plain(frame);
      };
    }
  }
}

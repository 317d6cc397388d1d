/** Replaces the derivatives of a module, innermost first and callees before callers. */
import type { Block, Diagnostic, Module, Operation, RuleTable, Value } from '../../ir/index.ts';
import { Block as Body, Builder, symbolsOf, walk } from '../../ir/index.ts';
import { primalCount, outputCount } from '../../ir/ops/index.ts';
import type { PassObserver } from '../rewrite/index.ts';
import { cloneOperations, rule } from '../rewrite/index.ts';
import { reportTo } from './diagnostics.ts';
import { capturesOf, emitterOf } from './mode.ts';
import { Reverse } from './reverse.ts';

const DERIVATIVES: ReadonlySet<string> = new Set(['ms.vjp', 'ms.custom_vjp', 'ms.recompute']);

const DERIVATIVE = rule('derivative as forward and reverse operations');
const FORWARD_ALONE = rule('function of a derivative that nobody takes');

/** Differentiates in place; returns what cannot be differentiated. */
export function differentiateModule(
  module: Module,
  definitions: RuleTable,
  observer: PassObserver | null = null,
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  if (!holds(module.body, DERIVATIVES)) return diagnostics;
  const functions = symbolsOf(module.body);
  const state = new Map<string, 'running' | 'done'>();
  const prepare = (name: string): boolean => {
    const body = functions.get(name)?.regions[0];
    if (body === undefined || state.get(name) === 'done') return true;
    if (state.get(name) === 'running') return !holds(body, new Set(['ms.vjp']));
    state.set(name, 'running');
    expandBlock(body, reverse, new Map());
    state.set(name, 'done');
    return true;
  };
  const reverse = new Reverse(module, definitions, reportTo(diagnostics), prepare, observer);
  for (const name of functions.keys()) prepare(name);
  module.body.operations.push(...reverse.added);
  for (const op of module.body.operations) for (const region of op.regions) dissolveBlock(region, new Map(), observer);
  return diagnostics;
}

function holds(block: Block, names: ReadonlySet<string>): boolean {
  let found = false;
  walk(block, (op) => {
    found ||= names.has(op.name);
  });
  return found;
}

function redirect(op: Operation, replaced: ReadonlyMap<Value, Value>): void {
  if (replaced.size === 0) return;
  op.operands.forEach((operand, index) => {
    const value = replaced.get(operand);
    if (value) op.setOperand(index, value);
  });
}

/** Replaces every ms.vjp below a block. */
function expandBlock(block: Block, reverse: Reverse, replaced: Map<Value, Value>): void {
  const builder = new Builder(new Body(), reverse.definitions);
  for (const op of block.operations) {
    redirect(op, replaced);
    for (const region of op.regions) expandBlock(region, reverse, replaced);
    if (op.name !== 'ms.vjp') builder.block.operations.push(op);
    else {
      const begin = builder.block.operations.length;
      const values = expand(op, reverse, builder);
      const made = builder.block.operations.slice(begin);
      reverse.observer?.rewritten({ rule: DERIVATIVE, op, made, values });
      op.results.forEach((result, index) => {
        if (values[index].name === '') values[index].name = result.name;
        replaced.set(result, values[index]);
      });
      op.dropUses();
    }
  }
  block.operations = builder.block.operations;
}

/** The function's operations, and behind them those of its reverse sweep; returns outputs, extras and gradients. */
function expand(op: Operation, reverse: Reverse, builder: Builder): readonly Value[] {
  builder.location = op.location;
  const primals = distinctPrimals(op, reverse, builder);
  const { operations, results } = cloneOperations(op.regions[0], primals);
  for (const inner of operations) builder.block.operations.push(inner);
  if (reverse.observer) reportMoved(op, operations, reverse.observer);
  const { gradients, replaced } = reverse.sweep({
    operations,
    wanted: primals,
    outputs: results.slice(0, outputCount(op.attributes)),
    seeds: op.operands.slice(primals.length),
    builder,
  });
  return [...results.map((value) => replaced.get(value) ?? value), ...gradients];
}

/** The operations of the function stand outside of it now. */
function reportMoved(op: Operation, copies: readonly Operation[], observer: PassObserver): void {
  copies.forEach(({ results }, at) =>
    results.forEach((copy, index) => observer.moved(op.regions[0].operations[at].results[index], copy)),
  );
}

/** A value of its own for each primal: the same value given twice, or used by the function as a constant, is another one. */
function distinctPrimals(op: Operation, reverse: Reverse, builder: Builder): readonly Value[] {
  const emit = emitterOf(reverse, builder);
  const taken = new Set(capturesOf(op.regions));
  return op.operands.slice(0, primalCount(op.attributes)).map((primal) => {
    const own = taken.has(primal) ? emit.op('ms.depend', [primal]) : primal;
    taken.add(primal);
    return own;
  });
}

/** Puts the forward operations of what is left in place of it: outside of every derivative they are all there is. */
function dissolveBlock(block: Block, replaced: Map<Value, Value>, observer: PassObserver | null): void {
  const output: Operation[] = [];
  for (const op of block.operations) {
    redirect(op, replaced);
    for (const region of op.regions) dissolveBlock(region, replaced, observer);
    if (!DERIVATIVES.has(op.name)) output.push(op);
    else {
      const { operations, results } = cloneOperations(op.regions[0], op.operands);
      for (const inner of operations) output.push(inner);
      if (observer) reportMoved(op, operations, observer);
      observer?.rewritten({ rule: FORWARD_ALONE, op, made: operations, values: results });
      op.results.forEach((result, index) => replaced.set(result, results[index]));
      op.dropUses();
    }
  }
  block.operations = output;
}

/** Passes on functions: inline calls, remove functions that nobody calls. */
import type { Block, Module, Operation } from '../../ir/index.ts';
import { symbolsOf, walk } from '../../ir/index.ts';
import { callGraph, reachable, recursiveFunctions } from '../analysis/index.ts';
import type { PassObserver } from '../rewrite/index.ts';
import { cloneOperations, missed, rule } from '../rewrite/index.ts';
import type { Value } from '../../ir/index.ts';

const DEAD_FUNCTION = rule('function that nobody calls');
const INLINE = rule('call as the body of its function');

/** Removes private functions that no public symbol reaches; returns how many. */
export function removeUnreachableSymbols(module: Module, observer: PassObserver | null = null): number {
  const graph = callGraph(module);
  const symbols = symbolsOf(module.body);
  const roots = [...symbols].filter(([, op]) => !isPrivate(op)).map(([name]) => name);
  const kept = reachable(graph, roots);
  const before = module.body.operations.length;
  module.body.operations = module.body.operations.filter((op) => {
    const name = op.attributes.get('sym_name');
    const stays = name?.kind !== 'string' || kept.has(name.value);
    if (!stays) observer?.rewritten({ rule: DEAD_FUNCTION, op, made: [], values: [] });
    return stays;
  });
  return before - module.body.operations.length;
}

function isPrivate(op: Operation): boolean {
  const visibility = op.attributes.get('sym_visibility');
  return visibility?.kind === 'string' && visibility.value === 'private';
}

export interface InlineOptions {
  /** Functions with more operations than this are called, unless they are called once. */
  readonly limit: number;
  /** Whom to tell of inlined calls, and of calls that stay and why. */
  readonly observer?: PassObserver | null;
}

/** Replaces calls of functions by their bodies; returns how many. Recursive functions and declarations stay calls. */
export function inlineCalls(module: Module, options: InlineOptions): number {
  const symbols = symbolsOf(module.body);
  const graph = callGraph(module);
  const recursive = recursiveFunctions(graph);
  const calls = callCounts(module);
  const reasonAgainst = (name: string, op: Operation): string | null => {
    if (op.name !== 'func.func') return `@${name} is no function`;
    if (recursive.has(name)) return `@${name} calls itself`;
    if (op.regions[0].operations.length === 0) return `@${name} has no body`;
    const size = operationCount(op);
    const count = calls.get(name) ?? 0;
    if (size <= options.limit || (count === 1 && isPrivate(op))) return null;
    return `@${name} has ${size} operations, more than the limit of ${options.limit}, and ${count} calls`;
  };
  const reasons = new Map<string, string>();
  for (const [name, op] of symbols) {
    const reason = reasonAgainst(name, op);
    if (reason !== null) reasons.set(name, reason);
  }
  const inliner = new Inliner(symbols, reasons, options.observer ?? null);
  // Callees first, so that each body is finished before it is copied.
  for (const op of calleesFirst(symbols, graph)) inliner.function(op);
  return inliner.count;
}

function operationCount(op: Operation): number {
  let count = 0;
  for (const region of op.regions) walk(region, () => count++);
  return count;
}

function callCounts(module: Module): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  walk(module.body, (op) => {
    const callee = op.name === 'func.call' ? op.attributes.get('callee') : undefined;
    if (callee?.kind === 'symbol') counts.set(callee.name, (counts.get(callee.name) ?? 0) + 1);
  });
  return counts;
}

/** Functions in an order where callees come before their callers, as far as there is no recursion. */
function calleesFirst(
  symbols: ReadonlyMap<string, Operation>,
  graph: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Operation[] {
  const order: Operation[] = [];
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const op = symbols.get(name);
    if (!op || seen.has(name)) return;
    seen.add(name);
    for (const callee of graph.get(name) ?? []) visit(callee);
    order.push(op);
  };
  for (const name of symbols.keys()) visit(name);
  return order;
}

class Inliner {
  count = 0;
  private readonly symbols: ReadonlyMap<string, Operation>;
  /** Why functions are not inlined, by name. */
  private readonly reasons: ReadonlyMap<string, string>;
  private readonly observer: PassObserver | null;
  private readonly replacements = new Map<Value, Value>();

  constructor(
    symbols: ReadonlyMap<string, Operation>,
    reasons: ReadonlyMap<string, string>,
    observer: PassObserver | null,
  ) {
    this.symbols = symbols;
    this.reasons = reasons;
    this.observer = observer;
  }

  function(op: Operation): void {
    for (const region of op.regions) this.block(region);
  }

  private block(block: Block): void {
    const output: Operation[] = [];
    for (const op of block.operations) {
      op.operands.forEach((operand, index) => {
        const value = this.replacements.get(operand);
        if (value) op.setOperand(index, value);
      });
      for (const region of op.regions) this.block(region);
      if (!this.inlineCall(op, output)) output.push(op);
    }
    block.operations = output;
  }

  private inlineCall(op: Operation, output: Operation[]): boolean {
    const callee = op.name === 'func.call' ? op.attributes.get('callee') : undefined;
    if (callee?.kind !== 'symbol') return false;
    const reason = this.reasons.get(callee.name);
    if (reason !== undefined) this.observer?.remark(missed(INLINE, op, reason));
    if (reason !== undefined) return false;
    const body = this.symbols.get(callee.name)?.regions[0];
    if (!body) return false;
    const { operations, results } = cloneOperations(body, op.operands, op.location);
    for (const inner of operations) output.push(inner);
    this.observer?.rewritten({ rule: INLINE, op, made: operations, values: results });
    op.results.forEach((result, index) => this.replacements.set(result, results[index]));
    op.dropUses();
    this.count++;
    return true;
  }
}

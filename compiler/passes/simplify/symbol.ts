/** Passes on functions: inline calls, remove functions that nobody calls. */
import type { Block, Module, Operation } from '../../ir/index.ts';
import { symbolsOf, walk } from '../../ir/index.ts';
import { callGraph, reachable, recursiveFunctions } from '../analysis/index.ts';
import { cloneOperations } from '../rewrite/index.ts';
import type { Value } from '../../ir/index.ts';

/** Removes private functions that no public symbol reaches; returns how many. */
export function removeUnreachableSymbols(module: Module): number {
  const graph = callGraph(module);
  const symbols = symbolsOf(module.body);
  const roots = [...symbols].filter(([, op]) => !isPrivate(op)).map(([name]) => name);
  const kept = reachable(graph, roots);
  const before = module.body.operations.length;
  module.body.operations = module.body.operations.filter((op) => {
    const name = op.attributes.get('sym_name');
    return name?.kind !== 'string' || kept.has(name.value);
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
}

/** Replaces calls of functions by their bodies; returns how many. Recursive functions and declarations stay calls. */
export function inlineCalls(module: Module, options: InlineOptions): number {
  const symbols = symbolsOf(module.body);
  const graph = callGraph(module);
  const recursive = recursiveFunctions(graph);
  const calls = callCounts(module);
  const isInlined = ([name, op]: readonly [string, Operation]): boolean => {
    if (op.name !== 'func.func' || recursive.has(name) || op.regions[0].operations.length === 0) return false;
    return operationCount(op) <= options.limit || (calls.get(name) === 1 && isPrivate(op));
  };
  const inliner = new Inliner(symbols, new Set([...symbols].filter(isInlined).map(([name]) => name)));
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
  private readonly inlined: ReadonlySet<string>;
  private readonly replacements = new Map<Value, Value>();

  constructor(symbols: ReadonlyMap<string, Operation>, inlined: ReadonlySet<string>) {
    this.symbols = symbols;
    this.inlined = inlined;
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
    if (callee?.kind !== 'symbol' || !this.inlined.has(callee.name)) return false;
    const body = this.symbols.get(callee.name)?.regions[0];
    if (!body) return false;
    const { operations, results } = cloneOperations(body, op.operands, op.location);
    for (const inner of operations) output.push(inner);
    op.results.forEach((result, index) => this.replacements.set(result, results[index]));
    op.dropUses();
    this.count++;
    return true;
  }
}

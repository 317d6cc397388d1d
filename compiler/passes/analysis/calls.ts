/** Which functions call which, which have effects, and which can be reached. */
import type { Module, Operation, RuleTable } from '../../ir/index.ts';
import { referencesOf, symbolsOf, walk } from '../../ir/index.ts';

/** Names of the symbols that each symbol refers to. */
export function callGraph(module: Module): ReadonlyMap<string, ReadonlySet<string>> {
  const graph = new Map<string, ReadonlySet<string>>();
  for (const [name, op] of symbolsOf(module.body)) {
    const references = new Set(referencesOf(op));
    for (const region of op.regions)
      walk(region, (inner) => referencesOf(inner).forEach((reference) => references.add(reference)));
    graph.set(name, references);
  }
  return graph;
}

/** Functions that call themselves, possibly through others. */
export function recursiveFunctions(graph: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const recursive = new Set<string>();
  for (const name of graph.keys()) {
    if (reachable(graph, graph.get(name) ?? []).has(name)) recursive.add(name);
  }
  return recursive;
}

/** Everything that can be reached from some names, themselves included. */
export function reachable(
  graph: ReadonlyMap<string, ReadonlySet<string>>,
  from: Iterable<string>,
): ReadonlySet<string> {
  const seen = new Set<string>(from);
  const pending = [...seen];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    for (const next of graph.get(name) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      pending.push(next);
    }
  }
  return seen;
}

/** Functions with a body of pure operations that only call such functions and cannot recur: calls of them are pure. */
export function pureFunctions(module: Module, definitions: RuleTable): ReadonlySet<string> {
  const graph = callGraph(module);
  const recursive = recursiveFunctions(graph);
  const symbols = symbolsOf(module.body);
  const impure = new Set<string>();
  for (const [name, op] of symbols) {
    if (recursive.has(name) || !isLocallyPure(op, definitions)) impure.add(name);
  }
  return new Set(
    [...symbols.keys()].filter(
      (name) => ![...reachable(graph, [name])].some((other) => impure.has(other) || !symbols.has(other)),
    ),
  );
}

/** Whether a function has a body, and nothing in it has an effect except what its callees do. */
function isLocallyPure(op: Operation, definitions: RuleTable): boolean {
  if (op.name !== 'func.func' || op.regions[0].operations.length === 0) return false;
  let pure = true;
  walk(op.regions[0], (inner) => {
    const traits = definitions.get(inner.name)?.traits ?? [];
    if (!traits.includes('pure') && !traits.includes('terminator') && inner.name !== 'func.call') pure = false;
  });
  return pure;
}

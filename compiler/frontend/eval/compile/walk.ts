/** Generic traversal of the syntax tree. */
import type { Expr, Node } from '../../syntax/index.ts';

/** Calls `visit` for the child nodes in source order. */
export function forEachChild(node: Node, visit: (child: Node) => void): void {
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) visit(item);
    } else if (isNode(value)) visit(value);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

/** Whether a node opens a scope of its own whose `yield`s are not ours. */
function opensScope(node: Node): boolean {
  return (
    node.kind === 'FunctionDef' ||
    node.kind === 'AsyncFunctionDef' ||
    node.kind === 'Lambda' ||
    node.kind === 'ClassDef' ||
    node.kind === 'GeneratorExp'
  );
}

const yieldsOf = new WeakMap<Node, boolean>();

/** Whether running a node may suspend the function it is in (`yield`, `await`, async loops). */
export function suspends(node: Node): boolean {
  const known = yieldsOf.get(node);
  if (known !== undefined) return known;
  let found =
    node.kind === 'Yield' ||
    node.kind === 'YieldFrom' ||
    node.kind === 'Await' ||
    node.kind === 'AsyncFor' ||
    node.kind === 'AsyncWith';
  if (opensScope(node)) found = outerParts(node).some(suspends);
  else forEachChild(node, (child) => (found ||= suspends(child)));
  yieldsOf.set(node, found);
  return found;
}

/** The expressions of a scope-opening node that are evaluated outside of its scope. */
export function outerParts(node: Node): readonly Expr[] {
  switch (node.kind) {
    case 'FunctionDef':
    case 'AsyncFunctionDef':
      return [
        ...node.decorator_list,
        ...node.args.defaults,
        ...node.args.kw_defaults.filter((value) => value !== null),
      ];
    case 'Lambda':
      return [...node.args.defaults, ...node.args.kw_defaults.filter((value) => value !== null)];
    case 'ClassDef':
      return [...node.decorator_list, ...node.bases, ...node.keywords.map((keyword) => keyword.value)];
    case 'ListComp':
    case 'SetComp':
    case 'DictComp':
    case 'GeneratorExp':
      return [node.generators[0].iter];
    default:
      return [];
  }
}

/**
 * What flows into a function's parameters. Nothing tells it directly; but where a parameter is read before anything may
 * bind its name again, what is read is what came in.
 */
import type { Arg, Node, Stmt } from '../../../compiler/frontend/syntax/index.ts';
import { childrenOf } from '../../../compiler/frontend/syntax/index.ts';
import type { FlowType } from '../check/job.ts';

export type FunctionNode = Extract<Node, { kind: 'FunctionDef' | 'AsyncFunctionDef' }>;

export const isFunction = (node: Node): node is FunctionNode =>
  node.kind === 'FunctionDef' || node.kind === 'AsyncFunctionDef';

export function parametersOf({ args }: FunctionNode): readonly Arg[] {
  const { posonlyargs, args: usual, vararg, kwonlyargs, kwarg } = args;
  return [...posonlyargs, ...usual, vararg, ...kwonlyargs, kwarg].filter((argument) => argument !== null);
}

/** The types of a parameter; null when it is read nowhere so, or holds no tensors. */
export function parameterTypes(
  { body }: FunctionNode,
  name: string,
  typesOf: (node: Node) => readonly FlowType[] | null,
): readonly FlowType[] | null {
  for (const statement of body) {
    const isBound = bindsName(statement, name);
    const read = (isBound ? readFirst(statement) : [statement]).flatMap((node) => loadsOf(node, name));
    const types = read.map(typesOf).find((found) => found !== null);
    if (types !== undefined) return types;
    if (isBound) return null;
  }
  return null;
}

/** What a statement evaluates before it binds names. */
function readFirst(statement: Stmt): readonly Node[] {
  switch (statement.kind) {
    case 'Assign':
    case 'AugAssign':
      return [statement.value];
    case 'AnnAssign':
      return statement.value === null ? [] : [statement.value];
    case 'If':
    case 'While':
      return [statement.test];
    case 'For':
      return [statement.iter];
    default:
      return [];
  }
}

/** Nodes with names of their own. */
const SCOPES: ReadonlySet<Node['kind']> = new Set([
  'FunctionDef',
  'AsyncFunctionDef',
  'ClassDef',
  'Lambda',
  'ListComp',
  'SetComp',
  'DictComp',
  'GeneratorExp',
]);

function loadsOf(node: Node, name: string): readonly Node[] {
  if (node.kind === 'Name') return node.id === name && node.ctx === 'Load' ? [node] : [];
  return SCOPES.has(node.kind) ? [] : childrenOf(node).flatMap((child) => loadsOf(child, name));
}

/** Whether a statement may bind a name, nested functions that say `nonlocal` included. */
function bindsName(node: Node, name: string): boolean {
  if (node.kind === 'Name') return node.id === name && node.ctx !== 'Load';
  const isNamed = 'name' in node && node.name === name;
  const isListed = 'names' in node && node.names.some((one: unknown) => one === name);
  const isImported = node.kind === 'alias' && (node.asname ?? node.name.split('.')[0]) === name;
  return isNamed || isListed || isImported || childrenOf(node).some((child) => bindsName(child, name));
}

/**
 * Registries that decorators fill.
 *
 * `@register_model` in fifty files fills a dict of its own module. Files are not run before a name of theirs is needed, so the dict would be
 * empty. A *registrar* is a module-level function that changes globals of its module (its *registers*); the first time anyone but a registrar
 * reads a register, every definition of the package that is decorated with the registrar is run.
 */
import type { Expr, Node, Stmt } from '../../syntax/index.ts';
import { forEachChild } from '../compile/walk.ts';

/** Methods that change a dict, list or set. */
const changingMethods = new Set(['append', 'add', 'update', 'setdefault', 'insert', 'extend']);

function rootName(node: Expr): string | null {
  if (node.kind === 'Name') return node.id;
  return node.kind === 'Attribute' || node.kind === 'Subscript' || node.kind === 'Call'
    ? rootName(node.kind === 'Call' ? node.func : node.value)
    : null;
}

/** The names whose contents a function body changes. */
function changedNames(node: Node, into: Set<string>): Set<string> {
  if (node.kind === 'Assign' || node.kind === 'AugAssign') {
    for (const target of node.kind === 'Assign' ? node.targets : [node.target]) {
      const root = target.kind === 'Subscript' ? rootName(target) : null;
      if (root !== null) into.add(root);
    }
  }
  if (node.kind === 'Call' && node.func.kind === 'Attribute' && changingMethods.has(node.func.attr)) {
    const root = rootName(node.func.value);
    if (root !== null) into.add(root);
  }
  forEachChild(node, (child) => changedNames(child, into));
  return into;
}

/** Register → the registrars that fill it. */
export function findRegistrars(body: readonly Stmt[]): ReadonlyMap<string, ReadonlySet<string>> {
  const assigned = new Set(
    body.flatMap((node) =>
      node.kind === 'Assign' ? node.targets.flatMap((target) => (target.kind === 'Name' ? [target.id] : [])) : [],
    ),
  );
  assigned.delete('__all__');
  const registrars = new Map<string, Set<string>>();
  for (const node of body) {
    if (node.kind !== 'FunctionDef' || !/regist/i.test(node.name)) continue;
    for (const name of changedNames(node, new Set())) {
      if (!assigned.has(name)) continue;
      registrars.set(name, (registrars.get(name) ?? new Set<string>()).add(node.name));
    }
  }
  return registrars;
}

/** Positions of the definitions that are decorated with one of these names. */
export function decoratedWith(body: readonly Stmt[], names: ReadonlySet<string>): number[] {
  return body.flatMap((node, position) => {
    if (node.kind !== 'FunctionDef' && node.kind !== 'ClassDef') return [];
    return node.decorator_list.some((decorator) => [...names].some((name) => mentions(decorator, name)))
      ? [position]
      : [];
  });
}

function mentions(decorator: Expr, name: string): boolean {
  if (decorator.kind === 'Name') return decorator.id === name;
  if (decorator.kind === 'Attribute') return decorator.attr === name;
  return decorator.kind === 'Call' && mentions(decorator.func, name);
}

/** The modules that a file imports from its own package: `[level, module, names]`. */
export function importedModules(
  body: readonly Stmt[],
): readonly { readonly level: number; readonly module: string; readonly names: readonly string[] }[] {
  return body.flatMap((node) => {
    if (node.kind === 'ImportFrom')
      return [{ level: node.level, module: node.module ?? '', names: node.names.map((alias) => alias.name) }];
    return node.kind === 'Import' ? node.names.map((alias) => ({ level: 0, module: alias.name, names: [] })) : [];
  });
}

/**
 * Which statements of a module make which names, so that a name can be made without running the rest.
 *
 * A statement *touches* the names it binds or changes (`x = …`, `x[k] = …`, `x.append(…)`, `for x in …`). Statements that do something
 * else as well (calls for their effect) are *effects*. To make a name, the statements that touch it run in order; names they read are made
 * in turn when they are read. A name that is bound more than once could be read in between, so its readers count as touching it.
 */
import type { Expr, Module, Node, Stmt } from '../../syntax/index.ts';
import { forEachChild } from '../compile/walk.ts';

/** What running one top-level statement may do. */
interface Footprint {
  readonly binds: Set<string>;
  readonly changes: Set<string>;
  readonly reads: Set<string>;
  effect: boolean;
}

export interface ModuleIndex {
  /** Name → positions of the statements to run for it, in order. */
  readonly touching: ReadonlyMap<string, readonly number[]>;
  readonly effects: readonly number[];
  /** Calls like `context.set_context(…)` of something imported, with the name they start from. */
  readonly settings: readonly { readonly position: number; readonly root: string }[];
  /** Positions of `from … import *`. */
  readonly stars: readonly number[];
  /** Names bound by a decorated definition: the decorator may export them. */
  readonly decorated: ReadonlySet<string>;
  /** `__all__` where it is one literal list; null where it is computed, undefined where there is none. */
  readonly exported: ReadonlySet<string> | null | undefined;
}

function rootName(node: Expr): string | null {
  if (node.kind === 'Name') return node.id;
  return node.kind === 'Attribute' || node.kind === 'Subscript' ? rootName(node.value) : null;
}

function addTarget(footprint: Footprint, target: Expr): void {
  if (target.kind === 'Name') footprint.binds.add(target.id);
  else if (target.kind === 'Tuple' || target.kind === 'List')
    for (const item of target.elts) addTarget(footprint, item);
  else if (target.kind === 'Starred') addTarget(footprint, target.value);
  else {
    const root = rootName(target);
    if (root !== null) footprint.changes.add(root);
  }
}

/** Names that are read when an expression is evaluated (bodies of functions run later and do not count). */
function addReads(footprint: Footprint, node: Node): void {
  if (node.kind === 'Name' && node.ctx === 'Load') footprint.reads.add(node.id);
  if (node.kind === 'NamedExpr') footprint.binds.add(node.target.id);
  if (node.kind === 'Lambda') return;
  forEachChild(node, (child) => addReads(footprint, child));
}

function addExpressionStatement(footprint: Footprint, value: Expr): void {
  if (value.kind === 'Constant') return;
  addReads(footprint, value);
  const root = value.kind === 'Call' && value.func.kind === 'Attribute' ? rootName(value.func) : null;
  if (root === null) footprint.effect = true;
  else footprint.changes.add(root);
}

function isMainGuard(node: Stmt): boolean {
  return (
    node.kind === 'If' &&
    node.test.kind === 'Compare' &&
    node.test.left.kind === 'Name' &&
    node.test.left.id === '__name__'
  );
}

function addBlocks(footprint: Footprint, blocks: readonly (readonly Stmt[])[]): void {
  for (const block of blocks) for (const statement of block) addStatement(footprint, statement);
}

/** `@overloads.register(…)` adds the function to `overloads`. */
function addRegistrations(footprint: Footprint, decorators: readonly Expr[]): void {
  for (const decorator of decorators) {
    const called = decorator.kind === 'Call' ? decorator.func : decorator;
    const root = called.kind === 'Attribute' && called.attr === 'register' ? rootName(called) : null;
    if (root !== null) footprint.changes.add(root);
  }
}

function addStatement(footprint: Footprint, node: Stmt): void {
  switch (node.kind) {
    case 'FunctionDef':
    case 'AsyncFunctionDef':
      footprint.binds.add(node.name);
      for (const part of [...node.decorator_list, ...node.args.defaults]) addReads(footprint, part);
      addRegistrations(footprint, node.decorator_list);
      return;
    case 'ClassDef':
      footprint.binds.add(node.name);
      for (const part of [...node.decorator_list, ...node.bases, ...node.body]) addReads(footprint, part);
      return;
    case 'Assign':
      addReads(footprint, node.value);
      for (const target of node.targets) addTarget(footprint, target);
      return;
    case 'AnnAssign':
      if (node.value) addReads(footprint, node.value);
      if (node.value) addTarget(footprint, node.target);
      return;
    case 'AugAssign': {
      addReads(footprint, node.value);
      const root = rootName(node.target);
      if (root !== null) footprint.changes.add(root);
      return;
    }
    case 'TypeAlias':
      footprint.binds.add(node.name.id);
      return;
    case 'Import':
      for (const alias of node.names) footprint.binds.add(alias.asname ?? alias.name.split('.')[0]);
      return;
    case 'ImportFrom':
      for (const alias of node.names) if (alias.name !== '*') footprint.binds.add(alias.asname ?? alias.name);
      return;
    case 'Expr':
      return addExpressionStatement(footprint, node.value);
    case 'Pass':
    case 'Global':
    case 'Nonlocal':
      return;
    default:
      return addCompound(footprint, node);
  }
}

function addCompound(footprint: Footprint, node: Stmt): void {
  switch (node.kind) {
    case 'If':
      addReads(footprint, node.test);
      return addBlocks(footprint, [node.body, node.orelse]);
    case 'Try':
    case 'TryStar':
      return addBlocks(footprint, [
        node.body,
        ...node.handlers.map((handler) => handler.body),
        node.orelse,
        node.finalbody,
      ]);
    case 'For':
      addReads(footprint, node.iter);
      addTarget(footprint, node.target);
      return addBlocks(footprint, [node.body, node.orelse]);
    case 'While':
      addReads(footprint, node.test);
      return addBlocks(footprint, [node.body, node.orelse]);
    case 'With':
      for (const item of node.items) {
        addReads(footprint, item.context_expr);
        if (item.optional_vars) addTarget(footprint, item.optional_vars);
      }
      return addBlocks(footprint, [node.body]);
    case 'Delete':
      for (const target of node.targets) addTarget(footprint, target);
      return;
    case 'Raise':
      return; // reached only in a branch, which is run for what it binds
    default:
      footprint.effect = true;
  }
}

function footprintOf(node: Stmt): Footprint {
  const footprint: Footprint = { binds: new Set(), changes: new Set(), reads: new Set(), effect: false };
  if (!isMainGuard(node)) addStatement(footprint, node);
  return footprint;
}

/** The imported name that a call of a `set_…` function starts from. */
function settingRoot(node: Stmt, imported: ReadonlySet<string>): string | null {
  if (node.kind !== 'Expr' || node.value.kind !== 'Call') return null;
  const { func } = node.value;
  const root = rootName(func);
  const called = func.kind === 'Attribute' ? func.attr : root;
  return root !== null && imported.has(root) && called?.startsWith('set_') ? root : null;
}

function literalExports(body: readonly Stmt[]): ReadonlySet<string> | null | undefined {
  const touching = body.filter(
    (node) => footprintOf(node).binds.has('__all__') || footprintOf(node).changes.has('__all__'),
  );
  if (touching.length === 0) return undefined;
  const [only] = touching;
  if (touching.length > 1 || only.kind !== 'Assign' || (only.value.kind !== 'List' && only.value.kind !== 'Tuple'))
    return null;
  const names = only.value.elts.map((item) => (item.kind === 'Constant' && item.type === 'str' ? item.value : null));
  return names.includes(null) ? null : new Set(names.filter((name) => name !== null));
}

/** Positions for one name: those that touch it, and those that read it if it is bound again after the first time. */
function positionsOf(name: string, footprints: readonly Footprint[]): number[] {
  const binders = footprints.filter((footprint) => footprint.binds.has(name)).length;
  return footprints.flatMap((footprint, position) => {
    const touches = footprint.binds.has(name) || footprint.changes.has(name);
    return touches || (binders > 1 && footprint.reads.has(name)) ? [position] : [];
  });
}

/** Indexes the top level of a module. */
export function indexModule(module: Module): ModuleIndex {
  const footprints = module.body.map(footprintOf);
  const imported = new Set(
    module.body.flatMap((node, position) =>
      node.kind === 'Import' || node.kind === 'ImportFrom' ? [...footprints[position].binds] : [],
    ),
  );
  const settings = module.body.flatMap((node, position) => {
    const root = settingRoot(node, imported);
    return root === null ? [] : [{ position, root }];
  });
  for (const { position, root } of settings) {
    footprints[position].changes.delete(root);
    footprints[position].effect = true;
  }
  const bound = new Set(footprints.flatMap((footprint) => [...footprint.binds]));
  const ownValues = new Set(
    module.body.flatMap((node, position) =>
      node.kind === 'Import' || node.kind === 'ImportFrom' ? [] : [...footprints[position].binds],
    ),
  );
  const isEffect = (footprint: Footprint): boolean =>
    footprint.effect || [...footprint.changes].some((name) => !ownValues.has(name));
  return {
    touching: new Map([...bound].map((name) => [name, positionsOf(name, footprints)])),
    effects: footprints.flatMap((footprint, position) => (isEffect(footprint) ? [position] : [])),
    settings,
    stars: module.body.flatMap((node, position) =>
      node.kind === 'ImportFrom' && node.names.some((alias) => alias.name === '*') ? [position] : [],
    ),
    decorated: new Set(
      module.body.flatMap((node) =>
        (node.kind === 'FunctionDef' || node.kind === 'ClassDef') && node.decorator_list.length > 0 ? [node.name] : [],
      ),
    ),
    exported: literalExports(module.body),
  };
}

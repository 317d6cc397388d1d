/**
 * Scopes: which variable a name means.
 *
 * Every function, class body and module is a *unit* with a frame. List, set and dict comprehensions have a scope of their own but live in
 * the frame of the unit around them (PEP 709). Variables of functions and comprehensions are slots of the frame; a slot that an inner
 * function uses holds a `Cell`. Names of class bodies and modules live in namespaces.
 */
import type { Arguments, Expr, Node, Pattern, Stmt } from '../../syntax/index.ts';
import { forEachChild, outerParts } from './walk.ts';

/** What a name means where it is used. */
export type Binding =
  | { readonly kind: 'slot'; readonly slot: number; readonly isCell: boolean }
  | { readonly kind: 'global' }
  /** The namespace of a class body, then (if given) a cell of an enclosing function, then the globals. */
  | { readonly kind: 'namespace'; readonly slot: number };

/** The frame layout of a function, class body or module. */
export interface Unit {
  readonly slotNames: string[];
  readonly cells: Set<number>;
  /** `[slot in the enclosing unit, slot here]`. */
  readonly free: [number, number][];
}

export interface Scope {
  readonly kind: 'module' | 'class' | 'function' | 'comprehension';
  readonly parent: Scope | null;
  readonly unit: Unit;
  /** Slots of names bound here (functions, comprehensions) or passed through (free variables). */
  readonly slots: Map<string, number>;
  /** Names bound here by any statement. */
  readonly bound: Set<string>;
  readonly globals: Set<string>;
  readonly nonlocals: Set<string>;
  readonly used: Set<string>;
  readonly children: Map<Node, Scope>;
  /** The class around, for private names. */
  readonly className: string | null;
}

function newScope(kind: Scope['kind'], parent: Scope | null, className: string | null): Scope {
  const unit = kind === 'comprehension' && parent ? parent.unit : { slotNames: [], cells: new Set<number>(), free: [] };
  return {
    kind,
    parent,
    unit,
    slots: new Map(),
    bound: new Set(),
    globals: new Set(),
    nonlocals: new Set(),
    used: new Set(),
    children: new Map(),
    className,
  };
}

/** `__name` inside of a class is `_Class__name`. */
export function mangle(scope: Scope, name: string): string {
  if (scope.className === null || !name.startsWith('__') || name.endsWith('__') || name.includes('.')) return name;
  const owner = scope.className.replace(/^_+/, '');
  return owner ? `_${owner}${name}` : name;
}

function bindName(scope: Scope, name: string): void {
  scope.bound.add(mangle(scope, name));
}

/** The scope in which `:=` inside a comprehension binds. */
function walrusScope(scope: Scope): Scope {
  return scope.kind === 'comprehension' && scope.parent ? walrusScope(scope.parent) : scope;
}

/** Parameters in the order of their slots. */
export function parameterNames(args: Arguments): string[] {
  const named = [...args.posonlyargs, ...args.args].map((arg) => arg.arg);
  return [
    ...named,
    ...(args.vararg ? [args.vararg.arg] : []),
    ...args.kwonlyargs.map((arg) => arg.arg),
    ...(args.kwarg ? [args.kwarg.arg] : []),
  ];
}

function addFunction(scope: Scope, node: Node, args: Arguments | null, body: readonly Node[]): Scope {
  const inner = newScope('function', scope, scope.className);
  scope.children.set(node, inner);
  for (const name of args ? parameterNames(args) : []) addSlot(inner, mangle(inner, name));
  for (const part of body) collect(inner, part);
  return inner;
}

function addSlot(scope: Scope, name: string): void {
  scope.bound.add(name);
  if (!scope.slots.has(name)) scope.slots.set(name, scope.unit.slotNames.push(name) - 1);
}

type ComprehensionNode = Extract<Expr, { kind: 'ListComp' | 'SetComp' | 'DictComp' | 'GeneratorExp' }>;

function collectComprehension(scope: Scope, node: ComprehensionNode): void {
  collect(scope, node.generators[0].iter);
  const inner = newScope(node.kind === 'GeneratorExp' ? 'function' : 'comprehension', scope, scope.className);
  scope.children.set(node, inner);
  if (node.kind === 'GeneratorExp') addSlot(inner, '.0');
  node.generators.forEach((generator, index) => {
    collect(inner, generator.target);
    if (index > 0) collect(inner, generator.iter);
    for (const test of generator.ifs) collect(inner, test);
  });
  if (node.kind === 'DictComp') {
    collect(inner, node.key);
    collect(inner, node.value);
  } else collect(inner, node.elt);
}

function collectPattern(scope: Scope, node: Pattern): void {
  if ((node.kind === 'MatchAs' || node.kind === 'MatchStar') && node.name !== null) bindName(scope, node.name);
  if (node.kind === 'MatchMapping' && node.rest !== null) bindName(scope, node.rest);
}

function collectClass(scope: Scope, node: Extract<Stmt, { kind: 'ClassDef' }>): void {
  bindName(scope, node.name);
  for (const parameter of node.type_params) bindName(scope, parameter.name);
  for (const part of outerParts(node)) collect(scope, part);
  const inner = newScope('class', scope, node.name);
  scope.children.set(node, inner);
  for (const statement of node.body) collect(inner, statement);
}

/** Annotations are evaluated when they are read: each is a small function of its own. */
function collectAnnotation(scope: Scope, annotation: Expr): void {
  addFunction(scope, annotation, null, [annotation]);
}

function collectArguments(scope: Scope, args: Arguments, returns: Expr | null): void {
  const all = [
    ...args.posonlyargs,
    ...args.args,
    ...args.kwonlyargs,
    ...[args.vararg, args.kwarg].filter((arg) => arg !== null),
  ];
  for (const { annotation } of all) if (annotation) collectAnnotation(scope, annotation);
  if (returns) collectAnnotation(scope, returns);
}

function importedName(alias: { readonly name: string; readonly asname: string | null }): string {
  return alias.asname ?? alias.name.split('.')[0];
}

/** Records the names that a node binds and uses, and the scopes inside of it. */
export function collect(scope: Scope, node: Node): void {
  switch (node.kind) {
    case 'FunctionDef':
    case 'AsyncFunctionDef':
      bindName(scope, node.name);
      for (const parameter of node.type_params) bindName(scope, parameter.name);
      for (const part of outerParts(node)) collect(scope, part);
      collectArguments(scope, node.args, node.returns);
      addFunction(scope, node, node.args, node.body);
      return;
    case 'Lambda':
      for (const part of outerParts(node)) collect(scope, part);
      addFunction(scope, node, node.args, [node.body]);
      return;
    case 'ClassDef':
      return collectClass(scope, node);
    case 'ListComp':
    case 'SetComp':
    case 'DictComp':
    case 'GeneratorExp':
      return collectComprehension(scope, node);
    case 'Global':
      for (const name of node.names) scope.globals.add(mangle(scope, name));
      return;
    case 'Nonlocal':
      for (const name of node.names) scope.nonlocals.add(mangle(scope, name));
      return;
    case 'NamedExpr':
      bindName(walrusScope(scope), node.target.id);
      return collect(scope, node.value);
    case 'AnnAssign':
      collectAnnotation(scope, node.annotation);
      collect(scope, node.target);
      if (node.value) collect(scope, node.value);
      return;
    default:
      collectNames(scope, node);
      forEachChild(node, (child) => collect(scope, child));
  }
}

/** The names that a node itself binds or uses. */
function collectNames(scope: Scope, node: Node): void {
  switch (node.kind) {
    case 'Name':
      if (node.ctx === 'Load') scope.used.add(mangle(scope, node.id));
      else bindName(scope, node.id);
      if (node.id === 'super') scope.used.add('__class__');
      return;
    case 'Import':
      for (const alias of node.names) bindName(scope, importedName(alias));
      return;
    case 'ImportFrom':
      for (const alias of node.names) if (alias.name !== '*') bindName(scope, importedName(alias));
      return;
    case 'ExceptHandler':
      if (node.name !== null) bindName(scope, node.name);
      return;
    case 'TypeVar':
    case 'ParamSpec':
    case 'TypeVarTuple':
      bindName(scope, node.name);
      return;
    case 'MatchAs':
    case 'MatchStar':
    case 'MatchMapping':
      collectPattern(scope, node);
      return;
    default:
  }
}

const ownsSlots = (scope: Scope): boolean => scope.kind === 'function' || scope.kind === 'comprehension';

/** Gives slots to the variables of a scope and, through `resolve`, cells to those that inner functions use. */
function assignSlots(scope: Scope): void {
  if (ownsSlots(scope)) {
    for (const name of scope.bound) {
      if (!scope.globals.has(name) && !scope.nonlocals.has(name)) addSlot(scope, name);
    }
  }
  for (const child of scope.children.values()) assignSlots(child);
}

/** Resolves all names that inner scopes use, so that cells are known before any code is compiled. */
function resolveAll(scope: Scope): void {
  for (const name of [...scope.used, ...scope.bound, ...scope.nonlocals]) resolve(scope, name);
  for (const child of scope.children.values()) resolveAll(child);
}

/** Finds the slot of a variable of an enclosing function and passes it down to this unit; -1 when there is none. */
function capture(scope: Scope | null, name: string, fromInner: boolean): number {
  if (scope === null || scope.kind === 'module') return scope?.slots.get(name) ?? -1;
  const own = scope.slots.get(name);
  if (own !== undefined) return own;
  if (scope.globals.has(name)) return -1;
  if (scope.kind === 'class' && fromInner && name === '__class__') {
    const slot = scope.unit.slotNames.push(name) - 1;
    scope.slots.set(name, slot);
    scope.unit.cells.add(slot);
    return slot;
  }
  const outer = capture(scope.parent, name, fromInner || scope.kind !== 'comprehension');
  if (outer < 0 || !scope.parent) return -1;
  if (scope.parent.unit === scope.unit) return outer;
  if (!isFree(scope.parent.unit, outer)) scope.parent.unit.cells.add(outer);
  const slot = scope.unit.slotNames.push(name) - 1;
  scope.slots.set(name, slot);
  scope.unit.free.push([outer, slot]);
  return slot;
}

const isFree = (unit: Unit, slot: number): boolean => unit.free.some(([, here]) => here === slot);

/** What a name means in a scope. */
export function resolve(scope: Scope, name: string): Binding {
  if (scope.globals.has(name)) return { kind: 'global' };
  if (scope.kind === 'module') return { kind: 'global' };
  if (scope.kind === 'class') {
    const slot = scope.bound.has(name) && !scope.nonlocals.has(name) ? -1 : capture(scope, name, false);
    return scope.nonlocals.has(name) && slot >= 0 ? slotBinding(scope, slot) : { kind: 'namespace', slot };
  }
  const slot = capture(scope, name, false);
  if (slot >= 0) return slotBinding(scope, slot);
  return scope.kind === 'comprehension' && scope.parent?.kind === 'class' && walrusBinds(scope, name)
    ? { kind: 'namespace', slot: -1 }
    : { kind: 'global' };
}

const walrusBinds = (scope: Scope, name: string): boolean =>
  !scope.slots.has(name) && (scope.parent?.bound.has(name) ?? false) && !scope.used.has(name);

function slotBinding(scope: Scope, slot: number): Binding {
  return { kind: 'slot', slot, isCell: scope.unit.cells.has(slot) || isFree(scope.unit, slot) };
}

/** Analyses code that runs at module level. `namespaced` code (eval with locals) keeps its names in a namespace of its own. */
export function analyse(nodes: readonly Node[], namespaced = false): Scope {
  const scope = newScope(namespaced ? 'class' : 'module', null, null);
  for (const node of nodes) collect(scope, node);
  assignSlots(scope);
  resolveAll(scope);
  return scope;
}

/** The scope that a node opened. */
export function childScope(scope: Scope, node: Node): Scope {
  const child = scope.children.get(node);
  if (!child) throw new Error(`no scope was made for ${node.kind}`);
  return child;
}

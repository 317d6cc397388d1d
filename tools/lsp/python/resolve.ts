/**
 * What a name or an attribute in a Python file means, by its syntax tree alone: names by Python's scopes, imports across
 * files, members of modules and classes, and `self.x` by the assignments in the methods of its class and of its bases.
 * What the tree does not say (attributes of other values) is not guessed.
 */
import type { ClassDef, Expr, Node } from '../../../compiler/frontend/syntax/index.ts';
import { childrenOf } from '../../../compiler/frontend/syntax/index.ts';
import type { Binding, Scope } from './scope.ts';
import { classAround, scopeAt, scopeOfName } from './scope.ts';
import type { PythonFile, PythonWorkspace } from './workspace.ts';

/** Where something is defined. */
export interface Target {
  readonly file: PythonFile;
  readonly start: number;
  readonly end: number;
  /** What it is, where that is more than a variable. */
  readonly meaning:
    | { readonly kind: 'class'; readonly node: ClassDef }
    | { readonly kind: 'function'; readonly node: Node }
    | { readonly kind: 'module' }
    | { readonly kind: 'value' };
}

/** Imports that lead to imports, and bases that lead to bases. */
const LONGEST_WAY = 30;

export class Resolver {
  readonly #workspace: PythonWorkspace;

  constructor(workspace: PythonWorkspace) {
    this.#workspace = workspace;
  }

  /** What stands at an offset. */
  at(file: PythonFile, offset: number): readonly Target[] {
    const path = nodesAt(file.parsed.module, offset);
    const node = path.at(-1);
    if (node === undefined) return [];
    const scope = scopeAt(file.scope, offset);
    switch (node.kind) {
      case 'Name':
        return this.#name(file, scopeAt(file.scope, node.start), node.id);
      case 'Attribute':
        return offset >= node.end - node.attr.length ? this.expression(file, scope, node) : [];
      case 'alias':
        return this.#alias(file, node, path.at(-2), offset);
      case 'ImportFrom':
        return this.#fromModule(file, node, offset);
      case 'keyword':
        return this.#keyword(file, scope, node, path.at(-2), offset);
      default:
        return this.#ownName(file, node, scope, offset);
    }
  }

  /** What an expression means; empty when the tree does not say. */
  expression(file: PythonFile, scope: Scope, node: Expr): readonly Target[] {
    if (node.kind === 'Name') return this.#name(file, scope, node.id);
    if (node.kind !== 'Attribute') return [];
    const owner = this.#selfClass(scope, node.value) ?? null;
    if (owner !== null) return this.#attribute(file, owner, node.attr, LONGEST_WAY);
    const superClass = this.#superClass(scope, node.value);
    if (superClass !== null) return this.#inherited(file, superClass, node.attr, LONGEST_WAY);
    return this.expression(file, scope, node.value).flatMap((target) => this.#member(target, node.attr));
  }

  #member({ file, meaning }: Target, name: string): readonly Target[] {
    if (meaning.kind === 'module') return this.memberOf(file, name, LONGEST_WAY);
    return meaning.kind === 'class' ? this.#classMember(file, meaning.node, name, LONGEST_WAY) : [];
  }

  #name(file: PythonFile, from: Scope, name: string): readonly Target[] {
    const scope = scopeOfName(from, name);
    if (scope === null) return this.#starred(file, name, LONGEST_WAY);
    return (scope.bindings.get(name) ?? []).flatMap((binding) => this.#binding(file, binding, LONGEST_WAY));
  }

  /** A binding, or what it imports: an import that leads nowhere is its own definition. */
  #binding(file: PythonFile, binding: Binding, way: number): readonly Target[] {
    const { start, end } = binding;
    const here = { file, start, end };
    switch (binding.kind) {
      case 'class':
        if (binding.node.kind === 'ClassDef') return [{ ...here, meaning: { kind: 'class', node: binding.node } }];
        return [{ ...here, meaning: { kind: 'value' } }];
      case 'function':
        return [{ ...here, meaning: { kind: 'function', node: binding.node } }];
      case 'module':
        return orElse(this.#module(file, binding.module, 0), { ...here, meaning: { kind: 'value' } });
      case 'member':
        return orElse(this.#imported(file, binding, way), { ...here, meaning: { kind: 'value' } });
      default:
        return [{ ...here, meaning: { kind: 'value' } }];
    }
  }

  #module(from: PythonFile, module: string, level: number): readonly Target[] {
    const file = this.#workspace.module(from.path, module, level);
    return file === null ? [] : [{ file, start: 0, end: 0, meaning: { kind: 'module' } }];
  }

  #imported(
    file: PythonFile,
    { module, level, member }: Extract<Binding, { kind: 'member' }>,
    way: number,
  ): readonly Target[] {
    const source = this.#workspace.module(file.path, module, level);
    if (source === null || way === 0) return [];
    const found = source.path === file.path ? [] : this.memberOf(source, member, way - 1);
    return found.length > 0 ? found : this.#submodule(file, module, level, member);
  }

  #submodule(file: PythonFile, module: string, level: number, name: string): readonly Target[] {
    return this.#module(file, module === '' ? name : `${module}.${name}`, level);
  }

  /** What a module means by a name: its own, one that it imports, or a module of its folder. */
  memberOf(file: PythonFile, name: string, way: number): readonly Target[] {
    if (way === 0) return [];
    const own = (file.scope.bindings.get(name) ?? []).flatMap((binding) => this.#binding(file, binding, way - 1));
    if (own.length > 0) return own;
    const starred = this.#starred(file, name, way - 1);
    if (starred.length > 0) return starred;
    return file.path.endsWith('__init__.py') ? this.#module(file, name, 1) : [];
  }

  #starred(file: PythonFile, name: string, way: number): readonly Target[] {
    if (way <= 0 || name.startsWith('_')) return [];
    for (const { module, level } of file.scope.stars) {
      const source = this.#workspace.module(file.path, module, level);
      const found = source === null || source.path === file.path ? [] : this.memberOf(source, name, way - 1);
      if (found.length > 0) return found;
    }
    return [];
  }

  /** The class that `self` is of: the first parameter of a method, which nothing assigns anew. */
  #selfClass(scope: Scope, node: Expr): ClassDef | null {
    if (node.kind !== 'Name') return null;
    const owner = scopeOfName(scope, node.id);
    const bindings = owner?.bindings.get(node.id) ?? [];
    if (owner === null || bindings.length !== 1) return null;
    const [binding] = bindings;
    if (binding.kind !== 'parameter' || binding.position !== 0 || isStatic(binding.function)) return null;
    return classAround(owner);
  }

  /** The class around `super()` or `super(Net, self)`. */
  #superClass(scope: Scope, node: Expr): ClassDef | null {
    if (node.kind !== 'Call' || node.func.kind !== 'Name' || node.func.id !== 'super') return null;
    for (let inner: Scope | null = scope; inner !== null; inner = inner.parent) {
      const found = classAround(inner);
      if (found !== null) return found;
    }
    return null;
  }

  /** `self.name`: assignments of `__init__` first, then of other methods, then the class's own names, then its bases. */
  #attribute(file: PythonFile, owner: ClassDef, name: string, way: number): readonly Target[] {
    const assigned = assignmentsTo(owner, name);
    if (assigned.length > 0)
      return assigned.map(({ end }) => ({ file, start: end - name.length, end, meaning: { kind: 'value' } }));
    const own = this.#ownMember(file, owner, name);
    if (own.length > 0) return own;
    return this.#bases(file, owner, way).flatMap((base) =>
      base.meaning.kind === 'class' ? this.#attribute(base.file, base.meaning.node, name, way - 1) : [],
    );
  }

  #classMember(file: PythonFile, owner: ClassDef, name: string, way: number): readonly Target[] {
    const own = this.#ownMember(file, owner, name);
    return own.length > 0 ? own : this.#inherited(file, owner, name, way);
  }

  /** The first base that knows the name, in the order in which they are written. */
  #inherited(file: PythonFile, owner: ClassDef, name: string, way: number): readonly Target[] {
    for (const base of this.#bases(file, owner, way)) {
      if (base.meaning.kind !== 'class') continue;
      const found = this.#classMember(base.file, base.meaning.node, name, way - 1);
      if (found.length > 0) return found;
    }
    return [];
  }

  #ownMember(file: PythonFile, owner: ClassDef, name: string): readonly Target[] {
    const scope = scopeFor(file.scope, owner);
    return (scope?.bindings.get(name) ?? []).flatMap((binding) => this.#binding(file, binding, LONGEST_WAY));
  }

  #bases(file: PythonFile, owner: ClassDef, way: number): readonly Target[] {
    if (way <= 0) return [];
    const scope = scopeAt(file.scope, owner.start);
    return owner.bases.flatMap((base) => this.expression(file, scope, base));
  }

  #alias(
    file: PythonFile,
    alias: Extract<Node, { kind: 'alias' }>,
    statement: Node | undefined,
    offset: number,
  ): readonly Target[] {
    if (statement?.kind === 'ImportFrom') {
      const { module, level } = statement;
      const place = { name: alias.name, start: alias.start, end: alias.end };
      return this.#imported(
        file,
        { ...place, kind: 'member', module: module ?? '', level, member: alias.name },
        LONGEST_WAY,
      );
    }
    const inName = Math.min(offset - alias.start, alias.name.length);
    const end = alias.name.indexOf('.', inName);
    return this.#module(file, end < 0 ? alias.name : alias.name.slice(0, end), 0);
  }

  /** The module of `from module import …`. */
  #fromModule(
    file: PythonFile,
    { module, level, start, names }: Extract<Node, { kind: 'ImportFrom' }>,
    offset: number,
  ): readonly Target[] {
    const isModulePart = offset > start + 'from'.length && offset < (names[0]?.start ?? start);
    return isModulePart ? this.#module(file, module ?? '', level) : [];
  }

  /** The parameter that `name=` of a call means. */
  #keyword(
    file: PythonFile,
    scope: Scope,
    { arg, start }: Extract<Node, { kind: 'keyword' }>,
    call: Node | undefined,
    offset: number,
  ): readonly Target[] {
    if (arg === null || offset > start + arg.length || call?.kind !== 'Call') return [];
    return this.expression(file, scope, call.func).flatMap((callee) => this.#parameter(callee, arg));
  }

  #parameter({ file, meaning }: Target, name: string): readonly Target[] {
    if (meaning.kind === 'class')
      return this.#classMember(file, meaning.node, '__init__', LONGEST_WAY)
        .filter((target) => target.meaning.kind === 'function')
        .flatMap((target) => this.#parameter(target, name));
    if (meaning.kind !== 'function') return [];
    const scope = scopeFor(file.scope, meaning.node);
    const bindings = scope?.bindings.get(name)?.filter(({ kind }) => kind === 'parameter') ?? [];
    return bindings.map(({ start, end }) => ({ file, start, end, meaning: { kind: 'value' } }));
  }

  /** On the name of a definition or a parameter: itself. */
  #ownName(file: PythonFile, node: Node, scope: Scope, offset: number): readonly Target[] {
    const name = 'name' in node && typeof node.name === 'string' ? node.name : node.kind === 'arg' ? node.arg : null;
    if (name === null) return [];
    const scopes = [scope, scopeFor(file.scope, node), ...(scope.children ?? [])];
    return scopes
      .flatMap((one) => one?.bindings.get(name) ?? [])
      .filter(({ start, end }) => start <= offset && offset <= end)
      .slice(0, 1)
      .flatMap((binding) => this.#binding(file, binding, LONGEST_WAY));
  }
}

const orElse = (found: readonly Target[], otherwise: Target): readonly Target[] =>
  found.length > 0 ? found : [otherwise];

const isStatic = (node: Node): boolean =>
  'decorator_list' in node &&
  node.decorator_list.some(
    (decorator) => decorator.kind === 'Name' && ['staticmethod', 'classmethod'].includes(decorator.id),
  );

/** The nodes that hold an offset, outermost first. */
export function nodesAt(root: Node, offset: number): readonly Node[] {
  const path: Node[] = [];
  for (let node: Node | undefined = root; node !== undefined;) {
    path.push(node);
    const inside: readonly Node[] = childrenOf(node).filter(({ start, end }) => start <= offset && offset <= end);
    // At the border of two the one that begins here is meant.
    node = inside.at(-1);
  }
  return path;
}

function scopeFor(root: Scope, node: Node): Scope | null {
  if (root.node === node) return root;
  for (const child of root.children) {
    if (child.node.start > node.start || child.node.end < node.end) continue;
    const found = scopeFor(child, node);
    if (found !== null) return found;
  }
  return null;
}

/** Targets `self.name` of assignments in the methods of a class; those of `__init__` alone when it has such. */
function assignmentsTo(owner: ClassDef, name: string): readonly { readonly end: number }[] {
  const methods = owner.body.flatMap((statement) =>
    statement.kind === 'FunctionDef' && !isStatic(statement) ? [statement] : [],
  );
  const inMethods = methods.map((method) => {
    const self = method.args.posonlyargs[0] ?? method.args.args[0];
    return { isInit: method.name === '__init__', found: self ? storesIn(method, self.arg, name) : [] };
  });
  const inInit = inMethods.filter(({ isInit }) => isInit).flatMap(({ found }) => found);
  return inInit.length > 0 ? inInit : inMethods.flatMap(({ found }) => found);
}

function storesIn(node: Node, self: string, name: string): readonly { readonly end: number }[] {
  const isStore =
    node.kind === 'Attribute' &&
    node.attr === name &&
    node.ctx === 'Store' &&
    node.value.kind === 'Name' &&
    node.value.id === self;
  return [...(isStore ? [node] : []), ...childrenOf(node).flatMap((child) => storesIn(child, self, name))];
}

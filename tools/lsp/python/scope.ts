/**
 * Which names a Python file binds, and where: the scopes of Python's own rules (a class's names are not seen by its
 * methods, comprehensions have scopes of their own, `global` and `nonlocal` bind elsewhere). Control flow is not followed:
 * a name has all its bindings.
 */
import type { Arguments, ClassDef, Node, Stmt } from '../../../compiler/frontend/syntax/index.ts';
import { childrenOf } from '../../../compiler/frontend/syntax/index.ts';

type FunctionNode = Extract<Node, { kind: 'FunctionDef' | 'AsyncFunctionDef' | 'Lambda' }>;
type ScopeNode =
  Extract<Node, { kind: 'Module' | 'ClassDef' | 'ListComp' | 'SetComp' | 'DictComp' | 'GeneratorExp' }> | FunctionNode;

/** How a name got its meaning. */
export type Binding = { readonly name: string; readonly start: number; readonly end: number } & (
  | { readonly kind: 'class' | 'function'; readonly node: Extract<Stmt, { name: string; body: readonly Stmt[] }> }
  | { readonly kind: 'parameter'; readonly function: FunctionNode; readonly position: number }
  | { readonly kind: 'variable' }
  /** `import a.b` binds `a`; `import a.b as c` binds `c` to `a.b`. */
  | { readonly kind: 'module'; readonly module: string }
  | { readonly kind: 'member'; readonly module: string; readonly level: number; readonly member: string }
);

export interface StarImport {
  readonly module: string;
  readonly level: number;
}

export interface Scope {
  readonly node: ScopeNode;
  readonly parent: Scope | null;
  readonly bindings: ReadonlyMap<string, readonly Binding[]>;
  readonly stars: readonly StarImport[];
  readonly children: readonly Scope[];
}

/** The scopes of a file; the outermost is the module's. */
export function scopesOf(text: string, module: Extract<Node, { kind: 'Module' }>): Scope {
  return new ScopeBuilder(text, module, null).build();
}

const COMPREHENSIONS: ReadonlySet<Node['kind']> = new Set(['ListComp', 'SetComp', 'DictComp', 'GeneratorExp']);

class ScopeBuilder {
  readonly bindings = new Map<string, Binding[]>();
  readonly #stars: StarImport[] = [];
  readonly #children: Scope[] = [];
  readonly #elsewhere = new Map<string, ScopeBuilder>();
  readonly #text: string;
  readonly #node: ScopeNode;
  readonly #parent: ScopeBuilder | null;
  #built: { -readonly [Name in keyof Scope]: Scope[Name] } | null = null;

  constructor(text: string, node: ScopeNode, parent: ScopeBuilder | null) {
    this.#text = text;
    this.#node = node;
    this.#parent = parent;
  }

  build(): Scope {
    const node = this.#node;
    const parent = this.#parent?.scope() ?? null;
    this.#built = { node, parent, bindings: this.bindings, stars: this.#stars, children: this.#children };
    if (node.kind === 'Lambda' || node.kind === 'FunctionDef' || node.kind === 'AsyncFunctionDef')
      this.#parameters(node);
    const body =
      'body' in node && node.kind !== 'Lambda' ? node.body : node.kind === 'Lambda' ? [node.body] : childrenOf(node);
    for (const child of body) this.#visit(child);
    return this.#built;
  }

  scope(): Scope | null {
    return this.#built;
  }

  #bind(binding: Binding): void {
    const { bindings } = this.#elsewhere.get(binding.name) ?? this;
    const list = bindings.get(binding.name);
    if (list === undefined) bindings.set(binding.name, [binding]);
    else list.push(binding);
  }

  #visit(node: Node): void {
    switch (node.kind) {
      case 'FunctionDef':
      case 'AsyncFunctionDef':
      case 'ClassDef':
        return this.#definition(node);
      case 'Lambda':
        this.#outside(node.args);
        this.#children.push(new ScopeBuilder(this.#text, node, this).build());
        return;
      case 'Global':
      case 'Nonlocal':
        for (const name of node.names) this.#elsewhere.set(name, this.#owner(name, node.kind === 'Global'));
        return;
      case 'Name':
        if (node.ctx === 'Store') this.#bind({ kind: 'variable', name: node.id, start: node.start, end: node.end });
        return;
      case 'NamedExpr':
        this.#outsideComprehensions().#visit(node.target);
        return this.#visit(node.value);
      case 'alias':
        return; // bound by its import
      case 'Import':
        return node.names.forEach((alias) => this.#import(alias));
      case 'ImportFrom':
        return this.#importFrom(node);
      case 'ExceptHandler':
      case 'MatchAs':
      case 'MatchStar':
      case 'MatchMapping':
        this.#named(node);
        break;
    }
    if (COMPREHENSIONS.has(node.kind)) {
      // The set holds exactly these kinds.
      this.#children.push(new ScopeBuilder(this.#text, node as ScopeNode, this).build());
      return;
    }
    for (const child of childrenOf(node)) this.#visit(child);
  }

  /** `:=` in a comprehension binds in the scope around. */
  #outsideComprehensions(): ScopeBuilder {
    return COMPREHENSIONS.has(this.#node.kind) && this.#parent !== null ? this.#parent.#outsideComprehensions() : this;
  }

  #definition(node: Extract<Node, { kind: 'FunctionDef' | 'AsyncFunctionDef' | 'ClassDef' }>): void {
    const start = this.#after(node.start, /(?:async\s+)?(?:def|class)\s+/y);
    const place = { name: node.name, start, end: start + node.name.length, node };
    this.#bind({ ...place, kind: node.kind === 'ClassDef' ? 'class' : 'function' });
    for (const decorator of node.decorator_list) this.#visit(decorator);
    if (node.kind === 'ClassDef') for (const part of [...node.bases, ...node.keywords]) this.#visit(part);
    else {
      this.#outside(node.args);
      if (node.returns !== null) this.#visit(node.returns);
    }
    this.#children.push(new ScopeBuilder(this.#text, node, this).build());
  }

  /** Defaults and annotations of parameters are read in the scope around. */
  #outside(args: Arguments): void {
    for (const child of childrenOf(args)) {
      if (child.kind !== 'arg') this.#visit(child);
      else if (child.annotation !== null) this.#visit(child.annotation);
    }
  }

  #parameters(node: FunctionNode): void {
    const { posonlyargs, args, vararg, kwonlyargs, kwarg } = node.args;
    [...posonlyargs, ...args, vararg, ...kwonlyargs, kwarg].forEach((argument, position) => {
      if (argument === null) return;
      const { start, arg: name } = argument;
      this.#bind({ kind: 'parameter', name, start, end: start + name.length, function: node, position });
    });
  }

  #import({ name, asname, start, end }: Extract<Node, { kind: 'alias' }>): void {
    if (asname !== null)
      return this.#bind({ kind: 'module', name: asname, start: end - asname.length, end, module: name });
    const [first] = name.split('.');
    this.#bind({ kind: 'module', name: first, start, end: start + first.length, module: first });
  }

  #importFrom({ module, level, names }: Extract<Node, { kind: 'ImportFrom' }>): void {
    for (const { name, asname, end } of names) {
      const from = { module: module ?? '', level };
      if (name === '*') this.#stars.push(from);
      else {
        const bound = asname ?? name;
        this.#bind({ kind: 'member', name: bound, start: end - bound.length, end, ...from, member: name });
      }
    }
  }

  /** Names that a node holds as text: the place is where the text has them. */
  #named(node: Extract<Node, { kind: 'ExceptHandler' | 'MatchAs' | 'MatchStar' | 'MatchMapping' }>): void {
    const name = node.kind === 'MatchMapping' ? node.rest : node.name;
    if (name === null) return;
    const start = this.#text.indexOf(name, node.start);
    this.#bind({ kind: 'variable', name, start, end: start + name.length });
  }

  /** The scope that `global` or `nonlocal` means. */
  #owner(name: string, isGlobal: boolean): ScopeBuilder {
    const parent = this.#parent;
    if (parent === null) return this;
    const isMeant = !isGlobal && parent.#node.kind !== 'ClassDef' && parent.bindings.has(name);
    return isMeant ? parent : parent.#owner(name, isGlobal);
  }

  /** The offset behind what a pattern matches at an offset. */
  #after(offset: number, pattern: RegExp): number {
    pattern.lastIndex = offset;
    return offset + (pattern.exec(this.#text)?.[0].length ?? 0);
  }
}

/** The innermost scope whose code holds an offset; heads of functions and classes belong to the scope around. */
export function scopeAt(root: Scope, offset: number): Scope {
  const inner = root.children.find(({ node }) => bodyStart(node) <= offset && offset <= node.end);
  return inner === undefined ? root : scopeAt(inner, offset);
}

function bodyStart(node: ScopeNode): number {
  if (node.kind === 'Lambda') return node.body.start;
  return 'body' in node && node.kind !== 'Module' ? (node.body[0]?.start ?? node.end) : node.start;
}

/** The scope that binds a name, seen from another; null for built-in and unknown names. */
export function scopeOfName(from: Scope, name: string): Scope | null {
  for (let scope: Scope | null = from; scope !== null; scope = scope.parent) {
    const isHidden = scope !== from && scope.node.kind === 'ClassDef';
    if (!isHidden && scope.bindings.has(name)) return scope;
  }
  return null;
}

/** The class whose method this scope is, directly. */
export function classAround(scope: Scope): ClassDef | null {
  const { node, parent } = scope;
  const isFunction = node.kind === 'FunctionDef' || node.kind === 'AsyncFunctionDef';
  return isFunction && parent?.node.kind === 'ClassDef' ? parent.node : null;
}

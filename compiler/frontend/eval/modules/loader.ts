/** Finding and making modules: definitions that come with msc, then files below the import roots, else opaque. */
import { decodePython, type Stmt } from '../../syntax/index.ts';
import { PyList, PyTuple } from '../objects/containers.ts';
import { importError, moduleNotFoundError } from '../objects/exceptions.ts';
import { NativeFunction } from '../objects/functions.ts';
import type { Member, ModuleDefinition } from '../objects/native.ts';
import { Stop } from '../objects/interpreter.ts';
import { Opaque, Pending, PyModule } from '../objects/modules.ts';
import { PyClass, PyObject, type PyDict, type PyValue } from '../objects/object.ts';
import type { ImportRequest, Machine } from '../protocol/machine.ts';
import { textOf } from '../protocol/sequences.ts';
import { importedModules } from './registrars.ts';
import { SourceModule, type RunMode, type StarSource } from './source-module.ts';

export class Loader {
  private readonly py: Machine;
  private readonly definitions: ReadonlyMap<string, ModuleDefinition>;
  private readonly roots: string[];
  private readonly sources = new Map<PyDict, SourceModule>();

  constructor(py: Machine, definitions: readonly ModuleDefinition[], roots: readonly string[]) {
    this.py = py;
    this.definitions = new Map(definitions.map((definition) => [definition.name, definition]));
    this.roots = [...roots];
  }

  /** The names of native packages, for "did you mean". */
  hasDefinition(name: string): boolean {
    return this.definitions.has(name) || [...this.definitions.keys()].some((known) => known.startsWith(`${name}.`));
  }

  /** Whether the source of a file comes with msc (and is not the user's). */
  isLibraryFile(path: string): boolean {
    return [...this.definitions.values()].some(
      (definition) => definition.kind === 'source' && definition.path === path,
    );
  }

  addRoot(root: string): void {
    if (!this.roots.includes(root)) this.roots.unshift(root);
  }

  /** The lazily evaluated module whose globals these are. */
  sourceOf(globals: PyDict): SourceModule | undefined {
    return this.sources.get(globals);
  }

  allSources(): Iterable<SourceModule> {
    return this.sources.values();
  }

  /** A module by its absolute name; undefined when there is none. Its body does not run. */
  find(name: string): PyModule | undefined {
    const known = this.py.modules.map.get(name);
    if (known instanceof PyModule) return known;
    const definition = this.definitions.get(name);
    if (definition) return this.fromDefinition(definition);
    if (this.hasDefinition(name)) return this.namespacePackage(name);
    return this.fromFiles(name);
  }

  private register(name: string): PyModule {
    const module = new PyModule(name);
    module.resolve = (attribute) => this.find(`${name}.${attribute}`);
    this.py.modules.map.set(name, module);
    return module;
  }

  private namespacePackage(name: string): PyModule {
    const module = this.register(name);
    module.attributes.map.set('__path__', name);
    return module;
  }

  private fromDefinition(definition: ModuleDefinition): PyModule {
    const module = this.register(definition.name);
    const { map } = module.attributes;
    map.set('__doc__', null);
    map.set(
      '__package__',
      this.hasSubmodules(definition.name) ? definition.name : definition.name.split('.').slice(0, -1).join('.'),
    );
    if (definition.kind === 'native') {
      for (const member of definition.members(this.py)) addToModule(module, member);
      return module;
    }
    this.attachSource(module, {
      path: definition.path,
      text: definition.text(),
      isPackage: this.hasSubmodules(definition.name),
      mode: 'library',
    });
    return module;
  }

  private hasSubmodules(name: string): boolean {
    return [...this.definitions.keys()].some((known) => known.startsWith(`${name}.`));
  }

  private attachSource(
    module: PyModule,
    source: { path: string; text: string; isPackage: boolean; mode: RunMode },
  ): SourceModule {
    const { map } = module.attributes;
    map.set('__file__', source.path);
    if (!map.has('__doc__')) map.set('__doc__', null);
    map.set('__package__', source.isPackage ? module.name : module.name.split('.').slice(0, -1).join('.'));
    if (source.isPackage) map.set('__path__', source.path.replace(/\/?__init__\.py$/, ''));
    const made = new SourceModule(
      this.py,
      module,
      { name: source.path, text: source.text },
      {
        isPackage: source.isPackage,
        mode: source.mode,
        starSource: (from, statement) => this.starSource(from, statement),
        completeRegister: (from, registrars) => this.completeRegister(from, registrars),
      },
    );
    this.sources.set(module.attributes, made);
    const submodule = module.resolve;
    module.resolve = (name) => {
      const value = made.demand(name);
      return value === undefined && source.isPackage ? submodule?.(name) : value;
    };
    return made;
  }

  private fromFiles(name: string): PyModule | undefined {
    const parts = name.split('.');
    const parentName = parts.slice(0, -1).join('.');
    const folders = parentName === '' ? this.roots : this.searchPath(parentName);
    for (const folder of folders) {
      const base = folder === '' ? parts[parts.length - 1] : `${folder}/${parts[parts.length - 1]}`;
      if (this.py.host.kindOf(`${base}/__init__.py`) === 'file')
        return this.fromFile(name, `${base}/__init__.py`, true);
      if (this.py.host.kindOf(`${base}.py`) === 'file') return this.fromFile(name, `${base}.py`, false);
      if (this.py.host.kindOf(base) === 'directory') {
        const module = this.namespacePackage(name);
        module.attributes.map.set('__path__', base);
        return module;
      }
    }
    return undefined;
  }

  private searchPath(parentName: string): string[] {
    const path = this.find(parentName)?.attributes.map.get('__path__');
    return typeof path === 'string' ? [path] : [];
  }

  private fromFile(name: string, path: string, isPackage: boolean): PyModule | undefined {
    const text = this.readText(path);
    if (text === null) return undefined;
    const module = this.register(name);
    this.attachSource(module, { path, text, isPackage, mode: 'library' });
    return module;
  }

  private readText(path: string): string | null {
    const content = this.py.host.readFile(path);
    if (!content.ok) return null;
    const text = decodePython(content.value, path);
    if (!text.ok) throw new Stop(text.error);
    return text.value;
  }

  /** Makes the module of the user's file. */
  enter(name: string, path: string, text: string, mode: RunMode): SourceModule {
    const module = this.register(name);
    return this.attachSource(module, { path, text, isPackage: path.endsWith('/__init__.py'), mode });
  }

  /** The absolute name that a request means in a namespace. */
  private absoluteName(globals: PyDict, { module, level }: ImportRequest): string {
    if (level === 0) return module;
    const packageName = textOf(globals.map.get('__package__') ?? '') ?? '';
    const parts = packageName.split('.').filter((part) => part !== '');
    if (parts.length === 0 || level > parts.length)
      throw importError('attempted relative import with no known parent package');
    return [...parts.slice(0, parts.length - level + 1), ...(module === '' ? [] : [module])].join('.');
  }

  private missing(name: string, request: ImportRequest): Opaque {
    if (request.checked || request.level > 0 || this.find(name.split('.')[0]))
      throw moduleNotFoundError(`No module named '${name}'`);
    return new Opaque(name, request.span);
  }

  importFor(globals: PyDict, request: ImportRequest, lazy: boolean): PyValue {
    const name = this.absoluteName(globals, request);
    if (request.symbol === null) return this.importModule(name, request, lazy);
    if (request.checked) this.checkSymbol(name, request.symbol, request);
    const symbol = request.symbol ?? '';
    const make = (): PyValue => {
      // `from . import x` in a package means its submodule: the name itself is only being bound.
      const module = this.find(name);
      const submodule = module?.attributes === globals ? this.find(`${name}.${symbol}`) : undefined;
      return submodule ?? this.importSymbol(name, symbol, request);
    };
    return lazy ? new Pending(once(make, symbol)) : make();
  }

  private importModule(name: string, request: ImportRequest, lazy: boolean): PyValue {
    const bound = request.renamed ? name : name.split('.')[0];
    if (request.checked || !lazy) {
      const target = this.find(name) ?? this.missing(name, request);
      return target instanceof Opaque && !request.renamed
        ? new Opaque(bound, request.span)
        : request.renamed
          ? target
          : (this.find(bound) ?? target);
    }
    const make = (): PyValue => {
      if (!this.find(name)) this.missing(name, request);
      return this.find(bound) ?? new Opaque(bound, request.span);
    };
    return new Pending(once(make, bound));
  }

  private importSymbol(name: string, symbol: string, request: ImportRequest): PyValue {
    const module = this.find(name);
    if (!module) return new Opaque(`${this.missing(name, request).path}.${symbol}`, request.span);
    const attribute = this.py.findAttribute(module, symbol);
    const found = attribute === undefined ? this.find(`${name}.${symbol}`) : attribute;
    if (found === undefined) throw this.cannotImport(module, symbol, request);
    return found;
  }

  private cannotImport(
    module: PyModule,
    symbol: string,
    request: ImportRequest,
  ): Error | ReturnType<typeof importError> {
    void this.sources.get(module.attributes)?.body; // a file that does not parse says so first
    const raised = importError(`cannot import name '${symbol}' from '${module.name}'`);
    raised.exception.traceback.push({ functionName: '<import>', span: request.span });
    return raised;
  }

  /** In a `try` that handles ImportError a missing symbol must fail where the import stands. */
  private checkSymbol(name: string, symbol: string, request: ImportRequest): void {
    const module = this.find(name);
    if (!module) throw moduleNotFoundError(`No module named '${name}'`);
    const source = this.sources.get(module.attributes);
    const present = source
      ? source.binds(symbol) || this.find(`${name}.${symbol}`)
      : this.py.findAttribute(module, symbol);
    if (present === undefined || present === false) throw this.cannotImport(module, symbol, request);
  }

  /** Runs the decorated definitions of all modules that the package of a module imports. */
  private completeRegister(from: SourceModule, registrars: ReadonlySet<string>): void {
    const root = from.module.name.split('.')[0];
    const seen = new Set<PyModule>();
    const visit = (module: PyModule | undefined): void => {
      const source = module && this.sources.get(module.attributes);
      if (!module || !source || seen.has(module)) return;
      seen.add(module);
      source.runDecorated(registrars);
      const parent = textOf(module.attributes.map.get('__package__') ?? '') ?? '';
      for (const { level, module: path, names } of importedModules(source.body)) {
        const base =
          level === 0
            ? path
            : [...parent.split('.').slice(0, parent.split('.').length - level + 1), path]
                .filter((part) => part !== '')
                .join('.');
        if (base.split('.')[0] !== root && this.sources.get(module.attributes)?.isEntry !== true) continue;
        visit(this.find(base));
        for (const name of names) if (name !== '*') visit(this.find(`${base}.${name}`));
      }
    };
    for (const source of [...this.sources.values()]) if (source.isEntry) visit(source.module);
    visit(this.find(root));
  }

  private starSource(from: SourceModule, statement: Stmt): StarSource | null {
    if (statement.kind !== 'ImportFrom') return null;
    const span = { file: from.file, start: statement.start, end: statement.end };
    const request: ImportRequest = {
      module: statement.module ?? '',
      level: statement.level,
      symbol: '*',
      renamed: false,
      checked: false,
      span,
    };
    const module = this.find(this.absoluteName(from.module.attributes, request));
    return module ? this.starOf(module) : null;
  }

  private starOf(module: PyModule): StarSource {
    const source = this.sources.get(module.attributes);
    return {
      exports: (name) => (source ? source.exports(name) : exportsNative(module, name)),
      get: (name) => this.py.findAttribute(module, name),
    };
  }

  /** `from module import *` that runs as a statement: names of native modules are copied, those of source modules are found when needed. */
  importAll(globals: PyDict, namespace: PyDict, request: ImportRequest): void {
    const name = this.absoluteName(globals, request);
    const module = this.find(name);
    if (!module) {
      this.missing(name, request);
      return;
    }
    if (this.sources.has(globals)) return;
    module.complete?.();
    for (const key of [...module.attributes.map.keys()]) {
      if (typeof key === 'string' && exportsNative(module, key))
        namespace.map.set(key, this.py.getAttribute(module, key));
    }
  }
}

function exportsNative(module: PyModule, name: string): boolean {
  const all = module.attributes.map.get('__all__');
  if (all instanceof PyList || all instanceof PyTuple) return all.items.includes(name);
  return !name.startsWith('_') && module.attributes.map.has(name);
}

/** Makes a value once; asking for it while it is being made is a circular import. */
function once(make: () => PyValue, name: string): () => PyValue {
  let made: PyValue | undefined;
  let running = false;
  return () => {
    if (made !== undefined) return made;
    if (running) throw importError(`cannot import name '${name}' (most likely due to a circular import)`);
    running = true;
    try {
      return (made = make());
    } finally {
      running = false;
    }
  };
}

/** Puts a native member into a module. */
export function addToModule(module: PyModule, member: Member): void {
  const [name, value]: readonly [string, PyValue] = member instanceof PyObject ? [member.name, member] : member;
  if (value instanceof NativeFunction && value.module === null) value.module = module.name;
  if (value instanceof PyClass && value.builtIn && !value.namespace.map.has('__module__'))
    value.namespace.map.set('__module__', module.name);
  module.attributes.map.set(name, value);
}

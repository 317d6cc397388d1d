/** A module made of Python source that runs statement by statement, on demand. */
import type { SourceFile } from '../../../ir/index.ts';
import { parsePython, type Stmt } from '../../syntax/index.ts';
import { compilers } from '../compile/table.ts';
import type { Context } from '../compile/context.ts';
import { analyse } from '../compile/scope.ts';
import { freshSlots } from '../compile/slots.ts';
import { Frame, type Code } from '../objects/functions.ts';
import { Stop } from '../objects/interpreter.ts';
import { Opaque, Pending, type PyModule } from '../objects/modules.ts';
import type { PyValue } from '../objects/object.ts';
import { runFrame } from '../protocol/call.ts';
import type { Machine } from '../protocol/machine.ts';
import { notAvailable } from '../diagnostics.ts';
import { decoratedWith, findRegistrars } from './registrars.ts';
import { indexModule, type ModuleIndex } from './statement-index.ts';

/** What a `from x import *` of this module reaches. */
export interface StarSource {
  exports(name: string): boolean;
  get(name: string): PyValue | undefined;
}

interface Parsed {
  readonly body: readonly Stmt[];
  readonly index: ModuleIndex;
}

/** `import a, b` as two statements, so that each name can be made by itself. */
function oneNameEach(statement: Stmt): readonly Stmt[] {
  if (statement.kind === 'Import') return statement.names.map((alias) => ({ ...statement, names: [alias] }));
  if (statement.kind === 'ImportFrom') return statement.names.map((alias) => ({ ...statement, names: [alias] }));
  return [statement];
}

/** How much of a module runs before its names are asked for. */
export type RunMode = 'library' | 'entry' | 'script';

export class SourceModule {
  readonly module: PyModule;
  readonly file: SourceFile;
  readonly isPackage: boolean;
  private readonly py: Machine;
  private readonly mode: RunMode;
  private readonly starSource: (module: SourceModule, statement: Stmt) => StarSource | null;
  private readonly completeRegister: (module: SourceModule, registrars: ReadonlySet<string>) => void;
  private parsed: Parsed | null = null;
  private knownRegisters: ReadonlyMap<string, ReadonlySet<string>> | null = null;
  private readonly guarded = new Set<string>();
  private readonly done = new Set<number>();
  /** Positions of the statements that are running, innermost last. */
  private readonly running: number[] = [];
  private effectsDone = false;
  private readonly absent = new Set<string>();
  private readonly stars = new Map<number, StarSource | null>();

  constructor(
    py: Machine,
    module: PyModule,
    file: SourceFile,
    options: {
      readonly isPackage: boolean;
      readonly mode: RunMode;
      readonly starSource: (module: SourceModule, statement: Stmt) => StarSource | null;
      readonly completeRegister: (module: SourceModule, registrars: ReadonlySet<string>) => void;
    },
  ) {
    this.py = py;
    this.module = module;
    this.file = file;
    this.isPackage = options.isPackage;
    this.mode = options.mode;
    this.starSource = options.starSource;
    this.completeRegister = options.completeRegister;
    module.complete = () => this.runAll();
  }

  private tree(): Parsed {
    if (this.parsed) return this.parsed;
    const { module, diagnostics } = parsePython(this.file.text, this.file.name);
    if (diagnostics.length > 0) throw new Stop(...diagnostics);
    const body = module.body.flatMap(oneNameEach);
    this.parsed = { body, index: indexModule({ ...module, body }) };
    return this.parsed;
  }

  /** Whether it is the user's file. */
  get isEntry(): boolean {
    return this.mode !== 'library';
  }

  /** The top-level statements. */
  get body(): readonly Stmt[] {
    return this.tree().body;
  }

  get index(): ModuleIndex {
    return this.tree().index;
  }

  /** Whether the text mentions a name at all: without that, no statement can bind it. */
  private mentions(name: string): boolean {
    return this.file.text.includes(name);
  }

  /** Whether a name is bound here, told from the text alone. */
  binds(name: string): boolean {
    if (this.module.attributes.map.has(name)) return true;
    if (this.mentions(name) && this.index.touching.has(name)) return true;
    return this.starsFor(name) !== undefined;
  }

  /** Whether `from … import *` of this module brings a name. */
  exports(name: string): boolean {
    const mayHold = this.mentions(name) || /\bimport\s*\*/.test(this.file.text);
    if (!mayHold || !this.binds(name)) return false;
    const { exported, decorated } = this.index;
    if (exported === undefined) return !name.startsWith('_');
    if (exported === null) return !name.startsWith('_') || name.startsWith('__') === false;
    return exported.has(name) || decorated.has(name);
  }

  /** Makes a name by running the statements that touch it; undefined when the module has no such name. */
  demand(name: string): PyValue | undefined {
    if (this.absent.has(name)) return undefined;
    if (!this.mentions(name) && !/\bimport\s*\*/.test(this.file.text)) return undefined;
    this.runEffects();
    this.runSettings();
    const positions = this.index.touching.get(name) ?? [];
    this.runBefore(name, positions);
    if (this.registers.has(name)) this.guardRegister(name);
    if (!this.module.attributes.map.has(name)) this.runThose(positions);
    const found = this.fromStars(name, positions.at(-1) ?? -1) ?? this.module.attributes.map.get(name);
    if (found === undefined && this.running.length === 0) this.absent.add(name);
    return found instanceof Pending ? found.force() : found;
  }

  /**
   * Runs the statements for a name that come before the one that is running. If later ones are left, the value is not final: it is put behind a
   * `Pending`, so that whoever reads it later has them run first.
   */
  private runBefore(name: string, positions: readonly number[]): void {
    const limit = this.running.at(-1) ?? Infinity;
    this.runThose(positions.filter((position) => position < limit));
    const { map } = this.module.attributes;
    const value = map.get(name);
    const isOpen = positions.some((position) => position > limit && !this.done.has(position));
    if (!isOpen || value === undefined || value instanceof Pending) return;
    const force = (): PyValue => {
      map.set(name, value);
      this.runBefore(name, positions);
      const now = map.get(name);
      return now instanceof Pending ? value : (now as PyValue); // the name was just set
    };
    map.set(name, new Pending(force));
  }

  /** Register → its registrars, for files that have any. */
  private get registers(): ReadonlyMap<string, ReadonlySet<string>> {
    return (this.knownRegisters ??= /def \w*regist/i.test(this.file.text)
      ? findRegistrars(this.body)
      : new Map<string, ReadonlySet<string>>());
  }

  /** The first reader of a register who is no registrar has it filled first. */
  private guardRegister(name: string): void {
    const { map } = this.module.attributes;
    const value = map.get(name);
    const registrars = this.registers.get(name);
    if (value === undefined || value instanceof Pending || !registrars || this.guarded.has(name)) return;
    this.guarded.add(name);
    const force = (): PyValue => {
      const fn = this.py.frame?.function;
      if (fn && fn.globals === this.module.attributes && registrars.has(fn.code.name)) return value;
      map.set(name, value);
      this.completeRegister(this, registrars);
      return map.get(name) ?? value;
    };
    map.set(name, new Pending(force));
  }

  private fromStars(name: string, after: number): PyValue | undefined {
    const source = this.starsFor(name, after);
    const value = source?.get(name);
    if (value !== undefined) this.module.attributes.map.set(name, value);
    return value;
  }

  /** The last star import that brings a name, after a position. */
  private starsFor(name: string, after = -1): StarSource | undefined {
    if (name.startsWith('__') || !/\bimport\s*\*/.test(this.file.text)) return undefined;
    for (const position of [...this.index.stars].reverse()) {
      if (position < after) return undefined;
      const source = this.starAt(position);
      if (source?.exports(name)) return source;
    }
    return undefined;
  }

  private starAt(position: number): StarSource | null {
    if (!this.stars.has(position)) {
      this.stars.set(position, null); // a ring of star imports ends here
      this.stars.set(position, this.starSource(this, this.body[position]));
    }
    return this.stars.get(position) ?? null;
  }

  /** What a module does on import besides defining names. In the entry file only a script does that. */
  private runEffects(): void {
    if (this.effectsDone || this.mode !== 'library') return;
    this.effectsDone = true;
    this.runThose(this.index.effects);
  }

  /** In the user's file settings hold for everything made later; those of packages that are absent are passed over. */
  private runSettings(): void {
    if (this.effectsDone || this.mode !== 'entry') return;
    this.effectsDone = true;
    for (const { position, root } of this.index.settings)
      if (!this.done.has(position) && !(this.demand(root) instanceof Opaque)) this.runThose([position]);
  }

  /** Runs the definitions that are decorated with one of these names. */
  runDecorated(names: ReadonlySet<string>): void {
    if ([...names].some((name) => this.mentions(name))) this.runThose(decoratedWith(this.body, names));
  }

  private runThose(positions: readonly number[]): void {
    for (const position of positions) if (!this.done.has(position)) this.run(position);
  }

  runAll(): void {
    this.runThose(this.body.map((_, position) => position));
  }

  /** Runs one top-level statement in a frame of its own. */
  run(position: number): void {
    this.done.add(position);
    const statement = this.body[position];
    this.running.push(position);
    try {
      const execute = (): void => this.py.unjournaled(() => this.execute(statement));
      if (this.py.hooks.statement) this.py.hooks.statement(execute);
      else execute();
    } finally {
      this.running.pop();
    }
  }

  private execute(statement: Stmt): void {
    const scope = analyse([statement]);
    const context: Context = { py: this.py, compilers, file: this.file, scope, checkedImports: false, qualifier: '' };
    const run = compilers.block(context, [statement], null);
    const { unit } = scope;
    const code: Code = {
      name: '<module>',
      qualifiedName: '<module>',
      slotNames: unit.slotNames,
      cells: [...unit.cells],
      free: [],
      isGenerator: false,
      isAsync: false,
      span: { file: this.file, start: statement.start, end: statement.end },
      doc: null,
      run: (frame) => {
        run(frame);
        return null;
      },
      start: () =>
        notAvailable({ file: this.file, start: statement.start, end: statement.end }, 'yield outside of a function'),
    };
    const slots = freshSlots(code, null);
    const frame = new Frame(code, slots, this.module.attributes, null, null);
    frame.at = code.span;
    runFrame(this.py, frame);
  }
}

/** Making an interpreter: the operations of Python around the state of one run. */
import { diagnose, type Diagnostic, type Span } from '../../ir/index.ts';
import { evaluatorDiagnostics } from './diagnostics.ts';
import { Journals, rollBack } from './journal.ts';
import { Loader } from './modules/loader.ts';
import { frameView } from './compile/points.ts';
import { callMethod } from './compile/call-expression.ts';
import { importError } from './objects/exceptions.ts';
import { Stop, type Hooks, type Host, type Limits } from './objects/interpreter.ts';
import { addMembers, type Member, type ModuleDefinition } from './objects/native.ts';
import { PyModule } from './objects/modules.ts';
import { PyDict, type PyClass, type PyObject } from './objects/object.ts';
import { deleteAttribute, findAttribute, findSpecial, getAttribute, setAttribute } from './protocol/attributes.ts';
import { call } from './protocol/call.ts';
import { makeClass } from './protocol/classes.ts';
import { compare, contains, equal, isInstance, isSubclass, truth } from './protocol/compare.ts';
import { format } from './protocol/format.ts';
import { collect, deleteItem, getItem, iterate, length, setItem } from './protocol/items.ts';
import type { Machine } from './protocol/machine.ts';
import { binary, inPlace, unary } from './protocol/operators.ts';
import { hashOf } from './protocol/table.ts';
import { repr, str } from './protocol/text.ts';

/** What the built-in names and classes are: given by the library room, so that the evaluator does not import it. */
export interface Builtins {
  /** Members of the module `builtins`. */
  readonly names: (py: Machine) => Iterable<Member>;
  /** Methods of the built-in classes. */
  readonly methods: readonly { readonly cls: PyClass; readonly members: readonly Member[] }[];
}

export interface InterpreterOptions {
  readonly host: Host;
  readonly builtins: Builtins;
  readonly modules: readonly ModuleDefinition[];
  readonly hooks?: Hooks;
  readonly limits?: Partial<Limits>;
  /** Folders in which packages are looked for. */
  readonly roots?: readonly string[];
}

export const defaultLimits: Limits = { maxSteps: 200_000_000, maxDepth: 1000, maxMemory: 1024 ** 3 };

const completed = new WeakSet<Builtins>();

/** Gives the built-in classes their methods: they are constants, so this happens once. */
function completeClasses(builtins: Builtins): void {
  if (completed.has(builtins)) return;
  completed.add(builtins);
  for (const { cls, members } of builtins.methods) addMembers(cls, members);
}

/** A machine together with its loader, which only `evaluate.ts` needs. */
export interface LoadedMachine {
  readonly machine: Machine;
  readonly loader: Loader;
}

/** The operations that only pass the interpreter on. */
function operations(self: () => Machine): Pick<Machine, OperationName> {
  return {
    call: (callee, positional = [], keywords = null) => call(self(), callee, positional, keywords),
    callMethod: (object, name, positional = [], keywords = null) =>
      callMethod(self(), object, name, positional, keywords),
    getAttribute: (object, name) => getAttribute(self(), object, name),
    findAttribute: (object, name) => findAttribute(self(), object, name),
    setAttribute: (object, name, value) => setAttribute(self(), object, name, value),
    deleteAttribute: (object, name) => deleteAttribute(self(), object, name),
    findSpecial: (object, name) => findSpecial(self(), object, name),
    getItem: (object, key) => getItem(self(), object, key),
    setItem: (object, key, value) => setItem(self(), object, key, value),
    deleteItem: (object, key) => deleteItem(self(), object, key),
    contains: (container, item) => contains(self(), container, item),
    length: (object) => length(self(), object),
    iterate: (object) => iterate(self(), object),
    collect: (object) => collect(self(), object),
    truth: (value) => truth(self(), value),
    equal: (left, right) => equal(self(), left, right),
    hash: (value) => hashOf(self(), value),
    binary: (operator, left, right) => binary(self(), operator, left, right),
    inPlace: (operator, left, right) => inPlace(self(), operator, left, right),
    unary: (operator, operand) => unary(self(), operator, operand),
    compare: (operator, left, right) => compare(self(), operator, left, right),
    isInstance: (value, cls) => isInstance(self(), value, cls),
    isSubclass: (cls, other) => isSubclass(self(), cls, other),
    repr: (value) => repr(self(), value),
    str: (value) => str(self(), value),
    format: (value, specification) => format(self(), value, specification),
    makeClass: (name, bases, namespace, keywords = null) => makeClass(self(), name, bases, namespace, keywords),
  };
}

type OperationName =
  | 'call'
  | 'callMethod'
  | 'getAttribute'
  | 'findAttribute'
  | 'setAttribute'
  | 'deleteAttribute'
  | 'findSpecial'
  | 'getItem'
  | 'setItem'
  | 'deleteItem'
  | 'contains'
  | 'length'
  | 'iterate'
  | 'collect'
  | 'truth'
  | 'equal'
  | 'hash'
  | 'binary'
  | 'inPlace'
  | 'unary'
  | 'compare'
  | 'isInstance'
  | 'isSubclass'
  | 'repr'
  | 'str'
  | 'format'
  | 'makeClass';

/** Where the program is, innermost call first. */
function activeSpans(machine: Machine): Span[] {
  const spans: Span[] = [];
  for (let frame = machine.frame; frame; frame = frame.caller) if (frame.at) spans.push(frame.at);
  return spans;
}

function stopAt(machine: Machine, diagnostic: Diagnostic): Stop {
  const [, ...callers] = activeSpans(machine);
  const related = callers.slice(0, 8).map((span) => ({ span, message: 'called from here' }));
  return new Stop({ ...diagnostic, related });
}

const stepsBetweenChecks = 1_000_000;
const bytesBetweenChecks = 64 * 1024 ** 2;
const bytesPerElement = 8;

type Accounting = Pick<
  Machine,
  'spend' | 'reserve' | 'touch' | 'beginJournal' | 'endJournal' | 'rollBack' | 'unjournaled' | 'checkBudgets'
>;

/** The budgets: steps, memory, journals. */
function accounting(self: () => Machine, journals: Journals, limits: Limits): Accounting {
  let reserved = 0;
  let nextMeasure = bytesBetweenChecks;
  const here = (): Span | null => activeSpans(self()).at(0) ?? null;
  // Kept, since `finally` blocks run on after a stop and would be told about instead.
  let stopped: Stop | null = null;
  const stop = (diagnostic: Diagnostic): never => {
    stopped ??= stopAt(self(), diagnostic);
    throw stopped;
  };
  const outOfMemory = (): never => stop(diagnose(evaluatorDiagnostics.outOfMemory, here(), [limits.maxMemory]));
  const measure = (): void => {
    const used = self().host.memoryInUse?.();
    if (used !== undefined && used > limits.maxMemory) outOfMemory();
  };
  const checkBudgets = (): void => {
    const machine = self();
    if (machine.steps > limits.maxSteps) stop(diagnose(evaluatorDiagnostics.outOfSteps, here(), [limits.maxSteps]));
    machine.nextCheck = Math.min(limits.maxSteps, machine.steps + stepsBetweenChecks);
    measure();
  };
  return {
    checkBudgets,
    spend: (steps) => {
      const machine = self();
      machine.steps += steps;
      if (machine.steps > machine.nextCheck) checkBudgets();
    },
    reserve: (elements) => {
      const size = elements * bytesPerElement;
      if (size > limits.maxMemory) outOfMemory();
      reserved += size;
      if (reserved < nextMeasure) return;
      nextMeasure = reserved + bytesBetweenChecks;
      measure();
    },
    touch: (object: PyObject) => journals.touch(object),
    beginJournal: () => journals.begin(),
    endJournal: (journal) => journals.end(journal),
    rollBack,
    unjournaled: (run) => journals.aside(run),
  };
}

export function createMachine(options: InterpreterOptions): LoadedMachine {
  completeClasses(options.builtins);
  const limits = { ...defaultLimits, ...options.limits };
  const self = (): Machine => machine;
  const machine: Machine = {
    ...operations(self),
    ...accounting(self, new Journals(), limits),
    host: options.host,
    hooks: options.hooks ?? {},
    limits,
    modules: new PyDict(),
    builtins: new PyDict(),
    diagnostics: [],
    frame: null,
    steps: 0,
    nextCheck: Math.min(limits.maxSteps, stepsBetweenChecks),
    depth: 0,
    handling: null,
    reprInProgress: new Set(),
    spans: () => activeSpans(machine),
    currentGlobals: () => machine.frame?.globals ?? machine.builtins,
    currentFrame: () => (machine.frame ? frameView(machine.frame) : null),
    importModule: (name) => {
      const found = loader.find(name);
      if (!found) throw importError(`No module named '${name}'`);
      return found;
    },
    resolveGlobal: (globals, name) => loader.sourceOf(globals)?.demand(name),
    importFor: (globals, request, lazy) => loader.importFor(globals, request, lazy),
    importAll: (globals, namespace, request) => loader.importAll(globals, namespace, request),
  };
  const loader: Loader = new Loader(machine, options.modules, options.roots ?? []);
  const builtinsModule = new PyModule('builtins');
  for (const member of options.builtins.names(machine)) {
    const [name, value] = member instanceof Array ? member : [member.name, member];
    builtinsModule.attributes.map.set(name, value);
    machine.builtins.map.set(name, value);
  }
  machine.modules.map.set('builtins', builtinsModule);
  return { machine, loader };
}

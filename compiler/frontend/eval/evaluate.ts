/** The way in: run a file, evaluate an expression in it, call what it gave; failures are diagnostics. */
import { diagnose, failure, ok, type Diagnostic, type Result } from '../../ir/index.ts';
import { decodePython, parsePython } from '../syntax/index.ts';
import { compilers } from './compile/table.ts';
import { analyse } from './compile/scope.ts';
import { freshSlots } from './compile/slots.ts';
import { createMachine, type InterpreterOptions } from './create.ts';
import { evaluatorDiagnostics, exceptionDiagnostic, notAvailable } from './diagnostics.ts';
import { isRaised, Raised, type PyException } from './objects/exceptions.ts';
import { Frame, type Code } from './objects/functions.ts';
import { Stop, type Interpreter } from './objects/interpreter.ts';
import type { PyDict, PyValue } from './objects/object.ts';
import type { PyModule } from './objects/modules.ts';
import { runFrame } from './protocol/call.ts';
import type { Machine } from './protocol/machine.ts';
import type { Loader } from './modules/loader.ts';
import type { RunMode } from './modules/source-module.ts';

/** A Python run: an interpreter plus the ways to start it. Each failure is a list of diagnostics. */
export interface Session {
  readonly interpreter: Interpreter;
  /** Makes the module of a file. `entry`: names are made on demand; `script`: it runs as under `python`. */
  importFile(path: string, mode?: 'entry' | 'script'): Result<PyModule, readonly Diagnostic[]>;
  /** The same for a text that is no file; `path` is what locations show. */
  importText(text: string, path: string, mode?: 'entry' | 'script'): Result<PyModule, readonly Diagnostic[]>;
  evaluateExpression(text: string, module: PyModule): Result<PyValue, readonly Diagnostic[]>;
  /** Runs TypeScript code that uses the interpreter, and turns what it throws into diagnostics. */
  guard<Value>(run: (py: Interpreter) => Value): Result<Value, readonly Diagnostic[]>;
}

/** Diagnostics of anything that Python code can end with; other throws are bugs of msc and go on. */
export function diagnosticsOf(py: Machine, loader: Loader, error: unknown): readonly Diagnostic[] {
  if (error instanceof Stop) return error.diagnostics;
  if (error instanceof Raised) return error.exception.told ?? [uncaught(py, loader, error.exception)];
  throw error;
}

function uncaught(py: Machine, loader: Loader, exception: PyException): Diagnostic {
  const describe = (of: PyException): string => {
    try {
      return py.str(of);
    } catch {
      return '';
    }
  };
  const cause = exception.cause ?? (exception.suppressContext ? null : exception.context);
  const notes = [
    ...exception.notes,
    ...(cause ? [`${exception.cause ? 'caused by' : 'while handling'} ${cause.cls.name}: ${describe(cause)}`] : []),
  ];
  return exceptionDiagnostic(
    exception.cls.name,
    describe(exception),
    exception.traceback,
    (name) => !loader.isLibraryFile(name),
    notes,
  );
}

/** The import root: the first folder above a file without `__init__.py`; and the module's name below it. */
function locate(py: Interpreter, path: string): { readonly root: string; readonly name: string } {
  const parts = path.split('/');
  const file = (parts.pop() ?? '').replace(/\.py$/, '');
  const names = file === '__init__' ? [] : [file];
  while (parts.length > 0 && py.host.kindOf([...parts, '__init__.py'].join('/')) === 'file')
    names.unshift(parts.pop() ?? '');
  return { root: parts.join('/'), name: names.join('.') };
}

/** Compiles `text` as one expression and runs it in a namespace. */
export function evaluateText(
  py: Machine,
  text: string,
  globals: PyDict,
  locals: PyDict | null,
  path = '<expression>',
): PyValue {
  const { module, diagnostics, file } = parsePython(text.trim(), path);
  if (diagnostics.length > 0) throw new Stop(...diagnostics);
  const [statement] = module.body;
  if (module.body.length !== 1 || statement.kind !== 'Expr')
    notAvailable({ file, start: 0, end: text.length }, 'statements where an expression is expected');
  const scope = analyse([statement.value], locals !== null);
  const run = compilers.expression(
    { py, compilers, file, scope, checkedImports: false, qualifier: '' },
    statement.value,
  );
  const { unit } = scope;
  const code: Code = {
    name: '<module>',
    qualifiedName: '<module>',
    slotNames: unit.slotNames,
    cells: [...unit.cells],
    free: [],
    isGenerator: false,
    isAsync: false,
    span: { file, start: 0, end: text.length },
    doc: null,
    run,
    start: () => notAvailable(null, 'yield outside of a function'),
  };
  const slots = freshSlots(code, null);
  const frame = new Frame(code, slots, globals, null, locals);
  frame.at = code.span;
  return runFrame(py, frame);
}

/** Runs a script; `sys.exit()` ends it without an error. */
function runScript(py: Machine, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!isRaised(error, 'SystemExit')) throw error;
    const [code] = error.exception.args.items;
    if (code === undefined || code === null || code === 0) return;
    throw new Stop(
      diagnose(evaluatorDiagnostics.scriptExit, error.exception.traceback.at(0)?.span ?? null, [py.repr(code)]),
    );
  }
}

export function createSession(options: InterpreterOptions): Session {
  const { machine, loader } = createMachine(options);
  const guard = <Value>(run: (py: Interpreter) => Value): Result<Value, readonly Diagnostic[]> => {
    const { depth, frame } = machine;
    try {
      return ok(run(machine));
    } catch (error) {
      machine.depth = depth;
      machine.frame = frame;
      return failure(diagnosticsOf(machine, loader, error));
    }
  };
  const enter = (text: string, path: string, mode: RunMode): PyModule => {
    const { root, name } = locate(machine, path);
    loader.addRoot(root);
    const source = loader.enter(mode === 'script' ? '__main__' : name, path, text, mode);
    if (mode === 'script') {
      source.module.attributes.map.set('__name__', '__main__');
      runScript(machine, () => source.runAll());
    } else void source.body; // syntax errors are told at once
    return source.module;
  };
  return {
    interpreter: machine,
    guard,
    importText: (text, path, mode = 'entry') => guard(() => enter(text, path, mode)),
    importFile: (path, mode = 'entry') => {
      const content = machine.host.readFile(path);
      if (!content.ok) return failure([diagnose(evaluatorDiagnostics.noSuchFile, null, [path, content.error.message])]);
      const text = decodePython(content.value, path);
      return text.ok ? guard(() => enter(text.value, path, mode)) : failure([text.error]);
    },
    evaluateExpression: (text, module) => guard(() => evaluateText(machine, text, module.attributes, null)),
  };
}

/** Exception classes, exception instances, and how they travel through JavaScript. */
import { PyTuple } from './containers.ts';
import { builtInClass, objectType, PyObject, type PyClass, type PyValue } from './object.ts';
import type { Diagnostic, Span } from '../../../ir/index.ts';

/** One call that an exception passed through. */
export interface TracebackEntry {
  readonly functionName: string;
  readonly span: Span | null;
}

/** An exception instance. `traceback` grows outwards: the first entry is the innermost. */
export class PyException extends PyObject {
  args: PyTuple;
  cause: PyException | null = null;
  context: PyException | null = null;
  suppressContext = false;
  traceback: TracebackEntry[] = [];
  notes: string[] = [];
  /** What the user is told when nobody catches it, in place of its text. */
  told: readonly Diagnostic[] | null = null;
  /** The members of an ExceptionGroup. */
  members: readonly PyException[] | null = null;

  constructor(cls: PyClass, args: readonly PyValue[] = []) {
    super(cls);
    this.args = new PyTuple(args);
  }
}

/** What is thrown in JavaScript while a Python exception is on its way. Not an `Error`: no JavaScript stack is captured. */
export class Raised {
  readonly exception: PyException;

  constructor(exception: PyException) {
    this.exception = exception;
  }
}

/** The built-in exceptions as a tree: name, then its subclasses. */
type Tree = { readonly [name: string]: Tree };
const hierarchy: Tree = {
  SystemExit: {},
  KeyboardInterrupt: {},
  GeneratorExit: {},
  BaseExceptionGroup: {},
  Exception: {
    StopIteration: {},
    StopAsyncIteration: {},
    ArithmeticError: { FloatingPointError: {}, OverflowError: {}, ZeroDivisionError: {} },
    AssertionError: {},
    AttributeError: {},
    BufferError: {},
    EOFError: {},
    ImportError: { ModuleNotFoundError: {} },
    LookupError: { IndexError: {}, KeyError: {} },
    MemoryError: {},
    NameError: { UnboundLocalError: {} },
    OSError: {
      BlockingIOError: {},
      ChildProcessError: {},
      ConnectionError: {
        BrokenPipeError: {},
        ConnectionAbortedError: {},
        ConnectionRefusedError: {},
        ConnectionResetError: {},
      },
      FileExistsError: {},
      FileNotFoundError: {},
      InterruptedError: {},
      IsADirectoryError: {},
      NotADirectoryError: {},
      PermissionError: {},
      ProcessLookupError: {},
      TimeoutError: {},
    },
    ReferenceError: {},
    RuntimeError: { NotImplementedError: {}, RecursionError: {} },
    SyntaxError: { IndentationError: { TabError: {} } },
    SystemError: {},
    TypeError: {},
    ValueError: { UnicodeError: { UnicodeDecodeError: {}, UnicodeEncodeError: {}, UnicodeTranslateError: {} } },
    Warning: {
      BytesWarning: {},
      DeprecationWarning: {},
      EncodingWarning: {},
      FutureWarning: {},
      ImportWarning: {},
      PendingDeprecationWarning: {},
      ResourceWarning: {},
      RuntimeWarning: {},
      SyntaxWarning: {},
      UnicodeWarning: {},
      UserWarning: {},
    },
  },
};

export const baseExceptionType = builtInClass('BaseException', objectType, (cls) => new PyException(cls));

function buildHierarchy(tree: Tree, base: PyClass, into: Map<string, PyClass>): Map<string, PyClass> {
  for (const [name, subclasses] of Object.entries(tree)) {
    const cls = builtInClass(name, base);
    into.set(name, cls);
    buildHierarchy(subclasses, cls, into);
  }
  return into;
}

function buildExceptions(): Map<string, PyClass> {
  const all = buildHierarchy(hierarchy, baseExceptionType, new Map([['BaseException', baseExceptionType]]));
  const bases = [all.get('BaseExceptionGroup'), all.get('Exception')].filter((cls) => cls !== undefined);
  const group = builtInClass('ExceptionGroup', bases[0]);
  group.bases = bases;
  group.mro = [group, ...bases, baseExceptionType, objectType];
  return all.set('ExceptionGroup', group);
}

/** Every built-in exception class by its name. */
export const exceptionTypes: ReadonlyMap<string, PyClass> = buildExceptions();

/** A built-in exception class; asking for one that does not exist is a bug in msc. */
export function exceptionType(name: string): PyClass {
  const cls = exceptionTypes.get(name);
  if (!cls) throw new Error(`no built-in exception ${name}`);
  return cls;
}

/** Makes a function that makes a thrown exception of one class: `throw typeError('…')`. */
function thrower(name: string): (message: string) => Raised {
  const cls = exceptionType(name);
  return (message) => new Raised(new PyException(cls, [message]));
}

export const typeError = thrower('TypeError');
export const valueError = thrower('ValueError');
export const attributeError = thrower('AttributeError');
export const indexError = thrower('IndexError');
export const nameError = thrower('NameError');
export const unboundLocalError = thrower('UnboundLocalError');
export const runtimeError = thrower('RuntimeError');
export const recursionError = thrower('RecursionError');
export const importError = thrower('ImportError');
export const moduleNotFoundError = thrower('ModuleNotFoundError');
export const overflowError = thrower('OverflowError');
export const zeroDivisionError = thrower('ZeroDivisionError');
export const notImplementedError = thrower('NotImplementedError');
export const assertionError = thrower('AssertionError');
export const osError = thrower('OSError');
export const fileNotFoundError = thrower('FileNotFoundError');
export const permissionError = thrower('PermissionError');
export const lookupError = thrower('LookupError');
export const unicodeDecodeError = thrower('UnicodeDecodeError');

/** `KeyError(key)`: the argument is the key itself. */
export function keyError(key: PyValue): Raised {
  return new Raised(new PyException(exceptionType('KeyError'), [key]));
}

/** `StopIteration(value)`. */
export function stopIteration(value: PyValue): Raised {
  return new Raised(new PyException(exceptionType('StopIteration'), value === null ? [] : [value]));
}

/** Whether a caught JavaScript value is a Python exception of the named built-in class. */
export function isRaised(error: unknown, name: string): error is Raised {
  return error instanceof Raised && error.exception.cls.isSubclassOf(exceptionType(name));
}

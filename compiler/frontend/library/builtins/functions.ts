/** Built-in functions. */
import {
  classOf,
  evaluateText,
  indexValue,
  intBinary,
  intValue,
  machineOf,
  native,
  needText,
  normalInt,
  notImplemented,
  opaqueUse,
  Opaque,
  exceptionType,
  PyException,
  Raised,
  PyBytes,
  PyClass,
  PyDict,
  PyFloat,
  PyFunction,
  PyList,
  PyObject,
  PyTuple,
  powerModulo,
  floatDivmod,
  identityOf,
  hashInt,
  realValue,
  textOf,
  typeError,
  valueError,
  type Int,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';
import { missing } from './iteration.ts';
import { directory, forcePending } from './object-type.ts';
import { asciiRepr } from './string-format.ts';

/** Writes a line as `print` does. */
function print(py: Interpreter, [values, separator, end, file]: PyValue[]): PyValue {
  const items = py.collect(values);
  if (file === null && py.hooks.print?.(items)) return null;
  const text =
    items.map((value) => py.str(value)).join(separator === null ? ' ' : needText(separator)) +
    (end === null ? '\n' : needText(end));
  if (file === null) py.host.writeOutput(text);
  else py.callMethod(file, 'write', [text]);
  return null;
}

/** `abs`, through `__abs__`. */
function special(py: Interpreter, name: string, value: PyValue, message: string, args: PyValue[] = []): PyValue {
  const found = py.findSpecial(value, name);
  if (found !== undefined) return py.call(found, args);
  if (value instanceof Opaque) opaqueUse(value);
  throw typeError(message);
}

function inBase(py: Interpreter, value: PyValue, base: number, prefix: string): string {
  const int: Int = indexValue(py, value);
  return `${int < 0 ? '-' : ''}${prefix}${(int < 0 ? -int : int).toString(base)}`;
}

function power(py: Interpreter, [base, exponent, modulus]: PyValue[]): PyValue {
  if (modulus === null) return py.binary('**', base, exponent);
  return powerModulo(indexValue(py, base), indexValue(py, exponent), indexValue(py, modulus));
}

function divmod(py: Interpreter, [a, b]: PyValue[]): PyValue {
  const [x, y] = [intValue(a), intValue(b)];
  if (x !== undefined && y !== undefined)
    return new PyTuple([intBinary(py, '//', x, y) ?? null, intBinary(py, '%', x, y) ?? null]);
  const [s, t] = [realValue(a), realValue(b)];
  if (s !== undefined && t !== undefined && t !== 0)
    return new PyTuple(floatDivmod(s, t).map((part) => new PyFloat(part)));
  for (const [self, name, other] of [
    [a, '__divmod__', b],
    [b, '__rdivmod__', a],
  ] as const) {
    const found = py.findSpecial(self, name);
    const result = found === undefined ? notImplemented : py.call(found, [other]);
    if (result !== notImplemented) return result;
  }
  throw typeError(`unsupported operand type(s) for divmod(): '${classOf(a).name}' and '${classOf(b).name}'`);
}

function attributeName(value: PyValue): string {
  const name = textOf(value);
  if (name === undefined) throw typeError(`attribute name must be string, not '${classOf(value).name}'`);
  return name;
}

function getAttribute(py: Interpreter, [object, name, fallback]: PyValue[]): PyValue {
  if (fallback === missing) return py.getAttribute(object, attributeName(name));
  const found = py.findAttribute(object, attributeName(name));
  return found === undefined ? fallback : found;
}

/** The locals of the caller as a dict: a copy in functions, the namespace itself elsewhere. */
function locals(py: Interpreter): PyValue {
  const frame = machineOf(py).frame;
  if (frame && frame.function === null) return forcePending(frame.namespace ?? frame.globals);
  const view = py.currentFrame();
  const dict = new PyDict();
  for (const name of view?.names() ?? []) {
    const value = view?.read(name);
    if (value !== undefined && !name.startsWith('.')) dict.map.set(name, value);
  }
  return dict;
}

function globals(py: Interpreter): PyDict {
  return forcePending(py.currentGlobals());
}

function variables(py: Interpreter, [object]: PyValue[]): PyValue {
  return object === missing ? locals(py) : py.getAttribute(object, '__dict__');
}

function character(py: Interpreter, value: PyValue): string {
  const code = Number(indexValue(py, value));
  if (!(code >= 0 && code < 0x110000)) throw valueError('chr() arg not in range(0x110000)');
  return String.fromCodePoint(code);
}

function ordinal(value: PyValue): number {
  const text = textOf(value);
  if (text === undefined) {
    if (value instanceof PyBytes && value.data.length === 1) return value.data[0];
    throw typeError(`ord() expected string of length 1, but ${classOf(value).name} found`);
  }
  const points = [...text];
  if (points.length !== 1) throw typeError(`ord() expected a character, but string of length ${points.length} found`);
  return points[0].codePointAt(0) ?? 0;
}

function hash(py: Interpreter, value: PyValue): PyValue {
  const int = intValue(value);
  return int === undefined ? normalInt(BigInt(Math.trunc(py.hash(value)))) : hashInt(int);
}

function identity(value: PyValue): number {
  if (typeof value === 'object' && value !== null) return identityOf(value);
  return typeof value === 'number'
    ? 2 ** 32 + value * 32
    : value === null
      ? 8
      : 2 ** 31 + ordinal(String(value).slice(0, 1) || '0');
}

/** Whether something can be called. */
export function isCallable(py: Interpreter, value: PyValue): boolean {
  return value instanceof PyClass || value instanceof PyFunction || py.findSpecial(value, '__call__') !== undefined;
}

/** `eval(text, globals, locals)`: expressions only. */
function evaluate(py: Interpreter, [source, globalNames, localNames]: PyValue[]): PyValue {
  const scope = globalNames instanceof PyDict ? globalNames : py.currentGlobals();
  const own = localNames instanceof PyDict ? localNames : globalNames instanceof PyDict ? null : locals(py);
  return evaluateText(
    machineOf(py),
    needText(source),
    scope,
    own instanceof PyDict && own !== scope ? own : null,
    '<string>',
  );
}

function round(py: Interpreter, [value, digits]: PyValue[]): PyValue {
  return special(
    py,
    '__round__',
    value,
    `type ${classOf(value).name} doesn't define __round__ method`,
    digits === null ? [] : [digits],
  );
}

function importNamed(py: Interpreter, name: string, fromNames: PyValue): PyValue {
  const module = py.importModule(name);
  const isPlain = fromNames === null || (fromNames instanceof PyObject && !py.truth(fromNames));
  return isPlain && name.includes('.') ? py.importModule(name.split('.')[0]) : module;
}

function reverseLookup(py: Interpreter, object: PyValue): PyValue {
  const found = py.findSpecial(object, '__dir__');
  return new PyList(
    found === undefined ? directory(py, object) : py.collect(py.callMethod(py.call(found, []), '__iter__')),
  );
}

export const functions: readonly Member[] = [
  native("print(*values, sep=' ', end='\\n', file=None, flush=False)", print),
  native('len(object, /)', (py, [object]) => py.length(object)),
  native('repr(object, /)', (py, [object]) => py.repr(object)),
  native('ascii(object, /)', (py, [object]) => asciiRepr(py, object)),
  native("format(value, format_spec='', /)", (py, [value, spec]) => py.format(value, needText(spec))),
  native('abs(x, /)', (py, [x]) => special(py, '__abs__', x, `bad operand type for abs(): '${classOf(x).name}'`)),
  native('round(number, ndigits=None)', round),
  native('pow(base, exp, mod=None)', power),
  native('divmod(x, y, /)', divmod),
  native('bin(number, /)', (py, [value]) => inBase(py, value, 2, '0b')),
  native('oct(number, /)', (py, [value]) => inBase(py, value, 8, '0o')),
  native('hex(number, /)', (py, [value]) => inBase(py, value, 16, '0x')),
  native('chr(i, /)', (py, [value]) => character(py, value)),
  native('ord(c, /)', (_py, [value]) => ordinal(value)),
  native('hash(object, /)', (py, [value]) => hash(py, value)),
  native('id(object, /)', (_py, [value]) => identity(value)),
  native('callable(object, /)', (py, [value]) => isCallable(py, value)),
  native('isinstance(object, classinfo, /)', (py, [value, cls]) => py.isInstance(value, cls)),
  native('issubclass(cls, classinfo, /)', (py, [cls, other]) => py.isSubclass(cls, other)),
  native('getattr(object, name, default=missing, /)', getAttribute, { missing }),
  native(
    'hasattr(object, name, /)',
    (py, [object, name]) => py.findAttribute(object, attributeName(name)) !== undefined,
  ),
  native('setattr(object, name, value, /)', (py, [object, name, value]) => {
    py.setAttribute(object, attributeName(name), value);
    return null;
  }),
  native('delattr(object, name, /)', (py, [object, name]) => {
    py.deleteAttribute(object, attributeName(name));
    return null;
  }),
  native(
    'dir(object=missing, /)',
    (py, [object]) => (object === missing ? new PyList(py.collect(locals(py))) : reverseLookup(py, object)),
    { missing },
  ),
  native('vars(object=missing, /)', variables, { missing }),
  native('locals()', (py) => locals(py)),
  native('globals()', (py) => globals(py)),
  native('eval(source, globals=None, locals=None, /)', evaluate),
  native('__import__(name, globals=None, locals=None, fromlist=(), level=0)', (py, [name, , , fromNames]) =>
    importNamed(py, needText(name), fromNames),
  ),
  native("input(prompt='', /)", (py, [prompt]) => {
    py.host.writeOutput(py.str(prompt));
    throw new Raised(new PyException(exceptionType('EOFError'), ['EOF when reading a line']));
  }),
];

/** repr and str. */
import {
  ellipsis,
  notImplemented,
  PyBytes,
  PyComplex,
  PyList,
  PyRange,
  PySet,
  PySlice,
  PyTuple,
  byteArrayType,
  frozenSetType,
  setType,
} from '../objects/containers.ts';
import { PyException, typeError } from '../objects/exceptions.ts';
import { BoundMethod, NativeFunction, Property, PyFunction, PySuper } from '../objects/functions.ts';
import type { Interpreter } from '../objects/interpreter.ts';
import { PyGenerator } from '../objects/iterators.ts';
import { Opaque, PyModule } from '../objects/modules.ts';
import { classOf, PyBoxed, PyClass, PyDict, PyFloat, PyObject, type PyValue } from '../objects/object.ts';
import { formatFloatRepr } from './float-text.ts';
import { machineOf } from './machine.ts';
import { identityOf, tableEntries, tableKeys } from './table.ts';
import { textOf } from './sequences.ts';

const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

/** Characters that Python shows as escapes: controls, separators other than the space, unassigned, lone surrogates. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

function escapeCharacter(char: string, asciiOnly: boolean): string {
  if (Object.hasOwn(escapes, char)) return escapes[char];
  const code = char.codePointAt(0) ?? 0;
  if (!unprintable.test(char) && !(asciiOnly && code > 126)) return char;
  if (code < 256) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 65536 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}

/** A string literal for a text: single quotes unless only single quotes occur in it. */
export function reprText(text: string, asciiOnly = false): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  if (/^[ !#-&(-[\]-~]*$/.test(text)) return `${quote}${text}${quote}`;
  let result = '';
  for (const char of text) result += char === quote ? `\\${quote}` : escapeCharacter(char, asciiOnly);
  return `${quote}${result}${quote}`;
}

function reprBytes(data: Uint8Array): string {
  const text = String.fromCharCode(...data.subarray(0, 100000));
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let result = '';
  for (const char of text) {
    const code = char.charCodeAt(0);
    if (char === quote) result += `\\${quote}`;
    else if (Object.hasOwn(escapes, char)) result += escapes[char];
    else result += code < 32 || code > 126 ? `\\x${code.toString(16).padStart(2, '0')}` : char;
  }
  return `b${quote}${result}${quote}`;
}

export function reprComplex(value: PyComplex): string {
  const part = (number: number): string => formatFloatRepr(number).replace(/\.0$/, '');
  const imaginary = part(value.imaginary);
  if (value.real === 0 && !Object.is(value.real, -0)) return `${imaginary}j`;
  return `(${part(value.real)}${/^[-]/.test(imaginary) ? '' : '+'}${imaginary}j)`;
}

/** Runs `make` unless the repr of this object is already being made. */
function guarded(py: Interpreter, object: PyObject, placeholder: string, make: () => string): string {
  const active = machineOf(py).reprInProgress;
  if (active.has(object)) return placeholder;
  active.add(object);
  try {
    py.spend(1);
    return make();
  } finally {
    active.delete(object);
  }
}

function reprTuple(py: Interpreter, value: PyTuple): string {
  const items = value.items.map((item) => py.repr(item));
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;
}

function reprSet(py: Interpreter, value: PySet): string {
  const items = [...tableKeys(value.table)].map((item) => py.repr(item)).join(', ');
  if (value.cls === setType) return items ? `{${items}}` : 'set()';
  return items ? `${value.cls.name}({${items}})` : `${value.cls.name}()`;
}

function reprContainer(py: Interpreter, value: PyObject): string | undefined {
  if (value instanceof PyList)
    return guarded(py, value, '[...]', () => `[${value.items.map((item) => py.repr(item)).join(', ')}]`);
  if (value instanceof PyTuple) return guarded(py, value, '(...)', () => reprTuple(py, value));
  if (value instanceof PySet)
    return guarded(py, value, `${value.cls.isSubclassOf(frozenSetType) ? 'frozenset' : 'set'}(...)`, () =>
      reprSet(py, value),
    );
  if (value instanceof PyDict) {
    return guarded(
      py,
      value,
      '{...}',
      () => `{${[...tableEntries(value)].map(([key, item]) => `${py.repr(key)}: ${py.repr(item)}`).join(', ')}}`,
    );
  }
  return undefined;
}

function reprClass(cls: PyClass): string {
  const module = cls.namespace.map.get('__module__');
  return typeof module === 'string' && module !== 'builtins'
    ? `<class '${module}.${cls.qualifiedName}'>`
    : `<class '${cls.qualifiedName}'>`;
}

function reprException(py: Interpreter, value: PyException): string {
  const items = value.args.items.map((item) => py.repr(item));
  return `${value.cls.name}(${items.join(', ')})`;
}

const address = (value: object): string => `0x${identityOf(value).toString(16).padStart(12, '0')}`;

function reprSpecial(py: Interpreter, value: PyObject): string | undefined {
  if (value === ellipsis) return 'Ellipsis';
  if (value === notImplemented) return 'NotImplemented';
  if (value instanceof PyClass) return reprClass(value);
  if (value instanceof PyException) return reprException(py, value);
  if (value instanceof PyFunction) return `<function ${value.qualifiedName} at ${address(value)}>`;
  if (value instanceof NativeFunction) return `<built-in function ${value.name}>`;
  if (value instanceof BoundMethod) return reprMethod(py, value);
  if (value instanceof PyModule) return `<module '${value.name}'>`;
  if (value instanceof PyRange)
    return `range(${value.start}, ${value.stop}${value.step === 1 ? '' : `, ${value.step}`})`;
  if (value instanceof PySlice) return `slice(${py.repr(value.start)}, ${py.repr(value.stop)}, ${py.repr(value.step)})`;
  if (value instanceof PyGenerator) return `<generator object ${value.name} at ${address(value)}>`;
  if (value instanceof Opaque) return `<'${value.path}', which is not available>`;
  if (value instanceof PySuper)
    return `<super: ${value.start ? reprClass(value.start) : 'NULL'}, ${value.selfClass ? `<${value.selfClass.name} object>` : 'NULL'}>`;
  return value instanceof Property ? `<property object at ${address(value)}>` : undefined;
}

function reprMethod(py: Interpreter, value: BoundMethod): string {
  if (value.callee instanceof NativeFunction)
    return `<built-in method ${value.callee.name} of ${classOf(value.self).name} object>`;
  const name = value.callee instanceof PyFunction ? value.callee.qualifiedName : '?';
  return `<bound method ${name} of ${py.repr(value.self)}>`;
}

/** The repr that the built-in classes give, also to their Python subclasses. */
export function reprBuiltIn(py: Interpreter, value: PyValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return reprText(value);
  if (typeof value !== 'object') return String(value);
  if (value instanceof PyFloat) return formatFloatRepr(value.value);
  if (value instanceof PyBoxed) return typeof value.value === 'string' ? reprText(value.value) : String(value.value);
  if (value instanceof PyBytes)
    return value.cls.isSubclassOf(byteArrayType) ? `bytearray(${reprBytes(value.data)})` : reprBytes(value.data);
  if (value instanceof PyComplex) return reprComplex(value);
  return reprContainer(py, value) ?? reprSpecial(py, value) ?? reprPlainObject(value);
}

/** `object.__repr__`. */
export function reprPlainObject(value: PyObject): string {
  const module = value.cls.lookup('__module__');
  return `<${typeof module === 'string' && module !== 'builtins' ? `${module}.` : ''}${value.cls.qualifiedName} object at ${address(value)}>`;
}

/** `repr(value)`. */
export function repr(py: Interpreter, value: PyValue): string {
  if (typeof value !== 'object' || value === null) return reprBuiltIn(py, value);
  const special = value.cls.lookup('__repr__');
  if (special === undefined || special === null) return reprBuiltIn(py, value);
  const text = textOf(py.call(special, [value]));
  if (text === undefined) throw typeError(`__repr__ returned non-string`);
  return text;
}

function strException(py: Interpreter, value: PyException): string {
  const { items } = value.args;
  if (items.length === 0) return '';
  if (items.length > 1) return py.repr(value.args);
  return value.cls.mro.some((cls) => cls.builtIn && cls.name === 'KeyError') ? py.repr(items[0]) : py.str(items[0]);
}

/** `object.__str__` and the `__str__` of built-in classes: the repr but for strings and exceptions. */
export function strBuiltIn(py: Interpreter, value: PyValue): string {
  if (typeof value === 'string') return value;
  if (value instanceof PyBoxed && typeof value.value === 'string') return value.value;
  if (value instanceof PyException) return value.members === null ? strException(py, value) : strGroup(py, value);
  return repr(py, value);
}

function strGroup(py: Interpreter, value: PyException): string {
  const count = value.members?.length ?? 0;
  return `${py.str(value.args.items[0] ?? '')} (${count} sub-exception${count === 1 ? '' : 's'})`;
}

/** `str(value)`. */
export function str(py: Interpreter, value: PyValue): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return reprBuiltIn(py, value);
  const special = value.cls.lookup('__str__');
  if (special === undefined || special === null) return strBuiltIn(py, value);
  const text = textOf(py.call(special, [value]));
  if (text === undefined) throw typeError(`__str__ returned non-string (type ${classOf(value).name})`);
  return text;
}

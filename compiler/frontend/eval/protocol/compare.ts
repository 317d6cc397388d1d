/** Comparison, equality, truth, containment and class tests. */
import { notImplemented, PyBytes, PyComplex, PyList, PyRange, PySet, PySlice, PyTuple } from '../objects/containers.ts';
import { PyException, Raised, typeError } from '../objects/exceptions.ts';
import { BoundMethod, NativeFunction } from '../objects/functions.ts';
import type { CompareOperator, Interpreter } from '../objects/interpreter.ts';
import { Opaque } from '../objects/modules.ts';
import { classOf, PyClass, PyDict, PyFloat, PyObject, typeType, type PyValue } from '../objects/object.ts';
import { opaqueUse } from './attributes.ts';
import { complexValue, intValue } from './numbers.ts';
import { textOf } from './sequences.ts';
import { tableGet, tableHas, tableKeys, tableEntries } from './table.ts';

const methodNames: Readonly<Record<CompareOperator, string>> = {
  '==': '__eq__',
  '!=': '__ne__',
  '<': '__lt__',
  '<=': '__le__',
  '>': '__gt__',
  '>=': '__ge__',
};
const mirrored: Readonly<Record<CompareOperator, CompareOperator>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** Orders two JavaScript values that compare alike (numbers, bigints, strings). */
function ordered<Kind extends number | bigint | string>(operator: CompareOperator, a: Kind, b: Kind): boolean {
  switch (operator) {
    case '==':
      return a === b || (typeof a !== typeof b && a == b); // a bigint and a float of one value are equal
    case '!=':
      return !ordered('==', a, b);
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

/** Strings compare by code points, JavaScript's `<` by UTF-16 units: they differ only above the basic plane. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  if (!/[\ud800-\udfff]/.test(a + b)) return a < b ? -1 : 1;
  const [x, y] = [[...a], [...b]];
  for (let index = 0; index < Math.min(x.length, y.length); index++) {
    const difference = (x[index].codePointAt(0) ?? 0) - (y[index].codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index++) if (a[index] !== b[index]) return a[index] - b[index];
  return a.length - b.length;
}

/** A value of the real number line, exactly: int as number or bigint, float as number. */
function lineValue(value: PyValue): number | bigint | undefined {
  return value instanceof PyFloat ? value.value : intValue(value);
}

/** Rich comparison of built-in values; undefined where they do not know each other. Elements go through `py`. */
export function compareBuiltIn(
  py: Interpreter,
  operator: CompareOperator,
  a: PyValue,
  b: PyValue,
): boolean | undefined {
  const [x, y] = [lineValue(a), lineValue(b)];
  if (x !== undefined && y !== undefined) return ordered(operator, x, y);
  const [s, t] = [textOf(a), textOf(b)];
  if (s !== undefined && t !== undefined) return ordered(operator, compareText(s, t), 0);
  if ((a instanceof PyList && b instanceof PyList) || (a instanceof PyTuple && b instanceof PyTuple))
    return compareSequences(py, operator, a.items, b.items);
  if (a instanceof PySet && b instanceof PySet) return compareSets(py, operator, a, b);
  if (a instanceof PyBytes && b instanceof PyBytes) return ordered(operator, compareBytes(a.data, b.data), 0);
  if (operator !== '==' && operator !== '!=') return undefined;
  const same = equalBuiltIn(py, a, b);
  return same === undefined ? undefined : same === (operator === '==');
}

function equalBuiltIn(py: Interpreter, a: PyValue, b: PyValue): boolean | undefined {
  if (a instanceof PyDict && b instanceof PyDict) return equalDicts(py, a, b);
  if (a instanceof PyComplex || b instanceof PyComplex) {
    const [x, y] = [complexValue(a), complexValue(b)];
    return x && y ? x.real === y.real && x.imaginary === y.imaginary : undefined;
  }
  if (a instanceof PyRange && b instanceof PyRange) {
    return a.length === b.length && (a.length === 0 || (a.start === b.start && (a.length === 1 || a.step === b.step)));
  }
  if (a instanceof PySlice && b instanceof PySlice)
    return py.equal(a.start, b.start) && py.equal(a.stop, b.stop) && py.equal(a.step, b.step);
  if (a instanceof BoundMethod && b instanceof BoundMethod) return a.self === b.self && a.callee === b.callee;
  return undefined;
}

function compareSequences(
  py: Interpreter,
  operator: CompareOperator,
  a: readonly PyValue[],
  b: readonly PyValue[],
): boolean {
  if (a.length !== b.length && (operator === '==' || operator === '!=')) return operator === '!=';
  const shorter = Math.min(a.length, b.length);
  let index = 0;
  while (index < shorter && (a[index] === b[index] || py.equal(a[index], b[index]))) index++;
  py.spend(index);
  if (index === shorter) return ordered(operator, a.length, b.length);
  if (operator === '==' || operator === '!=') return operator === '!=';
  return py.truth(py.compare(operator, a[index], b[index]));
}

const includesAll = (py: Interpreter, all: PyDict, some: PyDict): boolean =>
  [...tableKeys(some)].every((key) => tableHas(py, all, key));

function compareSets(py: Interpreter, operator: CompareOperator, a: PySet, b: PySet): boolean {
  const [x, y] = [a.table.map.size, b.table.map.size];
  switch (operator) {
    case '==':
      return x === y && includesAll(py, a.table, b.table);
    case '!=':
      return !compareSets(py, '==', a, b);
    case '<':
      return x < y && includesAll(py, b.table, a.table);
    case '<=':
      return includesAll(py, b.table, a.table);
    default:
      return compareSets(py, mirrored[operator], b, a);
  }
}

function equalDicts(py: Interpreter, a: PyDict, b: PyDict): boolean {
  if (a.map.size !== b.map.size) return false;
  for (const [key, value] of tableEntries(a)) {
    const other = tableGet(py, b, key);
    if (other === undefined || !(other === value || py.equal(value, other))) return false;
  }
  return true;
}

function attempt(py: Interpreter, operator: CompareOperator, self: PyValue, other: PyValue): PyValue | undefined {
  const special = classOf(self).lookup(methodNames[operator]);
  if (special === undefined || special === null) return undefined;
  const result = py.call(special, [self, other]);
  return result === notImplemented ? undefined : result;
}

/** `left operator right`. */
export function compare(py: Interpreter, operator: CompareOperator, left: PyValue, right: PyValue): PyValue {
  const [a, b] = [classOf(left), classOf(right)];
  if (a.builtIn && b.builtIn && !a.comparesItself && !b.comparesItself) {
    const quick = compareBuiltIn(py, operator, left, right);
    if (quick !== undefined) return quick;
  }
  const rightFirst = a !== b && b.isSubclassOf(a);
  let result = rightFirst ? attempt(py, mirrored[operator], right, left) : undefined;
  if (result === undefined) result = attempt(py, operator, left, right);
  if (result === undefined && !rightFirst) result = attempt(py, mirrored[operator], right, left);
  if (result !== undefined) return result;
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (left instanceof Opaque) opaqueUse(left);
  throw typeError(`'${operator}' not supported between instances of '${a.name}' and '${b.name}'`);
}

/** `left == right` as a truth value. */
export function equal(py: Interpreter, left: PyValue, right: PyValue): boolean {
  if (left === right && !(left instanceof PyFloat)) return true;
  if (typeof left !== 'object' && typeof right !== 'object' && typeof left === typeof right) return false;
  const result = compare(py, '==', left, right);
  return typeof result === 'boolean' ? result : py.truth(result);
}

/** `bool(value)`. */
export function truth(py: Interpreter, value: PyValue): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
      return value !== 0;
    case 'bigint':
      return true;
    case 'string':
      return value !== '';
  }
  if (value === null) return false;
  return value.cls.builtIn ? truthBuiltIn(py, value) : truthByProtocol(py, value);
}

function truthBuiltIn(py: Interpreter, value: PyObject): boolean {
  if (value.cls.symbolic && py.hooks.truth) return py.hooks.truth(py, value);
  if (value instanceof PyList || value instanceof PyTuple) return value.items.length > 0;
  if (value instanceof PyDict) return value.map.size > 0;
  if (value instanceof PyFloat) return value.value !== 0;
  if (value instanceof PySet) return value.table.map.size > 0;
  if (value instanceof Opaque) opaqueUse(value);
  return truthByProtocol(py, value);
}

function truthByProtocol(py: Interpreter, value: PyObject): boolean {
  if (value.cls.symbolic && py.hooks.truth) return py.hooks.truth(py, value);
  const special = value.cls.lookup('__bool__');
  if (special !== undefined && special !== null) {
    const result = py.call(special, [value]);
    if (typeof result !== 'boolean') throw typeError(`__bool__ should return bool, returned ${classOf(result).name}`);
    return result;
  }
  return value.cls.lookup('__len__') === undefined ? true : py.length(value) !== 0;
}

/** `item in container`. */
export function contains(py: Interpreter, container: PyValue, item: PyValue): boolean {
  const cls = classOf(container);
  if (typeof container === 'string') {
    const text = textOf(item);
    if (text === undefined) throw typeError(`'in <string>' requires string as left operand, not ${classOf(item).name}`);
    return container.includes(text);
  }
  if (container instanceof PyDict && cls.builtIn) return tableHas(py, container, item);
  if ((container instanceof PyList || container instanceof PyTuple) && cls.builtIn) {
    return container.items.some((member) => member === item || py.equal(member, item));
  }
  const special = cls.lookup('__contains__');
  if (special !== undefined && special !== null) return py.truth(py.call(special, [container, item]));
  const next = py.iterate(container);
  for (let member = next(); member !== undefined; member = next()) {
    if (member === item || py.equal(member, item)) return true;
  }
  return false;
}

function classTest(py: Interpreter, hook: string, cls: PyValue, subject: PyValue): boolean | undefined {
  const meta = classOf(cls);
  if (meta === typeType) return undefined;
  const special = meta.lookup(hook);
  if (special === undefined || special === null || (special instanceof NativeFunction && meta === typeType))
    return undefined;
  return py.truth(py.call(special, [cls, subject]));
}

/** `isinstance(value, cls)`. */
export function isInstance(py: Interpreter, value: PyValue, cls: PyValue): boolean {
  if (cls instanceof PyTuple) return cls.items.some((member) => isInstance(py, value, member));
  if (cls instanceof PyClass && classOf(value) === cls) return true;
  const special = classTest(py, '__instancecheck__', cls, value);
  if (special !== undefined) return special;
  if (cls instanceof Opaque) return false;
  if (!(cls instanceof PyClass)) throw typeError('isinstance() arg 2 must be a type, a tuple of types, or a union');
  if (classOf(value).isSubclassOf(cls)) return true;
  const claimed =
    value instanceof PyObject && !value.cls.builtIn && value.cls.lookup('__class__') !== undefined
      ? py.findAttribute(value, '__class__')
      : undefined;
  return claimed instanceof PyClass && claimed.isSubclassOf(cls);
}

/** `issubclass(cls, other)`. */
export function isSubclass(py: Interpreter, cls: PyValue, other: PyValue): boolean {
  if (other instanceof PyTuple) return other.items.some((member) => isSubclass(py, cls, member));
  if (!(cls instanceof PyClass)) throw typeError('issubclass() arg 1 must be a class');
  const special = classTest(py, '__subclasscheck__', other, cls);
  if (special !== undefined) return special;
  if (!(other instanceof PyClass))
    throw typeError('issubclass() arg 2 must be a class, a tuple of classes, or a union');
  return cls.isSubclassOf(other);
}

/** Whether a caught exception matches what stands after `except`. */
export function exceptionMatches(py: Interpreter, raised: Raised, pattern: PyValue): boolean {
  const options = pattern instanceof PyTuple ? pattern.items : [pattern];
  return options.some((option) => {
    if (option instanceof PyTuple) return exceptionMatches(py, raised, option);
    if (option instanceof Opaque) return false;
    if (!(option instanceof PyClass) || !isExceptionClass(option)) {
      throw typeError('catching classes that do not inherit from BaseException is not allowed');
    }
    return raised.exception.cls.isSubclassOf(option);
  });
}

export function isExceptionClass(cls: PyClass): boolean {
  return cls.mro.some((ancestor) => ancestor.name === 'BaseException' && ancestor.builtIn);
}

/** Makes what `raise value` throws. */
export function raisedBy(py: Interpreter, value: PyValue): Raised {
  if (value instanceof PyException) return new Raised(value);
  if (value instanceof PyClass && isExceptionClass(value)) {
    const made = py.call(value, []);
    if (made instanceof PyException) return new Raised(made);
  }
  if (value instanceof Opaque) opaqueUse(value);
  throw typeError('exceptions must derive from BaseException');
}

/** Subscripts, length and iteration. */
import { checkLength, PyBytes, PyList, PyRange, PySet, PySlice, PyTuple } from '../objects/containers.ts';
import { isRaised, keyError, runtimeError, typeError } from '../objects/exceptions.ts';
import type { Interpreter } from '../objects/interpreter.ts';
import { PyGenerator, PyIterator, type Next } from '../objects/iterators.ts';
import { Opaque } from '../objects/modules.ts';
import { classOf, dictType, PyClass, PyDict, PyObject, type PyValue } from '../objects/object.ts';
import { opaqueUse } from './attributes.ts';
import { resumeGenerator } from './generators.ts';
import { intValue } from './numbers.ts';
import {
  assignSlice,
  codePoints,
  deleteSlice,
  position,
  rangeItem,
  sequenceItem,
  textLength,
  textOf,
} from './sequences.ts';
import { originalKey, tableDelete, tableGet, tableSet } from './table.ts';

/** `dict[key]`, with `__missing__` of subclasses. */
export function dictItem(py: Interpreter, dict: PyDict, key: PyValue): PyValue {
  const found = tableGet(py, dict, key);
  if (found !== undefined) return found;
  const missing = dict.cls === dictType ? undefined : py.findSpecial(dict, '__missing__');
  if (missing !== undefined) return py.call(missing, [key]);
  throw keyError(key);
}

/** `object[key]`. */
export function getItem(py: Interpreter, object: PyValue, key: PyValue): PyValue {
  if (typeof object === 'string' || (object instanceof PyObject && object.cls.builtIn)) {
    if (object instanceof PyDict && object.cls === dictType) return dictItem(py, object, key);
    const item = sequenceItem(py, object, key);
    if (item !== undefined) return item;
  }
  const special = classOf(object).lookup('__getitem__');
  if (special !== undefined && special !== null) return py.call(special, [object, key]);
  if (object instanceof PyClass) {
    const generic = py.findAttribute(object, '__class_getitem__');
    if (generic !== undefined) return py.call(generic, [key]);
    throw typeError(`type '${object.name}' is not subscriptable`);
  }
  if (object instanceof Opaque) return new Opaque(`${object.path}[…]`, object.importedAt);
  throw typeError(`'${classOf(object).name}' object is not subscriptable`);
}

/** `list[key] = value`. */
export function setListItem(py: Interpreter, list: PyList, key: PyValue, value: PyValue): void {
  py.touch(list);
  if (key instanceof PySlice) assignSlice(py, list, key, py.collect(value));
  else list.items[assignPosition(py, list, key)] = value;
}

function assignPosition(py: Interpreter, list: PyList, key: PyValue): number {
  const int = intValue(key);
  const at = int === undefined ? NaN : Number(int) < 0 ? Number(int) + list.items.length : Number(int);
  return at >= 0 && at < list.items.length
    ? at
    : position(py, key, list.items.length, int === undefined ? 'list' : 'list assignment');
}

export function deleteListItem(py: Interpreter, list: PyList, key: PyValue): void {
  py.touch(list);
  if (key instanceof PySlice) deleteSlice(py, list, key);
  else list.items.splice(assignPosition(py, list, key), 1);
}

/** `object[key] = value`. */
export function setItem(py: Interpreter, object: PyValue, key: PyValue, value: PyValue): void {
  if (object instanceof PyObject && object.cls.builtIn) {
    if (object instanceof PyDict && object.cls === dictType) {
      py.touch(object);
      tableSet(py, object, key, value);
      return;
    }
    if (object instanceof PyList) return setListItem(py, object, key, value);
  }
  const special = classOf(object).lookup('__setitem__');
  if (special === undefined || special === null) {
    if (object instanceof Opaque) opaqueUse(object);
    throw typeError(`'${classOf(object).name}' object does not support item assignment`);
  }
  py.call(special, [object, key, value]);
}

/** `del object[key]`. */
export function deleteItem(py: Interpreter, object: PyValue, key: PyValue): void {
  if (object instanceof PyDict && object.cls === dictType) {
    py.touch(object);
    if (tableDelete(py, object, key) === undefined) throw keyError(key);
    return;
  }
  if (object instanceof PyList && object.cls.builtIn) return deleteListItem(py, object, key);
  const special = classOf(object).lookup('__delitem__');
  if (special === undefined || special === null)
    throw typeError(`'${classOf(object).name}' object doesn't support item deletion`);
  py.call(special, [object, key]);
}

/** Length of a built-in value; undefined for others. */
export function builtInLength(object: PyValue): number | undefined {
  const text = textOf(object);
  if (text !== undefined) return textLength(text);
  if (object instanceof PyList || object instanceof PyTuple) return object.items.length;
  if (object instanceof PyDict) return object.map.size;
  if (object instanceof PySet) return object.table.map.size;
  if (object instanceof PyRange) return object.length;
  return object instanceof PyBytes ? object.data.length : undefined;
}

/** `len(object)`. */
export function length(py: Interpreter, object: PyValue): number {
  const cls = classOf(object);
  if (cls.builtIn) {
    const known = builtInLength(object);
    if (known !== undefined) return known;
  }
  const special = cls.lookup('__len__');
  if (special === undefined || special === null) {
    if (object instanceof Opaque) opaqueUse(object);
    throw typeError(`object of type '${cls.name}' has no len()`);
  }
  const result = intValue(py.call(special, [object]));
  if (result === undefined) throw typeError(`'${cls.name}' object cannot be interpreted as an integer`);
  if (typeof result === 'bigint' || result < 0) throw typeError('__len__() should return >= 0');
  return result;
}

/** Keys of a table; a change of size while iterating is an error, as in Python. */
export function tableNext(table: PyDict, what: string): Next {
  const keys = table.map.keys();
  const size = table.map.size;
  return () => {
    if (table.map.size !== size) throw runtimeError(`${what} changed size during iteration`);
    const step = keys.next();
    return step.done ? undefined : originalKey(table, step.value);
  };
}

function rangeNext(range: PyRange): Next {
  let at = 0;
  return () => (at < range.length ? rangeItem(range, at++) : undefined);
}

/** Iteration over the built-in classes; undefined for others. */
export function builtInNext(object: PyValue): Next | undefined {
  const text = textOf(object);
  if (text !== undefined) {
    const points = codePoints(text);
    let at = 0;
    return () => (at < points.length ? points[at++] : undefined);
  }
  if (object instanceof PyList || object instanceof PyTuple) {
    let at = 0;
    return () => (at < object.items.length ? object.items[at++] : undefined);
  }
  if (object instanceof PyDict) return tableNext(object, 'dictionary');
  if (object instanceof PySet) return tableNext(object.table, 'Set');
  if (object instanceof PyRange) return rangeNext(object);
  if (object instanceof PyIterator) return object.next;
  if (object instanceof PyGenerator) return () => resumeGenerator(object, { value: null });
  if (object instanceof PyBytes) {
    let at = 0;
    return () => (at < object.data.length ? object.data[at++] : undefined);
  }
  return undefined;
}

/** `iter(object)` as a function that gives the next value. */
export function iterate(py: Interpreter, object: PyValue): Next {
  const cls = classOf(object);
  if (cls.builtIn) {
    const next = builtInNext(object);
    if (next) return next;
  }
  const special = cls.lookup('__iter__');
  if (special !== undefined && special !== null) return nextOfIterator(py, py.call(special, [object]));
  if (special === undefined && cls.lookup('__getitem__') !== undefined) return nextByIndex(py, object);
  if (object instanceof PyClass && object.cls.lookup('__iter__'))
    return nextOfIterator(py, py.callMethod(object, '__iter__'));
  if (object instanceof Opaque) opaqueUse(object);
  throw typeError(`'${cls.name}' object is not iterable`);
}

/** `next` of an iterator object as a function. */
export function nextOfIterator(py: Interpreter, iterator: PyValue): Next {
  if (iterator instanceof PyIterator) return iterator.next;
  if (iterator instanceof PyGenerator) return () => resumeGenerator(iterator, { value: null });
  const special = classOf(iterator).lookup('__next__');
  if (special === undefined || special === null)
    throw typeError(`iter() returned non-iterator of type '${classOf(iterator).name}'`);
  return () => {
    try {
      return py.call(special, [iterator]);
    } catch (error) {
      if (isRaised(error, 'StopIteration')) return undefined;
      throw error;
    }
  };
}

/** The old protocol: `object[0]`, `object[1]`, … until IndexError. */
function nextByIndex(py: Interpreter, object: PyValue): Next {
  let at = 0;
  return () => {
    try {
      return py.getItem(object, at++);
    } catch (error) {
      if (isRaised(error, 'IndexError') || isRaised(error, 'StopIteration')) return undefined;
      throw error;
    }
  };
}

/** All items of an iterable, in a fresh array; counts against the budgets. */
export function collect(py: Interpreter, object: PyValue): PyValue[] {
  if ((object instanceof PyList || object instanceof PyTuple) && object.cls.builtIn) {
    py.reserve(object.items.length);
    return [...object.items];
  }
  const items: PyValue[] = [];
  const next = iterate(py, object);
  for (let item = next(); item !== undefined; item = next()) {
    items.push(item);
    if ((items.length & 255) === 0) {
      py.spend(256);
      py.reserve(256);
      checkLength(items.length);
    }
  }
  return items;
}

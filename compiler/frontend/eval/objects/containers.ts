/** The containers and small built-in values, as plain data; their behaviour is in `protocol/` and in the library's method tables. */
import { builtInClass, objectType, PyDict, PyObject, type PyClass, type PyValue } from './object.ts';

export const listType = builtInClass('list', objectType, (cls) => new PyList([], cls));
export const tupleType = builtInClass('tuple', objectType, (cls) => new PyTuple([], cls));
export const setType = builtInClass('set', objectType, (cls) => new PySet(cls));
export const frozenSetType = builtInClass('frozenset', objectType, (cls) => new PySet(cls));
export const bytesType = builtInClass('bytes', objectType, (cls) => new PyBytes(new Uint8Array(), cls));
export const byteArrayType = builtInClass('bytearray', objectType, (cls) => new PyBytes(new Uint8Array(), cls));
export const sliceType = builtInClass('slice', objectType);
export const rangeType = builtInClass('range', objectType);
export const complexType = builtInClass('complex', objectType, (cls) => new PyComplex(0, 0, cls));
export const ellipsisType = builtInClass('ellipsis', objectType);
export const notImplementedType = builtInClass('NotImplementedType', objectType);
export const cellType = builtInClass('cell', objectType);

export class PyList extends PyObject {
  items: PyValue[];

  constructor(items: PyValue[], cls: PyClass = listType) {
    super(cls);
    this.items = items;
  }
}

export class PyTuple extends PyObject {
  items: readonly PyValue[];

  constructor(items: readonly PyValue[], cls: PyClass = tupleType) {
    super(cls);
    this.items = items;
  }
}

/** A set or frozenset: the keys of a table. */
export class PySet extends PyObject {
  table: PyDict;

  constructor(cls: PyClass = setType, table: PyDict = new PyDict()) {
    super(cls);
    this.table = table;
  }
}

/** bytes and bytearray. */
export class PyBytes extends PyObject {
  data: Uint8Array;

  constructor(data: Uint8Array, cls: PyClass = bytesType) {
    super(cls);
    this.data = data;
  }
}

export class PySlice extends PyObject {
  readonly start: PyValue;
  readonly stop: PyValue;
  readonly step: PyValue;

  constructor(start: PyValue, stop: PyValue, step: PyValue) {
    super(sliceType);
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
}

/** A range whose bounds are safe integers; larger bounds are refused with OverflowError. */
export class PyRange extends PyObject {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly length: number;

  constructor(start: number, stop: number, step: number) {
    super(rangeType);
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.length = Math.max(0, Math.ceil((stop - start) / step));
  }
}

export class PyComplex extends PyObject {
  readonly real: number;
  readonly imaginary: number;

  constructor(real: number, imaginary: number, cls: PyClass = complexType) {
    super(cls);
    this.real = real;
    this.imaginary = imaginary;
  }
}

/** A variable that closures share; `value` is undefined while it is unbound. */
export class Cell extends PyObject {
  value: PyValue | undefined;

  constructor(value?: PyValue) {
    super(cellType);
    this.value = value;
  }
}

export const ellipsis = new PyObject(ellipsisType);
export const notImplemented = new PyObject(notImplementedType);
export const emptyTuple = new PyTuple([]);

/** V8 ends the process, without an exception, when a longer array has to grow. */
const longestList = 2 ** 24;

/** To be called before a list gets this length; a `RangeError` becomes the diagnostic of values too large. */
export function checkLength(length: number): void {
  if (length > longestList) throw new RangeError(`a list of ${length} items`);
}

export function tuple(...items: readonly PyValue[]): PyTuple {
  return new PyTuple(items);
}

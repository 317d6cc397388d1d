/** Strings by code points, indices and slices. */
import { PyBytes, PyList, PyRange, PySlice, PyTuple } from '../objects/containers.ts';
import { indexError, typeError, valueError } from '../objects/exceptions.ts';
import type { Interpreter } from '../objects/interpreter.ts';
import { classOf, PyBoxed, type PyValue } from '../objects/object.ts';
import { intValue, type Int } from './numbers.ts';

/** The text of a str or of an instance of a subclass of str, else undefined. */
export function textOf(value: PyValue): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof PyBoxed && typeof value.value === 'string' ? value.value : undefined;
}

/** Text that a parameter must be. */
export function needText(value: PyValue, what = 'argument'): string {
  const text = textOf(value);
  if (text === undefined) throw typeError(`${what} must be str, not ${classOf(value).name}`);
  return text;
}

const hasSurrogates = (text: string): boolean => /[\ud800-\udfff]/.test(text);

/** `len(text)`: code points. */
export function textLength(text: string): number {
  if (!hasSurrogates(text)) return text.length;
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** A string as an array of its code points: a string itself where one unit is one code point. */
export function codePoints(text: string): string | readonly string[] {
  return hasSurrogates(text) ? [...text] : text;
}

/** An int for an index: `__index__` is asked where there is one. */
export function indexValue(py: Interpreter, value: PyValue): Int {
  const int = intValue(value);
  if (int !== undefined) return int;
  const special = py.findSpecial(value, '__index__');
  const result = special === undefined ? undefined : intValue(py.call(special, []));
  if (result === undefined) throw typeError(`'${classOf(value).name}' object cannot be interpreted as an integer`);
  return result;
}

/** An index that must be a safe int, such as a count. */
export function countValue(py: Interpreter, value: PyValue): number {
  const int = indexValue(py, value);
  if (typeof int === 'bigint') throw indexError(`cannot fit 'int' into an index-sized integer`);
  return int;
}

/** A position from 0 for an index that may be negative; raises where it is outside. */
export function position(py: Interpreter, index: PyValue, length: number, what: string): number {
  const int = intValue(index) ?? (py.findSpecial(index, '__index__') === undefined ? undefined : indexValue(py, index));
  if (int === undefined) throw typeError(`${what} indices must be integers or slices, not ${classOf(index).name}`);
  const at = Number(int) < 0 ? Number(int) + length : Number(int);
  if (!(at >= 0 && at < length)) throw indexError(`${what} index out of range`);
  return at;
}

/** The positions that a slice means in a sequence of a length. */
export interface SliceRange {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly length: number;
}

export function sliceRange(py: Interpreter, slice: PySlice, length: number): SliceRange {
  const part = (value: PyValue): number | null => (value === null ? null : clampIndex(indexOfSlice(py, value)));
  const step = part(slice.step) ?? 1;
  if (step === 0) throw valueError('slice step cannot be zero');
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const clamp = (value: number | null, missing: number): number =>
    value === null ? missing : Math.min(Math.max(value < 0 ? value + length : value, low), high);
  const start = clamp(part(slice.start), step > 0 ? low : high);
  const stop = clamp(part(slice.stop), step > 0 ? high : low);
  return { start, stop, step, length: Math.max(0, Math.ceil((stop - start) / step)) };
}

function indexOfSlice(py: Interpreter, value: PyValue): Int {
  if (intValue(value) === undefined && py.findSpecial(value, '__index__') === undefined) {
    throw typeError('slice indices must be integers or None or have an __index__ method');
  }
  return indexValue(py, value);
}

const clampIndex = (value: Int): number =>
  Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Number(value)));

/** The items at the positions of a slice. */
export function sliceItems<Item>(items: ArrayLike<Item>, range: SliceRange): Item[] {
  const result: Item[] = [];
  for (let count = 0, at = range.start; count < range.length; count++, at += range.step) result.push(items[at]);
  return result;
}

export function sliceText(py: Interpreter, text: string, slice: PySlice): string {
  const points = codePoints(text);
  const range = sliceRange(py, slice, points.length);
  if (range.step === 1 && typeof points === 'string')
    return points.slice(range.start, Math.max(range.start, range.stop));
  return sliceItems(points, range).join('');
}

export function rangeItem(range: PyRange, at: number): number {
  return range.start + at * range.step;
}

/** `object[key]` of the built-in sequences; undefined for other objects. */
export function sequenceItem(py: Interpreter, object: PyValue, key: PyValue): PyValue | undefined {
  const text = textOf(object);
  if (text !== undefined) {
    if (key instanceof PySlice) return sliceText(py, text, key);
    const points = codePoints(text);
    return points[position(py, key, points.length, 'string')];
  }
  if (object instanceof PyList) {
    if (key instanceof PySlice) return new PyList(sliceItems(object.items, sliceRange(py, key, object.items.length)));
    return object.items[position(py, key, object.items.length, 'list')];
  }
  if (object instanceof PyTuple) {
    if (key instanceof PySlice) return new PyTuple(sliceItems(object.items, sliceRange(py, key, object.items.length)));
    return object.items[position(py, key, object.items.length, 'tuple')];
  }
  if (object instanceof PyRange) {
    if (!(key instanceof PySlice)) return rangeItem(object, position(py, key, object.length, 'range object'));
    const { start, stop, step } = sliceRange(py, key, object.length);
    return new PyRange(rangeItem(object, start), rangeItem(object, stop), object.step * step);
  }
  if (object instanceof PyBytes) {
    if (key instanceof PySlice)
      return new PyBytes(Uint8Array.from(sliceItems(object.data, sliceRange(py, key, object.data.length))), object.cls);
    return object.data[position(py, key, object.data.length, 'index')];
  }
  return undefined;
}

/** `list[slice] = items`. */
export function assignSlice(py: Interpreter, list: PyList, slice: PySlice, items: readonly PyValue[]): void {
  const range = sliceRange(py, slice, list.items.length);
  if (range.step === 1) {
    list.items = [
      ...list.items.slice(0, range.start),
      ...items,
      ...list.items.slice(Math.max(range.start, range.stop)),
    ];
    return;
  }
  if (items.length !== range.length) {
    throw valueError(`attempt to assign sequence of size ${items.length} to extended slice of size ${range.length}`);
  }
  for (let count = 0, at = range.start; count < range.length; count++, at += range.step) list.items[at] = items[count];
}

/** `del list[slice]`. */
export function deleteSlice(py: Interpreter, list: PyList, slice: PySlice): void {
  const { start, step, length } = sliceRange(py, slice, list.items.length);
  const dropped = new Set(Array.from({ length }, (_, count) => start + count * step));
  list.items = list.items.filter((_, at) => !dropped.has(at));
}

/** Hashing, and the hash tables behind dict and set: which keys are the same key. */
import { PyBytes, PyComplex, PyRange, PySet, PySlice, PyTuple, frozenSetType } from '../objects/containers.ts';
import { typeError } from '../objects/exceptions.ts';
import { BoundMethod } from '../objects/functions.ts';
import type { Interpreter } from '../objects/interpreter.ts';
import {
  classOf,
  objectType,
  PyBoxed,
  PyDict,
  PyFloat,
  PyObject,
  type PyValue,
  type TableKey,
} from '../objects/object.ts';
import { normalInt, type Int } from './numbers.ts';

const identities = new WeakMap<object, number>();
let lastIdentity = 1;

/** `id(value)`: a small number, given at first demand, so that runs are deterministic. */
export function identityOf(value: object): number {
  const known = identities.get(value);
  if (known !== undefined) return known;
  lastIdentity += 16;
  identities.set(value, lastIdentity);
  return lastIdentity;
}

/** FNV-1a over UTF-16 units. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

const hashModulus = (1n << 61n) - 1n;

/** Python's hash of an int: the value modulo 2^61 - 1, with the sign kept. */
export function hashInt(value: Int): Int {
  if (typeof value === 'number') return value === -1 ? -2 : value;
  const rest = (value < 0n ? -value : value) % hashModulus;
  return normalInt(value < 0n ? -rest : rest);
}

function hashFloat(value: number): number {
  if (Number.isInteger(value)) return Number(hashInt(normalInt(BigInt(value))));
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 0 : value > 0 ? 314159 : -314159;
  return hashText(String(value));
}

const combine = (hash: number, part: number): number =>
  (Math.imul(hash ^ Math.trunc(part % 4294967296), 0x01000193) + 0x9e3779b9) | 0;

function unhashable(value: PyValue): never {
  throw typeError(`unhashable type: '${classOf(value).name}'`);
}

/** The hash of built-in values; undefined for classes that say it themselves. */
function hashBuiltIn(py: Interpreter, value: PyObject): number | undefined {
  if (value instanceof PyFloat) return hashFloat(value.value);
  if (value instanceof PyBoxed) return hashValue(py, value.value);
  if (value instanceof PyTuple)
    return value.items.reduce<number>((hash, item) => combine(hash, py.hash(item)), 0x345678);
  if (value instanceof PySet && value.cls.isSubclassOf(frozenSetType)) {
    let hash = value.table.map.size;
    for (const item of tableKeys(value.table)) hash ^= Math.imul(py.hash(item) | 0, 0x85ebca6b);
    return hash | 0;
  }
  if (value instanceof PyBytes) return value.data.reduce((hash, byte) => combine(hash, byte), 7);
  if (value instanceof PyComplex)
    return value.imaginary === 0 ? hashFloat(value.real) : combine(hashFloat(value.real), hashFloat(value.imaginary));
  if (value instanceof PyRange) return combine(combine(value.length, value.start), value.step);
  if (value instanceof PySlice)
    return [value.start, value.stop, value.step].reduce<number>((hash, item) => combine(hash, py.hash(item)), 0x51);
  if (value instanceof BoundMethod)
    return combine(py.hash(value.callee), typeof value.self === 'object' && value.self ? identityOf(value.self) : 0);
  return undefined;
}

/** `hash(value)` for values whose class keeps a built-in `__hash__`. */
export function hashValue(py: Interpreter, value: PyValue): number {
  if (typeof value === 'string') return hashText(value);
  if (typeof value === 'object' && value !== null) return hashBuiltIn(py, value) ?? identityOf(value);
  if (value === null) return 0x1ef3;
  return Number(hashInt(typeof value === 'boolean' ? Number(value) : value));
}

/** `hash(value)`, through `__hash__` of user classes. */
export function hashOf(py: Interpreter, value: PyValue): number {
  if (typeof value !== 'object' || value === null) return hashValue(py, value);
  const special = value.cls.lookup('__hash__');
  if (special === null) return unhashable(value);
  if (special === undefined || value.cls.builtIn) return hashValue(py, value);
  const result = py.call(special, [value]);
  if (typeof result !== 'number' && typeof result !== 'bigint')
    throw typeError('__hash__ method should return an integer');
  return Number(hashInt(result));
}

/** The table key of a key that needs no search: a primitive, or an object that is only equal to itself. */
function directKey(py: Interpreter, key: PyValue): TableKey | undefined {
  if (typeof key === 'string' || typeof key === 'number' || typeof key === 'bigint' || key === null) return key;
  if (typeof key === 'boolean') return key ? 1 : 0;
  const special = key.cls.lookup('__hash__');
  if (special === null) return unhashable(key);
  if (key instanceof PyFloat && key.cls.builtIn) {
    if (!Number.isInteger(key.value)) return Number.isNaN(key.value) ? key : key.value;
    return normalInt(BigInt(key.value));
  }
  if (key instanceof PyBoxed) {
    const base = typeof key.value === 'string' ? classOf('') : classOf(0);
    return special === base.lookup('__hash__') ? key.value : undefined;
  }
  const isPlain = special === objectType.lookup('__hash__') && key.cls.lookup('__eq__') === objectType.lookup('__eq__');
  return isPlain && hashBuiltIn(py, key) === undefined ? key : undefined;
}

/** The table key of a key that may be in the table; undefined when it is not. */
function findKey(py: Interpreter, table: PyDict, key: PyValue): TableKey | undefined {
  const direct = directKey(py, key);
  if (direct !== undefined) return table.map.has(direct) ? direct : undefined;
  const bucket = table.buckets?.get(py.hash(key));
  return bucket?.find((stored) => stored === key || py.equal(stored, key));
}

export function tableHas(py: Interpreter, table: PyDict, key: PyValue): boolean {
  return findKey(py, table, key) !== undefined;
}

export function tableGet(py: Interpreter, table: PyDict, key: PyValue): PyValue | undefined {
  if (typeof key === 'string') return table.map.get(key);
  const found = findKey(py, table, key);
  return found === undefined ? undefined : table.map.get(found);
}

/** Stores a value. Changes are announced by the caller (`py.touch`). */
export function tableSet(py: Interpreter, table: PyDict, key: PyValue, value: PyValue): void {
  if (typeof key === 'string') {
    table.map.set(key, value);
    return;
  }
  const found = findKey(py, table, key);
  if (found !== undefined) {
    table.map.set(found, value);
    return;
  }
  const direct = directKey(py, key);
  if (direct === undefined) {
    const object = key as PyObject; // primitives always have a direct key
    const hash = py.hash(object);
    table.buckets ??= new Map();
    const bucket = table.buckets.get(hash);
    if (bucket) bucket.push(object);
    else table.buckets.set(hash, [object]);
    table.map.set(object, value);
    return;
  }
  if (direct !== key) (table.originals ??= new Map()).set(direct, key);
  table.map.set(direct, value);
}

/** Removes a key; gives its value, or undefined when it was absent. */
export function tableDelete(py: Interpreter, table: PyDict, key: PyValue): PyValue | undefined {
  const found = findKey(py, table, key);
  if (found === undefined) return undefined;
  const value = table.map.get(found);
  table.map.delete(found);
  table.originals?.delete(found);
  if (found instanceof PyObject && table.buckets) {
    const hash = py.hash(found);
    const rest = table.buckets.get(hash)?.filter((stored) => stored !== found) ?? [];
    if (rest.length > 0) table.buckets.set(hash, rest);
    else table.buckets.delete(hash);
  }
  return value;
}

/** The key of an entry as the program wrote it. */
export function originalKey(table: PyDict, key: TableKey): PyValue {
  const original = table.originals?.get(key);
  return original !== undefined ? original : (key as PyValue); // a table key that is no original is the key itself
}

/** Keys in insertion order, as the program wrote them. */
export function* tableKeys(table: PyDict): Generator<PyValue, void> {
  for (const key of table.map.keys()) yield originalKey(table, key);
}

export function* tableEntries(table: PyDict): Generator<readonly [PyValue, PyValue], void> {
  for (const [key, value] of table.map) yield [originalKey(table, key), value];
}

export function tableClear(table: PyDict): void {
  table.map.clear();
  table.originals = null;
  table.buckets = null;
}

/** Copies every entry of one table into another, empty one. */
export function tableCopyInto(source: PyDict, target: PyDict): void {
  for (const [key, value] of source.map) target.map.set(key, value);
  target.originals = source.originals && new Map(source.originals);
  target.buckets = source.buckets && new Map([...source.buckets].map(([hash, bucket]) => [hash, [...bucket]]));
}

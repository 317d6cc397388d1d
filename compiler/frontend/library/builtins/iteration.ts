/** Built-in iterators: enumerate, zip, map, filter, reversed; and functions that consume iterables. */
import {
  builtInClass,
  classOf,
  intValue,
  isRaised,
  native,
  nextOfIterator,
  objectType,
  PyClass,
  PyDict,
  PyFloat,
  PyGenerator,
  PyIterator,
  PyTuple,
  staticMethod,
  stopIteration,
  textOf,
  toFloat,
  typeError,
  valueError,
  PyList,
  resumeGenerator,
  method,
  type Interpreter,
  type Int,
  type Member,
  type Next,
  type PyValue,
} from '../../eval/index.ts';
import { iteratorMembers } from './callables.ts';
import { sortValues } from './sequences.ts';

/** A class whose construction gives an iterator. */
function iteratorClass(
  name: string,
  signature: string,
  make: (py: Interpreter, bound: PyValue[]) => Next,
): { readonly cls: PyClass; readonly members: readonly Member[] } {
  const cls = builtInClass(name, objectType);
  const maker = native(
    `__new__(cls, ${signature})`,
    (py, [owner, ...bound]) => new PyIterator(make(py, bound), owner instanceof PyClass ? owner : cls),
  );
  return {
    cls,
    members: [...iteratorMembers, staticMethod(maker), method('__init__(self, /, *args, **kwargs)', () => null)],
  };
}

const itemsOf = (value: PyValue): readonly PyValue[] => (value instanceof PyTuple ? value.items : []);

function enumerate(py: Interpreter, [iterable, start]: PyValue[]): Next {
  const next = py.iterate(iterable);
  let index = start;
  return () => {
    const item = next();
    if (item === undefined) return undefined;
    const pair = new PyTuple([index, item]);
    index = py.binary('+', index, 1);
    return pair;
  };
}

function zip(py: Interpreter, [iterables, strict]: PyValue[]): Next {
  const nexts = itemsOf(iterables).map((iterable) => py.iterate(iterable));
  return () => {
    const items: PyValue[] = [];
    for (const [index, next] of nexts.entries()) {
      const item = next();
      if (item === undefined) {
        if (strict === true) checkStrict(nexts, index);
        return undefined;
      }
      items.push(item);
    }
    return nexts.length === 0 ? undefined : new PyTuple(items);
  };
}

function checkStrict(nexts: readonly Next[], ended: number): void {
  if (ended > 0)
    throw valueError(`zip() argument ${ended + 1} is shorter than argument${ended > 1 ? 's 1-' : ' '}${ended}`);
  const longer = nexts.findIndex((next, index) => index > 0 && next() !== undefined);
  if (longer > 0)
    throw valueError(`zip() argument ${longer + 1} is longer than argument${longer > 1 ? 's 1-' : ' '}${longer}`);
}

function map(py: Interpreter, [fn, iterables]: PyValue[]): Next {
  const nexts = itemsOf(iterables).map((iterable) => py.iterate(iterable));
  if (nexts.length === 0) throw typeError('map() must have at least two arguments.');
  return () => {
    const items: PyValue[] = [];
    for (const next of nexts) {
      const item = next();
      if (item === undefined) return undefined;
      items.push(item);
    }
    return py.call(fn, items);
  };
}

function filter(py: Interpreter, [fn, iterable]: PyValue[]): Next {
  const next = py.iterate(iterable);
  return () => {
    for (let item = next(); item !== undefined; item = next()) {
      if (py.truth(fn === null ? item : py.call(fn, [item]))) return item;
    }
    return undefined;
  };
}

/** `reversed(x)`. */
function reversed(py: Interpreter, [sequence]: PyValue[]): Next {
  const special = py.findSpecial(sequence, '__reversed__');
  if (special !== undefined) return nextOfIterator(py, py.call(special, []));
  if (py.findSpecial(sequence, '__getitem__') === undefined && textOf(sequence) === undefined)
    throw typeError(`'${classOf(sequence).name}' object is not reversible`);
  let at = py.length(sequence);
  return () => (at > 0 ? py.getItem(sequence, --at) : undefined);
}

export const iteratorClasses = [
  iteratorClass('enumerate', 'iterable, start=0', enumerate),
  iteratorClass('zip', '/, *iterables, strict=False', zip),
  iteratorClass('map', 'function, /, *iterables', map),
  iteratorClass('filter', 'function, iterable, /', filter),
  iteratorClass('reversed', 'sequence, /', reversed),
];

/** `sum`: exact for ints, compensated (Neumaier) for floats as CPython 3.12 does. */
function sum(py: Interpreter, iterable: PyValue, start: PyValue): PyValue {
  if (textOf(start) !== undefined) throw typeError("sum() can't sum strings [use ''.join(seq) instead]");
  const next = py.iterate(iterable);
  let total = start;
  for (let item = next(); item !== undefined; item = next()) {
    py.spend(1);
    if (item instanceof PyFloat && (total instanceof PyFloat || typeof total === 'number'))
      return floatSum(py, next, total, item);
    total = py.binary('+', total, item);
  }
  return total;
}

/** Goes on with a sum once a float occurs; falls back to `+` at the first item that is no real number. */
function floatSum(py: Interpreter, next: Next, start: PyFloat | number, first: PyFloat): PyValue {
  let total = typeof start === 'number' ? start : start.value;
  let correction = 0;
  const add = (value: number): void => {
    const sum_ = total + value;
    correction += Math.abs(total) >= Math.abs(value) ? total - sum_ + value : value - sum_ + total;
    total = sum_;
  };
  add(first.value);
  const result = (): PyFloat => new PyFloat(Number.isFinite(correction) ? total + correction : total);
  for (let item = next(); item !== undefined; item = next()) {
    const int: Int | undefined = intValue(item);
    if (item instanceof PyFloat) add(item.value);
    else if (int !== undefined) add(toFloat(int));
    else {
      let rest = py.binary('+', result(), item);
      for (let other = next(); other !== undefined; other = next()) rest = py.binary('+', rest, other);
      return rest;
    }
  }
  return result();
}

/** `min` and `max`: the first extreme item. */
function extreme(py: Interpreter, name: 'min' | 'max', [first, args, key, fallback]: PyValue[]): PyValue {
  const rest = itemsOf(args);
  const next = rest.length > 0 ? listNext([first, ...rest]) : py.iterate(first);
  let best: PyValue | undefined;
  let bestKey: PyValue = null;
  for (let item = next(); item !== undefined; item = next()) {
    py.spend(1);
    const rank = key === null ? item : py.call(key, [item]);
    if (best === undefined || py.truth(py.compare(name === 'min' ? '<' : '>', rank, bestKey))) {
      best = item;
      bestKey = rank;
    }
  }
  if (best !== undefined) return best;
  if (fallback === missing) throw valueError(`${name}() iterable argument is empty`);
  return fallback;
}

function listNext(items: readonly PyValue[]): Next {
  let at = 0;
  return () => (at < items.length ? items[at++] : undefined);
}

/** Stands for an argument that was not given. */
export const missing = new PyDict();

function nextItem(py: Interpreter, [iterator, fallback]: PyValue[]): PyValue {
  if (iterator instanceof PyIterator || iterator instanceof PyGenerator) {
    if (iterator instanceof PyGenerator && fallback === missing) return py.callMethod(iterator, '__next__');
    const item = iterator instanceof PyIterator ? iterator.next() : resumeGenerator(iterator, { value: null });
    if (item !== undefined) return item;
    if (fallback === missing) throw stopIteration(null);
    return fallback;
  }
  const special = py.findSpecial(iterator, '__next__');
  if (special === undefined) throw typeError(`'${classOf(iterator).name}' object is not an iterator`);
  try {
    return py.call(special, []);
  } catch (error) {
    if (fallback === missing || !isRaised(error, 'StopIteration')) throw error;
    return fallback;
  }
}

/** `iter(x)`: the iterator object itself where `__iter__` gives one. */
export function iteratorOf(py: Interpreter, [object, sentinel]: PyValue[]): PyValue {
  if (sentinel !== missing) {
    return new PyIterator(() => {
      const value = py.call(object, []);
      return py.equal(value, sentinel) ? undefined : value;
    });
  }
  if (object instanceof PyIterator || object instanceof PyGenerator) return object;
  const special = classOf(object).builtIn ? undefined : py.findSpecial(object, '__iter__');
  return special === undefined ? new PyIterator(py.iterate(object)) : py.call(special, []);
}

export const iterationFunctions: readonly Member[] = [
  native('sum(iterable, /, start=0)', (py, [iterable, start]) => sum(py, iterable, start)),
  native('min(first, /, *args, key=None, default=missing)', (py, bound) => extreme(py, 'min', bound), { missing }),
  native('max(first, /, *args, key=None, default=missing)', (py, bound) => extreme(py, 'max', bound), { missing }),
  native(
    'sorted(iterable, /, *, key=None, reverse=False)',
    (py, [iterable, key, reverse]) => new PyList(sortValues(py, py.collect(iterable), key, py.truth(reverse))),
  ),
  native('all(iterable, /)', (py, [iterable]) => {
    const next = py.iterate(iterable);
    for (let item = next(); item !== undefined; item = next()) if (!py.truth(item)) return false;
    return true;
  }),
  native('any(iterable, /)', (py, [iterable]) => {
    const next = py.iterate(iterable);
    for (let item = next(); item !== undefined; item = next()) if (py.truth(item)) return true;
    return false;
  }),
  native('next(iterator, default=missing, /)', nextItem, { missing }),
  native('iter(object, sentinel=missing, /)', iteratorOf, { missing }),
];

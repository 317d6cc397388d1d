/** itertools: iterators as functions that give the next value. */
import {
  countValue,
  native,
  nativeClass,
  nativeModule,
  nextOf,
  PyClass,
  PyIterator,
  PyTuple,
  staticMethod,
  valueError,
  method,
  type Interpreter,
  type Member,
  type Next,
  type PyValue,
} from '../../eval/index.ts';
import { iteratorMembers } from '../builtins/index.ts';

/** A class of itertools: constructing it gives the iterator. */
function iterator(
  name: string,
  signature: string,
  make: (py: Interpreter, bound: PyValue[]) => Next,
  more: readonly Member[] = [],
): Member {
  const cls: PyClass = nativeClass({
    name,
    module: 'itertools',
    members: [
      ...iteratorMembers,
      ...more,
      staticMethod(
        native(
          `__new__(cls, ${signature})`,
          (py, [owner, ...bound]) => new PyIterator(make(py, bound), owner instanceof PyClass ? owner : cls),
        ),
      ),
      method('__init__(self, /, *args, **kwargs)', () => null),
    ],
  });
  return [name, cls];
}

/** Iterates over iterables one after the other. */
function chain(py: Interpreter, iterables: Next): Next {
  let current: Next | null = null;
  return () => {
    for (;;) {
      const item = current?.();
      if (item !== undefined) return item;
      const following = iterables();
      if (following === undefined) return undefined;
      current = py.iterate(following);
    }
  };
}

/** Every way to choose `size` positions below `count`, by a rule for the next position. */
function* choices(
  count: number,
  size: number,
  from: (chosen: readonly number[]) => number,
  distinct: boolean,
): Generator<readonly number[]> {
  const chosen: number[] = [];
  function* extend(): Generator<readonly number[]> {
    if (chosen.length === size) {
      yield chosen;
      return;
    }
    for (let position = from(chosen); position < count; position++) {
      if (distinct && chosen.includes(position)) continue;
      chosen.push(position);
      yield* extend();
      chosen.pop();
    }
  }
  yield* extend();
}

function select(py: Interpreter, pool: readonly PyValue[], ways: Iterable<readonly number[]>): Next {
  const steps = ways[Symbol.iterator]();
  return () => {
    const step = steps.next();
    py.spend(1);
    return step.done ? undefined : new PyTuple(step.value.map((position) => pool[position]));
  };
}

function* cartesian(pools: readonly (readonly PyValue[])[]): Generator<PyValue> {
  if (pools.some((pool) => pool.length === 0)) return;
  const at = pools.map(() => 0);
  for (;;) {
    yield new PyTuple(pools.map((pool, index) => pool[at[index]]));
    let index = pools.length - 1;
    while (index >= 0 && ++at[index] === pools[index].length) at[index--] = 0;
    if (index < 0) return;
  }
}

function count(py: Interpreter, [start, step]: PyValue[]): Next {
  let value = start;
  return () => {
    py.spend(1);
    const current = value;
    value = py.binary('+', value, step);
    return current;
  };
}

function cycle(py: Interpreter, [iterable]: PyValue[]): Next {
  const next = py.iterate(iterable);
  const saved: PyValue[] = [];
  let at = -1;
  return () => {
    py.spend(1);
    if (at < 0) {
      const item = next();
      if (item !== undefined) {
        saved.push(item);
        return item;
      }
      at = 0;
    }
    return saved.length === 0 ? undefined : saved[at++ % saved.length];
  };
}

function slice(py: Interpreter, [iterable, args]: PyValue[]): Next {
  const given = py.collect(args);
  const [start, stop, step] = given.length === 1 ? [null, given[0], null] : [given[0], given[1], given[2] ?? null];
  const number = (value: PyValue, fallback: number): number => (value === null ? fallback : countValue(py, value));
  const [first, end, stride] = [number(start, 0), number(stop, Infinity), number(step, 1)];
  if (first < 0 || end < 0 || stride < 1)
    throw valueError('Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.');
  const next = py.iterate(iterable);
  let position = 0;
  let wanted = first;
  return () => {
    while (wanted < end) {
      const item = next();
      if (item === undefined) return undefined;
      if (position++ === wanted) {
        wanted += stride;
        return item;
      }
    }
    while (position < end && Number.isFinite(end) && position < wanted && position++ < end)
      if (next() === undefined) return undefined;
    return undefined;
  };
}

function accumulate(py: Interpreter, [iterable, fn, initial]: PyValue[]): Next {
  const next = py.iterate(iterable);
  let total: PyValue | undefined = initial === null ? undefined : initial;
  let first = total !== undefined;
  return () => {
    if (first) {
      first = false;
      return total;
    }
    const item = next();
    if (item === undefined) return undefined;
    total = total === undefined ? item : fn === null ? py.binary('+', total, item) : py.call(fn, [total, item]);
    return total;
  };
}

function groupBy(py: Interpreter, [iterable, key]: PyValue[]): Next {
  const next = py.iterate(iterable);
  const keyOf = (item: PyValue): PyValue => (key === null ? item : py.call(key, [item]));
  let item = next();
  let current: PyValue | undefined;
  return () => {
    while (item !== undefined && current !== undefined && py.equal(keyOf(item), current)) item = next();
    if (item === undefined) return undefined;
    const group = keyOf(item);
    current = group;
    const members = new PyIterator(() => {
      if (item === undefined || current !== group || !py.equal(keyOf(item), group)) return undefined;
      const member = item;
      item = next();
      return member;
    });
    return new PyTuple([group, members]);
  };
}

function zipLongest(py: Interpreter, [iterables, fill]: PyValue[]): Next {
  const nexts = py.collect(iterables).map((iterable) => py.iterate(iterable));
  return () => {
    const items = nexts.map((next) => next());
    return items.every((item) => item === undefined)
      ? undefined
      : new PyTuple(items.map((item) => (item === undefined ? fill : item)));
  };
}

function tee(py: Interpreter, [iterable, copies]: PyValue[]): PyValue {
  const next = py.iterate(iterable);
  const seen: PyValue[] = [];
  const branch = (): PyIterator => {
    let at = 0;
    return new PyIterator(() => {
      if (at === seen.length) {
        const item = next();
        if (item === undefined) return undefined;
        seen.push(item);
      }
      return seen[at++];
    });
  };
  return new PyTuple(Array.from({ length: countValue(py, copies) }, branch));
}

function filtered(py: Interpreter, fn: PyValue, iterable: PyValue, keep: boolean): Next {
  const next = py.iterate(iterable);
  return () => {
    for (let item = next(); item !== undefined; item = next())
      if (py.truth(fn === null ? item : py.call(fn, [item])) === keep) return item;
    return undefined;
  };
}

function whilst(py: Interpreter, [fn, iterable]: PyValue[], take: boolean): Next {
  const next = py.iterate(iterable);
  let open = false;
  return () => {
    for (let item = next(); item !== undefined; item = next()) {
      if (!take && open) return item;
      const passes = py.truth(py.call(fn, [item]));
      if (take) return passes && !open ? item : ((open = true), undefined);
      if (!passes) {
        open = true;
        return item;
      }
    }
    return undefined;
  };
}

function batched(py: Interpreter, [iterable, size]: PyValue[]): Next {
  const next = py.iterate(iterable);
  const width = countValue(py, size);
  return () => {
    const items: PyValue[] = [];
    while (items.length < width) {
      const item = next();
      if (item === undefined) break;
      items.push(item);
    }
    return items.length === 0 ? undefined : new PyTuple(items);
  };
}

export const itertools = nativeModule('itertools', (py) => [
  iterator('count', 'start=0, step=1', count),
  iterator('cycle', 'iterable, /', cycle),
  iterator('repeat', 'object, times=None', (_py, [object, times]) => {
    let left = times === null ? Infinity : countValue(py, times);
    return () => {
      py.spend(1);
      return left-- > 0 ? object : undefined;
    };
  }),
  iterator('accumulate', 'iterable, func=None, *, initial=None', accumulate),
  iterator('chain', '/, *iterables', (_py, [iterables]) => chain(py, py.iterate(iterables)), [
    staticMethod(
      native('from_iterable(iterable, /)', (_py, [iterable]) => new PyIterator(chain(py, py.iterate(iterable)))),
    ),
  ]),
  iterator('compress', 'data, selectors', (_py, [data, selectors]) => {
    const [next, flag] = [py.iterate(data), py.iterate(selectors)];
    return () => {
      for (let item = next(); item !== undefined; item = next()) {
        const selected = flag();
        if (selected === undefined) return undefined;
        if (py.truth(selected)) return item;
      }
      return undefined;
    };
  }),
  iterator('takewhile', 'predicate, iterable, /', (_py, bound) => whilst(py, bound, true)),
  iterator('dropwhile', 'predicate, iterable, /', (_py, bound) => whilst(py, bound, false)),
  iterator('filterfalse', 'function, iterable, /', (_py, [fn, iterable]) => filtered(py, fn, iterable, false)),
  iterator('groupby', 'iterable, key=None', groupBy),
  iterator('islice', 'iterable, /, *args', slice),
  iterator('starmap', 'function, iterable, /', (_py, [fn, iterable]) => {
    const next = py.iterate(iterable);
    return () => {
      const item = next();
      return item === undefined ? undefined : py.call(fn, py.collect(item));
    };
  }),
  iterator('zip_longest', '/, *iterables, fillvalue=None', zipLongest),
  iterator('pairwise', 'iterable, /', (_py, [iterable]) => {
    const next = py.iterate(iterable);
    let previous = next();
    return () => {
      const item = previous === undefined ? undefined : next();
      if (item === undefined || previous === undefined) return undefined;
      const pair = new PyTuple([previous, item]);
      previous = item;
      return pair;
    };
  }),
  iterator('batched', 'iterable, n', batched),
  iterator('product', '/, *iterables, repeat=1', (_py, [iterables, repeat]) => {
    const pools = py.collect(iterables).map((iterable) => py.collect(iterable));
    return nextOf(cartesian(Array.from({ length: countValue(py, repeat) }, () => pools).flat()));
  }),
  iterator('permutations', 'iterable, r=None', (_py, [iterable, r]) => {
    const pool = py.collect(iterable);
    return select(
      py,
      pool,
      choices(pool.length, r === null ? pool.length : countValue(py, r), () => 0, true),
    );
  }),
  iterator('combinations', 'iterable, r', (_py, [iterable, r]) => {
    const pool = py.collect(iterable);
    return select(
      py,
      pool,
      choices(pool.length, countValue(py, r), (chosen) => (chosen.at(-1) ?? -1) + 1, false),
    );
  }),
  iterator('combinations_with_replacement', 'iterable, r', (_py, [iterable, r]) => {
    const pool = py.collect(iterable);
    return select(
      py,
      pool,
      choices(pool.length, countValue(py, r), (chosen) => chosen.at(-1) ?? 0, false),
    );
  }),
  native('tee(iterable, n=2, /)', tee),
]);

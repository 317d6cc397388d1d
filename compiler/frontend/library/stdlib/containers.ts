/** The native side of `collections` and `functools`: defaultdict, deque, partial, reduce, cmp_to_key. */
import {
  classMethod,
  countValue,
  dictType,
  getter,
  indexError,
  keyError,
  method,
  native,
  nativeClass,
  nativeModule,
  notImplemented,
  PyClass,
  PyDict,
  PyIterator,
  PyList,
  PyObject,
  PyTuple,
  staticMethod,
  tableCopyInto,
  tableSet,
  typeError,
  valueError,
  type Interpreter,
  type KeywordArguments,
  type Member,
  type PyValue,
  type Restorable,
} from '../../eval/index.ts';
import { aliasOf, isCallable, keywordsOf, missing } from '../builtins/index.ts';

class DefaultDict extends PyDict {
  factory: PyValue = null;
}

function needDefault(value: PyValue): DefaultDict {
  if (!(value instanceof DefaultDict)) throw typeError('a defaultdict is required');
  return value;
}

const defaultDictType: PyClass = nativeClass({
  name: 'defaultdict',
  base: dictType,
  module: 'collections',
  allocate: (cls) => new DefaultDict(cls),
  openInstances: true,
  members: [
    staticMethod(
      native(
        '__new__(cls, /, *args, **kwargs)',
        (_py, [cls]) => new DefaultDict(cls instanceof PyClass ? cls : defaultDictType),
      ),
    ),
    method('__init__(self, default_factory=None, /, *args, **kwargs)', (py, [self, factory, args, kwargs]) => {
      if (factory !== null && !isCallable(py, factory)) throw typeError('first argument must be callable or None');
      needDefault(self).factory = factory;
      return py.call(dictType.lookup('__init__') ?? null, [self, ...py.collect(args)], keywordsOf(kwargs));
    }),
    method('__missing__(self, key, /)', (py, [self, key]) => {
      const dict = needDefault(self);
      if (dict.factory === null) throw keyError(key);
      const value = py.call(dict.factory, []);
      py.touch(dict);
      tableSet(py, dict, key, value);
      return value;
    }),
    method('copy(self, /)', (_py, [self]) => {
      const copy = new DefaultDict(needDefault(self).cls);
      copy.factory = needDefault(self).factory;
      tableCopyInto(needDefault(self), copy);
      return copy;
    }),
    method(
      '__repr__(self, /)',
      (py, [self]) =>
        `defaultdict(${py.repr(needDefault(self).factory)}, ${py.str(py.call(dictType.lookup('__repr__') ?? null, [self]))})`,
    ),
    getter(
      'default_factory',
      (_py, self) => needDefault(self).factory,
      (_py, self, value) => void (needDefault(self).factory = value),
    ),
    classMethod(native('__class_getitem__(cls, key, /)', (_py, [cls, key]) => aliasOf(cls, key))),
  ],
});

class Deque extends PyObject implements Restorable {
  items: PyValue[] = [];
  limit: number | null = null;

  save(): () => void {
    const items = [...this.items];
    return () => void (this.items = [...items]);
  }

  /** Drops items at one end until the limit holds. */
  trim(fromLeft: boolean): void {
    if (this.limit === null) return;
    while (this.items.length > this.limit) {
      if (fromLeft) this.items.shift();
      else this.items.pop();
    }
  }
}

function needDeque(value: PyValue): Deque {
  if (!(value instanceof Deque)) throw typeError('a deque is required');
  return value;
}

/** A method that changes a deque. */
function changing(declaration: string, change: (py: Interpreter, deque: Deque, bound: PyValue[]) => PyValue): Member {
  return method(declaration, (py, [self, ...bound]) => {
    py.touch(needDeque(self));
    return change(py, needDeque(self), bound);
  });
}

const place = (py: Interpreter, deque: Deque, key: PyValue): number => {
  const index = countValue(py, key);
  const at = index < 0 ? index + deque.items.length : index;
  if (at < 0 || at >= deque.items.length) throw indexError('deque index out of range');
  return at;
};

const dequeType: PyClass = nativeClass({
  name: 'deque',
  module: 'collections',
  allocate: (cls) => new Deque(cls),
  openInstances: true,
  members: [
    ['__hash__', null],
    changing('__init__(self, iterable=(), maxlen=None)', (py, deque, [iterable, limit]) => {
      deque.limit = limit === null ? null : countValue(py, limit);
      deque.items = py.collect(iterable);
      deque.trim(true);
      return null;
    }),
    changing('append(self, x, /)', (_py, deque, [x]) => {
      deque.items.push(x);
      deque.trim(true);
      return null;
    }),
    changing('appendleft(self, x, /)', (_py, deque, [x]) => {
      deque.items.unshift(x);
      deque.trim(false);
      return null;
    }),
    changing('extend(self, iterable, /)', (py, deque, [iterable]) => {
      deque.items.push(...py.collect(iterable));
      deque.trim(true);
      return null;
    }),
    changing('extendleft(self, iterable, /)', (py, deque, [iterable]) => {
      for (const item of py.collect(iterable)) deque.items.unshift(item);
      deque.trim(false);
      return null;
    }),
    changing('pop(self, /)', (_py, deque) => {
      const item = deque.items.pop();
      if (item === undefined) throw indexError('pop from an empty deque');
      return item;
    }),
    changing('popleft(self, /)', (_py, deque) => {
      const item = deque.items.shift();
      if (item === undefined) throw indexError('pop from an empty deque');
      return item;
    }),
    changing('clear(self, /)', (_py, deque) => {
      deque.items = [];
      return null;
    }),
    changing('rotate(self, n=1, /)', (py, deque, [n]) => {
      const size = deque.items.length;
      if (size === 0) return null;
      const shift = ((countValue(py, n) % size) + size) % size;
      deque.items = [...deque.items.slice(size - shift), ...deque.items.slice(0, size - shift)];
      return null;
    }),
    changing('reverse(self, /)', (_py, deque) => {
      deque.items.reverse();
      return null;
    }),
    changing('remove(self, value, /)', (py, deque, [value]) => {
      const at = deque.items.findIndex((item) => item === value || py.equal(item, value));
      if (at < 0) throw valueError('deque.remove(x): x not in deque');
      deque.items.splice(at, 1);
      return null;
    }),
    changing('insert(self, i, x, /)', (py, deque, [i, x]) => {
      deque.items.splice(countValue(py, i), 0, x);
      return null;
    }),
    changing('__setitem__(self, key, value, /)', (py, deque, [key, value]) => {
      deque.items[place(py, deque, key)] = value;
      return null;
    }),
    changing('__delitem__(self, key, /)', (py, deque, [key]) => {
      deque.items.splice(place(py, deque, key), 1);
      return null;
    }),
    changing('__iadd__(self, other, /)', (py, deque, [other]) => {
      deque.items.push(...py.collect(other));
      deque.trim(true);
      return deque;
    }),
    method('__getitem__(self, key, /)', (py, [self, key]) => needDeque(self).items[place(py, needDeque(self), key)]),
    method('__len__(self, /)', (_py, [self]) => needDeque(self).items.length),
    method('__iter__(self, /)', (_py, [self]) => {
      let at = 0;
      return new PyIterator(() => needDeque(self).items[at++]);
    }),
    method('__reversed__(self, /)', (_py, [self]) => {
      let at = needDeque(self).items.length;
      return new PyIterator(() => needDeque(self).items[--at]);
    }),
    method('__contains__(self, value, /)', (py, [self, value]) =>
      needDeque(self).items.some((item) => item === value || py.equal(item, value)),
    ),
    method('__eq__(self, other, /)', (py, [self, other]) =>
      other instanceof Deque ? py.equal(new PyList(needDeque(self).items), new PyList(other.items)) : notImplemented,
    ),
    method(
      '__repr__(self, /)',
      (py, [self]) =>
        `deque(${py.repr(new PyList(needDeque(self).items))}${needDeque(self).limit === null ? '' : `, maxlen=${needDeque(self).limit}`})`,
    ),
    method('copy(self, /)', (_py, [self]) => copyDeque(needDeque(self))),
    method('__copy__(self, /)', (_py, [self]) => copyDeque(needDeque(self))),
    method(
      'count(self, value, /)',
      (py, [self, value]) => needDeque(self).items.filter((item) => item === value || py.equal(item, value)).length,
    ),
    method('index(self, value, /)', (py, [self, value]) => {
      const at = needDeque(self).items.findIndex((item) => item === value || py.equal(item, value));
      if (at < 0) throw valueError(`${py.repr(value)} is not in deque`);
      return at;
    }),
    getter('maxlen', (_py, self) => needDeque(self).limit),
    classMethod(native('__class_getitem__(cls, key, /)', (_py, [cls, key]) => aliasOf(cls, key))),
  ],
});

function copyDeque(deque: Deque): Deque {
  const copy = new Deque(deque.cls);
  copy.items = [...deque.items];
  copy.limit = deque.limit;
  return copy;
}

export const collectionsCore = nativeModule('_collections', () => [
  ['defaultdict', defaultDictType],
  ['deque', dequeType],
]);

/** A callable with some of its arguments. */
class Partial extends PyObject {
  callee: PyValue = null;
  given: readonly PyValue[] = [];
  keywords: KeywordArguments = new Map();
}

function needPartial(value: PyValue): Partial {
  if (!(value instanceof Partial)) throw typeError('a partial is required');
  return value;
}

function newPartial(py: Interpreter, [cls, callee, args, kwargs]: PyValue[]): PyValue {
  if (!isCallable(py, callee)) throw typeError('the first argument must be callable');
  const made = new Partial(cls instanceof PyClass ? cls : partialType);
  const inner = callee instanceof Partial ? callee : null;
  made.callee = inner ? inner.callee : callee;
  made.given = [...(inner?.given ?? []), ...py.collect(args)];
  made.keywords = new Map([...(inner?.keywords ?? []), ...(keywordsOf(kwargs) ?? [])]);
  return made;
}

function keywordsDict(keywords: KeywordArguments): PyDict {
  const dict = new PyDict();
  for (const [key, value] of keywords) dict.map.set(key, value);
  return dict;
}

const partialType: PyClass = nativeClass({
  name: 'partial',
  module: 'functools',
  allocate: (cls) => new Partial(cls),
  openInstances: true,
  members: [
    staticMethod(native('__new__(cls, func, /, *args, **keywords)', newPartial)),
    method('__init__(self, /, *args, **keywords)', () => null),
    method('__call__(self, /, *args, **keywords)', (py, [self, args, kwargs]) => {
      const { callee, given, keywords } = needPartial(self);
      return py.call(callee, [...given, ...py.collect(args)], new Map([...keywords, ...(keywordsOf(kwargs) ?? [])]));
    }),
    method('__repr__(self, /)', (py, [self]) => {
      const { callee, given, keywords } = needPartial(self);
      return `functools.partial(${[py.repr(callee), ...given.map((value) => py.repr(value)), ...[...keywords].map(([key, value]) => `${key}=${py.repr(value)}`)].join(', ')})`;
    }),
    getter('func', (_py, self) => needPartial(self).callee),
    getter('args', (_py, self) => new PyTuple(needPartial(self).given)),
    getter('keywords', (_py, self) => keywordsDict(needPartial(self).keywords)),
  ],
});

function reduce(py: Interpreter, [fn, iterable, initial]: PyValue[]): PyValue {
  const items = py.collect(iterable);
  if (initial === missing && items.length === 0) throw typeError('reduce() of empty iterable with no initial value');
  const [first, ...rest] = initial === missing ? items : [initial, ...items];
  return rest.reduce<PyValue>((total, item) => py.call(fn, [total, item]), first);
}

/** A key that compares by a function of two values. */
class ComparisonKey extends PyObject {
  compare: PyValue = null;
  value: PyValue = null;
}

const keyType: PyClass = nativeClass({
  name: 'KeyWrapper',
  module: 'functools',
  allocate: (cls) => new ComparisonKey(cls),
  members: [
    method('__lt__(self, other, /)', (py, [self, other]) => {
      if (!(self instanceof ComparisonKey) || !(other instanceof ComparisonKey)) return notImplemented;
      return py.compare('<', py.call(self.compare, [self.value, other.value]), 0);
    }),
  ],
});

export const functoolsCore = nativeModule('_functools', () => [
  ['partial', partialType],
  native('reduce(function, iterable, initial=missing, /)', reduce, { missing }),
  native('cmp_to_key(mycmp)', (_py, [compare]) =>
    native('key(value, /)', (_inner, [value]) => {
      const key = new ComparisonKey(keyType);
      key.compare = compare;
      key.value = value;
      return key;
    }),
  ),
]);

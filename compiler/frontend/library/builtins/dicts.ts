/** dict and its views. */
import {
  builtInClass,
  classMethod,
  classOf,
  dictItem,
  dictType,
  keyError,
  mergeMapping,
  method,
  native,
  notImplemented,
  objectType,
  originalKey,
  PyClass,
  PyDict,
  PyIterator,
  PyObject,
  PyTuple,
  runtimeError,
  staticMethod,
  tableClear,
  tableCopyInto,
  tableDelete,
  tableEntries,
  tableGet,
  tableHas,
  tableKeys,
  tableNext,
  tableSet,
  typeError,
  valueError,
  type Interpreter,
  type Member,
  type Next,
  type PyValue,
} from '../../eval/index.ts';
import { comparisonMembers } from './numbers.ts';
import { setFrom, setOperations } from './sets.ts';

export const dictKeysType = builtInClass('dict_keys', objectType);
export const dictValuesType = builtInClass('dict_values', objectType);
export const dictItemsType = builtInClass('dict_items', objectType);

/** What `dict.keys()`, `.values()` and `.items()` give: a live view. */
class DictView extends PyObject {
  readonly dict: PyDict;

  constructor(cls: PyClass, dict: PyDict) {
    super(cls);
    this.dict = dict;
  }
}

function needDict(value: PyValue): PyDict {
  if (!(value instanceof PyDict))
    throw typeError(`descriptor requires a 'dict' object but received '${classOf(value).name}'`);
  return value;
}

function needView(value: PyValue): DictView {
  if (!(value instanceof DictView)) throw typeError('a dict view is required');
  return value;
}

/** Items of a view in order; a change of size while iterating is an error. */
function viewNext({ cls, dict }: DictView): Next {
  if (cls === dictKeysType) return tableNext(dict, 'dictionary');
  const entries = dict.map.entries();
  const size = dict.map.size;
  return () => {
    if (dict.map.size !== size) throw runtimeError('dictionary changed size during iteration');
    const step = entries.next();
    if (step.done) return undefined;
    const [key, value] = step.value;
    return cls === dictValuesType ? value : new PyTuple([originalKey(dict, key), value]);
  };
}

function viewContains(py: Interpreter, { cls, dict }: DictView, item: PyValue): boolean {
  if (cls === dictKeysType) return tableHas(py, dict, item);
  if (cls === dictValuesType) return [...dict.map.values()].some((value) => value === item || py.equal(value, item));
  if (!(item instanceof PyTuple) || item.items.length !== 2) return false;
  const found = tableGet(py, dict, item.items[0]);
  return found !== undefined && (found === item.items[1] || py.equal(found, item.items[1]));
}

const viewMembers: readonly Member[] = [
  method('__len__(self, /)', (_py, [self]) => needView(self).dict.map.size),
  method('__iter__(self, /)', (_py, [self]) => new PyIterator(viewNext(needView(self)))),
  method('__contains__(self, item, /)', (py, [self, item]) => viewContains(py, needView(self), item)),
  method('__reversed__(self, /)', (py, [self]) => {
    const items = py.collect(self).reverse();
    return new PyIterator(() => items.shift());
  }),
  method(
    '__repr__(self, /)',
    (py, [self]) =>
      `${needView(self).cls.name}([${py
        .collect(self)
        .map((item) => py.repr(item))
        .join(', ')}])`,
  ),
  method('__eq__(self, other, /)', (py, [self, other]) =>
    py.equal(setFrom(py, self), other instanceof DictView ? setFrom(py, other) : other),
  ),
  method(
    'isdisjoint(self, other, /)',
    (py, [self, other]) => !py.collect(other).some((item) => viewContains(py, needView(self), item)),
  ),
  ...(['__and__', '__or__', '__sub__', '__xor__'] as const).map((name) =>
    method(`${name}(self, other, /)`, (py, [self, other]) =>
      setOperations[name](py, setFrom(py, self), setFrom(py, other)),
    ),
  ),
];

/** Fills a dict from what `dict(x, **kwargs)` takes. */
function updateDict(py: Interpreter, dict: PyDict, source: PyValue, keywords: PyValue): void {
  py.touch(dict);
  if (source !== null) {
    if (source instanceof PyDict || py.findAttribute(source, 'keys') !== undefined)
      mergeMapping(py as Parameters<typeof mergeMapping>[0], dict, source);
    else updateFromPairs(py, dict, source);
  }
  if (keywords instanceof PyDict) for (const [key, value] of tableEntries(keywords)) tableSet(py, dict, key, value);
}

function updateFromPairs(py: Interpreter, dict: PyDict, source: PyValue): void {
  const next = py.iterate(source);
  let index = 0;
  for (let pair = next(); pair !== undefined; pair = next(), index++) {
    const items = py.collect(pair);
    if (items.length !== 2)
      throw valueError(`dictionary update sequence element #${index} has length ${items.length}; 2 is required`);
    tableSet(py, dict, items[0], items[1]);
  }
}

/** A value that may be None, or another where there is no value. */
const orElse = (value: PyValue | undefined, fallback: PyValue): PyValue => (value === undefined ? fallback : value);

function copyDict(dict: PyDict): PyDict {
  const copy = new PyDict();
  tableCopyInto(dict, copy);
  return copy;
}

function merged(py: Interpreter, left: PyValue, right: PyValue): PyValue {
  if (!(left instanceof PyDict) || !(right instanceof PyDict)) return notImplemented;
  const result = copyDict(left);
  for (const [key, value] of tableEntries(right)) tableSet(py, result, key, value);
  return result;
}

const dictMembers: readonly Member[] = [
  ...comparisonMembers.slice(0, 2),
  ['__hash__', null],
  staticMethod(
    native('__new__(cls, /, *args, **kwargs)', (_py, [cls]) => new PyDict(cls instanceof PyClass ? cls : dictType)),
  ),
  method('__init__(self, mapping=None, /, **kwargs)', (py, [self, mapping, kwargs]) => {
    updateDict(py, needDict(self), mapping, kwargs);
    return null;
  }),
  method('__len__(self, /)', (_py, [self]) => needDict(self).map.size),
  method('__iter__(self, /)', (_py, [self]) => new PyIterator(tableNext(needDict(self), 'dictionary'))),
  method('__contains__(self, key, /)', (py, [self, key]) => tableHas(py, needDict(self), key)),
  method('__getitem__(self, key, /)', (py, [self, key]) => dictItem(py, needDict(self), key)),
  method('__setitem__(self, key, value, /)', (py, [self, key, value]) => {
    py.touch(needDict(self));
    tableSet(py, needDict(self), key, value);
    return null;
  }),
  method('__delitem__(self, key, /)', (py, [self, key]) => {
    py.touch(needDict(self));
    if (tableDelete(py, needDict(self), key) === undefined) throw keyError(key);
    return null;
  }),
  method('__or__(self, other, /)', (py, [self, other]) => merged(py, self, other)),
  method('__ror__(self, other, /)', (py, [self, other]) => merged(py, other, self)),
  method('__ior__(self, other, /)', (py, [self, other]) => {
    updateDict(py, needDict(self), other, null);
    return self;
  }),
  method('__reversed__(self, /)', (_py, [self]) => {
    const keys = [...tableKeys(needDict(self))].reverse();
    return new PyIterator(() => keys.shift());
  }),
  method('get(self, key, default=None, /)', (py, [self, key, fallback]) =>
    orElse(tableGet(py, needDict(self), key), fallback),
  ),
  method('setdefault(self, key, default=None, /)', (py, [self, key, fallback]) => {
    const found = tableGet(py, needDict(self), key);
    if (found !== undefined) return found;
    py.touch(needDict(self));
    tableSet(py, needDict(self), key, fallback);
    return fallback;
  }),
  method('pop(self, key, /, *default)', (py, [self, key, fallback]) => {
    py.touch(needDict(self));
    const found = tableDelete(py, needDict(self), key);
    if (found !== undefined) return found;
    if (fallback instanceof PyTuple && fallback.items.length > 0) return fallback.items[0];
    throw keyError(key);
  }),
  method('popitem(self, /)', (py, [self]) => {
    const last = [...tableEntries(needDict(self))].at(-1);
    if (!last) throw keyError('popitem(): dictionary is empty');
    py.touch(needDict(self));
    tableDelete(py, needDict(self), last[0]);
    return new PyTuple(last);
  }),
  method('update(self, other=None, /, **kwargs)', (py, [self, other, kwargs]) => {
    updateDict(py, needDict(self), other, kwargs);
    return null;
  }),
  method('clear(self, /)', (py, [self]) => {
    py.touch(needDict(self));
    tableClear(needDict(self));
    return null;
  }),
  method('copy(self, /)', (_py, [self]) => copyDict(needDict(self))),
  method('keys(self, /)', (_py, [self]) => new DictView(dictKeysType, needDict(self))),
  method('values(self, /)', (_py, [self]) => new DictView(dictValuesType, needDict(self))),
  method('items(self, /)', (_py, [self]) => new DictView(dictItemsType, needDict(self))),
  classMethod(
    native('fromkeys(cls, iterable, value=None, /)', (py, [cls, iterable, value]) => {
      const made = py.call(cls, []);
      for (const key of py.collect(iterable)) py.setItem(made, key, value);
      return made;
    }),
  ),
];

export const dictClasses = [
  { cls: dictType, members: dictMembers },
  { cls: dictKeysType, members: viewMembers },
  {
    cls: dictValuesType,
    members: viewMembers.filter(
      (member) => !('name' in member) || !['__eq__', '__and__', '__or__', '__sub__', '__xor__'].includes(member.name),
    ),
  },
  { cls: dictItemsType, members: viewMembers },
];

/** set and frozenset. */
import {
  classOf,
  frozenSetType,
  keyError,
  method,
  native,
  notImplemented,
  PyClass,
  PyIterator,
  PySet,
  setType,
  staticMethod,
  tableClear,
  tableCopyInto,
  tableDelete,
  tableHas,
  tableKeys,
  tableNext,
  tableSet,
  typeError,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';
import { comparisonMembers } from './numbers.ts';

function needSet(value: PyValue): PySet {
  if (!(value instanceof PySet))
    throw typeError(`descriptor requires a 'set' object but received '${classOf(value).name}'`);
  return value;
}

/** A set of the items of an iterable. */
export function setFrom(py: Interpreter, iterable: PyValue, cls: PyClass = setType): PySet {
  const set = new PySet(cls);
  if (iterable instanceof PySet) tableCopyInto(iterable.table, set.table);
  else {
    const next = py.iterate(iterable);
    for (let item = next(); item !== undefined; item = next()) tableSet(py, set.table, item, null);
  }
  return set;
}

type SetOperation = (py: Interpreter, left: PySet, right: PySet) => PySet;

function selected(py: Interpreter, like: PySet, items: Iterable<PyValue>): PySet {
  const set = new PySet(like.cls.isSubclassOf(frozenSetType) ? frozenSetType : setType);
  for (const item of items) tableSet(py, set.table, item, null);
  return set;
}

const keysOf = (set: PySet): PyValue[] => [...tableKeys(set.table)];

export const setOperations: Readonly<Record<'__and__' | '__or__' | '__sub__' | '__xor__', SetOperation>> = {
  __and__: (py, left, right) =>
    selected(
      py,
      left,
      keysOf(left).filter((item) => tableHas(py, right.table, item)),
    ),
  __or__: (py, left, right) => selected(py, left, [...keysOf(left), ...keysOf(right)]),
  __sub__: (py, left, right) =>
    selected(
      py,
      left,
      keysOf(left).filter((item) => !tableHas(py, right.table, item)),
    ),
  __xor__: (py, left, right) =>
    selected(py, left, [
      ...keysOf(left).filter((item) => !tableHas(py, right.table, item)),
      ...keysOf(right).filter((item) => !tableHas(py, left.table, item)),
    ]),
};

const operationNames = ['__and__', '__or__', '__sub__', '__xor__'] as const;
const wordsOf = {
  __and__: 'intersection',
  __or__: 'union',
  __sub__: 'difference',
  __xor__: 'symmetric_difference',
} as const;

/** Methods that take any iterables, and operators that take sets only. */
const setAlgebra: readonly Member[] = operationNames.flatMap((name) => {
  const operation = setOperations[name];
  const reflected = name.replace('__', '__r');
  return [
    method(`${name}(self, other, /)`, (py, [self, other]) =>
      other instanceof PySet ? operation(py, needSet(self), other) : notImplemented,
    ),
    method(`${reflected}(self, other, /)`, (py, [self, other]) =>
      other instanceof PySet ? operation(py, other, needSet(self)) : notImplemented,
    ),
    method(`${wordsOf[name]}(self, /, *others)`, (py, [self, others]) =>
      py
        .collect(others)
        .reduce<PySet>((set, other) => operation(py, set, setFrom(py, other)), setFrom(py, self, needSet(self).cls)),
    ),
  ];
});

const setCommon: readonly Member[] = [
  ...comparisonMembers,
  ...setAlgebra,
  method('__len__(self, /)', (_py, [self]) => needSet(self).table.map.size),
  method('__iter__(self, /)', (_py, [self]) => new PyIterator(tableNext(needSet(self).table, 'Set'))),
  method('__contains__(self, item, /)', (py, [self, item]) => tableHas(py, needSet(self).table, item)),
  method('copy(self, /)', (py, [self]) => setFrom(py, self, needSet(self).cls)),
  method(
    'isdisjoint(self, other, /)',
    (py, [self, other]) => !py.collect(other).some((item) => tableHas(py, needSet(self).table, item)),
  ),
  method('issubset(self, other, /)', (py, [self, other]) => py.truth(py.compare('<=', self, setFrom(py, other)))),
  method('issuperset(self, other, /)', (py, [self, other]) => py.truth(py.compare('>=', self, setFrom(py, other)))),
];

/** Replaces the contents of a set. */
function assign(py: Interpreter, set: PySet, contents: PySet): void {
  py.touch(set);
  set.table = contents.table;
}

const inPlaceMembers: readonly Member[] = operationNames.flatMap((name) => [
  method(`${name.replace('__', '__i')}(self, other, /)`, (py, [self, other]) => {
    if (!(other instanceof PySet)) return notImplemented;
    assign(py, needSet(self), setOperations[name](py, needSet(self), other));
    return self;
  }),
  ...(name === '__or__'
    ? []
    : [
        method(`${wordsOf[name]}_update(self, /, *others)`, (py, [self, others]) => {
          for (const other of py.collect(others))
            assign(py, needSet(self), setOperations[name](py, needSet(self), setFrom(py, other)));
          return null;
        }),
      ]),
]);

const setMembers: readonly Member[] = [
  ...setCommon,
  ...inPlaceMembers,
  ['__hash__', null],
  staticMethod(
    native('__new__(cls, /, *args, **kwargs)', (_py, [cls]) => new PySet(cls instanceof PyClass ? cls : setType)),
  ),
  method('__init__(self, iterable=(), /)', (py, [self, iterable]) => {
    assign(py, needSet(self), setFrom(py, iterable));
    return null;
  }),
  method('add(self, item, /)', (py, [self, item]) => {
    py.touch(needSet(self));
    if (!tableHas(py, needSet(self).table, item)) tableSet(py, needSet(self).table, item, null);
    return null;
  }),
  method('discard(self, item, /)', (py, [self, item]) => {
    py.touch(needSet(self));
    tableDelete(py, needSet(self).table, item);
    return null;
  }),
  method('remove(self, item, /)', (py, [self, item]) => {
    py.touch(needSet(self));
    if (tableDelete(py, needSet(self).table, item) === undefined) throw keyError(item);
    return null;
  }),
  method('pop(self, /)', (py, [self]) => {
    const [first] = keysOf(needSet(self));
    if (first === undefined) throw keyError('pop from an empty set');
    py.touch(needSet(self));
    tableDelete(py, needSet(self).table, first);
    return first;
  }),
  method('clear(self, /)', (py, [self]) => {
    py.touch(needSet(self));
    tableClear(needSet(self).table);
    return null;
  }),
  method('update(self, /, *others)', (py, [self, others]) => {
    py.touch(needSet(self));
    for (const other of py.collect(others))
      for (const item of py.collect(other)) tableSet(py, needSet(self).table, item, null);
    return null;
  }),
];

const frozenSetMembers: readonly Member[] = [
  ...setCommon,
  staticMethod(
    native('__new__(cls, iterable=(), /)', (py, [cls, iterable]) =>
      setFrom(py, iterable, cls instanceof PyClass ? cls : frozenSetType),
    ),
  ),
];

export const setClasses = [
  { cls: setType, members: setMembers },
  { cls: frozenSetType, members: frozenSetMembers },
];

/** operator: Python's operators as functions. */
import {
  native,
  nativeClass,
  nativeModule,
  needText,
  operatorNames,
  PyClass,
  PyObject,
  PyTuple,
  staticMethod,
  method,
  indexValue,
  type BinaryOperator,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';

const words: Readonly<Record<BinaryOperator, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'truediv',
  '//': 'floordiv',
  '%': 'mod',
  '**': 'pow',
  '@': 'matmul',
  '<<': 'lshift',
  '>>': 'rshift',
  '&': 'and_',
  '|': 'or_',
  '^': 'xor',
};

const binaryFunctions: readonly Member[] = (Object.keys(operatorNames) as BinaryOperator[]).flatMap((operator) => [
  // the keys of a record by operator
  native(`${words[operator]}(a, b, /)`, (py, [a, b]) => py.binary(operator, a, b)),
  native(`i${words[operator].replace('_', '')}(a, b, /)`, (py, [a, b]) => py.inPlace(operator, a, b)),
]);

const comparisons: readonly Member[] = (
  [
    ['lt', '<'],
    ['le', '<='],
    ['eq', '=='],
    ['ne', '!='],
    ['gt', '>'],
    ['ge', '>='],
  ] as const
).map(([name, operator]) => native(`${name}(a, b, /)`, (py, [a, b]) => py.compare(operator, a, b)));

/** What `itemgetter(…)` and its sisters make: a callable with its arguments. */
class Getter extends PyObject {
  keys: readonly PyValue[] = [];
}

function getterClass(name: string, read: (py: Interpreter, object: PyValue, key: PyValue) => PyValue): Member {
  const cls: PyClass = nativeClass({
    name,
    module: 'operator',
    allocate: (owner) => new Getter(owner),
    members: [
      staticMethod(
        native('__new__(cls, /, *items)', (py, [owner, items]) => {
          const made = new Getter(owner instanceof PyClass ? owner : cls);
          made.keys = py.collect(items);
          return made;
        }),
      ),
      method('__init__(self, /, *items)', () => null),
      method('__call__(self, object, /)', (py, [self, object]) => {
        const { keys } = self as Getter; // only instances of this class have the method
        return keys.length === 1 ? read(py, object, keys[0]) : new PyTuple(keys.map((key) => read(py, object, key)));
      }),
    ],
  });
  return [name, cls];
}

const readPath = (py: Interpreter, object: PyValue, path: PyValue): PyValue =>
  needText(path)
    .split('.')
    .reduce((value, name) => py.getAttribute(value, name), object);

const others: readonly Member[] = [
  native('neg(a, /)', (py, [a]) => py.unary('-', a)),
  native('pos(a, /)', (py, [a]) => py.unary('+', a)),
  native('invert(a, /)', (py, [a]) => py.unary('~', a)),
  native('not_(a, /)', (py, [a]) => !py.truth(a)),
  native('truth(a, /)', (py, [a]) => py.truth(a)),
  native('is_(a, b, /)', (_py, [a, b]) => a === b),
  native('is_not(a, b, /)', (_py, [a, b]) => a !== b),
  native('index(a, /)', (py, [a]) => indexValue(py, a)),
  native('abs(a, /)', (py, [a]) => py.callMethod(a, '__abs__')),
  native('concat(a, b, /)', (py, [a, b]) => py.binary('+', a, b)),
  native('contains(a, b, /)', (py, [a, b]) => py.contains(a, b)),
  native('countOf(a, b, /)', (py, [a, b]) => py.collect(a).filter((item) => item === b || py.equal(item, b)).length),
  native('getitem(a, b, /)', (py, [a, b]) => py.getItem(a, b)),
  native('setitem(a, b, c, /)', (py, [a, b, c]) => {
    py.setItem(a, b, c);
    return null;
  }),
  native('delitem(a, b, /)', (py, [a, b]) => {
    py.deleteItem(a, b);
    return null;
  }),
  native('length_hint(obj, default=0, /)', (py, [object]) => py.length(object)),
  native('call(obj, /, *args)', (py, [object, args]) => py.call(object, py.collect(args))),
  native('methodcaller(name, /, *args)', (_py, [name, args]) =>
    native('methodcaller(object, /)', (py, [object]) => py.callMethod(object, needText(name), py.collect(args))),
  ),
  getterClass('itemgetter', (py, object, key) => py.getItem(object, key)),
  getterClass('attrgetter', readPath),
];

export const operator = nativeModule('operator', () => [...binaryFunctions, ...comparisons, ...others]);

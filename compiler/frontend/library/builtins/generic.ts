/** `list[int]` and `int | str`: values for annotations, with just enough behaviour to be called, subclassed and tested against. */
import {
  builtInClass,
  classMethod,
  classOf,
  dictType,
  frozenSetType,
  getter,
  listType,
  method,
  native,
  notImplemented,
  objectType,
  PyClass,
  PyDict,
  PyObject,
  PyTuple,
  setType,
  textOf,
  tupleType,
  typeError,
  ellipsis,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';

export const genericAliasType = builtInClass('GenericAlias', objectType);
export const unionType = builtInClass('UnionType', objectType);

class GenericAlias extends PyObject {
  readonly origin: PyValue;
  readonly args: PyTuple;

  constructor(origin: PyValue, args: PyTuple) {
    super(genericAliasType);
    this.origin = origin;
    this.args = args;
  }
}

class Union extends PyObject {
  readonly args: PyTuple;

  constructor(args: PyTuple) {
    super(unionType);
    this.args = args;
  }
}

/** `origin[arguments]`. */
export function aliasOf(origin: PyValue, key: PyValue): PyValue {
  return new GenericAlias(origin, key instanceof PyTuple ? key : new PyTuple([key]));
}

/** `a | b` of types; undefined when one of them is no type. */
export function unionOf(members: readonly PyValue[]): PyValue | undefined {
  const flat = members.flatMap((member) => (member instanceof Union ? member.args.items : [member]));
  const isType = (value: PyValue): boolean =>
    value === null ||
    value instanceof PyClass ||
    value instanceof GenericAlias ||
    textOf(value) !== undefined ||
    isTypingForm(value);
  if (!flat.every(isType)) return undefined;
  const distinct = [...new Set(flat)];
  return distinct.length === 1 ? distinct[0] : new Union(new PyTuple(distinct));
}

/** Objects of the module typing: `Any`, `Optional[int]`, type variables. */
function isTypingForm(value: PyValue): boolean {
  return value instanceof PyObject && value.cls.lookup('__typing_form__') !== undefined;
}

function nameOf(py: Interpreter, value: PyValue): string {
  if (value === null) return 'None';
  if (value === ellipsis) return '...';
  if (!(value instanceof PyClass)) return py.repr(value);
  const module = value.lookup('__module__');
  return typeof module === 'string' && module !== 'builtins' && !value.builtIn
    ? `${module}.${value.qualifiedName}`
    : value.qualifiedName;
}

function needAlias(value: PyValue): GenericAlias {
  if (!(value instanceof GenericAlias)) throw typeError(`a generic alias is required, not ${classOf(value).name}`);
  return value;
}

function argsOf(value: PyValue): PyTuple {
  return value instanceof GenericAlias || value instanceof Union ? value.args : new PyTuple([]);
}

const aliasMembers: readonly Member[] = [
  method(
    '__repr__(self, /)',
    (py, [self]) =>
      `${nameOf(py, needAlias(self).origin)}[${argsOf(self)
        .items.map((arg) => nameOf(py, arg))
        .join(', ')}]`,
  ),
  method('__call__(self, /, *args, **kwargs)', (py, [self, args, kwargs]) => {
    const keywords =
      kwargs instanceof PyDict
        ? new Map([...kwargs.map].flatMap(([key, value]) => (typeof key === 'string' ? [[key, value] as const] : [])))
        : null;
    return py.call(needAlias(self).origin, py.collect(args), keywords);
  }),
  method('__getitem__(self, key, /)', (_py, [self, key]) => aliasOf(needAlias(self).origin, key)),
  method('__mro_entries__(self, bases, /)', (_py, [self]) => new PyTuple([needAlias(self).origin])),
  method('__eq__(self, other, /)', (py, [self, other]) =>
    other instanceof GenericAlias
      ? py.equal(needAlias(self).origin, other.origin) && py.equal(argsOf(self), other.args)
      : notImplemented,
  ),
  method('__hash__(self, /)', (py, [self]) => py.hash(argsOf(self))),
  method('__getattr__(self, name, /)', (py, [self, name]) =>
    py.getAttribute(needAlias(self).origin, textOf(name) ?? ''),
  ),
  getter('__origin__', (_py, self) => needAlias(self).origin),
  getter('__args__', (_py, self) => argsOf(self)),
];

const unionMembers: readonly Member[] = [
  method('__repr__(self, /)', (py, [self]) =>
    argsOf(self)
      .items.map((arg) => nameOf(py, arg))
      .join(' | '),
  ),
  method('__instancecheck__(self, instance, /)', (py, [self, instance]) =>
    argsOf(self).items.some((arg) => (arg === null ? instance === null : py.isInstance(instance, arg))),
  ),
  method('__subclasscheck__(self, cls, /)', (py, [self, cls]) =>
    argsOf(self).items.some((arg) => arg !== null && py.isSubclass(cls, arg)),
  ),
  method('__eq__(self, other, /)', (_py, [self, other]) =>
    other instanceof Union
      ? new Set([...argsOf(self).items, ...other.args.items]).size === other.args.items.length
      : notImplemented,
  ),
  method('__hash__(self, /)', (_py, [self]) => argsOf(self).items.length),
  getter('__args__', (_py, self) => argsOf(self)),
];

const orMembers: readonly Member[] = [
  method('__or__(self, other, /)', (_py, [self, other]) => unionOf([self, other]) ?? notImplemented),
  method('__ror__(self, other, /)', (_py, [self, other]) => unionOf([other, self]) ?? notImplemented),
];

const subscriptable: readonly Member[] = [
  classMethod(native('__class_getitem__(cls, key, /)', (_py, [cls, key]) => aliasOf(cls, key))),
];

export const genericClasses = [
  { cls: genericAliasType, members: [...aliasMembers, ...orMembers] },
  { cls: unionType, members: [...unionMembers, ...orMembers] },
  ...[listType, tupleType, dictType, setType, frozenSetType].map((cls) => ({ cls, members: subscriptable })),
];

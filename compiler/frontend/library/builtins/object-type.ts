/** Members of `object` and `type`. */
import {
  classMethod,
  classOf,
  Cell,
  getter,
  method,
  native,
  notImplemented,
  objectType,
  Pending,
  PyClass,
  PyDict,
  PyList,
  PyModule,
  PyObject,
  PyTuple,
  staticMethod,
  typeError,
  attributeError,
  type Interpreter,
  type KeywordArguments,
  type Member,
  type PyValue,
} from '../../eval/index.ts';
import { unionOf } from './generic.ts';
import { deletePlain, genericGet, classGet, missingAttribute, setPlain } from '../../eval/index.ts';
import {
  compareBuiltIn,
  construct,
  hashValue,
  machineOf,
  newClass,
  refuseAbstract,
  reprBuiltIn,
  strBuiltIn,
  formatBuiltIn,
  textOf,
} from '../../eval/index.ts';

/** The attributes of an instance as the dict that Python code may change. */
function instanceDict(py: Interpreter, self: PyValue): PyValue {
  if (self instanceof PyModule) {
    self.complete?.();
    forcePending(self.attributes);
    return self.attributes;
  }
  if (!(self instanceof PyObject) || (self.cls.builtIn && !self.cls.openInstances && self.attributes === null)) {
    throw attributeError(`'${classOf(self).name}' object has no attribute '__dict__'`);
  }
  py.spend(1);
  return (self.attributes ??= new PyDict());
}

/** Replaces what is to be made on demand by what it is. */
export function forcePending(dict: PyDict): PyDict {
  for (const [key, value] of dict.map) if (value instanceof Pending) dict.map.set(key, value.force());
  return dict;
}

function getAttributeOrFail(py: Interpreter, self: PyValue, name: PyValue): PyValue {
  const text = textOf(name);
  if (text === undefined) throw typeError(`attribute name must be string, not '${classOf(name).name}'`);
  const found = self instanceof PyClass ? classGet(py, self, text) : genericGet(py, self, text);
  if (found === undefined) throw missingAttribute(self, text);
  return found;
}

/** Names for `dir()`. */
export function directory(py: Interpreter, self: PyValue): string[] {
  const names = new Set<string>();
  const add = (dict: PyDict | null): void => {
    for (const key of dict?.map.keys() ?? []) if (typeof key === 'string') names.add(key);
  };
  if (self instanceof PyModule) self.complete?.();
  if (self instanceof PyObject) add(self.attributes);
  const owner = self instanceof PyClass ? self : classOf(self);
  if (!(self instanceof PyModule)) for (const cls of owner.mro) add(cls.namespace);
  py.spend(names.size);
  return [...names].sort();
}

export const objectMembers: readonly Member[] = [
  staticMethod(
    native('__new__(cls, /, *args, **kwargs)', (_py, [cls]) => {
      if (!(cls instanceof PyClass)) throw typeError('object.__new__(X): X is not a type object');
      refuseAbstract(cls);
      return cls.allocate(cls);
    }),
  ),
  method('__init__(self, /, *args, **kwargs)', (_py, [self, args, kwargs]) => {
    const given = (args instanceof PyTuple ? args.items.length : 0) + (kwargs instanceof PyDict ? kwargs.map.size : 0);
    if (given > 0 && classOf(self).lookup('__new__') === objectType.namespace.map.get('__new__')) {
      throw typeError(`${classOf(self).name}.__init__() takes exactly one argument (the instance to initialize)`);
    }
    return null;
  }),
  method('__repr__(self, /)', (py, [self]) => reprBuiltIn(py, self)),
  method('__str__(self, /)', (py, [self]) => strBuiltIn(py, self)),
  method('__format__(self, format_spec, /)', (py, [self, spec]) => formatBuiltIn(py, self, textOf(spec) ?? '')),
  method('__hash__(self, /)', (py, [self]) => hashValue(py, self)),
  method('__eq__(self, other, /)', (py, [self, other]) =>
    self === other ? true : (compareBuiltIn(py, '==', self, other) ?? notImplemented),
  ),
  method('__ne__(self, other, /)', (py, [self, other]) => {
    const special = py.findSpecial(self, '__eq__');
    const equal = special === undefined ? notImplemented : py.call(special, [other]);
    return equal === notImplemented ? notImplemented : !py.truth(equal);
  }),
  method('__getattribute__(self, name, /)', (py, [self, name]) => getAttributeOrFail(py, self, name)),
  method('__setattr__(self, name, value, /)', (py, [self, name, value]) => {
    setPlain(py, self, textOf(name) ?? '', value);
    return null;
  }),
  method('__delattr__(self, name, /)', (py, [self, name]) => {
    deletePlain(py, self, textOf(name) ?? '');
    return null;
  }),
  method('__dir__(self, /)', (py, [self]) => new PyList(directory(py, self))),
  method('__sizeof__(self, /)', () => 16),
  classMethod(native('__init_subclass__(cls, /)', () => null)),
  classMethod(native('__subclasshook__(cls, other, /)', () => notImplemented)),
  getter(
    '__class__',
    (_py, self) => classOf(self),
    (_py, self, value) => {
      if (!(value instanceof PyClass) || !(self instanceof PyObject))
        throw typeError('__class__ must be set to a class');
      self.cls = value;
    },
  ),
  getter('__dict__', instanceDict, (py, self, value) => {
    if (!(self instanceof PyObject) || !(value instanceof PyDict))
      throw typeError('__dict__ must be set to a dictionary');
    py.touch(self);
    self.attributes = value;
  }),
  ['__doc__', null],
];

/** `type(name, bases, namespace)` and `type.__new__(metaclass, …)`. */
function typeNew(py: Interpreter, [metaclass, name, bases, namespace, keywords]: PyValue[]): PyValue {
  if (!(metaclass instanceof PyClass) || !(namespace instanceof PyDict))
    throw typeError('type.__new__() argument 3 must be dict');
  const named: KeywordArguments = new Map();
  if (keywords instanceof PyDict)
    for (const [key, value] of keywords.map) if (typeof key === 'string') named.set(key, value);
  const copy = new PyDict();
  for (const [key, value] of namespace.map) copy.map.set(key, value);
  if (!copy.map.has('__module__')) copy.map.set('__module__', py.currentGlobals().map.get('__name__') ?? 'builtins');
  return newClass(py, metaclass, textOf(name) ?? '', py.collect(bases), copy, named);
}

function className(self: PyValue): PyClass {
  if (!(self instanceof PyClass)) throw typeError('a class is required');
  return self;
}

/** `Class.__annotations__`: the class's own annotations, evaluated now. */
function classAnnotations(self: PyValue): PyValue {
  const cls = className(self);
  const own = cls.namespace.map.get('__annotations__');
  if (own instanceof PyDict) return forcePending(own);
  const made = new PyDict();
  if (!cls.builtIn) cls.namespace.map.set('__annotations__', made);
  return made;
}

/** A read-only picture of a class namespace. */
function namespaceOf(self: PyValue): PyValue {
  const copy = new PyDict();
  for (const [key, value] of className(self).namespace.map) if (!(value instanceof Cell)) copy.map.set(key, value);
  return copy;
}

export const typeMembers: readonly Member[] = [
  staticMethod(native('__new__(metaclass, name, bases=(), dict=None, /, **kwds)', typeNew)),
  method('__init__(self, /, *args, **kwds)', () => null),
  method('__call__(self, /, *args, **kwds)', (py, [self, args, kwargs]) => {
    const named: KeywordArguments = new Map();
    if (kwargs instanceof PyDict)
      for (const [key, value] of kwargs.map) if (typeof key === 'string') named.set(key, value);
    return construct(machineOf(py), className(self), args instanceof PyTuple ? [...args.items] : [], named);
  }),
  method('__setattr__(self, name, value, /)', (py, [self, name, value]) => {
    setPlain(py, self, textOf(name) ?? '', value);
    return null;
  }),
  method('__delattr__(self, name, /)', (py, [self, name]) => {
    deletePlain(py, self, textOf(name) ?? '');
    return null;
  }),
  method('__getattribute__(self, name, /)', (py, [self, name]) => getAttributeOrFail(py, self, name)),
  method('mro(self, /)', (_py, [self]) => new PyList([...className(self).mro])),
  method('__subclasses__(self, /)', (_py, [self]) => new PyList([...className(self).subclasses])),
  method('__instancecheck__(self, instance, /)', (_py, [self, instance]) =>
    classOf(instance).isSubclassOf(className(self)),
  ),
  method(
    '__subclasscheck__(self, subclass, /)',
    (_py, [self, other]) => other instanceof PyClass && other.isSubclassOf(className(self)),
  ),
  method('__or__(self, other, /)', (_py, [self, other]) => unionOf([self, other]) ?? notImplemented),
  method('__ror__(self, other, /)', (_py, [self, other]) => unionOf([other, self]) ?? notImplemented),
  method('__dir__(self, /)', (py, [self]) => new PyList(directory(py, self))),
  getter(
    '__name__',
    (_py, self) => className(self).name,
    (_py, self, value) => void (className(self).name = textOf(value) ?? ''),
  ),
  getter(
    '__qualname__',
    (_py, self) => className(self).qualifiedName,
    (_py, self, value) => void (className(self).qualifiedName = textOf(value) ?? ''),
  ),
  getter(
    '__module__',
    (_py, self) => className(self).lookup('__module__') ?? 'builtins',
    (_py, self, value) => {
      className(self).namespace.map.set('__module__', value);
      className(self).invalidate();
    },
  ),
  getter(
    '__doc__',
    (_py, self) => className(self).namespace.map.get('__doc__') ?? null,
    (_py, self, value) => void className(self).namespace.map.set('__doc__', value),
  ),
  getter('__mro__', (_py, self) => new PyTuple(className(self).mro)),
  getter('__bases__', (_py, self) => new PyTuple(className(self).bases)),
  getter('__base__', (_py, self) => className(self).bases[0] ?? null),
  getter('__dict__', (_py, self) => namespaceOf(self)),
  getter(
    '__annotations__',
    (_py, self) => classAnnotations(self),
    (_py, self, value) => void className(self).namespace.map.set('__annotations__', value),
  ),
];

/** staticmethod, classmethod and property. */
import {
  attributeError,
  BoundMethod,
  classMethodType,
  ClassMethod,
  classOf,
  getter,
  method,
  native,
  Property,
  propertyType,
  PyClass,
  PyObject,
  staticMethod,
  StaticMethod,
  staticMethodType,
  textOf,
  typeError,
  type Member,
  type PyValue,
} from '../../eval/index.ts';
import { callMember } from './callables.ts';

function wrapperMembers(
  make: (callee: PyValue, cls: PyClass) => PyObject,
  calleeOf: (value: PyValue) => PyValue,
  set: (value: PyValue, callee: PyValue) => void,
): Member[] {
  return [
    staticMethod(
      native('__new__(cls, function=None, /)', (_py, [cls, callee]) =>
        make(callee, cls instanceof PyClass ? cls : staticMethodType),
      ),
    ),
    method('__init__(self, function=None, /)', (_py, [self, callee]) => {
      set(self, callee);
      return null;
    }),
    getter('__func__', (_py, self) => calleeOf(self)),
    getter('__wrapped__', (_py, self) => calleeOf(self)),
    getter('__isabstractmethod__', (py, self) => py.findAttribute(calleeOf(self), '__isabstractmethod__') ?? false),
    ...['__name__', '__qualname__', '__doc__', '__module__'].map((name) =>
      getter(name, (py, self) => py.getAttribute(calleeOf(self), name)),
    ),
  ];
}

const staticMethodMembers: readonly Member[] = [
  ...wrapperMembers(
    (callee, cls) => new StaticMethod(callee, cls),
    (value) => (value instanceof StaticMethod ? value.callee : null),
    (value, callee) => void (value instanceof StaticMethod && (value.callee = callee)),
  ),
  method('__get__(self, instance, owner=None, /)', (_py, [self]) =>
    self instanceof StaticMethod ? self.callee : null,
  ),
  callMember,
];

const classMethodMembers: readonly Member[] = [
  ...wrapperMembers(
    (callee, cls) => new ClassMethod(callee, cls),
    (value) => (value instanceof ClassMethod ? value.callee : null),
    (value, callee) => void (value instanceof ClassMethod && (value.callee = callee)),
  ),
  method(
    '__get__(self, instance, owner=None, /)',
    (_py, [self, instance, owner]) =>
      new BoundMethod(self instanceof ClassMethod ? self.callee : null, owner ?? classOf(instance)),
  ),
];

function needProperty(value: PyValue): Property {
  if (!(value instanceof Property)) throw typeError('a property is required');
  return value;
}

/** A property like another with one accessor replaced. */
function withAccessor(self: PyValue, parts: Partial<Pick<Property, 'getter' | 'setter' | 'deleter'>>): Property {
  const { getter: get, setter: set, deleter, doc, cls, name } = needProperty(self);
  const made = new Property({ getter: get, setter: set, deleter, doc, ...parts }, cls);
  made.name = name;
  return made;
}

const propertyMembers: readonly Member[] = [
  staticMethod(
    native(
      '__new__(cls, /, *args, **kwargs)',
      (_py, [cls]) => new Property({}, cls instanceof PyClass ? cls : propertyType),
    ),
  ),
  method('__init__(self, fget=None, fset=None, fdel=None, doc=None)', (py, [self, get, set, deleter, doc]) => {
    const property = needProperty(self);
    Object.assign(property, {
      getter: get,
      setter: set,
      deleter,
      doc: doc ?? (get === null ? null : (py.findAttribute(get, '__doc__') ?? null)),
    });
    return null;
  }),
  method('__get__(self, instance, owner=None, /)', (py, [self, instance]) => {
    if (instance === null) return self;
    const { getter: get } = needProperty(self);
    if (get === null) throw attributeError('unreadable attribute');
    return py.call(get, [instance]);
  }),
  method('__set__(self, instance, value, /)', (py, [self, instance, value]) =>
    py.call(needProperty(self).setter, [instance, value]),
  ),
  method('__set_name__(self, owner, name, /)', (_py, [self, , name]) => {
    needProperty(self).name = textOf(name) ?? '';
    return null;
  }),
  method('getter(self, fget, /)', (_py, [self, fn]) => withAccessor(self, { getter: fn })),
  method('setter(self, fset, /)', (_py, [self, fn]) => withAccessor(self, { setter: fn })),
  method('deleter(self, fdel, /)', (_py, [self, fn]) => withAccessor(self, { deleter: fn })),
  getter('fget', (_py, self) => needProperty(self).getter),
  getter('fset', (_py, self) => needProperty(self).setter),
  getter('fdel', (_py, self) => needProperty(self).deleter),
  getter('__doc__', (_py, self) => needProperty(self).doc),
  getter('__isabstractmethod__', (py, self) =>
    needProperty(self).getter === null
      ? false
      : (py.findAttribute(needProperty(self).getter, '__isabstractmethod__') ?? false),
  ),
];

export const descriptorClasses = [
  { cls: staticMethodType, members: staticMethodMembers },
  { cls: classMethodType, members: classMethodMembers },
  { cls: propertyType, members: propertyMembers },
];

/** Functions, methods, descriptors, generators, modules and super as Python sees them. */
import {
  answerOrStop,
  BoundMethod,
  builtInClass,
  cellType,
  Cell,
  classOf,
  closeGenerator,
  functionType,
  generatorType,
  getSetType,
  getter,
  GetSet,
  iteratorType,
  makeSuper,
  method,
  methodType,
  moduleType,
  native,
  nativeFunctionType,
  NativeFunction,
  noneType,
  objectType,
  Opaque,
  opaqueType,
  PyClass,
  PyDict,
  PyException,
  PyFunction,
  PyGenerator,
  PyIterator,
  PyModule,
  PyObject,
  PySuper,
  PyTuple,
  raisedBy,
  sendInto,
  staticMethod,
  stopIteration,
  superType,
  textOf,
  typeError,
  ellipsisType,
  notImplementedType,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';
import { forcePending } from './object-type.ts';

const codeType = builtInClass('code', objectType);

/** The `__code__` of a function: what introspection reads. */
class CodeView extends PyObject {
  readonly fn: PyFunction;

  constructor(fn: PyFunction) {
    super(codeType);
    this.fn = fn;
  }
}

function needFunction(value: PyValue): PyFunction {
  if (!(value instanceof PyFunction)) throw typeError('a function is required');
  return value;
}

/** Keyword arguments from the dict of a `**kwargs` slot. */
export function keywordsOf(value: PyValue): Map<string, PyValue> | null {
  if (!(value instanceof PyDict) || value.map.size === 0) return null;
  const named = new Map<string, PyValue>();
  for (const [key, item] of value.map) if (typeof key === 'string') named.set(key, item);
  return named;
}

export const callMember = method('__call__(self, /, *args, **kwargs)', (py, [self, args, kwargs]) =>
  py.call(self, args instanceof PyTuple ? [...args.items] : [], keywordsOf(kwargs)),
);

/** Default values of the parameters of a kind, as `__defaults__` and `__kwdefaults__` show them. */
function positionalDefaults(fn: PyFunction): PyValue {
  const values = fn.defaults.slice(0, fn.signature.positional).filter((value) => value !== undefined);
  return values.length > 0 ? new PyTuple(values) : null;
}

function setDefaults(fn: PyFunction, values: PyValue): void {
  const given = values instanceof PyTuple ? values.items : [];
  const { positional } = fn.signature;
  fn.defaults = fn.defaults.map((value, slot) =>
    slot < positional ? given[slot - (positional - given.length)] : value,
  );
}

function keywordDefaults(fn: PyFunction): PyValue {
  const dict = new PyDict();
  fn.signature.parameters.forEach(({ name, kind }, slot) => {
    const value = fn.defaults[slot];
    if (kind === 'keyword-only' && value !== undefined) dict.map.set(name, value);
  });
  return dict.map.size > 0 ? dict : null;
}

function annotationsOf(fn: PyFunction): PyDict {
  return forcePending((fn.annotations ??= new PyDict()));
}

/** `__get__` of anything that binds like a function. */
function bindTo(callee: PyValue, instance: PyValue, owner: PyValue): PyValue {
  return instance === null && owner !== null ? callee : new BoundMethod(callee, instance);
}

const functionMembers: readonly Member[] = [
  callMember,
  method('__get__(self, instance, owner=None, /)', (_py, [self, instance, owner]) => bindTo(self, instance, owner)),
  getter(
    '__name__',
    (_py, self) => needFunction(self).name,
    (_py, self, value) => void (needFunction(self).name = textOf(value) ?? ''),
  ),
  getter(
    '__qualname__',
    (_py, self) => needFunction(self).qualifiedName,
    (_py, self, value) => void (needFunction(self).qualifiedName = textOf(value) ?? ''),
  ),
  getter(
    '__module__',
    (_py, self) => needFunction(self).module,
    (_py, self, value) => void (needFunction(self).module = value),
  ),
  getter(
    '__doc__',
    (_py, self) => needFunction(self).doc,
    (_py, self, value) => void (needFunction(self).doc = value),
  ),
  getter(
    '__defaults__',
    (_py, self) => positionalDefaults(needFunction(self)),
    (_py, self, value) => setDefaults(needFunction(self), value),
  ),
  getter('__kwdefaults__', (_py, self) => keywordDefaults(needFunction(self))),
  getter(
    '__annotations__',
    (_py, self) => annotationsOf(needFunction(self)),
    (_py, self, value) => void (needFunction(self).annotations = value instanceof PyDict ? value : null),
  ),
  getter('__globals__', (_py, self) => needFunction(self).globals),
  getter('__closure__', (_py, self) =>
    needFunction(self).closure.length > 0 ? new PyTuple(needFunction(self).closure) : null,
  ),
  getter('__code__', (_py, self) => new CodeView(needFunction(self))),
];

function needCode(value: PyValue): PyFunction {
  if (!(value instanceof CodeView)) throw typeError('a code object is required');
  return value.fn;
}

const codeMembers: readonly Member[] = [
  getter('co_name', (_py, self) => needCode(self).code.name),
  getter('co_argcount', (_py, self) => needCode(self).signature.positional),
  getter(
    'co_varnames',
    (_py, self) => new PyTuple(needCode(self).code.slotNames.filter((name) => !name.startsWith('.'))),
  ),
  getter('co_filename', (_py, self) => needCode(self).code.span?.file.name ?? ''),
  getter(
    'co_flags',
    (_py, self) =>
      (needCode(self).signature.variadic >= 0 ? 4 : 0) |
      (needCode(self).signature.keywords >= 0 ? 8 : 0) |
      (needCode(self).code.isGenerator ? 32 : 0),
  ),
];

function needNative(value: PyValue): NativeFunction {
  if (!(value instanceof NativeFunction)) throw typeError('a built-in function is required');
  return value;
}

const nativeMembers: readonly Member[] = [
  callMember,
  method('__get__(self, instance, owner=None, /)', (_py, [self, instance, owner]) =>
    needNative(self).binds ? bindTo(self, instance, owner) : self,
  ),
  getter('__name__', (_py, self) => needNative(self).name),
  getter('__qualname__', (_py, self) => needNative(self).qualifiedName),
  getter('__module__', (_py, self) => needNative(self).module ?? 'builtins'),
  getter('__doc__', (_py, self) => needNative(self).doc),
  getter('__annotations__', () => new PyDict()),
];

function needMethod(value: PyValue): BoundMethod {
  if (!(value instanceof BoundMethod)) throw typeError('a method is required');
  return value;
}

/** Attributes that a bound method takes from its function. */
function throughMethod(name: string): Member {
  return getter(name, (py, self) => py.getAttribute(needMethod(self).callee, name));
}

const methodMembers: readonly Member[] = [
  callMember,
  getter('__self__', (_py, self) => needMethod(self).self),
  getter('__func__', (_py, self) => needMethod(self).callee),
  ...[
    '__name__',
    '__qualname__',
    '__module__',
    '__doc__',
    '__defaults__',
    '__kwdefaults__',
    '__annotations__',
    '__code__',
    '__globals__',
    '__closure__',
  ].map(throughMethod),
  method('__getattr__(self, name, /)', (py, [self, name]) =>
    py.getAttribute(needMethod(self).callee, textOf(name) ?? ''),
  ),
  staticMethod(native('__new__(cls, function, instance, /)', (_py, [, fn, instance]) => new BoundMethod(fn, instance))),
];

function needGenerator(value: PyValue): PyGenerator {
  if (!(value instanceof PyGenerator)) throw typeError('a generator is required');
  return value;
}

/** The exception of `generator.throw(type[, value])`. */
function thrown(py: Interpreter, type: PyValue, value: PyValue): unknown {
  if (type instanceof PyClass && value !== null && !(value instanceof PyException))
    return raisedBy(py, py.call(type, [value]));
  return raisedBy(py, value instanceof PyException ? value : type);
}

const generatorMembers: readonly Member[] = [
  method('__iter__(self, /)', (_py, [self]) => self),
  method('__next__(self, /)', (_py, [self]) => answerOrStop(sendInto(needGenerator(self), { value: null }))),
  method('send(self, value, /)', (_py, [self, value]) => answerOrStop(sendInto(needGenerator(self), { value }))),
  method('throw(self, type, value=None, traceback=None, /)', (py, [self, type, value]) =>
    answerOrStop(sendInto(needGenerator(self), { raise: thrown(py, type, value) })),
  ),
  method('close(self, /)', (_py, [self]) => {
    closeGenerator(needGenerator(self));
    return null;
  }),
  getter('__name__', (_py, self) => needGenerator(self).name),
];

export const iteratorMembers: readonly Member[] = [
  method('__iter__(self, /)', (_py, [self]) => self),
  method('__next__(self, /)', (_py, [self]) => {
    if (!(self instanceof PyIterator)) throw typeError('an iterator is required');
    const item = self.next();
    if (item === undefined) throw stopIteration(null);
    return item;
  }),
];

function needModule(value: PyValue): PyModule {
  if (!(value instanceof PyModule)) throw typeError('a module is required');
  return value;
}

const moduleMembers: readonly Member[] = [
  staticMethod(
    native('__new__(cls, name, doc=None)', (_py, [, name, doc]) => {
      const module = new PyModule(textOf(name) ?? '');
      module.attributes.map.set('__doc__', doc);
      return module;
    }),
  ),
  method('__init__(self, name, doc=None)', () => null),
  method('__repr__(self, /)', (_py, [self]) => `<module '${needModule(self).name}'>`),
];

function newSuper(_py: Interpreter, [, owner, self]: PyValue[]): PyValue {
  if (!(owner instanceof PyClass)) throw typeError(`super() argument 1 must be a type, not ${classOf(owner).name}`);
  return self === null ? new PySuper(owner, null, null) : makeSuper(owner, self);
}

const cellMembers: readonly Member[] = [
  getter('cell_contents', (_py, self) => (self instanceof Cell ? (self.value ?? null) : null)),
];

export const callableClasses = [
  { cls: functionType, members: functionMembers },
  { cls: codeType, members: codeMembers },
  { cls: nativeFunctionType, members: nativeMembers },
  { cls: methodType, members: methodMembers },
  { cls: generatorType, members: generatorMembers },
  { cls: iteratorType, members: iteratorMembers },
  { cls: moduleType, members: moduleMembers },
  {
    cls: superType,
    members: [
      staticMethod(native('__new__(cls, type, object=None, /)', newSuper)),
      method('__init__(self, /, *args)', () => null),
    ],
  },
  { cls: cellType, members: cellMembers },
  { cls: noneType, members: [method('__bool__(self, /)', () => false)] },
  { cls: getSetType, members: [getter('__name__', (_py, self) => (self instanceof GetSet ? self.name : ''))] },
  {
    cls: opaqueType,
    members: [
      method('__repr__(self, /)', (_py, [self]) =>
        self instanceof Opaque ? `<'${self.path}', which is not available>` : '',
      ),
    ],
  },
  { cls: ellipsisType, members: [] },
  { cls: notImplementedType, members: [] },
];

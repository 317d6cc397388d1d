/** Members of the exception classes. */
import {
  baseExceptionType,
  classOf,
  exceptionType,
  exceptionTypes,
  getter,
  method,
  native,
  PyClass,
  PyDict,
  PyException,
  PyList,
  PyTuple,
  regroup,
  splitGroup,
  staticMethod,
  textOf,
  typeError,
  valueError,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';

function needException(value: PyValue): PyException {
  if (!(value instanceof PyException)) throw typeError(`an exception is required, not '${classOf(value).name}'`);
  return value;
}

function linked(value: PyValue): PyException | null {
  return value === null ? null : needException(value);
}

const baseMembers: readonly Member[] = [
  staticMethod(
    native('__new__(cls, /, *args, **kwargs)', (_py, [cls, args]) => {
      const made = new PyException(cls instanceof PyClass ? cls : baseExceptionType);
      if (args instanceof PyTuple) made.args = args;
      return made;
    }),
  ),
  method('__init__(self, /, *args, **kwargs)', (_py, [self, args]) => {
    if (args instanceof PyTuple) needException(self).args = args;
    return null;
  }),
  getter(
    'args',
    (_py, self) => needException(self).args,
    (py, self, value) => void (needException(self).args = new PyTuple(py.collect(value))),
  ),
  getter(
    '__cause__',
    (_py, self) => needException(self).cause,
    (_py, self, value) => {
      needException(self).cause = linked(value);
      needException(self).suppressContext = true;
    },
  ),
  getter(
    '__context__',
    (_py, self) => needException(self).context,
    (_py, self, value) => void (needException(self).context = linked(value)),
  ),
  getter(
    '__suppress_context__',
    (_py, self) => needException(self).suppressContext,
    (py, self, value) => void (needException(self).suppressContext = py.truth(value)),
  ),
  getter(
    '__traceback__',
    () => null,
    () => undefined,
  ),
  getter('__notes__', (_py, self) => new PyList([...needException(self).notes])),
  method('with_traceback(self, tb, /)', (_py, [self]) => self),
  method('add_note(self, note, /)', (_py, [self, note]) => {
    needException(self).notes.push(textOf(note) ?? '');
    return null;
  }),
];

/** The argument at a place of `args`, as an attribute. */
function argument(name: string, index: number): Member {
  return getter(
    name,
    (_py, self) => needException(self).attributes?.map.get(name) ?? needException(self).args.items[index] ?? null,
    (_py, self, value) => {
      const exception = needException(self);
      exception.attributes ??= new PyDict();
      exception.attributes.map.set(name, value);
    },
  );
}

/** `ImportError(…, name=…, path=…)`, `NameError(…, name=…)`, `AttributeError(…, name=…, obj=…)`. */
function namedInit(...names: readonly string[]): readonly Member[] {
  return [
    method(
      `__init__(self, /, *args, ${names.map((name) => `${name}=None`).join(', ')})`,
      (_py, [self, args, ...values]) => {
        const exception = needException(self);
        if (args instanceof PyTuple) exception.args = args;
        const attributes = (exception.attributes ??= new PyDict());
        names.forEach((name, index) => attributes.map.set(name, values[index]));
        return null;
      },
    ),
  ];
}

function osErrorText(py: Interpreter, self: PyValue): string {
  const { items } = needException(self).args;
  if (items.length < 2) return items.length === 0 ? '' : py.str(items[0]);
  const file = items.length > 2 ? `: ${py.repr(items[2])}` : '';
  return `[Errno ${py.str(items[0])}] ${py.str(items[1])}${file}`;
}

function newGroup(py: Interpreter, [cls, message, members]: PyValue[]): PyValue {
  const exceptions = py.collect(members).map((member) => {
    if (!(member instanceof PyException))
      throw valueError('Item 0 of second argument (exceptions) is not an exception');
    return member;
  });
  if (exceptions.length === 0) throw valueError('second argument (exceptions) must be a non-empty sequence');
  const made = new PyException(cls instanceof PyClass ? cls : exceptionType('ExceptionGroup'), [message, members]);
  made.members = exceptions;
  return made;
}

const groupMembers: readonly Member[] = [
  staticMethod(native('__new__(cls, message, exceptions, /)', newGroup)),
  getter('message', (_py, self) => needException(self).args.items[0] ?? ''),
  getter('exceptions', (_py, self) => new PyTuple(needException(self).members ?? [])),
  method('split(self, condition, /)', (py, [self, condition]) => {
    const group = needException(self);
    return new PyTuple(
      splitGroup(py as Parameters<typeof splitGroup>[0], group, condition).map((part) =>
        part.length > 0 ? regroup(group, part) : null,
      ),
    );
  }),
  method('subgroup(self, condition, /)', (py, [self, condition]) => {
    const [matching] = splitGroup(py as Parameters<typeof splitGroup>[0], needException(self), condition);
    return matching.length > 0 ? regroup(needException(self), matching) : null;
  }),
];

export const exceptionClasses = [
  { cls: baseExceptionType, members: baseMembers },
  { cls: exceptionType('BaseExceptionGroup'), members: groupMembers },
  { cls: exceptionType('StopIteration'), members: [argument('value', 0)] },
  { cls: exceptionType('SystemExit'), members: [argument('code', 0)] },
  { cls: exceptionType('ImportError'), members: [...namedInit('name', 'path'), argument('msg', 0)] },
  { cls: exceptionType('NameError'), members: namedInit('name') },
  { cls: exceptionType('AttributeError'), members: namedInit('name', 'obj') },
  {
    cls: exceptionType('OSError'),
    members: [
      argument('errno', 0),
      argument('strerror', 1),
      argument('filename', 2),
      method('__str__(self, /)', (py, [self]) => osErrorText(py, self)),
    ],
  },
];

/** The exception classes as built-in names. */
export const exceptionNames: readonly Member[] = [
  ...[...exceptionTypes].map(([name, cls]) => [name, cls] as const),
  ['IOError', exceptionType('OSError')] as const,
  ['EnvironmentError', exceptionType('OSError')] as const,
];

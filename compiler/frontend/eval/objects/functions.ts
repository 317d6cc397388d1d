/** Everything that can be called or that binds when it is read from a class. */
import type { Span } from '../../../ir/index.ts';
import type { Interpreter } from './interpreter.ts';
import { builtInClass, objectType, PyObject, type PyClass, type PyDict, type PyValue } from './object.ts';
import type { Cell } from './containers.ts';
import { parseSignature, type DefaultNames, type Signature } from './signature.ts';

export const functionType = builtInClass('function', objectType);
export const nativeFunctionType = builtInClass('builtin_function_or_method', objectType);
export const methodType = builtInClass('method', objectType);
export const staticMethodType = builtInClass('staticmethod', objectType, (cls) => new StaticMethod(null, cls));
export const classMethodType = builtInClass('classmethod', objectType, (cls) => new ClassMethod(null, cls));
export const propertyType = builtInClass('property', objectType, (cls) => new Property({}, cls));
export const getSetType = builtInClass('getset_descriptor', objectType);
export const superType = builtInClass('super', objectType, (cls) => new PySuper(null, null, null, cls));

functionType.openInstances = true;

/** The native side of a call: arguments arrive bound to the slots of the signature. */
export type Implementation = (py: Interpreter, bound: PyValue[]) => PyValue;

/** A function written in TypeScript. Its signature is data and is parsed at first use. */
export class NativeFunction extends PyObject {
  readonly name: string;
  readonly implementation: Implementation;
  module: string | null = null;
  qualifiedName: string;
  doc: string | null = null;
  /** Whether it binds `self` when it is read from an instance. */
  readonly binds: boolean;
  private readonly text: string;
  private readonly names: DefaultNames;
  private parsed: Signature | null = null;

  constructor(
    name: string,
    signature: string,
    implementation: Implementation,
    options: { binds?: boolean; names?: DefaultNames } = {},
  ) {
    super(nativeFunctionType);
    this.name = name;
    this.qualifiedName = name;
    this.text = signature;
    this.implementation = implementation;
    this.binds = options.binds ?? false;
    this.names = options.names ?? {};
  }

  get signature(): Signature {
    return (this.parsed ??= parseSignature(this.text, this.names));
  }
}

/** One activation of a Python function, class body or module. */
export class Frame {
  readonly code: Code;
  readonly slots: (PyValue | undefined)[];
  readonly globals: PyDict;
  readonly function: PyFunction | null;
  /** The namespace of a class body or module body, null in functions. */
  readonly namespace: PyDict | null;
  caller: Frame | null = null;
  /** Where the frame is, for tracebacks and locations: set before anything that can fail. */
  at: Span | null = null;
  result: PyValue = null;

  constructor(
    code: Code,
    slots: (PyValue | undefined)[],
    globals: PyDict,
    fn: PyFunction | null,
    namespace: PyDict | null,
  ) {
    this.code = code;
    this.slots = slots;
    this.globals = globals;
    this.function = fn;
    this.namespace = namespace;
  }
}

/** Compiled code of a function, class body or module; the body is compiled at its first run. */
export interface Code {
  readonly name: string;
  readonly qualifiedName: string;
  /** Names of slots, parameters first. */
  readonly slotNames: readonly string[];
  /** Slots that hold a `Cell`. */
  readonly cells: readonly number[];
  /** Cells of the enclosing function: `[slot in it, slot here]`. */
  readonly free: readonly (readonly [number, number])[];
  readonly isGenerator: boolean;
  readonly isAsync: boolean;
  readonly span: Span | null;
  readonly doc: string | null;
  readonly run: (frame: Frame) => PyValue;
  readonly start: (frame: Frame) => Generator<PyValue, PyValue, unknown>;
}

/** A function written in Python. */
export class PyFunction extends PyObject {
  readonly code: Code;
  name: string;
  qualifiedName: string;
  module: PyValue;
  doc: PyValue;
  readonly signature: Signature;
  defaults: readonly (PyValue | undefined)[];
  readonly closure: readonly Cell[];
  readonly globals: PyDict;
  /** `{parameter: annotation}` and `return`; the values are `Pending` until the annotations are read. */
  annotations: PyDict | null = null;

  constructor(
    code: Code,
    signature: Signature,
    defaults: readonly (PyValue | undefined)[],
    closure: readonly Cell[],
    globals: PyDict,
  ) {
    super(functionType);
    this.code = code;
    this.name = code.name;
    this.qualifiedName = code.qualifiedName;
    this.module = globals.map.get('__name__') ?? null;
    this.doc = code.doc;
    this.signature = signature;
    this.defaults = defaults;
    this.closure = closure;
    this.globals = globals;
  }
}

/** A callable with its first argument. */
export class BoundMethod extends PyObject {
  readonly callee: PyValue;
  readonly self: PyValue;

  constructor(callee: PyValue, self: PyValue) {
    super(methodType);
    this.callee = callee;
    this.self = self;
  }
}

export class StaticMethod extends PyObject {
  callee: PyValue;

  constructor(callee: PyValue, cls: PyClass = staticMethodType) {
    super(cls);
    this.callee = callee;
  }
}

export class ClassMethod extends PyObject {
  callee: PyValue;

  constructor(callee: PyValue, cls: PyClass = classMethodType) {
    super(cls);
    this.callee = callee;
  }
}

/** `property`: the accessors, None where there is none. */
export class Property extends PyObject {
  getter: PyValue;
  setter: PyValue;
  deleter: PyValue;
  doc: PyValue;
  name = '';

  constructor(
    parts: { getter?: PyValue; setter?: PyValue; deleter?: PyValue; doc?: PyValue },
    cls: PyClass = propertyType,
  ) {
    super(cls);
    this.getter = parts.getter ?? null;
    this.setter = parts.setter ?? null;
    this.deleter = parts.deleter ?? null;
    this.doc = parts.doc ?? null;
  }
}

/** A native attribute with a getter and, perhaps, a setter. */
export class GetSet extends PyObject {
  readonly name: string;
  readonly get: (py: Interpreter, self: PyValue) => PyValue;
  readonly set: ((py: Interpreter, self: PyValue, value: PyValue) => void) | null;

  constructor(name: string, get: GetSet['get'], set: GetSet['set'] = null) {
    super(getSetType);
    this.name = name;
    this.get = get;
    this.set = set;
  }
}

/** `super(owner, self)`; `start` is the class whose successors in the order of `selfClass` are searched. */
export class PySuper extends PyObject {
  start: PyClass | null;
  self: PyValue;
  selfClass: PyClass | null;

  constructor(start: PyClass | null, self: PyValue, selfClass: PyClass | null, cls: PyClass = superType) {
    super(cls);
    this.start = start;
    this.self = self;
    this.selfClass = selfClass;
  }
}

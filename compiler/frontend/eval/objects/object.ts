/**
 * What a Python value is.
 *
 * None, bool, int and str are JavaScript primitives (an int is a number while it is safe, else a bigint, never both for one
 * value); everything else is a `PyObject` of some class. A float is boxed, so that `typeof` alone tells an int from a float.
 */

/** The class of all classes, the root class and the class of dicts (bound at the end of this file). */
export let typeType: PyClass;
export let objectType: PyClass;
export let dictType: PyClass;

/** Any Python value. `undefined` is never a value: it means "not bound". */
export type PyValue = null | boolean | number | bigint | string | PyObject;

/** How many objects were made so far. */
let made = 0;

/** The serial number of the newest object. */
export const newestSerial = (): number => made;

/** Anything with a class and, perhaps, attributes of its own. */
export class PyObject {
  cls: PyClass;
  /** Order of creation: what was made while a branch ran belongs to that branch. */
  readonly serial = ++made;
  /** The instance `__dict__`; null while there is none. */
  attributes: PyDict | null = null;

  constructor(cls: PyClass) {
    this.cls = cls;
  }
}

/** What stands for a key inside a table: a primitive, or the first key object that was stored. */
export type TableKey = null | boolean | number | bigint | string | object;

/**
 * A dict: insertion ordered. Keys that are primitives (or equal to one: `1.0`, `True`) and keys with identity semantics are their own
 * table keys; other keys (tuples, objects with `__eq__`) are found through `buckets` by hash. Protocol: `protocol/table.ts`.
 */
export class PyDict extends PyObject {
  readonly map = new Map<TableKey, PyValue>();
  /** The key as the program wrote it where it differs from its table key (`True` for 1). */
  originals: Map<TableKey, PyValue> | null = null;
  buckets: Map<number, PyObject[]> | null = null;

  constructor(cls?: PyClass) {
    super(cls ?? dictType);
  }
}

/** Makes the empty instance that `__new__` of a class starts from. */
export type Allocate = (cls: PyClass) => PyObject;

/** A Python class, built in or written by the user. */
export class PyClass extends PyObject {
  name: string;
  qualifiedName: string;
  bases: readonly PyClass[];
  mro: readonly PyClass[] = [];
  /** The class namespace (`__dict__` of the class). */
  readonly namespace: PyDict;
  readonly allocate: Allocate;
  readonly builtIn: boolean;
  readonly subclasses: PyClass[] = [];
  /** Set by native classes whose truth value the tracer decides. */
  symbolic = false;
  /** Built-in classes that Python code cannot inherit from (`bool`, `NoneType`). */
  final = false;
  /** Set by native classes with comparison methods of their own (ndarray, Tensor). */
  comparesItself = false;
  /** Whether instances of this built-in class take new attributes (functions, modules, native Cells). */
  openInstances = false;
  private cache = new Map<string, PyValue | undefined>();

  constructor(name: string, bases: readonly PyClass[], options: ClassOptions = {}) {
    super(options.metaclass ?? typeType);
    this.name = name;
    this.qualifiedName = options.qualifiedName ?? name;
    this.bases = bases;
    this.namespace = options.namespace ?? new PyDict();
    this.builtIn = options.builtIn ?? false;
    this.allocate = options.allocate ?? bases[0]?.allocate ?? ((cls) => new PyObject(cls));
    this.symbolic = bases.some((base) => base.symbolic);
    this.openInstances = bases.some((base) => base.openInstances);
    this.comparesItself = bases.some((base) => base.comparesItself);
    for (const base of bases) base.subclasses.push(this);
  }

  /** Looks a name up along the method resolution order, without binding it. */
  lookup(name: string): PyValue | undefined {
    const known = this.cache.get(name);
    if (known !== undefined) return known;
    if (this.cache.has(name)) return undefined;
    let found: PyValue | undefined;
    for (const cls of this.mro) {
      found = cls.namespace.map.get(name);
      if (found !== undefined) break;
    }
    this.cache.set(name, found);
    return found;
  }

  /** To be called after every change of the namespace. */
  invalidate(): void {
    this.cache.clear();
    for (const subclass of this.subclasses) subclass.invalidate();
  }

  isSubclassOf(other: PyClass): boolean {
    return this === other || this.mro.includes(other);
  }
}

export interface ClassOptions {
  readonly metaclass?: PyClass;
  readonly qualifiedName?: string;
  readonly namespace?: PyDict;
  readonly allocate?: Allocate;
  readonly builtIn?: boolean;
}

/** Makes a built-in class with one line of bases. */
export function builtInClass(name: string, base: PyClass | null, allocate?: Allocate): PyClass {
  const cls = new PyClass(name, base ? [base] : [], {
    metaclass: typeType,
    builtIn: true,
    ...(allocate ? { allocate } : {}),
  });
  cls.mro = [cls, ...(base?.mro ?? [])];
  return cls;
}

// `type`, `object` and `dict` describe one another: they are made first and tied together after.
function foundation(name: string, bases: readonly PyClass[], allocate?: Allocate): PyClass {
  const cls = new PyClass(name, bases, { builtIn: true, ...(allocate ? { allocate } : {}) });
  cls.mro = [cls, ...bases];
  return cls;
}

objectType = foundation('object', [], (cls) => new PyObject(cls));
dictType = foundation('dict', [objectType], (cls) => new PyDict(cls));
typeType = foundation('type', [objectType]);
for (const cls of [objectType, dictType, typeType]) {
  cls.cls = typeType;
  cls.namespace.cls = dictType;
}

/** The classes of the primitives. */
export const noneType = builtInClass('NoneType', objectType);
export const intType = builtInClass('int', objectType, (cls) => new PyBoxed(cls, 0));
export const boolType = builtInClass('bool', intType);
export const stringType = builtInClass('str', objectType, (cls) => new PyBoxed(cls, ''));
export const floatType = builtInClass('float', objectType, (cls) => new PyFloat(0, cls));
noneType.final = true;
boolType.final = true;

/** An instance of a Python subclass of int or str: the primitive and a class. */
export class PyBoxed extends PyObject {
  value: number | bigint | string;

  constructor(cls: PyClass, value: number | bigint | string) {
    super(cls);
    this.value = value;
  }
}

/** A float: boxed, since a bare number is an int. */
export class PyFloat extends PyObject {
  value: number;

  constructor(value: number, cls: PyClass = floatType) {
    super(cls);
    this.value = value;
  }
}

/** `type(value)`. */
export function classOf(value: PyValue): PyClass {
  switch (typeof value) {
    case 'object':
      return value === null ? noneType : value.cls;
    case 'string':
      return stringType;
    case 'boolean':
      return boolType;
    default:
      return intType;
  }
}

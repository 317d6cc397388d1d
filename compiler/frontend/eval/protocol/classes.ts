/** Making classes: C3 linearization, metaclasses, `__set_name__`, `__init_subclass__`. */
import { Cell, PyTuple } from '../objects/containers.ts';
import { typeError } from '../objects/exceptions.ts';
import { ClassMethod, PyFunction, StaticMethod } from '../objects/functions.ts';
import type { Interpreter, KeywordArguments } from '../objects/interpreter.ts';
import { Opaque } from '../objects/modules.ts';
import { objectType, PyClass, PyDict, PyObject, typeType, type PyValue } from '../objects/object.ts';
import { findSpecial, opaqueUse } from './attributes.ts';

/** Merges the orders of the bases so that every class comes before its own bases, in the order given. */
function linearize(cls: PyClass): PyClass[] {
  const lists = [...cls.bases.map((base) => [...base.mro]), [...cls.bases]];
  const order = [cls];
  for (;;) {
    const left = lists.filter((list) => list.length > 0);
    if (left.length === 0) return order;
    const next = left.map((list) => list[0]).find((head) => !left.some((list) => list.indexOf(head) > 0));
    if (!next) {
      const names = [...new Set(left.map((list) => list[0].name))].join(', ');
      throw typeError(`Cannot create a consistent method resolution\norder (MRO) for bases ${names}`);
    }
    order.push(next);
    for (const list of left) if (list[0] === next) list.shift();
  }
}

/** The most derived metaclass of the bases and the one given. */
export function metaclassOf(given: PyClass, bases: readonly PyClass[]): PyClass {
  let winner = given;
  for (const { cls } of bases) {
    if (winner.isSubclassOf(cls)) continue;
    if (!cls.isSubclassOf(winner)) {
      throw typeError(
        'metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases',
      );
    }
    winner = cls;
  }
  return winner;
}

/** Replaces bases that are no classes by what their `__mro_entries__` gives (`Generic[T]`). */
export function resolveBases(py: Interpreter, bases: readonly PyValue[]): PyValue[] {
  return bases.flatMap((base) => {
    if (base instanceof PyClass) return [base];
    if (base instanceof Opaque) opaqueUse(base);
    const entries = findSpecial(py, base, '__mro_entries__');
    if (entries === undefined) return [base];
    return py.collect(py.call(entries, [new PyTuple(bases)]));
  });
}

/** The built-in class that decides how instances are laid out; bases with different layouts do not mix. */
function layoutBase(bases: readonly PyClass[]): PyClass {
  let best = bases[0];
  const solid = (cls: PyClass): PyClass => cls.mro.find((ancestor) => ancestor.builtIn) ?? objectType;
  for (const base of bases.slice(1)) {
    const [current, candidate] = [solid(best), solid(base)];
    if (candidate.allocate === current.allocate || current.isSubclassOf(candidate)) continue;
    if (candidate.isSubclassOf(current) || current.allocate === objectType.allocate) best = base;
    else if (candidate.allocate !== objectType.allocate)
      throw typeError('multiple bases have instance lay-out conflict');
  }
  return best;
}

/** `type.__new__(metaclass, name, bases, namespace)`. */
export function newClass(
  py: Interpreter,
  metaclass: PyClass,
  name: string,
  givenBases: readonly PyValue[],
  source: PyDict,
  keywords: KeywordArguments | null,
): PyClass {
  const bases = (givenBases.length > 0 ? givenBases : [objectType]).map((base) => {
    if (base instanceof Opaque) opaqueUse(base);
    if (!(base instanceof PyClass)) throw typeError('bases must be types');
    if (base.final) throw typeError(`type '${base.name}' is not an acceptable base type`);
    return base;
  });
  const namespace = new PyDict();
  for (const [key, value] of source.map) namespace.map.set(key, value);
  const qualifiedName = namespace.map.get('__qualname__');
  const cls = new PyClass(name, bases, {
    metaclass: metaclassOf(metaclass, bases),
    namespace,
    allocate: layoutBase(bases).allocate,
    ...(typeof qualifiedName === 'string' ? { qualifiedName } : {}),
  });
  namespace.map.delete('__qualname__');
  cls.mro = linearize(cls);
  const cell = namespace.map.get('__classcell__');
  if (cell instanceof Cell) {
    cell.value = cls;
    namespace.map.delete('__classcell__');
  }
  adjustNamespace(cls);
  announce(py, cls, keywords);
  return cls;
}

/** What Python does to a class namespace by itself. */
function adjustNamespace(cls: PyClass): void {
  const { map } = cls.namespace;
  if (!map.has('__doc__')) map.set('__doc__', null);
  if (map.has('__eq__') && !map.has('__hash__')) map.set('__hash__', null);
  for (const name of ['__init_subclass__', '__class_getitem__']) {
    const value = map.get(name);
    if (value instanceof PyFunction) map.set(name, new ClassMethod(value));
  }
  const maker = map.get('__new__');
  if (maker instanceof PyFunction) map.set('__new__', new StaticMethod(maker));
}

/** Calls `__set_name__` of the attributes and `__init_subclass__` of the parent. */
function announce(py: Interpreter, cls: PyClass, keywords: KeywordArguments | null): void {
  for (const [key, value] of [...cls.namespace.map]) {
    if (!(value instanceof PyObject) || typeof key !== 'string') continue;
    const setName = value.cls.lookup('__set_name__');
    if (setName !== undefined) py.call(setName, [value, cls, key]);
  }
  for (const parent of cls.mro.slice(1)) {
    const hook = parent.namespace.map.get('__init_subclass__');
    if (hook === undefined) continue;
    py.call(hook instanceof ClassMethod ? hook.callee : hook, [cls], keywords && new Map(keywords));
    return;
  }
  if (keywords && keywords.size > 0) throw typeError(`${cls.name}.__init_subclass__() takes no keyword arguments`);
}

/** What a class statement does once its body has run: finds the metaclass and calls it. */
export function makeClass(
  py: Interpreter,
  name: string,
  originalBases: readonly PyValue[],
  namespace: PyDict,
  keywords: KeywordArguments | null,
): PyValue {
  const rest = new Map(keywords ?? []);
  const bases = resolveBases(py, originalBases);
  const metaclass = chosenMetaclass(rest, bases);
  rest.delete('metaclass');
  if (bases.some((base, index) => base !== originalBases[index]))
    namespace.map.set('__orig_bases__', new PyTuple(originalBases));
  if (metaclass === typeType) return newClass(py, typeType, name, bases, namespace, rest);
  return py.call(metaclass, [name, new PyTuple(bases), namespace], rest);
}

/** The metaclass of a class statement. */
export function chosenMetaclass(keywords: KeywordArguments, bases: readonly PyValue[]): PyValue {
  const given = keywords.get('metaclass') ?? typeType;
  if (!(given instanceof PyClass)) return given;
  return metaclassOf(
    given,
    bases.filter((base) => base instanceof PyClass),
  );
}

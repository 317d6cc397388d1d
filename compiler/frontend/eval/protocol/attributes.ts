/** The attribute protocol: descriptors, instances, classes, modules, super. */
import { attributeError, isRaised, moduleNotFoundError, typeError } from '../objects/exceptions.ts';
import {
  BoundMethod,
  ClassMethod,
  GetSet,
  NativeFunction,
  Property,
  PyFunction,
  PySuper,
  StaticMethod,
} from '../objects/functions.ts';
import type { Interpreter } from '../objects/interpreter.ts';
import { Opaque, Pending, PyModule } from '../objects/modules.ts';
import { classOf, objectType, PyClass, PyDict, PyObject, typeType, type PyValue } from '../objects/object.ts';

/** Binds what was found on a class to an instance (`self`), or to the class when `self` is undefined. */
export function bind(py: Interpreter, found: PyValue, self: PyValue | undefined, owner: PyClass): PyValue {
  if (!(found instanceof PyObject)) return found;
  if (found instanceof PyFunction) return self === undefined ? found : new BoundMethod(found, self);
  if (found instanceof NativeFunction) return self === undefined || !found.binds ? found : new BoundMethod(found, self);
  if (found instanceof StaticMethod) return found.callee;
  if (found instanceof ClassMethod) return bindClassMethod(py, found, owner);
  if (found instanceof Property && found.cls.builtIn) return self === undefined ? found : readProperty(py, found, self);
  if (found instanceof GetSet) return self === undefined ? found : found.get(py, self);
  if (found.cls === objectType) return found;
  const getter = found.cls.lookup('__get__');
  return getter === undefined ? found : py.call(getter, [found, self ?? null, owner]);
}

function bindClassMethod(py: Interpreter, found: ClassMethod, owner: PyClass): PyValue {
  const callee = found.callee;
  if (callee instanceof PyFunction || callee instanceof NativeFunction) return new BoundMethod(callee, owner);
  return bind(py, callee, owner, owner.cls) === callee
    ? new BoundMethod(callee, owner)
    : bind(py, callee, owner, owner.cls);
}

function readProperty(py: Interpreter, property: Property, self: PyValue): PyValue {
  if (property.getter === null)
    throw attributeError(`property '${property.name}' of '${classOf(self).name}' object has no getter`);
  return py.call(property.getter, [self]);
}

/** Whether a class attribute wins over the instance's own attribute. */
function isDataDescriptor(found: PyValue): found is PyObject {
  if (!(found instanceof PyObject)) return false;
  if (found instanceof Property || found instanceof GetSet) return true;
  if (found.cls.builtIn) return false;
  return found.cls.lookup('__set__') !== undefined || found.cls.lookup('__delete__') !== undefined;
}

/** `object.__getattribute__`: undefined where it would raise AttributeError. */
export function genericGet(py: Interpreter, object: PyValue, name: string): PyValue | undefined {
  const cls = classOf(object);
  const found = cls.lookup(name);
  if (found !== undefined && isDataDescriptor(found)) return bind(py, found, object, cls);
  if (typeof object === 'object' && object !== null) {
    const own = object.attributes?.map.get(name);
    if (own !== undefined) return own;
  }
  return found === undefined ? undefined : bind(py, found, object, cls);
}

/** `type.__getattribute__`. */
export function classGet(py: Interpreter, cls: PyClass, name: string): PyValue | undefined {
  const meta = cls.cls.lookup(name);
  if (meta !== undefined && isDataDescriptor(meta)) return bind(py, meta, cls, cls.cls);
  const found = cls.lookup(name);
  if (found !== undefined) return bind(py, found, undefined, cls);
  return meta === undefined ? undefined : bind(py, meta, cls, cls.cls);
}

function moduleGet(py: Interpreter, module: PyModule, name: string): PyValue | undefined {
  const found = module.attributes.map.get(name);
  if (found instanceof Pending) return found.force();
  if (found !== undefined) return found;
  const special = classOf(module).lookup(name);
  if (special !== undefined) return bind(py, special, module, module.cls);
  const resolved = module.resolve?.(name);
  if (resolved !== undefined) return resolved;
  const fallback = name === '__getattr__' ? undefined : moduleGet(py, module, '__getattr__');
  return fallback === undefined || fallback instanceof BoundMethod ? undefined : py.call(fallback, [name]);
}

function superGet(py: Interpreter, object: PySuper, name: string): PyValue | undefined {
  const { start, self, selfClass } = object;
  if (selfClass === null || start === null || name === '__class__') return genericGet(py, object, name);
  const order = selfClass.mro;
  for (let index = order.indexOf(start) + 1; index < order.length; index++) {
    const found = order[index].namespace.map.get(name);
    if (found === undefined) continue;
    const isClassSide = self === selfClass && !(found instanceof ClassMethod);
    return bind(py, found, isClassSide ? undefined : self, selfClass);
  }
  return genericGet(py, object, name);
}

/** Using something of a package that msc does not have. */
export function opaqueUse(object: Opaque): never {
  const raised = moduleNotFoundError(`No module named '${object.path.split('.')[0]}' (needed for '${object.path}')`);
  if (object.importedAt) raised.exception.traceback.push({ functionName: '<import>', span: object.importedAt });
  throw raised;
}

/** The attribute before `__getattr__` is asked. */
function plainGet(py: Interpreter, object: PyValue, name: string): PyValue | undefined {
  if (object instanceof PyClass) return classGet(py, object, name);
  if (object instanceof PyModule) return moduleGet(py, object, name);
  if (object instanceof PySuper) return superGet(py, object, name);
  if (object instanceof Opaque)
    return name.startsWith('__')
      ? genericGet(py, object, name)
      : new Opaque(`${object.path}.${name}`, object.importedAt);
  return genericGet(py, object, name);
}

/** `getattr(object, name)`; undefined where there is no such attribute. */
export function findAttribute(py: Interpreter, object: PyValue, name: string): PyValue | undefined {
  const cls = classOf(object);
  const plain = cls.builtIn && !cls.lookup('__getattr__');
  try {
    return plain ? plainGet(py, object, name) : getAttribute(py, object, name);
  } catch (error) {
    if (isRaised(error, 'AttributeError')) return undefined;
    throw error;
  }
}

/** `getattr(object, name)`. */
export function getAttribute(py: Interpreter, object: PyValue, name: string): PyValue {
  const cls = classOf(object);
  const custom = cls.builtIn ? undefined : cls.lookup('__getattribute__');
  let found: PyValue | undefined;
  if (custom instanceof PyFunction) {
    try {
      return py.call(custom, [object, name]);
    } catch (error) {
      if (!isRaised(error, 'AttributeError') || cls.lookup('__getattr__') === undefined) throw error;
    }
  } else found = attempt(py, object, name, cls);
  if (found !== undefined) return found;
  const fallback = cls.lookup('__getattr__');
  if (fallback !== undefined) return py.call(bind(py, fallback, object, cls), [name]);
  throw missingAttribute(object, name);
}

/** A property that raises AttributeError falls back to `__getattr__` where there is one. */
function attempt(py: Interpreter, object: PyValue, name: string, cls: PyClass): PyValue | undefined {
  if (cls.lookup('__getattr__') === undefined) return plainGet(py, object, name);
  try {
    return plainGet(py, object, name);
  } catch (error) {
    if (isRaised(error, 'AttributeError')) return undefined;
    throw error;
  }
}

export function missingAttribute(object: PyValue, name: string): Error | ReturnType<typeof attributeError> {
  if (object instanceof PyClass) return attributeError(`type object '${object.name}' has no attribute '${name}'`);
  if (object instanceof PyModule) return attributeError(`module '${object.name}' has no attribute '${name}'`);
  return attributeError(`'${classOf(object).name}' object has no attribute '${name}'`);
}

/** Built-in classes whose instances take new attributes. */
function isOpen(object: PyObject): boolean {
  return !object.cls.builtIn || object.attributes !== null || object.cls.openInstances;
}

/** `object.__setattr__`. */
export function genericSet(py: Interpreter, object: PyValue, name: string, value: PyValue): void {
  const cls = classOf(object);
  const found = cls.lookup(name);
  if (found !== undefined && storeInDescriptor(py, found, object, name, value)) return;
  if (!(object instanceof PyObject) || !isOpen(object)) {
    throw found === undefined
      ? missingAttribute(object, name)
      : attributeError(`'${cls.name}' object attribute '${name}' is read-only`);
  }
  object.attributes ??= new PyDict();
  py.touch(object.attributes);
  object.attributes.map.set(name, value);
}

function storeInDescriptor(py: Interpreter, found: PyValue, object: PyValue, name: string, value: PyValue): boolean {
  if (found instanceof Property) {
    if (found.setter === null)
      throw attributeError(`property '${name}' of '${classOf(object).name}' object has no setter`);
    py.call(found.setter, [object, value]);
    return true;
  }
  if (found instanceof GetSet) {
    if (!found.set) throw attributeError(`attribute '${name}' of '${classOf(object).name}' objects is not writable`);
    found.set(py, object, value);
    return true;
  }
  if (!(found instanceof PyObject) || found.cls.builtIn) return false;
  const setter = found.cls.lookup('__set__');
  if (setter === undefined) return false;
  py.call(setter, [found, object, value]);
  return true;
}

function classSet(py: Interpreter, cls: PyClass, name: string, value: PyValue | undefined): void {
  if (cls.builtIn) throw typeError(`cannot set '${name}' attribute of immutable type '${cls.name}'`);
  const meta = cls.cls.lookup(name);
  if (value !== undefined && meta !== undefined && storeInDescriptor(py, meta, cls, name, value)) return;
  py.touch(cls.namespace);
  if (value === undefined) {
    if (!cls.namespace.map.delete(name)) throw missingAttribute(cls, name);
  } else cls.namespace.map.set(name, value);
  cls.invalidate();
}

/** `setattr(object, name, value)`. */
export function setAttribute(py: Interpreter, object: PyValue, name: string, value: PyValue): void {
  const cls = classOf(object);
  const custom = cls.lookup('__setattr__');
  if (
    custom !== undefined &&
    custom !== objectType.namespace.map.get('__setattr__') &&
    custom !== typeType.namespace.map.get('__setattr__')
  ) {
    py.call(bind(py, custom, object, cls), [name, value]);
  } else setPlain(py, object, name, value);
}

/** `object.__setattr__` or `type.__setattr__`, whichever the object has. */
export function setPlain(py: Interpreter, object: PyValue, name: string, value: PyValue): void {
  if (object instanceof PyClass) classSet(py, object, name, value);
  else if (object instanceof Opaque) opaqueUse(object);
  else genericSet(py, object, name, value);
}

/** `object.__delattr__` or `type.__delattr__`. */
export function deletePlain(py: Interpreter, object: PyValue, name: string): void {
  if (object instanceof PyClass) return classSet(py, object, name, undefined);
  const found = classOf(object).lookup(name);
  if (found instanceof Property && found.deleter !== null) {
    py.call(found.deleter, [object]);
    return;
  }
  if (found instanceof PyObject && !found.cls.builtIn) {
    const deleter = found.cls.lookup('__delete__');
    if (deleter !== undefined) {
      py.call(deleter, [found, object]);
      return;
    }
  }
  const attributes = object instanceof PyObject ? object.attributes : null;
  if (!attributes?.map.has(name)) throw missingAttribute(object, name);
  py.touch(attributes);
  attributes.map.delete(name);
}

/** `delattr(object, name)`. */
export function deleteAttribute(py: Interpreter, object: PyValue, name: string): void {
  const cls = classOf(object);
  const custom = cls.builtIn ? undefined : cls.lookup('__delattr__');
  if (
    custom !== undefined &&
    custom !== objectType.namespace.map.get('__delattr__') &&
    custom !== typeType.namespace.map.get('__delattr__')
  ) {
    py.call(bind(py, custom, object, cls), [name]);
  } else deletePlain(py, object, name);
}

/** Looks a dunder up on the class only, and binds it. */
export function findSpecial(py: Interpreter, object: PyValue, name: string): PyValue | undefined {
  const cls = classOf(object);
  const found = cls.lookup(name);
  return found === undefined || found === null ? undefined : bind(py, found, object, cls);
}

/** Modules, and what stands in a namespace for an import that has not happened yet. */
import type { Span } from '../../../ir/index.ts';
import { builtInClass, objectType, PyDict, PyObject, type PyValue } from './object.ts';

export const moduleType = builtInClass('module', objectType, () => new PyModule('?'));
export const opaqueType = builtInClass('opaque', objectType);

moduleType.openInstances = true;

/** A module. Its `attributes` are its globals, in which a `Pending` may stand for a value that is made when it is read. */
export class PyModule extends PyObject {
  readonly name: string;
  override attributes: PyDict;
  /** Makes a name that the globals do not hold (yet): statements not run, submodules; undefined when there is no such name. */
  resolve: ((name: string) => PyValue | undefined) | null = null;
  /** Runs all that has not run, for `dir()`, `vars()` and `from m import *` into a running namespace. */
  complete: (() => void) | null = null;

  constructor(name: string) {
    super(moduleType);
    this.name = name;
    this.attributes = new PyDict();
    this.attributes.map.set('__name__', name);
  }
}

/** A global that is made when it is first read: a lazily bound import. Never seen by Python code. */
export class Pending extends PyObject {
  readonly force: () => PyValue;

  constructor(force: () => PyValue) {
    super(opaqueType);
    this.force = force;
  }
}

/** Something of a package that msc does not have: may be named and passed around; using it is an ImportError. */
export class Opaque extends PyObject {
  /** The dotted name as imported. */
  readonly path: string;
  readonly importedAt: Span | null;

  constructor(path: string, importedAt: Span | null) {
    super(opaqueType);
    this.path = path;
    this.importedAt = importedAt;
  }
}

/**
 * How TypeScript gives Python functions, classes and modules.
 *
 * A function is declared as its Python signature in text plus an implementation that gets the arguments bound to the
 * slots of that signature, `*args` as a tuple and `**kwargs` as a dict:
 *
 *     native('reduce(function, iterable, initial=None, /)', (py, [fn, items, initial]) => …)
 */
import { GetSet, NativeFunction, StaticMethod, ClassMethod, type Implementation } from './functions.ts';
import { objectType, PyClass, PyObject, typeType, type Allocate, type PyValue } from './object.ts';
import type { DefaultNames } from './signature.ts';
import type { Interpreter } from './interpreter.ts';

/** Declares a function by its signature text. */
export function native(declaration: string, implementation: Implementation, names?: DefaultNames): NativeFunction {
  const open = declaration.indexOf('(');
  const signature = declaration.slice(open + 1, declaration.lastIndexOf(')'));
  return new NativeFunction(declaration.slice(0, open), signature, implementation, names ? { names } : {});
}

/** Declares a method: the first parameter is `self`, and it binds when it is read from an instance. */
export function method(declaration: string, implementation: Implementation, names?: DefaultNames): NativeFunction {
  const open = declaration.indexOf('(');
  const signature = declaration.slice(open + 1, declaration.lastIndexOf(')'));
  return new NativeFunction(declaration.slice(0, open), signature, implementation, {
    binds: true,
    ...(names ? { names } : {}),
  });
}

/** An attribute computed by TypeScript. */
export function getter(name: string, get: GetSet['get'], set: GetSet['set'] = null): GetSet {
  return new GetSet(name, get, set);
}

/** What a native class or module contains: methods and getters under their own names, or any value under a given name. */
export type Member = NativeFunction | GetSet | readonly [string, PyValue];

export function staticMethod(fn: NativeFunction): Member {
  return [fn.name, new StaticMethod(fn)];
}

export function classMethod(fn: NativeFunction): Member {
  return [fn.name, new ClassMethod(fn)];
}

/** Puts members into a class. */
export function addMembers(cls: PyClass, members: readonly Member[]): void {
  for (const member of members) {
    const [name, value]: readonly [string, PyValue] = member instanceof PyObject ? [member.name, member] : member;
    if (value instanceof NativeFunction) value.qualifiedName = `${cls.name}.${name}`;
    cls.namespace.map.set(name, value);
  }
  cls.invalidate();
}

/** A class written in TypeScript. */
export interface NativeClassOptions {
  readonly name: string;
  readonly base?: PyClass;
  readonly module?: string;
  /** Makes the empty instance, also for Python subclasses; inherited when absent. */
  readonly allocate?: Allocate;
  readonly members: readonly Member[];
  /** Instances stand for values unknown while tracing: truth tests consult the hooks. */
  readonly symbolic?: boolean;
  /** Instances take new attributes. */
  readonly openInstances?: boolean;
}

export function nativeClass(options: NativeClassOptions): PyClass {
  const base = options.base ?? objectType;
  const cls = new PyClass(options.name, [base], {
    metaclass: base.cls === typeType ? typeType : base.cls,
    builtIn: true,
    ...(options.allocate ? { allocate: options.allocate } : {}),
  });
  cls.mro = [cls, ...base.mro];
  cls.symbolic = options.symbolic ?? base.symbolic;
  cls.comparesItself =
    base.comparesItself ||
    options.members.some((member) => member instanceof NativeFunction && member.name === '__eq__');
  cls.openInstances = options.openInstances ?? base.openInstances;
  if (options.module !== undefined) cls.namespace.map.set('__module__', options.module);
  addMembers(cls, options.members);
  return cls;
}

/** A module that the evaluator can import: made of native members, or of Python source. */
export type ModuleDefinition =
  | { readonly name: string; readonly kind: 'native'; readonly members: (py: Interpreter) => Iterable<Member> }
  | { readonly name: string; readonly kind: 'source'; readonly path: string; readonly text: () => string };

/** Declares a native module; its members are made at first import, once for each interpreter. */
export function nativeModule(name: string, members: (py: Interpreter) => Iterable<Member>): ModuleDefinition {
  return { name, kind: 'native', members };
}

/** Declares a module whose Python source comes with msc. `path` is what locations show. */
export function sourceModule(name: string, path: string, text: () => string): ModuleDefinition {
  return { name, kind: 'source', path, text };
}

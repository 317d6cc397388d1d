/** Calls, attributes and subscripts. */
import type { Expr } from '../../syntax/index.ts';
import { Cell, PySlice } from '../objects/containers.ts';
import { runtimeError, typeError } from '../objects/exceptions.ts';
import { NativeFunction, PyFunction, PySuper, superType, type Frame } from '../objects/functions.ts';
import type { KeywordArguments } from '../objects/interpreter.ts';
import { Opaque, PyModule } from '../objects/modules.ts';
import { classOf, PyClass, PyObject, type PyValue } from '../objects/object.ts';
import { call } from '../protocol/call.ts';
import type { Machine } from '../protocol/machine.ts';
import { textOf } from '../protocol/sequences.ts';
import { evaluator, spanOf, type Context, type Evaluate } from './context.ts';
import { mangle, resolve } from './scope.ts';
import { findGlobal } from './names.ts';

type Node<Kind extends Expr['kind']> = Extract<Expr, { kind: Kind }>;

export function compileAttribute(context: Context, node: Node<'Attribute'>): Evaluate {
  const { py } = context;
  const object = evaluator(context, node.value);
  const name = mangle(context.scope, node.attr);
  const at = spanOf(context, node);
  return (frame) => {
    const value = object(frame);
    frame.at = at;
    return py.getAttribute(value, name);
  };
}

/** Calls `object.name(…)` without making a bound method where the class has a plain method of that name. */
export function callMethod(
  py: Machine,
  object: PyValue,
  name: string,
  positional: PyValue[],
  keywords: KeywordArguments | null,
): PyValue {
  if (!(
    object instanceof PyClass ||
    object instanceof PyModule ||
    object instanceof PySuper ||
    object instanceof Opaque
  )) {
    const cls = classOf(object);
    const found = cls.lookup(name);
    const isMethod = found instanceof PyFunction || (found instanceof NativeFunction && found.binds);
    const own = isMethod && object instanceof PyObject ? object.attributes?.map.get(name) : undefined;
    if (isMethod && own === undefined && (cls.builtIn || !(cls.lookup('__getattribute__') instanceof PyFunction))) {
      positional.unshift(object);
      return call(py, found, positional, keywords);
    }
  }
  return call(py, py.getAttribute(object, name), positional, keywords);
}

/** Evaluates positional arguments, spreading starred ones. */
export function compilePositional(context: Context, args: readonly Expr[]): (frame: Frame) => PyValue[] {
  const { py } = context;
  if (!args.some((arg) => arg.kind === 'Starred')) {
    const parts = args.map((arg) => evaluator(context, arg));
    const [first, second] = parts;
    if (parts.length === 0) return () => [];
    if (parts.length === 1) return (frame) => [first(frame)];
    if (parts.length === 2) return (frame) => [first(frame), second(frame)];
    return (frame) => {
      const values: PyValue[] = [];
      for (const part of parts) values.push(part(frame));
      return values;
    };
  }
  const parts = args.map((arg) => ({
    spread: arg.kind === 'Starred',
    value: evaluator(context, arg.kind === 'Starred' ? arg.value : arg),
  }));
  return (frame) => {
    const values: PyValue[] = [];
    for (const { spread, value } of parts) {
      if (spread) values.push(...py.collect(value(frame)));
      else values.push(value(frame));
    }
    return values;
  };
}

/** Adds the entries of `**mapping`. */
function spreadKeywords(py: Machine, into: KeywordArguments, mapping: PyValue): void {
  if (py.findAttribute(mapping, 'keys') === undefined) {
    throw typeError(`argument after ** must be a mapping, not ${classOf(mapping).name}`);
  }
  for (const key of py.collect(py.callMethod(mapping, 'keys'))) {
    const name = textOf(key);
    if (name === undefined) throw typeError('keywords must be strings');
    if (into.has(name)) throw typeError(`got multiple values for keyword argument '${name}'`);
    into.set(name, py.getItem(mapping, key));
  }
}

/** Evaluates keyword arguments; null where the call has none. */
export function compileKeywords(
  context: Context,
  keywords: Node<'Call'>['keywords'],
): ((frame: Frame) => KeywordArguments) | null {
  if (keywords.length === 0) return null;
  const { py } = context;
  const parts = keywords.map(({ arg, value }) => ({ name: arg, value: evaluator(context, value) }));
  return (frame) => {
    const values: KeywordArguments = new Map();
    for (const { name, value } of parts) {
      if (name === null) spreadKeywords(py, values, value(frame));
      else if (values.has(name)) throw typeError(`got multiple values for keyword argument '${name}'`);
      else values.set(name, value(frame));
    }
    return values;
  };
}

export function compileCall(context: Context, node: Node<'Call'>): Evaluate {
  const { py } = context;
  const { func } = node;
  if (func.kind === 'Name' && func.id === 'super' && node.args.length === 0 && node.keywords.length === 0)
    return compileSuper(context, node);
  const positional = compilePositional(context, node.args);
  const keywords = compileKeywords(context, node.keywords);
  const at = spanOf(context, node);
  if (func.kind === 'Attribute') {
    const object = evaluator(context, func.value);
    const name = mangle(context.scope, func.attr);
    const attributeAt = spanOf(context, func);
    return (frame) => {
      const self = object(frame);
      const values = positional(frame);
      const named = keywords === null ? null : keywords(frame);
      frame.at = at;
      if (self instanceof PyModule) {
        frame.at = attributeAt;
        const callee = py.getAttribute(self, name);
        frame.at = at;
        return call(py, callee, values, named);
      }
      return callMethod(py, self, name, values, named);
    };
  }
  const callee = evaluator(context, func);
  return (frame) => {
    const fn = callee(frame);
    const values = positional(frame);
    const named = keywords === null ? null : keywords(frame);
    frame.at = at;
    return call(py, fn, values, named);
  };
}

/** `super()`: the class is in the cell `__class__`, the instance is the first parameter. */
function compileSuper(context: Context, node: Node<'Call'>): Evaluate {
  const { py, scope } = context;
  const binding = resolve(scope, '__class__');
  const at = spanOf(context, node);
  return (frame) => {
    frame.at = at;
    const callee = findGlobal(py, frame.globals, 'super');
    if (callee !== superType) return call(py, callee ?? null, [], null);
    const owner = binding.kind === 'slot' ? (frame.slots[binding.slot] as Cell).value : undefined;
    if (!(owner instanceof PyClass)) throw runtimeError('super(): __class__ cell not found');
    const first = frame.slots[0];
    const self = first instanceof Cell ? first.value : first;
    if (self === undefined) throw runtimeError('super(): no arguments');
    return makeSuper(owner, self);
  };
}

/** `super(owner, self)`. */
export function makeSuper(owner: PyClass, self: PyValue): PySuper {
  if (self instanceof PyClass && self.isSubclassOf(owner)) return new PySuper(owner, self, self);
  const cls = classOf(self);
  if (!cls.isSubclassOf(owner)) throw typeError('super(type, obj): obj must be an instance or subtype of type');
  return new PySuper(owner, self, cls);
}

export function compileSlice(context: Context, node: Node<'Slice'>): Evaluate {
  const part = (expr: Expr | null): Evaluate => (expr ? evaluator(context, expr) : () => null);
  const [lower, upper, step] = [part(node.lower), part(node.upper), part(node.step)];
  return (frame) => new PySlice(lower(frame), upper(frame), step(frame));
}

export function compileSubscript(context: Context, node: Node<'Subscript'>): Evaluate {
  const { py } = context;
  const [object, key] = [evaluator(context, node.value), evaluator(context, node.slice)];
  const at = spanOf(context, node);
  return (frame) => {
    const container = object(frame);
    const index = key(frame);
    frame.at = at;
    return py.getItem(container, index);
  };
}

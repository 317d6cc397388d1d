/** Calling: Python functions, native functions, methods, classes. */
import { diagnose } from '../../../ir/index.ts';
import { evaluatorDiagnostics } from '../diagnostics.ts';
import { Cell, PyTuple } from '../objects/containers.ts';
import { PyException, Raised, recursionError, typeError } from '../objects/exceptions.ts';
import { BoundMethod, ClassMethod, Frame, NativeFunction, PyFunction, StaticMethod } from '../objects/functions.ts';
import { Stop, type KeywordArguments } from '../objects/interpreter.ts';
import { PyGenerator, type Resume } from '../objects/iterators.ts';
import { Opaque } from '../objects/modules.ts';
import { classOf, objectType, PyClass, typeType, type PyValue } from '../objects/object.ts';
import { findSpecial, opaqueUse } from './attributes.ts';
import { bindArguments } from './bind.ts';
import type { Machine } from './machine.ts';

/** Calls anything callable. `positional` must be a fresh array: it may become the slots of the callee. */
export function call(py: Machine, callee: PyValue, positional: PyValue[], keywords: KeywordArguments | null): PyValue {
  if (callee instanceof PyFunction) return callFunction(py, callee, positional, keywords);
  if (callee instanceof NativeFunction) return callNative(py, callee, positional, keywords);
  if (callee instanceof BoundMethod) {
    positional.unshift(callee.self);
    return call(py, callee.callee, positional, keywords);
  }
  if (callee instanceof PyClass) return callClass(py, callee, positional, keywords);
  if (callee instanceof StaticMethod) return call(py, callee.callee, positional, keywords);
  if (callee instanceof Opaque) return opaqueUse(callee);
  const special = findSpecial(py, callee, '__call__');
  if (special === undefined) throw typeError(`'${classOf(callee).name}' object is not callable`);
  return call(py, special, positional, keywords);
}

const nativeDefaults = new WeakMap<NativeFunction, readonly (PyValue | undefined)[]>();

function defaultsOf(fn: NativeFunction): readonly (PyValue | undefined)[] {
  const known = nativeDefaults.get(fn);
  if (known) return known;
  const defaults = fn.signature.parameters.map((parameter) => parameter.default);
  nativeDefaults.set(fn, defaults);
  return defaults;
}

function callNative(
  py: Machine,
  fn: NativeFunction,
  positional: PyValue[],
  keywords: KeywordArguments | null,
): PyValue {
  if (++py.steps > py.nextCheck) py.checkBudgets();
  const slots = bindArguments(fn.name, fn.signature, defaultsOf(fn), positional, keywords);
  return fn.implementation(py, slots as PyValue[]); // bindArguments leaves no slot unbound
}

/** Counts nested calls, and turns an exhausted JavaScript stack into a RecursionError. */
function withDepth<Result>(py: Machine, run: () => Result): Result {
  if (++py.depth > py.limits.maxDepth) {
    py.depth--;
    throw recursionError('maximum recursion depth exceeded');
  }
  try {
    return run();
  } catch (error) {
    throw stackOverflow(error) ? recursionError('maximum recursion depth exceeded') : error;
  } finally {
    py.depth--;
  }
}

function stackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}

/** Makes the frame of a call: parameters, then locals, then the cells of the enclosing functions. */
function frameOf(fn: PyFunction, slots: (PyValue | undefined)[]): Frame {
  const { code, closure } = fn;
  for (let slot = slots.length; slot < code.slotNames.length; slot++) slots.push(undefined);
  for (const slot of code.cells) slots[slot] = new Cell(slots[slot]);
  for (let index = 0; index < closure.length; index++) slots[code.free[index][1]] = closure[index];
  return new Frame(code, slots, fn.globals, fn, null);
}

function callFunction(py: Machine, fn: PyFunction, positional: PyValue[], keywords: KeywordArguments | null): PyValue {
  const slots = bindArguments(fn.qualifiedName, fn.signature, fn.defaults, positional, keywords);
  const frame = frameOf(fn, slots);
  if (fn.code.isGenerator && !fn.code.isAsync) return new PyGenerator(fn.name, generatorBody(py, frame));
  return runFrame(py, frame);
}

/** Runs a frame to its end. */
export function runFrame(py: Machine, frame: Frame): PyValue {
  if (++py.steps > py.nextCheck) py.checkBudgets();
  if (++py.depth > py.limits.maxDepth) {
    py.depth--;
    throw recursionError('maximum recursion depth exceeded');
  }
  frame.caller = py.frame;
  py.frame = frame;
  try {
    return frame.code.run(frame);
  } catch (error) {
    throw tracedThrough(frame, error);
  } finally {
    py.frame = frame.caller;
    py.depth--;
  }
}

/** Notes in the traceback of an exception that it left a frame. */
function tracedThrough(frame: Frame, error: unknown): unknown {
  const raised = stackOverflow(error)
    ? recursionError('maximum recursion depth exceeded')
    : error instanceof RangeError
      ? tooLarge(frame)
      : error;
  if (raised instanceof Raised) noteFrame(raised.exception, frame);
  return raised;
}

/** A number, string or array larger than JavaScript can hold. */
function tooLarge(frame: Frame): Stop {
  return new Stop(diagnose(evaluatorDiagnostics.valueTooLarge, frame.at, []));
}

function noteFrame(exception: PyException, frame: Frame): void {
  if (exception.traceback.length < 1000) exception.traceback.push({ functionName: frame.code.name, span: frame.at });
}

/** The body of a generator: its frame is the innermost one only while it runs. */
export function* generatorBody(py: Machine, frame: Frame): Generator<PyValue, PyValue, Resume> {
  const inner = frame.code.start(frame);
  let resume: (() => IteratorResult<PyValue, PyValue>) | null = () => inner.next();
  for (;;) {
    frame.caller = py.frame;
    py.frame = frame;
    let step: IteratorResult<PyValue, PyValue>;
    try {
      step = withDepth(py, resume);
    } catch (error) {
      throw tracedThrough(frame, error);
    } finally {
      py.frame = frame.caller;
    }
    if (step.done) return step.value;
    const sent: Resume = yield step.value;
    resume = () => inner.next(sent);
  }
}

function callClass(py: Machine, cls: PyClass, positional: PyValue[], keywords: KeywordArguments | null): PyValue {
  if (cls.cls !== typeType) {
    const custom = cls.cls.lookup('__call__');
    if (custom !== undefined && custom !== typeType.namespace.map.get('__call__')) {
      positional.unshift(cls);
      return call(py, custom, positional, keywords);
    }
  }
  return construct(py, cls, positional, keywords);
}

/** `type.__call__`: `__new__`, then `__init__` if it made an instance of the class. */
export function construct(
  py: Machine,
  cls: PyClass,
  positional: PyValue[],
  keywords: KeywordArguments | null,
): PyValue {
  if (cls === typeType && positional.length === 1 && !keywords) return classOf(positional[0]);
  const maker = cls.lookup('__new__');
  const init = cls.lookup('__init__');
  const plainNew = objectType.namespace.map.get('__new__');
  const plainInit = objectType.namespace.map.get('__init__');
  const hasArguments = positional.length > 0 || (keywords !== null && keywords.size > 0);
  if (maker === plainNew && init === plainInit && hasArguments) throw typeError(`${cls.name}() takes no arguments`);
  let instance: PyValue;
  if (maker === plainNew || maker === undefined) {
    refuseAbstract(cls);
    instance = cls.allocate(cls);
  } else {
    const fn = maker instanceof StaticMethod || maker instanceof ClassMethod ? maker.callee : maker;
    instance = call(py, fn, [cls, ...positional], keywords && new Map(keywords));
  }
  if (init === undefined || init === plainInit || !classOf(instance).isSubclassOf(cls)) return instance;
  positional.unshift(instance);
  const result = call(py, init, positional, keywords);
  if (result !== null) throw typeError(`__init__() should return None, not '${classOf(result).name}'`);
  return instance;
}

/** A class with abstract methods left has no instances. */
export function refuseAbstract(cls: PyClass): void {
  const abstract = cls.builtIn ? undefined : cls.namespace.map.get('__abstractmethods__');
  if (!(abstract instanceof PyTuple) || abstract.items.length === 0) return;
  const names = abstract.items.map((name) => `'${String(name)}'`);
  throw typeError(
    `Can't instantiate abstract class ${cls.name} without an implementation for abstract method${names.length === 1 ? '' : 's'} ${names.join(', ')}`,
  );
}

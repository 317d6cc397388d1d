/** Functions, lambdas and classes. */
import type { Arguments, Expr, Stmt } from '../../syntax/index.ts';
import { Cell, PyTuple } from '../objects/containers.ts';
import { Raised } from '../objects/exceptions.ts';
import { Frame, PyFunction, type Code } from '../objects/functions.ts';
import { NORMAL, RETURN, type KeywordArguments } from '../objects/interpreter.ts';
import { Opaque, Pending } from '../objects/modules.ts';
import { PyClass, PyDict, type PyValue } from '../objects/object.ts';
import { signatureOf, type Parameter, type ParameterKind, type Signature } from '../objects/signature.ts';
import { call, runFrame } from '../protocol/call.ts';
import { chosenMetaclass, resolveBases } from '../protocol/classes.ts';
import { compileKeywords, compilePositional } from './call-expression.ts';
import { evaluator, spanOf, type Context, type Evaluate, type Execute } from './context.ts';
import { compileStoreName } from './names.ts';
import { childScope, mangle } from './scope.ts';
import { freshSlots } from './slots.ts';
import { suspends } from './walk.ts';
import { notAvailable } from '../diagnostics.ts';

type Statement<Kind extends Stmt['kind']> = Extract<Stmt, { kind: Kind }>;
type Expression<Kind extends Expr['kind']> = Extract<Expr, { kind: Kind }>;
type Definition = Statement<'FunctionDef'> | Statement<'AsyncFunctionDef'>;

/** What follows the last statement of a function: nothing. */
const functionEnd = { run: (): 0 => NORMAL, endsFunction: true };

/** The text of a docstring at the head of a body. */
export function docstring(body: readonly Stmt[]): string | null {
  const first = body.at(0);
  return first?.kind === 'Expr' && first.value.kind === 'Constant' && first.value.type === 'str'
    ? first.value.value
    : null;
}

interface Parameters {
  readonly signature: Signature;
  /** Default values in slot order. */
  readonly defaults: (frame: Frame) => (PyValue | undefined)[];
}

function compileParameters(context: Context, args: Arguments): Parameters {
  const positional = [...args.posonlyargs, ...args.args];
  const firstDefault = positional.length - args.defaults.length;
  const defaults: (Evaluate | null)[] = [];
  const parameters: Parameter[] = [];
  const add = (name: string, kind: ParameterKind, value: Expr | null | undefined): void => {
    parameters.push({ name: mangle(context.scope, name), kind });
    defaults.push(value ? evaluator(context, value) : null);
  };
  positional.forEach((arg, index) =>
    add(
      arg.arg,
      index < args.posonlyargs.length ? 'positional-only' : 'positional-or-keyword',
      args.defaults[index - firstDefault],
    ),
  );
  if (args.vararg) add(args.vararg.arg, 'var-positional', null);
  args.kwonlyargs.forEach((arg, index) => add(arg.arg, 'keyword-only', args.kw_defaults[index]));
  if (args.kwarg) add(args.kwarg.arg, 'var-keyword', null);
  return { signature: signatureOf(parameters), defaults: (frame) => defaults.map((value) => value?.(frame)) };
}

/** The body of a function, compiled at its first run. */
function functionCode(context: Context, node: Definition | Expression<'Lambda'>): Code {
  const name = node.kind === 'Lambda' ? '<lambda>' : node.name;
  const qualifiedName = `${context.qualifier}${name}`;
  const scope = childScope(context.scope, node);
  const inner: Context = { ...context, scope, checkedImports: false, qualifier: `${qualifiedName}.<locals>.` };
  const isGenerator = node.kind === 'Lambda' ? suspends(node.body) : node.body.some(suspends);
  let run: Evaluate | null = null;
  let start: Code['start'] | null = null;
  return {
    name,
    qualifiedName,
    slotNames: scope.unit.slotNames,
    cells: [...scope.unit.cells],
    free: scope.unit.free,
    isGenerator,
    isAsync: node.kind === 'AsyncFunctionDef',
    span: spanOf(context, node),
    doc: node.kind === 'Lambda' ? null : docstring(node.body),
    run: (frame) => (run ??= compileRun(inner, node))(frame),
    start: (frame) => (start ??= compileStart(inner, node))(frame),
  };
}

function compileRun(inner: Context, node: Definition | Expression<'Lambda'>): Evaluate {
  if (node.kind === 'AsyncFunctionDef') return () => notAvailable(spanOf(inner, node), 'async functions');
  if (node.kind === 'Lambda') {
    const body = evaluator(inner, node.body);
    const at = spanOf(inner, node.body);
    return (frame) => {
      frame.at = at;
      return body(frame);
    };
  }
  const body = inner.compilers.block(inner, node.body, functionEnd);
  return (frame) => (body(frame) === RETURN ? frame.result : null);
}

function compileStart(inner: Context, node: Definition | Expression<'Lambda'>): Code['start'] {
  if (node.kind === 'Lambda') return inner.compilers.suspendingExpression(inner, node.body) as Code['start']; // resumed with `Resume` only
  if (node.kind === 'AsyncFunctionDef') return () => notAvailable(spanOf(inner, node), 'async functions');
  const body = inner.compilers.suspendingBlock(inner, node.body);
  return function* (frame): Generator<PyValue, PyValue, never> {
    return (yield* body(frame)) === RETURN ? frame.result : null;
  };
}

/**
 * An annotation is a function of its own, run when the annotation is read; one that cannot be evaluated is its source text,
 * as under `from __future__ import annotations`.
 */
export function compileAnnotation(context: Context, annotation: Expr): (frame: Frame) => Pending {
  const scope = childScope(context.scope, annotation);
  const { unit } = scope;
  const code: Code = {
    name: '<annotation>',
    qualifiedName: '<annotation>',
    slotNames: unit.slotNames,
    cells: [...unit.cells],
    free: unit.free,
    isGenerator: false,
    isAsync: false,
    span: spanOf(context, annotation),
    doc: null,
    run: (frame) => evaluator({ ...context, scope }, annotation)(frame),
    start: () => notAvailable(spanOf(context, annotation), 'a generator as an annotation'),
  };
  const run = (outer: Frame): PyValue => {
    try {
      return runFrame(context.py, new Frame(code, freshSlots(code, outer), outer.globals, null, outer.namespace));
    } catch (error) {
      if (error instanceof Raised) return context.file.text.slice(annotation.start, annotation.end);
      throw error;
    }
  };
  return (outer) => new Pending(() => run(outer));
}

function compileAnnotations(
  context: Context,
  args: Arguments,
  returns: Expr | null,
): ((frame: Frame) => PyDict) | null {
  const all = [
    ...args.posonlyargs,
    ...args.args,
    ...(args.vararg ? [args.vararg] : []),
    ...args.kwonlyargs,
    ...(args.kwarg ? [args.kwarg] : []),
  ];
  const given = [...all.map((arg) => ({ name: arg.arg, node: arg.annotation })), { name: 'return', node: returns }];
  const parts = given.flatMap(({ name, node }) => (node ? [{ name, evaluate: compileAnnotation(context, node) }] : []));
  if (parts.length === 0) return null;
  return (frame) => {
    const dict = new PyDict();
    for (const { name, evaluate } of parts) dict.map.set(name, evaluate(frame));
    return dict;
  };
}

/** Makes the function object of a definition or lambda. */
export function compileFunction(context: Context, node: Definition | Expression<'Lambda'>): Evaluate {
  const { signature, defaults } = compileParameters(context, node.args);
  const annotations = node.kind === 'Lambda' ? null : compileAnnotations(context, node.args, node.returns);
  const code = functionCode(context, node);
  return (frame) => {
    const closure = code.free.map(([outer]) => frame.slots[outer] as Cell); // captured slots are cells
    const fn = new PyFunction(code, signature, defaults(frame), closure, frame.globals);
    if (annotations) fn.annotations = annotations(frame);
    return fn;
  };
}

/** Applies decorators, the last one first. */
function compileDecorators(
  context: Context,
  decorators: readonly Expr[],
): (frame: Frame) => (value: PyValue) => PyValue {
  const parts = decorators.map((decorator) => ({
    evaluate: evaluator(context, decorator),
    at: spanOf(context, decorator),
  }));
  const { py } = context;
  return (frame) => {
    const callees = parts.map(({ evaluate }) => evaluate(frame));
    return (value) =>
      callees.reduceRight<PyValue>((decorated, callee, index) => {
        frame.at = parts[index].at;
        return call(py, callee, [decorated], null);
      }, value);
  };
}

export function compileFunctionDefinition(context: Context, node: Definition): Execute {
  const make = compileFunction(context, node);
  const store = compileStoreName(context, node.name);
  const decorators = node.decorator_list.length > 0 ? compileDecorators(context, node.decorator_list) : null;
  return (frame) => {
    const decorate = decorators?.(frame);
    const fn = make(frame);
    store(frame, decorate ? decorate(fn) : fn);
    return NORMAL;
  };
}

/** The body of a class: runs in a frame whose names live in the class namespace. */
function classBody(context: Context, node: Statement<'ClassDef'>): (outer: Frame, namespace: PyDict) => void {
  const scope = childScope(context.scope, node);
  const { unit } = scope;
  const qualifiedName = `${context.qualifier}${node.name}`;
  const inner: Context = { ...context, scope, checkedImports: false, qualifier: `${qualifiedName}.` };
  let body: Execute | null = null;
  const classCell = scope.slots.get('__class__');
  const code: Code = {
    name: node.name,
    qualifiedName,
    slotNames: unit.slotNames,
    cells: [...unit.cells],
    free: unit.free,
    isGenerator: false,
    isAsync: false,
    span: spanOf(context, node),
    doc: docstring(node.body),
    run: (frame) => {
      (body ??= context.compilers.block(inner, node.body, null))(frame);
      return null;
    },
    start: () => notAvailable(spanOf(context, node), 'yield in a class body'),
  };
  return (outer, namespace) => {
    const slots = freshSlots(code, outer);
    namespace.map.set('__module__', outer.globals.map.get('__name__') ?? null);
    namespace.map.set('__qualname__', qualifiedName);
    if (code.doc !== null) namespace.map.set('__doc__', code.doc);
    runFrame(context.py, new Frame(code, slots, outer.globals, null, namespace));
    const cell = classCell === undefined ? undefined : slots[classCell];
    if (cell instanceof Cell) namespace.map.set('__classcell__', cell);
  };
}

export function compileClassDefinition(context: Context, node: Statement<'ClassDef'>): Execute {
  const { py } = context;
  const bases = compilePositional(context, node.bases);
  const keywords = compileKeywords(context, node.keywords);
  const body = classBody(context, node);
  const store = compileStoreName(context, node.name);
  const decorators = node.decorator_list.length > 0 ? compileDecorators(context, node.decorator_list) : null;
  const at = spanOf(context, node);
  return (frame) => {
    const decorate = decorators?.(frame);
    const given = bases(frame);
    const named: KeywordArguments = keywords?.(frame) ?? new Map();
    frame.at = at;
    const namespace = prepareNamespace(context, node.name, given, named);
    body(frame, namespace);
    const cls = py.makeClass(node.name, given, namespace, named);
    store(frame, decorate ? decorate(cls) : cls);
    return NORMAL;
  };
}

/** `metaclass.__prepare__` where there is one. */
function prepareNamespace(
  context: Context,
  name: string,
  bases: readonly PyValue[],
  keywords: KeywordArguments,
): PyDict {
  const { py } = context;
  if (bases.some((base) => base instanceof Opaque)) return new PyDict();
  const resolved = resolveBases(py, bases);
  const metaclass = chosenMetaclass(keywords, resolved);
  const prepare =
    metaclass instanceof PyClass && !metaclass.builtIn ? py.findAttribute(metaclass, '__prepare__') : undefined;
  if (prepare === undefined) return new PyDict();
  const rest = new Map(keywords);
  rest.delete('metaclass');
  const namespace = py.call(prepare, [name, new PyTuple(resolved)], rest);
  return namespace instanceof PyDict ? namespace : new PyDict();
}

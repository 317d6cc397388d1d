/** `match` patterns. */
import type { Pattern, Stmt } from '../../syntax/index.ts';
import { PyBytes, PyList, PyTuple } from '../objects/containers.ts';
import { typeError } from '../objects/exceptions.ts';
import type { Frame } from '../objects/functions.ts';
import { NORMAL } from '../objects/interpreter.ts';
import { classOf, PyClass, PyDict, type PyValue } from '../objects/object.ts';
import { textOf } from '../protocol/sequences.ts';
import { tableDelete, tableSet } from '../protocol/table.ts';
import { evaluator, spanOf, type Context, type Execute } from './context.ts';
import { compileStoreName } from './names.ts';

type Node<Kind extends Pattern['kind']> = Extract<Pattern, { kind: Kind }>;

/** Whether a value matches; binds the names of the pattern as it goes. */
export type Test = (frame: Frame, value: PyValue) => boolean;

/** Built-in classes whose single positional pattern is the value itself. */
const selfMatching = new Set([
  'bool',
  'bytearray',
  'bytes',
  'dict',
  'float',
  'frozenset',
  'int',
  'list',
  'set',
  'str',
  'tuple',
]);

function compileSequencePattern(context: Context, node: Node<'MatchSequence'>): Test {
  const { py } = context;
  const star = node.patterns.findIndex((pattern) => pattern.kind === 'MatchStar');
  const tests = node.patterns.map((pattern) => compilePattern(context, pattern));
  const after = star < 0 ? 0 : tests.length - star - 1;
  return (frame, value) => {
    if (!isSequence(context, value)) return false;
    const items = py.collect(value);
    if (star < 0) return items.length === tests.length && tests.every((test, index) => test(frame, items[index]));
    if (items.length < tests.length - 1) return false;
    const middle = items.slice(star, items.length - after);
    return tests.every((test, index) => {
      if (index === star) return test(frame, new PyList(middle));
      return test(frame, index < star ? items[index] : items[items.length - tests.length + index]);
    });
  };
}

function isSequence(context: Context, value: PyValue): boolean {
  if (textOf(value) !== undefined || value instanceof PyBytes) return false;
  if (value instanceof PyList || value instanceof PyTuple) return true;
  const abc = context.py.modules.map.get('collections.abc');
  const sequence = abc === undefined ? undefined : context.py.findAttribute(abc, 'Sequence');
  if (sequence !== undefined) return context.py.isInstance(value, sequence);
  return ['range', 'deque'].includes(classOf(value).name);
}

function compileMappingPattern(context: Context, node: Node<'MatchMapping'>): Test {
  const { py } = context;
  const keys = node.keys.map((key) => evaluator(context, key));
  const tests = node.patterns.map((pattern) => compilePattern(context, pattern));
  const rest = node.rest === null ? null : compileStoreName(context, node.rest);
  return (frame, value) => {
    if (!(value instanceof PyDict)) return false;
    const names = keys.map((key) => key(frame));
    if (!names.every((name, index) => py.contains(value, name) && tests[index](frame, py.getItem(value, name))))
      return false;
    if (rest) {
      const left = new PyDict();
      for (const key of py.collect(value)) tableSet(py, left, key, py.getItem(value, key));
      for (const name of names) tableDelete(py, left, name);
      rest(frame, left);
    }
    return true;
  };
}

function positionalNames(context: Context, cls: PyClass, count: number): readonly (string | null)[] {
  if (count === 0) return [];
  const declared = context.py.findAttribute(cls, '__match_args__');
  if (declared instanceof PyTuple) {
    if (count > declared.items.length)
      throw typeError(`${cls.name}() accepts ${declared.items.length} positional sub-patterns (${count} given)`);
    return declared.items.slice(0, count).map((name) => textOf(name) ?? '');
  }
  if (count === 1 && cls.mro.some((ancestor) => ancestor.builtIn && selfMatching.has(ancestor.name))) return [null];
  throw typeError(`${cls.name}() accepts 0 positional sub-patterns (${count} given)`);
}

function compileClassPattern(context: Context, node: Node<'MatchClass'>): Test {
  const { py } = context;
  const cls = evaluator(context, node.cls);
  const positional = node.patterns.map((pattern) => compilePattern(context, pattern));
  const keywords = node.kwd_patterns.map((pattern, index) => ({
    name: node.kwd_attrs[index],
    test: compilePattern(context, pattern),
  }));
  const at = spanOf(context, node);
  return (frame, value) => {
    const type = cls(frame);
    frame.at = at;
    if (!(type instanceof PyClass)) throw typeError('called match pattern must be a class');
    if (!py.isInstance(value, type)) return false;
    const names = positionalNames(context, type, positional.length);
    const matches = (name: string | null, test: Test): boolean => {
      const attribute = name === null ? value : py.findAttribute(value, name);
      return attribute !== undefined && test(frame, attribute);
    };
    return (
      positional.every((test, index) => matches(names[index], test)) &&
      keywords.every(({ name, test }) => matches(name, test))
    );
  };
}

export function compilePattern(context: Context, node: Pattern): Test {
  const { py } = context;
  switch (node.kind) {
    case 'MatchValue': {
      const expected = evaluator(context, node.value);
      return (frame, value) => py.equal(value, expected(frame));
    }
    case 'MatchSingleton':
      return (_frame, value) => value === node.value;
    case 'MatchSequence':
      return compileSequencePattern(context, node);
    case 'MatchMapping':
      return compileMappingPattern(context, node);
    case 'MatchClass':
      return compileClassPattern(context, node);
    case 'MatchStar':
      return compileCapture(context, node.name, null);
    case 'MatchAs':
      return compileCapture(context, node.name, node.pattern);
    case 'MatchOr': {
      const tests = node.patterns.map((pattern) => compilePattern(context, pattern));
      return (frame, value) => tests.some((test) => test(frame, value));
    }
  }
}

function compileCapture(context: Context, name: string | null, pattern: Pattern | null): Test {
  const test = pattern && compilePattern(context, pattern);
  const store = name === null ? null : compileStoreName(context, name);
  return (frame, value) => {
    if (test && !test(frame, value)) return false;
    store?.(frame, value);
    return true;
  };
}

export function compileMatch(context: Context, node: Extract<Stmt, { kind: 'Match' }>): Execute {
  const { py } = context;
  const subject = evaluator(context, node.subject);
  const cases = node.cases.map((entry) => ({
    test: compilePattern(context, entry.pattern),
    guard: entry.guard && evaluator(context, entry.guard),
    run: context.compilers.block(context, entry.body, null),
  }));
  const at = spanOf(context, node.subject);
  return (frame) => {
    frame.at = at;
    const value = subject(frame);
    const chosen = cases.find(({ test, guard }) => test(frame, value) && (!guard || py.truth(guard(frame))));
    return chosen ? chosen.run(frame) : NORMAL;
  };
}

/** Operators, comparisons and boolean expressions. */
import type { BinaryOperator, CompareOperator } from '../objects/interpreter.ts';
import type { ComparisonOperator, Expr, Operator } from '../../syntax/index.ts';
import { PyFloat, PyObject, type PyValue } from '../objects/object.ts';
import type { Machine } from '../protocol/machine.ts';
import { evaluator, spanOf, type Context, type Evaluate } from './context.ts';

type Node<Kind extends Expr['kind']> = Extract<Expr, { kind: Kind }>;

export const operators: Readonly<Record<Operator, BinaryOperator>> = {
  Add: '+',
  Sub: '-',
  Mult: '*',
  MatMult: '@',
  Div: '/',
  Mod: '%',
  Pow: '**',
  LShift: '<<',
  RShift: '>>',
  BitOr: '|',
  BitXor: '^',
  BitAnd: '&',
  FloorDiv: '//',
};

/** Operators on two ints whose result stays safe; undefined sends the operands to the general road. */
const quickInts: Partial<Record<BinaryOperator, (a: number, b: number) => number | undefined>> = {
  '+': (a, b) => safe(a + b),
  '-': (a, b) => safe(a - b),
  '*': (a, b) => safe(a * b),
  '%': (a, b) => (a >= 0 && b > 0 ? a % b : undefined),
  '//': (a, b) => (a >= 0 && b > 0 ? (a - (a % b)) / b : undefined),
};

const safe = (value: number): number | undefined => (Number.isSafeInteger(value) ? value + 0 : undefined);

export function compileBinary(context: Context, node: Node<'BinOp'>): Evaluate {
  const { py } = context;
  const [left, right] = [evaluator(context, node.left), evaluator(context, node.right)];
  const operator = operators[node.op];
  const quick = quickInts[operator];
  const at = spanOf(context, node);
  const general = (frame: Parameters<Evaluate>[0], a: PyValue, b: PyValue): PyValue => {
    frame.at = at;
    return py.binary(operator, a, b);
  };
  if (operator === '+') {
    return (frame) => {
      const a = left(frame);
      const b = right(frame);
      if (typeof a === 'number' && typeof b === 'number') {
        const sum = a + b;
        if (Number.isSafeInteger(sum)) return sum;
      }
      return general(frame, a, b);
    };
  }
  if (!quick) return (frame) => general(frame, left(frame), right(frame));
  return (frame) => {
    const a = left(frame);
    const b = right(frame);
    if (typeof a === 'number' && typeof b === 'number') {
      const result = quick(a, b);
      if (result !== undefined) return result;
    }
    return general(frame, a, b);
  };
}

const unaryOperators = { Invert: '~', UAdd: '+', USub: '-' } as const;

/** `not value`, which the tracer may keep symbolic. */
export function negate(py: Machine, value: PyValue): PyValue {
  if (value instanceof PyObject && value.cls.symbolic && py.hooks.negate) return py.hooks.negate(py, value);
  return !py.truth(value);
}

export function compileUnary(context: Context, node: Node<'UnaryOp'>): Evaluate {
  const { py } = context;
  const operand = evaluator(context, node.operand);
  const at = spanOf(context, node);
  if (node.op === 'Not') {
    return (frame) => {
      const value = operand(frame);
      if (typeof value === 'boolean') return !value;
      frame.at = at;
      return negate(py, value);
    };
  }
  const operator = unaryOperators[node.op];
  return (frame) => {
    const value = operand(frame);
    frame.at = at;
    return py.unary(operator, value);
  };
}

const compareOperators: Partial<Record<ComparisonOperator, CompareOperator>> = {
  Eq: '==',
  NotEq: '!=',
  Lt: '<',
  LtE: '<=',
  Gt: '>',
  GtE: '>=',
};

const quickCompare: Readonly<Record<CompareOperator, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** One comparison as a function of two values. */
function comparison(py: Machine, operator: ComparisonOperator): (a: PyValue, b: PyValue) => PyValue {
  switch (operator) {
    case 'Is':
      return same;
    case 'IsNot':
      return (a, b) => !same(a, b);
    case 'In':
      return (a, b) => py.contains(b, a);
    case 'NotIn':
      return (a, b) => !py.contains(b, a);
    default: {
      const symbol = compareOperators[operator] ?? '==';
      const quick = quickCompare[symbol];
      return (a, b) => (typeof a === 'number' && typeof b === 'number' ? quick(a, b) : py.compare(symbol, a, b));
    }
  }
}

/** `a is b`. Floats are boxed at each operation, so equal floats count as one object only if they are one. */
function same(a: PyValue, b: PyValue): boolean {
  return a === b || (a instanceof PyFloat && b instanceof PyFloat && a.cls === b.cls && Object.is(a, b));
}

export function compileCompare(context: Context, node: Node<'Compare'>): Evaluate {
  const { py } = context;
  const at = spanOf(context, node);
  const left = evaluator(context, node.left);
  const rest = node.comparators.map((operand) => evaluator(context, operand));
  const tests = node.ops.map((operator) => comparison(py, operator));
  if (rest.length === 1) {
    const [right] = rest;
    const [test] = tests;
    return (frame) => {
      const a = left(frame);
      const b = right(frame);
      frame.at = at;
      return test(a, b);
    };
  }
  return (frame) => {
    const chain = (a: PyValue, index: number): PyValue => {
      const b = rest[index](frame);
      frame.at = at;
      const result = tests[index](a, b);
      return index + 1 === rest.length ? result : logical(py, 'and', result, () => chain(b, index + 1));
    };
    return chain(left(frame), 0);
  };
}

/** `left and right`, `left or right`; the tracer decides when the left side is symbolic. */
export function logical(py: Machine, operator: 'and' | 'or', left: PyValue, right: () => PyValue): PyValue {
  if (left instanceof PyObject && left.cls.symbolic && py.hooks.logical)
    return py.hooks.logical(py, operator, left, right);
  return py.truth(left) === (operator === 'and') ? right() : left;
}

export function compileBoolean(context: Context, node: Node<'BoolOp'>): Evaluate {
  const { py } = context;
  const operator = node.op === 'And' ? 'and' : 'or';
  const parts = node.values.map((value) => evaluator(context, value));
  const at = spanOf(context, node);
  return (frame) => {
    const from = (index: number): PyValue => {
      const value = parts[index](frame);
      if (index + 1 === parts.length) return value;
      frame.at = at;
      return logical(py, operator, value, () => from(index + 1));
    };
    return from(0);
  };
}

export function compileConditional(context: Context, node: Node<'IfExp'>): Evaluate {
  const { py } = context;
  const test = evaluator(context, node.test);
  const [whenTrue, whenFalse] = [evaluator(context, node.body), evaluator(context, node.orelse)];
  const at = spanOf(context, node);
  return (frame) => {
    const value = test(frame);
    if (typeof value === 'boolean') return value ? whenTrue(frame) : whenFalse(frame);
    frame.at = at;
    if (value instanceof PyObject && value.cls.symbolic && py.hooks.conditional) {
      return py.hooks.conditional(
        py,
        value,
        () => whenTrue(frame),
        () => whenFalse(frame),
      );
    }
    return py.truth(value) ? whenTrue(frame) : whenFalse(frame);
  };
}

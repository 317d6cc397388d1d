/** Binary, in-place and unary operators: fast paths for exact built-in numbers and strings, else the dunder protocol. */
import { notImplemented, PyComplex, complexType } from '../objects/containers.ts';
import { typeError } from '../objects/exceptions.ts';
import { Opaque } from '../objects/modules.ts';
import type { BinaryOperator, Interpreter, UnaryOperator } from '../objects/interpreter.ts';
import { classOf, floatType, PyFloat, type PyClass, type PyValue } from '../objects/object.ts';
import { opaqueUse } from './attributes.ts';
import { complexBinary, complexValue, floatBinary, intBinary, toFloat, type Int } from './numbers.ts';

interface OperatorNames {
  readonly forward: string;
  readonly reflected: string;
  readonly inPlace: string;
}

function names(word: string): OperatorNames {
  return { forward: `__${word}__`, reflected: `__r${word}__`, inPlace: `__i${word}__` };
}

/** The dunder methods of each operator. */
export const operatorNames: Readonly<Record<BinaryOperator, OperatorNames>> = {
  '+': names('add'),
  '-': names('sub'),
  '*': names('mul'),
  '/': names('truediv'),
  '//': names('floordiv'),
  '%': names('mod'),
  '**': names('pow'),
  '@': names('matmul'),
  '<<': names('lshift'),
  '>>': names('rshift'),
  '&': names('and'),
  '|': names('or'),
  '^': names('xor'),
};

export const unaryNames: Readonly<Record<UnaryOperator, string>> = {
  '+': '__pos__',
  '-': '__neg__',
  '~': '__invert__',
};

/** The int that an exact int or bool is, else undefined: subclasses go through their dunders. */
function exactInt(value: PyValue): Int | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return typeof value === 'boolean' ? Number(value) : undefined;
}

const isExactFloat = (value: PyValue): value is PyFloat => value instanceof PyFloat && value.cls === floatType;

/** Arithmetic of exact built-in numbers; undefined when an operand is none. */
function numericBinary(py: Interpreter, operator: BinaryOperator, left: PyValue, right: PyValue): PyValue | undefined {
  const a = exactInt(left);
  const b = exactInt(right);
  if (a !== undefined && b !== undefined) {
    const bothBool =
      typeof left === 'boolean' &&
      typeof right === 'boolean' &&
      (operator === '&' || operator === '|' || operator === '^');
    const result = intBinary(py, operator, a, b);
    return bothBool ? Boolean(result) : result;
  }
  if (isExactFloat(left)) {
    if (isExactFloat(right)) return floatBinary(operator, left.value, right.value);
    if (b !== undefined) return floatBinary(operator, left.value, toFloat(b));
  } else if (isExactFloat(right) && a !== undefined) return floatBinary(operator, toFloat(a), right.value);
  return left instanceof PyComplex || right instanceof PyComplex ? complexOperation(operator, left, right) : undefined;
}

function complexOperation(operator: BinaryOperator, left: PyValue, right: PyValue): PyValue | undefined {
  if ((left instanceof PyComplex ? left : right instanceof PyComplex ? right : null)?.cls !== complexType)
    return undefined;
  const [a, b] = [complexValue(left), complexValue(right)];
  return a && b ? complexBinary(operator, a, b) : undefined;
}

/** Calls a dunder that may decline with NotImplemented (undefined here). */
function tryMethod(py: Interpreter, cls: PyClass, name: string, self: PyValue, other: PyValue): PyValue | undefined {
  const special = cls.lookup(name);
  if (special === undefined || special === null) return undefined;
  const result = py.call(special, [self, other]);
  return result === notImplemented ? undefined : result;
}

function dispatch(py: Interpreter, operator: BinaryOperator, left: PyValue, right: PyValue): PyValue | undefined {
  const { forward, reflected } = operatorNames[operator];
  const [a, b] = [classOf(left), classOf(right)];
  const rightFirst = a !== b && b.isSubclassOf(a) && b.lookup(reflected) !== a.lookup(reflected);
  if (rightFirst) {
    const result = tryMethod(py, b, reflected, right, left);
    if (result !== undefined) return result;
  }
  const result = tryMethod(py, a, forward, left, right);
  if (result !== undefined) return result;
  return rightFirst || a === b ? undefined : tryMethod(py, b, reflected, right, left);
}

function unsupported(operator: BinaryOperator, symbol: string, left: PyValue, right: PyValue): never {
  if (left instanceof Opaque) opaqueUse(left);
  if (right instanceof Opaque) opaqueUse(right);
  const [a, b] = [classOf(left).name, classOf(right).name];
  if (operator === '+' && ['str', 'list', 'tuple'].includes(a))
    throw typeError(`can only concatenate ${a} (not "${b}") to ${a}`);
  if (operator === '+' && a === 'bytes') throw typeError(`can't concat ${b} to bytes`);
  if (operator === '*' && ['str', 'list', 'tuple', 'bytes'].includes(a))
    throw typeError(`can't multiply sequence by non-int of type '${b}'`);
  if (operator === '*' && ['str', 'list', 'tuple', 'bytes'].includes(b))
    throw typeError(`can't multiply sequence by non-int of type '${a}'`);
  throw typeError(`unsupported operand type(s) for ${symbol}: '${a}' and '${b}'`);
}

/** `left operator right`. */
export function binary(py: Interpreter, operator: BinaryOperator, left: PyValue, right: PyValue): PyValue {
  if (typeof left === 'string' && typeof right === 'string' && operator === '+') {
    py.reserve((left.length + right.length) / 8);
    return left + right;
  }
  const result = numericBinary(py, operator, left, right) ?? dispatch(py, operator, left, right);
  return result !== undefined
    ? result
    : unsupported(operator, operator === '**' ? '** or pow()' : operator, left, right);
}

/** `left operator= right`: the value to be stored. */
export function inPlace(py: Interpreter, operator: BinaryOperator, left: PyValue, right: PyValue): PyValue {
  if (typeof left === 'object' && left !== null) {
    const result = tryMethod(py, left.cls, operatorNames[operator].inPlace, left, right);
    if (result !== undefined) return result;
  }
  if (typeof left === 'string' && typeof right === 'string') return binary(py, operator, left, right);
  const result = numericBinary(py, operator, left, right) ?? dispatch(py, operator, left, right);
  return result !== undefined ? result : unsupported(operator, `${operator}=`, left, right);
}

function intUnary(operator: UnaryOperator, value: Int): Int {
  if (operator === '+') return value;
  if (typeof value === 'number') return (operator === '-' ? -value : -value - 1) + 0;
  return operator === '-' ? -value : -value - 1n;
}

/** `operator operand`. */
export function unary(py: Interpreter, operator: UnaryOperator, operand: PyValue): PyValue {
  const int = exactInt(operand);
  if (int !== undefined) return intUnary(operator, int);
  if (isExactFloat(operand) && operator !== '~') return operator === '-' ? new PyFloat(-operand.value) : operand;
  if (operand instanceof PyComplex && operator !== '~')
    return operator === '-' ? new PyComplex(-operand.real, -operand.imaginary) : operand;
  const special = classOf(operand).lookup(unaryNames[operator]);
  if (special === undefined || special === null) {
    if (operand instanceof Opaque) opaqueUse(operand);
    throw typeError(`bad operand type for unary ${operator}: '${classOf(operand).name}'`);
  }
  return py.call(special, [operand]);
}

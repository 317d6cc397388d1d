/**
 * What `arith.*` computes on scalars. Integers are computed as signed bigints and wrapped to their width; floats in
 * f64 and rounded once. Null where MLIR leaves the result undefined (division by zero, a shift as wide as the type).
 */
import { bf16FromNumber, bf16ToNumber, f16FromNumber, f16ToNumber } from '../../../runtime/numerics/index.ts';
import type { Attribute, AttributeMap } from '../core/attribute.ts';
import type { DType, Type } from '../core/type.ts';
import { dtypeBytes, isFloat, scalarType } from '../core/type.ts';

/** The result of an op on constant scalars, or null when it has none that is defined. */
export function evaluateScalar(
  name: string,
  operands: readonly Attribute[],
  attributes: AttributeMap,
  resultType: Type,
): Attribute | null {
  if (resultType.kind !== 'scalar') return null;
  const cell = SCALAR_OPS[name];
  return cell ? cell(operands, attributes, resultType.dtype) : null;
}

/** Whether `evaluateScalar` knows the op. */
export const evaluatesScalar = (name: string): boolean => Object.hasOwn(SCALAR_OPS, name);

type Cell = (operands: readonly Attribute[], attributes: AttributeMap, dtype: DType | 'index') => Attribute | null;
type IntegerRule = (left: bigint, right: bigint, bits: number) => bigint | null;

export function bitsOf(dtype: DType | 'index'): number {
  if (dtype === 'index') return 64;
  return dtype === 'i1' ? 1 : dtypeBytes(dtype) * 8;
}

/** A constant integer (or bool) as a signed bigint of its width, or null. */
function integerValue(attribute: Attribute | undefined): bigint | null {
  if (attribute?.kind === 'bool') return attribute.value ? -1n : 0n;
  return attribute?.kind === 'integer' ? BigInt(attribute.value) : null;
}

/** An integer attribute of a dtype, wrapped to its width. */
function integerResult(value: bigint, dtype: DType | 'index'): Attribute {
  if (dtype === 'i1') return { kind: 'bool', value: (value & 1n) === 1n };
  const wrapped = BigInt.asIntN(bitsOf(dtype), value);
  const number = Number(wrapped);
  return { kind: 'integer', value: Number.isSafeInteger(number) ? number : wrapped, type: scalarType(dtype) };
}

function roundFloat(value: number, dtype: DType | 'index'): number {
  if (dtype === 'f32') return Math.fround(value);
  if (dtype === 'f16') return f16ToNumber(f16FromNumber(value));
  return dtype === 'bf16' ? bf16ToNumber(bf16FromNumber(value)) : value;
}

function floatResult(value: number, dtype: DType | 'index'): Attribute {
  return { kind: 'float', value: roundFloat(value, dtype), type: scalarType(dtype) };
}

function integerCell(rule: IntegerRule): Cell {
  return ([lhs, rhs], _, dtype) => {
    const left = integerValue(lhs);
    const right = integerValue(rhs);
    if (left === null || right === null) return null;
    const value = rule(left, right, bitsOf(dtype));
    return value === null ? null : integerResult(value, dtype);
  };
}

/** The same with a shortcut in numbers where no 53-bit result is possible to overflow. */
function quickIntegerCell(quick: (left: number, right: number) => number, rule: IntegerRule): Cell {
  const exact = integerCell(rule);
  return (operands, attributes, dtype) => {
    const [lhs, rhs] = operands;
    if (dtype === 'i32' && lhs?.kind === 'integer' && rhs?.kind === 'integer') {
      return { kind: 'integer', value: quick(Number(lhs.value), Number(rhs.value)) | 0, type: lhs.type };
    }
    return exact(operands, attributes, dtype);
  };
}

function floatCell(rule: (left: number, right: number) => number): Cell {
  return ([lhs, rhs], _, dtype) =>
    lhs?.kind === 'float' && rhs?.kind === 'float' ? floatResult(rule(lhs.value, rhs.value), dtype) : null;
}

const unsigned = (value: bigint, bits: number): bigint => BigInt.asUintN(bits, value);

function floorDivide(left: bigint, right: bigint): bigint {
  const quotient = left / right;
  return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient;
}

/** Division that is undefined by zero and where the quotient does not fit. */
const division =
  (divide: (left: bigint, right: bigint) => bigint): IntegerRule =>
  (left, right, bits) => {
    if (right === 0n || (right === -1n && left === -(1n << BigInt(bits - 1)))) return null;
    return divide(left, right);
  };

const unsignedDivision =
  (divide: (left: bigint, right: bigint) => bigint): IntegerRule =>
  (left, right, bits) =>
    right === 0n ? null : divide(unsigned(left, bits), unsigned(right, bits));

const shift =
  (rule: IntegerRule): IntegerRule =>
  (left, right, bits) =>
    unsigned(right, bits) >= BigInt(bits) ? null : rule(left, unsigned(right, bits), bits);

type Order = (left: bigint, right: bigint) => boolean;

const INTEGER_ORDERS: readonly (readonly [Order, 'signed' | 'unsigned'])[] = [
  [(left, right) => left === right, 'signed'],
  [(left, right) => left !== right, 'signed'],
  [(left, right) => left < right, 'signed'],
  [(left, right) => left <= right, 'signed'],
  [(left, right) => left > right, 'signed'],
  [(left, right) => left >= right, 'signed'],
  [(left, right) => left < right, 'unsigned'],
  [(left, right) => left <= right, 'unsigned'],
  [(left, right) => left > right, 'unsigned'],
  [(left, right) => left >= right, 'unsigned'],
];

const compareIntegers: Cell = ([lhs, rhs], attributes) => {
  const order = INTEGER_ORDERS[predicateOf(attributes)];
  const left = integerValue(lhs);
  const right = integerValue(rhs);
  if (!order || left === null || right === null) return null;
  const [holds, signedness] = order;
  if (signedness === 'signed') return { kind: 'bool', value: holds(left, right) };
  return { kind: 'bool', value: holds(unsigned(left, 64), unsigned(right, 64)) };
};

/** Bit 0: equal, bit 1: greater, bit 2: less, bit 3: unordered; MLIR's predicates are unions of these. */
const FLOAT_PREDICATE_BITS: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 8, 15];

const compareFloats: Cell = ([lhs, rhs], attributes) => {
  if (lhs?.kind !== 'float' || rhs?.kind !== 'float') return null;
  const [left, right] = [lhs.value, rhs.value];
  const relation = left === right ? 1 : left > right ? 2 : left < right ? 4 : 8;
  return { kind: 'bool', value: ((FLOAT_PREDICATE_BITS[predicateOf(attributes)] ?? 0) & relation) !== 0 };
};

function predicateOf(attributes: AttributeMap): number {
  const predicate = attributes.get('predicate');
  return predicate?.kind === 'integer' ? Number(predicate.value) : -1;
}

const toInteger =
  (signedness: 'signed' | 'unsigned'): Cell =>
  ([value], _, dtype) => {
    if (value?.kind !== 'float' || !Number.isFinite(value.value)) return null;
    const whole = BigInt(Math.trunc(value.value));
    const bits = bitsOf(dtype);
    const fits = signedness === 'signed' ? BigInt.asIntN(bits, whole) === whole : BigInt.asUintN(bits, whole) === whole;
    return fits ? integerResult(whole, dtype) : null;
  };

const widen =
  (signedness: 'signed' | 'unsigned'): Cell =>
  ([value], _, dtype) => {
    const whole = integerValue(value);
    if (whole === null) return null;
    const from = value.kind === 'integer' && value.type.kind === 'scalar' ? bitsOf(value.type.dtype) : 1;
    const extended = signedness === 'signed' ? whole : unsigned(whole, from);
    return isFloat(dtype) ? floatResult(Number(extended), dtype) : integerResult(extended, dtype);
  };

const convertFloat: Cell = ([value], _, dtype) => (value?.kind === 'float' ? floatResult(value.value, dtype) : null);

const larger = (left: number, right: number): number =>
  Number.isNaN(left + right) ? Number.NaN : Math.max(left, right);
const smaller = (left: number, right: number): number =>
  Number.isNaN(left + right) ? Number.NaN : Math.min(left, right);

const SCALAR_OPS: Readonly<Record<string, Cell>> = {
  'arith.addi': quickIntegerCell(
    (left, right) => left + right,
    (left, right) => left + right,
  ),
  'arith.subi': quickIntegerCell(
    (left, right) => left - right,
    (left, right) => left - right,
  ),
  'arith.muli': quickIntegerCell(Math.imul, (left, right) => left * right),
  'arith.divsi': integerCell(division((left, right) => left / right)),
  'arith.divui': integerCell(unsignedDivision((left, right) => left / right)),
  'arith.remsi': integerCell(division((left, right) => left % right)),
  'arith.remui': integerCell(unsignedDivision((left, right) => left % right)),
  'arith.floordivsi': integerCell(division(floorDivide)),
  'arith.ceildivsi': integerCell(division((left, right) => -floorDivide(-left, right))),
  'arith.andi': integerCell((left, right) => left & right),
  'arith.ori': integerCell((left, right) => left | right),
  'arith.xori': integerCell((left, right) => left ^ right),
  'arith.shli': integerCell(shift((left, right) => left << right)),
  'arith.shrsi': integerCell(shift((left, right) => left >> right)),
  'arith.shrui': integerCell(shift((left, right, bits) => unsigned(left, bits) >> right)),
  'arith.maxsi': integerCell((left, right) => (left > right ? left : right)),
  'arith.minsi': integerCell((left, right) => (left < right ? left : right)),
  'arith.maxui': integerCell((left, right, bits) => (unsigned(left, bits) > unsigned(right, bits) ? left : right)),
  'arith.minui': integerCell((left, right, bits) => (unsigned(left, bits) < unsigned(right, bits) ? left : right)),
  'arith.addf': floatCell((left, right) => left + right),
  'arith.subf': floatCell((left, right) => left - right),
  'arith.mulf': floatCell((left, right) => left * right),
  'arith.divf': floatCell((left, right) => left / right),
  'arith.remf': floatCell((left, right) => left % right),
  'arith.maximumf': floatCell(larger),
  'arith.minimumf': floatCell(smaller),
  'arith.negf': ([value], _, dtype) => (value?.kind === 'float' ? floatResult(-value.value, dtype) : null),
  'arith.cmpi': compareIntegers,
  'arith.cmpf': compareFloats,
  'arith.select': ([condition, onTrue, onFalse]) =>
    condition?.kind === 'bool' ? (condition.value ? onTrue : onFalse) : null,
  'arith.extf': convertFloat,
  'arith.truncf': convertFloat,
  'arith.extsi': widen('signed'),
  'arith.extui': widen('unsigned'),
  'arith.trunci': widen('signed'),
  'arith.sitofp': widen('signed'),
  'arith.uitofp': widen('unsigned'),
  'arith.fptosi': toInteger('signed'),
  'arith.fptoui': toInteger('unsigned'),
  'arith.index_cast': widen('signed'),
};

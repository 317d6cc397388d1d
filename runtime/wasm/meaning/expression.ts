/** One expression of an instruction's meaning as scalar WebAssembly. */

import {
  bytesOf,
  type BinaryOp,
  type ElementType,
  type Expression,
  type UnaryOp,
  type ValueType,
} from '../../isa/index.ts';
import { call, choose, f32, i32, i64, load, op, seq, type Code, type MemoryOp, type PlainOp } from '../encode/code.ts';
import { get, set, tee } from '../encode/module.ts';
import { widenBf16 } from './half.ts';
import { checkElement, findLocal, inMemory, internal, stateAddress, wasmType, type Scope } from './scope.ts';

/** Translates an expression; its value has the WebAssembly type of `expression.type`. */
export function translateExpression(scope: Scope, expression: Expression): Code {
  switch (expression.kind) {
    case 'constant':
      return constant(expression.type, expression.value);
    case 'operand':
      return scope.operand(expression.name, expression.type);
    case 'local':
      return get(findLocal(scope, expression.name));
    case 'state': {
      const at = expression.at === undefined ? undefined : translateExpression(scope, expression.at);
      const place = stateAddress(scope, expression.slot, at);
      return load('i32.load', place.address, place.offset);
    }
    case 'load': {
      const address = scope.builder.local('i32');
      return seq(
        set(address, translateExpression(scope, expression.address)),
        checkElement(scope, expression.space, address, bytesOf(expression.element)),
        loadElement(expression.element, inMemory(scope, expression.space, get(address))),
      );
    }
    case 'unary':
      return unary(scope, expression.op, expression.type, expression.value);
    case 'binary':
      return binary(scope, expression.op, expression.left, expression.right);
    case 'select':
      return choose(
        wasmType[expression.type],
        translateExpression(scope, expression.condition),
        translateExpression(scope, expression.then),
        translateExpression(scope, expression.else),
      );
  }
}

function constant(type: ValueType, value: number): Code {
  if (type === 'f32') return f32(value);
  return type === 'i64' ? i64(BigInt(value)) : i32(value);
}

const loadOps = {
  f32: 'f32.load',
  f16: 'i32.load16_s',
  bf16: 'i32.load16_u',
  s64: 'i64.load',
  s32: 'i32.load',
  u32: 'i32.load',
  s16: 'i32.load16_s',
  u16: 'i32.load16_u',
  s8: 'i32.load8_s',
  u8: 'i32.load8_u',
} as const satisfies Record<ElementType, MemoryOp>;

/** The value of the element at an address in linear memory. */
export function loadElement(element: ElementType, address: Code): Code {
  const value = load(loadOps[element], address);
  if (element === 'f16') return call(internal.widenF16, value);
  return element === 'bf16' ? widenBf16(value) : value;
}

const floatUnary: Partial<Record<UnaryOp, PlainOp>> = {
  neg: 'f32.neg',
  abs: 'f32.abs',
  sqrt: 'f32.sqrt',
  floor: 'f32.floor',
  ceil: 'f32.ceil',
  trunc: 'f32.trunc',
  nearest: 'f32.nearest',
};

function unary(scope: Scope, name: UnaryOp, type: ValueType, operand: Expression): Code {
  const value = translateExpression(scope, operand);
  const from = operand.type;
  if (from === 'f32' && type === 'f32') {
    const plain = floatUnary[name];
    if (plain !== undefined) return op(plain, value);
    if (name === 'round_f16') return call(internal.widenF16, op('i32.extend16_s', call(internal.narrowF16, value)));
    if (name === 'round_bf16') return widenBf16(call(internal.narrowBf16, value));
  }
  switch (name) {
    case 'neg':
      return type === 'i64' ? op('i64.sub', i64(0n), value) : op('i32.sub', i32(0), value);
    case 'abs': {
      const copy = scope.builder.local(wasmType[type]);
      const negative = type === 'i64' ? op('i64.lt_s', get(copy), i64(0n)) : op('i32.lt_s', get(copy), i32(0));
      const negated = type === 'i64' ? op('i64.sub', i64(0n), get(copy)) : op('i32.sub', i32(0), get(copy));
      return seq(set(copy, value), op('select', negated, get(copy), negative));
    }
    case 'clz':
    case 'popcnt':
      return op(`${type === 'i64' ? 'i64' : 'i32'}.${name}`, value);
    case 'reinterpret':
      return op(type === 'f32' ? 'f32.reinterpret_i32' : 'i32.reinterpret_f32', value);
    case 'convert_s':
      return op(from === 'i64' ? 'f32.convert_i64_s' : 'f32.convert_i32_s', value);
    case 'trunc_sat_s':
      return op(type === 'i64' ? 'i64.trunc_sat_f32_s' : 'i32.trunc_sat_f32_s', value);
    case 'wrap':
      return from === 'i64' ? op('i32.wrap_i64', value) : value;
    case 'extend_s':
      return type === 'i64' ? op('i64.extend_i32_s', value) : value;
    case 'extend_u':
      return type === 'i64' ? op('i64.extend_i32_u', value) : value;
    default:
      throw new Error(`the meaning of an instruction applies '${name}' to ${from}`);
  }
}

const integerNames: Partial<Record<BinaryOp, string>> = {
  add: 'add',
  sub: 'sub',
  mul: 'mul',
  and: 'and',
  or: 'or',
  xor: 'xor',
  shl: 'shl',
  shr_s: 'shr_s',
  shr_u: 'shr_u',
  eq: 'eq',
  ne: 'ne',
  lt: 'lt_s',
  le: 'le_s',
  gt: 'gt_s',
  ge: 'ge_s',
  lt_u: 'lt_u',
};

function binary(scope: Scope, name: BinaryOp, leftTree: Expression, rightTree: Expression): Code {
  const type = leftTree.type;
  const left = translateExpression(scope, leftTree);
  const right = translateExpression(scope, rightTree);
  // The names of the float operations are those of the meaning; an op that does not exist is a table mistake and
  // the engine refuses the module.
  if (type === 'f32') return op(`f32.${name}` as PlainOp, left, right);
  if (name === 'div' || name === 'rem')
    return integerDivision(scope, name, type === 'i64' ? 'i64' : 'i32', left, right);
  if (name === 'div_u' || name === 'rem_u') return indexDivision(scope, name, left, right, rightTree);
  // Total over integers by the table above.
  return op(`${wasmType[type]}.${integerNames[name] ?? name}` as PlainOp, left, right);
}

/** Truncating division; by zero gives 0, and the smallest number divided by -1 wraps. */
function integerDivision(scope: Scope, name: 'div' | 'rem', type: 'i32' | 'i64', left: Code, right: Code): Code {
  const dividend = scope.builder.local(type);
  const divisor = scope.builder.local(type);
  const zero = type === 'i64' ? i64(0n) : i32(0);
  const minusOne = type === 'i64' ? i64(-1n) : i32(-1);
  const byMinusOne = name === 'div' ? op(`${type}.sub`, zero, get(dividend)) : zero;
  return seq(
    set(dividend, left),
    set(divisor, right),
    choose(
      type,
      op(`${type}.eqz`, get(divisor)),
      zero,
      choose(
        type,
        op(`${type}.eq`, get(divisor), minusOne),
        byMinusOne,
        op(`${type}.${name}_s`, get(dividend), get(divisor)),
      ),
    ),
  );
}

function indexDivision(scope: Scope, name: 'div_u' | 'rem_u', left: Code, right: Code, rightTree: Expression): Code {
  if (rightTree.kind === 'constant' && rightTree.value !== 0) return op(`i32.${name}`, left, right);
  const dividend = scope.builder.local('i32');
  const divisor = scope.builder.local('i32');
  return seq(
    set(dividend, left),
    choose('i32', tee(divisor, right), op(`i32.${name}`, get(dividend), get(divisor)), i32(0)),
  );
}

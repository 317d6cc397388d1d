/** Meaning expressions as JavaScript text. index, i32 and f32 are numbers, i64 are BigInts. */
import {
  roundToBf16,
  roundToF16,
  roundEven,
  saturateToInt32,
  saturateToInt64,
  int64ToF32,
} from '../../numerics/index.ts';
import type { InstructionDefinition } from '../definition.ts';
import { stateOffset } from '../meaning/expression.ts';
import type { BinaryOp, Expression, UnaryOp, ValueType } from '../meaning/expression.ts';

const scratchWord = new Int32Array(1);
const scratchFloat = new Float32Array(scratchWord.buffer);

function popcount(bits: bigint): bigint {
  let count = 0n;
  for (let rest = BigInt.asUintN(64, bits); rest !== 0n; rest &= rest - 1n) count++;
  return count;
}

/** Functions that generated text calls through the name `h`. */
export const helpers = {
  floatOf(bits: number): number {
    scratchWord[0] = bits;
    return scratchFloat[0] ?? 0;
  },
  bitsOf(value: number): number {
    scratchFloat[0] = value;
    return scratchWord[0] ?? 0;
  },
  divide: (a: number, b: number): number => (b === 0 ? 0 : Math.floor(a / b)),
  remainder: (a: number, b: number): number => (b === 0 ? 0 : a - b * Math.floor(a / b)),
  divide64: (a: bigint, b: bigint): bigint => (b === 0n ? 0n : BigInt.asIntN(64, a / b)),
  remainder64: (a: bigint, b: bigint): bigint => (b === 0n ? 0n : a % b),
  clz64: (a: bigint): bigint => BigInt(64 - (a === 0n ? 0 : BigInt.asUintN(64, a).toString(2).length)),
  popcount64: popcount,
  popcount32: (a: number): number => Number(popcount(BigInt(a >>> 0))),
  roundEven,
  roundToF16,
  roundToBf16,
  saturateToInt32,
  saturateToInt64,
  int64ToF32,
};

const comparisonText: Readonly<Partial<Record<BinaryOp, string>>> = {
  eq: '===',
  ne: '!==',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};
const bitText: Readonly<Partial<Record<BinaryOp, string>>> = { and: '&', or: '|', xor: '^' };

function binaryText(op: BinaryOp, type: ValueType, a: string, b: string): string {
  const comparison = comparisonText[op];
  if (comparison !== undefined) return `(${a}${comparison}${b}?1:0)`;
  if (type === 'i64') return binary64(op, a, b);
  if (op === 'lt_u') return `((${a}>>>0)<(${b}>>>0)?1:0)`;
  const bits = bitText[op];
  if (bits !== undefined) return `(${a}${bits}${b})`;
  const arithmetic = { add: `${a}+${b}`, sub: `${a}-${b}`, mul: `${a}*${b}`, div: `${a}/${b}` }[op as string];
  if (type === 'f32' && arithmetic !== undefined) return `Math.fround(${arithmetic})`;
  if (type === 'i32') {
    const text = {
      add: `(${a}+${b}|0)`,
      sub: `(${a}-${b}|0)`,
      mul: `Math.imul(${a},${b})`,
      shl: `(${a}<<${b})`,
      shr_s: `(${a}>>${b})`,
      shr_u: `(${a}>>>${b}|0)`,
    }[op as string];
    if (text !== undefined) return text;
  }
  if (type === 'index') {
    if (op === 'div_u') return `h.divide(${a},${b})`;
    if (op === 'rem_u') return `h.remainder(${a},${b})`;
    if (arithmetic !== undefined) return `(${arithmetic})`;
  }
  throw new Error(`operation ${op} of ${type} is not defined`);
}

function binary64(op: BinaryOp, a: string, b: string): string {
  const wrap = (text: string): string => `BigInt.asIntN(64,${text})`;
  const text: Readonly<Partial<Record<BinaryOp, string>>> = {
    add: wrap(`${a}+${b}`),
    sub: wrap(`${a}-${b}`),
    mul: wrap(`${a}*${b}`),
    div: `h.divide64(${a},${b})`,
    rem: `h.remainder64(${a},${b})`,
    and: `(${a}&${b})`,
    or: `(${a}|${b})`,
    xor: `(${a}^${b})`,
    shl: wrap(`${a}<<(${b}&63n)`),
    shr_s: `(${a}>>(${b}&63n))`,
    shr_u: wrap(`BigInt.asUintN(64,${a})>>(${b}&63n)`),
    lt_u: `(BigInt.asUintN(64,${a})<BigInt.asUintN(64,${b})?1:0)`,
  };
  const found = text[op];
  if (found === undefined) throw new Error(`operation ${op} of i64 is not defined`);
  return found;
}

function unaryText(op: UnaryOp, to: ValueType, from: ValueType, a: string): string {
  const key = `${op}:${from}>${to}`;
  const text: Readonly<Record<string, string>> = {
    'neg:f32>f32': `(-${a})`,
    'abs:f32>f32': `Math.abs(${a})`,
    'sqrt:f32>f32': `Math.fround(Math.sqrt(${a}))`,
    'floor:f32>f32': `Math.floor(${a})`,
    'ceil:f32>f32': `Math.ceil(${a})`,
    'trunc:f32>f32': `Math.trunc(${a})`,
    'nearest:f32>f32': `h.roundEven(${a})`,
    'round_f16:f32>f32': `h.roundToF16(${a})`,
    'round_bf16:f32>f32': `h.roundToBf16(${a})`,
    'clz:i32>i32': `Math.clz32(${a})`,
    'clz:i64>i64': `h.clz64(${a})`,
    'popcnt:i32>i32': `h.popcount32(${a})`,
    'popcnt:i64>i64': `h.popcount64(${a})`,
    'reinterpret:f32>i32': `h.bitsOf(${a})`,
    'reinterpret:i32>f32': `h.floatOf(${a})`,
    'convert_s:i32>f32': `Math.fround(${a})`,
    'convert_s:i64>f32': `h.int64ToF32(${a})`,
    'trunc_sat_s:f32>i32': `h.saturateToInt32(${a})`,
    'trunc_sat_s:f32>i64': `h.saturateToInt64(${a})`,
    'wrap:i64>i32': `Number(BigInt.asIntN(32,${a}))`,
    'wrap:i64>index': `Number(BigInt.asUintN(32,${a}))`,
    'wrap:index>i32': `(${a}|0)`,
    'extend_s:i32>i64': `BigInt(${a})`,
    'extend_s:index>i64': `BigInt(${a})`,
    'extend_u:i32>i64': `BigInt(${a}>>>0)`,
    'extend_u:index>i64': `BigInt(${a}>>>0)`,
    'extend_s:i32>index': `(${a})`,
    'extend_u:i32>index': `(${a}>>>0)`,
  };
  const found = text[key];
  if (found === undefined) throw new Error(`operation ${key} is not defined`);
  return found;
}

function constantText(type: ValueType, value: number): string {
  if (type === 'i64') return `(${value}n)`;
  return Object.is(value, -0) ? '(-0)' : `(${value})`;
}

const memberOf: Readonly<Record<string, string>> = {
  f32: 'F32',
  f16: 'F16',
  bf16: 'BF16',
  s64: 'S64',
  s32: 'S32',
  u32: 'U32',
  s16: 'S16',
  u16: 'U16',
  s8: 'S8',
  u8: 'U8',
};
const storeMemberOf: Readonly<Record<string, string>> = { ...memberOf, u32: 'S32', u16: 'S16', u8: 'S8' };

/** Name of the element load. */
export const loadMember = (element: string): string => `load${memberOf[element]}`;
/** Name of the element store; unsigned elements store like signed ones. */
export const storeMember = (element: string): string => `store${storeMemberOf[element]}`;

/** Reads of an operand by type; the position in the definition decides the word. */
function operandText(definition: InstructionDefinition, name: string, type: ValueType): string {
  const position = definition.operands.findIndex((operand) => operand.name === name);
  const operand = definition.operands[position];
  if (operand === undefined) throw new Error(`${definition.mnemonic} has no operand '${name}'`);
  if (type === 'i64') return `w${position}`;
  if (type === 'f32') return `f${position}`;
  return type === 'i32' || (operand.kind === 'integer' && operand.signed) ? `(o${position}|0)` : `o${position}`;
}

/** Declarations of the operand names that expression texts use. */
export function operandPrologue(definition: InstructionDefinition): string {
  return definition.operands
    .map((operand, position) => {
      const low = `const o${position}=c.operands[${position}];`;
      if (operand.kind === 'float') return `${low}const f${position}=h.floatOf(o${position});`;
      return operand.kind === 'source'
        ? `${low}const w${position}=c.wide(${position});const f${position}=h.floatOf(o${position});`
        : low;
    })
    .join('');
}

/** Text of an expression. `named` maps nodes that already have a name; `onLoad` wraps the address of a load. */
export class ExpressionWriter {
  readonly #definition: InstructionDefinition;
  readonly #named = new Map<Expression, string>();

  constructor(definition: InstructionDefinition) {
    this.#definition = definition;
  }

  /** Gives a node a name; later texts use the name. */
  name(expression: Expression, name: string): void {
    this.#named.set(expression, name);
  }

  text(e: Expression): string {
    const named = this.#named.get(e);
    if (named !== undefined) return named;
    switch (e.kind) {
      case 'constant':
        return constantText(e.type, e.value);
      case 'operand':
        return operandText(this.#definition, e.name, e.type);
      case 'local':
        return `v_${e.name}`;
      case 'state': {
        const at = e.at === undefined ? `${stateOffset[e.slot]}` : `${stateOffset[e.slot]}+${this.text(e.at)}`;
        return e.type === 'index' ? `(s[${at}]>>>0)` : `s[${at}]`;
      }
      case 'load':
        return `${e.space}.${loadMember(e.element)}(${this.text(e.address)})`;
      case 'unary':
        return unaryText(e.op, e.type, e.value.type, this.text(e.value));
      case 'binary':
        return binaryText(e.op, e.left.type, this.text(e.left), this.text(e.right));
      case 'select':
        return `(${this.text(e.condition)}?${this.text(e.then)}:${this.text(e.else)})`;
    }
  }
}

/** The parts of an expression, in evaluation order. */
export function partsOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'constant':
    case 'operand':
    case 'local':
      return [];
    case 'state':
      return e.at === undefined ? [] : [e.at];
    case 'load':
      return [e.address];
    case 'unary':
      return [e.value];
    case 'binary':
      return [e.left, e.right];
    case 'select':
      return [e.condition, e.then, e.else];
  }
}

/** Nodes of a DAG that have more than one user, parts before users. */
export function sharedNodes(root: Expression): readonly Expression[] {
  const uses = new Map<Expression, number>();
  const order: Expression[] = [];
  const visit = (node: Expression): void => {
    const seen = uses.get(node) ?? 0;
    uses.set(node, seen + 1);
    if (seen > 0) return;
    partsOf(node).forEach(visit);
    order.push(node);
  };
  visit(root);
  return order.filter((node) => (uses.get(node) ?? 0) > 1 && partsOf(node).length > 0);
}

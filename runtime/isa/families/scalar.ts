/** PIPE_S: register arithmetic, identity of the core, loads and stores of single elements. */
import { bothCores, destination, signedInteger, source, reads, writes } from '../definition.ts';
import type { CoreKind, InstructionRow } from '../definition.ts';
import { add, binary, bytesOf, load, operand, select, state, unary } from '../meaning/expression.ts';
import type { BinaryOp, ElementType, Expression, Space, UnaryOp, ValueType } from '../meaning/expression.ts';
import { body, store } from '../meaning/statement.ts';

const set = (value: Expression) => body({ kind: 'set', register: 'xd', value });
const toRegister = (value: Expression): Expression =>
  value.type === 'i64'
    ? value
    : value.type === 'f32'
      ? unary('extend_u', 'i64', unary('reinterpret', 'i32', value))
      : unary('extend_s', 'i64', value);

function row(mnemonic: string, sources: readonly string[], value: Expression, summary: string): InstructionRow {
  return {
    mnemonic,
    summary,
    cores: bothCores,
    pipe: 'S',
    timing: 'scalar',
    operands: [destination('xd'), ...sources.map(source)],
    meaning: set(toRegister(value)),
  };
}

const x = (name: string, type: ValueType = 'i64') => operand(name, type);
const binaryRow = (mnemonic: string, op: BinaryOp, summary: string, type: ValueType = 'i64') =>
  row(mnemonic, ['xn', 'xm'], binary(op, x('xn', type), x('xm', type)), summary);
const unaryRow = (mnemonic: string, op: UnaryOp, to: ValueType, from: ValueType, summary: string) =>
  row(mnemonic, ['xn'], unary(op, to, x('xn', from)), summary);
const extremeRow = (mnemonic: string, op: BinaryOp, type: ValueType, summary: string) =>
  row(mnemonic, ['xn', 'xm'], select(binary(op, x('xn', type), x('xm', type)), x('xn', type), x('xm', type)), summary);

const integerArithmetic: readonly InstructionRow[] = [
  row('mov', ['xn'], x('xn'), 'xd = xn; an immediate is sign-extended'),
  row(
    'movk',
    ['xn', 'xm'],
    binary('or', binary('shl', x('xn'), 32), unary('extend_u', 'i64', x('xm', 'i32'))),
    'xd = (xn << 32) | low 32 bits of xm: builds a 64-bit constant',
  ),
  binaryRow('add', 'add', 'xd = xn + xm'),
  binaryRow('sub', 'sub', 'xd = xn - xm'),
  binaryRow('mul', 'mul', 'xd = xn * xm'),
  binaryRow('div', 'div', 'xd = xn / xm, truncated; by zero gives 0'),
  binaryRow('rem', 'rem', 'xd = xn mod xm with the sign of xn; by zero gives 0'),
  binaryRow('and', 'and', 'xd = xn & xm'),
  binaryRow('or', 'or', 'xd = xn | xm'),
  binaryRow('xor', 'xor', 'xd = xn ^ xm'),
  binaryRow('shl', 'shl', 'xd = xn << (xm mod 64)'),
  binaryRow('shr', 'shr_u', 'xd = xn >> (xm mod 64), zeros shifted in'),
  binaryRow('sar', 'shr_s', 'xd = xn >> (xm mod 64), sign shifted in'),
  extremeRow('min', 'lt', 'i64', 'xd = smaller of xn and xm, signed'),
  extremeRow('max', 'gt', 'i64', 'xd = greater of xn and xm, signed'),
  binaryRow('cmpeq', 'eq', 'xd = xn == xm'),
  binaryRow('cmpne', 'ne', 'xd = xn != xm'),
  binaryRow('cmplt', 'lt', 'xd = xn < xm, signed'),
  binaryRow('cmple', 'le', 'xd = xn <= xm, signed'),
  unaryRow('clz', 'clz', 'i64', 'i64', 'xd = number of leading zeros of xn'),
  unaryRow('bcnt1', 'popcnt', 'i64', 'i64', 'xd = number of ones in xn'),
];

const floatArithmetic: readonly InstructionRow[] = [
  binaryRow('fadd', 'add', 'f32: xd = xn + xm', 'f32'),
  binaryRow('fsub', 'sub', 'f32: xd = xn - xm', 'f32'),
  binaryRow('fmul', 'mul', 'f32: xd = xn * xm', 'f32'),
  binaryRow('fdiv', 'div', 'f32: xd = xn / xm', 'f32'),
  unaryRow('fsqrt', 'sqrt', 'f32', 'f32', 'f32: xd = square root of xn'),
  extremeRow('fmin', 'lt', 'f32', 'f32: xd = xn < xm ? xn : xm'),
  extremeRow('fmax', 'gt', 'f32', 'f32: xd = xn > xm ? xn : xm'),
  binaryRow('fcmpeq', 'eq', 'f32: xd = xn == xm', 'f32'),
  binaryRow('fcmplt', 'lt', 'f32: xd = xn < xm', 'f32'),
  binaryRow('fcmple', 'le', 'f32: xd = xn <= xm', 'f32'),
  unaryRow('cvt_s642f32', 'convert_s', 'f32', 'i64', 'xd = f32 nearest to the integer xn'),
  unaryRow('cvt_f322s64z', 'trunc_sat_s', 'i64', 'f32', 'xd = f32 xn toward zero, saturating; nan gives 0'),
  row(
    'cvt_f322s64r',
    ['xn'],
    unary('trunc_sat_s', 'i64', unary('nearest', 'f32', x('xn', 'f32'))),
    'xd = f32 xn to the nearest integer, ties to even',
  ),
  row(
    'cvt_f322s64f',
    ['xn'],
    unary('trunc_sat_s', 'i64', unary('floor', 'f32', x('xn', 'f32'))),
    'xd = f32 xn rounded down',
  ),
];

const identity: readonly InstructionRow[] = [
  row('get_block_idx', [], state('block_idx'), 'xd = index of the block this core works on'),
  row('get_block_num', [], state('block_num'), 'xd = number of blocks of the launch'),
  row('get_subblockid', [], state('subblockid'), 'xd = 0 or 1: which vector core of the block; 0 on a cube core'),
  row('get_rsvd_cnt', [], state('rsvd_cnt'), 'xd = number of elements the last vreducev2 kept'),
];

const memories: readonly { readonly space: Space; readonly cores: readonly CoreKind[] }[] = [
  { space: 'gm', cores: bothCores },
  { space: 'ub', cores: ['vector'] },
];
const at = add(operand('address'), operand('offset'));

function loadRow(space: Space, cores: readonly CoreKind[], element: ElementType): InstructionRow {
  const value = load(space, element, at);
  return {
    mnemonic: `ld_xd_${space}_${element}`,
    cores,
    pipe: 'S',
    timing: 'scalar.memory',
    operands: [destination('xd'), reads('address', space, bytesOf(element)), signedInteger('offset', 'B')],
    meaning: set(element.startsWith('u') ? unary('extend_u', 'i64', value) : toRegister(value)),
    summary: `xd = ${element} element of ${space} at address + offset`,
  };
}

const storedValue: Readonly<Record<string, ValueType>> = { s64: 'i64', s32: 'i32', s16: 'i32', s8: 'i32' };

function storeRow(space: Space, cores: readonly CoreKind[], element: ElementType): InstructionRow {
  const bits = bytesOf(element) * 8;
  return {
    mnemonic: `st_xd_${space}_b${bits}`,
    cores,
    pipe: 'S',
    timing: 'scalar.memory',
    operands: [source('xn'), writes('address', space, bytesOf(element)), signedInteger('offset', 'B')],
    meaning: body(store(space, element, at, operand('xn', storedValue[element] ?? 'i32'))),
    summary: `low ${bits} bits of xn to ${space} at address + offset`,
  };
}

const loaded: readonly ElementType[] = ['s64', 's32', 'u32', 's16', 'u16', 's8', 'u8', 'f16', 'bf16'];
const stored: readonly ElementType[] = ['s64', 's32', 's16', 's8'];
const memory = memories.flatMap(({ space, cores }) => [
  ...loaded.map((element) => loadRow(space, cores, element)),
  ...stored.map((element) => storeRow(space, cores, element)),
]);

/** Rows of the scalar unit. */
export const scalarRows: readonly InstructionRow[] = [...integerArithmetic, ...floatArithmetic, ...identity];
/** Scalar loads and stores. */
export const scalarMemoryRows: readonly InstructionRow[] = memory;

/** PIPE_FIX: L0C out to GM or L1 with quantization, ReLU and layout. */
import { integer, ignored, reads, writes } from '../definition.ts';
import type { InstructionRow } from '../definition.ts';
import {
  add,
  and,
  binary,
  bytesOf,
  ceilDiv,
  div,
  f32,
  i32,
  index,
  load,
  local,
  mul,
  operand,
  or,
  rem,
  select,
  state,
  sub,
  unary,
} from '../meaning/expression.ts';
import type { ElementType, Expression, Space } from '../meaning/expression.ts';
import { atomicStore, body, define, loop, store, when } from '../meaning/statement.ts';
import type { Statement } from '../meaning/statement.ts';

/** Quantization modes by name. */
export const quantModes = {
  none: 0,
  f322f16: 1,
  vreq8: 2,
  req8: 3,
  vdeqf16: 4,
  deqf16: 5,
  f322bf16: 16,
  vqf322b8: 23,
  qf322b8: 24,
} as const;

const g = local('g');
const j = local('j');
const column = local('column');

/** Visits the m_size x n_size elements of the L0C tile; `emit` gives the statements for one element. */
function tile(loads: 'f32' | 's32', emit: (value: Expression) => readonly Statement[]): Statement {
  const matrix = local('matrix');
  const address = add(
    operand('src'),
    mul(add(mul(add(mul(g, operand('src_stride')), j), 16), local('e'), mul(matrix, state('nd_para', 1), 256)), 4),
  );
  const width = select(
    binary('lt', sub(operand('n_size'), mul(g, 16)), 16),
    sub(operand('n_size'), mul(g, 16)),
    index(16),
  );
  return loop('matrix', select(binary('eq', operand('nz2nd_en'), 0), index(1), state('nd_para', 0)), [
    loop('g', ceilDiv(operand('n_size'), 16), [
      loop('j', operand('m_size'), [
        define('width', width),
        loop('e', local('width'), [
          define('column', add(mul(g, 16), local('e'))),
          ...emit(load('l0c', loads, address)),
        ]),
      ]),
    ]),
  ]);
}

/** Address of the current element in the destination: ND rows, or NZ column groups of c0. */
function target(element: ElementType, c0: Expression): Expression {
  const size = bytesOf(element);
  const nd = mul(add(mul(j, operand('dst_stride')), column, mul(local('matrix'), state('nd_para', 2))), size);
  const nz = add(mul(div(column, c0), operand('dst_stride'), 32), mul(add(mul(j, c0), rem(column, c0)), size));
  return add(operand('dst'), select(binary('eq', operand('nz2nd_en'), 0), nz, nd));
}

const reluF32 = (value: Expression): Expression =>
  select(and(binary('lt', value, 0), operand('relu_pre', 'i32')), f32(0), value);
const reluS32 = (value: Expression): Expression =>
  select(and(binary('lt', value, 0), operand('relu_pre', 'i32')), i32(0), value);
const isMode = (...modes: readonly number[]): Expression =>
  or(...modes.map((mode) => binary('eq', operand('quant_pre'), mode)));

type Put = (element: ElementType, address: Expression, value: Expression) => Statement;

/** Words of the quantization parameter: a scalar, or one per channel in FB. */
function parameter(perChannel: boolean): readonly Statement[] {
  const at = add(state('fpc'), mul(column, 8));
  return perChannel
    ? [define('low', load('fb', 's32', at)), define('high', load('fb', 's32', add(at, 4)))]
    : [define('low', state('quant_pre', 0, 'i32')), define('high', state('quant_pre', 1, 'i32'))];
}

const low = local('low', 'i32');
const high = local('high', 'i32');
const bitsOf = (value: Expression, from: number, mask: number): Expression =>
  binary('and', binary('shr_u', value, from), mask);
const clampF32 = (value: Expression, least: number, most: number): Expression =>
  select(binary('lt', value, least), f32(least), select(binary('gt', value, most), f32(most), value));

/** value * M1, or * 0 for negative values under ReLU. [36] shifts right by N first. */
function scaled(value: Expression): readonly Statement[] {
  const asFloat = value.type === 'i32' ? unary('convert_s', 'f32', value) : value;
  const inverse = unary('reinterpret', 'f32', binary('shl', sub(127, bitsOf(high, 0, 15)), 23));
  const shifted = clampF32(unary('floor', 'f32', mul(asFloat, inverse)), -32768, 32767);
  const factor = unary('reinterpret', 'f32', binary('and', low, 0xffffe000 | 0));
  return [
    define('v', select(bitsOf(high, 4, 1), value.type === 'i32' ? shifted : mul(asFloat, inverse), asFloat)),
    define(
      't',
      select(
        and(binary('lt', local('v', 'f32'), 0), operand('relu_pre', 'i32')),
        f32(0),
        mul(local('v', 'f32'), factor),
      ),
    ),
  ];
}

/** round half even, clip to 9 bits, add the offset, clip to s8 or u8. */
function toByte(put: Put): readonly Statement[] {
  const q = unary('trunc_sat_s', 'i32', unary('nearest', 'f32', clampF32(local('t', 'f32'), -256, 255)));
  const offset = binary('shr_s', binary('shl', bitsOf(high, 5, 511), 23), 23);
  const sum = local('sum', 'i32');
  const clamp = (least: number, most: number): Expression =>
    select(binary('lt', sum, least), i32(least), select(binary('gt', sum, most), i32(most), sum));
  return [
    define('sum', add(q, offset)),
    put('s8', target('s8', index(32)), select(bitsOf(high, 14, 1), clamp(-128, 127), clamp(0, 255))),
  ];
}

function quantized(loads: 'f32' | 's32', perChannel: boolean, result: 'byte' | 'f16', put: Put): Statement {
  return tile(loads, (value) => [
    define('value', value),
    ...parameter(perChannel),
    ...scaled(local('value', loads === 'f32' ? 'f32' : 'i32')),
    ...(result === 'byte'
      ? toByte(put)
      : [put('f16', target('f16', index(16)), clampF32(local('t', 'f32'), -65504, 65504))]),
  ]);
}

const splitColumns = select(binary('eq', operand('channel_split'), 0), index(16), index(8));

function plain(element: ElementType, loads: 'f32' | 's32', put: Put): Statement {
  const columns = bytesOf(element) === 4 ? splitColumns : index(16);
  return tile(loads, (value) => [
    define('value', value),
    put(
      element,
      target(element, columns),
      loads === 'f32' ? reluF32(local('value', 'f32')) : reluS32(local('value', 'i32')),
    ),
  ]);
}

function f32Modes(put: Put): readonly Statement[] {
  return [
    when(isMode(quantModes.none), [plain('f32', 'f32', put)]),
    when(isMode(quantModes.f322f16), [plain('f16', 'f32', put)]),
    when(isMode(quantModes.f322bf16), [plain('bf16', 'f32', put)]),
    when(isMode(quantModes.qf322b8), [quantized('f32', false, 'byte', put)]),
    when(isMode(quantModes.vqf322b8), [quantized('f32', true, 'byte', put)]),
  ];
}

function s32Modes(put: Put): readonly Statement[] {
  return [
    when(isMode(quantModes.none), [plain('s32', 's32', put)]),
    when(isMode(quantModes.req8), [quantized('s32', false, 'byte', put)]),
    when(isMode(quantModes.vreq8), [quantized('s32', true, 'byte', put)]),
    when(isMode(quantModes.deqf16), [quantized('s32', false, 'f16', put)]),
    when(isMode(quantModes.vdeqf16), [quantized('s32', true, 'f16', put)]),
  ];
}

function row(space: Space, name: string, from: 'f32' | 's32'): InstructionRow {
  const put: Put = (element, address, value) => (space === 'gm' ? atomicStore : store)(space, element, address, value);
  return {
    mnemonic: `copy_matrix_cc_to_${name}_${from}`,
    cores: ['cube'],
    pipe: 'FIX',
    timing: space === 'gm' ? 'dma.l0c_gm' : 'copy.l0c_l1',
    operands: [
      writes('dst', space, space === 'gm' ? 1 : 32),
      reads('src', 'l0c', 64),
      ignored('sid'),
      integer('n_size', 'columns', 4095),
      integer('m_size', 'rows', 8192),
      integer('dst_stride', 'elements between ND rows, or 32 B between NZ column groups'),
      integer('src_stride', '16-element rows between L0C column groups', 65535),
      integer('unit_flag', 'mode', 3, 'timing only'),
      integer(
        'quant_pre',
        'mode',
        24,
        from === 'f32'
          ? '0 none, 1 f16, 16 bf16, 24 scalar to b8, 23 per channel to b8'
          : '0 none, 3 scalar to b8, 2 per channel to b8, 5 scalar to f16, 4 per channel to f16',
      ),
      integer('relu_pre', 'flag', 1),
      integer('channel_split', 'flag', 1, 'NZ with 32-bit elements: column groups of 8 instead of 16'),
      integer('nz2nd_en', 'flag', 1),
    ],
    meaning: body(...(from === 'f32' ? f32Modes(put) : s32Modes(put))),
    summary: `L0C (${from}, NZ) to ${space}: the first m_size rows and n_size columns as NZ or ND, with quantization and ReLU${space === 'gm' ? '; honours set_atomic_*' : ''}`,
  };
}
/** L0C to GM and L1. */
export const fixpipeRows: readonly InstructionRow[] = [
  row('gm', 'gm', 'f32'),
  row('gm', 'gm', 's32'),
  row('l1', 'cbuf', 'f32'),
  row('l1', 'cbuf', 's32'),
];

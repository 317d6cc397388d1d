/** MTE2 and MTE3: global memory to and from L1 and UB. */
import { ignored, integer, reads, writes } from '../definition.ts';
import type { CoreKind, InstructionRow, OperandDefinition, Pipe } from '../definition.ts';
import {
  add,
  binary,
  bytesOf,
  ceilDiv,
  i32,
  index,
  local,
  mul,
  operand,
  select,
  state,
  sub,
} from '../meaning/expression.ts';
import type { ElementType, Expression, Space } from '../meaning/expression.ts';
import { atomicMove, body, define, loop, move, place, store } from '../meaning/statement.ts';
import type { Statement } from '../meaning/statement.ts';

const vector: readonly CoreKind[] = ['vector'];
const cube: readonly CoreKind[] = ['cube'];
const BLOCK = 32;

interface Path {
  readonly from: Space;
  readonly to: Space;
  readonly cores: readonly CoreKind[];
  readonly pipe: Pipe;
  readonly timing: InstructionRow['timing'];
}

const alignmentOf = (space: Space): number => (space === 'gm' ? 1 : BLOCK);
const burst = local('burst');

/** n_burst rows of len_burst blocks; a gap runs from the end of one row to the start of the next. */
function blockCopy(mnemonic: string, path: Path, extra: readonly OperandDefinition[] = []): InstructionRow {
  const row = (gap: string) => mul(burst, add(operand('len_burst'), operand(gap)), BLOCK);
  const to = place(path.to, add(operand('dst'), row('dst_gap')));
  const from = place(path.from, add(operand('src'), row('src_gap')));
  const bytes = mul(operand('len_burst'), BLOCK);
  return {
    mnemonic,
    cores: path.cores,
    pipe: path.pipe,
    timing: path.timing,
    operands: [
      writes('dst', path.to, alignmentOf(path.to)),
      reads('src', path.from, alignmentOf(path.from)),
      ignored('sid'),
      integer('n_burst', 'rows', 4095),
      integer('len_burst', '32 B', 65535),
      integer('src_gap', '32 B', 65535),
      integer('dst_gap', '32 B', 65535),
      ...extra,
    ],
    meaning: body(
      loop('burst', operand('n_burst'), [path.to === 'gm' ? atomicMove(to, from, bytes) : move(to, from, bytes)]),
    ),
    summary: `${path.from} to ${path.to}: n_burst rows of len_burst blocks; gaps from the end of a row to the start of the next`,
  };
}

const alignOperands = (to: Space, from: Space): readonly OperandDefinition[] => [
  writes('dst', to, alignmentOf(to)),
  reads('src', from, alignmentOf(from)),
  ignored('sid'),
  integer('n_burst', 'rows', 4095),
  integer('len_burst', 'B', 2097151),
  integer('left_pad', 'elements', 32),
  integer('right_pad', 'elements', 32),
  integer('src_gap', from === 'gm' ? 'B' : '32 B'),
  integer('dst_gap', to === 'gm' ? 'B' : '32 B'),
];

function padding(element: ElementType, from: Expression, count: Expression): Statement {
  return loop('pad', count, [
    store('ub', element, add(from, mul(local('pad'), bytesOf(element))), state('mov_pad', undefined, 'i32')),
  ]);
}

const roundUp = (bytes: Expression): Expression => mul(ceilDiv(bytes, BLOCK), BLOCK);

/** GM rows of any byte length to UB rows that start on blocks, padded left and right. */
function alignedLoad(element: ElementType): InstructionRow {
  const size = bytesOf(element);
  const left = mul(operand('left_pad'), size);
  const padded = add(left, operand('len_burst'), mul(operand('right_pad'), size));
  return {
    mnemonic: `copy_gm_to_ubuf_align_b${size * 8}`,
    cores: vector,
    pipe: 'MTE2',
    timing: 'dma.gm_ub',
    operands: alignOperands('ub', 'gm'),
    meaning: body(
      loop('burst', operand('n_burst'), [
        define('row', add(operand('dst'), mul(burst, add(roundUp(padded), mul(operand('dst_gap'), BLOCK))))),
        padding(element, local('row'), operand('left_pad')),
        move(
          place('ub', add(local('row'), left)),
          place('gm', add(operand('src'), mul(burst, add(operand('len_burst'), operand('src_gap'))))),
          operand('len_burst'),
        ),
        padding(element, add(local('row'), left, operand('len_burst')), operand('right_pad')),
      ]),
    ),
    summary:
      'GM to UB: rows of len_burst bytes; each UB row starts on a block and is padded with the set_mov_pad_val element; bytes up to the end of its last block keep their value',
  };
}

/** UB rows that start on blocks to GM rows of any byte length. */
function alignedStore(element: ElementType): InstructionRow {
  const size = bytesOf(element);
  const from = add(operand('src'), mul(burst, add(roundUp(operand('len_burst')), mul(operand('src_gap'), BLOCK))));
  const to = add(operand('dst'), mul(burst, add(operand('len_burst'), operand('dst_gap'))));
  return {
    mnemonic: `copy_ubuf_to_gm_align_b${size * 8}`,
    cores: vector,
    pipe: 'MTE3',
    timing: 'dma.ub_gm',
    operands: alignOperands('gm', 'ub'),
    meaning: body(
      loop('burst', operand('n_burst'), [atomicMove(place('gm', to), place('ub', from), operand('len_burst'))]),
    ),
    summary:
      'UB to GM: rows of len_burst bytes, each UB row starts on a block; the pad operands have no effect; honours set_atomic_*',
  };
}

/** ND rows in GM to NZ in L1 while loading; the rest of the last C0 is zero. */
function nd2nz(suffix: string, element: ElementType): InstructionRow {
  const size = bytesOf(element);
  const c0 = BLOCK / size;
  const nd = local('nd');
  const n = local('n');
  const group = local('group');
  const valid = select(
    binary('lt', sub(operand('d_value'), mul(group, c0)), c0),
    sub(operand('d_value'), mul(group, c0)),
    index(c0),
  );
  const to = add(
    operand('dst'),
    mul(nd, operand('dst_nz_matrix_stride'), size),
    mul(group, operand('dst_nz_c0_stride'), BLOCK),
    mul(n, operand('dst_nz_n_stride'), BLOCK),
  );
  const from = add(
    operand('src'),
    mul(add(mul(nd, operand('src_nd_stride')), mul(n, operand('src_d_value')), mul(group, c0)), size),
  );
  return {
    mnemonic: `copy_gm_to_cbuf_multi_nd2nz_${suffix}`,
    cores: cube,
    pipe: 'MTE2',
    timing: 'dma.gm_l1.nd2nz',
    operands: [
      writes('dst', 'l1', BLOCK),
      reads('src', 'gm', 1),
      ignored('sid'),
      integer('nd_num', 'matrices', 4095),
      integer('n_value', 'rows', 16384),
      integer('d_value', 'elements', 65535),
      integer('src_nd_stride', 'elements'),
      integer('src_d_value', 'elements'),
      integer('dst_nz_c0_stride', '32 B', 16384),
      integer('dst_nz_n_stride', '32 B', 16384),
      integer('dst_nz_matrix_stride', 'elements'),
    ],
    meaning: body(
      loop('nd', operand('nd_num'), [
        loop('n', operand('n_value'), [
          loop('group', ceilDiv(operand('d_value'), c0), [
            define('valid', valid),
            define('to', to),
            move(place('l1', local('to')), place('gm', from), mul(local('valid'), size)),
            loop('rest', sub(c0, local('valid')), [
              store('l1', element, add(local('to'), mul(add(local('valid'), local('rest')), size)), i32(0)),
            ]),
          ]),
        ]),
      ]),
    ),
    summary:
      'GM to L1, ND to NZ: element (n, d) goes to row n of column group floor(d / C0); all strides run from start to start; the rest of the last C0 is zero',
  };
}

const fillOperands = [
  writes('dst', 'l1', BLOCK),
  integer('repeat', 'times', 32767),
  integer('block_num', '32 B', 32767),
  integer('repeat_gap', '32 B', 32767),
  integer('value', 'bits'),
];

function fill(element: ElementType): InstructionRow {
  const size = bytesOf(element);
  const at = add(
    operand('dst'),
    mul(local('time'), add(operand('block_num'), operand('repeat_gap')), BLOCK),
    mul(local('i'), size),
  );
  return {
    mnemonic: `create_cbuf_matrix_b${size * 8}`,
    cores: cube,
    pipe: 'MTE2',
    timing: 'copy.l1_fill',
    operands: fillOperands,
    meaning: body(
      loop('time', operand('repeat'), [
        loop('i', mul(operand('block_num'), BLOCK / size), [store('l1', element, at, operand('value', 'i32'))]),
      ]),
    ),
    summary: 'fill L1: repeat times block_num blocks, repeat_gap blocks apart, with the element bits in value',
  };
}

/** GM to and from L1 and UB. */
export const transferRows: readonly InstructionRow[] = [
  blockCopy('copy_gm_to_ubuf', { from: 'gm', to: 'ub', cores: vector, pipe: 'MTE2', timing: 'dma.gm_ub' }),
  ...(['s8', 's16', 's32'] as const).map(alignedLoad),
  blockCopy('copy_ubuf_to_gm', { from: 'ub', to: 'gm', cores: vector, pipe: 'MTE3', timing: 'dma.ub_gm' }),
  ...(['s8', 's16', 's32'] as const).map(alignedStore),
  blockCopy('copy_gm_to_cbuf', { from: 'gm', to: 'l1', cores: cube, pipe: 'MTE2', timing: 'dma.gm_l1' }),
  nd2nz('b8', 's8'),
  nd2nz('b16', 's16'),
  nd2nz('b32s', 's32'),
  fill('s16'),
  fill('s32'),
  blockCopy('copy_cbuf_to_gm', { from: 'l1', to: 'gm', cores: cube, pipe: 'MTE3', timing: 'dma.l1_gm' }),
];

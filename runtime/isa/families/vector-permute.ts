/** PIPE_V: broadcast, block gather, compress, transpose, sort, and copies inside UB. */
import { ignored, integer, reads, writes } from '../definition.ts';
import type { InstructionRow, OperandDefinition } from '../definition.ts';
import {
  add,
  and,
  binary,
  bytesOf,
  div,
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
  unary,
} from '../meaning/expression.ts';
import type { ElementType, Expression } from '../meaning/expression.ts';
import { assign, body, define, loop, move, place, store, when } from '../meaning/statement.ts';
import type { Statement } from '../meaning/statement.ts';
import {
  BLOCK,
  blockStride,
  countedElements,
  destinationIn,
  repeat,
  repeatCount,
  repeatStride,
  sourceIn,
  vectorCore,
} from './vector-operands.ts';

const r = local('r');
const i = local('i');
const j = local('j');

function row(
  mnemonic: string,
  timing: string,
  operands: readonly OperandDefinition[],
  statements: readonly Statement[],
  summary: string,
): InstructionRow {
  return {
    mnemonic,
    cores: vectorCore,
    pipe: 'V',
    timing: `vector.${timing}`,
    operands,
    meaning: body(...statements),
    summary,
  };
}

type Word = 's8' | 's16' | 's32';
const widthOf = (element: ElementType): string => `b${bytesOf(element) * 8}`;
const blockAt = (base: Expression, ...blocks: readonly Expression[]): Expression =>
  add(base, mul(add(...blocks), BLOCK));

function broadcastBlock(element: Word): InstructionRow {
  const size = bytesOf(element);
  const to = blockAt(operand('dst'), mul(r, operand('dst_rep')), mul(i, operand('dst_blk')));
  return row(
    `vbrcb_${widthOf(element)}`,
    'brcb',
    [destinationIn(), sourceIn('src', size), blockStride('dst'), repeatStride('dst'), repeat],
    [
      loop('r', operand('repeat'), [
        loop('i', index(8), [
          define('value', load('ub', element, add(operand('src'), mul(add(mul(r, 8), i), size)))),
          loop('j', index(BLOCK / size), [store('ub', element, add(to, mul(j, size)), local('value', 'i32'))]),
        ]),
      ]),
    ],
    'each of 8 elements per repeat fills one destination block',
  );
}

function gatherBlocks(): InstructionRow {
  const offset = load('ub', 'u32', add(operand('offset'), mul(add(mul(r, 8), i), 4)));
  return row(
    'vgatherb_b32',
    'gatherb',
    [destinationIn(), sourceIn('offset'), integer('base', 'B'), blockStride('dst'), repeatStride('dst'), repeat],
    [
      loop('r', operand('repeat'), [
        loop('i', index(8), [
          move(
            place('ub', blockAt(operand('dst'), mul(r, operand('dst_rep')), mul(i, operand('dst_blk')))),
            place('ub', add(operand('base'), unary('extend_u', 'index', offset))),
            index(BLOCK),
          ),
        ]),
      ]),
    ],
    'each of 8 u32 byte offsets per repeat selects one 32 B block at base + offset',
  );
}

/** Bit j of the fixed patterns 1 to 7: 0101…, 1010…, 0001…, 0010…, 0100…, 1000…, all (lowest bit last). */
function inPattern(e: Expression): Expression {
  const mode = operand('pattern_mode');
  const is = (value: number): Expression => binary('eq', mode, value);
  const quarter = (value: number): Expression => and(is(value + 3), binary('eq', rem(e, 4), value));
  return or(
    is(7),
    and(is(1), binary('eq', rem(e, 2), 0)),
    and(is(2), binary('eq', rem(e, 2), 1)),
    quarter(0),
    quarter(1),
    quarter(2),
    quarter(3),
  );
}

function compress(element: 's16' | 's32'): InstructionRow {
  const size = bytesOf(element);
  const lanes = 256 / size;
  const e = local('e');
  const perBlock = BLOCK / size;
  const from = add(
    blockAt(operand('src0'), mul(r, operand('src0_rep')), mul(div(e, perBlock), operand('src0_blk'))),
    mul(rem(e, perBlock), size),
  );
  const word = load('ub', 'u8', add(operand('src1'), mul(r, operand('src1_rep'), BLOCK), div(e, 8)));
  const userBit = and(binary('shr_u', word, unary('wrap', 'i32', rem(e, 8))), 1);
  return row(
    `vreducev2_${widthOf(element)}`,
    'reducev2',
    [
      destinationIn(),
      sourceIn('src0'),
      sourceIn('src1'),
      repeat,
      blockStride('src0'),
      integer(
        'pattern_mode',
        'mode',
        7,
        '0: bits at src1; 1..7: fixed patterns (even, odd, one of four from the first, all)',
      ),
      repeatStride('src0'),
      repeatStride('src1'),
    ],
    [
      define('kept', index(0)),
      loop('r', repeatCount(lanes), [
        loop('e', countedElements(r, lanes), [
          define('take', i32(0)),
          when(binary('eq', operand('pattern_mode'), 0), [assign('take', userBit)], [assign('take', inPattern(e))]),
          when(local('take', 'i32'), [
            store('ub', element, add(operand('dst'), mul(local('kept'), size)), load('ub', element, from)),
            assign('kept', add(local('kept'), 1)),
          ]),
        ]),
      ]),
      { kind: 'state', slot: 'rsvd_cnt', value: local('kept') },
    ],
    'the selected elements of src0 packed at dst; their number goes to rsvd_cnt. The mask counts elements in counter mode and has no effect in normal mode',
  );
}

/** Statements that copy a 16 x 16 tile of b16 through locals, so that dst may be src. */
function transpose16(): InstructionRow {
  const cell = (base: string, row_: Expression, column: Expression): Expression =>
    add(operand(base), mul(add(mul(row_, 16), column), 2));
  return row(
    'vtranspose_b16',
    'transpose',
    [destinationIn(), sourceIn('src')],
    [
      loop('i', index(16), [
        loop('j', index(16), [store('ub', 's16', cell('dst', i, j), load('ub', 's16', cell('src', j, i)))]),
      ]),
    ],
    'dst = transpose of a 16 x 16 tile of 16-bit elements; dst and src do not overlap',
  );
}

/** Address in entry `entry` of the pair of VA registers starting at `register`, moved by repeat. */
const vaAddress = (register: string, entry: Expression, stride: string): Expression =>
  add(state('va', add(mul(operand(register), 8), entry)), mul(r, operand(stride), BLOCK));

const vaOperands = (...halves: readonly OperandDefinition[]): readonly OperandDefinition[] => [
  integer('dst_va', 'register', 6),
  integer('src_va', 'register', 6),
  ...halves,
  repeat,
  repeatStride('dst'),
  repeatStride('src'),
];

const vaNote =
  'The addresses are in VA registers dst_va, dst_va + 1 and src_va, src_va + 1; all move by the repeat strides';

const transposeConversions: readonly InstructionRow[] = [
  row(
    'scatter_vnchwconv_b8',
    'vnchwconv',
    vaOperands(integer('dst_half', 'flag', 1), integer('src_half', 'flag', 1)),
    [
      loop('r', operand('repeat'), [
        loop('i', index(16), [
          loop('j', index(16), [
            store(
              'ub',
              's8',
              add(vaAddress('dst_va', i, 'dst_rep'), mul(operand('dst_half'), 16), j),
              load('ub', 's8', add(vaAddress('src_va', j, 'src_rep'), mul(operand('src_half'), 16), i)),
            ),
          ]),
        ]),
      ]),
    ],
    `16 source rows of 16 bytes (a half block) become 16 destination rows: dst[i][j] = src[j][i]. ${vaNote}`,
  ),
  row(
    'scatter_vnchwconv_b16',
    'vnchwconv',
    vaOperands(),
    [
      loop('r', operand('repeat'), [
        loop('i', index(16), [
          loop('j', index(16), [
            store(
              'ub',
              's16',
              add(vaAddress('dst_va', i, 'dst_rep'), mul(j, 2)),
              load('ub', 's16', add(vaAddress('src_va', j, 'src_rep'), mul(i, 2))),
            ),
          ]),
        ]),
      ]),
    ],
    `16 source blocks of 16 elements become 16 destination blocks: dst[i][j] = src[j][i]. ${vaNote}`,
  ),
  row(
    'scatter_vnchwconv_b32',
    'vnchwconv',
    vaOperands(),
    [
      loop('r', operand('repeat'), [
        loop('i', index(8), [
          loop('j', index(16), [
            store(
              'ub',
              's32',
              add(vaAddress('dst_va', add(mul(i, 2), div(j, 8)), 'dst_rep'), mul(rem(j, 8), 4)),
              load('ub', 's32', add(vaAddress('src_va', j, 'src_rep'), mul(i, 4))),
            ),
          ]),
        ]),
      ]),
    ],
    `16 source blocks of 8 elements become 8 rows of 16: element j of row i is element i of block j; row i is destination entries 2i and 2i + 1. ${vaNote}`,
  ),
];

/** An integer that orders like the score; every nan is the greatest. */
function sortKey(score: Expression): Expression {
  const bits = unary('reinterpret', 'i32', score);
  const ordered = binary('xor', bits, and(binary('shr_s', bits, 31), 0x7fffffff));
  return select(binary('ne', score, score), i32(0x7fffffff), ordered);
}

/** Score and index pairs of 8 bytes: the score at byte 0, the u32 index at byte 4. */
function bitsort(element: 'f32' | 'f16'): InstructionRow {
  const size = bytesOf(element);
  const score = (lane: Expression): Expression =>
    load('ub', element, add(operand('src0'), mul(add(mul(r, 32), lane), size)));
  const key = local('key', 'i32');
  const other = local('other', 'i32');
  const earlier = and(binary('eq', other, key), binary('lt', j, i));
  const to = add(operand('dst'), mul(add(mul(r, 32), local('rank')), 8));
  return row(
    `vbitsort_${element}`,
    'bitsort',
    [destinationIn(), sourceIn('src0'), sourceIn('src1'), repeat],
    [
      loop('r', operand('repeat'), [
        loop('i', index(32), [
          define('key', sortKey(score(i))),
          define('rank', index(0)),
          loop('j', index(32), [
            define('other', sortKey(score(j))),
            when(or(binary('gt', other, key), earlier), [assign('rank', add(local('rank'), 1))]),
          ]),
          ...(element === 'f16' ? [store('ub', 's16', add(to, 2), i32(0))] : []),
          store('ub', element, to, score(i)),
          store('ub', 's32', add(to, 4), load('ub', 's32', add(operand('src1'), mul(add(mul(r, 32), i), 4)))),
        ]),
      ]),
    ],
    'sorts 32 scores at src0 with their u32 indices at src1 in descending order, stable, nan first, into (score, index) pairs of 8 bytes',
  );
}

const lists = [0, 1, 2, 3];

/** Merges up to four descending lists of pairs. */
function mergeSort(element: 'f32' | 'f16'): InstructionRow {
  const head = (list: number): Expression =>
    add(operand(`src${list}`), mul(add(mul(r, local('total')), local(`next${list}`)), 8));
  const to = add(operand('dst'), mul(add(mul(r, local('total')), local('out')), 8));
  const offer = (list: number): Statement =>
    when(binary('lt', local(`next${list}`), operand(`len${list}`)), [
      define('candidate', sortKey(load('ub', element, head(list)))),
      when(or(binary('lt', local('chosen'), 0), binary('gt', local('candidate', 'i32'), local('best', 'i32'))), [
        assign('best', local('candidate', 'i32')),
        assign('chosen', index(list)),
        assign('from', head(list)),
      ]),
    ]);
  return row(
    `vmrgsort4_${element}`,
    'mrgsort4',
    [
      destinationIn(),
      ...lists.map((list) => reads(`src${list}`, 'ub', 8)),
      ...lists.map((list) => integer(`len${list}`, 'pairs', 4095)),
      repeat,
    ],
    [
      define('total', add(...lists.map((list) => operand(`len${list}`)))),
      loop('r', operand('repeat'), [
        ...lists.map((list) => define(`next${list}`, index(0))),
        loop('out', local('total'), [
          define('best', i32(0)),
          define('chosen', index(-1)),
          define('from', index(0)),
          ...lists.map(offer),
          move(place('ub', to), place('ub', local('from')), index(8)),
          ...lists.map((list) =>
            when(binary('eq', local('chosen'), list), [assign(`next${list}`, add(local(`next${list}`), 1))]),
          ),
        ]),
      ]),
    ],
    'merges up to four descending lists of (score, index) pairs; equal scores keep the order of the lists; every repeat moves all addresses by the total length; dst does not overlap the sources',
  );
}

function copyInside(): InstructionRow {
  const burst = local('burst');
  const rows = (gap: string): Expression => mul(burst, add(operand('len_burst'), operand(gap)), BLOCK);
  return row(
    'copy_ubuf_to_ubuf',
    'copy_ub_ub',
    [
      writes('dst', 'ub', BLOCK),
      reads('src', 'ub', BLOCK),
      ignored('sid'),
      integer('n_burst', 'rows', 4095),
      integer('len_burst', '32 B', 65535),
      integer('src_gap', '32 B', 65535),
      integer('dst_gap', '32 B', 65535),
    ],
    [
      loop('burst', operand('n_burst'), [
        move(
          place('ub', add(operand('dst'), rows('dst_gap'))),
          place('ub', add(operand('src'), rows('src_gap'))),
          mul(operand('len_burst'), BLOCK),
        ),
      ]),
    ],
    'UB to UB: n_burst rows of len_burst blocks; gaps from the end of a row to the start of the next',
  );
}

/** Permutations, sorts and copies. */
export const permuteRows: readonly InstructionRow[] = [
  broadcastBlock('s16'),
  broadcastBlock('s32'),
  gatherBlocks(),
  compress('s16'),
  compress('s32'),
  transpose16(),
  ...transposeConversions,
  bitsort('f32'),
  bitsort('f16'),
  mergeSort('f32'),
  mergeSort('f16'),
  copyInside(),
];

/** MTE1: L1 to the cube's input buffers and the bias table. FIX: L1 to the quantization buffer. */
import { ignored, integer, reads, writes } from '../definition.ts';
import type { CoreKind, InstructionRow } from '../definition.ts';
import {
  add,
  and,
  binary,
  bytesOf,
  ceilDiv,
  div,
  index,
  load,
  local,
  mul,
  operand,
  rem,
  select,
  state,
  sub,
} from '../meaning/expression.ts';
import type { ElementType, Expression } from '../meaning/expression.ts';
import { assign, body, define, loop, move, place, store, when } from '../meaning/statement.ts';
import type { Statement } from '../meaning/statement.ts';

const cube: readonly CoreKind[] = ['cube'];
const FRACTAL = 512;

/** The two targets of MTE1. */
interface Target {
  readonly name: 'ca' | 'cb';
  readonly space: 'l0a' | 'l0b';
}
const targets: readonly Target[] = [
  { name: 'ca', space: 'l0a' },
  { name: 'cb', space: 'l0b' },
];

const r = local('r');
/** Signed step of the source: forward, or backward with a decrementing address mode. */
const directed = (decrement: string, steps: Expression): Expression =>
  select(binary('eq', operand(decrement), 0), steps, sub(0, steps));

function fractalCopy(target: Target): InstructionRow {
  const from = add(
    operand('src'),
    mul(add(operand('start_idx'), directed('inc', mul(r, operand('src_stride')))), FRACTAL),
  );
  const to = add(operand('dst'), mul(r, add(operand('dst_gap'), 1), FRACTAL));
  const transposed: Statement = loop('i', index(16), [
    loop('j', index(16), [
      store(
        target.space,
        's16',
        add(local('to'), mul(add(mul(local('i'), 16), local('j')), 2)),
        load('l1', 's16', add(local('from'), mul(add(mul(local('j'), 16), local('i')), 2))),
      ),
    ]),
  ]);
  return {
    mnemonic: `load_cbuf_to_${target.name}`,
    cores: cube,
    pipe: 'MTE1',
    timing: `copy.l1_${target.space}`,
    operands: [
      writes('dst', target.space, FRACTAL),
      reads('src', 'l1', 32),
      integer('start_idx', '512 B', 65535),
      integer('repeat', 'fractals', 255),
      integer('src_stride', '512 B', 65535),
      integer('dst_gap', '512 B', 65535),
      ignored('sid'),
      integer('transpose', 'flag', 1, '1 transposes every fractal as 16 x 16 16-bit elements'),
      integer('inc', 'mode', 1, '0 the source advances, 1 it goes back'),
    ],
    meaning: body(
      loop('r', operand('repeat'), [
        define('from', from),
        define('to', to),
        when(
          binary('eq', operand('transpose'), 0),
          [move(place(target.space, local('to')), place('l1', local('from')), index(FRACTAL))],
          [transposed],
        ),
      ]),
    ),
    summary: `L1 to ${target.space}: one 512 B fractal per repeat; source fractals src_stride apart (start to start), destination fractals dst_gap apart (end to start)`,
  };
}

/** A square of `side` x `side` elements is one or two fractals; each repeat transposes one square. */
function squareTranspose(target: Target, element: ElementType): InstructionRow {
  const size = bytesOf(element);
  const side = size === 1 ? 32 : 16;
  const c0 = 32 / size;
  const squareBytes = side * side * size;
  const cell = (base: Expression, row: Expression, column: Expression, second: Expression): Expression =>
    // b8 stacks its two fractals by rows, b32 puts them side by side by columns; b16 has one.
    size === 4
      ? add(base, mul(div(column, c0), second), mul(add(mul(row, c0), rem(column, c0)), size))
      : add(base, mul(div(row, 16), second), mul(add(mul(rem(row, 16), c0), column), size));
  const from = add(
    operand('src'),
    mul(add(operand('start_idx'), directed('addrmode', mul(r, operand('src_stride')))), squareBytes),
  );
  const to = add(operand('dst'), mul(r, add(operand('dst_gap'), 1), FRACTAL));
  return {
    mnemonic: `load_cbuf_to_${target.name}_transpose_b${size * 8}`,
    cores: cube,
    pipe: 'MTE1',
    timing: `copy.l1_${target.space}.transpose`,
    operands: [
      writes('dst', target.space, FRACTAL),
      reads('src', 'l1', 32),
      integer('start_idx', 'squares', 65535),
      integer('repeat', 'squares', 255),
      integer('src_stride', 'squares', 65535),
      integer('dst_gap', '512 B', 65535),
      integer('addrmode', 'mode', 1, '0 the source advances, 1 it goes back'),
      integer('dst_frac_gap', '512 B', 65535, 'between the two fractals of one square'),
    ],
    meaning: body(
      loop('r', operand('repeat'), [
        define('from', from),
        define('to', to),
        loop('i', index(side), [
          loop('j', index(side), [
            store(
              target.space,
              element,
              cell(local('to'), local('i'), local('j'), mul(add(operand('dst_frac_gap'), 1), FRACTAL)),
              load('l1', element, cell(local('from'), local('j'), local('i'), index(FRACTAL))),
            ),
          ]),
        ]),
      ]),
    ),
    summary: `L1 to ${target.space}: transposes one ${side} x ${side} square per repeat; ${size === 4 ? 'its two fractals lie side by side' : size === 1 ? 'its two fractals lie one above the other' : 'it is one fractal'}; dst_gap from the start fractal of a square to that of the next, minus one`,
  };
}

const img2colOperands = (space: 'l0a' | 'l0b'): InstructionRow['operands'] => [
  writes('dst', space, FRACTAL),
  reads('src', 'l1', 32),
  integer('k_ext', 'elements', 65535),
  integer('m_ext', 'positions', 65535),
  integer('k_start', 'elements', 65535),
  integer('m_start', 'positions', 65535),
  integer('stride_w', 'elements', 63),
  integer('stride_h', 'elements', 63),
  integer('filter_w', 'elements', 511),
  integer('filter_h', 'elements', 511),
  integer('dilation_w', 'elements', 255),
  integer('dilation_h', 'elements', 255),
  integer('filter_size_hi', 'ignored', 1, 'the filter operands hold the whole size'),
  integer('transpose', 'flag', 1, '1 loads the transposed matrix'),
  integer('fmatrix_ctrl', 'set', 1, 'which set_fmatrix set'),
  integer('channel', 'elements', 65535),
];

/**
 * The im2col matrix has a row for each output position (row-major over the output map) and a column for each
 * (c1, kh, kw, c0). Rows or columns outside, and taps outside the feature map, read as the padding element.
 */
function img2col(target: Target, element: ElementType): InstructionRow {
  const size = bytesOf(element);
  const c0 = 32 / size;
  const set = mul(operand('fmatrix_ctrl'), 6);
  const field = (name: string, at: number): Statement => define(name, state('fmatrix', add(set, at)));
  const outputs = (
    extent: string,
    before: string,
    after: string,
    filter: string,
    dilation: string,
    stride: string,
  ): Expression =>
    add(
      div(
        sub(add(local(extent), local(before), local(after)), add(mul(operand(dilation), sub(operand(filter), 1)), 1)),
        operand(stride),
      ),
      1,
    );
  const k = local('k');
  const m = local('m');
  const tap = local('tap');
  const inside = (value: string, extent: string): Expression =>
    and(binary('ge', local(value), 0), binary('lt', local(value), local(extent)));
  const isL0A = target.space === 'l0a';
  // zZ in L0A: rows are the cube's m; nZ in L0B: rows are the cube's k.
  const zZ = (row: Expression, column: Expression, columns: Expression): Expression =>
    add(
      mul(add(mul(div(row, 16), columns), div(column, c0)), FRACTAL),
      mul(add(mul(rem(row, 16), c0), rem(column, c0)), size),
    );
  const nZ = (row: Expression, column: Expression, columns: Expression): Expression =>
    add(
      mul(add(mul(div(row, c0), columns), div(column, 16)), FRACTAL),
      mul(add(mul(rem(column, 16), c0), rem(row, c0)), size),
    );
  const i = local('i');
  const j = local('j');
  const straight = isL0A ? zZ(i, j, local('k_groups')) : nZ(i, j, ceilDiv(operand('k_ext'), 16));
  const flipped = isL0A ? zZ(j, i, ceilDiv(operand('m_ext'), c0)) : nZ(j, i, ceilDiv(operand('m_ext'), 16));
  const timesM = binary('ne', state('l3d_rpt', 2), 0);
  const shift = mul(local('time'), state('l3d_rpt', 0));
  const extractBytes = mul(ceilDiv(operand('m_ext'), 16), ceilDiv(operand('k_ext'), c0), FRACTAL);
  const address = add(
    operand('src'),
    mul(
      add(
        mul(add(mul(add(mul(div(tap, operand('filter_h')), local('h')), local('y')), local('w')), local('x')), c0),
        rem(k, c0),
      ),
      size,
    ),
  );
  return {
    mnemonic: `img2colv2_cbuf_to_${target.name}_b${size * 8}`,
    cores: cube,
    pipe: 'MTE1',
    timing: `copy.l1_${target.space}.img2col`,
    operands: img2colOperands(target.space),
    meaning: body(
      field('h', 0),
      field('w', 1),
      field('pad_left', 2),
      field('pad_right', 3),
      field('pad_top', 4),
      field('pad_bottom', 5),
      define('out_w', outputs('w', 'pad_left', 'pad_right', 'filter_w', 'dilation_w', 'stride_w')),
      define('out_h', outputs('h', 'pad_top', 'pad_bottom', 'filter_h', 'dilation_h', 'stride_h')),
      define('columns', mul(ceilDiv(operand('channel'), c0), operand('filter_h'), operand('filter_w'), c0)),
      define('k_groups', ceilDiv(operand('k_ext'), c0)),
      loop('time', state('l3d_rpt', 1), [
        define('to', add(operand('dst'), mul(local('time'), extractBytes))),
        loop('i', operand('m_ext'), [
          define('m', add(operand('m_start'), local('i'), select(timesM, mul(shift, 16), index(0)))),
          define('top', sub(mul(div(m, local('out_w')), operand('stride_h')), local('pad_top'))),
          define('left', sub(mul(rem(m, local('out_w')), operand('stride_w')), local('pad_left'))),
          loop('j', operand('k_ext'), [
            define('k', add(operand('k_start'), j, select(timesM, index(0), mul(shift, c0)))),
            define('tap', div(div(k, c0), operand('filter_w'))),
            define('x', add(local('left'), mul(rem(div(k, c0), operand('filter_w')), operand('dilation_w')))),
            define('y', add(local('top'), mul(rem(tap, operand('filter_h')), operand('dilation_h')))),
            define('value', state('padding', undefined, 'i32')),
            when(
              and(
                inside('y', 'h'),
                inside('x', 'w'),
                binary('lt', k, local('columns')),
                binary('lt', m, mul(local('out_w'), local('out_h'))),
              ),
              [assign('value', load('l1', element, address))],
            ),
            store(
              target.space,
              element,
              add(local('to'), select(binary('eq', operand('transpose'), 0), straight, flipped)),
              local('value', 'i32'),
            ),
          ]),
        ]),
      ]),
    ),
    summary: `L1 to ${target.space}: part of the im2col matrix of an NC1HWC0 feature map (one image), m_ext positions from m_start by k_ext columns from k_start; column order (c1, kh, kw, c0)`,
  };
}

const tableOperands = (unit: string) => [
  integer('n_burst', 'rows', 4095),
  integer('len_burst', unit, 65535),
  integer('src_gap', '32 B', 65535),
  integer('dst_gap', unit, 65535),
];

function biasTable(): InstructionRow {
  const burst = local('burst');
  const source = add(operand('src'), mul(burst, add(mul(operand('len_burst'), 64), mul(operand('src_gap'), 32))));
  const plain = add(operand('dst'), mul(burst, add(operand('len_burst'), operand('dst_gap')), 64));
  const widened = add(operand('dst'), mul(burst, add(mul(operand('len_burst'), 2), operand('dst_gap')), 64));
  return {
    mnemonic: 'copy_cbuf_to_bt',
    cores: cube,
    pipe: 'MTE1',
    timing: 'copy.l1_bt',
    operands: [
      writes('dst', 'bt', 64),
      reads('src', 'l1', 32),
      integer('conv', 'mode', 1, '1 widens f16 to f32'),
      ...tableOperands('64 B'),
    ],
    meaning: body(
      loop('burst', operand('n_burst'), [
        when(
          binary('eq', operand('conv'), 0),
          [move(place('bt', plain), place('l1', source), mul(operand('len_burst'), 64))],
          [
            loop('i', mul(operand('len_burst'), 32), [
              store('bt', 'f32', add(widened, mul(local('i'), 4)), load('l1', 'f16', add(source, mul(local('i'), 2)))),
            ]),
          ],
        ),
      ]),
    ),
    summary: 'L1 to the bias table: rows of len_burst source units of 64 B',
  };
}

function quantizationBuffer(): InstructionRow {
  const burst = local('burst');
  const source = add(operand('src'), mul(burst, add(mul(operand('len_burst'), 128), mul(operand('src_gap'), 32))));
  const to = add(operand('dst'), mul(burst, add(operand('len_burst'), operand('dst_gap')), 128));
  return {
    mnemonic: 'copy_cbuf_to_fbuf',
    cores: cube,
    pipe: 'FIX',
    timing: 'copy.l1_fb',
    operands: [writes('dst', 'fb', 128), reads('src', 'l1', 32), ...tableOperands('128 B')],
    meaning: body(
      loop('burst', operand('n_burst'), [move(place('fb', to), place('l1', source), mul(operand('len_burst'), 128))]),
    ),
    summary: 'L1 to the quantization buffer: rows of len_burst units of 128 B',
  };
}

/** MTE1 loads and the small tables. */
export const loadRows: readonly InstructionRow[] = [
  ...targets.map(fractalCopy),
  ...targets.flatMap((target) => (['s8', 's16', 's32'] as const).map((element) => squareTranspose(target, element))),
  ...targets.flatMap((target) => (['s8', 's16', 's32'] as const).map((element) => img2col(target, element))),
  biasTable(),
  quantizationBuffer(),
];

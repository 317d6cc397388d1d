/** PIPE_V: compare and select. */
import { integer } from '../definition.ts';
import type { InstructionRow } from '../definition.ts';
import { binary, bytesOf, local, operand, select, unary } from '../meaning/expression.ts';
import type { BinaryOp } from '../meaning/expression.ts';
import { lane, lanesOf, row, scalar, scalarOperand } from './vector-lanes.ts';
import type { LaneType } from './vector-lanes.ts';
import { blockStride, destinationIn, laneOperands, repeat, repeatStride, sourceIn } from './vector-operands.ts';

const comparisons: readonly BinaryOp[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'];
const compared: readonly LaneType[] = ['f32', 'f16', 's32'];

const compareRows = comparisons.flatMap((op) =>
  compared.flatMap((type) => {
    const inputs = [
      { name: 'src0', element: type },
      { name: 'src1', element: type },
    ];
    const value = binary(op, lane('src0', type), lane('src1', type));
    const strides = ['src0', 'src1'];
    const [, ...sources] = laneOperands(strides);
    const compareOperands = sources.filter(({ name }) => !name.startsWith('dst'));
    const scalarOperands = [
      destinationIn(),
      sourceIn('src'),
      scalarOperand(type),
      repeat,
      blockStride('src'),
      repeatStride('src'),
    ];
    return [
      row(
        `vcmp_${op}_${type}`,
        'cmp',
        compareOperands,
        inputs,
        'cmpmask',
        lanesOf(type),
        value,
        `compare mask = src0 ${op} src1`,
      ),
      row(
        `vcmpv_${op}_${type}`,
        'cmp',
        [destinationIn(), ...compareOperands],
        inputs,
        'bit',
        lanesOf(type),
        value,
        `bit vector dst = src0 ${op} src1; masked-off lanes give 0`,
      ),
      row(
        `vcmpvs_${op}_${type}`,
        'cmp',
        scalarOperands,
        [{ name: 'src', element: type }],
        'bit',
        lanesOf(type),
        binary(op, lane('src', type), scalar(type)),
        `bit vector dst = src ${op} scalar; masked-off lanes give 0`,
      ),
    ];
  }),
);

/** Selection moves bits, so it is declared by width. */
function selectRows(type: 's16' | 's32'): readonly InstructionRow[] {
  const width = `b${bytesOf(type) * 8}`;
  const bit = local('sel', 'i32');
  const pair = [
    { name: 'src0', element: type },
    { name: 'src1', element: type },
  ];
  const both = select(bit, lane('src0', type), lane('src1', type));
  const cmpmask = binary(
    'and',
    binary(
      'shr_u',
      { kind: 'state', type: 'i32', slot: 'cmpmask', at: binary('div_u', local('lane'), 32) },
      unary('wrap', 'i32', binary('rem_u', local('lane'), 32)),
    ),
    1,
  );
  return [
    row(
      `vsel_cmpmask_${width}`,
      'sel',
      laneOperands(['src0', 'src1']),
      pair,
      type,
      lanesOf(type),
      select(cmpmask, lane('src0', type), lane('src1', type)),
      'mode 0: dst = bit of the compare mask ? src0 : src1',
    ),
    row(
      `vsel_ts_${width}`,
      'sel',
      laneOperands(['src'], [integer('scalar', 'bits'), sourceIn('sel')]),
      [
        { name: 'src', element: type },
        { name: 'sel', element: 'bit' },
      ],
      type,
      lanesOf(type),
      select(bit, lane('src', type), operand('scalar', 'i32')),
      'mode 1: dst = bit of sel ? src : scalar; the bits of all repeats follow each other',
    ),
    row(
      `vsel_tt_${width}`,
      'sel',
      laneOperands(['src0', 'src1'], [sourceIn('sel')]),
      [...pair, { name: 'sel', element: 'bit' }],
      type,
      lanesOf(type),
      both,
      'mode 2: dst = bit of sel ? src0 : src1; the bits of all repeats follow each other',
    ),
  ];
}

/** Compare and select. */
export const compareSelectRows: readonly InstructionRow[] = [
  ...compareRows,
  ...selectRows('s16'),
  ...selectRows('s32'),
];

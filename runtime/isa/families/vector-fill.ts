/** PIPE_V: fill, copy, gather, iota. */
import { integer } from '../definition.ts';
import type { InstructionRow } from '../definition.ts';
import { add, bytesOf, load, local, operand, unary } from '../meaning/expression.ts';
import { lane, lanesOf, row, scalar, scalarOperand } from './vector-lanes.ts';
import { blockStride, destinationIn, laneOperands, repeat, repeatStride, sourceIn } from './vector-operands.ts';

const iotaTypes = ['f32', 'f16', 's32', 's16'] as const;

function fillRows(type: 's16' | 's32'): readonly InstructionRow[] {
  const width = `b${bytesOf(type) * 8}`;
  return [
    row(
      `vector_dup_${width}`,
      'dup',
      [
        destinationIn(),
        integer('value', 'bits'),
        repeat,
        blockStride('dst'),
        blockStride('src'),
        repeatStride('dst'),
        repeatStride('src'),
      ],
      [],
      type,
      lanesOf(type),
      operand('value', 'i32'),
      'dst = the element bits in value; the source strides have no effect',
    ),
    row(
      `vcopy_${width}`,
      'copy',
      laneOperands(['src']),
      [{ name: 'src', element: type }],
      type,
      lanesOf(type),
      lane('src', type),
      'dst = src',
    ),
    row(
      `vgather_${width}`,
      'gather',
      [destinationIn(), sourceIn('offset'), integer('base', 'B'), repeatStride('dst'), repeat],
      [{ name: 'offset', element: 'u32' }],
      type,
      lanesOf(type),
      load('ub', type, add(operand('base'), unary('extend_u', 'index', lane('offset', 'u32')))),
      'dst = element of UB at base + byte offset; the offsets are u32 in a row',
    ),
  ];
}

const iotaRows = iotaTypes.map((type) => {
  const position = unary('wrap', 'i32', local('position'));
  const value =
    type === 'f32' || type === 'f16'
      ? add(scalar(type), unary('convert_s', 'f32', position))
      : add(scalar(type), position);
  return row(
    `vci_${type}`,
    'ci',
    [destinationIn(), scalarOperand(type), repeat, blockStride('dst'), repeatStride('dst')],
    [],
    type,
    lanesOf(type),
    value,
    'dst = scalar + number of the lane, counted over the repeats',
  );
});

/** Fill, copy, gather, iota. */
export const fillCopyRows: readonly InstructionRow[] = [...fillRows('s16'), ...fillRows('s32'), ...iotaRows];

/** PIPE_V: unary, binary and scalar-operand arithmetic. One family declares all its lane types. */
import { float, integer } from '../definition.ts';
import type { InstructionRow } from '../definition.ts';
import { add, binary, bytesOf, f32, mul, operand, select, sub, unary } from '../meaning/expression.ts';
import type { Expression } from '../meaning/expression.ts';
import { exp, ln, maximum, minimum, reciprocal, reciprocalSquareRoot, relu } from '../meaning/functions.ts';
import { lane, lanesOf, row, scalar, scalarOperand } from './vector-lanes.ts';
import type { LaneType } from './vector-lanes.ts';
import { destinationIn, laneOperands, updatedIn } from './vector-operands.ts';

interface UnaryFamily {
  readonly name: string;
  readonly types: readonly LaneType[];
  readonly timing: string;
  readonly value: (x: Expression) => Expression;
  readonly summary: string;
}

const integerAbs = (x: Expression): Expression =>
  x.type === 'f32' ? unary('abs', 'f32', x) : select(binary('lt', x, 0), sub(0, x), x);

const unaryFamilies: readonly UnaryFamily[] = [
  { name: 'vabs', types: ['f32', 'f16', 's32', 's16'], timing: 'abs', value: integerAbs, summary: 'dst = |src|' },
  { name: 'vexp', types: ['f32', 'f16'], timing: 'exp', value: exp, summary: 'dst = e^src' },
  { name: 'vln', types: ['f32', 'f16'], timing: 'ln', value: ln, summary: 'dst = natural logarithm of src' },
  {
    name: 'vsqrt',
    types: ['f32', 'f16'],
    timing: 'sqrt',
    value: (x) => unary('sqrt', 'f32', x),
    summary: 'dst = square root of src',
  },
  {
    name: 'vrsqrt',
    types: ['f32', 'f16'],
    timing: 'rsqrt',
    value: reciprocalSquareRoot,
    summary: 'dst = 1 / square root of src, rounded twice',
  },
  { name: 'vrec', types: ['f32', 'f16'], timing: 'rec', value: reciprocal, summary: 'dst = 1 / src' },
  { name: 'vrelu', types: ['f32', 'f16', 's32'], timing: 'relu', value: relu, summary: 'dst = src < 0 ? 0 : src' },
  {
    name: 'vnot',
    types: ['s16'],
    timing: 'and',
    value: (x) => binary('xor', x, -1),
    summary: 'dst = bitwise not of src',
  },
];

/** Bitwise families are named by width. */
const suffix = (name: string, type: LaneType): string =>
  ['vnot', 'vand', 'vor'].includes(name) ? `b${bytesOf(type) * 8}` : type;

const unaryRows = unaryFamilies.flatMap(({ name, types, timing, value, summary }) =>
  types.map((type) =>
    row(
      `${name}_${suffix(name, type)}`,
      timing,
      laneOperands(['src']),
      [{ name: 'src', element: type }],
      type,
      lanesOf(type),
      value(lane('src', type)),
      summary,
    ),
  ),
);

interface BinaryFamily extends Omit<UnaryFamily, 'value'> {
  readonly value: (a: Expression, b: Expression, d: Expression) => Expression;
  readonly updates: boolean;
}

const arithmetic: readonly LaneType[] = ['f32', 'f16', 's32', 's16'];
const floats: readonly LaneType[] = ['f32', 'f16'];

const binaryFamilies: readonly BinaryFamily[] = [
  {
    name: 'vadd',
    types: arithmetic,
    timing: 'add',
    updates: false,
    value: (a, b) => add(a, b),
    summary: 'dst = src0 + src1',
  },
  { name: 'vsub', types: arithmetic, timing: 'sub', updates: false, value: sub, summary: 'dst = src0 - src1' },
  {
    name: 'vmul',
    types: arithmetic,
    timing: 'mul',
    updates: false,
    value: (a, b) => mul(a, b),
    summary: 'dst = src0 * src1',
  },
  {
    name: 'vdiv',
    types: floats,
    timing: 'div',
    updates: false,
    value: (a, b) => binary('div', a, b),
    summary: 'dst = src0 / src1',
  },
  {
    name: 'vmax',
    types: arithmetic,
    timing: 'max',
    updates: false,
    value: maximum,
    summary: 'dst = src0 > src1 ? src0 : src1',
  },
  {
    name: 'vmin',
    types: arithmetic,
    timing: 'min',
    updates: false,
    value: minimum,
    summary: 'dst = src0 < src1 ? src0 : src1',
  },
  {
    name: 'vand',
    types: ['s16'],
    timing: 'and',
    updates: false,
    value: (a, b) => binary('and', a, b),
    summary: 'dst = src0 & src1',
  },
  {
    name: 'vor',
    types: ['s16'],
    timing: 'or',
    updates: false,
    value: (a, b) => binary('or', a, b),
    summary: 'dst = src0 | src1',
  },
  {
    name: 'vmla',
    types: floats,
    timing: 'mla',
    updates: true,
    value: (a, b, d) => add(d, mul(a, b)),
    summary: 'dst = dst + src0 * src1, product and sum rounded apart',
  },
  {
    name: 'vmadd',
    types: floats,
    timing: 'madd',
    updates: true,
    value: (a, b, d) => add(mul(a, d), b),
    summary: 'dst = src0 * dst + src1, product and sum rounded apart',
  },
  {
    name: 'vmaddrelu',
    types: floats,
    timing: 'madd',
    updates: true,
    value: (a, b, d) => relu(add(mul(a, d), b)),
    summary: 'dst = relu(src0 * dst + src1)',
  },
  {
    name: 'vaddrelu',
    types: floats,
    timing: 'addrelu',
    updates: false,
    value: (a, b) => relu(add(a, b)),
    summary: 'dst = relu(src0 + src1)',
  },
  {
    name: 'vsubrelu',
    types: floats,
    timing: 'addrelu',
    updates: false,
    value: (a, b) => relu(sub(a, b)),
    summary: 'dst = relu(src0 - src1)',
  },
];

const binaryRows = binaryFamilies.flatMap(({ name, types, timing, value, updates, summary }) =>
  types.map((type) => {
    const inputs = [
      ...(updates ? [{ name: 'dst', element: type }] : []),
      { name: 'src0', element: type },
      { name: 'src1', element: type },
    ];
    const dst = updates ? updatedIn() : destinationIn();
    return row(
      `${name}_${suffix(name, type)}`,
      timing,
      laneOperands(['src0', 'src1'], [], dst),
      inputs,
      type,
      lanesOf(type),
      value(lane('src0', type), lane('src1', type), lane('dst', type)),
      summary,
    );
  }),
);

/** Binary operations that narrow their result. */
const narrowingRows: readonly InstructionRow[] = (
  [
    ['vaddreluconv', 'f322f16', 'f32', 'f16'],
    ['vsubreluconv', 'f322f16', 'f32', 'f16'],
    ['vmulconv', 'f162s8', 'f16', 's8'],
    ['vmulconv', 'f162u8', 'f16', 'u8'],
  ] as const
).map(([name, types, from, to]) => {
  const a = lane('src0', from);
  const b = lane('src1', from);
  const exact = name === 'vaddreluconv' ? relu(add(a, b)) : name === 'vsubreluconv' ? relu(sub(a, b)) : mul(a, b);
  const range = to === 's8' ? ([-128, 127] as const) : ([0, 255] as const);
  const value =
    to === 'f16'
      ? exact
      : unary('trunc_sat_s', 'i32', unary('nearest', 'f32', minimum(maximum(exact, f32(range[0])), f32(range[1]))));
  return row(
    `${name}_${types}`,
    'conv',
    laneOperands(['src0', 'src1']),
    [
      { name: 'src0', element: from },
      { name: 'src1', element: from },
    ],
    to,
    lanesOf(from),
    value,
    `${name.slice(1, 4)} of ${from} sources, narrowed to ${to} with round to nearest even`,
  );
});

interface ScalarFamily extends Omit<UnaryFamily, 'value'> {
  readonly value: (x: Expression, s: Expression, d: Expression) => Expression;
  readonly updates?: true;
}

const scalarFamilies: readonly ScalarFamily[] = [
  { name: 'vadds', types: arithmetic, timing: 'adds', value: (x, s) => add(x, s), summary: 'dst = src + scalar' },
  { name: 'vmuls', types: arithmetic, timing: 'muls', value: (x, s) => mul(x, s), summary: 'dst = src * scalar' },
  { name: 'vmaxs', types: arithmetic, timing: 'maxs', value: maximum, summary: 'dst = src > scalar ? src : scalar' },
  { name: 'vmins', types: arithmetic, timing: 'mins', value: minimum, summary: 'dst = src < scalar ? src : scalar' },
  {
    name: 'vlrelu',
    types: floats,
    timing: 'lrelu',
    value: (x, s) => select(binary('lt', x, 0), mul(x, s), x),
    summary: 'dst = src < 0 ? src * scalar : src',
  },
  {
    name: 'vaxpy',
    types: floats,
    timing: 'axpy',
    updates: true,
    value: (x, s, d) => add(d, mul(x, s)),
    summary: 'dst = dst + scalar * src, product and sum rounded apart',
  },
];

const scalarRows = scalarFamilies.flatMap(({ name, types, timing, value, updates, summary }) =>
  types.map((type) => {
    const inputs = [...(updates ? [{ name: 'dst', element: type }] : []), { name: 'src', element: type }];
    return row(
      `${name}_${type}`,
      timing,
      laneOperands(['src'], [scalarOperand(type)], updates ? updatedIn() : destinationIn()),
      inputs,
      type,
      lanesOf(type),
      value(lane('src', type), scalar(type), lane('dst', type)),
      summary,
    );
  }),
);

/** f32 accumulators fed by f16 lanes. */
const mixedRows: readonly InstructionRow[] = [
  row(
    'vmla_f32f16',
    'mla',
    laneOperands(['src0', 'src1'], [], updatedIn()),
    [
      { name: 'dst', element: 'f32' },
      { name: 'src0', element: 'f16' },
      { name: 'src1', element: 'f16' },
    ],
    'f32',
    64,
    add(lane('dst', 'f32'), mul(lane('src0', 'f16'), lane('src1', 'f16'))),
    'f32 dst = dst + src0 * src1 of f16 lanes',
  ),
  row(
    'vaxpy_f32f16',
    'axpy',
    laneOperands(['src'], [float('scalar')], updatedIn()),
    [
      { name: 'dst', element: 'f32' },
      { name: 'src', element: 'f16' },
    ],
    'f32',
    64,
    add(lane('dst', 'f32'), mul(lane('src', 'f16'), scalar('f16'))),
    'f32 dst = dst + scalar * src of f16 lanes',
  ),
];

const shiftTypes: readonly LaneType[] = ['s32', 's16', 'u32', 'u16'];

function shiftRow(name: 'vshl' | 'vshr', type: LaneType): InstructionRow {
  const x = lane('src', type);
  const by = operand('scalar', 'i32');
  const shifted = binary(name === 'vshl' ? 'shl' : type.startsWith('u') ? 'shr_u' : 'shr_s', x, by);
  const lastBit = select(binary('gt', by, 0), binary('and', binary('shr_u', x, sub(by, 1)), 1), 0);
  const value = name === 'vshl' ? shifted : add(shifted, select(operand('round', 'i32'), lastBit, 0));
  const extra = [
    integer('scalar', 'bits', 31),
    ...(name === 'vshr' ? [integer('round', 'flag', 1, '1 adds the last bit shifted out')] : []),
  ];
  return row(
    `${name}_${type}`,
    'shift',
    laneOperands(['src'], extra),
    [{ name: 'src', element: type }],
    type,
    lanesOf(type),
    value,
    name === 'vshl' ? 'dst = src << scalar' : 'dst = src >> scalar',
  );
}

/** Lane-wise vector instructions. */
export const arithmeticRows: readonly InstructionRow[] = [
  ...unaryRows,
  ...binaryRows,
  ...scalarRows,
  ...mixedRows,
  ...narrowingRows,
  ...shiftTypes.flatMap((type) => [shiftRow('vshl', type), shiftRow('vshr', type)]),
];

/** PIPE_V: unary, binary and scalar-operand arithmetic, compare and select, fill. One family declares all its lane types. */
import { float, integer, signedInteger } from '../definition.ts';
import type { InstructionRow, OperandDefinition } from '../definition.ts';
import { add, binary, bytesOf, f32, load, local, mul, operand, select, sub, unary, valueTypeOf } from '../meaning/expression.ts';
import type { BinaryOp, ElementType, Expression } from '../meaning/expression.ts';
import { exp, ln, maximum, minimum, reciprocal, reciprocalSquareRoot, relu } from '../meaning/functions.ts';
import type { Lanes, LaneInput } from '../meaning/statement.ts';
import { blockStride, destinationIn, laneOperands, repeat, repeatStride, sourceIn, updatedIn, vectorCore } from './vector-operands.ts';

type LaneType = 'f32' | 'f16' | 's32' | 's16' | 'u32' | 'u16' | 'bf16';
type Elements = Lanes['elements'];

/** Lanes per repeat of the widest of the elements. */
export const lanesOf = (...elements: readonly ElementType[]): Elements => (256 / Math.max(...elements.map(bytesOf))) as Elements; // 1, 2, 4 or 8 bytes
const lane = (name: string, element: ElementType): Expression => local(name, valueTypeOf(element));

function row(mnemonic: string, timing: string, operands: readonly OperandDefinition[], inputs: readonly LaneInput[], output: Lanes['output'], elements: Elements, value: Expression, summary: string): InstructionRow {
  return { mnemonic, cores: vectorCore, pipe: 'V', timing: `vector.${timing}`, operands, meaning: { kind: 'lanes', elements, inputs, output, value }, summary };
}

interface UnaryFamily {
  readonly name: string;
  readonly types: readonly LaneType[];
  readonly timing: string;
  readonly value: (x: Expression) => Expression;
  readonly summary: string;
}

const integerAbs = (x: Expression): Expression => (x.type === 'f32' ? unary('abs', 'f32', x) : select(binary('lt', x, 0), sub(0, x), x));

const unaryFamilies: readonly UnaryFamily[] = [
  { name: 'vabs', types: ['f32', 'f16', 's32', 's16'], timing: 'abs', value: integerAbs, summary: 'dst = |src|' },
  { name: 'vexp', types: ['f32', 'f16'], timing: 'exp', value: exp, summary: 'dst = e^src' },
  { name: 'vln', types: ['f32', 'f16'], timing: 'ln', value: ln, summary: 'dst = natural logarithm of src' },
  { name: 'vsqrt', types: ['f32', 'f16'], timing: 'sqrt', value: (x) => unary('sqrt', 'f32', x), summary: 'dst = square root of src' },
  { name: 'vrsqrt', types: ['f32', 'f16'], timing: 'rsqrt', value: reciprocalSquareRoot, summary: 'dst = 1 / square root of src, rounded twice' },
  { name: 'vrec', types: ['f32', 'f16'], timing: 'rec', value: reciprocal, summary: 'dst = 1 / src' },
  { name: 'vrelu', types: ['f32', 'f16', 's32'], timing: 'relu', value: relu, summary: 'dst = src < 0 ? 0 : src' },
  { name: 'vnot', types: ['s16'], timing: 'and', value: (x) => binary('xor', x, -1), summary: 'dst = bitwise not of src' },
];

/** Bitwise families are named by width. */
const suffix = (name: string, type: LaneType): string => (['vnot', 'vand', 'vor'].includes(name) ? `b${bytesOf(type) * 8}` : type);

const unaryRows = unaryFamilies.flatMap(({ name, types, timing, value, summary }) =>
  types.map((type) => row(`${name}_${suffix(name, type)}`, timing, laneOperands(['src']), [{ name: 'src', element: type }], type, lanesOf(type), value(lane('src', type)), summary)));

interface BinaryFamily extends Omit<UnaryFamily, 'value'> {
  readonly value: (a: Expression, b: Expression, d: Expression) => Expression;
  readonly updates: boolean;
}

const arithmetic: readonly LaneType[] = ['f32', 'f16', 's32', 's16'];
const floats: readonly LaneType[] = ['f32', 'f16'];

const binaryFamilies: readonly BinaryFamily[] = [
  { name: 'vadd', types: arithmetic, timing: 'add', updates: false, value: (a, b) => add(a, b), summary: 'dst = src0 + src1' },
  { name: 'vsub', types: arithmetic, timing: 'sub', updates: false, value: sub, summary: 'dst = src0 - src1' },
  { name: 'vmul', types: arithmetic, timing: 'mul', updates: false, value: (a, b) => mul(a, b), summary: 'dst = src0 * src1' },
  { name: 'vdiv', types: floats, timing: 'div', updates: false, value: (a, b) => binary('div', a, b), summary: 'dst = src0 / src1' },
  { name: 'vmax', types: arithmetic, timing: 'max', updates: false, value: maximum, summary: 'dst = src0 > src1 ? src0 : src1' },
  { name: 'vmin', types: arithmetic, timing: 'min', updates: false, value: minimum, summary: 'dst = src0 < src1 ? src0 : src1' },
  { name: 'vand', types: ['s16'], timing: 'and', updates: false, value: (a, b) => binary('and', a, b), summary: 'dst = src0 & src1' },
  { name: 'vor', types: ['s16'], timing: 'or', updates: false, value: (a, b) => binary('or', a, b), summary: 'dst = src0 | src1' },
  { name: 'vmla', types: floats, timing: 'mla', updates: true, value: (a, b, d) => add(d, mul(a, b)), summary: 'dst = dst + src0 * src1, product and sum rounded apart' },
  { name: 'vmadd', types: floats, timing: 'madd', updates: true, value: (a, b, d) => add(mul(a, d), b), summary: 'dst = src0 * dst + src1, product and sum rounded apart' },
  { name: 'vmaddrelu', types: floats, timing: 'madd', updates: true, value: (a, b, d) => relu(add(mul(a, d), b)), summary: 'dst = relu(src0 * dst + src1)' },
  { name: 'vaddrelu', types: floats, timing: 'addrelu', updates: false, value: (a, b) => relu(add(a, b)), summary: 'dst = relu(src0 + src1)' },
  { name: 'vsubrelu', types: floats, timing: 'addrelu', updates: false, value: (a, b) => relu(sub(a, b)), summary: 'dst = relu(src0 - src1)' },
];

const binaryRows = binaryFamilies.flatMap(({ name, types, timing, value, updates, summary }) =>
  types.map((type) => {
    const inputs = [...(updates ? [{ name: 'dst', element: type }] : []), { name: 'src0', element: type }, { name: 'src1', element: type }];
    const dst = updates ? updatedIn() : destinationIn();
    return row(`${name}_${suffix(name, type)}`, timing, laneOperands(['src0', 'src1'], [], dst), inputs, type, lanesOf(type), value(lane('src0', type), lane('src1', type), lane('dst', type)), summary);
  }));

/** Binary operations that narrow their result. */
const narrowingRows: readonly InstructionRow[] = ([['vaddreluconv', 'f322f16', 'f32', 'f16'], ['vsubreluconv', 'f322f16', 'f32', 'f16'], ['vmulconv', 'f162s8', 'f16', 's8'], ['vmulconv', 'f162u8', 'f16', 'u8']] as const).map(
  ([name, types, from, to]) => {
    const a = lane('src0', from);
    const b = lane('src1', from);
    const exact = name === 'vaddreluconv' ? relu(add(a, b)) : name === 'vsubreluconv' ? relu(sub(a, b)) : mul(a, b);
    const range = to === 's8' ? [-128, 127] as const : [0, 255] as const;
    const value = to === 'f16' ? exact : unary('trunc_sat_s', 'i32', unary('nearest', 'f32', minimum(maximum(exact, f32(range[0])), f32(range[1]))));
    return row(`${name}_${types}`, 'conv', laneOperands(['src0', 'src1']), [{ name: 'src0', element: from }, { name: 'src1', element: from }], to, lanesOf(from), value, `${name.slice(1, 4)} of ${from} sources, narrowed to ${to} with round to nearest even`);
  });

/** The scalar operand as a lane value. */
function scalar(type: LaneType): Expression {
  if (type === 'f32') return operand('scalar', 'f32');
  if (type === 'f16') return unary('round_f16', 'f32', operand('scalar', 'f32'));
  return operand('scalar', 'i32');
}
const scalarOperand = (type: LaneType): OperandDefinition => (type === 'f32' || type === 'f16' ? float('scalar') : signedInteger('scalar', 'value'));

interface ScalarFamily extends Omit<UnaryFamily, 'value'> {
  readonly value: (x: Expression, s: Expression, d: Expression) => Expression;
  readonly updates?: true;
}

const scalarFamilies: readonly ScalarFamily[] = [
  { name: 'vadds', types: arithmetic, timing: 'adds', value: (x, s) => add(x, s), summary: 'dst = src + scalar' },
  { name: 'vmuls', types: arithmetic, timing: 'muls', value: (x, s) => mul(x, s), summary: 'dst = src * scalar' },
  { name: 'vmaxs', types: arithmetic, timing: 'maxs', value: maximum, summary: 'dst = src > scalar ? src : scalar' },
  { name: 'vmins', types: arithmetic, timing: 'mins', value: minimum, summary: 'dst = src < scalar ? src : scalar' },
  { name: 'vlrelu', types: floats, timing: 'lrelu', value: (x, s) => select(binary('lt', x, 0), mul(x, s), x), summary: 'dst = src < 0 ? src * scalar : src' },
  { name: 'vaxpy', types: floats, timing: 'axpy', updates: true, value: (x, s, d) => add(d, mul(x, s)), summary: 'dst = dst + scalar * src, product and sum rounded apart' },
];

const scalarRows = scalarFamilies.flatMap(({ name, types, timing, value, updates, summary }) =>
  types.map((type) => {
    const inputs = [...(updates ? [{ name: 'dst', element: type }] : []), { name: 'src', element: type }];
    return row(`${name}_${type}`, timing, laneOperands(['src'], [scalarOperand(type)], updates ? updatedIn() : destinationIn()), inputs, type, lanesOf(type), value(lane('src', type), scalar(type), lane('dst', type)), summary);
  }));

/** f32 accumulators fed by f16 lanes. */
const mixedRows: readonly InstructionRow[] = [
  row('vmla_f32f16', 'mla', laneOperands(['src0', 'src1'], [], updatedIn()), [{ name: 'dst', element: 'f32' }, { name: 'src0', element: 'f16' }, { name: 'src1', element: 'f16' }], 'f32', 64, add(lane('dst', 'f32'), mul(lane('src0', 'f16'), lane('src1', 'f16'))), 'f32 dst = dst + src0 * src1 of f16 lanes'),
  row('vaxpy_f32f16', 'axpy', laneOperands(['src'], [float('scalar')], updatedIn()), [{ name: 'dst', element: 'f32' }, { name: 'src', element: 'f16' }], 'f32', 64, add(lane('dst', 'f32'), mul(lane('src', 'f16'), scalar('f16'))), 'f32 dst = dst + scalar * src of f16 lanes'),
];

const shiftTypes: readonly LaneType[] = ['s32', 's16', 'u32', 'u16'];

function shiftRow(name: 'vshl' | 'vshr', type: LaneType): InstructionRow {
  const x = lane('src', type);
  const by = operand('scalar', 'i32');
  const shifted = binary(name === 'vshl' ? 'shl' : type.startsWith('u') ? 'shr_u' : 'shr_s', x, by);
  const lastBit = select(binary('gt', by, 0), binary('and', binary('shr_u', x, sub(by, 1)), 1), 0);
  const value = name === 'vshl' ? shifted : add(shifted, select(operand('round', 'i32'), lastBit, 0));
  const extra = [integer('scalar', 'bits', 31), ...(name === 'vshr' ? [integer('round', 'flag', 1, '1 adds the last bit shifted out')] : [])];
  return row(`${name}_${type}`, 'shift', laneOperands(['src'], extra), [{ name: 'src', element: type }], type, lanesOf(type), value, name === 'vshl' ? 'dst = src << scalar' : 'dst = src >> scalar');
}

const comparisons: readonly BinaryOp[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge'];
const compared: readonly LaneType[] = ['f32', 'f16', 's32'];

const compareRows = comparisons.flatMap((op) => compared.flatMap((type) => {
  const inputs = [{ name: 'src0', element: type }, { name: 'src1', element: type }];
  const value = binary(op, lane('src0', type), lane('src1', type));
  const strides = ['src0', 'src1'];
  const [, ...sources] = laneOperands(strides);
  const compareOperands = sources.filter(({ name }) => !name.startsWith('dst'));
  const scalarOperands = [destinationIn(), sourceIn('src'), scalarOperand(type), repeat, blockStride('src'), repeatStride('src')];
  return [
    row(`vcmp_${op}_${type}`, 'cmp', compareOperands, inputs, 'cmpmask', lanesOf(type), value, `compare mask = src0 ${op} src1`),
    row(`vcmpv_${op}_${type}`, 'cmp', [destinationIn(), ...compareOperands], inputs, 'bit', lanesOf(type), value, `bit vector dst = src0 ${op} src1; masked-off lanes give 0`),
    row(`vcmpvs_${op}_${type}`, 'cmp', scalarOperands, [{ name: 'src', element: type }], 'bit', lanesOf(type), binary(op, lane('src', type), scalar(type)), `bit vector dst = src ${op} scalar; masked-off lanes give 0`),
  ];
}));

/** Selection moves bits, so it is declared by width. */
function selectRows(type: 's16' | 's32'): readonly InstructionRow[] {
  const width = `b${bytesOf(type) * 8}`;
  const bit = local('sel', 'i32');
  const pair = [{ name: 'src0', element: type }, { name: 'src1', element: type }];
  const both = select(bit, lane('src0', type), lane('src1', type));
  const cmpmask = binary('and', binary('shr_u', { kind: 'state', type: 'i32', slot: 'cmpmask', at: binary('div_u', local('lane'), 32) }, unary('wrap', 'i32', binary('rem_u', local('lane'), 32))), 1);
  return [
    row(`vsel_cmpmask_${width}`, 'sel', laneOperands(['src0', 'src1']), pair, type, lanesOf(type), select(cmpmask, lane('src0', type), lane('src1', type)), 'mode 0: dst = bit of the compare mask ? src0 : src1'),
    row(`vsel_ts_${width}`, 'sel', laneOperands(['src'], [integer('scalar', 'bits'), sourceIn('sel')]), [{ name: 'src', element: type }, { name: 'sel', element: 'bit' }], type, lanesOf(type), select(bit, lane('src', type), operand('scalar', 'i32')), 'mode 1: dst = bit of sel ? src : scalar; the bits of all repeats follow each other'),
    row(`vsel_tt_${width}`, 'sel', laneOperands(['src0', 'src1'], [sourceIn('sel')]), [...pair, { name: 'sel', element: 'bit' }], type, lanesOf(type), both, 'mode 2: dst = bit of sel ? src0 : src1; the bits of all repeats follow each other'),
  ];
}

const iotaTypes = ['f32', 'f16', 's32', 's16'] as const;

function fillRows(type: 's16' | 's32'): readonly InstructionRow[] {
  const width = `b${bytesOf(type) * 8}`;
  return [
    row(`vector_dup_${width}`, 'dup', [destinationIn(), integer('value', 'bits'), repeat, blockStride('dst'), blockStride('src'), repeatStride('dst'), repeatStride('src')], [], type, lanesOf(type), operand('value', 'i32'), 'dst = the element bits in value; the source strides have no effect'),
    row(`vcopy_${width}`, 'copy', laneOperands(['src']), [{ name: 'src', element: type }], type, lanesOf(type), lane('src', type), 'dst = src'),
    row(`vgather_${width}`, 'gather', [destinationIn(), sourceIn('offset'), integer('base', 'B'), repeatStride('dst'), repeat], [{ name: 'offset', element: 'u32' }], type, lanesOf(type),
      load('ub', type, add(operand('base'), unary('extend_u', 'index', lane('offset', 'u32')))), 'dst = element of UB at base + byte offset; the offsets are u32 in a row'),
  ];
}

const iotaRows = iotaTypes.map((type) => {
  const position = unary('wrap', 'i32', local('position'));
  const value = type === 'f32' || type === 'f16' ? add(scalar(type), unary('convert_s', 'f32', position)) : add(scalar(type), position);
  return row(`vci_${type}`, 'ci', [destinationIn(), scalarOperand(type), repeat, blockStride('dst'), repeatStride('dst')], [], type, lanesOf(type), value, 'dst = scalar + number of the lane, counted over the repeats');
});

/** Lane-wise vector instructions. */
export const arithmeticRows: readonly InstructionRow[] = [
  ...unaryRows, ...binaryRows, ...scalarRows, ...mixedRows, ...narrowingRows,
  ...shiftTypes.flatMap((type) => [shiftRow('vshl', type), shiftRow('vshr', type)]),
];
/** Compare and select. */
export const compareSelectRows: readonly InstructionRow[] = [...compareRows, ...selectRows('s16'), ...selectRows('s32')];
/** Fill, copy, gather, iota. */
export const fillCopyRows: readonly InstructionRow[] = [...fillRows('s16'), ...fillRows('s32'), ...iotaRows];

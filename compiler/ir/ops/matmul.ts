/** Products of matrices: what the cube computes. */
import { boolAttribute, integerAttribute } from '../core/attribute.ts';
import type { AttributeMap } from '../core/attribute.ts';
import type { Axes, OpView } from '../core/definition.ts';
import { absent, boolOf, floatOf } from '../core/definition.ts';
import type { Type } from '../core/type.ts';
import { tensorType } from '../core/type.ts';
import { alignedIndices, indexNames } from './axes.ts';
import { constraints, defineFamily } from './define.ts';
import type { Shape } from './dimension.ts';
import { broadcastAll, broadcastProblem, shapeText, tensor, tensors } from './dimension.ts';
import { boolSlot, floatSlot, numberTensor, floatTensor, one, optional } from './slot.ts';

const transposeSlots = [
  boolSlot('transpose_a', 'lhs is stored [.., k, m]'),
  boolSlot('transpose_b', 'rhs is stored [.., n, k]'),
];

/** The last two extents of an operand, rows first as the product sees them. */
function matrixOf(shape: Shape, transposed: boolean) {
  const [rows, columns] = shape.slice(-2);
  return transposed ? { rows: columns, columns: rows } : { rows, columns };
}

function innerProblem(types: readonly Type[], attributes: AttributeMap): string | null {
  const [lhs, rhs] = tensors(types);
  const left = matrixOf(lhs.shape, boolOf(attributes, 'transpose_a')).columns;
  const right = matrixOf(rhs.shape, boolOf(attributes, 'transpose_b')).rows;
  return left === right ? null : `k of lhs is ${left}, k of rhs is ${right}`;
}

const batchOf = (type: Type): Shape => tensor(type).shape.slice(0, -2);
const batchProblem = (names: readonly string[], types: readonly Type[]) =>
  broadcastProblem(
    names.map((name) => `the batch of ${name}`),
    types.map(batchOf),
  );

export const dtypeProblem =
  (names: readonly string[]) =>
  (types: readonly Type[]): string | null => {
    const dtypes = tensors(types).map((type) => type.dtype);
    const odd = dtypes.findIndex((dtype) => dtype !== dtypes[0]);
    return odd < 0 ? null : `dtype of ${names[0]} is ${dtypes[0]}, dtype of ${names[odd]} is ${dtypes[odd]}`;
  };

function inferProduct(types: readonly Type[], attributes: AttributeMap): readonly Type[] {
  const [lhs, rhs] = tensors(types);
  const rows = matrixOf(lhs.shape, boolOf(attributes, 'transpose_a')).rows;
  const columns = matrixOf(rhs.shape, boolOf(attributes, 'transpose_b')).columns;
  return [tensorType([...broadcastAll([batchOf(lhs), batchOf(rhs)]), rows, columns], lhs.dtype)];
}

function productAxes(op: OpView): Axes {
  const [lhs, rhs] = tensors(op.operandTypes);
  const batch = tensor(op.resultTypes[0]).shape.slice(0, -2);
  const names = indexNames(batch.length, 'b');
  const matrix = (rows: string, columns: string, transposed: boolean) =>
    transposed ? [columns, rows] : [rows, columns];
  return {
    operands: [
      [...alignedIndices(batchOf(lhs), batch, names), ...matrix('m', 'k', boolOf(op.attributes, 'transpose_a'))],
      [...alignedIndices(batchOf(rhs), batch, names), ...matrix('k', 'n', boolOf(op.attributes, 'transpose_b'))],
    ],
    results: [[...names, 'm', 'n']],
    summed: ['k'],
    indivisible: [],
  };
}

const rankProblem = (name: string, type: Type, least: number, most: number): string | null => {
  const rank = tensor(type).shape.length;
  if (rank >= least && rank <= most) return null;
  return `rank of ${name} is ${rank}, expected ${least === most ? least : `at least ${least}`}`;
};

const productOperands = [one('lhs', numberTensor), one('rhs', numberTensor)];

export const matmulOps = defineFamily('matmul', {
  'ms.matmul': {
    summary: 'Product of two matrices. f16 and bf16 accumulate in f32 on the machine, in f64 in the oracle.',
    operands: productOperands,
    results: [one('result', numberTensor)],
    attributes: transposeSlots,
    constraints: constraints(
      ['lhs and rhs have rank 2', ([lhs, rhs]) => rankProblem('lhs', lhs, 2, 2) ?? rankProblem('rhs', rhs, 2, 2)],
      ['lhs and rhs have one dtype', dtypeProblem(['lhs', 'rhs'])],
      ['columns of lhs equal rows of rhs', innerProblem],
    ),
    infer: inferProduct,
    axes: productAxes,
    decompose: absent('primitive'),
  },
  'ms.batch_matmul': {
    summary: 'Products of the matrices in the last two dimensions; the dimensions before them broadcast.',
    operands: productOperands,
    results: [one('result', numberTensor)],
    attributes: transposeSlots,
    constraints: constraints(
      [
        'lhs and rhs have rank 2 or more',
        ([lhs, rhs]) => rankProblem('lhs', lhs, 2, Infinity) ?? rankProblem('rhs', rhs, 2, Infinity),
      ],
      ['lhs and rhs have one dtype', dtypeProblem(['lhs', 'rhs'])],
      ['columns of lhs equal rows of rhs', innerProblem],
      ['batch dimensions broadcast', (types) => batchProblem(['lhs', 'rhs'], types)],
    ),
    infer: inferProduct,
    axes: productAxes,
    decompose: absent('primitive'),
  },
  'ms.dense': {
    summary: 'x · weightᵀ + bias over the last dimension of x: a fully connected layer.',
    operands: [one('x', numberTensor), one('weight', numberTensor), optional('bias', numberTensor)],
    results: [one('result', numberTensor)],
    constraints: constraints(
      [
        'x has rank 2 or more, weight rank 2',
        ([x, weight]) => rankProblem('x', x, 2, Infinity) ?? rankProblem('weight', weight, 2, 2),
      ],
      ['all have one dtype', dtypeProblem(['x', 'weight', 'bias'])],
      [
        'the last dimension of x is the input of weight [out, in]',
        ([x, weight]) => {
          const [input, expected] = [tensor(x).shape.at(-1), tensor(weight).shape[1]];
          return input === expected ? null : `last dimension of x is ${input}, input of weight is ${expected}`;
        },
      ],
      [
        'bias is [out]',
        ([, weight, bias]) => {
          if (bias === undefined) return null;
          const expected = tensor(weight).shape.slice(0, 1);
          const found = tensor(bias).shape;
          return found.length === 1 && found[0] === expected[0]
            ? null
            : `shape of bias is ${shapeText(found)}, out of weight is ${expected[0]}`;
        },
      ],
    ),
    infer: ([x, weight]) => [tensorType([...tensor(x).shape.slice(0, -1), tensor(weight).shape[0]], tensor(x).dtype)],
    axes: (op) => {
      const rows = indexNames(tensor(op.operandTypes[0]).shape.length - 1);
      const biased = op.operandTypes.length > 2; // a bias would be added once for each part of k
      return {
        operands: [[...rows, 'k'], ['n', 'k'], ['n']].slice(0, op.operandTypes.length),
        results: [[...rows, 'n']],
        summed: biased ? [] : ['k'],
        indivisible: biased ? ['k'] : [],
      };
    },
    decompose: (emit, [x, weight, bias]) => {
      const name = tensor(x.type).shape.length === 2 ? 'ms.matmul' : 'ms.batch_matmul';
      const product = emit.op(name, [x, weight], {
        transpose_a: boolAttribute(false),
        transpose_b: boolAttribute(true),
      });
      return [bias === undefined ? product : emit.op('ms.add', [product, bias])];
    },
  },
  'ms.attention': {
    summary: 'softmax(scale · query · keyᵀ + mask) · value over the last two dimensions: scaled dot-product attention.',
    operands: [
      one('query', floatTensor),
      one('key', floatTensor),
      one('value', floatTensor),
      optional('mask', floatTensor),
    ],
    results: [one('result', floatTensor)],
    attributes: [floatSlot('scale', 'factor of the scores')],
    constraints: constraints(
      [
        'query, key and value have rank 2 or more',
        ([query, key, value]) =>
          rankProblem('query', query, 2, Infinity) ??
          rankProblem('key', key, 2, Infinity) ??
          rankProblem('value', value, 2, Infinity),
      ],
      ['all have one dtype', dtypeProblem(['query', 'key', 'value', 'mask'])],
      [
        'query and key have one depth',
        ([query, key]) => attentionProblem('last dimension', 'query', query, 'key', key, -1),
      ],
      ['key and value have one length', ([, key, value]) => attentionProblem('length', 'key', key, 'value', value, -2)],
      ['batch dimensions broadcast', (types) => batchProblem(['query', 'key', 'value'], types.slice(0, 3))],
      ['mask broadcasts to the scores', maskProblem],
    ),
    infer: (types) => [
      tensorType(
        [...attentionBatch(types), tensor(types[0]).shape.at(-2) ?? 1, tensor(types[2]).shape.at(-1) ?? 1],
        tensor(types[0]).dtype,
      ),
    ],
    axes: attentionAxes,
    decompose: (emit, [query, key, value, mask], op) => {
      const plain = { transpose_a: boolAttribute(false), transpose_b: boolAttribute(false) };
      const product = emit.op('ms.batch_matmul', [query, key], { ...plain, transpose_b: boolAttribute(true) });
      const scaled = emit.op('ms.mul', [
        product,
        emit.scalar(floatOf(op.attributes, 'scale'), tensor(query.type).dtype),
      ]);
      const scores = mask === undefined ? scaled : emit.op('ms.add', [scaled, mask]);
      const weights = emit.op('ms.softmax', [scores], { axis: integerAttribute(tensor(scores.type).shape.length - 1) });
      return [emit.op('ms.batch_matmul', [weights, value], plain)];
    },
  },
});

const attentionBatch = (types: readonly Type[]): Shape => broadcastAll(types.slice(0, 3).map(batchOf));

function attentionProblem(
  what: string,
  left: string,
  leftType: Type,
  right: string,
  rightType: Type,
  at: number,
): string | null {
  const [first, second] = [tensor(leftType).shape.at(at), tensor(rightType).shape.at(at)];
  return first === second ? null : `${what} of ${left} is ${first}, ${what} of ${right} is ${second}`;
}

function scoresShape(types: readonly Type[]): Shape {
  return [...attentionBatch(types), tensor(types[0]).shape.at(-2) ?? 1, tensor(types[1]).shape.at(-2) ?? 1];
}

function maskProblem(types: readonly Type[]): string | null {
  if (types.length < 4) return null;
  const [scores, mask] = [scoresShape(types), tensor(types[3]).shape];
  const fits =
    mask.length <= scores.length &&
    mask.every((extent, axis) => extent === 1 || extent === scores[axis + scores.length - mask.length]);
  return fits ? null : `shape of mask is ${shapeText(mask)}, shape of the scores is ${shapeText(scores)}`;
}

function attentionAxes(op: OpView): Axes {
  const batch = attentionBatch(op.operandTypes);
  const names = indexNames(batch.length, 'b');
  const scores = [...names, 'm', 'n'];
  const lasts = [
    ['m', 'd'],
    ['n', 'd'],
    ['n', 'e'],
  ];
  const operands = lasts.map((last, index) => [
    ...alignedIndices(batchOf(op.operandTypes[index]), batch, names),
    ...last,
  ]);
  const mask = op.operandTypes[3];
  return {
    operands:
      mask === undefined
        ? operands
        : [...operands, alignedIndices(tensor(mask).shape, scoresShape(op.operandTypes), scores)],
    results: [[...names, 'm', 'e']],
    summed: [],
    indivisible: ['n', 'd'],
  };
}

/**
 * Products and orders of 32-bit integers in terms of comparisons, sums and elementwise products: the cube multiplies and
 * the sorting instructions order floats, which hold integers below 2²⁴ only. Meant for indices and counters; large
 * tensors stay as they are and are refused by the backend.
 */
import type { Operation, Value } from '../../ir/index.ts';
import {
  boolAttribute,
  boolOf,
  elementCount,
  integerAttribute,
  integerOf,
  integersAttribute,
  tensorType,
} from '../../ir/index.ts';
import { Emitter } from '../../ir/ops/index.ts';
import type { Pattern, PatternTable } from '../rewrite/index.ts';
import { typeOf } from '../simplify/rules/match.ts';

/** Elements of the largest tensor in between. */
const MOST_ELEMENTS = 2 ** 24;

const isInteger = ({ operands: [x] }: Operation): boolean => typeOf(x).dtype === 'i32';
const extentsOf = (value: Value): readonly number[] => typeOf(value).shape.map(Number);

const integerProduct: Pattern = {
  name: 'product of integers as elementwise products and a sum',
  rewrite: (op, rewriter) => (isInteger(op) ? multiply(op, new Emitter(rewriter, rewriter.definitions)) : null),
};

const integerOrder: Pattern = {
  name: 'order of integers by counting',
  rewrite: (op, rewriter) => (isInteger(op) ? order(op, new Emitter(rewriter, rewriter.definitions)) : null),
};

/** By the ops they concern. */
export const integerPatterns: PatternTable = new Map([
  ['ms.matmul', [integerProduct]],
  ['ms.batch_matmul', [integerProduct]],
  ['ms.dense', [integerProduct]],
  ['ms.sort', [integerOrder]],
  ['ms.top_k', [integerOrder]],
]);

const reshape = (emit: Emitter, x: Value, shape: readonly number[]): Value =>
  emit.stated('ms.reshape', [x], tensorType(shape, typeOf(x).dtype));

const transpose = (emit: Emitter, x: Value, permutation: readonly number[]): Value =>
  emit.op('ms.transpose', [x], { permutation: integersAttribute(permutation) });

const sum = (emit: Emitter, x: Value, axis: number): Value =>
  emit.op('ms.reduce_sum', [x], { axes: integersAttribute([axis]), keep_dims: boolAttribute(false) });

/** The last two axes exchanged. */
function turned(emit: Emitter, x: Value): Value {
  const axes = extentsOf(x).map((_, axis) => axis);
  return transpose(emit, x, [...axes.slice(0, -2), ...axes.slice(-2).toReversed()]);
}

/** a [.., m, k, 1] · b [.., 1, k, n], summed over k. */
function multiply(op: Operation, emit: Emitter): readonly Value[] | null {
  const [a, b, bias] = op.operands;
  const result = typeOf(op.results[0]);
  const depth =
    op.name === 'ms.dense' || !boolOf(op.attributes, 'transpose_a') ? extentsOf(a).at(-1) : extentsOf(a).at(-2);
  if (elementCount(result.shape.map(Number)) * (depth ?? 0) > MOST_ELEMENTS) return null;
  const isDense = op.name === 'ms.dense';
  const left = !isDense && boolOf(op.attributes, 'transpose_a') ? turned(emit, a) : a;
  const right = isDense || boolOf(op.attributes, 'transpose_b') ? turned(emit, b) : b;
  const columns = reshape(emit, left, [...extentsOf(left), 1]);
  const [inner, outer] = extentsOf(right).slice(-2);
  const rows = reshape(emit, right, [...extentsOf(right).slice(0, -2), 1, inner, outer]);
  const products = emit.op('ms.mul', [columns, rows]);
  const product = sum(emit, products, extentsOf(products).length - 2);
  return [bias ? emit.op('ms.add', [product, bias]) : product];
}

/**
 * The rank of an element is the count of those that come before it: better ones, and equal ones of a lower index. The
 * result at place r is the one element whose rank is r.
 */
function order(op: Operation, emit: Emitter): readonly Value[] | null {
  const [x] = op.operands;
  const shape = extentsOf(x);
  const axis = op.name === 'ms.sort' ? integerOf(op.attributes, 'axis') : shape.length - 1;
  const extent = shape[axis];
  const kept = op.name === 'ms.sort' ? extent : integerOf(op.attributes, 'k');
  if (elementCount(shape) * extent > MOST_ELEMENTS) return null;
  const descends = boolOf(op.attributes, op.name === 'ms.sort' ? 'descending' : 'largest');
  const toLast = shape.map((_, at) => at).filter((at) => at !== axis);
  const last = axis === shape.length - 1;
  const line = last ? x : transpose(emit, x, [...toLast, axis]);
  const outer = extentsOf(line).slice(0, -1);
  const rank = rankOf(emit, line, outer, extent, descends);
  const places = emit.stated('ms.iota', [], tensorType([kept, 1], 'i32'), { axis: integerAttribute(0) });
  const isHere = emit.op('ms.equal', [reshape(emit, rank, [...outer, 1, extent]), places]);
  const index = emit.stated('ms.iota', [], tensorType([1, extent], 'i32'), { axis: integerAttribute(1) });
  const picked = [reshape(emit, line, [...outer, 1, extent]), index].map((values) => {
    const selected = emit.op('ms.select', [isHere, values, emit.scalar(0, 'i32')]);
    const taken = sum(emit, selected, outer.length + 1);
    const back = shape.map((_, at) => (at === axis ? toLast.length : toLast.indexOf(at)));
    return last ? taken : transpose(emit, taken, back);
  });
  return picked;
}

/** How many elements of its line come before each element. */
function rankOf(emit: Emitter, line: Value, outer: readonly number[], extent: number, descends: boolean): Value {
  const own = reshape(emit, line, [...outer, extent, 1]);
  const other = reshape(emit, line, [...outer, 1, extent]);
  const [ownIndex, otherIndex] = [0, 1].map((axis) => {
    const shape = axis === 0 ? [extent, 1] : [1, extent];
    return emit.stated('ms.iota', [], tensorType(shape, 'i32'), { axis: integerAttribute(axis) });
  });
  const better = emit.op(descends ? 'ms.greater' : 'ms.less', [other, own]);
  const earlier = emit.op('ms.logical_and', [
    emit.op('ms.equal', [other, own]),
    emit.op('ms.less', [otherIndex, ownIndex]),
  ]);
  const before = emit.op('ms.logical_or', [better, earlier]);
  const one = emit.stated('ms.cast', [before], tensorType([...outer, extent, extent], 'i32'));
  return sum(emit, one, outer.length + 1);
}

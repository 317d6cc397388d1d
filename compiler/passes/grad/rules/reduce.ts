/** Gradients of reductions, scans and normalized exponentials. Equal extremes share a gradient evenly. */
import type { Operation, Value } from '../../../ir/index.ts';
import {
  absent,
  boolAttribute,
  boolOf,
  integerAttribute,
  integerOf,
  integersOf,
  tensorType,
} from '../../../ir/index.ts';
import type { reduceOps } from '../../../ir/ops/index.ts';
import { Algebra, range } from '../algebra.ts';
import type { GradCell, GradRule } from '../rule.ts';
import { onlyCotangent, typeOf, unary } from '../rule.ts';

/** A value reduced over the axes of an op, with those axes as extents of 1. */
function kept(algebra: Algebra, value: Value, op: Operation): Value {
  const axes = integersOf(op.attributes, 'axes');
  return algebra.reshape(
    value,
    typeOf(op.operands[0]).shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent)),
  );
}

const spread = (algebra: Algebra, dy: Value, op: Operation): Value =>
  algebra.broadcast(kept(algebra, dy, op), typeOf(op.operands[0]).shape);

const mean: GradRule = (request) => {
  const { emit, op } = request;
  const algebra = new Algebra(emit);
  const { shape } = typeOf(op.operands[0]);
  const counted = integersOf(op.attributes, 'axes').map((axis) => shape[axis]);
  const unknown = counted.find((extent) => typeof extent === 'string');
  if (unknown !== undefined) return absent(`the extent '${unknown}' that it averages over is no number`);
  const count = counted.reduce<number>((product, extent) => product * Number(extent), 1);
  return [spread(algebra, algebra.mul(onlyCotangent(request), 1 / count), op)];
};

const extreme = unary((a, dy, x, y, op) => {
  const isExtreme = a.binary('ms.equal', x, kept(a, y, op));
  const weights = a.cast(isExtreme, x);
  const count = a.sum(weights, integersOf(op.attributes, 'axes'), true);
  return a.mul(weights, a.div(kept(a, dy, op), count));
});

const scan = (algebra: Algebra, name: string, x: Value, axis: number, reverse: boolean, exclusive: boolean): Value =>
  algebra.emit.op(name, [x], {
    axis: integerAttribute(axis),
    reverse: boolAttribute(reverse),
    exclusive: boolAttribute(exclusive),
  });

/** dy times the product of all other elements: those before times those behind, so that zeros do no harm. */
const product = unary((a, dy, x, _, op) => {
  const { shape } = typeOf(x);
  const axes = integersOf(op.attributes, 'axes');
  const order = [...range(0, shape.length).filter((axis) => !axes.includes(axis)), ...axes];
  const outer = order.slice(0, shape.length - axes.length).map((axis) => shape[axis]);
  const inner = axes.reduce((count, axis) => count * Number(shape[axis]), 1);
  const rows = a.reshape(a.transpose(x, order), [...outer, inner]);
  const [before, behind] = [false, true].map((reverse) => scan(a, 'ms.cumprod', rows, outer.length, reverse, true));
  const others = a.mul(a.mul(before, behind), a.reshape(dy, [...outer, 1]));
  const back = range(0, shape.length).map((axis) => order.indexOf(axis));
  return a.transpose(
    a.reshape(
      others,
      order.map((axis) => shape[axis]),
    ),
    back,
  );
});

const runningSum = unary((a, dy, _, __, op) =>
  scan(
    a,
    'ms.cumsum',
    dy,
    integerOf(op.attributes, 'axis'),
    !boolOf(op.attributes, 'reverse'),
    boolOf(op.attributes, 'exclusive'),
  ),
);

/**
 * Row k of a square holds the running products without element k, so that zeros do no harm; it counts where element k
 * took part. Quadratic in the extent.
 */
const runningProduct = unary((a, dy, x, _, op) => {
  const { shape } = typeOf(x);
  const axis = integerOf(op.attributes, 'axis');
  const [reverse, exclusive] = ['reverse', 'exclusive'].map((name) => boolOf(op.attributes, name));
  const extent = shape[axis];
  const square = [...shape.slice(0, axis), extent, extent, ...shape.slice(axis + 1)];
  const line = (along: number) => {
    const type = tensorType(
      square.map((_extent, at) => (at === along ? extent : 1)),
      'i32',
    );
    return a.emit.stated('ms.iota', [], type, { axis: integerAttribute(along) });
  };
  const [left, at] = [line(axis), line(axis + 1)];
  const row = a.reshape(x, square.with(axis, 1));
  const without = a.broadcast(a.select(a.binary('ms.equal', left, at), 1, row), square);
  const products = scan(a, 'ms.cumprod', without, axis + 1, reverse, exclusive);
  const comparison = `ms.${reverse ? 'less' : 'greater'}${exclusive ? '' : '_equal'}`;
  const counted = a.select(a.binary(comparison, at, left), products, 0);
  return a.sum(a.mul(counted, a.reshape(dy, square.with(axis, 1))), [axis + 1]);
});

const softmax = unary((a, dy, _, y, op) => {
  const axis = integerOf(op.attributes, 'axis');
  return a.mul(y, a.sub(dy, a.sum(a.mul(dy, y), [axis], true)));
});

const logSoftmax = unary((a, dy, _, y, op) => {
  const axis = integerOf(op.attributes, 'axis');
  return a.sub(dy, a.mul(a.unary('ms.exp', y), a.sum(dy, [axis], true)));
});

export const reduceGradients: Readonly<Record<keyof typeof reduceOps, GradCell>> = {
  'ms.reduce_sum': unary((a, dy, _, __, op) => spread(a, dy, op)),
  'ms.reduce_mean': mean,
  'ms.reduce_prod': product,
  'ms.reduce_max': extreme,
  'ms.reduce_min': extreme,
  'ms.reduce_all': absent('boolean result'),
  'ms.reduce_any': absent('boolean result'),
  'ms.argmax': absent('integer result'),
  'ms.argmin': absent('integer result'),
  'ms.cumsum': runningSum,
  'ms.cumprod': runningProduct,
  'ms.softmax': softmax,
  'ms.log_softmax': logSoftmax,
};

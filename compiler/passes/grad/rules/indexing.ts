/**
 * Gradients of ops that follow indices: what was gathered is added where it came from. Of updates that meet in one place
 * with reduction "none" each takes the gradient of that place, as in PyTorch and MindSpore.
 */
import type { Value } from '../../../ir/index.ts';
import { absent, integerAttribute, integerOf, stringAttribute, stringOf } from '../../../ir/index.ts';
import type { Emitter, indexingOps, sortOps } from '../../../ir/ops/index.ts';
import { Algebra, range } from '../algebra.ts';
import { throughParts } from '../parts.ts';
import type { GradCell, GradRequest, GradRule } from '../rule.ts';
import { onlyCotangent, typeOf, unary, wanted } from '../rule.ts';

const added = { reduction: stringAttribute('add') };

/** Rows of dy added to zeros like x, at the indices of its first dimension. */
function scatteredRows(a: Algebra, x: Value, indices: Value, dy: Value): Value {
  const tuples = a.reshape(indices, [...typeOf(indices).shape, 1]);
  return a.emit.op('ms.scatter_nd', [a.zeros(x), tuples, dy], added);
}

const gather: GradRule = (request) => {
  const { emit, op } = request;
  const a = new Algebra(emit);
  const dy = onlyCotangent(request);
  const [x, indices] = op.operands;
  const axis = integerOf(op.attributes, 'axis');
  if (axis === 0) return [scatteredRows(a, x, indices, dy)];
  const rank = typeOf(x).shape.length;
  const taken = typeOf(indices).shape.length;
  const first = [axis, ...range(0, rank).filter((at) => at !== axis)];
  // The dimensions of the indices stand where the axis was; they go to the front as it does.
  const front = [...range(axis, axis + taken), ...range(0, axis), ...range(axis + taken, rank + taken - 1)];
  const sum = scatteredRows(a, a.transpose(x, first), indices, a.transpose(dy, front));
  return [
    a.transpose(
      sum,
      range(0, rank).map((at) => first.indexOf(at)),
    ),
  ];
};

const scatterAlong = (emit: Emitter, onto: Value, indices: Value, updates: Value, axis: number, reduction: string) =>
  emit.op('ms.scatter_elements', [onto, indices, updates], {
    axis: integerAttribute(axis),
    reduction: stringAttribute(reduction),
  });

const gatherElements = unary((a, dy, x, _, op) =>
  scatterAlong(a.emit, a.zeros(x), op.operands[1], dy, integerOf(op.attributes, 'axis'), 'add'),
);

/** dy without the places that updates replaced, and what lies at those places. */
function scatter(
  request: GradRequest,
  replaced: (dy: Value, zeros: Value) => Value,
  taken: (dy: Value) => Value,
): ReturnType<GradRule> {
  const { emit, op } = request;
  const dy = onlyCotangent(request);
  const reduction = stringOf(op.attributes, 'reduction');
  if (reduction !== 'none' && reduction !== 'add')
    return absent(`with reduction "${reduction}" it has no derivative rule`);
  return wanted(
    request,
    () => (reduction === 'add' ? dy : replaced(dy, emit.zeros(typeOf(op.operands[2])))),
    null,
    () => taken(dy),
  );
}

const scatterNd: GradRule = (request) => {
  const { emit, op } = request;
  const indices = op.operands[1];
  return scatter(
    request,
    (dy, zeros) => emit.op('ms.scatter_nd', [dy, indices, zeros], { reduction: stringAttribute('none') }),
    (dy) => emit.op('ms.gather_nd', [dy, indices]),
  );
};

const scatterElements: GradRule = (request) => {
  const { emit, op } = request;
  const indices = op.operands[1];
  const axis = integerOf(op.attributes, 'axis');
  return scatter(
    request,
    (dy, zeros) => scatterAlong(emit, dy, indices, zeros, axis, 'none'),
    (dy) => emit.op('ms.gather_elements', [dy, indices], { axis: integerAttribute(axis) }),
  );
};

export const indexingGradients: Readonly<Record<keyof typeof indexingOps, GradCell>> = {
  'ms.gather': gather,
  'ms.gather_elements': gatherElements,
  'ms.gather_nd': unary((a, dy, x, _, op) => a.emit.op('ms.scatter_nd', [a.zeros(x), op.operands[1], dy], added)),
  'ms.scatter_nd': scatterNd,
  'ms.scatter_elements': scatterElements,
  'ms.one_hot': throughParts('ms.one_hot'),
  'ms.triangle': absent('boolean result'),
};

/** Values go back to where their indices say they came from. */
const sorted = (axisOf: (request: GradRequest) => number): GradRule => {
  return (request) => {
    const { emit, op } = request;
    const [x] = op.operands;
    const zeros = emit.zeros(typeOf(x));
    return [scatterAlong(emit, zeros, op.results[1], onlyCotangent(request), axisOf(request), 'add')];
  };
};

export const sortGradients: Readonly<Record<keyof typeof sortOps, GradCell>> = {
  'ms.sort': sorted(({ op }) => integerOf(op.attributes, 'axis')),
  'ms.top_k': sorted(({ op }) => typeOf(op.operands[0]).shape.length - 1),
};

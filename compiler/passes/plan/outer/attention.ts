/**
 * Attention cores: a product of two activations, softmax over its last dimension, a product with the values. They run as one kernel
 * that keeps no scores, so they are one piece of work here.
 */
import type { Operation, Value } from '../../../ir/index.ts';
import { integerOf } from '../../../ir/index.ts';
import type { GraphView } from './graph-view.ts';
import { isActivation, shapeOf } from './graph-view.ts';
import { productOf } from '../../analysis/index.ts';

export interface Core {
  /** Operations of the core, the two products included. */
  readonly members: ReadonlySet<number>;
  readonly first: number;
  readonly last: number;
  /** Multiply-adds of both products counted as 2, a causal mask taken off. */
  readonly flops: number;
  readonly causal: boolean;
  /** Keys and values as they come, before heads are repeated. */
  readonly keys: readonly Value[];
}

/** All cores of the graph. */
export function attentionCores(view: GraphView): readonly Core[] {
  return view.operations.flatMap((op, index) => {
    if (op.name === 'ms.attention') return [fusedCore(view, op, index)];
    if (productOf(op) === null || !op.operands.every((operand) => isActivation(view, operand))) return [];
    const core = coreFrom(view, index);
    return core === null ? [] : [core];
  });
}

/** `ms.attention`: the core as one op. */
function fusedCore(view: GraphView, op: Operation, index: number): Core {
  const [query, key, value, mask] = op.operands;
  const scores =
    shapeOf(op.results[0])
      .slice(0, -1)
      .reduce((product, extent) => product * extent, 1) * (shapeOf(key).at(-2) ?? 1);
  const causal = mask !== undefined && isTriangular(view, mask);
  const depth = (shapeOf(query).at(-1) ?? 1) + (shapeOf(value).at(-1) ?? 1);
  const flops = 2 * scores * depth * (causal ? 0.5 : 1);
  return {
    members: new Set([index]),
    first: index,
    last: index,
    flops,
    causal,
    keys: [source(view, key), source(view, value)],
  };
}

/** Follows the scores through elementwise ops to softmax and on to the product with the values. */
function coreFrom(view: GraphView, first: number): Core | null {
  const members = new Set([first]);
  let value = view.operations[first].results[0];
  let [softened, causal] = [false, false];
  for (let steps = 0; steps < 12; steps += 1) {
    const users = view.usedBy.get(value) ?? [];
    if (users.length !== 1) return null;
    const [index] = users;
    const op = view.operations[index];
    const product = productOf(op);
    if (product !== null) {
      if (!softened || op.operands[0] !== value || !isActivation(view, op.operands[1])) return null;
      members.add(index);
      return coreOf(view, members, first, index, causal);
    }
    if (op.name === 'ms.softmax') softened = integerOf(op.attributes, 'axis') === shapeOf(value).length - 1;
    else if (!isPointwise(op)) return null;
    causal ||= op.operands.some((operand) => view.constants.has(operand) && isTriangular(view, operand));
    members.add(index);
    value = op.results[0];
  }
  return null;
}

const pointwise: ReadonlySet<string> = new Set([
  'ms.add',
  'ms.sub',
  'ms.mul',
  'ms.div',
  'ms.select',
  'ms.cast',
  'ms.dropout',
  'ms.reshape',
  'ms.minimum',
  'ms.maximum',
  'ms.tanh',
]);

const isPointwise = (op: Operation): boolean => pointwise.has(op.name);

function coreOf(view: GraphView, members: ReadonlySet<number>, first: number, last: number, causal: boolean): Core {
  const [scores, mixed] = [view.operations[first], view.operations[last]];
  const flops = [scores, mixed]
    .map(productOf)
    .reduce(
      (sum, product) =>
        sum + (product === null ? 0 : 2 * product.rows * product.inner * product.columns * product.copies),
      0,
    );
  const keys = [source(view, scores.operands[1]), source(view, mixed.operands[1])];
  return { members, first, last, flops: flops * (causal ? 0.5 : 1), causal, keys };
}

/** The value before heads are repeated. */
function source(view: GraphView, value: Value): Value {
  const made = view.madeBy.get(value);
  const op = made === undefined ? undefined : view.operations[made];
  return op !== undefined && (op.name === 'ms.repeat' || op.name === 'ms.broadcast_to') ? op.operands[0] : value;
}

/**
 * Whether a constant tells the tokens before from those after: numbers compared across, or a matrix whose first and last row of the last
 * two dimensions differ as those of a triangle do.
 */
function isTriangular(view: GraphView, value: Value): boolean {
  const op = view.constantOperations.get(value);
  const [rows = 0, columns = 0] = shapeOf(value).slice(-2);
  if (op === undefined || rows < 2 || rows !== columns) return false;
  if (comparisons.has(op.name)) return isCrossed(op, rows);
  if (op.name === 'ms.logical_not' || op.name === 'ms.cast') return isTriangular(view, op.operands[0]);
  const dense = op.attribute('value');
  if (op.name !== 'ms.constant' || dense?.kind !== 'dense' || dense.data.length < rows * columns) return false;
  const at = (row: number, column: number): number => Number(dense.data[row * columns + column]);
  return at(0, 0) === at(rows - 1, columns - 1) && at(0, 0) === at(rows - 1, 0) && at(0, columns - 1) !== at(0, 0);
}

const comparisons: ReadonlySet<string> = new Set(['ms.less', 'ms.less_equal', 'ms.greater', 'ms.greater_equal']);

/** A row of numbers against a column. */
function isCrossed(op: Operation, length: number): boolean {
  const shapes = op.operands.map((operand) => shapeOf(operand).slice(-2));
  return (
    shapes.some(([, columns]) => columns === length) &&
    shapes.some(([rows, columns]) => rows === length && columns === 1)
  );
}

/** Evaluation of orders: stable, NaN above every number. */
import { boolOf, integerOf } from '../core/definition.ts';
import type { sortOps } from '../ops/sort.ts';
import type { TensorValue } from './array.ts';
import { integersOfValue, isFloatValue, lanesOf, numbersOf } from './array.ts';
import type { Evaluate } from './cell.ts';
import { range, take } from './offsets.ts';

type Element = number | bigint;

function ascending(left: Element, right: Element): number {
  if (Number.isNaN(left) || Number.isNaN(right)) return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The first `keep` places of each lane in order: values, and indices along the axis. */
function order(x: TensorValue, axis: number, descending: boolean, keep: number): readonly TensorValue[] {
  const { outer, extent, inner } = lanesOf(x.shape, axis);
  const elements = isFloatValue(x) ? numbersOf(x) : integersOfValue(x);
  const shape = x.shape.with(axis, keep);
  const indices = new Int32Array(outer * keep * inner);
  const offsets = new Int32Array(indices.length);
  const sign = descending ? -1 : 1;
  for (let lane = 0; lane < outer * inner; lane++) {
    const [block, column] = [Math.floor(lane / inner), lane % inner];
    const at = (index: number) => (block * extent + index) * inner + column;
    const sorted = range(extent).toSorted(
      (left, right) => sign * ascending(elements[at(left)], elements[at(right)]) || left - right,
    );
    for (let place = 0; place < keep; place++) {
      const to = (block * keep + place) * inner + column;
      indices[to] = sorted[place];
      offsets[to] = at(sorted[place]);
    }
  }
  return [take(x, shape, offsets), { shape, dtype: 'i32', data: indices }];
}

export const evaluateSort: Readonly<Record<keyof typeof sortOps, Evaluate>> = {
  'ms.sort': ([x], op) => {
    const axis = integerOf(op.attributes, 'axis');
    return order(x, axis, boolOf(op.attributes, 'descending'), x.shape[axis]);
  },
  'ms.top_k': ([x], op) =>
    order(x, x.shape.length - 1, boolOf(op.attributes, 'largest'), integerOf(op.attributes, 'k')),
};

/** Evaluation of reductions and scans. Floats accumulate in f64 and round once. */
import type { AttributeMap } from '../core/attribute.ts';
import { boolOf, integerOf, integersOf } from '../core/definition.ts';
import { elementCount } from '../core/type.ts';
import type { reduceOps } from '../ops/reduce.ts';
import { reducedShape } from '../ops/reduce.ts';
import type { TensorValue } from './array.ts';
import {
  fromNumbers,
  generateIntegers,
  integersOfValue,
  isFloatValue,
  lanesOf,
  numbersOf,
  stridesOf,
} from './array.ts';
import type { Evaluate } from './cell.ts';
import { steppedOffsets } from './offsets.ts';

/** How a reduction joins two elements, for floats and for integers and booleans. */
interface Join {
  readonly start: number;
  readonly float: (total: number, element: number) => number;
  readonly integer: (total: bigint, element: bigint) => bigint;
}

const SUM: Join = {
  start: 0,
  float: (total, element) => total + element,
  integer: (total, element) => total + element,
};
const PRODUCT: Join = {
  start: 1,
  float: (total, element) => total * element,
  integer: (total, element) => BigInt.asIntN(64, total * element),
};
const GREATEST: Join = {
  start: -Infinity,
  float: Math.max,
  integer: (total, element) => (element > total ? element : total),
};
const SMALLEST: Join = {
  start: Infinity,
  float: Math.min,
  integer: (total, element) => (element < total ? element : total),
};
const ALL: Join = { start: 1, float: () => NaN, integer: (total, element) => total & element };
const ANY: Join = { start: 0, float: () => NaN, integer: (total, element) => total | element };

/** For each element of x, which result element it belongs to. */
function owners(shape: readonly number[], axes: readonly number[]): Int32Array {
  const kept = shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  const strides = stridesOf(kept);
  return steppedOffsets(
    shape,
    shape.map((_, axis) => (axes.includes(axis) ? 0 : strides[axis])),
  );
}

function reduceFloats(x: TensorValue, axes: readonly number[], join: Join): Float64Array {
  const owner = owners(x.shape, axes);
  const numbers = numbersOf(x);
  const totals = new Float64Array(elementCount(reducedShape(x.shape, axes, false).map(Number))).fill(join.start);
  for (let index = 0; index < owner.length; index++)
    totals[owner[index]] = join.float(totals[owner[index]], numbers[index]);
  return totals;
}

function reduceIntegers(x: TensorValue, axes: readonly number[], join: Join): readonly bigint[] {
  const owner = owners(x.shape, axes);
  const integers = integersOfValue(x);
  const totals: (bigint | null)[] = Array<bigint | null>(
    elementCount(reducedShape(x.shape, axes, false).map(Number)),
  ).fill(null);
  for (let index = 0; index < owner.length; index++) {
    const total = totals[owner[index]];
    totals[owner[index]] = total === null ? integers[index] : join.integer(total, integers[index]);
  }
  return totals.map((total) => total ?? (Number.isFinite(join.start) ? BigInt(join.start) : 0n));
}

function reduce(join: Join, finish: (total: number, count: number) => number = (total) => total): Evaluate {
  return ([x], op) => {
    const axes = integersOf(op.attributes, 'axes');
    const shape = reducedShape(x.shape, axes, boolOf(op.attributes, 'keep_dims')).map(Number);
    if (!isFloatValue(x)) {
      const totals = reduceIntegers(x, axes, join);
      return [generateIntegers(shape, x.dtype, (index) => totals[index])];
    }
    const count = elementCount(axes.map((axis) => x.shape[axis]));
    return [
      fromNumbers(
        shape,
        x.dtype,
        reduceFloats(x, axes, join).map((total) => finish(total, count)),
      ),
    ];
  };
}

/** Whether a candidate beats the best so far; NaN beats everything and stays. */
type Beats = (candidate: number | bigint, best: number | bigint) => boolean;

const isNaNElement = (element: number | bigint): boolean => typeof element === 'number' && Number.isNaN(element);

function argBest(better: Beats): Evaluate {
  return ([x], op) => {
    const axis = integerOf(op.attributes, 'axis');
    const { outer, extent, inner } = lanesOf(x.shape, axis);
    const elements = isFloatValue(x) ? numbersOf(x) : integersOfValue(x);
    const best = new Int32Array(outer * inner);
    for (let lane = 0; lane < best.length; lane++) {
      const base = Math.floor(lane / inner) * extent * inner + (lane % inner);
      for (let index = 1; index < extent; index++) {
        const [candidate, held] = [elements[base + index * inner], elements[base + best[lane] * inner]];
        if (!isNaNElement(held) && (isNaNElement(candidate) || better(candidate, held))) best[lane] = index;
      }
    }
    return [
      {
        shape: reducedShape(x.shape, [axis], boolOf(op.attributes, 'keep_dims')).map(Number),
        dtype: 'i32',
        data: best,
      },
    ];
  };
}

function scan(join: Join): Evaluate {
  return ([x], op) => {
    const lanes = lanesOf(x.shape, integerOf(op.attributes, 'axis'));
    if (isFloatValue(x)) {
      const out = new Float64Array(x.data.length);
      const numbers = numbersOf(x);
      walkScan(
        lanes,
        op.attributes,
        join.start,
        (index) => numbers[index],
        join.float,
        (index, total) => (out[index] = total),
      );
      return [fromNumbers(x.shape, x.dtype, out)];
    }
    const out = Array<bigint>(x.data.length).fill(0n);
    const integers = integersOfValue(x);
    walkScan(
      lanes,
      op.attributes,
      BigInt(join.start),
      (index) => integers[index],
      join.integer,
      (index, total) => (out[index] = total),
    );
    return [generateIntegers(x.shape, x.dtype, (index) => out[index])];
  };
}

function walkScan<Element>(
  { outer, extent, inner }: { readonly outer: number; readonly extent: number; readonly inner: number },
  attributes: AttributeMap,
  start: Element,
  read: (index: number) => Element,
  join: (total: Element, element: Element) => Element,
  write: (index: number, total: Element) => void,
): void {
  const [exclusive, reverse] = [boolOf(attributes, 'exclusive'), boolOf(attributes, 'reverse')];
  for (let lane = 0; lane < outer * inner; lane++) {
    const base = Math.floor(lane / inner) * extent * inner + (lane % inner);
    let total = start;
    for (let step = 0; step < extent; step++) {
      const at = base + (reverse ? extent - 1 - step : step) * inner;
      const joined = join(total, read(at));
      write(at, exclusive ? total : joined);
      total = joined;
    }
  }
}

/** Along one axis: `finish(shifted x, Σ exp(shifted))` with x shifted by its maximum. */
function exponential(finish: (shifted: number, sum: number) => number): Evaluate {
  return ([x], op) => {
    const { outer, extent, inner } = lanesOf(x.shape, integerOf(op.attributes, 'axis'));
    const numbers = numbersOf(x);
    const out = new Float64Array(numbers.length);
    for (let lane = 0; lane < outer * inner; lane++) {
      const base = Math.floor(lane / inner) * extent * inner + (lane % inner);
      let greatest = -Infinity;
      for (let index = 0; index < extent; index++) greatest = Math.max(greatest, numbers[base + index * inner]);
      let sum = 0;
      for (let index = 0; index < extent; index++) sum += Math.exp(numbers[base + index * inner] - greatest);
      for (let at = base; at < base + extent * inner; at += inner) out[at] = finish(numbers[at] - greatest, sum);
    }
    return [fromNumbers(x.shape, x.dtype, out)];
  };
}

export const evaluateReduce: Readonly<Record<keyof typeof reduceOps, Evaluate>> = {
  'ms.reduce_sum': reduce(SUM),
  'ms.reduce_mean': reduce(SUM, (total, count) => total / count),
  'ms.reduce_prod': reduce(PRODUCT),
  'ms.reduce_max': reduce(GREATEST),
  'ms.reduce_min': reduce(SMALLEST),
  'ms.reduce_all': reduce(ALL),
  'ms.reduce_any': reduce(ANY),
  'ms.argmax': argBest((candidate, best) => candidate > best),
  'ms.argmin': argBest((candidate, best) => candidate < best),
  'ms.cumsum': scan(SUM),
  'ms.cumprod': scan(PRODUCT),
  'ms.softmax': exponential((shifted, sum) => Math.exp(shifted) / sum),
  'ms.log_softmax': exponential((shifted, sum) => shifted - Math.log(sum)),
};

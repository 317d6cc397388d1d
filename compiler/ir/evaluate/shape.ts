/** Evaluation of data movement: offset tables, whatever the dtype. */
import type { AttributeMap } from '../core/attribute.ts';
import { elementArray } from '../core/attribute.ts';
import { floatOf, integerOf, integersOf, stringOf } from '../core/definition.ts';
import { elementCount } from '../core/type.ts';
import { storeNumber } from '../ops/index.ts';
import type { shapeOps } from '../ops/shape.ts';
import { sliceLength } from '../ops/slice.ts';
import type { TensorValue } from './array.ts';
import { lanesOf, staticResult, stridesOf } from './array.ts';
import type { Evaluate } from './cell.ts';
import { broadcastOffsets, lookedUpOffsets, NOWHERE, range, steppedOffsets, take } from './offsets.ts';

/** Moves elements along each dimension by a list of source indices. */
function lookUp(x: TensorValue, listOf: (extent: number, axis: number) => readonly number[]): TensorValue {
  const lists = x.shape.map(listOf);
  return take(
    x,
    lists.map((list) => list.length),
    lookedUpOffsets(x.shape, lists),
  );
}

/** The same for one dimension; the others stay. */
const lookUpAxis = (x: TensorValue, axis: number, list: (extent: number) => readonly number[]): TensorValue =>
  lookUp(x, (extent, at) => (at === axis ? list(extent) : range(extent)));

/** Source indices of a slice along every dimension. */
function sliceLists(shape: readonly number[], attributes: AttributeMap): readonly (readonly number[])[] {
  const [axes, begins, strides] = ['axes', 'begins', 'strides'].map((name) => integersOf(attributes, name));
  return shape.map((extent, axis) => {
    const index = axes.indexOf(axis);
    return index < 0
      ? range(extent)
      : range(sliceLength(attributes, index)).map((step) => begins[index] + step * strides[index]);
  });
}

/** Where a padded index comes from, by mode. */
const PAD_SOURCE: Readonly<Record<string, (at: number, extent: number) => number>> = {
  constant: () => NOWHERE,
  reflect: (at, extent) => (at < 0 ? -at : 2 * extent - 2 - at),
  symmetric: (at, extent) => (at < 0 ? -at - 1 : 2 * extent - 1 - at),
  edge: (at, extent) => (at < 0 ? 0 : extent - 1),
};

function pad(x: TensorValue, attributes: AttributeMap): TensorValue {
  const [low, high] = [integersOf(attributes, 'low'), integersOf(attributes, 'high')];
  const source = PAD_SOURCE[stringOf(attributes, 'mode')];
  const lists = x.shape.map((extent, axis) =>
    range(low[axis] + extent + high[axis])
      .map((index) => index - low[axis])
      .map((at) => (at >= 0 && at < extent ? at : source(at, extent))),
  );
  const offsets = lookedUpOffsets(x.shape, lists);
  const padded = take(
    x,
    lists.map((list) => list.length),
    offsets,
  );
  const fill = elementArray(x.dtype, 1);
  storeNumber(x.dtype, fill, 0, floatOf(attributes, 'value'));
  for (let index = 0; index < offsets.length; index++) if (offsets[index] === NOWHERE) padded.data[index] = fill[0];
  return padded;
}

function concat(parts: readonly TensorValue[], axis: number): TensorValue {
  const extent = parts.reduce((sum, part) => sum + part.shape[axis], 0);
  const shape = parts[0].shape.with(axis, extent);
  const data = elementArray(parts[0].dtype, elementCount(shape));
  const { outer, inner } = lanesOf(shape, axis);
  let to = 0;
  for (let lane = 0; lane < outer; lane++) {
    for (const part of parts) {
      const run = part.shape[axis] * inner;
      copyRun(part.data, lane * run, data, to, run);
      to += run;
    }
  }
  return { shape, dtype: parts[0].dtype, data };
}

function copyRun(from: TensorValue['data'], at: number, to: TensorValue['data'], toAt: number, count: number): void {
  for (let index = 0; index < count; index++) to[toAt + index] = from[at + index];
}

function split(x: TensorValue, axis: number, sizes: readonly number[]): readonly TensorValue[] {
  let begin = 0;
  return sizes.map((size) => {
    const from = begin;
    begin += size;
    return lookUpAxis(x, axis, () => range(size).map((index) => from + index));
  });
}

const modulo = (value: number, count: number): number => ((value % count) + count) % count;

export const evaluateShape: Readonly<Record<keyof typeof shapeOps, Evaluate>> = {
  'ms.reshape': ([x], op) => [{ ...x, shape: staticResult(op.resultTypes[0]).shape }],
  'ms.transpose': ([x], op) => {
    const permutation = integersOf(op.attributes, 'permutation');
    const shape = permutation.map((axis) => x.shape[axis]);
    const strides = stridesOf(x.shape);
    return [
      take(
        x,
        shape,
        steppedOffsets(
          shape,
          permutation.map((axis) => strides[axis]),
        ),
      ),
    ];
  },
  'ms.broadcast_to': ([x], op) => {
    const { shape } = staticResult(op.resultTypes[0]);
    const offsets = broadcastOffsets(x.shape, shape);
    return [offsets === null ? x : take(x, shape, offsets)];
  },
  'ms.concat': (parts, op) => [concat(parts, integerOf(op.attributes, 'axis'))],
  'ms.split': ([x], op) => split(x, integerOf(op.attributes, 'axis'), integersOf(op.attributes, 'sizes')),
  'ms.slice': ([x], op) => {
    const lists = sliceLists(x.shape, op.attributes);
    return [lookUp(x, (_, axis) => lists[axis])];
  },
  'ms.slice_update': ([x, update], op) => {
    const offsets = lookedUpOffsets(x.shape, sliceLists(x.shape, op.attributes));
    const data = x.data.slice();
    for (let index = 0; index < offsets.length; index++) data[offsets[index]] = update.data[index];
    return [{ ...x, data }];
  },
  'ms.pad': ([x], op) => [pad(x, op.attributes)],
  'ms.tile': ([x], op) => [
    lookUp(x, (extent, axis) =>
      range(extent * integersOf(op.attributes, 'repeats')[axis]).map((index) => index % extent),
    ),
  ],
  'ms.repeat': ([x], op) => {
    const count = integerOf(op.attributes, 'count');
    return [
      lookUpAxis(x, integerOf(op.attributes, 'axis'), (extent) =>
        range(extent * count).map((index) => Math.floor(index / count)),
      ),
    ];
  },
  'ms.reverse': ([x], op) => {
    const axes = integersOf(op.attributes, 'axes');
    return [
      lookUp(x, (extent, axis) =>
        axes.includes(axis) ? range(extent).map((index) => extent - 1 - index) : range(extent),
      ),
    ];
  },
  'ms.roll': ([x], op) => {
    const shift = integerOf(op.attributes, 'shift');
    return [
      lookUpAxis(x, integerOf(op.attributes, 'axis'), (extent) =>
        range(extent).map((index) => modulo(index - shift, extent)),
      ),
    ];
  },
};

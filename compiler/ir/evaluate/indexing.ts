/** Evaluation of gathers and scatters. */
import { elementArray } from '../core/attribute.ts';
import { integerOf, stringOf } from '../core/definition.ts';
import { elementCount } from '../core/type.ts';
import type { indexingOps } from '../ops/indexing.ts';
import type { TensorValue } from './array.ts';
import { generate, lanesOf, numbersOf, staticResult, stridesOf } from './array.ts';
import type { Evaluate } from './cell.ts';
import { evaluateBinary } from './elementwise.ts';
import { lookedUpOffsets, mappedOffsets, NOWHERE, range, steppedOffsets, take } from './offsets.ts';

const inside = (index: number, extent: number): number => (index >= 0 && index < extent ? index : NOWHERE);

function gather(x: TensorValue, indices: TensorValue, axis: number): TensorValue {
  const taken = Array.from(numbersOf(indices), (index) => inside(index, x.shape[axis]));
  const offsets = lookedUpOffsets(
    x.shape,
    x.shape.map((extent, at) => (at === axis ? taken : range(extent))),
  );
  return take(x, [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], offsets);
}

/** For each element of the indices, the offset into x that it names along an axis. */
function elementOffsets(x: TensorValue, indices: TensorValue, axis: number): Int32Array {
  const stride = stridesOf(x.shape)[axis];
  const others = steppedOffsets(indices.shape, stridesOf(x.shape).with(axis, 0));
  const numbers = numbersOf(indices);
  return others.map((offset, index) =>
    inside(numbers[index], x.shape[axis]) === NOWHERE ? NOWHERE : offset + numbers[index] * stride,
  );
}

/** For each tuple of the last dimension, then each element of the rest of x, its offset. */
function tupleOffsets(x: TensorValue, indices: TensorValue): Int32Array {
  const length = indices.shape.at(-1) ?? 0;
  const strides = stridesOf(x.shape);
  const numbers = numbersOf(indices);
  const tuples = Int32Array.from({ length: elementCount(indices.shape.slice(0, -1)) }, (_, tuple) => {
    const index = range(length).map((at) => inside(numbers[tuple * length + at], x.shape[at]));
    return index.includes(NOWHERE) ? NOWHERE : index.reduce((offset, value, at) => offset + value * strides[at], 0);
  });
  return mappedOffsets([tuples, Int32Array.from(range(elementCount(x.shape.slice(length))))]);
}

/** x with updates joined in at offsets, one after another. */
function scatter(x: TensorValue, updates: TensorValue, offsets: Int32Array, reduction: string): TensorValue {
  const data = x.data.slice();
  const one = (value: TensorValue['data'], at: number): TensorValue => ({
    shape: [],
    dtype: x.dtype,
    data: value.slice(at, at + 1),
  });
  const join = JOINS[reduction];
  for (let index = 0; index < offsets.length; index++) {
    if (offsets[index] === NOWHERE) continue;
    const update = one(updates.data, index);
    const joined = join === null ? update : join([one(data, offsets[index]), update], NO_VIEW)[0];
    data[offsets[index]] = joined.data[0];
  }
  return { ...x, data };
}

const NO_VIEW = { operandTypes: [], attributes: new Map(), resultTypes: [] };

const JOINS: Readonly<Record<string, Evaluate | null>> = {
  none: null,
  add: evaluateBinary['ms.add'],
  mul: evaluateBinary['ms.mul'],
  max: evaluateBinary['ms.maximum'],
  min: evaluateBinary['ms.minimum'],
};

const TRIANGLE: Readonly<Record<string, (offset: number, diagonal: number) => boolean>> = {
  lower: (offset, diagonal) => offset <= diagonal,
  upper: (offset, diagonal) => offset >= diagonal,
};

export const evaluateIndexing: Readonly<Record<keyof typeof indexingOps, Evaluate>> = {
  'ms.gather': ([x, indices], op) => [gather(x, indices, integerOf(op.attributes, 'axis'))],
  'ms.gather_elements': ([x, indices], op) => [
    take(x, indices.shape, elementOffsets(x, indices, integerOf(op.attributes, 'axis'))),
  ],
  'ms.gather_nd': ([x, indices]) => {
    const shape = [...indices.shape.slice(0, -1), ...x.shape.slice(indices.shape.at(-1) ?? 0)];
    return [take(x, shape, tupleOffsets(x, indices))];
  },
  'ms.scatter_nd': ([x, indices, updates], op) => [
    scatter(x, updates, tupleOffsets(x, indices), stringOf(op.attributes, 'reduction')),
  ],
  'ms.scatter_elements': ([x, indices, updates], op) => [
    scatter(
      x,
      updates,
      elementOffsets(x, indices, integerOf(op.attributes, 'axis')),
      stringOf(op.attributes, 'reduction'),
    ),
  ],
  'ms.one_hot': ([indices, on, off], op) => {
    const shape = indices.shape.toSpliced(integerOf(op.attributes, 'axis'), 0, integerOf(op.attributes, 'depth'));
    const { extent, inner } = lanesOf(shape, integerOf(op.attributes, 'axis'));
    const numbers = numbersOf(indices);
    const data = elementArray(on.dtype, elementCount(shape));
    for (let index = 0; index < data.length; index++) {
      const lane = Math.floor(index / (extent * inner)) * inner + (index % inner);
      data[index] = (numbers[lane] === Math.floor(index / inner) % extent ? on : off).data[0];
    }
    return [{ shape, dtype: on.dtype, data }];
  },
  'ms.triangle': (_, op) => {
    const { shape, dtype } = staticResult(op.resultTypes[0]);
    const [rows, columns] = shape.slice(-2);
    const holds = TRIANGLE[stringOf(op.attributes, 'part')];
    const diagonal = integerOf(op.attributes, 'diagonal');
    return [
      generate(shape, dtype, (index) =>
        Number(holds((index % columns) - (Math.floor(index / columns) % rows), diagonal)),
      ),
    ];
  },
};

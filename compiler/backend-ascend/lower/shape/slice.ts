/** Parts of tensors: slice, split, concat, slice_update. */
import type { AttributeMap, Value } from '../../../ir/index.ts';
import { integerOf, integersOf } from '../../../ir/index.ts';
import type { LowerRule } from '../lowering.ts';
import { boxAxes, copyBox, offsetOf, shapeOf, stridesOf } from './box.ts';

/** First index and stride of a slice along every dimension. */
function steps(
  attributes: AttributeMap,
  rank: number,
): { readonly begins: readonly number[]; readonly steps: readonly number[] } {
  const axes = integersOf(attributes, 'axes');
  const spread = (name: string, otherwise: number): readonly number[] => {
    const values = integersOf(attributes, name);
    return Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? values[axes.indexOf(axis)] : otherwise));
  };
  return { begins: spread('begins', 0), steps: spread('strides', 1) };
}

export const sliceRule: LowerRule = (op, lowering) => {
  const [x] = op.operands;
  const [result] = op.results;
  const strides = stridesOf(x);
  const cut = steps(op.attributes, strides.length);
  copyBox(lowering, op, x, result, {
    axes: boxAxes(
      shapeOf(result),
      strides.map((stride, axis) => stride * cut.steps[axis]),
      stridesOf(result),
    ),
    sourceOffset: offsetOf(cut.begins, strides),
  });
  return null;
};

export const sliceUpdateRule: LowerRule = (op, lowering) => {
  const [x, update] = op.operands;
  const [result] = op.results;
  const strides = stridesOf(x);
  const cut = steps(op.attributes, strides.length);
  copyBox(lowering, op, x, result, { axes: boxAxes(shapeOf(x), strides, strides) });
  copyBox(lowering, op, update, result, {
    axes: boxAxes(
      shapeOf(update),
      stridesOf(update),
      strides.map((stride, axis) => stride * cut.steps[axis]),
    ),
    targetOffset: offsetOf(cut.begins, strides),
  });
  return null;
};

export const concatRule: LowerRule = (op, lowering) => {
  const [result] = op.results;
  joinParts(integerOf(op.attributes, 'axis'), op.operands, stridesOf(result), (part, offset) =>
    copyBox(lowering, op, part, result, {
      axes: boxAxes(shapeOf(part), stridesOf(part), stridesOf(result)),
      targetOffset: offset,
    }),
  );
  return null;
};

export const splitRule: LowerRule = (op, lowering) => {
  const [x] = op.operands;
  joinParts(integerOf(op.attributes, 'axis'), op.results, stridesOf(x), (part, offset) =>
    copyBox(lowering, op, x, part, {
      axes: boxAxes(shapeOf(part), stridesOf(x), stridesOf(part)),
      sourceOffset: offset,
    }),
  );
  return null;
};

/** Visits parts that lie one after another along an axis of a whole with these strides. */
function joinParts(
  axis: number,
  parts: readonly Value[],
  whole: readonly number[],
  visit: (part: Value, offset: number) => void,
): void {
  let begin = 0;
  for (const part of parts) {
    visit(part, begin * whole[axis]);
    begin += shapeOf(part)[axis];
  }
}

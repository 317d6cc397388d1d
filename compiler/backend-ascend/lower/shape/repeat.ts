/** Elements that are repeated or turned round: broadcast_to, tile, repeat, reverse, roll. */
import { integerOf, integersOf } from '../../../ir/index.ts';
import type { LowerRule } from '../lowering.ts';
import { boxAxes, copyBox, offsetOf, shapeOf, stridesOf } from './box.ts';

export const broadcastRule: LowerRule = (op, lowering) => {
  const [x] = op.operands;
  const [result] = op.results;
  const extents = shapeOf(result);
  const shape = [...Array<number>(extents.length - shapeOf(x).length).fill(1), ...shapeOf(x)];
  if (shape.every((extent, axis) => extent === extents[axis])) {
    lowering.alias(result, x);
    return null;
  }
  const strides = [...Array<number>(shape.length - shapeOf(x).length).fill(0), ...stridesOf(x)];
  const source = strides.map((stride, axis) => (shape[axis] === 1 ? 0 : stride));
  copyBox(lowering, op, x, result, { axes: boxAxes(extents, source, stridesOf(result)) });
  return null;
};

export const tileRule: LowerRule = (op, lowering) => {
  const [x] = op.operands;
  const [result] = op.results;
  const [shape, source, target] = [shapeOf(x), stridesOf(x), stridesOf(result)];
  const copies = integersOf(op.attributes, 'repeats').map((extent, axis) => ({
    extent,
    source: 0,
    target: shape[axis] * target[axis],
  }));
  copyBox(lowering, op, x, result, { axes: [...copies, ...boxAxes(shape, source, target)] });
  return null;
};

export const repeatRule: LowerRule = (op, lowering) => {
  const [x] = op.operands;
  const [result] = op.results;
  const [axis, count] = [integerOf(op.attributes, 'axis'), integerOf(op.attributes, 'count')];
  const target = stridesOf(result);
  const spread = target.with(axis, target[axis] * count);
  copyBox(lowering, op, x, result, {
    axes: [...boxAxes(shapeOf(x), stridesOf(x), spread), { extent: count, source: 0, target: target[axis] }],
  });
  return null;
};

export const reverseRule: LowerRule = (op, lowering) => {
  const [x] = op.operands;
  const [result] = op.results;
  const axes = integersOf(op.attributes, 'axes');
  const [shape, strides] = [shapeOf(x), stridesOf(x)];
  const last = shape.map((extent, axis) => (axes.includes(axis) ? extent - 1 : 0));
  copyBox(lowering, op, x, result, {
    axes: boxAxes(
      shape,
      strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride)),
      strides,
    ),
    sourceOffset: offsetOf(last, strides),
  });
  return null;
};

export const rollRule: LowerRule = (op, lowering) => {
  const [x] = op.operands;
  const [result] = op.results;
  const axis = integerOf(op.attributes, 'axis');
  const [shape, strides] = [shapeOf(x), stridesOf(x)];
  const extent = shape[axis];
  const shift = extent === 0 ? 0 : ((integerOf(op.attributes, 'shift') % extent) + extent) % extent;
  const move = (from: number, to: number, size: number): void =>
    copyBox(lowering, op, x, result, {
      axes: boxAxes(shape.with(axis, size), strides, strides),
      sourceOffset: from * strides[axis],
      targetOffset: to * strides[axis],
    });
  move(0, shift, extent - shift);
  move(extent - shift, 0, shift);
  return null;
};

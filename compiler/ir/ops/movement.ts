/** Data movement in terms of reshape, broadcast_to, split, concat and gather. */
import { denseAttribute, elementArray, integerAttribute, integersAttribute } from '../core/attribute.ts';
import { integerOf, integersOf } from '../core/definition.ts';
import type { Value } from '../core/operation.ts';
import { tensorType } from '../core/type.ts';
import type { Decomposition } from './define.ts';
import { tensor } from './dimension.ts';
import type { Emitter } from './emitter.ts';

/** x as one shape, broadcast to another, and read as the result. */
function spread(
  emit: Emitter,
  x: Value,
  from: readonly (number | string)[],
  to: readonly (number | string)[],
  result: Value['type'],
): Value {
  const { dtype } = tensor(x.type);
  const column = emit.stated('ms.reshape', [x], tensorType(from, dtype));
  return emit.stated('ms.reshape', [emit.stated('ms.broadcast_to', [column], tensorType(to, dtype))], result);
}

/** [d0, d1] as [1, d0, 1, d1] to [r0, d0, r1, d1]. */
export const tileMeaning: Decomposition = (emit, [x], op) => {
  const { shape } = tensor(x.type);
  const repeats = integersOf(op.attributes, 'repeats');
  const from = shape.flatMap((extent) => [1, extent]);
  const to = shape.flatMap((extent, axis) => [repeats[axis], extent]);
  return [spread(emit, x, from, to, op.resultTypes[0])];
};

/** [.., d, ..] as [.., d, 1, ..] to [.., d, count, ..]. */
export const repeatMeaning: Decomposition = (emit, [x], op) => {
  const { shape } = tensor(x.type);
  const axis = integerOf(op.attributes, 'axis');
  const to = shape.toSpliced(axis + 1, 0, integerOf(op.attributes, 'count'));
  return [spread(emit, x, shape.toSpliced(axis + 1, 0, 1), to, op.resultTypes[0])];
};

/** Elements in reverse order, by constant indices along each axis. */
export const reverseMeaning: Decomposition = (emit, [x], op) => {
  const turned = integersOf(op.attributes, 'axes').reduce((value, axis) => {
    const extent = Number(tensor(value.type).shape[axis]);
    const indices = elementArray('i32', extent);
    for (let index = 0; index < extent; index++) indices[index] = extent - 1 - index;
    const constant = emit.op('ms.constant', [], { value: denseAttribute(tensorType([extent], 'i32'), indices) });
    return emit.op('ms.gather', [value, constant], { axis: integerAttribute(axis) });
  }, x);
  return [turned];
};

/** Both parts of x in exchanged order. */
export const rollMeaning: Decomposition = (emit, [x], op) => {
  const axis = integerOf(op.attributes, 'axis');
  const extent = Number(tensor(x.type).shape[axis]);
  const shift = extent === 0 ? 0 : ((integerOf(op.attributes, 'shift') % extent) + extent) % extent;
  const along = { axis: integerAttribute(axis) };
  const [head, tail] = emit.all('ms.split', [x], { ...along, sizes: integersAttribute([extent - shift, shift]) });
  return [emit.op('ms.concat', [tail, head], along)];
};

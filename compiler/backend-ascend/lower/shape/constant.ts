/** Values from nothing: constants and counting. They are made when the program is prepared. */
import type { DType } from '../../../ir/index.ts';
import { dtypeBytes, elementArray, elementCount, integerOf } from '../../../ir/index.ts';
import { storeNumber } from '../../../ir/ops/index.ts';
import { physicalBytes } from '../layout.ts';
import type { LowerRule } from '../lowering.ts';
import { tensorOf } from '../tensor.ts';
import { affineCopy } from './affine.ts';
import { boxAxes, shapeOf, stridesOf } from './box.ts';
import { launchCopy } from './copy.ts';
import { launchFill } from './fill.ts';

export const constantRule: LowerRule = (op, lowering) => {
  const [result] = op.results;
  const value = op.attributes.get('value');
  if (value?.kind !== 'dense') throw new Error('ms.constant without a value');
  const bytes = new Uint8Array(value.data.buffer, value.data.byteOffset, value.data.byteLength);
  const isSplat = value.data.length === 1 && elementCount(shapeOf(result)) !== 1;
  if (isSplat) launchFill(lowering, lowering.buffer(result), physicalBytes(tensorOf(result)), bytes);
  else lowering.store(result, bytes);
  return null;
};

/** One line of numbers, repeated along the other dimensions. */
export const iotaRule: LowerRule = (op, lowering) => {
  const [result] = op.results;
  const { dtype } = tensorOf(result);
  const axis = integerOf(op.attributes, 'axis');
  const shape = shapeOf(result);
  const line = lineOf(dtype, shape[axis]);
  if (elementCount(shape) === shape[axis]) {
    lowering.store(result, line);
    return null;
  }
  const source = shape.map((_, at) => (at === axis ? 1 : 0));
  const copy = affineCopy(dtypeBytes(dtype), boxAxes(shape, source, stridesOf(result)));
  launchCopy(
    lowering,
    'iota',
    copy,
    { buffer: lowering.constant(line), bytes: 0 },
    { buffer: lowering.buffer(result), bytes: 0 },
  );
  return null;
};

/** 0, 1, 2, … as elements. */
function lineOf(dtype: DType, length: number): Uint8Array {
  const data = elementArray(dtype, length);
  for (let index = 0; index < length; index++) storeNumber(dtype, data, index, index);
  return new Uint8Array(data.buffer);
}

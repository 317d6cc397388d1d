/** Evaluation of constants. */
import { elementArray } from '../core/attribute.ts';
import { integerOf } from '../core/definition.ts';
import { elementCount } from '../core/type.ts';
import type { constantOps } from '../ops/constant.ts';
import { generate, lanesOf, staticResult } from './array.ts';
import type { Evaluate } from './cell.ts';

export const evaluateConstant: Readonly<Record<keyof typeof constantOps, Evaluate>> = {
  'ms.constant': (_, op) => {
    const value = op.attributes.get('value');
    if (value?.kind !== 'dense') throw new Error('constant without a dense value');
    const { shape, dtype } = staticResult(value.type);
    const count = elementCount(shape);
    if (value.data.length === count) return [{ shape, dtype, data: value.data }];
    const data = elementArray(dtype, count);
    for (let index = 0; index < count; index++) data[index] = value.data[0];
    return [{ shape, dtype, data }];
  },
  'ms.iota': (_, op) => {
    const { shape, dtype } = staticResult(op.resultTypes[0]);
    const { extent, inner } = lanesOf(shape, integerOf(op.attributes, 'axis'));
    return [generate(shape, dtype, (index) => Math.floor(index / inner) % extent)];
  },
};

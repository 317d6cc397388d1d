/** Order between computations that data does not order. */
import { tensorType } from '../core/type.ts';
import { indexNames, WHOLE } from './axes.ts';
import { defineFamily } from './define.ts';
import { tensor } from './dimension.ts';
import { anyTensor, one, variadic } from './slot.ts';

export const orderOps = defineFamily('order', {
  'ms.depend': {
    summary: 'x, computed after the other operands. What is made of it is not merged with what is made of x itself.',
    operands: [one('x', anyTensor), variadic('after', anyTensor)],
    results: [one('result', anyTensor)],
    infer: ([x]) => [tensorType(tensor(x).shape, tensor(x).dtype)],
    axes: (op) => {
      const names = indexNames(tensor(op.operandTypes[0]).shape.length);
      const others = op.operandTypes.slice(1).map((type) => tensor(type).shape.map(() => WHOLE));
      return { operands: [names, ...others], results: [names], summed: [], indivisible: [] };
    },
    decompose: (_, [x]) => [x],
  },
});

/** Orders. Sorting is stable, and NaN is greater than every number. */
import { absent, integerOf } from '../core/definition.ts';
import { tensorType } from '../core/type.ts';
import { alongAxes, indexNames } from './axes.ts';
import { constraints, defineFamily } from './define.ts';
import { tensor } from './dimension.ts';
import { axisProblem, axisSlot } from './reduce.ts';
import { boolSlot, indexTensor, integerSlot, numberTensor, one } from './slot.ts';

const results = [one('values', numberTensor), one('indices', indexTensor)];

export const sortOps = defineFamily('sort', {
  'ms.sort': {
    summary: 'Elements in order along an axis, and where each came from (i32).',
    operands: [one('x', numberTensor)],
    results,
    attributes: [axisSlot, boolSlot('descending', 'greatest first')],
    constraints: constraints(['axis is a dimension of x', axisProblem]),
    infer: ([x]) => [tensorType(tensor(x).shape, tensor(x).dtype), tensorType(tensor(x).shape, 'i32')],
    axes: (op) => alongAxes(op, tensor(op.operandTypes[0]).shape.length, [integerOf(op.attributes, 'axis')]),
    decompose: absent('primitive'),
  },
  'ms.top_k': {
    summary:
      'The k greatest (or smallest) elements along the last dimension, best first, and where each came from (i32).',
    operands: [one('x', numberTensor)],
    results,
    attributes: [integerSlot('k', 'how many'), boolSlot('largest', 'greatest rather than smallest')],
    constraints: constraints(
      ['x has rank 1 or more', ([x]) => (tensor(x).shape.length > 0 ? null : 'rank of x is 0, expected 1 or more')],
      [
        'k is at most the last extent of x',
        ([x], attributes) => {
          const [k, extent] = [integerOf(attributes, 'k'), tensor(x).shape.at(-1)];
          return k >= 0 && typeof extent === 'number' && k <= extent
            ? null
            : `k is ${k}, last dimension of x is ${extent}`;
        },
      ],
    ),
    infer: ([x], attributes) => {
      const { shape, dtype } = tensor(x);
      const taken = shape.with(-1, integerOf(attributes, 'k'));
      return [tensorType(taken, dtype), tensorType(taken, 'i32')];
    },
    axes: (op) => {
      const names = indexNames(tensor(op.operandTypes[0]).shape.length).with(-1, '_');
      return { operands: [names], results: [names, names], summed: [], indivisible: [] };
    },
    decompose: absent('primitive'),
  },
});

/** Values from nothing: constants and counting. */
import { absent, integerOf } from '../core/definition.ts';
import { constraints, defineFamily } from './define.ts';
import { indexNames } from './axes.ts';
import { tensor } from './dimension.ts';
import { axisSlot } from './reduce.ts';
import { anyTensor, denseSlot, numberTensor, one } from './slot.ts';

export const constantOps = defineFamily('constant', {
  'ms.constant': {
    summary: 'The elements of `value`; one element stands for all (a splat).',
    operands: [],
    results: [one('result', anyTensor)],
    attributes: [denseSlot('value', 'the elements, of the type of the result')],
    traits: ['constant'],
    constraints: constraints([
      'value has one element or all',
      (_, attributes) => {
        const value = attributes.get('value');
        if (value?.kind !== 'dense') return 'value is not dense';
        const count = value.type.shape.reduce<number>((product, extent) => product * Number(extent), 1);
        return value.data.length === 1 || value.data.length === count
          ? null
          : `value has ${value.data.length} elements, its type ${count}`;
      },
    ]),
    infer: (_, attributes) => {
      const value = attributes.get('value');
      if (value?.kind !== 'dense') throw new Error('value is not dense');
      return [value.type];
    },
    axes: absent('its elements are data'),
    decompose: absent('primitive'),
  },
  'ms.iota': {
    summary: 'Element [.., i, ..] is i along `axis`, of the stated type.',
    operands: [],
    results: [one('result', numberTensor)],
    attributes: [axisSlot],
    constraints: constraints([
      'axis is a dimension of the result',
      (_, attributes, [result]) => {
        const [axis, rank] = [integerOf(attributes, 'axis'), tensor(result).shape.length];
        return axis >= 0 && axis < rank ? null : `axis is ${axis}, rank of result is ${rank}`;
      },
    ]),
    infer: absent('states its result type'),
    axes: (op) => {
      const names = indexNames(tensor(op.resultTypes[0]).shape.length);
      return { operands: [], results: [names], summed: [], indivisible: [names[integerOf(op.attributes, 'axis')]] };
    },
    decompose: absent('primitive'),
  },
});

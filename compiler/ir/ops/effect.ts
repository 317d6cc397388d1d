/** The two effects a network can have: to say something and to stop. They keep their order within a block. */
import { absent } from '../core/definition.ts';
import { constraints, defineFamily } from './define.ts';
import { shapeText, tensor } from './dimension.ts';
import { anyTensor, boolTensor, one, textSlot, variadic } from './slot.ts';

export const effectOps = defineFamily('effect', {
  'ms.print': {
    summary: 'Prints the format with each {} replaced by an operand.',
    operands: [variadic('values', anyTensor)],
    results: [],
    attributes: [textSlot('format', 'text with one {} for each operand')],
    traits: ['effect'],
    constraints: constraints([
      'format has a {} for each operand',
      (types, attributes) => {
        const format = attributes.get('format');
        const places = format?.kind === 'string' ? format.value.split('{}').length - 1 : 0;
        return places === types.length ? null : `places in format are ${places}, operands are ${types.length}`;
      },
    ]),
    infer: () => [],
    axes: absent('an effect'),
    decompose: absent('primitive'),
  },
  'ms.assert': {
    summary: 'Stops the program with a message unless the condition holds.',
    operands: [one('condition', boolTensor)],
    results: [],
    attributes: [textSlot('message', 'what to say')],
    traits: ['effect'],
    constraints: constraints([
      'condition has rank 0',
      ([condition]) =>
        tensor(condition).shape.length === 0
          ? null
          : `shape of condition is ${shapeText(tensor(condition).shape)}, expected []`,
    ]),
    infer: () => [],
    axes: absent('an effect'),
    decompose: absent('primitive'),
  },
});

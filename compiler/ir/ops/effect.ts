/** The two effects a network can have: to say something and to stop. They keep their order within a block. */
import { absent } from '../core/definition.ts';
import { constraints, defineFamily } from './define.ts';
import { shapeText, tensor } from './dimension.ts';
import { anyTensor, boolTensor, one, textSlot, variadic } from './slot.ts';

/** The text of a format around its places `{}`; `{{` and `}}` are braces. */
export function formatPieces(format: string): readonly string[] {
  const pieces = [''];
  for (const [part] of format.matchAll(/\{\{|\}\}|\{\}|[^{}]+|[{}]/g)) {
    if (part === '{}') pieces.push('');
    else pieces[pieces.length - 1] += part === '{{' || part === '}}' ? part[0] : part;
  }
  return pieces;
}

/** A text as a part of a format. */
export const asFormat = (text: string): string => text.replaceAll(/[{}]/g, '$&$&');

export const effectOps = defineFamily('effect', {
  'ms.print': {
    summary: 'Prints a line: the format with each {} replaced by an operand.',
    operands: [variadic('values', anyTensor)],
    results: [],
    attributes: [textSlot('format', 'text with one {} for each operand; {{ and }} are braces')],
    traits: ['effect'],
    constraints: constraints([
      'format has a {} for each operand',
      (types, attributes) => {
        const format = attributes.get('format');
        const places = format?.kind === 'string' ? formatPieces(format.value).length - 1 : 0;
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

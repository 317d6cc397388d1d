/** Vocabulary of definition rows: which types fit an operand, and how an attribute is declared. */
import type { AttributeKind, AttributeSlot, Slot, TypePredicate } from '../core/definition.ts';
import type { DType, Type } from '../core/type.ts';
import { isFloat, isInteger } from '../core/type.ts';

function tensorOf(text: string, accepts: (dtype: DType) => boolean): TypePredicate {
  return { text, test: (type: Type) => type.kind === 'tensor' && accepts(type.dtype) };
}

export const anyTensor = tensorOf('a tensor', () => true);
export const floatTensor = tensorOf('a tensor of floats', isFloat);
export const integerTensor = tensorOf('a tensor of integers', isInteger);
export const boolTensor = tensorOf('a tensor of booleans', (dtype) => dtype === 'i1');
export const bitsTensor = tensorOf('a tensor of integers or booleans', (dtype) => !isFloat(dtype));
export const numberTensor = tensorOf('a tensor of integers or floats', (dtype) => dtype !== 'i1');
export const signedTensor = tensorOf(
  'a tensor of signed integers or floats',
  (dtype) => dtype !== 'i1' && !dtype.startsWith('ui'),
);
export const indexTensor = tensorOf('a tensor of i32 or i64', (dtype) => dtype === 'i32' || dtype === 'i64');

/** The state of the counter-based generator: key low, key high, counter low, counter high. */
export const counterTensor: TypePredicate = {
  text: 'tensor<4xui32>',
  test: (type) => type.key === 'tensor<4xui32>',
};

export const one = (name: string, accepts: TypePredicate): Slot => ({ name, accepts, arity: 'one' });
export const optional = (name: string, accepts: TypePredicate): Slot => ({ name, accepts, arity: 'optional' });
export const variadic = (name: string, accepts: TypePredicate): Slot => ({ name, accepts, arity: 'variadic' });

const attributeSlot =
  (kind: AttributeKind) =>
  (name: string, summary: string): AttributeSlot => ({ name, kind, required: true, summary });

export const boolSlot = attributeSlot('bool');
export const integerSlot = attributeSlot('integer');
export const integersSlot = attributeSlot('integers');
export const floatSlot = attributeSlot('float');
export const textSlot = attributeSlot('string');
export const denseSlot = attributeSlot('dense');

/** A string attribute that is one of a few words. */
export function wordSlot(name: string, choices: readonly string[], summary: string): AttributeSlot {
  return { name, kind: 'string', required: true, choices, summary };
}

/** The tensor type of a value; anything else in a lowered function is a bug. */
import type { TensorType, Value } from '../../ir/index.ts';

export function tensorOf(value: Value): TensorType {
  if (value.type.kind !== 'tensor') throw new Error(`${value.type.key} is no tensor`);
  return value.type;
}

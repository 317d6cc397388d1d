/** What the rules of tensor ops look with: definitions of operands, constants, attributes. */
import type { Attribute, Operation, TensorType, Value } from '../../../ir/index.ts';
import { definingOperation } from '../../../ir/index.ts';
import { Emitter, loadNumber, tensor } from '../../../ir/ops/index.ts';
import type { Pattern, Rewriter } from '../../rewrite/index.ts';

export const pattern = (name: string, rewrite: Pattern['rewrite']): Pattern => ({ name, rewrite });

/** The operation of a name that makes a value, or null. */
export function madeBy(value: Value, name: string): Operation | null {
  const op = definingOperation(value);
  return op?.name === name ? op : null;
}

/** The number that a constant holds everywhere, or null. */
export function splatOf(rewriter: Rewriter, value: Value): number | null {
  const constant = rewriter.constantOf(value);
  if (constant?.kind !== 'dense' || constant.data.length === 0) return null;
  const { data, type } = constant;
  for (let index = 1; index < data.length; index++) if (data[index] !== data[0]) return null;
  return loadNumber(type.dtype, data, 0);
}

export const emitterOf = (rewriter: Rewriter): Emitter => new Emitter(rewriter, rewriter.definitions);

export const typeOf = (value: Value): TensorType => tensor(value.type);

export const sameType = (left: Value, right: Value): boolean => left.type.key === right.type.key;

/** The attributes of an operation as a record, some replaced. */
export function attributesOf(
  op: Operation,
  changed: Readonly<Record<string, Attribute>> = {},
): Readonly<Record<string, Attribute>> {
  return { ...Object.fromEntries(op.attributes), ...changed };
}

/** `op(x, …)` is x when a condition holds; the result must have the type of x. */
export const identityIf = (name: string, holds: (op: Operation, rewriter: Rewriter) => boolean): Pattern =>
  pattern(name, (op, rewriter) =>
    sameType(op.operands[0], op.results[0]) && holds(op, rewriter) ? [op.operands[0]] : null,
  );

/** `f(f(x))` is `f(x)` for ops whose attributes agree. */
export const appliedTwice = pattern('applied twice', (op) => {
  const inner = madeBy(op.operands[0], op.name);
  const agree = inner && [...op.attributes].every(([name, value]) => sameAttribute(value, inner.attributes.get(name)));
  return agree ? [op.operands[0]] : null;
});

const sameAttribute = (left: Attribute, right: Attribute | undefined): boolean =>
  left === right || (left.kind === 'float' && right?.kind === 'float' && left.value === right.value);

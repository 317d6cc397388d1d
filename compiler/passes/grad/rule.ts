/** What a cell of the grad column is: how the cotangents of an op's results become gradients of its operands. */
import type { Absent, Operation, TensorType, Value } from '../../ir/index.ts';
import { isFloat } from '../../ir/index.ts';
import type { Decomposition, Emitter } from '../../ir/ops/index.ts';
import { tensor } from '../../ir/ops/index.ts';
import { Algebra } from './algebra.ts';

/** A gradient or cotangent; null where nothing flows. */
export type Gradient = Value | null;

/** One op of the reverse sweep. New ops go through `emit`, behind everything that the forward sweep computed. */
export interface GradRequest {
  readonly emit: Emitter;
  readonly op: Operation;
  /** For each result. At least one is there. */
  readonly cotangents: readonly Gradient[];
  /** For each operand, whether its gradient is wanted. */
  readonly needs: readonly boolean[];
}

/** The ops of a decomposition are differentiated in place of the op, and computed anew in the reverse sweep. */
export interface Through {
  readonly through: Decomposition;
}

/** Gradients for each operand, or ops to differentiate instead, or why there are none for these attributes. */
export type GradRule = (request: GradRequest) => readonly Gradient[] | Through | Absent;

export type GradCell = GradRule | Absent;

/** A step function: its derivative is zero wherever there is one. */
export const zeroGradient: GradRule = ({ needs }) => needs.map(() => null);

/** A gradient computed only where it is wanted, for each operand. */
export const wanted = (
  { needs }: GradRequest,
  ...gradients: readonly ((() => Gradient) | null)[]
): readonly Gradient[] => needs.map((need, index) => (need ? (gradients[index]?.() ?? null) : null));

/** What a rule of one operand and one result looks at. */
export type UnaryGradient = (algebra: Algebra, dy: Value, x: Value, y: Value, op: Operation) => Value;

export const unary =
  (gradient: UnaryGradient): GradRule =>
  (request) => {
    const { emit, op } = request;
    const dy = onlyCotangent(request);
    return wanted(request, () => gradient(new Algebra(emit), dy, op.operands[0], op.results[0], op));
  };

/** The cotangent of an op with one result. */
export function onlyCotangent({ cotangents, op }: GradRequest): Value {
  const [dy] = cotangents;
  if (dy === null || dy === undefined) throw new Error(`no cotangent reaches '${op.name}'`);
  return dy;
}

/**
 * Whether a value may have a gradient at all. Integers have one through arithmetic on integers, as in MindSpore: the gradient
 * of 3·x is 3 for an integer x too. A step from a float to an integer has none.
 */
export const holdsNumbers = ({ type }: Value): boolean => type.kind === 'tensor' && type.dtype !== 'i1';

/** Whether a gradient is always carried for a value: floats. */
export const isDifferentiable = ({ type }: Value): boolean => type.kind === 'tensor' && isFloat(type.dtype);

export const typeOf = (value: Value): TensorType => tensor(value.type);

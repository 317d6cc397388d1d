/** Blocks that the rules of control flow write. */
import type { Type, Value } from '../../../ir/index.ts';
import {
  Block,
  Builder,
  integerAttribute,
  Operation,
  scalarType,
  stringAttribute,
  tensorType,
} from '../../../ir/index.ts';
import type { Emitter } from '../../../ir/ops/index.ts';
import type { RegionRequest } from '../mode.ts';
import { capturesOf, emitterOf } from '../mode.ts';
import { holdsNumbers, isDifferentiable } from '../rule.ts';

/** A block with a builder at its end. */
export function blockOf(request: RegionRequest, types: readonly Type[]): Builder {
  const builder = new Builder(new Block(types), request.mode.definitions);
  builder.location = request.builder.location;
  return builder;
}

export const typesOf = (values: readonly Value[]): readonly Type[] => values.map(({ type }) => type);

/** Values from outside whose gradients the op must give. */
export const variedCaptures = ({ op, isVaried }: RegionRequest): readonly Value[] =>
  capturesOf(op.regions).filter((value) => holdsNumbers(value) && isVaried(value));

/** Whether a value that a loop carries has a gradient: floats always, integers where the loop depends on varied integers. */
export function carriesGradient({ op, isVaried }: RegionRequest): (value: Value) => boolean {
  const isOfIntegers = [...op.operands, ...capturesOf(op.regions)].some(
    (value) => isVaried(value) && !isDifferentiable(value),
  );
  return (value) => (isOfIntegers ? holdsNumbers(value) : isDifferentiable(value));
}

/** A cotangent for each value: zeros where nothing flows. */
export function filled(request: RegionRequest, values: readonly Value[]): readonly Value[] {
  const emit = emitterOf(request.mode, request.builder);
  return values.map((value) => request.cotangents[request.op.results.indexOf(value)] ?? zerosLike(emit, value));
}

export function zerosLike(emit: Emitter, { type }: Value): Value {
  if (type.kind !== 'tensor') throw new Error(`zeros of ${type.key}`);
  return emit.zeros(type);
}

/** Counts trips: a tensor, so that loops need no arithmetic of scalars. */
export const COUNTER = tensorType([], 'i32');
/** A counter that can index a stack. */
const PLACE = tensorType([1, 1], 'i32');

export const counter = (emit: Emitter, value: number): Value => emit.splat(value, COUNTER);
export const place = (emit: Emitter, value: number): Value => emit.splat(value, PLACE);

/** Compares counters; the result is the scalar that `scf.condition` takes. */
export function compareCounters(emit: Emitter, builder: Builder, name: string, left: Value, right: Value): Value {
  return builder.create('tensor.extract', [emit.op(name, [left, right])], [scalarType('i1')]).results[0];
}

/** Where each trip of a loop keeps a value: [trips, …]. */
export function stackType(type: Type, trips: number): Type {
  if (type.kind !== 'tensor') throw new Error(`a stack of ${type.key}`);
  return tensorType([trips, ...type.shape], type.dtype);
}

/** The stack with a value put at the counter. */
export function pushed(emit: Emitter, stack: Value, at: Value, value: Value): Value {
  if (value.type.kind !== 'tensor') throw new Error(`a stack of ${value.type.key}`);
  const row = emit.stated('ms.reshape', [value], tensorType([1, ...value.type.shape], value.type.dtype));
  return emit.op('ms.scatter_nd', [stack, at, row], { reduction: stringAttribute('none') });
}

/** What lies in the stack at the counter. */
export function pulled(emit: Emitter, stack: Value, at: Value, type: Type): Value {
  const row = emit.op('ms.gather', [stack, at], { axis: integerAttribute(0) });
  return emit.stated('ms.reshape', [row], type);
}

/** Ends a block with further operations and further values for its terminator. */
export function endWith(block: Block, operations: readonly Operation[], more: readonly Value[]): void {
  const terminator = block.operations.pop();
  if (!terminator) throw new Error('a region without a terminator');
  const { name, operands, attributes, location } = terminator;
  block.operations.push(...operations, new Operation(name, [...operands, ...more], [], attributes, [], location));
  terminator.dropUses();
}

/**
 * The reverse sweep over a straight line of operations: from the last to the first, each turns the cotangents of its
 * results into gradients of its operands (reverse-mode accumulation; Griewank and Walther, Evaluating Derivatives, 2008).
 * Only operations on a path from the primals to a seed do anything, so the cost is linear in the operations.
 */
import type { Block, Builder, DType, Location, Operation, Value } from '../../ir/index.ts';
import { absent, backwardLocation, isAbsent, isFloat, viewOf } from '../../ir/index.ts';
import type { Decomposition } from '../../ir/ops/index.ts';
import { Emitter, isTensorOp } from '../../ir/ops/index.ts';
import { hasStage, inheritStage } from '../rewrite/index.ts';
import { gradDiagnostics } from './diagnostics.ts';
import type { Cotangents, RegionRule, ReverseMode } from './mode.ts';
import { capturesOf, redirectUses } from './mode.ts';
import type { GradCell, Gradient } from './rule.ts';
import { holdsNumbers, zeroGradient } from './rule.ts';
import { gradOps } from './table.ts';

/** Floats, scalars too: a path through a scalar must be found to be refused. */
const holdsFloats = ({ type }: Value): boolean =>
  (type.kind === 'tensor' || type.kind === 'scalar') && isFloat(type.dtype);

/** Adds to `varied` every float that depends on one of them, and every integer that depends on an integer of them. */
export function markVaried(operations: readonly Operation[], varied: Set<Value>): void {
  for (const op of operations) {
    if (isStep(op.name)) continue;
    const sources = variedSources(op, varied);
    if (sources.length === 0) continue;
    const isOfIntegers = sources.some((source) => !holdsFloats(source));
    for (const result of op.results)
      if (holdsFloats(result) || (isOfIntegers && holdsNumbers(result))) varied.add(result);
  }
}

const isStep = (name: string): boolean => isTensorOp(name) && gradOps[name] === zeroGradient;

/** The varied values that an op reads, in its regions too. */
function variedSources(op: Operation, varied: ReadonlySet<Value>): readonly Value[] {
  const read = op.regions.length === 0 ? op.operands : [...op.operands, ...capturesOf(op.regions)];
  return read.filter((value) => varied.has(value));
}

/** Gradients need the same few numbers again and again: each is one constant in a sweep. */
class SweepEmitter extends Emitter {
  private readonly known = new Map<string, Value>();

  override scalar(value: number, dtype: DType): Value {
    const key = `${Object.is(value, -0) ? '-0' : value} ${dtype}`;
    const found = this.known.get(key) ?? super.scalar(value, dtype);
    this.known.set(key, found);
    return found;
  }
}

/** The name of the rule for the gradient of an op: its row in the tables of `table.ts`, `rules/` and `reverse.ts`. */
export const gradientRule = (op: string): string => `gradient of ${op}`;

export interface SweepRequest {
  readonly mode: ReverseMode;
  readonly regionRules: ReadonlyMap<string, RegionRule>;
  /** The line to sweep; it is part of the builder's block. */
  readonly operations: readonly Operation[];
  readonly varied: Set<Value>;
  readonly cotangents: Cotangents;
  readonly builder: Builder;
}

/** Sweeps backwards; returns the values that stand for results of operations that were extended. */
export function sweepBack(request: SweepRequest): ReadonlyMap<Value, Value> {
  const extensions = new Map<Operation, Extension>();
  const { operations, cotangents, varied } = request;
  const backward = backwardLocations();
  const emit = new SweepEmitter(request.builder, request.mode.definitions);
  const accumulate = (value: Value, gradient: Gradient): void => {
    if (gradient !== null && varied.has(value)) cotangents.add(emit, value, gradient);
  };
  for (let index = operations.length - 1; index >= 0; index--) {
    const op = operations[index];
    const given = cotangentsOf(op, cotangents);
    if (given === null) continue;
    request.builder.location = backward(op.location);
    const begin = request.builder.block.operations.length;
    if (request.regionRules.has(op.name)) regionOp(request, op, given, accumulate, extensions);
    else tensorOp(request, op, given, emit, accumulate);
    if (request.mode.observer) {
      const made = request.builder.block.operations.slice(begin);
      if (made.length > 0) request.mode.observer.rewritten({ rule: gradientRule(op.name), op, made, values: [] });
    }
    if (hasStage(op)) inheritStage(op, request.builder.block.operations.slice(begin));
  }
  return applyExtensions(request.builder.block, extensions);
}

/** Locations of the backward pass by those of the forward pass: ops of one line share theirs. */
function backwardLocations(): (location: Location) => Location {
  const known = new Map<Location, Location>();
  return (location) => {
    const made = known.get(location) ?? backwardLocation(location);
    known.set(location, made);
    return made;
  };
}

/** Cotangents of the results, or null when there is none. */
function cotangentsOf(op: Operation, cotangents: Cotangents): readonly Gradient[] | null {
  const { results } = op;
  if (results.length === 1) {
    const only = cotangents.get(results[0]);
    return only && [only];
  }
  const given = results.map((result) => cotangents.get(result));
  return given.some((gradient) => gradient !== null) ? given : null;
}

function regionOp(
  { mode, builder, regionRules, varied }: SweepRequest,
  op: Operation,
  cotangents: readonly Gradient[],
  accumulate: (value: Value, gradient: Gradient) => void,
  extensions: Map<Operation, Extension>,
): void {
  regionRules.get(op.name)?.({
    mode,
    op,
    cotangents,
    isVaried: (value) => varied.has(value),
    builder,
    accumulate,
    extend: (front, extended) => extensions.set(op, { front, extended }),
  });
}

function tensorOp(
  request: SweepRequest,
  op: Operation,
  cotangents: readonly Gradient[],
  emit: Emitter,
  accumulate: (value: Value, gradient: Gradient) => void,
): void {
  const needs = op.operands.map((operand) => request.varied.has(operand));
  if (!needs.includes(true)) return;
  const cell: GradCell = isTensorOp(op.name) ? gradOps[op.name] : absent('gradients flow through tensors only');
  const found = isAbsent(cell) ? cell : cell({ emit, op, cotangents, needs });
  const isOfFloats = op.operands.some((operand, index) => needs[index] && holdsFloats(operand));
  if (isAbsent(found) && !isOfFloats) return;
  if (isAbsent(found)) request.mode.report(gradDiagnostics.notDifferentiable, op, [op.name, found.absent]);
  else if ('through' in found) throughParts(request, op, cotangents, emit, found.through);
  else op.operands.forEach((operand, index) => accumulate(operand, found[index] ?? null));
}

/** Emits the ops that an op means and sweeps back over them. */
function throughParts(
  request: SweepRequest,
  op: Operation,
  given: readonly Gradient[],
  emit: Emitter,
  decompose: Decomposition,
): void {
  const { operations } = request.builder.block;
  const begin = operations.length;
  const results = decompose(emit, op.operands, viewOf(op));
  const parts = operations.slice(begin);
  markVaried(parts, request.varied);
  results.forEach((result, index) => {
    const gradient = given[index];
    if (gradient !== null && request.varied.has(result)) request.cotangents.add(emit, result, gradient);
  });
  sweepBack({ ...request, operations: parts });
}

/** What stands for an operation: the operation with further results, and what it needs in front of it. */
interface Extension {
  readonly front: readonly Operation[];
  readonly extended: Operation;
}

/** Puts extended operations in the places of the ones that they extend. */
function applyExtensions(block: Block, extensions: ReadonlyMap<Operation, Extension>): ReadonlyMap<Value, Value> {
  const replaced = new Map<Value, Value>();
  if (extensions.size === 0) return replaced;
  block.operations = block.operations.flatMap((op) => {
    const extension = extensions.get(op);
    if (!extension) return op;
    op.results.forEach((result, index) => replaced.set(result, extension.extended.results[index]));
    op.dropUses();
    return [...extension.front, extension.extended];
  });
  redirectUses(block, replaced);
  return replaced;
}

/**
 * The reverse sweep over a straight line of operations: from the last to the first, each turns the cotangents of its
 * results into gradients of its operands (reverse-mode accumulation; Griewank and Walther, Evaluating Derivatives, 2008).
 * Only operations on a path from the primals to a seed do anything, so the cost is linear in the operations.
 */
import type { Block, Builder, Operation, Value } from '../../ir/index.ts';
import { absent, isAbsent, isFloat, viewOf } from '../../ir/index.ts';
import type { Decomposition, Emitter } from '../../ir/ops/index.ts';
import { isTensorOp } from '../../ir/ops/index.ts';
import { gradDiagnostics } from './diagnostics.ts';
import type { Cotangents, RegionRule, ReverseMode } from './mode.ts';
import { capturesOf, emitterOf, redirectUses } from './mode.ts';
import type { GradCell, Gradient } from './rule.ts';
import { zeroGradient } from './rule.ts';
import { gradOps } from './table.ts';

/** Floats, scalars too: a path through a scalar must be found to be refused. */
const holdsFloats = ({ type }: Value): boolean =>
  (type.kind === 'tensor' || type.kind === 'scalar') && isFloat(type.dtype);

/** Adds to `varied` every float that depends on one of them. */
export function markVaried(operations: readonly Operation[], varied: Set<Value>): void {
  for (const op of operations) {
    if (isStep(op.name) || !dependsOn(op, varied)) continue;
    for (const result of op.results) if (holdsFloats(result)) varied.add(result);
  }
}

const isStep = (name: string): boolean => isTensorOp(name) && gradOps[name] === zeroGradient;

function dependsOn(op: Operation, varied: ReadonlySet<Value>): boolean {
  for (let index = 0; index < op.operands.length; index++) if (varied.has(op.operands[index])) return true;
  return op.regions.length > 0 && capturesOf(op.regions).some((value) => varied.has(value));
}

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
  const emit = emitterOf(request.mode, request.builder);
  const accumulate = (value: Value, gradient: Gradient): void => {
    if (gradient !== null && varied.has(value)) cotangents.add(emit, value, gradient);
  };
  for (let index = operations.length - 1; index >= 0; index--) {
    const op = operations[index];
    const given = cotangentsOf(op, cotangents);
    if (given === null) continue;
    request.builder.location = op.location;
    const rule = request.regionRules.get(op.name);
    const isVaried = (value: Value): boolean => varied.has(value);
    const extend = (front: readonly Operation[], extended: Operation): void =>
      void extensions.set(op, { front, extended });
    const { mode, builder } = request;
    const begin = builder.block.operations.length;
    if (rule) rule({ mode, op, cotangents: given, isVaried, builder, accumulate, extend });
    else tensorOp(request, op, given, emit, accumulate);
    inheritStage(op, builder.block.operations.slice(begin));
  }
  return applyExtensions(request.builder.block, extensions);
}

/** What an operation's derivative computes belongs to its pipeline stage. */
function inheritStage(op: Operation, made: readonly Operation[]): void {
  const stage = op.attributes.get('dist.stage');
  if (stage === undefined) return;
  for (const part of made) {
    if (!part.attributes.has('dist.stage')) part.attributes = new Map([...part.attributes, ['dist.stage', stage]]);
  }
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

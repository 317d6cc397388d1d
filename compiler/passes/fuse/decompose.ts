/**
 * Composite ops (softmax, layer_norm, gelu, …) in terms of the ops that kernels compute.
 *
 * A decomposition that is only elementwise ops and reductions over the last axes becomes one group,
 *   %r = "ms.fused"(%a, %b) ({ ^bb0(%x: …, %y: …): … "ms.yield"(%v) }) : (…) -> …
 * which a kernel works through tile by tile; any other is spelled out in the block.
 */
import type { AttributeMap, Operation, RuleTable, Type, Value } from '../../ir/index.ts';
import { Block, Operation as Op, integersOf, isAbsent, viewOf } from '../../ir/index.ts';
import { Emitter, isTensorOp, tensorOps } from '../../ir/ops/index.ts';
import type { TensorOpDefinition } from '../../ir/ops/index.ts';
import type { PassObserver } from '../rewrite/index.ts';
import { missed, rule } from '../rewrite/index.ts';

const DECOMPOSE = rule('composite op in its parts');
const AS_GROUP = rule('composite op as one group');

export const FUSED = 'ms.fused';
export const YIELD = 'ms.yield';

export const REDUCTIONS: ReadonlySet<string> = new Set([
  'ms.reduce_sum',
  'ms.reduce_mean',
  'ms.reduce_max',
  'ms.reduce_min',
]);

/** What the passes must know of the target: ops that its kernels compute although they could be decomposed. */
export interface TargetOps {
  readonly whole: ReadonlySet<string>;
  /** Each op gets a kernel of its own, so that every value can be looked at. */
  readonly isApart?: boolean;
}

/** True for an op that a group may hold. */
export function isGroupable(op: Operation, target: TargetOps): boolean {
  if (op.name === 'ms.constant') return isSplat(op.attributes);
  if (REDUCTIONS.has(op.name)) return reducesLastAxes(op);
  const definition = definitionOf(op.name);
  if (!definition?.traits.includes('elementwise')) return false;
  return isAbsent(definition.decompose) || target.whole.has(op.name);
}

export function isSplat(attributes: AttributeMap): boolean {
  const value = attributes.get('value');
  return value?.kind === 'dense' && value.data.length === 1;
}

function reducesLastAxes(op: Operation): boolean {
  const { type } = op.operands[0];
  const axes = integersOf(op.attributes, 'axes');
  const keep = op.attributes.get('keep_dims');
  const rank = type.kind === 'tensor' ? type.shape.length : 0;
  return keep?.kind === 'bool' && keep.value && axes.every((axis, position) => axis === rank - axes.length + position);
}

function definitionOf(name: string): TensorOpDefinition | undefined {
  return isTensorOp(name) ? tensorOps[name] : undefined;
}

/** Composite ops of a block as groups or as their parts. */
export function decomposeBlock(
  block: Block,
  definitions: RuleTable,
  target: TargetOps,
  observer: PassObserver | null = null,
): void {
  const replaced = new Map<Value, Value>();
  const operations: Operation[] = [];
  const visit = (op: Operation): void => {
    op.operands.forEach((operand, index) => {
      const other = replaced.get(operand);
      if (other) op.setOperand(index, other);
    });
    const definition = definitionOf(op.name);
    if (!definition || isAbsent(definition.decompose) || target.whole.has(op.name)) {
      operations.push(op);
      return;
    }
    const parts = decompose(op, definition.decompose, definitions, target);
    if (observer) reportParts(op, parts, observer);
    op.results.forEach((result, index) => replaced.set(result, parts.results[index]));
    op.dropUses();
    // A part may be composite itself.
    for (const part of parts.operations) visit(part);
    op.results.forEach((result) => {
      let target = replaced.get(result);
      while (target && replaced.has(target)) target = replaced.get(target);
      if (target) replaced.set(result, target);
    });
  };
  for (const op of block.operations) visit(op);
  block.operations = operations;
}

interface Parts {
  readonly operations: readonly Operation[];
  readonly results: readonly Value[];
  /** The part that keeps the others from being one group; null where they are one. */
  readonly apart: Operation | null;
}

function reportParts(op: Operation, { operations, results, apart }: Parts, observer: PassObserver): void {
  const isGroup = operations.length === 1 && operations[0].name === FUSED;
  observer.rewritten({ rule: isGroup ? AS_GROUP : DECOMPOSE, op, made: operations, values: results });
  if (!isGroup && operations.length > 1 && apart !== null)
    observer.remark(
      missed(AS_GROUP, op, `its part '${apart.name}' is neither elementwise nor a sum over last axes that are kept`),
    );
}

type Decompose = Exclude<TensorOpDefinition['decompose'], { readonly absent: string }>;

function decompose(op: Operation, rule: Decompose, definitions: RuleTable, target: TargetOps): Parts {
  const inside = new Block(op.operands.map((operand) => operand.type));
  const inner = emitInto(inside, op, inside.arguments, rule, definitions);
  const apart = inside.operations.find((part) => !isGroupable(part, target)) ?? null;
  if (inside.operations.length > 0 && apart === null) {
    inside.operations.push(new Op(YIELD, inner, [], new Map(), [], op.location));
    const group = new Op(
      FUSED,
      op.operands,
      inner.map((value) => value.type),
      new Map(),
      [inside],
      op.location,
    );
    return { operations: [group], results: group.results, apart };
  }
  const outside = new Block();
  const results = emitInto(outside, op, op.operands, rule, definitions);
  return { operations: outside.operations, results, apart };
}

function emitInto(
  block: Block,
  op: Operation,
  operands: readonly Value[],
  rule: Decompose,
  definitions: RuleTable,
): readonly Value[] {
  const create = (
    name: string,
    sources: readonly Value[],
    types: readonly Type[],
    attributes: AttributeMap = new Map(),
  ): Operation => {
    const part = new Op(name, sources, types, attributes, [], op.location);
    block.operations.push(part);
    return part;
  };
  return rule(new Emitter({ create }, definitions), operands, viewOf(op));
}

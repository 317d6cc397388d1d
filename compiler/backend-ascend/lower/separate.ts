/** Lowering of several ops where one stands: groups that are too large for a kernel, and ops made of others. */
import type { Diagnostic, Operation, Type, Value } from '../../ir/index.ts';
import { Block, Operation as Op } from '../../ir/index.ts';
import { Emitter, opTable } from '../../ir/ops/index.ts';
import { FUSED, YIELD } from '../../passes/fuse/index.ts';
import type { LowerRule, Lowering } from './lowering.ts';

/** The rule of an op, or what to tell the user. */
export type RuleOf = (op: Operation) => LowerRule | Diagnostic;

/** Lowers the ops of a group by their own rules; every value between them is stored in GM. */
export function lowerSeparately(group: Operation, lowering: Lowering, rule: RuleOf): Diagnostic | null {
  const [body] = group.regions;
  body.arguments.forEach((argument, index) => lowering.alias(argument, group.operands[index]));
  for (const op of body.operations) {
    if (op.name === YIELD) {
      op.operands.forEach((operand, index) => lowering.alias(group.results[index], operand));
      continue;
    }
    const problem = lowerOne(op, lowering, rule);
    if (problem) return problem;
  }
  return null;
}

function lowerOne(op: Operation, lowering: Lowering, rule: RuleOf): Diagnostic | null {
  const found = rule(op);
  return typeof found === 'function' ? found(op, lowering) : found;
}

type Build = (emit: Emitter, operands: readonly Value[]) => Value;

/** An op with one result, computed by other ops that are lowered in turn. Null, or the first problem. */
export function lowerOps(
  op: Operation,
  operands: readonly Value[],
  lowering: Lowering,
  rule: RuleOf,
  build: Build,
): Value | Diagnostic {
  const block = new Block();
  const result = build(emitterInto(block, op), operands);
  for (const part of block.operations) {
    const problem = lowerOne(part, lowering, rule);
    if (problem) return problem;
  }
  return result;
}

/** A group of row-wise ops over these operands. */
export function groupOf(op: Operation, operands: readonly Value[], build: Build): Operation {
  const body = new Block(operands.map((operand) => operand.type));
  const result = build(emitterInto(body, op), body.arguments);
  body.operations.push(new Op(YIELD, [result], [], new Map(), [], op.location));
  return new Op(FUSED, operands, [result.type], new Map(), [body], op.location);
}

function emitterInto(block: Block, { location }: Operation): Emitter {
  const create = (
    name: string,
    sources: readonly Value[],
    types: readonly Type[],
    attributes: Operation['attributes'] = new Map(),
  ): Operation => {
    const part = new Op(name, sources, types, attributes, [], location);
    block.operations.push(part);
    return part;
  };
  return new Emitter({ create }, opTable);
}

/** True for what a rule answers when it cannot. */
export const isProblem = (found: Value | Diagnostic): found is Diagnostic => 'code' in found;

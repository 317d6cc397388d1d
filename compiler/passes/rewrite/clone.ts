/** Copies of operations, for inlining and unrolling. */
import type { Location, Value } from '../../ir/index.ts';
import { Block, callSite, Operation } from '../../ir/index.ts';

export interface ClonedBlock {
  /** Copies of all operations except the terminator. */
  readonly operations: readonly Operation[];
  /** What the terminator's operands became. */
  readonly results: readonly Value[];
}

/** Copies a block's operations with `values` for its arguments. `caller` is where they are called from, if anywhere. */
export function cloneOperations(block: Block, values: readonly Value[], caller: Location = null): ClonedBlock {
  const replacements = new Map<Value, Value>();
  block.arguments.forEach((argument, index) => replacements.set(argument, values[index]));
  const terminator = block.operations.at(-1);
  const operations = block.operations.slice(0, -1).map((op) => cloneOperation(op, replacements, caller));
  return { operations, results: (terminator?.operands ?? []).map((operand) => replacements.get(operand) ?? operand) };
}

/** Copies one operation; its results are added to `replacements`. */
export function cloneOperation(op: Operation, replacements: Map<Value, Value>, caller: Location = null): Operation {
  const operands = op.operands.map((operand) => replacements.get(operand) ?? operand);
  const types = op.results.map((result) => result.type);
  const regions = op.regions.map((region) => cloneBlock(region, replacements, caller));
  const location = caller === null ? op.location : callSite(op.location, caller);
  const copy = new Operation(op.name, operands, types, op.attributes, regions, location);
  op.results.forEach((result, index) => {
    copy.results[index].name = result.name;
    replacements.set(result, copy.results[index]);
  });
  return copy;
}

/** Copies a whole block with its terminator. */
export function cloneBlock(block: Block, replacements: Map<Value, Value> = new Map(), caller: Location = null): Block {
  const copy = new Block(block.arguments.map((argument) => argument.type));
  block.arguments.forEach((argument, index) => {
    copy.arguments[index].name = argument.name;
    replacements.set(argument, copy.arguments[index]);
  });
  copy.operations = block.operations.map((op) => cloneOperation(op, replacements, caller));
  return copy;
}

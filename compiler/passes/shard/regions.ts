/** Structured control flow on one rank: every rank takes the same branches, since conditions are whole everywhere. */
import type { Operation, Value } from '../../ir/index.ts';
import { Block } from '../../ir/index.ts';
import type { Layout } from './layout.ts';
import type { RankBuilder } from './rank-builder.ts';
import { localAttributes } from './rank-builder.ts';
import { ALL, RankScope } from './rank-scope.ts';

/** Emits an operation of a region. */
type Emit = (builder: RankBuilder, op: Operation, instance: number) => void;

/** Emits an operation with regions. Its results, arguments and yielded values lie as their homes say. */
export function buildRegions(builder: RankBuilder, op: Operation, instance: number, emit: Emit): void {
  const operands = op.operands.map((operand, at) => builder.value(operand, operandLayout(builder, op, at), instance));
  const carried = op.name === 'scf.for' ? op.regions[0].arguments.slice(1) : op.regions[1]?.arguments;
  const resting = op.name === 'scf.if' ? op.results : (carried ?? []);
  const layouts = resting.map((value) => builder.plan.homeOf(value));
  const regions = op.regions.map((region) => buildRegion(builder, region, op, layouts, emit));
  const types = op.results.map((result, at) => builder.localType(result.type, layouts[at]));
  const local = builder.append(op.name, operands, types, localAttributes(op), regions);
  op.results.forEach((result, at) => builder.define(result, layouts[at], local.results[at], ALL));
}

/** Operands that are carried lie as the arguments of the region; scalars have no layout. */
function operandLayout(builder: RankBuilder, op: Operation, at: number): Layout {
  const carried = op.name === 'scf.for' ? op.regions[0].arguments[at - 2] : op.regions[0].arguments[at];
  const first = op.name === 'scf.for' ? 3 : op.name === 'scf.while' ? 0 : Infinity;
  return builder.plan.homeOf(at >= first ? carried : op.operands[at]);
}

function buildRegion(
  builder: RankBuilder,
  region: Block,
  op: Operation,
  results: readonly Layout[],
  emit: Emit,
): Block {
  const { block, scope } = builder;
  const local = new Block(
    region.arguments.map((argument) => builder.localType(argument.type, builder.plan.homeOf(argument))),
  );
  builder.block = local;
  builder.scope = new RankScope(scope);
  region.arguments.forEach((argument, at) =>
    builder.define(argument, builder.plan.homeOf(argument), local.arguments[at], ALL),
  );
  const terminator = region.operations.at(-1);
  for (const inner of region.operations) if (inner !== terminator) emit(builder, inner, ALL);
  if (terminator) {
    const layouts = yieldedLayouts(builder, op, terminator, results);
    const values = terminator.operands.map((value, at) => builder.value(value, layouts[at], ALL));
    builder.append(terminator.name, values, [], localAttributes(terminator));
  }
  builder.block = block;
  builder.scope = scope;
  return local;
}

function yieldedLayouts(
  builder: RankBuilder,
  op: Operation,
  terminator: Operation,
  results: readonly Layout[],
): readonly Layout[] {
  const homes = (values: readonly Value[]) => values.map((value) => builder.plan.homeOf(value));
  if (op.name !== 'scf.while') return op.name === 'scf.for' ? homes(op.regions[0].arguments.slice(1)) : results;
  if (terminator.name !== 'scf.condition') return homes(op.regions[0].arguments);
  return [builder.plan.homeOf(terminator.operands[0]), ...homes(op.regions[1].arguments)];
}

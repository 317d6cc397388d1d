/** Builds the programs of all ranks. */
import type { RankProgram } from './rank-program.ts';
import { giveResults, takeArguments } from './rank-program.ts';
import { deviceCount } from './mesh.ts';
import type { ShardReport } from './diagnostics.ts';
import type { ShardPlan } from './plan.ts';
import { RankBuilder } from './rank-builder.ts';
import { ALL } from './rank-scope.ts';

export function buildStages(plan: ShardPlan, _report: ShardReport): readonly RankProgram[] | null {
  const [block] = plan.main.regions;
  const end = block.operations.at(-1);
  return Array.from({ length: deviceCount(plan.devices) }, (_, device) => {
    const builder = new RankBuilder(plan, device, 0);
    const taken = takeArguments(
      builder,
      block.arguments.map((_, at) => at),
    );
    for (const op of block.operations) if (op !== end) builder.emit(op, ALL);
    const given = giveResults(
      builder,
      (end?.operands ?? []).map((_, at) => at),
    );
    return { block: builder.block, arguments: taken, results: given };
  });
}

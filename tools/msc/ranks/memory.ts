/** What each rank's program will need of its device, from the partitioned modules, before any is compiled. */
import type { Diagnostic, Result } from '../../../compiler/ir/index.ts';
import { ok } from '../../../compiler/ir/index.ts';
import type { MemoryPrediction } from '../../../compiler/backend-ascend/index.ts';
import type { Partition } from '../../../compiler/passes/shard/index.ts';
import type { Chip } from '../../../runtime/target/index.ts';
import { copyOf } from '../compile.ts';
import { moduleMemory } from '../fit.ts';
import { stageText } from '../pipeline.ts';
import { leaveRanksOpen } from './communication.ts';

/** The memory of every rank; ranks that differ only in their partners are looked at once. */
export function rankMemory(
  { ranks }: Pick<Partition, 'ranks'>,
  chip: Chip,
): Result<readonly MemoryPrediction[], readonly Diagnostic[]> {
  const known = new Map<string, MemoryPrediction>();
  const found: MemoryPrediction[] = [];
  for (const rank of ranks) {
    const open = copyOf(rank);
    leaveRanksOpen(open);
    const text = stageText(open, false);
    const memory = known.get(text);
    const predicted = memory === undefined ? moduleMemory(rank, chip) : ok(memory);
    if (!predicted.ok) return predicted;
    known.set(text, predicted.value);
    found.push(predicted.value);
  }
  return ok(found);
}

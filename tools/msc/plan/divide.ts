/** A plan carried out on a small network, so that `--explain` can say what it communicates and what it keeps. */
import type { Module, Result } from '../../../compiler/ir/index.ts';
import { failure, ok, walk } from '../../../compiler/ir/index.ts';
import {
  appliedPlan,
  applyPlan,
  bytesText,
  explainDivided,
  type Candidate,
  type Divided,
  type PlanRequest,
} from '../../../compiler/passes/plan/index.ts';
import { partition } from '../../../compiler/passes/shard/index.ts';
import { defaultChip, deviceCount } from '../../../runtime/target/index.ts';
import { copyOf } from '../compile.ts';
import { hasErrors } from '../exit.ts';
import { mainArguments } from '../parameters.ts';
import { runStages } from '../pipeline.ts';
import { rankMemory } from '../ranks/memory.ts';

/** Networks up to this size are divided to explain a plan. */
const MOST_OPERATIONS = 3000;
const MOST_DEVICES = 16;

/** A plan carried out: its partition, the names of the arguments of `@main`, and the bytes that each rank's program takes. */
export function dividePlan(source: Module, request: PlanRequest, plan: Candidate): Result<Divided, string> {
  const { cluster, described, globalBatch } = request;
  let operations = 0;
  walk(source.body, () => operations++);
  if (operations > MOST_OPERATIONS || deviceCount(cluster) > MOST_DEVICES)
    return failure(`collectives are listed for up to ${MOST_OPERATIONS} operations on up to ${MOST_DEVICES} devices`);
  const { batch } = described.view;
  if (batch !== globalBatch)
    return failure(
      `collectives are listed when --input has the batch of a step: it has ${batch} samples, the step ${globalBatch}`,
    );
  const chip = cluster.device.chip ?? defaultChip;
  const module = copyOf(source);
  applyPlan(module, appliedPlan(described, plan));
  const graph = runStages(module, { chip, to: 'graph', now: () => 0 });
  if (hasErrors(graph.diagnostics)) return refusal(graph.diagnostics);
  const found = partition(graph.module);
  if (found.partition === null) return refusal(found.diagnostics);
  const memory = rankMemory(found.partition, chip);
  if (!memory.ok) return refusal(memory.error);
  const bytes = memory.value.map((rank) => rank.bytes);
  const names = mainArguments(graph.module).map(({ name }) => name);
  return ok({ partition: found.partition, names, bytes });
}

/** Layouts, memory and collectives of a plan; or why they are not listed. */
export function divisionText(source: Module, request: PlanRequest, plan: Candidate): string {
  const divided = dividePlan(source, request, plan);
  if (!divided.ok) return `${divided.error}\n`;
  const { memoryBytes, cluster } = request;
  const fits = Math.max(...divided.value.bytes) <= memoryBytes;
  const text = explainDivided(divided.value, cluster);
  return `\n${text}${fits ? 'it fits' : 'it does not fit'} into the ${bytesText(memoryBytes)} of a device\n`;
}

const refusal = (diagnostics: readonly { readonly code: string; readonly message: string }[]): Result<never, string> =>
  failure(`the plan was not carried out: ${diagnostics.map(({ code, message }) => `${code}: ${message}`).join('; ')}`);

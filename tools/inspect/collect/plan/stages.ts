/** Stages of a plan: what they hold, how long they take, what they need. */
import {
  blockTimesOf,
  bubbleShare,
  memoryOf,
  memoryTerms,
  pipelineTime,
  recomputedShare,
  stageParameters,
  sweepSeconds,
  type Candidate,
  type PlanRequest,
} from '../../../../compiler/passes/plan/index.ts';
import type { PipelineShape, StageRow } from '../../report/index.ts';

/** Seconds of a micro-batch on each stage. Messages and what runs again count as backward. */
function sweepsOf(request: PlanRequest, best: Candidate): Pick<PipelineShape, 'forward' | 'backward'> {
  const { stages, time } = best;
  const times = blockTimesOf(request, best);
  const forward = stages.map((stage) =>
    stage.reduce((sum, { block, count }) => sum + count * sweepSeconds(times[block].forward), 0),
  );
  return { forward, backward: time.stages.map((seconds, stage) => seconds - forward[stage]) };
}

export function stageRows(request: PlanRequest, best: Candidate): readonly StageRow[] {
  const memory = memoryOf(best);
  const { forward, backward } = sweepsOf(request, best);
  const rows: StageRow[] = [];
  for (const [stage, runs] of best.stages.entries()) {
    const row: StageRow = {
      first: stage,
      last: stage,
      blocks: runs,
      parameters: stageParameters(runs, best.network, best.configuration),
      recompute: recomputedShare(best.configuration, stage),
      forward: forward[stage],
      backward: backward[stage],
      bytes: memory[stage].bytes,
      memory: memoryTerms.map((term) => memory[stage].terms[term]),
    };
    const before = rows.at(-1);
    if (before !== undefined && isAlike(before, row)) rows[rows.length - 1] = { ...before, last: stage };
    else rows.push(row);
  }
  return rows;
}

const isAlike = (one: StageRow, other: StageRow): boolean =>
  one.bytes === other.bytes &&
  one.recompute === other.recompute &&
  JSON.stringify(one.blocks) === JSON.stringify(other.blocks);

export function pipelineOf(request: PlanRequest, best: Candidate): PipelineShape {
  const { configuration, time } = best;
  const { microBatches, interleavedCopies, virtualStages, pipeline } = configuration;
  const copies = microBatches * interleavedCopies;
  const { seconds } = pipelineTime(time.stages, copies, virtualStages);
  return {
    microBatches: copies,
    virtualStages,
    ...sweepsOf(request, best),
    seconds,
    bubbleShare: bubbleShare(pipeline, copies, virtualStages),
    updateSeconds: time.seconds - seconds,
  };
}

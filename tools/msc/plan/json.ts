/** A plan as data: the answer of `msc plan --json` and of the API. */
import {
  choiceOf,
  choices,
  memoryOf,
  type Candidate,
  type PlanAnswer,
  type PlanRequest,
} from '../../../compiler/passes/plan/index.ts';

export interface PlanJson {
  readonly choices: Readonly<Record<string, number>>;
  readonly microBatches: number;
  readonly stepSeconds: number;
  readonly terms: Readonly<Record<string, number>>;
  readonly memoryBytes: number;
  readonly memory: readonly { readonly stage: number; readonly bytes: number }[];
  readonly stages: readonly (readonly { readonly block: string; readonly count: number }[])[];
}

export function planJson(request: PlanRequest, answer: PlanAnswer): object {
  const text = (candidate: Candidate | null): PlanJson | null =>
    candidate === null ? null : candidateJson(request, candidate);
  return {
    cluster: request.cluster.name,
    globalBatch: request.globalBatch,
    memoryLimit: request.memoryBytes,
    plan: text(answer.best),
    runnerUp: text(answer.runnerUp),
    withoutMemoryLimit: text(answer.unlimited),
    evaluated: answer.evaluated,
    proof: 'enumeration of the outer space; heuristic inside a layer',
  };
}

function candidateJson(request: PlanRequest, candidate: Candidate): PlanJson {
  const { blocks } = request.described.network;
  return {
    choices: Object.fromEntries(choices.map((choice) => [choice, choiceOf(candidate.configuration, choice)])),
    microBatches: candidate.configuration.microBatches,
    stepSeconds: candidate.time.seconds,
    terms: candidate.time.terms,
    memoryBytes: candidate.bytes,
    memory: memoryOf(candidate).map(({ bytes }, stage) => ({ stage, bytes })),
    stages: candidate.stages.map((stage) => stage.map(({ block, count }) => ({ block: blocks[block].name, count }))),
  };
}

/** Plans as data: the answer of `msc plan --json` and of the API. */
import {
  choiceOf,
  choices,
  memoryOf,
  type Candidate,
  type PlanAnswer,
  type PlanRequest,
} from '../../../compiler/passes/plan/index.ts';

/** One plan: bytes are of the fullest device, seconds of a step. */
export interface PlanJson {
  readonly choices: Readonly<Record<string, number>>;
  readonly microBatches: number;
  readonly stepSeconds: number;
  readonly terms: Readonly<Record<string, number>>;
  readonly memoryBytes: number;
  readonly memory: readonly { readonly stage: number; readonly bytes: number }[];
  readonly stages: readonly (readonly { readonly block: string; readonly count: number }[])[];
}

/** What a search found. */
export interface PlanAnswerJson {
  readonly cluster: string;
  readonly globalBatch: number;
  /** Bytes of a device that a plan may use. */
  readonly memoryLimit: number;
  readonly plan: PlanJson | null;
  readonly runnerUp: PlanJson | null;
  readonly withoutMemoryLimit: PlanJson | null;
  /** How many plans were looked at. */
  readonly evaluated: number;
  readonly proof: string;
}

export function planJson(request: PlanRequest, answer: PlanAnswer): PlanAnswerJson {
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

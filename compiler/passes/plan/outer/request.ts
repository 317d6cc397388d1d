/** What a search is asked, and what it answers, as data. */
import type { Cluster } from '../../../../runtime/target/index.ts';
import type { Configuration, ConstantValues, Network, Stage, StepTime } from '../model/index.ts';
import type { DescribedNetwork } from './describe.ts';
import type { LayerChoice } from './layer-plans.ts';

/** The choices of a plan, in the words of the command line. */
export const choices = [
  'data',
  'tensor',
  'pipeline',
  'context',
  'expert',
  'virtual',
  'micro-batch',
  'zero',
  'sequence-parallel',
  'recompute',
] as const;

export type Choice = (typeof choices)[number];

/** Values that the user decided; `recompute` is a percentage of the layers. */
export type FixedChoices = Readonly<Partial<Record<Choice, number>>>;

export interface PlanRequest {
  readonly described: DescribedNetwork;
  readonly cluster: Cluster;
  /** What a plan may use of each device. */
  readonly memoryBytes: number;
  /** Samples of a step. */
  readonly globalBatch: number;
  readonly gradientBytes: number;
  readonly weightBytes: number;
  readonly fixed: FixedChoices;
  readonly constants: ConstantValues;
  /** Efficiency of this machine against the constants (see model/constants.ts). */
  readonly machine: number;
}

/** A plan with what the model says about it. */
export interface Candidate {
  readonly configuration: Configuration;
  /** The blocks as this size of tensor parallelism divides them, and how they were chosen (empty without it). */
  readonly network: Network;
  readonly layers: readonly (LayerChoice | null)[];
  readonly stages: readonly Stage[];
  readonly time: StepTime;
  /** The fullest stage and its bytes. */
  readonly fullest: number;
  readonly bytes: number;
}

/** The best that is possible with one value of one choice. */
export interface Alternative {
  readonly choice: Choice;
  readonly value: number;
  readonly best: Candidate | null;
  /** Where nothing fits: the candidate that needs least. */
  readonly least: Candidate;
}

export interface PlanAnswer {
  readonly best: Candidate | null;
  /** The best plan that divides the devices otherwise. */
  readonly runnerUp: Candidate | null;
  /** The next best plans that fit, fastest first: the best of each other division, and the best with each other value of a choice. */
  readonly runnersUp: readonly Candidate[];
  /** Faster than the best if memory had no limit, fastest first: the best of each division. */
  readonly unfit: readonly Candidate[];
  /** The plan that needs least memory, whether it fits or not. */
  readonly least: Candidate | null;
  /** The fastest plan if memory had no limit. */
  readonly unlimited: Candidate | null;
  readonly alternatives: readonly Alternative[];
  /** Configurations that were evaluated. */
  readonly evaluated: number;
}

/** The value that a configuration has for a choice. */
export function choiceOf(plan: Configuration, choice: Choice): number {
  switch (choice) {
    case 'data':
      return plan.data;
    case 'tensor':
      return plan.tensor;
    case 'pipeline':
      return plan.pipeline;
    case 'context':
      return plan.context;
    case 'expert':
      return plan.expert;
    case 'virtual':
      return plan.virtualStages;
    case 'micro-batch':
      return plan.microBatch;
    case 'zero':
      return plan.zero;
    case 'sequence-parallel':
      return plan.sequenceParallel ? 1 : 0;
    case 'recompute':
      return recomputePercent(plan);
  }
}

/** Percentage of the layers that run again, over all stages. */
export function recomputePercent({ recompute }: Configuration): number {
  if (typeof recompute.full === 'number') return Math.round(100 * recompute.full);
  const sum = recompute.full.reduce((total, share) => total + share, 0);
  return Math.round((100 * sum) / recompute.full.length);
}

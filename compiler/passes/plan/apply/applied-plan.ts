/** A plan as far as it is written into a network: from the planner's answer, or from a strategy file. */
import type { Candidate, DescribedNetwork } from '../outer/index.ts';
import { planLayouts } from '../outer/index.ts';

/** Where a parameter lies. */
export interface ParameterPlace {
  readonly shape: readonly number[];
  /** The first stage that uses it. */
  readonly stage: number;
  /** For each dimension: the axis that cuts it, or null. */
  readonly axes: readonly (Axis | null)[];
}

/** Axes of the mesh of a stage, the last innermost: copies of the batch, parts of a sequence, parts of tensors. */
export const AXES = ['dp', 'cp', 'mp'] as const;
export type Axis = (typeof AXES)[number];

export interface AppliedPlan {
  readonly sizes: Readonly<Record<Axis, number>>;
  readonly stages: number;
  readonly microBatches: number;
  readonly zero: number;
  /** The extent that context parallelism divides, or null. */
  readonly sequence: number | null;
  readonly parameters: ReadonlyMap<string, ParameterPlace>;
}

export const deviceCountOf = ({ sizes, stages }: AppliedPlan): number =>
  AXES.reduce((product, axis) => product * sizes[axis], stages);

/** `data 2, tensor 2, 2 stages, …`. */
export function appliedText({ sizes, stages, microBatches, zero }: AppliedPlan): string {
  const words = [`data ${sizes.dp}`, `tensor ${sizes.mp}`];
  if (sizes.cp > 1) words.push(`context ${sizes.cp}`);
  if (stages > 1) words.push(`${stages} stages`);
  if (microBatches > 1) words.push(`${microBatches} micro-batches`);
  if (zero > 0) words.push(`ZeRO ${zero}`);
  return words.join(', ');
}

/**
 * What annotations can say of a plan. Choices that they cannot are fixed when a plan is wanted that runs: layers in turns of stages
 * (`virtual`), experts on devices of their own, parts of the sequence between products, and running layers again.
 */
export const FIXED_FOR_RUNS = { virtual: 1, expert: 1, 'sequence-parallel': 0, recompute: 0 } as const;

/** The planner's answer for a network. */
export function appliedPlan(described: DescribedNetwork, candidate: Candidate): AppliedPlan {
  const { configuration: plan } = candidate;
  const parameters = new Map<string, ParameterPlace>();
  for (const { name, stage, shape, cut } of planLayouts(described, candidate).parameters) {
    const first = Math.min(stage, parameters.get(name)?.stage ?? stage);
    parameters.set(name, { shape, stage: first, axes: shape.map((_, at) => (at === cut ? 'mp' : null)) });
  }
  return {
    sizes: { dp: plan.data, cp: plan.context, mp: plan.tensor },
    stages: plan.pipeline,
    microBatches: plan.microBatches,
    zero: plan.zero,
    sequence: described.sequence,
    parameters,
  };
}

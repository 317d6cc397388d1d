/** One training step on one device and on all ranks of a plan, compared. */
import type { Module } from '../../compiler/ir/index.ts';
import type { RuntimeValue, TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { isScalar } from '../../compiler/ir/evaluate/index.ts';
import type { Partition } from '../../compiler/passes/shard/index.ts';
import { integerInputs, partitioned, runPartition, runWhole } from './run.ts';
import type { Description, StepPlan } from './training.ts';
import { trainingStep } from './training.ts';

/** Integers where the whole step stays exact on them, else eighths. */
export function stepInputs(module: Module, description: Description): readonly TensorValue[] {
  const divisor = description.exact ? 1 : 8;
  return integerInputs(module).map((input) =>
    input.data instanceof Float32Array ? { ...input, data: input.data.map((value) => value / divisor) } : input,
  );
}

/** Below this, a result is rounding alone: the gradient of a bias before batch normalization is 0, and comes out as 1e-8. */
const LEAST = 1e-3;

/** The largest difference of any result, relative to the largest element of that result. */
export function worstDifference(expected: readonly TensorValue[], actual: readonly RuntimeValue[]): number {
  let worst = 0;
  expected.forEach((value, at) => {
    const other = actual[at];
    const numbers = isScalar(other) ? [] : Array.from(other.data, Number);
    let [largest, difference] = [LEAST, 0];
    Array.from(value.data, Number).forEach((wanted, place) => {
      largest = Math.max(largest, Math.abs(wanted));
      difference = Math.max(difference, Math.abs(wanted - numbers[place]));
    });
    worst = Math.max(worst, difference / largest);
  });
  return Number.isNaN(worst) ? Infinity : worst;
}

/** How far a result may be from one device's: nothing where integers stay exact. */
export const toleranceOf = ({ exact = false }: Description): number => (exact ? 0 : 1e-5);

export interface Comparison {
  readonly partition: Partition;
  readonly worst: number;
}

/** Partitions a step by its plan and runs it both ways, on the oracle. */
export function compareStep(description: Description, plan: StepPlan): Comparison {
  const module = trainingStep(description, plan);
  const partition = partitioned(module);
  const inputs = stepInputs(module, description);
  return { partition, worst: worstDifference(runWhole(module, inputs), runPartition(partition, inputs)) };
}

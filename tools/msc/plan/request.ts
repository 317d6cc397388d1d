/** From the options of `msc plan` to a request of the planner. */
import {
  choices,
  constantValues,
  machineEfficiency,
  type Choice,
  type DescribedNetwork,
  type FixedChoices,
  type PlanRequest,
} from '../../../compiler/passes/plan/index.ts';
import { failure, ok, type Result } from '../../../compiler/ir/support/index.ts';
import { deviceCount, type Cluster } from '../../../runtime/target/index.ts';
import type { Arguments } from '../options.ts';
import { numberOption, parseSize, textOption } from '../options.ts';

/** What the options say apart from the network. */
export interface PlanOptions {
  readonly cluster: Cluster;
  readonly memoryBytes: number;
  readonly globalBatch: number | null;
  readonly fixed: FixedChoices;
  readonly compute: Compute;
}

/** Types in which a network may be trained, with the bytes of an element, a gradient and a weight. */
const computeTypes = { bf16: [2, 4, 2], f16: [2, 2, 2], f32: [4, 4, 4] } as const;
export type Compute = keyof typeof computeTypes;

export const computeNames: readonly string[] = Object.keys(computeTypes);

const isCompute = (text: string): text is Compute => computeNames.includes(text);

export const elementBytesOf = (compute: Compute): number => computeTypes[compute][0];

/** MindFormers' configurations give 58 of 64 GB to a program (max_device_memory). */
const USABLE_MEMORY = 58 / 64;

/** Samples of a step; more are a mistake. */
const MOST_SAMPLES = 1e9;

export function planOptions(args: Arguments, cluster: Cluster): Result<PlanOptions> {
  const fixed = fixedChoices(textOption(args, 'fix'));
  if (!fixed.ok) return fixed;
  const memory = textOption(args, 'memory');
  const memoryBytes = memory === null ? cluster.device.memoryBytes * USABLE_MEMORY : parseSize(memory);
  if (memoryBytes === null) return failure(`--memory ${memory ?? ''}: expected a size such as 58GiB`);
  if (memoryBytes > cluster.device.memoryBytes)
    return failure(
      `--memory ${memory ?? ''}: a device of ${cluster.name} has ${cluster.device.memoryBytes / 2 ** 30} GiB`,
    );
  const globalBatch = numberOption(args, 'global-batch');
  if (globalBatch !== null && !(Number.isInteger(globalBatch) && globalBatch > 0 && globalBatch <= MOST_SAMPLES))
    return failure(`--global-batch ${globalBatch}: expected a whole number of samples up to ${MOST_SAMPLES}`);
  const compute = textOption(args, 'compute') ?? 'bf16';
  if (!isCompute(compute)) return failure(`--compute ${compute}: expected ${computeNames.join(', ')}`);
  return ok({ cluster, memoryBytes, globalBatch, fixed: fixed.value, compute });
}

const isChoice = (text: string): text is Choice => choices.some((choice) => choice === text);

/** `tensor=8,pipeline=4`, as `--fix` and `--why` have it. */
export function fixedChoices(text: string | null, option = '--fix'): Result<FixedChoices> {
  const fixed: Partial<Record<Choice, number>> = {};
  for (const part of (text ?? '').split(',').filter((word) => word !== '')) {
    const [name = '', digits = ''] = part.split('=');
    if (!isChoice(name)) return failure(`${option} ${part}: expected NAME=NUMBER with ${choices.join(', ')}`);
    const least = name === 'zero' || name === 'sequence-parallel' || name === 'recompute' ? 0 : 1;
    if (!/^\d+$/.test(digits) || Number(digits) < least)
      return failure(`${option} ${part}: expected a number from ${least}`);
    if (fixed[name] !== undefined && fixed[name] !== Number(digits))
      return failure(`${option} says ${name}=${fixed[name]} and ${name}=${digits}`);
    fixed[name] = Number(digits);
  }
  return ok(fixed);
}

/** Without --global-batch every device trains as many samples as the input has. */
export function planRequest(described: DescribedNetwork, options: PlanOptions): PlanRequest {
  const { cluster, compute, fixed, memoryBytes } = options;
  const [, gradientBytes, weightBytes] = computeTypes[compute];
  return {
    described,
    cluster,
    memoryBytes,
    fixed,
    globalBatch: options.globalBatch ?? described.view.batch * deviceCount(cluster),
    gradientBytes,
    weightBytes,
    constants: constantValues,
    machine: machineEfficiency.value,
  };
}

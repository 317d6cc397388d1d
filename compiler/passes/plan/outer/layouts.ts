/** How a plan lays out each parameter and divides each product: what strategy files say. */
import type { Operation, Value } from '../../../ir/index.ts';
import type { Cuts } from './cuts.ts';
import type { DescribedNetwork } from './describe.ts';
import { shapeOf } from './graph-view.ts';
import { productOf } from '../../analysis/index.ts';
import type { Candidate } from './request.ts';

/** A parameter on the devices of one stage. The device matrix is [data · context, tensor], the last axis innermost. */
export interface ParameterLayout {
  readonly name: string;
  readonly stage: number;
  readonly shape: readonly number[];
  /** The dimension that tensor parallelism cuts, or null. */
  readonly cut: number | null;
}

/** The cuts of each operand of an op, dimension by dimension. */
export interface OpStrategy {
  /** MindSpore's key: primitive and first parameter. */
  readonly name: string;
  readonly stage: number;
  readonly operands: readonly (readonly number[])[];
}

export interface PlanLayouts {
  readonly deviceMatrix: readonly [replicas: number, tensor: number];
  readonly pipeline: number;
  /** Devices that share optimizer state; 0 without ZeRO. */
  readonly optimizerShards: number;
  readonly parameters: readonly ParameterLayout[];
  readonly operations: readonly OpStrategy[];
}

/** The layouts of all layers: those of the first of equal layers hold for the others. */
export function planLayouts(described: DescribedNetwork, candidate: Candidate): PlanLayouts {
  const { configuration: plan, stages } = candidate;
  const replicas = plan.data * plan.context;
  const parameters = new Map<string, ParameterLayout>();
  const operations: OpStrategy[] = [];
  for (const { index: which, repeat, stage } of placedBlocks(stages)) {
    const { section } = described.blocks[which];
    const cuts = candidate.layers[which]?.cuts ?? described.blocks[which].cuts;
    for (let index = section.begin; index < section.begin + section.length; index += 1) {
      const first = described.view.operations[index];
      const here = described.view.operations[index + repeat * section.length];
      for (const [at, operand] of here.operands.entries()) {
        const parameter = described.view.parameters.get(operand);
        if (parameter === undefined) continue;
        const cut = plan.tensor > 1 ? (cuts.dividedParameters.get(first.operands[at]) ?? null) : null;
        const key = `${stage} ${parameter.name}`;
        const direct = shapeOf(operand).join() === parameter.shape.join();
        if (direct || !parameters.has(key))
          parameters.set(key, { name: parameter.name, stage, shape: parameter.shape, cut: direct ? cut : null });
      }
      const strategy = strategyOf(described, first, here, cuts, replicas, plan.tensor);
      if (strategy !== null) operations.push({ ...strategy, stage });
    }
  }
  return {
    deviceMatrix: [replicas, plan.tensor],
    pipeline: plan.pipeline,
    optimizerShards: plan.zero === 0 ? 0 : plan.zeroShards,
    parameters: [...parameters.values()],
    operations,
  };
}

interface PlacedBlock {
  /** Index of the block. */
  readonly index: number;
  readonly repeat: number;
  readonly stage: number;
}

/** Every layer with the stage that holds it. */
function* placedBlocks(stages: Candidate['stages']): Generator<PlacedBlock> {
  const repeats = new Map<number, number>();
  for (const [stage, runs] of stages.entries())
    for (const { block, count } of runs) {
      const begin = repeats.get(block) ?? 0;
      for (let repeat = begin; repeat < begin + count; repeat += 1) yield { index: block, repeat, stage };
      repeats.set(block, begin + count);
    }
}

/** Products and lookups with a parameter: rows over the replicas, the cut dimension over tensor parallelism. */
function strategyOf(
  { view }: DescribedNetwork,
  first: Operation,
  here: Operation,
  cuts: Cuts,
  replicas: number,
  tensor: number,
): Omit<OpStrategy, 'stage'> | null {
  const parameter = here.operands.map((operand) => view.parameters.get(operand)).find((each) => each !== undefined);
  const primitive = primitives[here.name];
  if (parameter === undefined || primitive === undefined) return null;
  if (productOf(here) === null && here.name !== 'ms.gather') return null;
  const cutOf = (operand: Value): number | undefined =>
    cuts.dividedParameters.get(operand) ?? cuts.dimensions.get(operand);
  const operands = first.operands.map((operand) => {
    const activation = !view.parameters.has(operand);
    const cut = tensor > 1 ? cutOf(operand) : undefined;
    return shapeOf(operand).map((_, dimension) =>
      dimension === cut ? tensor : activation && dimension === 0 ? replicas : 1,
    );
  });
  return { name: `${primitive}_${parameter.name}`, operands };
}

/** MindSpore's primitive of an op. */
const primitives: Readonly<Record<string, string>> = {
  'ms.matmul': 'MatMul',
  'ms.batch_matmul': 'BatchMatMul',
  'ms.dense': 'Dense',
  'ms.conv2d': 'Conv2D',
  'ms.conv2d_transpose': 'Conv2DTranspose',
  'ms.gather': 'Gather',
};

/** Training steps with plans on 2, 4 and 8 devices. */
import type { TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { tensorValue } from '../../compiler/ir/evaluate/index.ts';
import type { Module } from '../../compiler/ir/index.ts';
import { elementArray, elementCount, symbolsOf } from '../../compiler/ir/index.ts';
import type { FixedChoices } from '../../compiler/passes/plan/index.ts';
import type { Layout } from '../../compiler/passes/shard/index.ts';
import { layoutOf, meshOf } from '../../compiler/passes/shard/index.ts';
import { clusterByName, defaultChip } from '../../runtime/target/index.ts';
import { lenet, mixture, normalized } from '../../test/shard/networks.ts';
import { stepInputs } from '../../test/shard/step.ts';
import type { Description, StepPlan } from '../../test/shard/training.ts';
import { trainingStep } from '../../test/shard/training.ts';
import { compileSource } from '../../tools/msc/compile.ts';
import { processIo } from '../../tools/msc/io.ts';
import { compilePlanned } from '../../tools/msc/plan/apply.ts';

export interface NetworkCase {
  readonly name: string;
  readonly module: Module;
  readonly inputs: readonly TensorValue[];
}

const along = (axis: string, rank: number): Layout =>
  layoutOf(Array.from({ length: rank }, (_, at) => (at === 0 ? [axis] : [])));

const described = (name: string, description: Description, plan: StepPlan): NetworkCase => {
  const module = trainingStep(description, plan);
  return { name, module, inputs: stepInputs(module, description) };
};

/** Shapes of integer inputs. */
type Shapes = Readonly<Record<string, readonly number[]>>;

/** The step of a Python file with the plan that the planner finds on a cluster, some of its choices made. */
async function planned(folder: string, file: string, shapes: Shapes, devices: number, fixed: FixedChoices) {
  const cluster = clusterByName(`910b1:${devices}`);
  if (!cluster.ok) throw new Error('a cluster that is not known');
  const request = {
    source: {
      kind: 'network',
      file: `${folder}/${file}.py`,
      folder: process.cwd(),
      entry: 'step()',
      inputs: Object.entries(shapes).map(([name, shape]) => ({ name, shape, dtype: 'i32' as const })),
      roots: [],
      readable: [],
      limits: {},
      scriptArguments: [],
      print: () => undefined,
    },
    chip: defaultChip,
    to: 'source',
    now: () => 0,
  } as const;
  const options = { cluster: cluster.value, memoryBytes: 2 ** 36, globalBatch: null, fixed, compute: 'f32' } as const;
  const compilation = compilePlanned({ ...processIo(), log: () => undefined }, await compileSource(request), {
    request,
    plan: 'auto',
    cluster: cluster.value,
    file,
    options,
  });
  const { module } = compilation;
  if (module === null) throw new Error(compilation.diagnostics.map(({ message }) => message).join('; '));
  const choices = Object.entries(fixed).map(([choice, value]) => `${choice} ${value}`);
  return { name: `${file} on ${devices}, ${choices.join(', ')}`, module, inputs: zeros(module) };
}

/** Values do not matter to memory. */
const zeros = (module: Module): readonly TensorValue[] =>
  (symbolsOf(module.body).get('main')?.regions[0].arguments ?? []).map(({ type }) => {
    if (type.kind !== 'tensor') throw new Error(`${type.key} is no tensor`);
    const shape = type.shape.map(Number);
    return tensorValue(shape, type.dtype, elementArray(type.dtype, elementCount(shape)));
  });

/** One at a time: modules are large. */
export async function* networkCases(folder: string): AsyncGenerator<NetworkCase> {
  const images = { image: along('dp', 4), label: along('dp', 1) };
  for (const dp of [2, 4, 8]) {
    const optimizer = 'momentum';
    yield described(
      `LeNet, data ${dp}, ZeRO 1`,
      { ...lenet(16), optimizer },
      { mesh: meshOf({ dp }), layouts: images, zero: 1 },
    );
    yield described(`normalized CNN, data ${dp}`, normalized(16), { mesh: meshOf({ dp }), layouts: images });
  }
  for (const dp of [1, 2, 4])
    yield described(`LeNet, 2 stages, data ${dp}`, lenet(16), {
      mesh: meshOf({ dp }),
      layouts: images,
      stages: 2,
      microBatches: 2,
    });
  for (const ep of [2, 4, 8]) {
    const layouts = Object.fromEntries(['x', 'target', 'up', 'down'].map((name) => [name, along('ep', 3)]));
    yield described(`mixture of experts on ${ep}`, mixture(8, 16, 16, 8, 3), { mesh: meshOf({ ep }), layouts });
  }
  for (const [devices, fixed] of LLAMA_PLANS) yield await planned(folder, 'llama', { tokens: [8, 11] }, devices, fixed);
  for (const [devices, fixed] of BERT_PLANS) yield await planned(folder, 'bert', BERT, devices, fixed);
}

type Plan = readonly [devices: number, fixed: FixedChoices];

const LLAMA_PLANS: readonly Plan[] = [
  [2, { data: 2, zero: 0 }],
  [2, { tensor: 2 }],
  [2, { pipeline: 2, 'micro-batch': 2 }],
  [4, { data: 4, zero: 1 }],
  [4, { data: 2, tensor: 2, zero: 2 }],
  [4, { data: 2, pipeline: 2, 'micro-batch': 1 }],
  [8, { data: 8, zero: 3 }],
  [8, { data: 4, tensor: 2, zero: 1 }],
];

const BERT_PLANS: readonly Plan[] = [
  [2, { data: 2, zero: 1 }],
  [2, { tensor: 2 }],
  [2, { pipeline: 2, 'micro-batch': 1 }],
  [4, { data: 2, tensor: 2, zero: 3 }],
  [8, { data: 2, tensor: 2, pipeline: 2 }],
];

/** The file states its batch. */
const BERT: Shapes = {
  input_ids: [2, 12],
  token_type_ids: [2, 12],
  input_mask: [2, 12],
  masked_positions: [2, 3],
  masked_ids: [2, 3],
  next_sentence: [2],
};

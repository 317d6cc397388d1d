/** Training steps with plans on 2, 4 and 8 devices. */
import type { TensorValue } from '../../compiler/ir/evaluate/index.ts';
import type { Module } from '../../compiler/ir/index.ts';
import type { Layout } from '../../compiler/passes/shard/index.ts';
import { layoutOf, meshOf } from '../../compiler/passes/shard/index.ts';
import { lenet, mixture, normalized } from '../../test/shard/networks.ts';
import type { SourcePlan } from '../../test/shard/sources.ts';
import { tracedStep } from '../../test/shard/sources.ts';
import { stepInputs } from '../../test/shard/step.ts';
import type { Description, StepPlan } from '../../test/shard/training.ts';
import { trainingStep } from '../../test/shard/training.ts';

export interface NetworkCase {
  readonly name: string;
  readonly module: Module;
  readonly inputs: readonly TensorValue[];
}

const along = (axis: string, rank: number): Layout =>
  layoutOf(Array.from({ length: rank }, (_, at) => (at === 0 ? [axis] : [])));

/** Megatron's layouts: columns of the first product of a pair, rows of the second; weights are [out, in]. */
const pairs =
  (columns: RegExp, rows: RegExp) =>
  (name: string, shape: readonly number[]): Layout | null => {
    if (shape.length !== 2) return null;
    if (columns.test(name)) return layoutOf([['mp'], []]);
    return rows.test(name) ? layoutOf([[], ['mp']]) : null;
  };

const described = (name: string, description: Description, plan: StepPlan): NetworkCase => {
  const module = trainingStep(description, plan);
  return { name, module, inputs: stepInputs(module, description) };
};

const traced = (
  name: string,
  file: string,
  rules: Readonly<Record<string, string>>,
  plan: SourcePlan,
): NetworkCase => ({ name, ...tracedStep(file, rules, plan) });

/** One at a time: modules are large. */
export function* networkCases(): Generator<NetworkCase> {
  const images = { image: along('dp', 4), label: along('dp', 1) };
  for (const dp of [2, 4, 8]) {
    const optimizer = 'momentum';
    yield described(`LeNet, data ${dp}, ZeRO 1`, { ...lenet(16), optimizer }, { mesh: meshOf({ dp }), layouts: images, zero: 1 });
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
  const llama = pairs(/w[qkv13]\.weight$/, /w[o2]\.weight$/);
  const bert = pairs(/(query|key|value)\.weight$/, /attention\.dense\.weight$/);
  const meshes = [
    { dp: 2 },
    { mp: 2 },
    { dp: 2, mp: 2 },
    { dp: 4, mp: 2 },
  ];
  for (const sizes of meshes)
    for (const zero of [0, 3]) {
      const mesh = meshOf(sizes);
      const text = `${Object.entries(sizes).map(([axis, size]) => `${axis} ${size}`).join(', ')}, ZeRO ${zero}`;
      yield traced(`Llama, ${text}`, 'llama', { tokens: 'int32[4,11] below 40' }, { mesh, layoutOf: llama, zero });
      yield traced(`BERT, ${text}`, 'bert', BERT_INPUTS(2), { mesh, layoutOf: bert, zero });
    }
}

const BERT_INPUTS = (batch: number): Readonly<Record<string, string>> => ({
  input_ids: `int32[${batch},12] below 48`,
  token_type_ids: `int32[${batch},12] below 2`,
  input_mask: `int32[${batch},12] below 2`,
  masked_positions: `int32[${batch},3] below 12`,
  masked_ids: `int32[${batch},3] below 48`,
  next_sentence: `int32[${batch}] below 2`,
});

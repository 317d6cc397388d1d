/** Training steps of partitioned networks on the simulated devices equal those of one device. */
import { describe, expect, test } from 'vitest';
import { layoutOf, meshOf } from '../../compiler/passes/shard/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { compileRanks, loadRanks } from '../../tools/msc/ranks/index.ts';
import { integerInputs, runWhole } from '../shard/harness.ts';
import { lenet, mixture, mlp, transformer } from '../shard/networks.ts';
import type { Description, StepPlan } from '../shard/training.ts';
import { trainingStep } from '../shard/training.ts';

interface Steps {
  /** Largest difference of a result, relative to its largest element. */
  readonly worst: number;
  readonly memoryBytes: readonly number[];
}

/** One step on all ranks of the plan, against the oracle's. */
async function stepOn(description: Description, plan: StepPlan, threads = 1): Promise<Steps> {
  const module = trainingStep(description, plan);
  const divisor = description.exact ? 1 : 8;
  const inputs = integerInputs(module).map((input) =>
    input.data instanceof Float32Array ? { ...input, data: input.data.map((value) => value / divisor) } : input,
  );
  const compiled = compileRanks(module, { chip: defaultChip });
  if (!compiled.ok)
    throw new Error(compiled.error.map(({ message, notes }) => [message, ...notes].join('\n')).join('\n'));
  const loaded = await loadRanks(compiled.value, { threads, relaxedSimd: !description.exact });
  if (!loaded.ok) throw new Error(loaded.error.map(({ message }) => message).join('\n'));
  const ranks = loaded.value;
  ranks.set(inputs);
  expect([...ranks.prepare(), ...ranks.run()].map(({ message, notes }) => [message, ...notes])).toEqual([]);
  const results = ranks.results();
  if (!results.ok) throw new Error(results.error.map(({ message }) => message).join('\n'));
  const worst = runWhole(module, inputs).map((expected, at) => {
    const wanted = Array.from(expected.data, Number);
    const actual = Array.from(results.value[at].data, Number);
    const largest = Math.max(1e-6, ...wanted.map(Math.abs));
    return Math.max(...wanted.map((value, place) => Math.abs(value - actual[place]))) / largest;
  });
  const memoryBytes = ranks.instance.memoryBytes();
  await ranks.close();
  return { worst: Math.max(...worst), memoryBytes };
}

const DP = ['dp'];
const MP = ['mp'];
const batch = (rank: number) => layoutOf(Array.from({ length: rank }, (_, at) => (at === 0 ? DP : [])));

const attention = transformer({ batch: 4, length: 8, width: 8, heads: 4, vocabulary: 16, layers: 2 });
const columnsThenRows = Object.fromEntries(
  [0, 1].flatMap((layer) => [
    ...['query', 'key', 'value', 'up'].map((name) => [`${name}${layer}`, layoutOf([[], MP])] as const),
    ...['out', 'down'].map((name) => [`${name}${layer}`, layoutOf([MP, []])] as const),
  ]),
);
const divided = { ...columnsThenRows, tokens: batch(2), labels: batch(2) };
const parts = layoutOf([['ep'], [], []]);

const plans: readonly (readonly [string, Description, StepPlan])[] = [
  ...[0, 1, 2, 3].map(
    (zero) =>
      [
        `a perceptron, data parallel on 4, ZeRO ${zero}`,
        mlp(8, [4, 8, 4]),
        { mesh: meshOf({ dp: 4 }), layouts: { x: batch(2), target: batch(2) }, zero },
      ] as const,
  ),
  [
    'a perceptron, 2 stages of 2 by 2',
    mlp(8, [4, 8, 4]),
    {
      mesh: meshOf({ dp: 2, mp: 2 }),
      layouts: { x: batch(2), target: batch(2), w0: layoutOf([[], MP]) },
      stages: 2,
      microBatches: 2,
      zero: 2,
    },
  ],
  ['a transformer, tensor parallel on 4', attention, { mesh: meshOf({ mp: 4 }), layouts: columnsThenRows }],
  [
    'a transformer, data and tensor parallel with ZeRO 3 on 8',
    attention,
    { mesh: meshOf({ dp: 4, mp: 2 }), layouts: divided, zero: 3 },
  ],
  [
    'a transformer, 1F1B on 2 stages of 2 by 2',
    attention,
    { mesh: meshOf({ dp: 2, mp: 2 }), layouts: divided, stages: 2, microBatches: 2, zero: 1 },
  ],
  [
    'a mixture of experts on 4',
    mixture(4, 8, 4, 4, 3),
    { mesh: meshOf({ ep: 4 }), layouts: { x: parts, target: parts, up: parts, down: parts } },
  ],
  [
    'LeNet, data parallel on 8',
    lenet(8),
    { mesh: meshOf({ dp: 8 }), layouts: { image: batch(4), label: batch(1) }, zero: 1 },
  ],
];

describe('a training step on the simulated devices equals one device', () => {
  test.each(plans)('%s', async (_, description, plan) => {
    const { worst } = await stepOn(description, plan);
    expect(worst).toBeLessThanOrEqual(description.exact ? 0 : 1e-5);
  });

  test('on two threads as on one', async () => {
    const plan: StepPlan = { mesh: meshOf({ dp: 2, mp: 2 }), layouts: divided };
    const [one, two] = [await stepOn(attention, plan, 1), await stepOn(attention, plan, 2)];
    expect(two).toEqual(one);
  });
});

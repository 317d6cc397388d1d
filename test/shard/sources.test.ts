/** Whole training steps of Python networks on several ranks equal one device: loss, new weights, new state. */
import { describe, expect, it } from 'vitest';
import { layoutOf, meshOf } from '../../compiler/passes/shard/index.ts';
import type { Layout } from '../../compiler/passes/shard/index.ts';
import { collectivesOf } from './harness.ts';
import { partitioned, runPartition, runWhole } from './run.ts';
import type { SourcePlan } from './sources.ts';
import { tracedStep } from './sources.ts';
import { worstDifference } from './step.ts';

function check(file: string, rules: Readonly<Record<string, string>>, plan: SourcePlan): readonly string[] {
  const { module, inputs } = tracedStep(file, rules, plan);
  const partition = partitioned(module);
  expect(worstDifference(runWhole(module, inputs), runPartition(partition, inputs))).toBeLessThan(1e-5);
  return collectivesOf(partition.ranks[0]);
}

const llama = { tokens: 'int32[4,11] below 40' };

/** Megatron's layouts: columns of the first product of a pair, rows of the second; weights are [out, in]. */
const pairs =
  (columns: RegExp, rows: RegExp) =>
  (name: string, shape: readonly number[]): Layout | null => {
    if (shape.length !== 2) return null;
    if (columns.test(name)) return layoutOf([['mp'], []]);
    return rows.test(name) ? layoutOf([[], ['mp']]) : null;
  };

describe('Llama', () => {
  it('tensor parallel on 2, data parallel on 2', () => {
    check('llama', llama, { mesh: meshOf({ dp: 2, mp: 2 }), layoutOf: pairs(/w[qkv13]\.weight$/, /w[o2]\.weight$/) });
  });
  it('two micro-batches', () => {
    check('llama', llama, { mesh: meshOf({ dp: 2 }), microBatches: 2 });
  });
});

const bert = {
  input_ids: 'int32[2,12] below 48',
  token_type_ids: 'int32[2,12] below 2',
  input_mask: 'int32[2,12] below 2',
  masked_positions: 'int32[2,3] below 12',
  masked_ids: 'int32[2,3] below 48',
  next_sentence: 'int32[2] below 2',
};

describe('BERT', () => {
  it('data parallel on 2, tensor parallel on 2, ZeRO 3', () => {
    const layouts = pairs(/(query|key|value)\.weight$/, /attention\.dense\.weight$/);
    check('bert', bert, { mesh: meshOf({ dp: 2, mp: 2 }), layoutOf: layouts, zero: 3 });
  });
});

describe('a convolutional network with batch statistics', () => {
  it('data parallel on 4, ZeRO 2', () => {
    const rules = { data: 'float32[4,3,10,10]', label: 'int32[4] below 5' };
    expect(check('convolution', rules, { mesh: meshOf({ dp: 4 }), zero: 2 })).toContain('all_reduce');
  });
});

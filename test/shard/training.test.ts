/** Whole training steps on 2, 4 and 8 ranks: loss, gradients and new weights equal those of one device. */
import { describe, expect, it } from 'vitest';
import { layoutOf, meshOf, partition } from '../../compiler/passes/shard/index.ts';
import type { Partition } from '../../compiler/passes/shard/index.ts';
import { collectivesOf } from './harness.ts';
import { lenet, mixture, mlp, normalized, transformer } from './networks.ts';
import { partitioned, runPartition, runWhole } from './run.ts';
import { compareStep, stepInputs, toleranceOf, worstDifference } from './step.ts';
import type { Description, StepPlan } from './training.ts';
import { trainingStep } from './training.ts';

/** Runs a step both ways; results differ by no more than rounding. */
function expectSameStep(description: Description, plan: StepPlan): Partition {
  const { partition: found, worst } = compareStep(description, plan);
  expect(worst, description.name).toBeLessThanOrEqual(toleranceOf(description));
  return found;
}

const countOf = (found: Partition, name: string): number =>
  collectivesOf(found.ranks[0]).filter((one) => one === name).length;
const DP = ['dp'];
const MP = ['mp'];
const batch = (rank: number) => layoutOf(Array.from({ length: rank }, (_, at) => (at === 0 ? DP : [])));

describe('multi-layer perceptron', () => {
  const net = mlp(8, [4, 8, 4]);
  it.each([0, 1, 2, 3])('data parallel on 4, ZeRO %i', (zero) => {
    expectSameStep(net, { mesh: meshOf({ dp: 4 }), layouts: { x: batch(2), target: batch(2) }, zero });
  });
  it('columns, then rows', () => {
    const layouts = { w0: layoutOf([[], MP]), w1: layoutOf([MP, []]) };
    const found = expectSameStep(net, { mesh: meshOf({ mp: 4 }), layouts });
    expect(collectivesOf(found.ranks[0])).toEqual(['all_reduce']);
  });
  it('pipeline of 2 by 2 by 2', () => {
    const layouts = { x: batch(2), target: batch(2), w0: layoutOf([[], MP]) };
    const found = expectSameStep(net, { mesh: meshOf({ dp: 2, mp: 2 }), layouts, stages: 2, microBatches: 2, zero: 2 });
    expect(found.ranks).toHaveLength(8);
  });
});

describe('LeNet', () => {
  it.each([2, 4, 8])('data parallel on %i', (dp) => {
    expectSameStep(lenet(8), { mesh: meshOf({ dp }), layouts: { image: batch(4), label: batch(1) }, zero: 1 });
  });
  it('output channels and dense layers divided', () => {
    const layouts = {
      conv1: layoutOf([MP, [], [], []]),
      conv2: layoutOf([[], MP, [], []]),
      fc1: layoutOf([MP, []]),
      fc2: layoutOf([[], MP]),
    };
    expectSameStep(lenet(4), { mesh: meshOf({ mp: 4 }), layouts });
  });
  it('two stages, four micro-batches', () => {
    expectSameStep(lenet(8), { mesh: meshOf({ dp: 2 }), layouts: { image: batch(4) }, stages: 2, microBatches: 4 });
  });
});

describe('transformer', () => {
  const net = transformer({ batch: 4, length: 8, width: 8, heads: 4, vocabulary: 16, layers: 2 });
  const tensorParallel = Object.fromEntries(
    [0, 1].flatMap((layer) => [
      ...['query', 'key', 'value', 'up'].map((name) => [`${name}${layer}`, layoutOf([[], MP])] as const),
      ...['out', 'down'].map((name) => [`${name}${layer}`, layoutOf([MP, []])] as const),
    ]),
  );
  it('tensor parallel: two all-reduces a layer forward, two back', () => {
    const found = expectSameStep(net, { mesh: meshOf({ mp: 4 }), layouts: tensorParallel });
    expect(collectivesOf(found.ranks[0]).every((name) => name === 'all_reduce')).toBe(true);
    expect(countOf(found, 'all_reduce')).toBe(8);
  });
  it('vocabulary divided: embedding and cross entropy', () => {
    const layouts = { embedding: layoutOf([MP, []]), head: layoutOf([[], MP]) };
    const found = expectSameStep(net, { mesh: meshOf({ mp: 2 }), layouts });
    expect(countOf(found, 'all_gather')).toBe(0);
  });
  it('sequence parallel: norms on parts of the sequence', () => {
    const along = layoutOf([[], MP, []]);
    const marks = Object.fromEntries(
      [0, 1].flatMap((layer) =>
        [`norm1_${layer}`, `norm2_${layer}`, `down_${layer}`, `block_${layer}`].map((name) => [name, along]),
      ),
    );
    const found = expectSameStep(net, { mesh: meshOf({ mp: 2 }), layouts: tensorParallel, marks });
    expect(countOf(found, 'reduce_scatter')).toBeGreaterThan(0);
  });
  it('data and tensor parallel with ZeRO 3 on 8', () => {
    const layouts = { ...tensorParallel, tokens: batch(2), labels: batch(2) };
    expectSameStep(net, { mesh: meshOf({ dp: 4, mp: 2 }), layouts, zero: 3 });
  });
  it('two stages, 1F1B, data and tensor parallel on 8', () => {
    const layouts = { ...tensorParallel, tokens: batch(2), labels: batch(2) };
    expectSameStep(net, { mesh: meshOf({ dp: 2, mp: 2 }), layouts, stages: 2, microBatches: 2, zero: 1 });
  });
});

describe('mixture of experts', () => {
  it.each([2, 4])('tokens by group, experts by number, on %i', (ep) => {
    const layouts = {
      x: layoutOf([['ep'], [], []]),
      target: layoutOf([['ep'], [], []]),
      up: layoutOf([['ep'], [], []]),
      down: layoutOf([['ep'], [], []]),
    };
    const found = expectSameStep(mixture(4, 8, 4, 4, 3), { mesh: meshOf({ ep }), layouts });
    expect(countOf(found, 'all_to_all')).toBeGreaterThanOrEqual(2);
  });
});

describe('what is sent together, and what is sent again', () => {
  const layouts = { image: batch(4), label: batch(1) };
  it('gradients in buckets', () => {
    const module = trainingStep(lenet(8), { mesh: meshOf({ dp: 2 }), layouts });
    const inputs = stepInputs(module, lenet(8));
    const counts = [undefined, 2000, 1e9].map((bucketBytes) => {
      const found = partitioned(module, bucketBytes === undefined ? {} : { bucketBytes });
      expect(worstDifference(runWhole(module, inputs), runPartition(found, inputs))).toBeLessThan(1e-5);
      return countOf(found, 'all_reduce');
    });
    expect(counts[1]).toBeLessThan(counts[0]);
    expect(counts[2]).toBeLessThan(counts[1]);
  });
  it('weights of ZeRO 3 are gathered forward and again backward', () => {
    const net = mlp(8, [4, 8, 4]);
    const plan = { mesh: meshOf({ dp: 2 }), layouts: { x: batch(2), target: batch(2) }, zero: 3 };
    // The first weight is needed forward alone.
    expect(countOf(expectSameStep(net, plan), 'all_gather')).toBe(3);
  });
});

describe('batch normalization', () => {
  const layouts = { image: batch(4), label: batch(1) };
  it.each([2, 4, 8])('takes its statistics over the batches of all %i devices', (dp) => {
    const found = expectSameStep(normalized(8), { mesh: meshOf({ dp }), layouts, zero: 2 });
    expect(countOf(found, 'all_reduce')).toBeGreaterThanOrEqual(4);
  });
  it('divides channels without communication in the norm', () => {
    const plan = { mesh: meshOf({ mp: 4 }), layouts: { conv: layoutOf([MP, [], [], []]) } };
    expectSameStep(normalized(4), plan);
  });
  it('has no micro-batches', () => {
    const module = trainingStep(normalized(8), { mesh: meshOf({ dp: 2 }), layouts, microBatches: 2 });
    expect(partition(module).diagnostics.map(({ code }) => code)).toContain('MSC0545');
  });
});

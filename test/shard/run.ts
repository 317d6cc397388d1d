/** Runs programs of all ranks on slices of whole tensors; needs no test runner. */
import { elementCount, symbolsOf, verifyModule } from '../../compiler/ir/index.ts';
import type { Module } from '../../compiler/ir/index.ts';
import { evaluateFunction, evaluateRanks, fromNumbers, isScalar } from '../../compiler/ir/evaluate/index.ts';
import type { RankOptions, RuntimeValue, TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { assemble, partition, sliceFor, verifyRanks } from '../../compiler/passes/shard/index.ts';
import type { Partition, PartitionOptions } from '../../compiler/passes/shard/index.ts';

/** Inputs for @main: small integers, so that every order of summation gives the same bits. */
export function integerInputs(module: Module, seed = 1): readonly TensorValue[] {
  let state = seed;
  const next = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 16;
  const main = symbolsOf(module.body).get('main');
  return (main?.regions[0].arguments ?? []).map(({ type }) => {
    if (type.kind !== 'tensor') throw new Error(`${type.key} is no tensor`);
    const shape = type.shape.map(Number);
    const limit = type.dtype.startsWith('i') ? 4 : 5;
    const base = type.dtype.startsWith('i') ? 0 : -2;
    const numbers = Array.from({ length: elementCount(shape) }, () => (next() % limit) + base);
    return fromNumbers(shape, type.dtype, numbers);
  });
}

/** Runs all ranks on slices of whole inputs and puts their results together. */
export function runPartition(
  { ranks, arguments: taken, results }: Partition,
  inputs: readonly RuntimeValue[],
  options: RankOptions = {},
): readonly RuntimeValue[] {
  const rankInputs = ranks.map((_, rank) => {
    const local: RuntimeValue[] = [];
    taken.forEach((placement, at) => {
      const position = placement.positions[rank];
      const value = inputs[at];
      if (position >= 0) local[position] = isScalar(value) ? value : sliceFor(placement, rank, value);
    });
    return local;
  });
  const outputs = evaluateRanks(ranks, rankInputs, options);
  if (!outputs.ok) {
    const { message, ranks: waiting } = outputs.error;
    throw new Error([message, ...waiting.map(({ rank, text }) => `rank ${rank}: ${text}`)].join('\n'));
  }
  return results.map((placement) => {
    const slices = ranks.map((_, rank) => {
      const value = placement.positions[rank] < 0 ? null : outputs.value[rank][placement.positions[rank]];
      return value === null || isScalar(value) ? null : value;
    });
    const scalar = ranks.flatMap((_, rank) =>
      outputs.value[rank].slice(placement.positions[rank], placement.positions[rank] + 1),
    )[0];
    if (placement.type.kind !== 'tensor') return scalar;
    const whole = assemble(placement, slices);
    if ('ranks' in whole) throw new Error(`copies on ranks ${whole.ranks.join(' and ')} differ`);
    return whole;
  });
}

/** The results of @main on one device. */
export function runWhole(module: Module, inputs: readonly RuntimeValue[]): readonly TensorValue[] {
  const results = evaluateFunction(module, 'main', inputs);
  if (!results.ok) throw new Error(results.error.message);
  return results.value.flatMap((value) => (isScalar(value) ? [] : [value]));
}

/** A partition that must exist and be well-formed. */
export function partitioned(module: Module, options: PartitionOptions = {}): Partition {
  const { partition: found, diagnostics } = partition(module, options);
  const problems = [...diagnostics, ...(found?.ranks ?? []).flatMap((rank) => verifyModule(rank, opTable))];
  if (found === null || problems.length > 0) throw new Error(problems.map(({ message }) => message).join('\n'));
  const [blocked] = verifyRanks(found.ranks);
  if (blocked) throw new Error(blocked.message);
  return found;
}

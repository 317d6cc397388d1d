/** Modules from text, for tests of this room. */
import { expect } from 'vitest';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { parseModule, verifyModule, walk } from '../../compiler/ir/index.ts';
import type { Module } from '../../compiler/ir/index.ts';
import { isScalar } from '../../compiler/ir/evaluate/index.ts';
import type { Partition, PartitionOptions } from '../../compiler/passes/shard/index.ts';
import { integerInputs, partitioned, runPartition, runWhole } from './run.ts';

export { integerInputs, partitioned, runPartition, runWhole };

/** A well-formed module. */
export function moduleOf(text: string): Module {
  const { module, diagnostics } = parseModule({ name: 'net.mlir', text }, opTable);
  expect(diagnostics.map((diagnostic) => diagnostic.message)).toEqual([]);
  if (module === null) throw new Error('no module and no diagnostic');
  expect(verifyModule(module, opTable).map((diagnostic) => diagnostic.message)).toEqual([]);
  return module;
}

/** Names of the collectives of one rank, in order. */
export function collectivesOf(module: Module): readonly string[] {
  const found: string[] = [];
  walk(module.body, ({ name }) => {
    if (name.startsWith('dist.')) found.push(name.slice(5));
  });
  return found;
}

/** Partitions, runs both ways on integers, and compares every bit; returns the partition. */
export function expectEqualToWhole(text: string, options: PartitionOptions = {}): Partition {
  const module = moduleOf(text);
  const found = partitioned(module, options);
  const inputs = integerInputs(module);
  const [expected, actual] = [runWhole(module, inputs), runPartition(found, inputs)];
  expected.forEach((value, at) => {
    const other = actual[at];
    expect(isScalar(other) ? [] : Array.from(other.data, Number), `result ${at}`).toEqual(
      Array.from(value.data, Number),
    );
  });
  return found;
}

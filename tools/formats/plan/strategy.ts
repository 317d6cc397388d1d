/**
 * MindSpore's parameter strategy file in its JSON form, as `transform_checkpoints` and `rank_list_for_transform` read it: one dev_matrix
 * and tensor_map for each parameter. A tensor_map entry is the mesh axis counted from the right, -1 for none. With a
 * pipeline the names carry their stage (`3-layers.7.weight`), which is what merge_pipeline_strategys writes.
 */
import type { Result } from '../../../compiler/ir/support/index.ts';
import { attemptRead, entryOf, integerOf, listOf, mapOf, type DocumentError, type Item } from './document.ts';

export interface ParameterStrategy {
  readonly dev_matrix: readonly number[];
  readonly tensor_map: readonly number[];
  /** The whole parameter. */
  readonly tensor_shape: readonly number[];
  readonly field: number;
  readonly opt_weight_shard_step: number;
  readonly opt_weight_shard_size: number;
}

export interface OperatorStrategy {
  readonly stage: number;
  readonly parallel_strategy: readonly (readonly number[])[];
}

/** The file. */
export interface Strategy {
  readonly current_stage: number;
  readonly parallel_strategy_item: Readonly<Record<string, OperatorStrategy>>;
  readonly parallel_layout_item: Readonly<Record<string, ParameterStrategy>>;
}

/** One line for each name. */
export function writeStrategy(strategy: Strategy): string {
  const table = (entries: Readonly<Record<string, unknown>>): string =>
    Object.entries(entries)
      .map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
      .join(',\n');
  return [
    `{\n "current_stage": ${strategy.current_stage},`,
    ` "parallel_strategy_item": {\n${table(strategy.parallel_strategy_item)}\n },`,
    ` "parallel_layout_item": {\n${table(strategy.parallel_layout_item)}\n }\n}\n`,
  ].join('\n');
}

/** Reads a strategy file; every key of the form is required. */
export function readStrategy(text: string): Result<Strategy, readonly DocumentError[]> {
  return attemptRead(text, (item) => ({
    current_stage: integerOf(entryOf(item, 'current_stage'), 'current_stage', 0),
    parallel_strategy_item: recordOf(entryOf(item, 'parallel_strategy_item'), operatorOf),
    parallel_layout_item: recordOf(entryOf(item, 'parallel_layout_item'), parameterOf),
  }));
}

const recordOf = <Value>(item: Item, read: (item: Item) => Value): Readonly<Record<string, Value>> =>
  Object.fromEntries([...mapOf(item, 'a table of names')].map(([name, entry]) => [name, read(entry)]));

const integersOf = (item: Item, what: string, least: number): readonly number[] =>
  listOf(item, what).map((each) => integerOf(each, `an element of ${what}`, least));

const operatorOf = (item: Item): OperatorStrategy => ({
  stage: integerOf(entryOf(item, 'stage'), 'stage', 0),
  parallel_strategy: listOf(entryOf(item, 'parallel_strategy'), 'parallel_strategy').map((each) =>
    integersOf(each, 'a strategy', 1),
  ),
});

const parameterOf = (item: Item): ParameterStrategy => ({
  dev_matrix: integersOf(entryOf(item, 'dev_matrix'), 'dev_matrix', 1),
  tensor_map: integersOfMap(entryOf(item, 'tensor_map')),
  tensor_shape: integersOf(entryOf(item, 'tensor_shape'), 'tensor_shape', 0),
  field: integerOf(entryOf(item, 'field'), 'field', 0),
  opt_weight_shard_step: integerOf(entryOf(item, 'opt_weight_shard_step'), 'opt_weight_shard_step', 0),
  opt_weight_shard_size: integerOf(entryOf(item, 'opt_weight_shard_size'), 'opt_weight_shard_size', 0),
});

/** -1 is a dimension that is not cut. */
const integersOfMap = (item: Item): readonly number[] => {
  return listOf(item, 'tensor_map').map((each) =>
    each.kind === 'scalar' && each.value === -1 ? -1 : integerOf(each, 'an element of tensor_map', 0),
  );
};

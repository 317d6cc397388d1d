/** A strategy file of `msc plan` (or MindSpore's, of the same form) as a plan for a network. */
import type { Module, Result } from '../../../compiler/ir/index.ts';
import { failure, ok } from '../../../compiler/ir/index.ts';
import { placeOf, type AppliedPlan, type Axis, type ParameterPlace } from '../../../compiler/passes/plan/index.ts';
import type { ParameterStrategy, Strategy } from '../../formats/plan/index.ts';
import { mainArguments, mainOf } from '../parameters.ts';

/** Axes of a device matrix [replicas, tensor], counted from the right as a tensor_map counts. */
const COUNTED: readonly Axis[] = ['mp', 'dp'];

/** `3-layers.7.weight`: stage and name. */
const STAGED = /^(\d+)-(.*)$/;

/** The plan that a file states, or why it is none for this network. */
export function strategyPlan({ parallel_layout_item: items }: Strategy, module: Module): Result<AppliedPlan> {
  const entries = Object.entries(items).map(([key, strategy]) => {
    const [, stage = '0', name = key] = STAGED.exec(key) ?? [];
    return { name, stage: Number(stage), strategy };
  });
  const [first] = entries;
  if (first === undefined) return failure('it has no parameter');
  const [dp, mp] = first.strategy.dev_matrix;
  const other = entries.find(({ strategy }) => strategy.dev_matrix.join() !== `${dp},${mp}`);
  if (other !== undefined)
    return failure(`the device matrix of '${other.name}' is [${other.strategy.dev_matrix.join(', ')}]`);
  const parameters = new Map<string, ParameterPlace>();
  for (const { name, stage, strategy } of entries) {
    const axes = axesOf(strategy);
    if (axes === null) return failure(`the tensor map of '${name}' is [${strategy.tensor_map.join(', ')}]`);
    const earliest = Math.min(stage, parameters.get(name)?.stage ?? stage);
    parameters.set(name, { shape: strategy.tensor_shape, stage: earliest, axes });
  }
  const stages = 1 + Math.max(...entries.map(({ stage }) => stage));
  const plan: AppliedPlan = {
    sizes: { dp, cp: 1, mp },
    stages,
    microBatches: microBatchesFor(module, stages, dp),
    zero: entries.some(({ strategy }) => strategy.opt_weight_shard_size > 0) ? 1 : 0,
    sequence: null,
    parameters,
  };
  const problem = misfit(plan, module);
  return problem === null ? ok(plan) : failure(problem);
}

function axesOf({ tensor_map: map, tensor_shape: shape }: ParameterStrategy): readonly (Axis | null)[] | null {
  if (map.length !== shape.length || map.some((axis) => axis >= COUNTED.length)) return null;
  return map.map((axis) => (axis < 0 ? null : COUNTED[axis]));
}

/** A file does not say it: as many as there are stages where they divide the batch, which keeps every stage busy. */
function microBatchesFor(module: Module, stages: number, replicas: number): number {
  const types = mainOf(module)?.regions[0].arguments.map(({ type }) => type) ?? [];
  const at = mainArguments(module).findIndex(({ isParameter }) => !isParameter);
  const type = types[at];
  const batch = (type?.kind === 'tensor' ? Number(type.shape[0] ?? 1) : 1) / replicas;
  let count = stages;
  while (batch % count !== 0) count -= 1;
  return count;
}

/** A parameter of the plan that the network does not have, or has in another shape. */
function misfit(plan: AppliedPlan, module: Module): string | null {
  const types = mainOf(module)?.regions[0].arguments.map(({ type }) => type) ?? [];
  // The state of an optimizer ends in the name of its parameter, which is the shortest of them.
  const found = new Map<ParameterPlace, { readonly name: string; readonly shape: string }>();
  for (const [at, { name, isParameter }] of mainArguments(module).entries()) {
    const place = isParameter ? placeOf(plan, name) : null;
    const type = types[at];
    if (place === null || type.kind !== 'tensor' || (found.get(place)?.name.length ?? Infinity) <= name.length)
      continue;
    found.set(place, { name, shape: type.shape.join(', ') });
  }
  for (const [planned, place] of plan.parameters) {
    const known = found.get(place);
    if (known === undefined) return `it has no parameter '${planned}'`;
    const shape = place.shape.join(', ');
    if (known.shape !== shape) return `'${known.name}' has the shape [${known.shape}] and not [${shape}]`;
  }
  return null;
}

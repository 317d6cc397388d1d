/**
 * One module for each rank: the network's @graph module with annotations in, static slices with collectives out.
 *
 * The whole step is partitioned alike, forward, backward and optimizer: what data parallelism, tensor parallelism or
 * ZeRO do to gradients follows from index notation (a gradient sums over the batch, so its parts are partial sums).
 */
import type { Attribute, AttributeMap, Diagnostic, Operation, Sources, Value } from '../../ir/index.ts';
import { Block, functionType, Module, Operation as Op, stringAttribute, typeAttribute, walk } from '../../ir/index.ts';
import { opTable } from '../../ir/ops/index.ts';
import { cloneBlock } from '../rewrite/index.ts';
import { inlineCalls } from '../simplify/index.ts';
import { mainOf, readAnnotations } from './annotations.ts';
import type { Annotations } from './annotations.ts';
import { bucketReductions } from './buckets.ts';
import { ShardReport, shardDiagnostics } from './diagnostics.ts';
import { leadingCollectives } from './leading.ts';
import type { Mesh } from './mesh.ts';
import { deviceCount } from './mesh.ts';
import { buildStages } from './pipeline.ts';
import type { TensorPlacement } from './placement.ts';
import { microMesh, ShardPlan } from './plan.ts';
import { propagate } from './propagate.ts';
import type { Propagation } from './propagate.ts';
import type { RankProgram } from './rank-program.ts';
import type { StepCost } from './reshard.ts';
import { batchAxes, seedsOf, storageOf } from './seeds.ts';
import { takeApart } from './split-meanings.ts';
import { tiesOf } from './ties.ts';

export interface PartitionOptions {
  /** What a collective costs when layouts change; bytes moved when not given. */
  readonly cost?: StepCost;
  readonly sources?: Sources;
  /** Leaves collectives along any axis, as they were chosen; else only axis 0 remains, which is contiguous. */
  readonly anyAxis?: boolean;
  /** Joins all_reduces of one group into messages of up to so many bytes; none when it is not given. */
  readonly bucketBytes?: number;
}

/** A program for many devices. Rank r is device r modulo the devices of a stage, of stage ⌊r / devices of a stage⌋. */
export interface Partition {
  /** Devices of one stage. */
  readonly mesh: Mesh;
  readonly stages: number;
  readonly ranks: readonly Module[];
  /** Arguments and results of @main, in order. */
  readonly arguments: readonly TensorPlacement[];
  readonly results: readonly TensorPlacement[];
}

export interface PartitionResult {
  readonly partition: Partition | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Partitions a module as its annotations say. The module stays as it is. */
export function partition(source: Module, options: PartitionOptions = {}): PartitionResult {
  const report = new ShardReport(options.sources ?? new Map());
  const module = new Module(cloneBlock(source.body), source.attributes, source.location, source.name);
  const main = preparedMain(module, report);
  if (main === null) return { partition: null, diagnostics: report.diagnostics };
  const annotations = readAnnotations(module, main, report);
  const mesh = microMesh(annotations.mesh, annotations.pipeline.microBatches);
  takeApart(main.regions[0], mesh, null, opTable);
  const settled = settle(main, mesh, annotations, report);
  if (report.diagnostics.length > 0) return { partition: null, diagnostics: report.diagnostics };
  const programs = buildStages(planOf(main, annotations, settled, options), report);
  if (programs === null || report.diagnostics.length > 0) return { partition: null, diagnostics: report.diagnostics };
  return { partition: finish(module, main, annotations, programs, options), diagnostics: [] };
}

/** @main with all calls inlined, or null with the reason reported. */
function preparedMain(module: Module, report: ShardReport): Operation | null {
  inlineCalls(module, { limit: Infinity });
  const main = mainOf(module);
  if (main === null || main.regions[0].operations.length === 0) {
    report.add(shardDiagnostics.unsupported, module.location, ['a module without @main']);
    return null;
  }
  const problem = unsupportedIn(main);
  if (problem === null) return main;
  report.add(shardDiagnostics.unsupported, problem.location, [problem.what]);
  return null;
}

function unsupportedIn(main: Operation): { readonly what: string; readonly location: Operation['location'] } | null {
  let found: { readonly what: string; readonly location: Operation['location'] } | null = null;
  const look = (values: readonly { readonly type: Operation['results'][number]['type'] }[], op: Operation): void => {
    for (const { type } of values) {
      if (type.kind === 'tensor' && type.shape.some((extent) => typeof extent !== 'number'))
        found ??= { what: `a tensor of unknown extents, ${type.key},`, location: op.location };
    }
  };
  look(main.regions[0].arguments, main);
  walk(main.regions[0], (op) => {
    if (op.name === 'func.call') found ??= { what: 'a recursive call', location: op.location };
    look(op.results, op);
  });
  return found;
}

/** Propagates, and takes apart what cannot be cut as a whole, until nothing is left to take apart. */
function settle(main: Operation, mesh: Mesh, annotations: Annotations, report: ShardReport): Settled {
  for (;;) {
    const seeds = seedsOf(main, mesh, annotations, report);
    const propagation = propagate(main, mesh, seeds, tiesOf(main));
    if (report.diagnostics.length > 0) return { propagation, stored: new Set() };
    const storage = storageOf(main, mesh, propagation, annotations.zero);
    propagation.store(storage);
    if (!takeApart(main.regions[0], mesh, propagation, opTable))
      return { propagation, stored: new Set(storage.homes.keys()) };
  }
}

interface Settled {
  readonly propagation: Propagation;
  /** Parameters that ZeRO stores in parts. */
  readonly stored: ReadonlySet<Value>;
}

function planOf(
  main: Operation,
  annotations: Annotations,
  { propagation, stored }: Settled,
  options: PartitionOptions,
): ShardPlan {
  return new ShardPlan(annotations.mesh, main, propagation, annotations.pipeline, {
    ...(options.cost ? { cost: options.cost } : {}),
    transient: annotations.zero >= 3 ? stored : new Set(),
    gradientsWhole: annotations.zero === 1 ? batchAxes(main, propagation) : null,
  });
}

function finish(
  module: Module,
  main: Operation,
  { mesh, pipeline }: Annotations,
  programs: readonly RankProgram[],
  options: PartitionOptions,
): Partition {
  const ranks = programs.map((program) => moduleOf(module, main, program));
  const { bucketBytes } = options;
  if (bucketBytes !== undefined) for (const rank of ranks) bucketReductions(rank, opTable, bucketBytes);
  if (!options.anyAxis) for (const rank of ranks) leadingCollectives(rank, opTable);
  const placement = (side: 'arguments' | 'results', at: number): TensorPlacement => {
    const found = programs.map((program) => program[side].get(at));
    const first = found.find((one) => one !== undefined);
    if (!first) throw new Error(`no rank has ${side} ${at}`);
    return {
      type: first.type,
      layout: first.layout,
      positions: found.map((one) => one?.position ?? -1),
      devices: mesh,
      microBatches: pipeline.microBatches,
    };
  };
  const [block] = main.regions;
  return {
    mesh,
    stages: programs.length / deviceCount(mesh),
    ranks,
    arguments: block.arguments.map((_, at) => placement('arguments', at)),
    results: (block.operations.at(-1)?.operands ?? []).map((_, at) => placement('results', at)),
  };
}

/** A module around the body of one rank. */
function moduleOf(module: Module, main: Operation, { block, arguments: taken, results: given }: RankProgram): Module {
  const inputs = block.arguments.map((argument) => argument.type);
  const outputs = (block.operations.at(-1)?.operands ?? []).map((operand) => operand.type);
  const attributes = new Map<string, Attribute>([
    ...[...main.attributes].filter(([name]) => !name.startsWith('dist.')),
    ['function_type', typeAttribute(functionType(inputs, outputs))],
    ['arg_attrs', dictionaries(main, 'arg_attrs', [...taken.keys()])],
    ['res_attrs', dictionaries(main, 'res_attrs', [...given.keys()])],
  ]);
  const body = new Block();
  body.operations.push(new Op('func.func', [], [], attributes, [block], main.location));
  const kept: AttributeMap = new Map([...module.attributes].filter(([name]) => !name.startsWith('dist.')));
  return new Module(body, new Map([...kept, ['ms.stage', stringAttribute('sharded')]]), module.location, module.name);
}

/** Dictionaries of arguments or results without annotations, for the positions that a rank has. */
function dictionaries(main: Operation, side: 'arg_attrs' | 'res_attrs', positions: readonly number[]): Attribute {
  const attribute = main.attributes.get(side);
  const all = attribute?.kind === 'array' ? attribute.elements : [];
  const elements = positions.map((at): Attribute => {
    const element = all[at];
    const entries =
      element?.kind === 'dictionary' ? [...element.entries].filter(([name]) => !name.startsWith('dist.')) : [];
    return { kind: 'dictionary', entries: new Map(entries) };
  });
  return { kind: 'array', elements };
}

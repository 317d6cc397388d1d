/** Reads annotations: the mesh and settings of a module, layouts of arguments and results, of operands and operations. */
import type { Attribute, AttributeMap, Module, Operation } from '../../ir/index.ts';
import { symbolsOf, walk } from '../../ir/index.ts';
import { shardDiagnostics } from './diagnostics.ts';
import type { ShardReport } from './diagnostics.ts';
import type { Layout } from './layout.ts';
import { layoutOf, layoutProblem } from './layout.ts';
import type { Mesh } from './mesh.ts';
import { axisSize, deviceCount } from './mesh.ts';
import { strategyCuts } from './strategy.ts';

/** What an operation's annotation says of its operands and results; null says nothing. */
export interface OpAnnotation {
  readonly operands: readonly (Layout | null)[];
  readonly results: readonly (Layout | null)[];
}

export interface PipelineSettings {
  readonly stages: number;
  readonly microBatches: number;
  readonly schedule: '1f1b' | 'gpipe';
}

/** How a module is to be partitioned. Positions are those of @main. */
export interface Annotations {
  /** Devices of one pipeline stage; axes of one device are left out. */
  readonly mesh: Mesh;
  readonly arguments: ReadonlyMap<number, Layout>;
  readonly results: ReadonlyMap<number, Layout>;
  readonly operations: ReadonlyMap<Operation, OpAnnotation>;
  readonly zero: number;
  readonly pipeline: PipelineSettings;
  /** Axes that cut the batch of inputs that say nothing themselves: `parallel_mode = "data_parallel"`. */
  readonly batchAxes: readonly string[];
}

/** The function that is partitioned. */
export function mainOf(module: Module): Operation | null {
  return symbolsOf(module.body).get('main') ?? null;
}

/** All annotations of a module; what is wrong with them is reported and left out. */
export function readAnnotations(module: Module, main: Operation, report: ShardReport): Annotations {
  const context = dictionaryOf(module.attributes.get('dist.context'));
  const pipeline = pipelineOf(module, main, context, report);
  const mesh = meshOfModule(module, context, pipeline.stages, report);
  const [block] = main.regions;
  const results = block.operations.at(-1)?.operands ?? [];
  const layouts = (found: ReadonlyMap<number, Layout>) =>
    new Map([...found].map(([at, layout]) => [at, cutting(mesh, layout)]));
  const some = (layout: Layout | null) => layout && cutting(mesh, layout);
  return {
    mesh: { axes: mesh.axes.filter((_, at) => mesh.sizes[at] > 1), sizes: mesh.sizes.filter((size) => size > 1) },
    arguments: layouts(layoutsOf(main, 'arg_attrs', block.arguments, mesh, report)),
    results: layouts(layoutsOf(main, 'res_attrs', results, mesh, report)),
    operations: new Map(
      [...operationsOf(main, mesh, report)].map(([op, sides]) => [
        op,
        { operands: sides.operands.map(some), results: sides.results.map(some) },
      ]),
    ),
    zero: zeroOf(module, context),
    pipeline,
    batchAxes: DATA_PARALLEL.has(textOf(context.get('parallel_mode')) ?? '') ? batchAxesOf(mesh) : [],
  };
}

const DATA_PARALLEL: ReadonlySet<string> = new Set(['data_parallel', 'hybrid_parallel']);

/** The axis `dp` where there is one, else all devices. */
const batchAxesOf = ({ axes, sizes }: Mesh): readonly string[] =>
  (axes.includes('dp') ? ['dp'] : axes).filter((axis) => sizes[axes.indexOf(axis)] > 1);

/** A layout without the axes of one device, which cut nothing. */
const cutting = (mesh: Mesh, layout: Layout): Layout =>
  layoutOf(layout.dimensions.map((axes) => axes.filter((axis) => axisSize(mesh, axis) > 1)));

const dictionaryOf = (attribute: Attribute | undefined): AttributeMap =>
  attribute?.kind === 'dictionary' ? attribute.entries : new Map<string, Attribute>();

export const numberOf = (attribute: Attribute | undefined): number | null =>
  attribute?.kind === 'integer' ? Number(attribute.value) : null;

const textOf = (attribute: Attribute | undefined): string | null =>
  attribute?.kind === 'string' ? attribute.value : null;

/** `array<i64: 2, 4>` or `[2, 4]`. */
function numbersOfAttribute(attribute: Attribute | undefined): readonly number[] | null {
  if (attribute?.kind === 'integers') return attribute.values;
  if (attribute?.kind !== 'array') return null;
  const numbers = attribute.elements.map(numberOf);
  return numbers.every((value) => value !== null) ? numbers : null;
}

function stringsOf(attribute: Attribute | undefined): readonly string[] | null {
  if (attribute?.kind === 'integers' && attribute.values.length === 0) return [];
  if (attribute?.kind !== 'array') return null;
  const strings = attribute.elements.map(textOf);
  return strings.every((value) => value !== null) ? strings : null;
}

/** The mesh that a module names; without one, all devices in a row of prime factors, or one device. */
function meshOfModule(module: Module, context: AttributeMap, stages: number, report: ShardReport): Mesh {
  const attribute = module.attributes.get('dist.mesh');
  if (attribute === undefined)
    return factoredMesh(Math.max(1, Math.floor((numberOf(context.get('device_num')) ?? 1) / stages)));
  const entries = dictionaryOf(attribute);
  const [axes, sizes] = [stringsOf(entries.get('axes')), numbersOfAttribute(entries.get('sizes'))];
  const fits =
    axes &&
    sizes &&
    axes.length === sizes.length &&
    new Set(axes).size === axes.length &&
    sizes.every((size) => size > 0);
  if (fits) return { axes, sizes };
  report.add(shardDiagnostics.malformedAnnotation, module.location, [
    'dist.mesh',
    '{axes = [different names], sizes = [as many positive numbers]}',
  ]);
  return { axes: [], sizes: [] };
}

/** Devices whose axes nobody named: one axis for each prime factor, so that any strategy of cuts finds its axes. */
function factoredMesh(devices: number): Mesh {
  const sizes: number[] = [];
  for (let rest = devices, prime = 2; rest > 1;) {
    if (rest % prime === 0) {
      sizes.push(prime);
      rest /= prime;
    } else prime++;
  }
  return { axes: sizes.map((_, at) => `d${at}`), sizes };
}

/** Stages that operations name, as many as they need. */
function namedStages(main: Operation): number {
  let stages = 1;
  walk(main.regions[0], (op) => {
    stages = Math.max(stages, (numberOf(op.attributes.get('dist.stage')) ?? 0) + 1);
  });
  return stages;
}

function pipelineOf(module: Module, main: Operation, context: AttributeMap, report: ShardReport): PipelineSettings {
  const entries = dictionaryOf(module.attributes.get('dist.pipeline'));
  const stages = numberOf(entries.get('stages')) ?? numberOf(context.get('pipeline_stages')) ?? namedStages(main);
  const microBatches = numberOf(entries.get('micro_batches')) ?? numberOf(context.get('pipeline_micro_batches')) ?? 1;
  const schedule = textOf(entries.get('schedule')) ?? textOf(context.get('pipeline_schedule')) ?? '1f1b';
  if ((schedule === '1f1b' || schedule === 'gpipe') && stages > 0 && microBatches > 0)
    return { stages, microBatches, schedule };
  report.add(shardDiagnostics.malformedAnnotation, module.location, [
    'dist.pipeline',
    '{stages, micro_batches: positive numbers, schedule = "1f1b" or "gpipe"}',
  ]);
  return { stages: 1, microBatches: 1, schedule: '1f1b' };
}

function zeroOf(module: Module, context: AttributeMap): number {
  const level = numberOf(module.attributes.get('dist.zero'));
  if (level !== null) return level;
  const enabled = context.get('enable_parallel_optimizer');
  if (enabled?.kind !== 'bool' || !enabled.value) return 0;
  return Number(/[1-3]$/.exec(textOf(context.get('optimizer_level')) ?? 'level1')?.[0] ?? 1);
}

/** `[["dp"], []]`: the axes of each dimension. */
function layoutOfAttribute(attribute: Attribute | undefined): Layout | null {
  if (attribute?.kind !== 'array') return attribute?.kind === 'integers' ? layoutOf([]) : null;
  const dimensions = attribute.elements.map(stringsOf);
  return dimensions.every((axes) => axes !== null) ? layoutOf(dimensions) : null;
}

interface Typed {
  readonly type: Operation['results'][number]['type'];
}

function layoutsOf(
  main: Operation,
  name: 'arg_attrs' | 'res_attrs',
  values: readonly Typed[],
  mesh: Mesh,
  report: ShardReport,
): ReadonlyMap<number, Layout> {
  const attribute = main.attributes.get(name);
  const layouts = new Map<number, Layout>();
  if (attribute?.kind !== 'array') return layouts;
  attribute.elements.forEach((element, at) => {
    const found = dictionaryOf(element).get('dist.layout');
    if (found === undefined || !values[at]) return;
    const what = `${name === 'arg_attrs' ? 'argument' : 'result'} ${at}`;
    const layout = layoutOfAttribute(found);
    if (layout === null)
      report.add(shardDiagnostics.malformedAnnotation, main.location, [`dist.layout of ${what}`, LISTS]);
    else if (fitsTensor(layout, values[at], what, mesh, main, report)) layouts.set(at, layout);
  });
  return layouts;
}

const LISTS = 'a list of lists of mesh axes, one for each dimension';

function fitsTensor(
  layout: Layout,
  { type }: Typed,
  what: string,
  mesh: Mesh,
  op: Operation,
  report: ShardReport,
): boolean {
  const problem = type.kind === 'tensor' ? layoutProblem(mesh, layout, type.shape) : 'it is no tensor';
  if (problem !== null) report.add(shardDiagnostics.layoutDoesNotFit, op.location, [`${what} ${type.key}`, problem]);
  return problem === null;
}

function operationsOf(main: Operation, mesh: Mesh, report: ShardReport): ReadonlyMap<Operation, OpAnnotation> {
  const annotations = new Map<Operation, OpAnnotation>();
  walk(main.regions[0], (op) => {
    const operands = sideOf(op, 'in', op.operands, mesh, report);
    const results = sideOf(op, 'out', op.results, mesh, report);
    if (operands || results) annotations.set(op, { operands: operands ?? [], results: results ?? [] });
  });
  return annotations;
}

function sideOf(
  op: Operation,
  side: 'in' | 'out',
  values: readonly Typed[],
  mesh: Mesh,
  report: ShardReport,
): readonly (Layout | null)[] | null {
  const named = op.attributes.get(`dist.${side}`);
  const cuts = op.attributes.get(`dist.${side}_strategy`);
  if (named === undefined && cuts === undefined) return null;
  const what = `dist.${side} of '${op.name}'`;
  const layouts = named === undefined ? strategyLayouts(op, side, cuts, mesh, report) : namedLayouts(named);
  if (layouts === null || layouts.length > values.length) {
    report.add(shardDiagnostics.malformedAnnotation, op.location, [
      what,
      `${LISTS}, for each ${side === 'in' ? 'operand' : 'result'}`,
    ]);
    return null;
  }
  return layouts.map((layout, at) => {
    const place = `${side === 'in' ? 'operand' : 'result'} ${at} of '${op.name}'`;
    return layout && fitsTensor(layout, values[at], place, mesh, op, report) ? layout : null;
  });
}

function namedLayouts(attribute: Attribute): readonly (Layout | null)[] | null {
  if (attribute.kind !== 'array') return null;
  const layouts = attribute.elements.map((element) => (element.kind === 'unit' ? null : layoutOfAttribute(element)));
  return layouts.every((layout, at) => layout !== null || attribute.elements[at].kind === 'unit') ? layouts : null;
}

function strategyLayouts(
  op: Operation,
  side: 'in' | 'out',
  attribute: Attribute | undefined,
  mesh: Mesh,
  report: ShardReport,
): readonly (Layout | null)[] | null {
  if (attribute?.kind !== 'array') return null;
  const cuts = attribute.elements.map(numbersOfAttribute);
  if (!cuts.every((numbers) => numbers !== null)) return null;
  const layouts = strategyCuts(op, side, cuts, mesh);
  if (layouts !== null) return layouts;
  const text = cuts.map((numbers) => `(${numbers.join(', ')})`).join(', ');
  report.add(shardDiagnostics.strategyDoesNotFit, op.location, [text, String(deviceCount(mesh))]);
  return cuts.map(() => null);
}

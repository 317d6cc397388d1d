/**
 * Where the source says a computation goes: `op.shard(…)`, layouts with named axes, `cell.pipeline_stage`. It becomes
 * attributes `dist.*` of the ops that the marked code emits, and of the module; `passes/shard` reads them.
 */
import {
  arrayAttribute,
  boolAttribute,
  integerAttribute,
  stringAttribute,
  walk,
  type Attribute,
  type AttributeMap,
  type Operation,
} from '../../ir/index.ts';
import { PyDict, PyList, PyTuple, type Interpreter, type PyValue } from '../eval/index.ts';
import { realValue } from '../eval/protocol/numbers.ts';
import { traceDiagnostics } from './diagnostics.ts';
import { describeValue } from './join.ts';
import type { GraphMark, NamedMesh } from './mark.ts';
import type { TensorSession } from './session.ts';

export function graphMark(session: TensorSession): GraphMark | null {
  const block = session.trace?.builder.block;
  return block ? { block, position: block.operations.length } : null;
}

/** The ops that were emitted since a mark, in its block. */
const since = (mark: GraphMark): readonly Operation[] => mark.block.operations.slice(mark.position);

/** Puts the ops emitted since a mark, and all below them, on a pipeline stage; an inner stage stays. */
export function placeOnStage(mark: GraphMark, stage: number): void {
  const place = (op: Operation): void => {
    if (!op.attributes.has('dist.stage')) op.attributes = withAttribute(op, 'dist.stage', integerAttribute(stage));
  };
  for (const op of since(mark)) {
    place(op);
    for (const region of op.regions) walk(region, place);
  }
}

const withAttribute = (op: Operation, name: string, attribute: Attribute): AttributeMap =>
  new Map([...op.attributes, [name, attribute]]);

/** How one tensor is divided: cuts for each dimension, or names of mesh axes for each dimension. */
type TensorStrategy =
  { readonly cuts: readonly number[] } | { readonly names: readonly (readonly string[])[]; readonly mesh: NamedMesh };

const itemsOf = (value: PyValue): readonly PyValue[] | null =>
  value instanceof PyTuple || value instanceof PyList ? value.items : null;

function asStrategy(session: TensorSession, py: Interpreter, value: PyValue): TensorStrategy {
  const items = itemsOf(value);
  if (items) {
    const cuts = items.map((item) => realValue(item) ?? Number.NaN);
    if (cuts.every((cut) => Number.isInteger(cut) && cut > 0)) return { cuts };
  } else if (value !== null && typeof value === 'object' && py.isInstance(value, layoutClass(py))) {
    return namedStrategy(py, value);
  }
  return session.stop(traceDiagnostics.strategyDoesNotFit, [
    describeValue(value),
    'a tuple of cuts for each dimension, or a Layout',
  ]);
}

const layoutClass = (py: Interpreter) => py.getAttribute(py.importModule('mindspore.parallel.shard'), 'Layout');

function namedStrategy(py: Interpreter, layout: PyValue): TensorStrategy {
  const strings = (value: PyValue): readonly string[] => py.collect(value).map(String);
  const mesh: NamedMesh = {
    axes: strings(py.getAttribute(layout, 'alias_name')),
    sizes: py.collect(py.getAttribute(layout, 'device_matrix')).map(Number),
  };
  const names = py.collect(py.getAttribute(layout, 'tensor_axes')).map(strings);
  return { names, mesh };
}

/** What `op.shard(in_strategy, out_strategy)` said. */
export interface ShardRequest {
  readonly inputs: PyValue;
  readonly outputs: PyValue;
}

/**
 * Writes a strategy at the op that a call emitted: the last one that takes as many tensors, of as many dimensions, as the
 * strategy speaks of.
 */
export function placeOnMesh(session: TensorSession, py: Interpreter, mark: GraphMark, request: ShardRequest): void {
  const inputs = request.inputs === null ? null : strategies(session, py, request.inputs);
  const outputs = request.outputs === null ? null : strategies(session, py, request.outputs);
  const op = since(mark).findLast((candidate) => fits(candidate, inputs, outputs));
  if (!op) {
    const emitted = since(mark).map(
      ({ name, operands }) => `${name}(${operands.map(({ type }) => type.key).join(', ')})`,
    );
    session.stop(traceDiagnostics.strategyDoesNotFit, [
      `one for ${(inputs ?? outputs ?? []).map(rankOf).join(', ')} dimensions`,
      emitted.join('; ') || 'an operation of the graph',
    ]);
    return;
  }
  if (inputs) write(session, op, 'in', inputs);
  if (outputs) write(session, op, 'out', outputs);
}

function strategies(session: TensorSession, py: Interpreter, value: PyValue): readonly TensorStrategy[] {
  const items = itemsOf(value);
  if (!items) return [asStrategy(session, py, value)];
  return items.map((item) => asStrategy(session, py, item));
}

const rankOf = (strategy: TensorStrategy): number =>
  'cuts' in strategy ? strategy.cuts.length : strategy.names.length;

function fits(
  op: Operation,
  inputs: readonly TensorStrategy[] | null,
  outputs: readonly TensorStrategy[] | null,
): boolean {
  const agree = (all: readonly TensorStrategy[] | null, types: readonly Operation['results'][number][]): boolean =>
    all === null ||
    (all.length === types.length &&
      all.every((strategy, index) => {
        const { type } = types[index];
        return type.kind === 'tensor' && type.shape.length === rankOf(strategy);
      }));
  return agree(inputs, op.operands) && agree(outputs, op.results);
}

function write(session: TensorSession, op: Operation, side: 'in' | 'out', all: readonly TensorStrategy[]): void {
  const cuts = all.flatMap((strategy) => ('cuts' in strategy ? [strategy.cuts] : []));
  if (cuts.length === all.length) {
    const values = cuts.map((numbers): Attribute => ({ kind: 'integers', values: numbers }));
    op.attributes = withAttribute(op, `dist.${side}_strategy`, arrayAttribute(values));
    return;
  }
  const named = all.map((strategy) => {
    if ('cuts' in strategy)
      return session.stop(traceDiagnostics.strategyDoesNotFit, ['a mixture of cuts and layouts', 'one of the two']);
    useMesh(session, strategy.mesh);
    return arrayAttribute(strategy.names.map((axes) => arrayAttribute(axes.map((name) => stringAttribute(name)))));
  });
  op.attributes = withAttribute(op, `dist.${side}`, arrayAttribute(named));
}

/** All layouts of a network speak of one mesh. */
function useMesh(session: TensorSession, mesh: NamedMesh): void {
  const known = session.mesh;
  const text = ({ axes, sizes }: NamedMesh): string => axes.map((name, index) => `${name}=${sizes[index]}`).join(', ');
  if (known && text(known) !== text(mesh))
    session.stop(traceDiagnostics.unsupportedUse, [`a second device matrix (${text(mesh)} beside ${text(known)})`]);
  session.mesh = mesh;
}

/** Settings of `set_auto_parallel_context` that say how a network is divided. */
const SETTINGS = [
  'parallel_mode',
  'device_num',
  'pipeline_stages',
  'gradients_mean',
  'enable_parallel_optimizer',
  'optimizer_weight_shard_size',
  'optimizer_level',
  'search_mode',
  'full_batch',
  'pipeline_micro_batches',
  'pipeline_schedule',
  'local_statistics',
] as const;

/** Lets each rank of data parallelism normalize its slice of a batch by the statistics of that slice. */
export function useLocalStatistics(py: Interpreter): void {
  const settings = parallelSettings(py);
  if (settings instanceof PyDict) settings.map.set('local_statistics', true);
}

/**
 * The devices of the cluster: those of a parallel context that tells no number, or that of this one process (`get_group_size()`), as
 * MindSpore means all processes of a launch.
 */
export function useDevices(py: Interpreter, devices: number): void {
  const settings = parallelSettings(py);
  if (settings instanceof PyDict) settings.map.set('cluster_devices', devices);
}

const parallelSettings = (py: Interpreter): PyValue =>
  py.getAttribute(py.importModule('mindspore.context'), '_parallel');

/** The `parallel_mode` of the source. */
export function parallelMode(py: Interpreter): PyValue {
  const settings = parallelSettings(py);
  return settings instanceof PyDict ? (settings.map.get('parallel_mode') ?? null) : null;
}

/** The attributes of a module that say how the source wants it to be divided; none for one device. */
export function parallelAttributes(session: TensorSession, py: Interpreter): AttributeMap {
  const attributes = new Map<string, Attribute>();
  const mesh = session.mesh;
  if (mesh)
    attributes.set('dist.mesh', {
      kind: 'dictionary',
      entries: new Map([
        ['axes', arrayAttribute(mesh.axes.map((name) => stringAttribute(name)))],
        ['sizes', arrayAttribute(mesh.sizes.map((size) => integerAttribute(size)))],
      ]),
    });
  const settings = parallelSettings(py);
  if (settings instanceof PyDict && settings.map.get('parallel_mode') !== 'stand_alone') {
    const entries = SETTINGS.flatMap((name): readonly (readonly [string, Attribute])[] => {
      const attribute = settingAttribute(settingOf(settings, name));
      return attribute ? [[name, attribute]] : [];
    });
    attributes.set('dist.context', { kind: 'dictionary', entries: new Map(entries) });
  }
  return attributes;
}

function settingOf({ map }: PyDict, name: (typeof SETTINGS)[number]): PyValue | undefined {
  const value = map.get(name);
  return name === 'device_num' && value === 1 ? (map.get('cluster_devices') ?? value) : value;
}

function settingAttribute(value: PyValue | undefined): Attribute | null {
  if (typeof value === 'boolean') return boolAttribute(value);
  if (typeof value === 'string') return stringAttribute(value);
  if (typeof value === 'number') return integerAttribute(value);
  return null;
}

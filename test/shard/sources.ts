/** Training steps traced from Python, annotated by the names of their inputs and parameters. */
import type { Attribute, Module } from '../../compiler/ir/index.ts';
import { arrayAttribute, integerAttribute, integersAttribute, stringAttribute } from '../../compiler/ir/index.ts';
import type { TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { tensorValue } from '../../compiler/ir/evaluate/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import type { Layout, Mesh } from '../../compiler/passes/shard/index.ts';
import { layoutOf } from '../../compiler/passes/shard/index.ts';
import { canonicalize, eliminateCommonSubexpressions } from '../../compiler/passes/simplify/index.ts';
import { simplifyRules } from '../../tools/msc/pipeline-registry.ts';
import { compileFile, specifications } from '../frontend/harness.ts';
import { recordedTensors, sourceOf } from '../frontend/recorded.ts';
import { differentiated, startingParameters } from '../frontend/steps.ts';
import { inputOf } from '../network/cases.ts';

export interface TracedStep {
  readonly module: Module;
  readonly inputs: readonly TensorValue[];
}

export interface SourcePlan {
  readonly mesh: Mesh;
  /** The layout of a parameter, by its name and shape; null says nothing. */
  readonly layoutOf?: (name: string, shape: readonly number[]) => Layout | null;
  readonly zero?: number;
  readonly microBatches?: number;
}

/** The step of a file of test/network/training on inputs by rule; the batch of every input lies along `dp`. */
export function tracedStep(
  file: string,
  rules: Readonly<Record<string, string>>,
  plan: SourcePlan,
  roots: readonly string[] = [],
): TracedStep {
  const feed = new Map(Object.entries(rules).map(([key, rule]) => [key, inputOf(`${key}.0`, rule)]));
  const network = compileFile(sourceOf(file), 'step()', specifications(feed), roots);
  const recorded = recordedTensors(file);
  const start = startingParameters(network, ({ name }) => recorded.has(`update.${name}`));
  const module = differentiated(network);
  module.attributes = new Map([...module.attributes, ['ms.stage', stringAttribute('graph')]]);
  canonicalize(module, opTable, simplifyRules);
  eliminateCommonSubexpressions(module, { definitions: opTable });
  const [main] = module.body.operations;
  const attribute = main.attributes.get('arg_attrs');
  const entries = attribute?.kind === 'array' ? attribute.elements : [];
  const names = entries.map((entry) => ({ input: textOf(entry, 'ms.input'), parameter: textOf(entry, 'ms.param') }));
  const shapes = main.regions[0].arguments.map(({ type }) => (type.kind === 'tensor' ? type.shape.map(Number) : []));
  const layouts = names.map(({ input, parameter }, at) =>
    input !== null ? alongBatch(plan.mesh, shapes[at].length) : (plan.layoutOf?.(parameter ?? '', shapes[at]) ?? null),
  );
  main.attributes = new Map([
    ...main.attributes,
    ['arg_attrs', arrayAttribute(entries.map((entry, at) => annotated(entry, layouts[at])))],
  ]);
  annotateModule(module, plan);
  const inputs = names.map(({ input, parameter }) => {
    const given = feed.get(input ?? '');
    const value = given ? tensorValue(given.shape, given.dtype, given.data) : start.get(parameter ?? '');
    if (!value) throw new Error(`no value for ${input ?? parameter}`);
    return value;
  });
  return { module, inputs };
}

const alongBatch = (mesh: Mesh, rank: number): Layout | null =>
  mesh.axes.includes('dp') ? layoutOf(Array.from({ length: rank }, (_, at) => (at === 0 ? ['dp'] : []))) : null;

function textOf(entry: Attribute, key: string): string | null {
  const value = entry.kind === 'dictionary' ? entry.entries.get(key) : undefined;
  return value?.kind === 'string' ? value.value : null;
}

function annotated(entry: Attribute, layout: Layout | null): Attribute {
  if (entry.kind !== 'dictionary' || layout === null) return entry;
  const lists = arrayAttribute(
    layout.dimensions.map((axes) => arrayAttribute(axes.map((axis) => stringAttribute(axis)))),
  );
  return { kind: 'dictionary', entries: new Map([...entry.entries, ['dist.layout', lists]]) };
}

function annotateModule(module: Module, { mesh, zero = 0, microBatches = 1 }: SourcePlan): void {
  const dictionary = (entries: Readonly<Record<string, Attribute>>): Attribute => ({
    kind: 'dictionary',
    entries: new Map(Object.entries(entries)),
  });
  module.attributes = new Map([
    ...module.attributes,
    [
      'dist.mesh',
      dictionary({
        axes: arrayAttribute(mesh.axes.map((axis) => stringAttribute(axis))),
        sizes: integersAttribute(mesh.sizes),
      }),
    ],
    ['dist.zero', integerAttribute(zero)],
    ['dist.pipeline', dictionary({ stages: integerAttribute(1), micro_batches: integerAttribute(microBatches) })],
  ]);
}

/**
 * A plan written into its graph as the partitioner reads it: the mesh, ZeRO level and pipeline on the module, layouts on the arguments of
 * @main, stages on operations. Layouts of all other values follow by propagation.
 */
import {
  arrayAttribute,
  integerAttribute,
  integersAttribute,
  stringAttribute,
  type Attribute,
  type AttributeMap,
  type Module,
} from '../../../ir/index.ts';
import { symbolsOf } from '../../../ir/index.ts';
import { shapeOf } from './graph-view.ts';
import { planLayouts } from './layouts.ts';
import type { Candidate, PlanRequest } from './request.ts';

/** Marks the module that the request describes. */
export function annotatePlan(module: Module, { described }: PlanRequest, candidate: Candidate): void {
  const { configuration: plan } = candidate;
  const axes = { dp: plan.data, cp: plan.context, mp: plan.tensor };
  const entries: [string, Attribute][] = [
    ['dist.mesh', meshAttribute(axes)],
    ['dist.zero', integerAttribute(plan.zero)],
  ];
  if (plan.pipeline > 1) {
    entries.push(['dist.pipeline', pipelineAttribute(plan.pipeline, plan.microBatches)]);
    markStages(
      described.view.operations,
      candidate,
      described.blocks.map(({ section }) => section),
    );
  }
  module.attributes = new Map([...module.attributes, ...entries]);
  markArguments(module, described, candidate);
}

const dictionary = (entries: readonly (readonly [string, Attribute])[]): Attribute => ({
  kind: 'dictionary',
  entries: new Map(entries),
});

const meshAttribute = (axes: Readonly<Record<string, number>>): Attribute =>
  dictionary([
    ['axes', arrayAttribute(Object.keys(axes).map(stringAttribute))],
    ['sizes', integersAttribute(Object.values(axes))],
  ]);

const pipelineAttribute = (stages: number, microBatches: number): Attribute =>
  dictionary([
    ['stages', integerAttribute(stages)],
    ['micro_batches', integerAttribute(microBatches)],
    ['schedule', stringAttribute('1f1b')],
  ]);

/** Every operation gets the stage of its layer. */
function markStages(
  operations: PlanRequest['described']['view']['operations'],
  { stages }: Candidate,
  sections: readonly { readonly begin: number; readonly length: number }[],
): void {
  const done = sections.map(() => 0);
  for (const [stage, runs] of stages.entries())
    for (const { block, count } of runs) {
      const { begin, length } = sections[block];
      const first = begin + done[block] * length;
      for (const op of operations.slice(first, first + count * length))
        op.attributes = new Map([...op.attributes, ['dist.stage', integerAttribute(stage)]]);
      done[block] += count;
    }
}

/** Parameters lie as their layers need them; inputs are cut by batch, and by sequence where context parallelism asks. */
function markArguments(module: Module, described: PlanRequest['described'], candidate: Candidate): void {
  const main = symbolsOf(module.body).get('main');
  if (main === undefined) return;
  const { data, context } = candidate.configuration;
  const cuts = new Map(planLayouts(described, candidate).parameters.map(({ name, cut }) => [name, cut]));
  const given = main.attribute('arg_attrs');
  const known = given?.kind === 'array' ? given.elements : [];
  const entries = main.regions[0].arguments.map((argument, index) => {
    const parameter = described.view.parameters.get(argument);
    const shape = shapeOf(argument);
    const axes = shape.map((extent, dimension): readonly string[] => {
      if (parameter !== undefined) return cuts.get(parameter.name) === dimension ? ['mp'] : [];
      if (dimension === 0 && data > 1) return ['dp'];
      return dimension === 1 && context > 1 && extent === described.sequence ? ['cp'] : [];
    });
    const layout = arrayAttribute(axes.map((names) => arrayAttribute(names.map(stringAttribute))));
    return dictionary([...entriesOf(known[index]), ['dist.layout', layout]]);
  });
  main.attributes = new Map([...main.attributes, ['arg_attrs', arrayAttribute(entries)]]);
}

const entriesOf = (attribute: Attribute | undefined): AttributeMap =>
  attribute?.kind === 'dictionary' ? attribute.entries : new Map<string, Attribute>();

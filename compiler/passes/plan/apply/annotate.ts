/**
 * Writes a plan into a @source module, forward network or training step, as the partitioner reads it: mesh, pipeline and ZeRO on the
 * module, layouts on arguments, stages on the operations of the forward function (derivatives inherit them). What the
 * source says itself stays.
 */
import type { Attribute, AttributeMap, Block, Module, Operation, Value } from '../../../ir/index.ts';
import {
  arrayAttribute,
  integerAttribute,
  integersAttribute,
  integerOf,
  stringAttribute,
  symbolsOf,
  walk,
} from '../../../ir/index.ts';
import { inlineCalls } from '../../simplify/index.ts';
import { isPinned } from '../../rewrite/index.ts';
import type { AppliedPlan, ParameterPlace } from './applied-plan.ts';
import { AXES } from './applied-plan.ts';
import { isDerivative } from './forward.ts';

/** Marks a module in place; its calls are inlined. */
export function applyPlan(module: Module, plan: AppliedPlan): void {
  inlineCalls(module, { limit: Infinity });
  const main = symbolsOf(module.body).get('main');
  if (main === undefined) return;
  const ownMesh = module.attributes.has('dist.mesh');
  const entries: [string, Attribute][] = [
    ['dist.mesh', meshAttribute(plan)],
    ['dist.zero', integerAttribute(plan.zero)],
  ];
  if (plan.stages > 1 || plan.microBatches > 1) entries.push(['dist.pipeline', pipelineAttribute(plan)]);
  module.attributes = new Map([...entries, ...module.attributes]);
  if (!ownMesh) markArguments(main, plan);
  if (plan.stages > 1) new Stages(main, plan).mark();
}

const dictionary = (entries: readonly (readonly [string, Attribute])[]): Attribute => ({
  kind: 'dictionary',
  entries: new Map(entries),
});

const meshAttribute = ({ sizes }: AppliedPlan): Attribute =>
  dictionary([
    ['axes', arrayAttribute(AXES.map(stringAttribute))],
    ['sizes', integersAttribute(AXES.map((axis) => sizes[axis]))],
  ]);

const pipelineAttribute = ({ stages, microBatches }: AppliedPlan): Attribute =>
  dictionary([
    ['stages', integerAttribute(stages)],
    ['micro_batches', integerAttribute(microBatches)],
    ['schedule', stringAttribute('1f1b')],
  ]);

const entriesOf = (attribute: Attribute | undefined): AttributeMap =>
  attribute?.kind === 'dictionary' ? attribute.entries : new Map<string, Attribute>();

const shapeOf = (value: Value): readonly number[] => (value.type.kind === 'tensor' ? value.type.shape.map(Number) : []);

/** The name of the parameter that each argument holds, or null. */
function parameterNames(main: Operation): readonly (string | null)[] {
  const attribute = main.attributes.get('arg_attrs');
  const entries = attribute?.kind === 'array' ? attribute.elements : [];
  return main.regions[0].arguments.map((_, at) => {
    const name = entriesOf(entries[at]).get('ms.param');
    return name?.kind === 'string' ? name.value : null;
  });
}

/** The place of a parameter: by its name, or by the end of its name where a step puts its cell before it. */
export function placeOf(plan: AppliedPlan, name: string): ParameterPlace | null {
  const known = plan.parameters.get(name);
  if (known !== undefined) return known;
  const ends = [...plan.parameters].filter(([end]) => name.endsWith(`.${end}`));
  return ends.length === 1 ? ends[0][1] : null;
}

/** Parameters lie as planned, inputs are cut by batch and sequence; what the source says of an argument stays. */
function markArguments(main: Operation, plan: AppliedPlan): void {
  const { sizes, sequence } = plan;
  const attribute = main.attributes.get('arg_attrs');
  const given = attribute?.kind === 'array' ? attribute.elements : [];
  const names = parameterNames(main);
  const pinned = pinnedValues(main);
  const values = main.regions[0].arguments;
  const batch = values.find((value, at) => names[at] === null && shapeOf(value).length > 0);
  const extent = batch === undefined ? null : (shapeOf(batch)[0] ?? null);
  const axesOf = (value: Value, name: string | null): readonly (string | null)[] => {
    const shape = shapeOf(value);
    if (name !== null) {
      const place = placeOf(plan, name);
      if (place?.shape.join() !== shape.join()) return shape.map(() => null);
      // What an axis does not divide stays whole.
      return place.axes.map((axis, at) => (axis !== null && shape[at] % sizes[axis] === 0 ? axis : null));
    }
    return shape.map((length, at) => {
      if (at === 0 && length === extent && length % sizes.dp === 0) return 'dp';
      return at === 1 && sizes.cp > 1 && length === sequence ? 'cp' : null;
    });
  };
  const marked = values.map((value, at) => {
    const entries = entriesOf(given[at]);
    const axes = axesOf(value, names[at]);
    if (entries.has('dist.layout') || pinned.has(value) || axes.every((axis) => axis === null))
      return dictionary([...entries]);
    const layout = arrayAttribute(axes.map((axis) => arrayAttribute(axis === null ? [] : [stringAttribute(axis)])));
    return dictionary([...entries, ['dist.layout', layout]]);
  });
  main.attributes = new Map([...main.attributes, ['arg_attrs', arrayAttribute(marked)]]);
}

/** Arguments that operations read whose layouts the source states; also through the arguments of derivatives. */
function pinnedValues(main: Operation): ReadonlySet<Value> {
  const outer = new Map<Value, Value>();
  const pinned = new Set<Value>();
  walk(main.regions[0], (op) => {
    if (isDerivative(op)) op.regions[0].arguments.forEach((inner, at) => outer.set(inner, op.operands[at]));
    if (!isPinned(op)) return;
    for (const operand of op.operands) {
      let value: Value | undefined = operand;
      for (; value !== undefined; value = outer.get(value)) pinned.add(value);
    }
  });
  return pinned;
}

/** Stages of forward operations: no earlier than their parameters, no earlier than what they read. */
class Stages {
  private readonly main: Operation;
  /** Stages of values; those of parameters bind only what reads other values too. */
  private readonly stages = new Map<Value, number>();
  private readonly weights = new Set<Value>();

  constructor(main: Operation, plan: AppliedPlan) {
    this.main = main;
    const names = parameterNames(main);
    main.regions[0].arguments.forEach((argument, at) => {
      const name = names[at];
      if (name === null) return;
      this.weights.add(argument);
      const place = placeOf(plan, name);
      if (place !== null) this.stages.set(argument, place.stage);
    });
  }

  mark(): void {
    const [block] = this.main.regions;
    if (!block.operations.some(isDerivative)) {
      this.markBlock(block);
      return;
    }
    for (const op of block.operations) if (isDerivative(op)) this.markDerivative(op);
  }

  private markDerivative(op: Operation): void {
    const primals = integerOf(op.attributes, 'primals');
    const [region] = op.regions;
    region.arguments.slice(0, primals).forEach((argument, at) => {
      const stage = this.stages.get(op.operands[at]);
      if (stage !== undefined) this.stages.set(argument, stage);
      if (this.weights.has(op.operands[at])) this.weights.add(argument);
    });
    this.markBlock(region);
  }

  private markBlock(block: Block): void {
    for (const op of block.operations.slice(0, -1)) {
      const sources = op.operands.flatMap((operand) => this.stages.get(operand) ?? []);
      if (isDerivative(op)) this.markDerivative(op);
      const ofWeights = op.operands.every((operand) => this.weights.has(operand) || isConstant(operand));
      if (ofWeights) for (const result of op.results) this.weights.add(result);
      if (sources.length === 0) continue;
      const stage = Math.max(...sources);
      for (const result of op.results) this.stages.set(result, stage);
      // What is made of weights alone is made wherever it is needed.
      if (!ofWeights && !op.attributes.has('dist.stage'))
        op.attributes = new Map([...op.attributes, ['dist.stage', integerAttribute(stage)]]);
    }
  }
}

const isConstant = ({ owner }: Value): boolean => 'operands' in owner && owner.operands.length === 0;

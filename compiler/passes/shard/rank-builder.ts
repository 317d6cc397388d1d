/**
 * Builds the program of one rank, operation by operation. A value is kept in the layouts in which it was made or
 * wanted; a further layout is made from the cheapest of them. Every decision depends on layouts alone, never on the
 * rank, so that all ranks of a mesh come to the same collectives in the same order.
 */
import type { Attribute, AttributeMap, Location, Operation, Type, Value } from '../../ir/index.ts';
import {
  Block,
  denseAttribute,
  dtypeBytes,
  integerAttribute,
  integersAttribute,
  Operation as Op,
  stringAttribute,
  tensorType,
} from '../../ir/index.ts';
import { Emitter, opTable } from '../../ir/ops/index.ts';
import { partOf } from '../../ir/evaluate/index.ts';
import { axesSize, groupAlong, placeAlong } from './mesh.ts';
import type { Layout } from './layout.ts';
import { layoutOf, layoutText, sliceBegins, sliceShape } from './layout.ts';
import { MICRO, mentionsMicro, microDimension, withoutMicro } from './plan.ts';
import type { ShardPlan } from './plan.ts';
import { ALL, RankScope } from './rank-scope.ts';
import type { Form } from './rank-scope.ts';
import type { ReshardStep } from './reshard.ts';

export class RankBuilder {
  readonly plan: ShardPlan;
  /** Number on the mesh of its stage. */
  readonly device: number;
  /** Number of the first device of the stage among all ranks. */
  readonly base: number;
  block: Block;
  scope = new RankScope();
  private location: Location = null;

  constructor(plan: ShardPlan, device: number, base: number) {
    this.plan = plan;
    this.device = device;
    this.base = base;
    this.block = new Block();
  }

  /** Writes ops of the rank's program. */
  get emitter(): Emitter {
    const create = (
      name: string,
      operands: readonly Value[],
      types: readonly Type[],
      attributes: AttributeMap = new Map(),
    ) => this.append(name, operands, types, attributes);
    return new Emitter({ create }, opTable);
  }

  append(
    name: string,
    operands: readonly Value[],
    types: readonly Type[],
    attributes: AttributeMap,
    regions: readonly Block[] = [],
  ): Operation {
    const op = new Op(name, operands, types, attributes, regions, this.location);
    this.block.operations.push(op);
    return op;
  }

  /** The type of a value's slice. */
  localType(type: Type, layout: Layout): Type {
    if (type.kind !== 'tensor') return type;
    return tensorType(sliceShape(this.plan.mesh, layout, type.shape.map(Number)), type.dtype);
  }

  /** The type of a slice that holds this device's part of every micro-batch, one after another. */
  stackedType(type: Type, layout: Layout): Type {
    return this.localType(type, withoutMicro(layout));
  }

  /** This device's parts of every micro-batch of a value, one after another. */
  stacked(value: Value, layout: Layout): Value {
    const whole = this.scope.of(value, ALL).find((form) => layoutText(form.layout) === layoutText(layout));
    if (whole) return whole.value;
    const parts = Array.from({ length: this.plan.microBatches }, (_, instance) => this.value(value, layout, instance));
    return this.emitter.op('ms.concat', parts, { axis: integerAttribute(microDimension(layout)) });
  }

  /** Where the slice of a tensor begins, for one micro-batch or all of them. */
  begins(value: Value, layout: Layout, instance: number): readonly number[] {
    if (value.type.kind !== 'tensor') return [];
    return sliceBegins(this.plan.mesh, layout, value.type.shape.map(Number), this.placed(instance));
  }

  /** Number of this device on the mesh with the axis of micro-batches, whose place is the instance. */
  placed(instance: number): number {
    const devices = this.plan.devices.sizes.reduce((count, size) => count * size, 1);
    return Math.max(instance, 0) * devices + this.device;
  }

  define(value: Value, layout: Layout, local: Value, instance: number): void {
    local.name = value.name;
    this.scope.add(value, instance, { layout, value: local });
  }

  /** Where the user wrote what is emitted next. */
  at(location: Location): void {
    this.location = location;
  }

  /** Computes one operation on slices, for one micro-batch or once for all. */
  emitSlices(op: Operation, instance: number): void {
    const linear = this.linearPartial(op, instance);
    const sharding = this.plan.shardingOf(op);
    const operandLayouts = sharding.operands.map((layout) => withPartial(layout, linear));
    const resultLayouts = sharding.results.map((layout) => withPartial(layout, linear));
    const operands = op.operands.map((operand, at) => this.value(operand, operandLayouts[at], instance));
    this.finish(op, operands, resultLayouts, instance);
  }

  /** Emits the local form of an operation and defines its results. */
  finish(
    op: Operation,
    operands: readonly Value[],
    layouts: readonly Layout[],
    instance: number,
    attributes: AttributeMap = localAttributes(op),
  ): void {
    const types = op.results.map((result, at) => this.localType(result.type, layouts[at]));
    const local = this.append(op.name, operands, types, attributes);
    op.results.forEach((result, at) =>
      this.define(result, layouts[at], local.results[at], mentionsMicro(layouts[at]) ? instance : ALL),
    );
  }

  /** A value in some layout. */
  value(value: Value, layout: Layout, instance: number): Value {
    const own = mentionsMicro(layout) ? instance : ALL;
    const forms = this.formsOf(value, own);
    const wanted = layoutText(layout);
    const exact = forms.find((form) => layoutText(form.layout) === wanted);
    if (exact) return exact.value;
    const constant = this.constantSlice(value, layout, instance);
    if (constant) {
      this.define(value, layout, constant, own);
      return constant;
    }
    return this.convert(value, forms, layout, own);
  }

  /** Whether there is some form of a value, for one micro-batch or all of them. */
  knows(value: Value, instance: number): boolean {
    return this.scope.of(value, instance).length > 0 || this.scope.of(value, ALL).length > 0;
  }

  /** A value in whatever layout it is known; none where this rank does not have it. */
  anyForm(value: Value, instance: number): readonly Value[] {
    const forms = [...this.scope.of(value, instance), ...this.scope.of(value, ALL)];
    return forms.slice(0, 1).map((form) => form.value);
  }

  /** Forms of one micro-batch, or those of all where it has none of its own yet. */
  private formsOf(value: Value, instance: number): readonly Form[] {
    const forms = this.scope.of(value, instance);
    if (forms.length > 0 || instance === ALL) return forms;
    const whole = this.scope.of(value, ALL);
    const stacked = whole.find((form) => microDimension(form.layout) >= 0);
    if (!stacked) return whole;
    const form = { layout: stacked.layout, value: this.unstacked(stacked, instance) };
    this.scope.add(value, instance, form);
    return [form];
  }

  /** One micro-batch of a slice that holds all of them one after another. */
  private unstacked({ layout, value }: Form, instance: number): Value {
    const dimension = microDimension(layout);
    const extent = value.type.kind === 'tensor' ? Number(value.type.shape[dimension]) / this.plan.microBatches : 0;
    return this.slice(value, dimension, extent * instance, extent);
  }

  slice(value: Value, dimension: number, begin: number, extent: number): Value {
    return this.emitter.op('ms.slice', [value], {
      axes: integersAttribute([dimension]),
      begins: integersAttribute([begin]),
      ends: integersAttribute([begin + extent]),
      strides: integersAttribute([1]),
    });
  }

  private convert(value: Value, forms: readonly Form[], layout: Layout, own: number): Value {
    const bytes = value.type.kind === 'tensor' ? dtypeBytes(value.type.dtype) : 0;
    const ways = forms.map((form) => ({ form, way: this.plan.reshard(value, form.layout, layout, bytes) }));
    const possible = ways.flatMap(({ form, way }) => (way === null ? [] : [{ form, way }]));
    const [first] = possible;
    if (!first) {
      const known = forms.map((form) => layoutText(form.layout)).join(', ');
      throw new Error(
        `value '${value.name}' of ${value.type.key} is wanted as ${layoutText(layout)}, known as ${known}`,
      );
    }
    const { form, way } = possible.reduce((best, other) => (other.way.cost < best.way.cost ? other : best), first);
    let local = form.value;
    way.steps.forEach((step, at) => {
      local = this.step(local, step, own);
      const keeps = at === way.steps.length - 1 || step.kind !== 'split';
      if (keeps && !(this.plan.isTransient(value) && way.steps.some((other) => other.kind !== 'split')))
        this.define(value, way.layouts[at], local, mentionsMicro(way.layouts[at]) ? own : ALL);
    });
    return local;
  }

  private step(local: Value, step: ReshardStep, instance: number): Value {
    const { mesh } = this.plan;
    const group = () =>
      integersAttribute(groupAlong(this.plan.devices, step.axes, this.device).map((at) => at + this.base));
    const emit = (name: string, attributes: Readonly<Record<string, Attribute>>) =>
      this.emitter.op(name, [local], attributes);
    switch (step.kind) {
      case 'split': {
        const type = local.type.kind === 'tensor' ? local.type.shape : [];
        const extent = Number(type[step.dimension]) / axesSize(mesh, step.axes);
        return this.slice(local, step.dimension, extent * placeAlong(mesh, step.axes, this.placed(instance)), extent);
      }
      case 'all_gather':
        return emit('dist.all_gather', { group: group(), axis: integerAttribute(step.dimension) });
      case 'all_to_all':
        return emit('dist.all_to_all', {
          group: group(),
          split_axis: integerAttribute(step.to),
          concat_axis: integerAttribute(step.from),
        });
      case 'all_reduce':
        return emit('dist.all_reduce', { group: group(), reduction: stringAttribute(step.reduction) });
      case 'reduce_scatter':
        return emit('dist.reduce_scatter', {
          group: group(),
          axis: integerAttribute(step.dimension),
          reduction: stringAttribute(step.reduction),
        });
    }
  }

  /** Constants are cut while compiling. */
  private constantSlice(value: Value, layout: Layout, instance: number): Value | null {
    const op = value.owner instanceof Op && value.owner.name === 'ms.constant' ? value.owner : null;
    const attribute = op?.attributes.get('value');
    if (attribute?.kind !== 'dense') return null;
    const { dtype } = attribute.type;
    let slice = { shape: attribute.type.shape.map(Number), dtype, data: attribute.data };
    const splat = attribute.data.length === 1;
    layout.dimensions.forEach((axes, dimension) => {
      const parts = axesSize(this.plan.mesh, axes);
      if (parts === 1) return;
      const place = placeAlong(this.plan.mesh, axes, this.placed(instance));
      slice = splat
        ? { ...slice, shape: slice.shape.with(dimension, slice.shape[dimension] / parts) }
        : {
            ...partOf(slice, dimension, place, parts),
            shape: slice.shape.with(dimension, slice.shape[dimension] / parts),
          };
    });
    return this.emitter.op('ms.constant', [], { value: denseAttribute(tensorType(slice.shape, dtype), slice.data) });
  }

  /**
   * The axes over which a linear operation may work on partial sums, so that they are joined behind it: those of its
   * operands, when all are partial over the same axes and nothing has joined them yet.
   */
  private linearPartial(op: Operation, instance: number): readonly string[] {
    if (!LINEAR.has(op.name)) return [];
    const { operands, results } = this.plan.shardingOf(op);
    const cut = new Set(
      [...operands, ...results].flatMap((layout) => [...layout.dimensions.flat(), ...layout.partial]),
    );
    const forms = op.operands.map((operand, at) => this.formsOf(operand, mentionsMicro(operands[at]) ? instance : ALL));
    const partials = forms.map((known) =>
      known.length > 0 && known.every((form) => form.layout.partial.length > 0 && form.layout.reduction === 'sum')
        ? known[0].layout.partial
        : [],
    );
    const [axes] = partials;
    const same = partials.every((other) => other.join() === axes.join());
    return same && !axes.some((axis) => cut.has(axis) || axis === MICRO) ? axes : [];
  }

  /** Adds a micro-batch's part of a value to those before it; with the last one the value is whole. */
  accumulate(value: Value, instance: number): void {
    const [form] = this.scope.of(value, instance);
    if (!form) throw new Error(`value '${value.name}' has no micro-batch ${instance}`);
    if (form.layout.partial.includes(MICRO)) return this.addUp(value, form, instance);
    const dimension = microDimension(form.layout);
    const layout = layoutOf(
      form.layout.dimensions.with(dimension, [MICRO]),
      form.layout.partial,
      form.layout.reduction,
    );
    this.parts.set(value, [...(this.parts.get(value) ?? []), this.value(value, layout, instance)]);
    if (instance < this.plan.microBatches - 1) return;
    const joined = this.emitter.op('ms.concat', this.parts.get(value) ?? [], { axis: integerAttribute(dimension) });
    this.define(value, withoutMicro(layout), joined, ALL);
  }

  private readonly parts = new Map<Value, readonly Value[]>();

  private addUp(value: Value, form: Form, instance: number): void {
    const [before] = this.parts.get(value) ?? [];
    const sum = before ? this.emitter.op(JOIN[form.layout.reduction], [before, form.value]) : form.value;
    this.parts.set(value, [sum]);
    if (instance === this.plan.microBatches - 1) this.define(value, withoutMicro(form.layout), sum, ALL);
  }
}

const JOIN = { sum: 'ms.add', prod: 'ms.mul', max: 'ms.maximum', min: 'ms.minimum' } as const;

/** f(a + b) = f(a) + f(b), for all operands together. */
const LINEAR: ReadonlySet<string> = new Set([
  'ms.reshape',
  'ms.transpose',
  'ms.neg',
  'ms.add',
  'ms.sub',
  'ms.reduce_sum',
]);

const withPartial = (layout: Layout, axes: readonly string[]): Layout =>
  axes.length === 0 ? layout : layoutOf(layout.dimensions, [...layout.partial, ...axes], 'sum');

/** Attributes of an operation without annotations. */
export function localAttributes(op: Operation): AttributeMap {
  return new Map([...op.attributes].filter(([name]) => !name.startsWith('dist.')));
}

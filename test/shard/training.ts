/** Training steps of small networks: forward by hand, gradients by the pass, plain or momentum SGD. */
import type { Attribute, Location, TensorType, Type, Value } from '../../compiler/ir/index.ts';
import {
  arrayAttribute,
  Block,
  boolAttribute,
  Builder,
  functionType,
  integerAttribute,
  integersAttribute,
  Module,
  stringAttribute,
  tensorType,
  typeAttribute,
} from '../../compiler/ir/index.ts';
import { Emitter, opTable } from '../../compiler/ir/ops/index.ts';
import { differentiateModule } from '../../compiler/passes/grad/index.ts';
import type { Layout, Mesh } from '../../compiler/passes/shard/index.ts';

/** What a network's forward function works with. */
export class Network {
  readonly emit: Emitter;
  private readonly builder: Builder;
  private readonly marks = new Map<string, Value>();

  constructor(builder: Builder) {
    this.builder = builder;
    this.emit = new Emitter(builder, opTable);
  }

  op(name: string, operands: readonly Value[], attributes: Readonly<Record<string, Attribute>> = {}): Value {
    return this.emit.op(name, operands, attributes);
  }

  matmul(lhs: Value, rhs: Value, transposes: { readonly a?: boolean; readonly b?: boolean } = {}): Value {
    const rank = Math.max(shapeOf(lhs).length, shapeOf(rhs).length);
    return this.op(rank > 2 ? 'ms.batch_matmul' : 'ms.matmul', [lhs, rhs], {
      transpose_a: boolAttribute(transposes.a ?? false),
      transpose_b: boolAttribute(transposes.b ?? false),
    });
  }

  reshape(x: Value, shape: readonly number[]): Value {
    return this.emit.stated('ms.reshape', [x], tensorType(shape, typeOf(x).dtype));
  }

  transpose(x: Value, permutation: readonly number[]): Value {
    return this.op('ms.transpose', [x], { permutation: integersAttribute(permutation) });
  }

  reduce(name: 'sum' | 'mean' | 'max', x: Value, axes: readonly number[], keep = false): Value {
    return this.op(`ms.reduce_${name}`, [x], { axes: integersAttribute(axes), keep_dims: boolAttribute(keep) });
  }

  scaled(x: Value, factor: number): Value {
    return this.op('ms.mul', [x, this.emit.scalar(factor, typeOf(x).dtype)]);
  }

  /** A value that a plan may name. */
  mark(name: string, value: Value): Value {
    this.marks.set(name, value);
    return value;
  }

  marked(name: string): Value | undefined {
    return this.marks.get(name);
  }

  /** Everything that is emitted inside belongs to a pipeline stage. */
  stage<Result>(stage: number, body: () => Result): Result {
    const { operations } = this.builder.block;
    const begin = operations.length;
    const result = body();
    for (const op of operations.slice(begin))
      op.attributes = new Map([...op.attributes, ['dist.stage', integerAttribute(stage)]]);
    return result;
  }
}

export const typeOf = (value: Value): TensorType => {
  if (value.type.kind !== 'tensor') throw new Error(`${value.type.key} is no tensor`);
  return value.type;
};
export const shapeOf = (value: Value): readonly number[] => typeOf(value).shape.map(Number);

export interface Description {
  readonly name: string;
  readonly inputs: Readonly<Record<string, TensorType>>;
  readonly weights: Readonly<Record<string, readonly number[]>>;
  /** The loss, a scalar. */
  readonly forward: (network: Network, values: Readonly<Record<string, Value>>, stages: number) => Value;
  /** Shapes of values that a plan may name. */
  readonly marks?: Readonly<Record<string, readonly number[]>>;
  readonly optimizer?: 'sgd' | 'momentum' | 'adam';
  readonly learningRate?: number;
  /** Whether small integers stay exact through the whole step. */
  readonly exact?: boolean;
}

/** How a step is to be partitioned. */
export interface StepPlan {
  readonly mesh: Mesh;
  /** Layouts of inputs and weights by name. */
  readonly layouts?: Readonly<Record<string, Layout>>;
  /** Layouts of marked values by name. */
  readonly marks?: Readonly<Record<string, Layout>>;
  readonly zero?: number;
  readonly stages?: number;
  readonly microBatches?: number;
  readonly schedule?: '1f1b' | 'gpipe';
}

/** The @graph module of one training step: inputs, weights and state in; loss, new weights and new state out. */
export function trainingStep(description: Description, plan: StepPlan): Module {
  const weights = Object.entries(description.weights).map(([name, shape]) => ({
    name,
    type: tensorType(shape, 'f32'),
  }));
  const states = STATES[description.optimizer ?? 'sgd'].flatMap((prefix) =>
    weights.map(({ name, type }) => ({ name: `${prefix}.${name}`, type })),
  );
  const inputs = Object.entries(description.inputs).map(([name, type]) => ({ name, type }));
  const all = [...inputs, ...weights, ...states];
  const block = new Block(all.map(({ type }) => type));
  const builder = new Builder(block, opTable);
  block.arguments.forEach((argument, at) => (argument.name = all[at].name));
  const values = Object.fromEntries(all.map(({ name }, at) => [name, block.arguments[at]]));
  const [loss, ...gradients] = derivative(
    builder,
    description,
    plan,
    weights.map(({ name }) => values[name]),
    values,
  );
  const emit = new Emitter(builder, opTable);
  const updated = weights.map(({ name }, at) => update(emit, description, name, values, gradients[at]));
  const results = [
    loss,
    ...updated.map(({ weight }) => weight),
    ...states.map(({ name }) => stateOf(updated, weights, name)),
  ];
  builder.create('func.return', results, []);
  const module = moduleAround(
    block,
    inputs.length,
    [...weights, ...states].map(({ name }) => name),
    all,
    plan,
  );
  const problems = differentiateModule(module, opTable);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('; '));
  module.attributes = new Map([...module.attributes, ['ms.stage', stringAttribute('graph')]]);
  return module;
}

const STATES = { sgd: [], momentum: ['moment'], adam: ['moment', 'variance'] } as const;

interface Updated {
  readonly weight: Value;
  readonly states: Readonly<Record<string, Value>>;
}

function stateOf(updated: readonly Updated[], weights: readonly { readonly name: string }[], name: string): Value {
  const at = weights.findIndex((weight) => name.endsWith(`.${weight.name}`));
  return updated[at].states[name];
}

function derivative(
  builder: Builder,
  description: Description,
  plan: StepPlan,
  weights: readonly Value[],
  values: Readonly<Record<string, Value>>,
): readonly Value[] {
  const region = new Block(weights.map((weight) => weight.type));
  const inner = new Builder(region, opTable);
  const network = new Network(inner);
  const inside = { ...values };
  weights.forEach((weight, at) => (inside[weight.name] = region.arguments[at]));
  const loss = description.forward(network, inside, plan.stages ?? 1);
  for (const [name, layout] of Object.entries(plan.marks ?? {})) annotate(network.marked(name), layout);
  inner.create('scf.yield', [loss], []);
  const seed = new Emitter(builder, opTable).scalar(1, 'f32');
  const attributes = new Map([
    ['primals', integerAttribute(weights.length)],
    ['outputs', integerAttribute(1)],
  ]);
  const types: readonly Type[] = [loss.type, ...weights.map((weight) => weight.type)];
  return builder.create('ms.vjp', [...weights, seed], types, attributes, [region]).results;
}

function annotate(value: Value | undefined, layout: Layout): void {
  const op = value?.owner;
  if (!op || !('attributes' in op)) throw new Error('a plan names a value that the network does not mark');
  op.attributes = new Map([...op.attributes, ['dist.out', arrayAttribute([lists(layout)])]]);
}

const lists = (layout: Layout): Attribute =>
  arrayAttribute(layout.dimensions.map((axes) => arrayAttribute(axes.map((axis) => stringAttribute(axis)))));

function update(
  emit: Emitter,
  { optimizer = 'sgd', learningRate = 1 }: Description,
  name: string,
  values: Readonly<Record<string, Value>>,
  gradient: Value,
): Updated {
  const times = (x: Value, factor: number) => emit.op('ms.mul', [x, emit.scalar(factor, 'f32')]);
  const weight = values[name];
  if (optimizer === 'sgd') return { weight: emit.op('ms.sub', [weight, times(gradient, learningRate)]), states: {} };
  const moment = values[`moment.${name}`];
  if (optimizer === 'momentum') {
    const next = emit.op('ms.add', [times(moment, 0.5), gradient]);
    return { weight: emit.op('ms.sub', [weight, times(next, learningRate)]), states: { [`moment.${name}`]: next } };
  }
  const variance = values[`variance.${name}`];
  const first = emit.op('ms.add', [times(moment, 0.9), times(gradient, 0.1)]);
  const second = emit.op('ms.add', [times(variance, 0.99), times(emit.op('ms.square', [gradient]), 0.01)]);
  const root = emit.op('ms.add', [emit.op('ms.sqrt', [second]), emit.scalar(1e-3, 'f32')]);
  const weightNext = emit.op('ms.sub', [weight, times(emit.op('ms.div', [first, root]), learningRate)]);
  return { weight: weightNext, states: { [`moment.${name}`]: first, [`variance.${name}`]: second } };
}

function moduleAround(
  block: Block,
  inputs: number,
  parameters: readonly string[],
  all: readonly { readonly name: string; readonly type: Type }[],
  plan: StepPlan,
): Module {
  const outputs = (block.operations.at(-1)?.operands ?? []).map((operand) => operand.type);
  const dictionary = (entries: readonly (readonly [string, Attribute])[]): Attribute => ({
    kind: 'dictionary',
    entries: new Map(entries),
  });
  const layoutOf = (name: string): readonly (readonly [string, Attribute])[] => {
    const layout = plan.layouts?.[name];
    return layout ? [['dist.layout', lists(layout)]] : [];
  };
  const param = (name: string): readonly (readonly [string, Attribute])[] => [['ms.param', stringAttribute(name)]];
  const attributes = new Map<string, Attribute>([
    ['sym_name', stringAttribute('main')],
    [
      'function_type',
      typeAttribute(
        functionType(
          all.map(({ type }) => type),
          outputs,
        ),
      ),
    ],
    [
      'arg_attrs',
      arrayAttribute(all.map(({ name }, at) => dictionary([...(at < inputs ? [] : param(name)), ...layoutOf(name)]))),
    ],
    ['res_attrs', arrayAttribute([dictionary([]), ...parameters.map((name) => dictionary(param(name)))])],
  ]);
  const body = new Block();
  const location: Location = null;
  const top = new Builder(body, opTable);
  top.location = location;
  top.create('func.func', [], [], attributes, [block]);
  const module = new Module(body);
  module.attributes = new Map<string, Attribute>([
    ['ms.stage', stringAttribute('source')],
    [
      'dist.mesh',
      dictionary([
        ['axes', arrayAttribute(plan.mesh.axes.map((axis) => stringAttribute(axis)))],
        ['sizes', integersAttribute(plan.mesh.sizes)],
      ]),
    ],
    ['dist.zero', integerAttribute(plan.zero ?? 0)],
    [
      'dist.pipeline',
      dictionary([
        ['stages', integerAttribute(plan.stages ?? 1)],
        ['micro_batches', integerAttribute(plan.microBatches ?? 1)],
        ['schedule', stringAttribute(plan.schedule ?? '1f1b')],
      ]),
    ],
  ]);
  return module;
}

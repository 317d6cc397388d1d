/** Operations whose part is not simply the same operation on slices. */
import type { Operation, Value } from '../../ir/index.ts';
import { integerAttribute, integerOf, stringOf, tensorType } from '../../ir/index.ts';
import { replicated } from './layout.ts';
import { axesSize, placeAlong } from './mesh.ts';
import { mentionsMicro } from './plan.ts';
import type { RankBuilder } from './rank-builder.ts';
import { localAttributes } from './rank-builder.ts';
import { ALL } from './rank-scope.ts';

/** Emits an operation; false when it is to be emitted as usual. */
export type LocalRule = (builder: RankBuilder, op: Operation, instance: number) => boolean;

/** Constants are made where they are used, in the slice that is wanted. */
const constant: LocalRule = () => true;

/** What is counted or drawn is made whole and cut: the same elements on any number of devices. */
const whole: LocalRule = (builder, op) => {
  const layouts = [...op.operands, ...op.results].map((value) => replicated(rankOf(value)));
  const operands = op.operands.map((operand, at) => builder.value(operand, layouts[at], ALL));
  builder.finish(op, operands, layouts.slice(op.operands.length), ALL);
  return true;
};

const rankOf = (value: Value): number => (value.type.kind === 'tensor' ? value.type.shape.length : 0);

/** Indices counted from the first row that this rank has; those outside its rows are dropped or read as 0. */
function shifted(builder: RankBuilder, op: Operation, axis: number, instance: number): Value {
  const { operands } = builder.plan.shardingOf(op);
  const indices = builder.value(op.operands[1], operands[1], instance);
  const begin = builder.begins(op.operands[0], operands[0], instance)[axis];
  if (begin === 0 || indices.type.kind !== 'tensor') return indices;
  return builder.emitter.op('ms.sub', [indices, builder.emitter.scalar(begin, indices.type.dtype)]);
}

const look =
  (axisOf: (op: Operation) => number): LocalRule =>
  (builder, op, instance) => {
    const { operands, results } = builder.plan.shardingOf(op);
    if ((operands[0].dimensions[axisOf(op)] ?? []).length === 0) return false;
    const x = builder.value(op.operands[0], operands[0], instance);
    builder.finish(op, [x, shifted(builder, op, axisOf(op), instance)], results, instance);
    return true;
  };

/** Where parts of the updates are joined later, only the first part adds to what was there. */
const scatter =
  (axisOf: (op: Operation) => number): LocalRule =>
  (builder, op, instance) => {
    if (stringOf(op.attributes, 'reduction') !== 'add') return false;
    const { operands, results } = builder.plan.shardingOf(op);
    const [x, , updates] = op.operands.map((operand, at) =>
      at === 1 ? null : builder.value(operand, operands[at], instance),
    );
    if (!x || !updates) return false;
    const { partial } = results[0];
    const first = placeAlong(builder.plan.mesh, partial, builder.placed(instance)) === 0;
    const start =
      first || x.type.kind !== 'tensor' ? x : builder.emitter.splat(0, tensorType(x.type.shape, x.type.dtype));
    builder.finish(op, [start, shifted(builder, op, axisOf(op), instance), updates], results, instance);
    return true;
  };

const axisAttribute = (op: Operation): number => integerOf(op.attributes, 'axis');

/** Classes counted from the first one that this rank has. */
const oneHot: LocalRule = (builder, op, instance) => {
  const { operands, results } = builder.plan.shardingOf(op);
  const axis = integerOf(op.attributes, 'axis');
  const parts = axesSize(builder.plan.mesh, results[0].dimensions[axis]);
  if (parts === 1) return false;
  const [indices, on, off] = op.operands.map((operand, at) => builder.value(operand, operands[at], instance));
  const begin = builder.begins(op.results[0], results[0], instance)[axis];
  const dtype = indices.type.kind === 'tensor' ? indices.type.dtype : 'i32';
  const counted = begin === 0 ? indices : builder.emitter.op('ms.sub', [indices, builder.emitter.scalar(begin, dtype)]);
  const depth = integerAttribute(integerOf(op.attributes, 'depth') / parts);
  builder.finish(op, [counted, on, off], results, instance, new Map([...localAttributes(op), ['depth', depth]]));
  return true;
};

/** Only order: what comes before may lie in any way. */
const depend: LocalRule = (builder, op, instance) => {
  const { operands, results } = builder.plan.shardingOf(op);
  const x = builder.value(op.operands[0], operands[0], instance);
  const others = op.operands.slice(1).flatMap((operand) => builder.anyForm(operand, instance));
  builder.finish(op, [x, ...others], results, mentionsMicro(results[0]) ? instance : ALL);
  return true;
};

/** Text is said once, by the first device. */
const print: LocalRule = (builder, op, instance) => {
  const operands = op.operands.map((operand) => builder.value(operand, replicated(rankOf(operand)), instance));
  if (builder.device === 0) builder.finish(op, operands, [], instance);
  return true;
};

export const LOCAL_RULES: Readonly<Record<string, LocalRule | undefined>> = {
  'ms.constant': constant,
  'ms.iota': whole,
  'ms.triangle': whole,
  'ms.random_uniform': whole,
  'ms.random_normal': whole,
  'ms.gather': look(axisAttribute),
  'ms.gather_elements': look(axisAttribute),
  'ms.scatter_elements': scatter(axisAttribute),
  'ms.scatter_nd': scatter(() => 0),
  'ms.one_hot': oneHot,
  'ms.depend': depend,
  'ms.print': print,
};

/**
 * Rewrites collectives so that only axis 0 is gathered, scattered or exchanged: then the parts are contiguous, and a
 * device moves them as they lie. The other axes go to the front and back by reshape and transpose.
 */
import type { Attribute, AttributeMap, Block, Module, Operation, RuleTable, Type, Value } from '../../ir/index.ts';
import {
  integerAttribute,
  integerOf,
  integersAttribute,
  integersOf,
  Operation as Op,
  tensorType,
} from '../../ir/index.ts';
import { Emitter } from '../../ir/ops/index.ts';
import { redirectOperands } from '../rewrite/index.ts';

/** Rewrites a module in place. */
export function leadingCollectives(module: Module, definitions: RuleTable): void {
  for (const op of module.body.operations) for (const region of op.regions) rewriteBlock(region, definitions);
}

function rewriteBlock(block: Block, definitions: RuleTable): void {
  const replaced = new Map<Value, Value>();
  const operations: Operation[] = [];
  for (const op of block.operations) {
    redirectOperands(op, replaced);
    for (const region of op.regions) rewriteBlock(region, definitions);
    const rule = RULES[op.name];
    const create = (
      name: string,
      operands: readonly Value[],
      types: readonly Type[],
      attributes: AttributeMap = new Map(),
    ) => {
      const part = new Op(name, operands, types, attributes, [], op.location);
      operations.push(part);
      return part;
    };
    const value = rule && !isLeading(op) ? rule(new Emitter({ create }, definitions), op) : null;
    if (value === null) operations.push(op);
    else {
      value.name = op.results[0].name;
      replaced.set(op.results[0], value);
      op.dropUses();
    }
  }
  block.operations = operations;
}

const AXES = ['axis', 'split_axis', 'concat_axis'];
const isLeading = (op: Operation): boolean =>
  AXES.every((name) => !op.attributes.has(name) || integerOf(op.attributes, name) === 0);

type Rule = (emit: Emitter, op: Operation) => Value;

const shapeOf = (value: Value): readonly number[] => (value.type.kind === 'tensor' ? value.type.shape.map(Number) : []);

const reshape = (emit: Emitter, x: Value, shape: readonly number[]): Value =>
  emit.stated('ms.reshape', [x], tensorType(shape, x.type.kind === 'tensor' ? x.type.dtype : 'f32'));

/** Moves one dimension to another place. */
function moved(emit: Emitter, x: Value, from: number, to: number): Value {
  const order = shapeOf(x).map((_, axis) => axis);
  order.splice(to, 0, ...order.splice(from, 1));
  return emit.op('ms.transpose', [x], { permutation: integersAttribute(order) });
}

/** [.., n·d, ..] to [n, .., d, ..]: the parts along an axis one after another. */
function partsFirst(emit: Emitter, x: Value, axis: number, count: number): Value {
  const shape = shapeOf(x);
  return moved(emit, reshape(emit, x, shape.toSpliced(axis, 1, count, shape[axis] / count)), axis, 0);
}

/** [n, .., d, ..] to [.., n·d, ..]: the parts joined along an axis. */
function partsAlong(emit: Emitter, x: Value, axis: number): Value {
  const [count, ...rest] = shapeOf(x);
  return reshape(emit, moved(emit, x, 0, axis), rest.with(axis, count * rest[axis]));
}

const attributesOf = (op: Operation): Readonly<Record<string, Attribute>> => {
  const zeros = AXES.filter((name) => op.attributes.has(name)).map((name) => [name, integerAttribute(0)]);
  return { ...Object.fromEntries(op.attributes), ...Object.fromEntries<Attribute>(zeros as [string, Attribute][]) };
};

const RULES: Readonly<Record<string, Rule | undefined>> = {
  'dist.all_gather': (emit, op) => {
    const [x] = op.operands;
    const shape = shapeOf(x);
    const gathered = emit.op(op.name, [reshape(emit, x, [1, ...shape])], attributesOf(op));
    return partsAlong(emit, gathered, integerOf(op.attributes, 'axis'));
  },
  'dist.reduce_scatter': (emit, op) => {
    const parts = partsFirst(emit, op.operands[0], integerOf(op.attributes, 'axis'), groupSize(op));
    return reshape(emit, emit.op(op.name, [parts], attributesOf(op)), shapeOf(op.results[0]));
  },
  'dist.all_to_all': (emit, op) => {
    const parts = partsFirst(emit, op.operands[0], integerOf(op.attributes, 'split_axis'), groupSize(op));
    return partsAlong(emit, emit.op(op.name, [parts], attributesOf(op)), integerOf(op.attributes, 'concat_axis'));
  },
};

const groupSize = (op: Operation): number => integersOf(op.attributes, 'group').length;

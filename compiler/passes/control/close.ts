/**
 * Structured control flow and scalars of @main as closed regions over tensors (`dialect.ts`).
 *
 * A kernel takes and gives tensors in global memory, so a scalar that is known only at run time is a tensor of rank 0. A
 * region gets what it uses from outside as arguments: then each region is a block that passes can treat like @main, and
 * nothing that a pass replaces outside is used inside. Constants are written again in each region that uses them.
 */
import type { AttributeMap, Operation, RuleTable, Type, Value } from '../../ir/index.ts';
import { Block, Operation as Op, definingOperation, integerAttribute, tensorType } from '../../ir/index.ts';
import { Emitter } from '../../ir/ops/index.ts';
import type { PassObserver } from '../rewrite/index.ts';
import { rule } from '../rewrite/index.ts';
import { CONTROL, CONTROL_YIELD } from './dialect.ts';
import { integerConstant, scalarAsTensors, tensorDtypeOf } from './scalars.ts';

const CLOSE = rule('control flow and scalars as closed regions over tensors');

/** Rewrites @main's control flow in place. */
export function closeRegions(main: Operation, definitions: RuleTable, observer: PassObserver | null = null): void {
  new Closing(definitions, observer).close(main.regions[0]);
}

type Rule = (closing: Closing, op: Operation, into: Block) => readonly Value[];

/** The type of a value as a tensor. */
function tensorTypeOf(type: Type): Type {
  return type.kind === 'scalar' ? tensorType([], tensorDtypeOf(type.dtype)) : type;
}

class Closing {
  readonly definitions: RuleTable;
  private readonly observer: PassObserver | null;
  private readonly replaced = new Map<Value, Value>();

  constructor(definitions: RuleTable, observer: PassObserver | null) {
    this.definitions = definitions;
    this.observer = observer;
  }

  /** Rewrites the operations of a block that stays. */
  close(block: Block): void {
    const operations = block.operations;
    block.operations = [];
    this.move(operations, block);
  }

  value(value: Value): Value {
    return this.replaced.get(value) ?? value;
  }

  bind(from: readonly Value[], to: readonly Value[]): void {
    from.forEach((value, index) => {
      this.replaced.set(value, to[index]);
      to[index].name ||= value.name;
    });
  }

  /** A region of its own for a block's operations; arguments beyond the old ones come first. */
  region(old: Block, extra: readonly Type[] = [], firstOld = 0): Block {
    const kept = old.arguments.slice(firstOld);
    const region = new Block([...kept.map((argument) => tensorTypeOf(argument.type)), ...extra]);
    this.bind(kept, region.arguments.slice(0, kept.length));
    return region;
  }

  move(operations: readonly Operation[], into: Block): void {
    for (const op of operations) {
      const rewrite = RULES[op.name] ?? (isScalarOp(op) ? scalarRule : undefined);
      if (rewrite === undefined) {
        op.operands.forEach((operand, index) => op.setOperand(index, this.value(operand)));
        into.operations.push(op);
        continue;
      }
      const begin = into.operations.length;
      const results = rewrite(this, op, into);
      this.observer?.rewritten({ rule: CLOSE, op, made: into.operations.slice(begin), values: results });
      this.bind(op.results, results);
      for (const region of op.regions) region.operations = [];
      op.dropUses();
    }
  }

  emitter(into: Block, { location }: Operation): Emitter {
    const create = (name: string, operands: readonly Value[], types: readonly Type[], attributes?: AttributeMap) => {
      const made = new Op(name, operands, types, attributes ?? new Map(), [], location);
      into.operations.push(made);
      return made;
    };
    return new Emitter({ create }, this.definitions);
  }

  /** The operation with its regions closed: what they use from outside becomes operands and arguments. */
  control(
    name: string,
    operands: readonly Value[],
    regions: readonly Block[],
    attributes: AttributeMap,
    origin: Operation,
    into: Block,
    extraTypes: readonly Type[] = [],
  ): readonly Value[] {
    const captures = [...new Set(regions.flatMap(freeValues))];
    for (const region of regions) capture(region, captures);
    const types = [...origin.results.map((result) => tensorTypeOf(result.type)), ...extraTypes];
    const op = new Op(name, [...operands, ...captures], types, attributes, regions, origin.location);
    into.operations.push(op);
    return op.results.slice(0, origin.results.length);
  }
}

const isScalarOp = (op: Operation): boolean =>
  op.name.startsWith('tensor.') || op.results.some(({ type }) => type.kind === 'scalar');

const scalarRule: Rule = (closing, op, into) =>
  scalarAsTensors(
    closing.emitter(into, op),
    op,
    op.operands.map((operand) => closing.value(operand)),
  );

const yieldRule: Rule = (closing, op, into) => {
  const values = op.operands.map((operand) => closing.value(operand));
  into.operations.push(new Op(CONTROL_YIELD, values, [], new Map(), [], op.location));
  return [];
};

const ifRule: Rule = (closing, op, into) => {
  const regions = [0, 1].map((side) => {
    const region = new Block();
    closing.move(op.regions[side]?.operations ?? [], region);
    if (region.operations.length === 0)
      region.operations.push(new Op(CONTROL_YIELD, [], [], new Map(), [], op.location));
    return region;
  });
  return closing.control(CONTROL.if, [closing.value(op.operands[0])], regions, new Map(), op, into);
};

const whileRule: Rule = (closing, op, into) => {
  const initial = op.operands.map((operand) => closing.value(operand));
  const regions = op.regions.map((old) => {
    const region = closing.region(old);
    closing.move(old.operations, region);
    return region;
  });
  const attributes = new Map([['carried', integerAttribute(initial.length)]]);
  return closing.control(CONTROL.while, initial, regions, attributes, op, into);
};

const forRule: Rule = (closing, op, into) => {
  const [lower, upper, step] = op.operands.slice(0, 3).map(integerConstant);
  if (lower === null || upper === null || step === null) return forAsWhile(closing, op, into);
  const count = Math.max(0, Math.ceil((upper - lower) / step));
  const initial = op.operands.slice(3).map((operand) => closing.value(operand));
  if (count === 0) return initial;
  const [body] = op.regions;
  const [counter] = body.arguments;
  const isCounted = counter.uses > 0;
  const counterType = tensorTypeOf(counter.type);
  const region = closing.region(body, isCounted ? [counterType] : [], 1);
  if (isCounted) closing.bind([counter], region.arguments.slice(-1));
  closing.move(body.operations, region);
  if (isCounted) {
    addToYield(closing, region, closing.value(counter), closing.value(op.operands[2]), op);
    initial.push(closing.value(op.operands[0]));
  }
  const attributes = new Map([
    ['carried', integerAttribute(initial.length)],
    ['count', integerAttribute(count)],
  ]);
  return closing.control(CONTROL.for, initial, [region], attributes, op, into, isCounted ? [counterType] : []);
};

/** Bounds that are known only at run time: the counter is carried and compared. */
const forAsWhile: Rule = (closing, op, into) => {
  const [lower, upper, step, ...rest] = op.operands.map((operand) => closing.value(operand));
  const [body] = op.regions;
  const counterType = tensorTypeOf(body.arguments[0].type);
  const initial = [...rest, lower];
  const test = new Block([...rest.map(({ type }) => type), counterType]);
  const holds = closing.emitter(test, op).op('ms.less', [test.arguments[rest.length], upper]);
  test.operations.push(new Op(CONTROL_YIELD, [holds, ...test.arguments], [], new Map(), [], op.location));
  const region = closing.region(body, [counterType], 1);
  closing.bind([body.arguments[0]], region.arguments.slice(-1));
  closing.move(body.operations, region);
  addToYield(closing, region, region.arguments[rest.length], step, op);
  const attributes = new Map([['carried', integerAttribute(initial.length)]]);
  return closing.control(CONTROL.while, initial, [test, region], attributes, op, into, [counterType]);
};

/** The region also yields the next value of its counter. */
function addToYield(closing: Closing, region: Block, counter: Value, step: Value, op: Operation): void {
  const last = region.operations.pop();
  if (!last) throw new Error('a region without an end');
  const next = closing.emitter(region, op).op('ms.add', [counter, step]);
  last.dropUses();
  region.operations.push(new Op(CONTROL_YIELD, [...last.operands, next], [], new Map(), [], last.location));
}

const RULES: Readonly<Record<string, Rule | undefined>> = {
  'scf.if': ifRule,
  'scf.while': whileRule,
  'scf.for': forRule,
  'scf.yield': yieldRule,
  'scf.condition': yieldRule,
};

/** Values that a region uses and does not define, except constants. */
function freeValues(region: Block): readonly Value[] {
  const inside = new Set<Value>(region.arguments);
  const free: Value[] = [];
  for (const op of region.operations) {
    for (const operand of op.operands) if (!inside.has(operand) && !isConstant(operand)) free.push(operand);
    for (const result of op.results) inside.add(result);
  }
  return free;
}

const isConstant = (value: Value): boolean => definingOperation(value)?.name === 'ms.constant';

/** Gives the region an argument for each capture, and constants of its own. */
function capture(region: Block, captures: readonly Value[]): void {
  const local = new Map<Value, Value>(captures.map((value) => [value, region.addArgument(value.type)]));
  const inside = new Set<Value>(region.operations.flatMap((op) => op.results));
  const constants: Operation[] = [];
  const localValue = (value: Value): Value | undefined => {
    const known = local.get(value);
    if (known || inside.has(value) || !isConstant(value)) return known;
    const constant = definingOperation(value);
    if (!constant) return undefined;
    const copy = new Op(constant.name, [], [value.type], constant.attributes, [], constant.location);
    constants.push(copy);
    local.set(value, copy.results[0]);
    return copy.results[0];
  };
  for (const op of region.operations)
    op.operands.forEach((operand, index) => {
      const value = localValue(operand);
      if (value) op.setOperand(index, value);
    });
  region.operations = [...constants, ...region.operations];
}

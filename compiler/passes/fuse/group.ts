/**
 * Groups of elementwise ops and last-axis reductions that one kernel computes tile by tile (`ms.fused`).
 *
 * From the last op backwards, an op takes into its group every producer whose result is used inside the group only and
 * has the shape the group iterates over, so that chains never touch global memory in between. Work on parameters alone
 * is not drawn into work on inputs: it is done once, when the program is prepared.
 */
import type { Operation, Type, Value } from '../../ir/index.ts';
import { Block, Operation as Op, definingOperation } from '../../ir/index.ts';
import type { TargetOps } from './decompose.ts';
import { FUSED, REDUCTIONS, YIELD, isGroupable, isSplat } from './decompose.ts';

/** Operations in one group: more would only press on on-chip memory. */
const MOST_OPS = 48;

/** Groups the ops of a block; `prepared` holds the values that depend on parameters alone. */
export function groupBlock(block: Block, target: TargetOps, prepared: ReadonlySet<Value>): void {
  const position = new Map(block.operations.map((op, index) => [op, index]));
  const absorbed = new Set<Operation>();
  const members = new Map<Operation, readonly Operation[]>();
  const candidate = (op: Operation): boolean =>
    op.name === FUSED || (op.name !== 'ms.constant' && isGroupable(op, target));
  for (const op of block.operations.toReversed()) {
    if (absorbed.has(op) || !candidate(op)) continue;
    const group = growGroup(
      op,
      (producer) => !absorbed.has(producer) && position.has(producer) && candidate(producer),
      prepared,
    );
    for (const member of group) if (member !== op) absorbed.add(member);
    members.set(
      op,
      [...group].sort((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0)),
    );
  }
  rebuild(block, absorbed, members);
}

function growGroup(
  last: Operation,
  candidate: (op: Operation) => boolean,
  prepared: ReadonlySet<Value>,
): ReadonlySet<Operation> {
  const group = new Set([last]);
  const isPrepared = prepared.has(last.results[0]);
  const iterated = iterationType(last);
  let size = sizeOf(last);
  let reduces = hasReduction(last);
  for (let grown = true; grown;) {
    grown = false;
    for (const value of [...group].flatMap((op) => op.operands)) {
      const producer = definingOperation(value);
      if (!producer || group.has(producer) || !candidate(producer) || producer.results.length !== 1) continue;
      if (
        prepared.has(value) !== isPrepared ||
        !sameShape(iterationType(producer), iterated) ||
        !sameShape(value.type, iterated)
      )
        continue;
      if (size + sizeOf(producer) > MOST_OPS || usesIn(group, value) !== value.uses) continue;
      if (reduces && hasReduction(producer)) continue;
      group.add(producer);
      size += sizeOf(producer);
      reduces ||= hasReduction(producer);
      grown = true;
    }
  }
  return group;
}

const sizeOf = (op: Operation): number => (op.name === FUSED ? op.regions[0].operations.length : 1);

function usesIn(group: ReadonlySet<Operation>, value: Value): number {
  let uses = 0;
  for (const op of group) for (const operand of op.operands) if (operand === value) uses++;
  return uses;
}

/** The type with the shape that an op iterates over. */
function iterationType(op: Operation): Type {
  const types = [...op.results, ...op.operands].map((value) => value.type);
  return types.reduce((largest, type) => (elements(type) > elements(largest) ? type : largest));
}

function elements(type: Type): number {
  return type.kind === 'tensor' ? type.shape.reduce<number>((product, extent) => product * Number(extent), 1) : 0;
}

function sameShape(left: Type, right: Type): boolean {
  if (left.kind !== 'tensor' || right.kind !== 'tensor' || left.shape.length !== right.shape.length) return false;
  return (
    left.shape.every((extent, axis) => extent === right.shape[axis]) && left.encoding?.layout === right.encoding?.layout
  );
}

function hasReduction(op: Operation): boolean {
  return op.name === FUSED
    ? op.regions[0].operations.some((inner) => REDUCTIONS.has(inner.name))
    : REDUCTIONS.has(op.name);
}

/** Writes the groups where their last members stood. */
function rebuild(
  block: Block,
  absorbed: ReadonlySet<Operation>,
  members: ReadonlyMap<Operation, readonly Operation[]>,
): void {
  const replaced = new Map<Value, Value>();
  const operations: Operation[] = [];
  for (const op of block.operations) {
    if (absorbed.has(op)) continue;
    const group = members.get(op);
    if (!group) {
      op.operands.forEach((operand, index) => op.setOperand(index, replaced.get(operand) ?? operand));
      operations.push(op);
      continue;
    }
    const fused = new GroupBuilder(replaced).build(group, op);
    for (const member of group) member.dropUses();
    op.results.forEach((result, index) => replaced.set(result, fused.results[index]));
    operations.push(fused);
  }
  block.operations = operations;
}

/** Copies members into one region, reading outer values through block arguments. */
class GroupBuilder {
  private readonly replaced: ReadonlyMap<Value, Value>;
  private readonly operations: Operation[] = [];
  private readonly inner = new Map<Value, Value>();
  private readonly body = new Block();
  private readonly operands: Value[] = [];

  constructor(replaced: ReadonlyMap<Value, Value>) {
    this.replaced = replaced;
  }

  build(members: readonly Operation[], last: Operation): Operation {
    for (const member of members) {
      const results = this.copy(member);
      member.results.forEach((result, index) => this.inner.set(result, results[index]));
    }
    const results = last.results.map((result) => this.value(result));
    this.body.operations = [...this.operations, new Op(YIELD, results, [], new Map(), [], last.location)];
    const group = new Op(
      FUSED,
      this.operands,
      last.results.map((result) => result.type),
      new Map(),
      [this.body],
      last.location,
    );
    group.results.forEach((result, index) => (result.name = last.results[index].name));
    return group;
  }

  private copy(op: Operation): readonly Value[] {
    const outer = op.operands.map((operand) => this.value(operand));
    if (op.name !== FUSED) return this.clone(op, outer);
    const local = new Map<Value, Value>();
    op.regions[0].arguments.forEach((argument, index) => local.set(argument, outer[index]));
    const mapped = (value: Value): Value => local.get(value) ?? value;
    for (const inner of op.regions[0].operations) {
      if (inner.name === YIELD) return inner.operands.map(mapped);
      const results = this.clone(inner, inner.operands.map(mapped));
      inner.results.forEach((result, index) => local.set(result, results[index]));
    }
    throw new Error('a group ends with ms.yield');
  }

  private clone(op: Operation, operands: readonly Value[]): readonly Value[] {
    const copy = new Op(
      op.name,
      operands,
      op.results.map((result) => result.type),
      op.attributes,
      [],
      op.location,
    );
    this.operations.push(copy);
    return copy.results;
  }

  /** The value inside the region: a member's result, a constant written again, or an argument. */
  private value(operand: Value): Value {
    const known = this.inner.get(operand);
    if (known) return known;
    const inside = this.constant(operand) ?? this.argument(operand);
    this.inner.set(operand, inside);
    return inside;
  }

  private constant(operand: Value): Value | null {
    const op = definingOperation(operand);
    return op?.name === 'ms.constant' && isSplat(op.attributes) ? this.clone(op, [])[0] : null;
  }

  private argument(operand: Value): Value {
    this.operands.push(this.replaced.get(operand) ?? operand);
    return this.body.addArgument(operand.type);
  }
}

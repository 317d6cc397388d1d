/**
 * Groups of elementwise ops and last-axis reductions that one kernel computes tile by tile (`ms.fused`).
 *
 * From the last op backwards, an op takes into its group every producer that iterates over the same shape, so that
 * chains never touch global memory in between: an optimizer's step is one kernel with several results. A producer whose
 * result is needed elsewhere too becomes a further result of the group, unless somebody needs it before the group runs.
 * Reductions inside a group leave columns, which ops on columns may work on; all of them reduce the same axes.
 * Work on parameters alone is not drawn into work on inputs: it is done once, when the program is prepared.
 */
import type { Location, Operation, Type, Value } from '../../ir/index.ts';
import { Block, Operation as Op, definingOperation, fusedLocation } from '../../ir/index.ts';
import type { PassObserver } from '../rewrite/index.ts';
import { missed, redirectOperands, rule } from '../rewrite/index.ts';
import type { TargetOps } from './decompose.ts';
import { FUSED, REDUCTIONS, YIELD, isGroupable, isSplat } from './decompose.ts';
import { columnAxes, elements, reducedAxes, sameShape, shapeText } from './group-shape.ts';

const GROUP = rule('group for one kernel');

/** Operations in one group: more would only press on on-chip memory. */
const MOST_OPS = 48;
/** Results of one group: each is a double buffer in on-chip memory. */
const MOST_RESULTS = 8;

/** Tensors in and out of one group: their addresses stay in scalar registers, of which there are 32. */
const MOST_PORTS = 20;

/** Groups the ops of a block; `prepared` holds the values that depend on parameters alone. */
export function groupBlock(
  block: Block,
  target: TargetOps,
  prepared: ReadonlySet<Value>,
  observer: PassObserver | null = null,
): void {
  const order = new BlockOrder(block);
  const candidate = (op: Operation): boolean =>
    op.name === FUSED || (op.name !== 'ms.constant' && isGroupable(op, target));
  for (const op of block.operations.toReversed()) {
    if (order.isAbsorbed(op) || !candidate(op)) continue;
    const joins = (producer: Operation): boolean =>
      target.isApart !== true && !order.isAbsorbed(producer) && candidate(producer);
    const growth = new Growth(op, order, prepared, joins);
    const group = growth.grow();
    if (observer) reportRefused(group, growth, (producer) => order.contains(producer) && candidate(producer), observer);
    order.place(group, op);
  }
  rebuild(block, order, observer);
}

/** Says why ops that could be in a group, and whose values it reads, are not in it. */
function reportRefused(
  group: ReadonlySet<Operation>,
  growth: Growth,
  isGroupable: (op: Operation) => boolean,
  observer: PassObserver,
): void {
  for (const value of new Set([...group].flatMap((op) => op.operands))) {
    const producer = definingOperation(value);
    if (!producer || group.has(producer) || !isGroupable(producer)) continue;
    const refusal = growth.refusal(producer, value);
    if (refusal !== null) observer.remark(missed(GROUP, producer, refusal()));
  }
}

/** Where the ops of a block run, members of groups where their group runs, and who uses each value. */
class BlockOrder {
  private readonly positions = new Map<Operation, number>();
  private readonly users = new Map<Value, Operation[]>();
  private readonly roots = new Map<Operation, Operation>();
  readonly members = new Map<Operation, readonly Operation[]>();

  constructor(block: Block) {
    block.operations.forEach((op, position) => {
      this.positions.set(op, position);
      this.collectUses(op, op);
    });
  }

  private collectUses(op: Operation, user: Operation): void {
    for (const operand of op.operands) {
      const known = this.users.get(operand);
      if (known) known.push(user);
      else this.users.set(operand, [user]);
    }
    for (const region of op.regions) for (const inner of region.operations) this.collectUses(inner, user);
  }

  isAbsorbed(op: Operation): boolean {
    return this.roots.has(op);
  }

  contains(op: Operation): boolean {
    return this.positions.has(op);
  }

  place(group: ReadonlySet<Operation>, root: Operation): void {
    for (const member of group) if (member !== root) this.roots.set(member, root);
    this.members.set(
      root,
      [...group].sort((a, b) => this.at(a) - this.at(b)),
    );
  }

  /** Users of a value that are no members of the group. */
  outside(value: Value, group: ReadonlySet<Operation>): readonly Operation[] {
    return (this.users.get(value) ?? []).filter((user) => !group.has(user));
  }

  /** True when `op` runs after the group of `root`. */
  isAfter(op: Operation, root: Operation): boolean {
    return this.at(this.roots.get(op) ?? op) > this.at(root);
  }

  private at(op: Operation): number {
    return this.positions.get(op) ?? -1;
  }
}

/** One group while it takes in producers. */
class Growth {
  private readonly root: Operation;
  private readonly order: BlockOrder;
  private readonly prepared: ReadonlySet<Value>;
  private readonly candidate: (op: Operation) => boolean;
  private readonly group: Set<Operation>;
  private readonly iterated: Type;
  private size: number;
  private results: number;
  /** How many last axes the columns of this group lack; null while it has no columns. */
  private columns: number | null;
  private reduces: boolean;

  constructor(root: Operation, order: BlockOrder, prepared: ReadonlySet<Value>, candidate: (op: Operation) => boolean) {
    this.root = root;
    this.order = order;
    this.prepared = prepared;
    this.candidate = candidate;
    this.group = new Set([root]);
    this.iterated = iterationType(root);
    this.size = sizeOf(root);
    this.results = root.results.length;
    this.columns = columnsOf(root);
    this.reduces = hasReduction(root);
  }

  grow(): ReadonlySet<Operation> {
    for (let grown = true; grown;) {
      grown = false;
      for (const value of [...this.group].flatMap((op) => op.operands)) {
        const producer = definingOperation(value);
        if (producer && this.takes(producer, value)) grown = true;
      }
    }
    return this.group;
  }

  /** Takes a producer in, if it may be. */
  private takes(producer: Operation, value: Value): boolean {
    const { group, order } = this;
    if (group.has(producer) || !order.contains(producer) || this.refusal(producer, value) !== null) return false;
    const isResult = order.outside(value, group).length > 0;
    this.columns = this.columnsWith(producer, value, isResult) ?? null;
    group.add(producer);
    this.size += sizeOf(producer);
    this.results += isResult ? 1 : 0;
    this.reduces ||= hasReduction(producer);
    return true;
  }

  /** Why a producer may not be in the group as it is now; null when it may. */
  refusal(producer: Operation, value: Value): (() => string) | null {
    const { group, order, root } = this;
    if (producer.results.length !== 1) return () => `it has ${producer.results.length} results`;
    if (!this.candidate(producer)) return () => 'another group holds it, or groups are switched off';
    const size = this.size + sizeOf(producer);
    if (size > MOST_OPS) return () => `the group of '${root.name}' would hold ${size} ops, more than ${MOST_OPS}`;
    if (this.prepared.has(value) !== this.prepared.has(root.results[0]))
      return () => 'one depends on parameters alone and is computed once, the other for each input';
    const outside = order.outside(value, group);
    if (outside.length > 0 && this.results === MOST_RESULTS)
      return () => `'${outside[0].name}' needs its result too, and the group has ${MOST_RESULTS} results already`;
    const early = outside.find((user) => !order.isAfter(user, root));
    if (early) return () => `'${early.name}' needs its result before the group of '${root.name}' runs`;
    const ports = this.operandsWith(producer) + this.results + 1;
    if (ports > MOST_PORTS) return () => `the group would read and write ${ports} tensors, more than ${MOST_PORTS}`;
    const fits = this.columnsWith(producer, value, outside.length > 0) !== undefined;
    return fits ? null : () => this.misfit(producer, value, outside.length > 0);
  }

  /** Why the values of a producer do not fit into the tiles of the group, in the order of `columnsWith`. */
  private misfit(producer: Operation, value: Value, isResult: boolean): string {
    const space = shapeText(this.iterated);
    const own = columnsOf(producer);
    const other = `it iterates over ${shapeText(iterationType(producer))}, the group over ${space}`;
    if (sameShape(value.type, this.iterated))
      return sameShape(iterationType(producer), this.iterated)
        ? `it reduces ${own} axes, the group ${this.columns}`
        : other;
    const lacking = columnAxes(value.type, this.iterated);
    if (lacking === null) return `its result ${shapeText(value.type)} is no tile or column of ${space}`;
    if (this.columns !== null && lacking !== this.columns)
      return `its result lacks ${lacking} axes, the columns of the group ${this.columns}`;
    if (own !== null || !sameShape(iterationType(producer), value.type)) return other;
    return `its columns are needed outside of the group${isResult && !this.reduces ? ', whose tiles may cut them' : ''}`;
  }

  /** Tensors that the group reads once this producer is in it. */
  private operandsWith(producer: Operation): number {
    const members = [...this.group, producer];
    const inside = new Set(members.flatMap((op) => op.results));
    const outer = members.flatMap((op) => op.operands).filter((value) => !inside.has(value) && !isInlined(value));
    return new Set(outer).size;
  }

  /** The columns of the group with this producer; undefined when its values do not fit into the tiles of the group. */
  private columnsWith(producer: Operation, value: Value, isResult: boolean): number | null | undefined {
    const { iterated } = this;
    const isWhole = sameShape(value.type, iterated);
    const own = columnsOf(producer);
    if (isWhole) {
      if (!sameShape(iterationType(producer), iterated)) return undefined;
      return own === null || this.columns === null || own === this.columns ? (own ?? this.columns) : undefined;
    }
    const lacking = columnAxes(value.type, iterated);
    if (lacking === null || (this.columns !== null && lacking !== this.columns)) return undefined;
    if (own !== null) return own === lacking && sameShape(iterationType(producer), iterated) ? own : undefined;
    // Columns are whole in one tile only where a reduction keeps tiles from being cut.
    return sameShape(iterationType(producer), value.type) && (this.reduces || !isResult) ? lacking : undefined;
  }
}

/** Constants of one value are written in the group. */
function isInlined(value: Value): boolean {
  const op = definingOperation(value);
  return op?.name === 'ms.constant' && isSplat(op.attributes);
}

/** How many last axes the reductions of an op take away; null when it has none. */
function columnsOf(op: Operation): number | null {
  const reduction = op.name === FUSED ? op.regions[0].operations.find(isReduction) : isReduction(op) ? op : undefined;
  return reduction === undefined ? null : reducedAxes(reduction);
}

const isReduction = (op: Operation): boolean => REDUCTIONS.has(op.name);

const sizeOf = (op: Operation): number => (op.name === FUSED ? op.regions[0].operations.length : 1);

/** The type with the shape that an op iterates over. */
function iterationType(op: Operation): Type {
  const types = [...op.results, ...op.operands].map((value) => value.type);
  return types.reduce((largest, type) => (elements(type) > elements(largest) ? type : largest));
}

const hasReduction = (op: Operation): boolean => columnsOf(op) !== null;

/** Writes the groups where their last members stood. */
function rebuild(block: Block, order: BlockOrder, observer: PassObserver | null): void {
  const replaced = new Map<Value, Value>();
  const operations: Operation[] = [];
  for (const op of block.operations) {
    if (order.isAbsorbed(op)) continue;
    const group = order.members.get(op);
    if (!group) {
      redirectOperands(op, replaced);
      operations.push(op);
      continue;
    }
    const inside = new Set(group);
    const others = group.flatMap((member) => (member === op ? [] : member.results));
    const results = [...op.results, ...others.filter((result) => order.outside(result, inside).length > 0)];
    const fused = new GroupBuilder(replaced, observer).build(group, op, results);
    if (observer) reportGroup(group, results, fused, observer);
    for (const member of group) member.dropUses();
    results.forEach((result, index) => replaced.set(result, fused.results[index]));
    operations.push(fused);
  }
  block.operations = operations;
}

/** Each member became the group, and its result one of the group's where it is needed outside. */
function reportGroup(
  members: readonly Operation[],
  results: readonly Value[],
  group: Operation,
  observer: PassObserver,
): void {
  for (const op of members) {
    const values = op.results.flatMap((result) =>
      results.includes(result) ? [group.results[results.indexOf(result)]] : [],
    );
    observer.rewritten({ rule: GROUP, op, made: [group], values });
  }
}

/** Where a group comes from: the places of its ops in their order; those of constants say nothing. */
const originOf = (members: readonly Operation[]): Location =>
  fusedLocation(members.filter(({ name }) => name !== 'ms.constant').map(({ location }) => location));

/** Copies members into one region, reading outer values through block arguments. */
class GroupBuilder {
  private readonly replaced: ReadonlyMap<Value, Value>;
  private readonly operations: Operation[] = [];
  private readonly inner = new Map<Value, Value>();
  private readonly body = new Block();
  private readonly operands: Value[] = [];

  private readonly observer: PassObserver | null;

  constructor(replaced: ReadonlyMap<Value, Value>, observer: PassObserver | null) {
    this.replaced = replaced;
    this.observer = observer;
  }

  build(members: readonly Operation[], last: Operation, results: readonly Value[]): Operation {
    for (const member of members) {
      const copies = this.copy(member);
      member.results.forEach((result, index) => {
        this.inner.set(result, copies[index]);
        this.observer?.moved(result, copies[index]);
      });
    }
    const yielded = results.map((result) => this.value(result));
    this.body.operations = [...this.operations, new Op(YIELD, yielded, [], new Map(), [], last.location)];
    const types = results.map((result) => result.type);
    const group = new Op(FUSED, this.operands, types, new Map(), [this.body], originOf(this.operations));
    group.results.forEach((result, index) => (result.name = results[index].name));
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
      inner.results.forEach((result, index) => {
        local.set(result, results[index]);
        this.observer?.moved(result, results[index]);
      });
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
    return op && isInlined(operand) ? this.clone(op, [])[0] : null;
  }

  private argument(operand: Value): Value {
    this.operands.push(this.replaced.get(operand) ?? operand);
    return this.body.addArgument(operand.type);
  }
}

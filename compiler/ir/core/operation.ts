/**
 * Operations, values, blocks: the SSA graph.
 *
 * Single-block regions, structured control flow. Operands are the only stored edges; each value keeps a use count.
 * User lists are an analysis. The mutable fields are written by `core` and the rewrite driver alone.
 */
import type { Attribute, AttributeMap } from './attribute.ts';
import { NO_ATTRIBUTES } from './attribute.ts';
import type { Location } from './location.ts';
import type { Type } from './type.ts';

/** An SSA value: the result of an operation or the argument of a block. */
export class Value {
  type: Type;
  /** How many operand slots refer to this value. */
  uses = 0;
  /** The operation that makes it, or the block whose argument it is. */
  readonly owner: Operation | Block;
  readonly index: number;
  /** A name the user would recognise (printed as `%conv1`), or empty. */
  name = '';
  /** Scratch of one walk: `mark` means something only while `epoch` is that walk's own (see `newEpoch`). */
  epoch = 0;
  mark = 0;

  constructor(type: Type, owner: Operation | Block, index: number) {
    this.type = type;
    this.owner = owner;
    this.index = index;
  }
}

let lastEpoch = 0;

/**
 * A number that no walk had before. A walk that numbers or counts values writes `epoch` and `mark` into them: several
 * times cheaper than a map, and what an earlier walk left behind cannot be mistaken. It is no part of the IR.
 */
export function newEpoch(): number {
  return ++lastEpoch;
}

/** The operation that defines a value, or null for a block argument. */
export function definingOperation(value: Value): Operation | null {
  return value.owner instanceof Operation ? value.owner : null;
}

export class Operation {
  readonly name: string;
  readonly operands: Value[];
  readonly results: readonly Value[];
  attributes: AttributeMap;
  readonly regions: readonly Block[];
  /** Changes when the op takes over the work of another: then it comes from both places. */
  location: Location;

  constructor(
    name: string,
    operands: readonly Value[],
    resultTypes: readonly Type[],
    attributes: AttributeMap,
    regions: readonly Block[],
    location: Location,
  ) {
    this.name = name;
    this.operands = operands.slice();
    for (let index = 0; index < operands.length; index++) operands[index].uses++;
    this.results = resultsOf(this, resultTypes);
    this.attributes = attributes;
    this.regions = regions;
    this.location = location;
  }

  /** Points operand `index` at another value and keeps both use counts right. */
  setOperand(index: number, value: Value): void {
    this.operands[index].uses--;
    value.uses++;
    this.operands[index] = value;
  }

  /** Gives up the uses this operation and everything inside it holds; called when it leaves the IR. */
  dropUses(): void {
    for (const operand of this.operands) operand.uses--;
    for (const region of this.regions) for (const inner of region.operations) inner.dropUses();
  }

  attribute(name: string): Attribute | undefined {
    return this.attributes.get(name);
  }
}

const NO_VALUES: readonly Value[] = [];

/** Literals of exact size: an array that grows by `push` reserves 16 places, which is most of an operation's memory. */
function resultsOf(op: Operation, types: readonly Type[]): readonly Value[] {
  if (types.length === 0) return NO_VALUES;
  if (types.length === 1) return [new Value(types[0], op, 0)];
  return types.map((type, index) => new Value(type, op, index));
}

/** The one block of a region. An empty region has no operations. */
export class Block {
  readonly arguments: Value[];
  operations: Operation[] = [];

  constructor(argumentTypes: readonly Type[] = []) {
    this.arguments = argumentTypes.map((type, index) => new Value(type, this, index));
  }

  addArgument(type: Type): Value {
    const argument = new Value(type, this, this.arguments.length);
    this.arguments.push(argument);
    return argument;
  }
}

/** A module: symbols at top level, and its attributes (`ms.stage`, target, …). */
export class Module {
  readonly body: Block;
  attributes: AttributeMap;
  name: string;
  readonly location: Location;

  constructor(body: Block, attributes: AttributeMap = NO_ATTRIBUTES, location: Location = null, name = '') {
    this.body = body;
    this.attributes = attributes;
    this.location = location;
    this.name = name;
  }
}

/** Visits every operation below a block, outer before inner, in order. */
export function walk(block: Block, visit: (operation: Operation) => void): void {
  for (const operation of block.operations) {
    visit(operation);
    for (const region of operation.regions) walk(region, visit);
  }
}

/**
 * Writes one kernel: the language in which `lower` says how an op is computed from tiles.
 *
 * Scalars are JavaScript numbers while they are known and `index` values otherwise; arithmetic folds at once.
 * Instructions are those of `runtime/isa`, by mnemonic, with operands in the table's order.
 */
import type { Attribute, Location, Value } from '../../ir/index.ts';
import {
  Block,
  Operation,
  floatAttribute,
  functionType,
  integerAttribute,
  scalarType,
  stringAttribute,
  typeAttribute,
} from '../../ir/index.ts';
import { ALLOC, INSTRUCTION_PREFIX, VIEW, bufferType, indexType } from './dialect.ts';
import type { Space } from './dialect.ts';

/** An integer that is known now or when the kernel runs. */
export type Scalar = number | Value;
export type Comparison = 'eq' | 'ne' | 'slt' | 'sle' | 'sgt' | 'sge';

type Fold = (left: number, right: number) => number;
const FOLDS: Readonly<Record<string, Fold>> = {
  'arith.addi': (left, right) => left + right,
  'arith.subi': (left, right) => left - right,
  'arith.muli': (left, right) => left * right,
  'arith.divsi': (left, right) => Math.trunc(left / right),
  'arith.remsi': (left, right) => left % right,
  'arith.minsi': Math.min,
  'arith.maxsi': Math.max,
};
const PREDICATES: readonly Comparison[] = ['eq', 'ne', 'slt', 'sle', 'sgt', 'sge'];
const COMPARE: Readonly<Record<Comparison, (left: number, right: number) => boolean>> = {
  eq: (left, right) => left === right,
  ne: (left, right) => left !== right,
  slt: (left, right) => left < right,
  sle: (left, right) => left <= right,
  sgt: (left, right) => left > right,
  sge: (left, right) => left >= right,
};

export class KernelBuilder {
  readonly name: string;
  readonly core: 'cube' | 'vector';
  /** Where what is written comes from. */
  private location: Location;
  private readonly entry = new Block();
  private readonly constants = new Map<string, Value>();
  private readonly constantOps: Operation[] = [];
  private block: Block = this.entry;

  constructor(name: string, core: 'cube' | 'vector', location: Location) {
    this.name = name;
    this.core = core;
    this.location = location;
  }

  /** What `write` writes comes from this place: one of several ops that the kernel computes. */
  from(location: Location, write: () => void): void {
    const outer = this.location;
    this.location = location;
    write();
    this.location = outer;
  }

  /** The next argument: a GM buffer. Launch with the arguments in the order of these calls. */
  buffer(name: string): Value {
    return this.argument(name, bufferType('gm'));
  }

  /** The next argument: an integer. */
  scalar(name: string): Value {
    return this.argument(name, indexType);
  }

  /** Memory for the enclosing block's iteration; with `buffers` 2 consecutive iterations alternate between two. */
  alloc(space: Space, bytes: number, buffers = 1): Value {
    const attributes = new Map<string, Attribute>([
      ['space', stringAttribute(space)],
      ['bytes', integerAttribute(bytes)],
      ['buffers', integerAttribute(buffers)],
    ]);
    return this.append(ALLOC, [], [bufferType(space)], attributes).results[0];
  }

  /** The address `bytes` after `buffer`. */
  at(buffer: Value, bytes: Scalar): Value {
    if (bytes === 0) return buffer;
    return this.append(VIEW, [buffer, this.value(bytes)], [buffer.type]).results[0];
  }

  /** One instruction: operands as in the instruction table; buffers and integers, floats as `k.float(x)`. */
  emit(mnemonic: string, ...operands: readonly Scalar[]): void {
    this.append(
      INSTRUCTION_PREFIX + mnemonic,
      operands.map((operand) => this.value(operand)),
      [],
    );
  }

  /** An instruction that leaves an integer in a scalar register (ld, get_block_idx …); the register operand is left out. */
  read(mnemonic: string, ...operands: readonly Scalar[]): Value {
    return this.append(
      INSTRUCTION_PREFIX + mnemonic,
      operands.map((operand) => this.value(operand)),
      [indexType],
    ).results[0];
  }

  /** A float immediate. */
  float(value: number): Value {
    return this.constant(`f${Object.is(value, -0) ? '-0' : value}`, floatAttribute(value));
  }

  add(left: Scalar, right: Scalar): Scalar {
    if (left === 0) return right;
    return right === 0 ? left : this.arithmetic('arith.addi', left, right);
  }

  sub(left: Scalar, right: Scalar): Scalar {
    return right === 0 ? left : this.arithmetic('arith.subi', left, right);
  }

  mul(left: Scalar, right: Scalar): Scalar {
    if (left === 0 || right === 0) return 0;
    if (left === 1) return right;
    return right === 1 ? left : this.arithmetic('arith.muli', left, right);
  }

  /** Quotient of non-negative integers. */
  div(left: Scalar, right: Scalar): Scalar {
    return right === 1 ? left : this.arithmetic('arith.divsi', left, right);
  }

  rem(left: Scalar, right: Scalar): Scalar {
    return right === 1 ? 0 : this.arithmetic('arith.remsi', left, right);
  }

  min(left: Scalar, right: Scalar): Scalar {
    return this.arithmetic('arith.minsi', left, right);
  }

  max(left: Scalar, right: Scalar): Scalar {
    return this.arithmetic('arith.maxsi', left, right);
  }

  /** ⌈left / right⌉ of non-negative integers. */
  ceilDiv(left: Scalar, right: number): Scalar {
    return this.div(this.add(left, right - 1), right);
  }

  /** The least multiple of `right` that is at least `left`. */
  align(left: Scalar, right: number): Scalar {
    return this.mul(this.ceilDiv(left, right), right);
  }

  /** `for (i = lower; i < upper; i += step)`. A loop that is known to run once is written in line. */
  loop(lower: Scalar, upper: Scalar, step: Scalar, body: (index: Scalar) => void): void {
    if (typeof lower === 'number' && typeof upper === 'number') {
      if (lower >= upper) return;
      if (typeof step === 'number' && lower + step >= upper) return body(lower);
    }
    const region = new Block([indexType]);
    this.inside(region, () => body(region.arguments[0]));
    this.append('scf.for', [this.value(lower), this.value(upper), this.value(step)], [], undefined, [region]);
  }

  /** Runs `then` when the comparison holds, else `otherwise`. */
  when(comparison: Comparison, left: Scalar, right: Scalar, then: () => void, otherwise?: () => void): void {
    if (typeof left === 'number' && typeof right === 'number') {
      if (COMPARE[comparison](left, right)) then();
      else otherwise?.();
      return;
    }
    const predicate = new Map<string, Attribute>([['predicate', integerAttribute(PREDICATES.indexOf(comparison))]]);
    const condition = this.append('arith.cmpi', [this.value(left), this.value(right)], [scalarType('i1')], predicate);
    const regions = [then, otherwise].map((branch) => {
      const region = new Block(); // a missing else is an empty region
      if (branch) this.inside(region, branch);
      return region;
    });
    this.append('scf.if', [condition.results[0]], [], undefined, regions);
  }

  /** Spreads `count` pieces of work over the launched cores: core b takes b, b + blocks, …. */
  parallel(count: Scalar, body: (index: Scalar) => void): void {
    this.loop(this.read('get_block_idx'), count, this.read('get_block_num'), body);
  }

  /** The finished kernel as a function. */
  finish(): Operation {
    const body = this.entry;
    body.operations.unshift(...this.constantOps);
    this.append('func.return', [], []);
    const type = functionType(
      body.arguments.map((argument) => argument.type),
      [],
    );
    const attributes = new Map<string, Attribute>([
      ['sym_name', stringAttribute(this.name)],
      ['function_type', typeAttribute(type)],
      ['npu.core', stringAttribute(this.core)],
    ]);
    return new Operation('func.func', [], [], attributes, [body], this.location);
  }

  private argument(name: string, type: Value['type']): Value {
    const argument = this.entry.addArgument(type);
    argument.name = name;
    return argument;
  }

  private arithmetic(name: string, left: Scalar, right: Scalar): Scalar {
    if (typeof left === 'number' && typeof right === 'number') return FOLDS[name](left, right);
    return this.append(name, [this.value(left), this.value(right)], [indexType]).results[0];
  }

  private value(scalar: Scalar): Value {
    if (typeof scalar !== 'number') return scalar;
    if (!Number.isInteger(scalar))
      throw new Error(`kernel ${this.name}: ${scalar} is no integer; write floats as k.float()`);
    return this.constant(`i${scalar}`, integerAttribute(scalar, 'index'));
  }

  private constant(key: string, value: Attribute): Value {
    const known = this.constants.get(key);
    if (known) return known;
    const type = value.kind === 'float' ? value.type : indexType;
    const op = new Operation('arith.constant', [], [type], new Map([['value', value]]), [], this.location);
    this.constantOps.push(op);
    this.constants.set(key, op.results[0]);
    return op.results[0];
  }

  private inside(region: Block, write: () => void): void {
    const outer = this.block;
    this.block = region;
    write();
    this.append('scf.yield', [], []);
    this.block = outer;
  }

  private append(
    name: string,
    operands: readonly Value[],
    results: readonly Value['type'][],
    attributes: ReadonlyMap<string, Attribute> = new Map(),
    regions: readonly Block[] = [],
  ): Operation {
    const op = new Operation(name, operands, results, attributes, regions, this.location);
    this.block.operations.push(op);
    return op;
  }
}

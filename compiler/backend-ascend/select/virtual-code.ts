/**
 * From a scheduled kernel to straight instructions over virtual registers.
 *
 * Buffers become byte addresses: an allocation is a constant, a view an addition. Loops become compare-and-branch with
 * the test at the bottom. A constant operand becomes an immediate.
 */
import type { Block, Location, Operation, Value } from '../../ir/index.ts';
import { definingOperation, integerOf } from '../../ir/index.ts';
import type { InstructionDefinition } from '../../../runtime/isa/index.ts';
import { instructionOf } from '../schedule/access.ts';
import type { InstructionTable } from '../schedule/access.ts';
import { ALLOC, LAUNCH, PARITY, VIEW, allocation, constantOf } from '../tile/dialect.ts';

/** An operand of a virtual instruction: what it holds, or the label or virtual register it names. */
export type VirtualOperand =
  | { readonly kind: 'immediate'; readonly value: number }
  | { readonly kind: 'register'; readonly register: number }
  | { readonly kind: 'label'; readonly label: number };

export interface VirtualInstruction {
  readonly definition: InstructionDefinition;
  readonly operands: readonly VirtualOperand[];
  readonly location: Location;
}

/** A backward branch: everything in [top, bottom] may run again. */
export interface LoopRange {
  readonly top: number;
  readonly bottom: number;
}

export interface VirtualCode {
  readonly instructions: readonly VirtualInstruction[];
  /** Index of the instruction each label stands before. */
  readonly labels: readonly number[];
  readonly loops: readonly LoopRange[];
  readonly registers: number;
  /** Index of the first instruction of each op of the kernel, or of what follows it where it has none. */
  readonly starts: ReadonlyMap<Operation, number>;
}

const SCALAR: Readonly<Record<string, string>> = {
  'arith.addi': 'add',
  'arith.subi': 'sub',
  'arith.muli': 'mul',
  'arith.divsi': 'div',
  'arith.remsi': 'rem',
  'arith.minsi': 'min',
  'arith.maxsi': 'max',
  'arith.andi': 'and',
  'arith.ori': 'or',
  'arith.xori': 'xor',
  'arith.shli': 'shl',
  'arith.shrsi': 'sar',
  'arith.shrui': 'shr',
};

/** Branch when the comparison of `arith.cmpi` (by predicate number eq ne slt sle sgt sge) does NOT hold. */
const BRANCH_UNLESS = ['bne', 'beq', 'bge', 'bgt', 'ble', 'blt'] as const;

const immediate = (value: number): VirtualOperand => ({ kind: 'immediate', value });

/** Kernel arguments arrive in virtual registers 0, 1, …. */
export function toVirtualCode(kernel: Operation, table: InstructionTable): VirtualCode {
  return new Translation(table).run(kernel);
}

class Translation {
  private readonly table: InstructionTable;
  private readonly instructions: VirtualInstruction[] = [];
  private readonly labels: number[] = [];
  private readonly loops: LoopRange[] = [];
  private readonly operandOf = new Map<Value, VirtualOperand>();
  private readonly starts = new Map<Operation, number>();
  private registers = 0;
  private parity: VirtualOperand | null = null;
  private location: Location = null;

  constructor(table: InstructionTable) {
    this.table = table;
  }

  run(kernel: Operation): VirtualCode {
    const body = kernel.regions[0];
    for (const argument of body.arguments) this.operandOf.set(argument, this.fresh());
    this.block(body);
    this.write('end', []);
    const { instructions, labels, loops, registers, starts } = this;
    return { instructions, labels, loops, registers, starts };
  }

  private block(block: Block): void {
    for (const op of block.operations) {
      this.location = op.location;
      this.starts.set(op, this.instructions.length);
      this.operation(op);
    }
  }

  private operation(op: Operation): void {
    const scalar = SCALAR[op.name];
    if (scalar !== undefined)
      return this.define(
        op.results[0],
        scalar,
        op.operands.map((operand) => this.operand(operand)),
      );
    switch (op.name) {
      case 'arith.constant':
      case 'arith.cmpi':
      case 'scf.yield':
      case 'func.return':
        return;
      case ALLOC:
        this.operandOf.set(op.results[0], immediate(addressOf(op)));
        return;
      case VIEW:
        return this.view(op);
      case PARITY:
        if (this.parity === null) throw new Error('npu.parity outside a loop');
        this.operandOf.set(op.results[0], this.parity);
        return;
      case 'scf.for':
        return this.loop(op);
      case 'scf.if':
        return this.branch(op);
      case LAUNCH:
        throw new Error('npu.launch belongs into @main');
      default:
        return this.instruction(op);
    }
  }

  private instruction(op: Operation): void {
    const definition = instructionOf(op, this.table);
    if (definition === null) throw new Error(`no instruction is selected for '${op.name}'`);
    const results = op.results.map((result) => {
      const register = this.fresh();
      this.operandOf.set(result, register);
      return register;
    });
    const operands = [...results, ...op.operands.map((operand) => this.operand(operand))];
    this.instructions.push({ definition, operands, location: this.location });
  }

  private view(op: Operation): void {
    const [buffer, offset] = op.operands.map((operand) => this.operand(operand));
    if (buffer.kind === 'immediate' && offset.kind === 'immediate') {
      this.operandOf.set(op.results[0], immediate(buffer.value + offset.value));
      return;
    }
    this.define(op.results[0], 'add', [buffer, offset]);
  }

  private loop(op: Operation): void {
    const [lower, upper, step] = op.operands.map((operand) => this.operand(operand));
    const [body] = op.regions;
    const counter = this.fresh();
    const outerParity = this.parity;
    const parity = body.operations.some(usesOwnParity) ? this.fresh() : null;
    this.write('mov', [counter, lower]);
    if (parity) this.write('mov', [parity, immediate(0)]);
    this.parity = parity;
    const end = this.label();
    const certain = lower.kind === 'immediate' && upper.kind === 'immediate' && lower.value < upper.value;
    if (!certain) this.write('bge', [counter, upper, { kind: 'label', label: end }]);
    const top = this.label();
    this.place(top);
    this.operandOf.set(body.arguments[0], counter);
    this.block(body);
    this.location = op.location;
    if (parity) this.write('xor', [parity, parity, immediate(1)]);
    this.write('add', [counter, counter, step]);
    this.write('blt', [counter, upper, { kind: 'label', label: top }]);
    this.loops.push({ top: this.labels[top], bottom: this.instructions.length - 1 });
    this.place(end);
    this.parity = outerParity;
  }

  private branch(op: Operation): void {
    const compare = definingOperation(op.operands[0]);
    if (compare?.name !== 'arith.cmpi') throw new Error('scf.if in a kernel takes an arith.cmpi');
    const [left, right] = compare.operands.map((operand) => this.operand(operand));
    const [then, otherwise] = op.regions;
    const elseLabel = this.label();
    const unless = BRANCH_UNLESS[integerOf(compare.attributes, 'predicate')];
    this.write(unless, [left, right, { kind: 'label', label: elseLabel }]);
    this.block(then);
    if (otherwise.operations.length === 0) return this.place(elseLabel);
    const end = this.label();
    this.write('jump', [{ kind: 'label', label: end }]);
    this.place(elseLabel);
    this.block(otherwise);
    this.place(end);
  }

  private define(result: Value, mnemonic: string, operands: readonly VirtualOperand[]): void {
    const register = this.fresh();
    this.operandOf.set(result, register);
    this.write(mnemonic, [register, ...operands]);
  }

  private write(mnemonic: string, operands: readonly VirtualOperand[]): void {
    const definition = this.table.get(mnemonic);
    if (!definition) throw new Error(`'${mnemonic}' is not in the instruction table`);
    this.instructions.push({ definition, operands, location: this.location });
  }

  private operand(value: Value): VirtualOperand {
    const known = this.operandOf.get(value);
    if (known) return known;
    const constant = constantOf(value);
    if (constant === null) throw new Error('a scalar is used before it is defined');
    const operand = immediate(constant);
    this.operandOf.set(value, operand);
    return operand;
  }

  private fresh(): VirtualOperand & { readonly kind: 'register' } {
    return { kind: 'register', register: this.registers++ };
  }

  private label(): number {
    return this.labels.push(-1) - 1;
  }

  private place(label: number): void {
    this.labels[label] = this.instructions.length;
  }
}

/** True when the op or a branch of it reads the parity of the loop it stands in. */
function usesOwnParity(op: Operation): boolean {
  if (op.name === PARITY) return true;
  return op.name === 'scf.if' && op.regions.some((region) => region.operations.some(usesOwnParity));
}

function addressOf(op: Operation): number {
  if (!op.attributes.has('address'))
    throw new Error(`npu.alloc in ${allocation(op).space} has no address; run the schedule first`);
  return integerOf(op.attributes, 'address');
}

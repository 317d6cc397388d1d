/**
 * How a kernel cuts its work, as data for those who look at it: the loops of a scheduled kernel with their bounds as text, its
 * on-chip buffers, and which instructions use them.
 */
import type { Operation, Value } from '../ir/index.ts';
import { definingOperation, integerOf } from '../ir/index.ts';
import type { InstructionTable } from './schedule/access.ts';
import { accessesOf, instructionOf } from './schedule/access.ts';
import { ALLOC, allocation, constantOf, mnemonicOf, rootBuffer } from './tile/dialect.ts';
import type { Space } from './tile/dialect.ts';

export interface KernelLoop {
  /** Index of the enclosing loop; -1 for the outermost. */
  readonly parent: number;
  /** Whether the iterations are divided among the cores. */
  readonly isDivided: boolean;
  /** The letter that stands for its variable in texts: i, j, k … */
  readonly variable: string;
  readonly from: string;
  readonly to: string;
  readonly step: string;
  /** Turns, those of all cores together when it is divided; null when the bounds are computed. */
  readonly trips: number | null;
  /** Mnemonics of the instructions in its own body that move or compute, in order. */
  readonly body: readonly string[];
}

export interface KernelBuffer {
  readonly space: Space;
  /** Of one copy. */
  readonly bytes: number;
  readonly copies: number;
  readonly address: number | null;
  /** Index of the loop in which it lives; -1 for the whole kernel. */
  readonly loop: number;
  readonly op: Operation;
  /** Mnemonics, each once. */
  readonly writers: readonly string[];
  readonly readers: readonly string[];
}

export interface KernelStructure {
  /** Names of the arguments in the order of launches. */
  readonly arguments: readonly string[];
  readonly loops: readonly KernelLoop[];
  readonly buffers: readonly KernelBuffer[];
  /** Mnemonics outside of all loops. */
  readonly body: readonly string[];
}

/** The structure of a kernel of a @tile or @scheduled module. */
export function kernelStructure(kernel: Operation, table: InstructionTable): KernelStructure {
  return new StructureReader(table).read(kernel);
}

const VARIABLES = 'ijklmnpq';
/** Pipes have work for these; the rest keeps order or sets state. */
const WORK = new Set(['lanes', 'reduction', 'body']);

class StructureReader {
  private readonly table: InstructionTable;
  private readonly loops: (Omit<KernelLoop, 'body'> & { readonly body: string[] })[] = [];
  private readonly buffers = new Map<
    Value,
    KernelBuffer & { readonly writers: string[]; readonly readers: string[] }
  >();
  private readonly outside: string[] = [];
  private readonly variables = new Map<Value, string>();

  constructor(table: InstructionTable) {
    this.table = table;
  }

  read(kernel: Operation): KernelStructure {
    const [block] = kernel.regions;
    this.block(block.operations, -1);
    return {
      arguments: block.arguments.map(({ name }, index) => name || `arg${index}`),
      loops: this.loops,
      buffers: [...this.buffers.values()],
      body: this.outside,
    };
  }

  private block(operations: readonly Operation[], loop: number): void {
    for (const op of operations) {
      if (op.name === 'scf.for') this.loop(op, loop);
      else for (const region of op.regions) this.block(region.operations, loop);
      if (op.name === ALLOC) this.allocate(op, loop);
      else if (op.regions.length === 0) this.instruction(op, loop);
    }
  }

  private loop(op: Operation, parent: number): void {
    const [from, to, step] = op.operands;
    const variable = VARIABLES[this.depthOf(parent)] ?? `i${this.loops.length}`;
    const isDivided = instructionName(from) === 'get_block_idx' && instructionName(step) === 'get_block_num';
    const body: string[] = [];
    const number =
      this.loops.push({
        parent,
        isDivided,
        variable,
        from: this.text(from),
        to: this.text(to),
        step: this.text(step),
        trips: tripsOf(isDivided ? 0 : constantOf(from), constantOf(to), isDivided ? 1 : constantOf(step)),
        body,
      }) - 1;
    const [argument] = op.regions[0].arguments;
    this.variables.set(argument, variable);
    this.block(op.regions[0].operations, number);
  }

  private depthOf(loop: number): number {
    return loop < 0 ? 0 : 1 + this.depthOf(this.loops[loop].parent);
  }

  private allocate(op: Operation, loop: number): void {
    const { space, bytes, buffers } = allocation(op);
    const address = op.attributes.has('address') ? integerOf(op.attributes, 'address') : null;
    this.buffers.set(op.results[0], { space, bytes, copies: buffers, address, loop, op, writers: [], readers: [] });
  }

  private instruction(op: Operation, loop: number): void {
    const definition = instructionOf(op, this.table);
    if (definition === null || !WORK.has(definition.meaning.kind) || definition.pipe === 'S') return;
    (loop < 0 ? this.outside : this.loops[loop].body).push(definition.mnemonic);
    for (const { root, writes } of accessesOf(op, this.table)) {
      const buffer = this.buffers.get(rootBuffer(root));
      const users = writes ? buffer?.writers : buffer?.readers;
      if (users !== undefined && !users.includes(definition.mnemonic)) users.push(definition.mnemonic);
    }
  }

  /** A scalar as arithmetic over constants, loop variables and arguments; what lies deeper is left out. */
  private text(value: Value, depth = 3): string {
    const constant = constantOf(value);
    if (constant !== null) return String(constant);
    const variable = this.variables.get(value);
    if (variable !== undefined) return variable;
    const op = definingOperation(value);
    if (op === null) return value.name || 'argument';
    const name = mnemonicOf(op);
    if (name !== null) return BLOCK_NAMES[name] ?? name;
    const infix = INFIX[op.name];
    if (infix === undefined || depth === 0) return '…';
    const [left, right] = op.operands.map((operand) => this.text(operand, depth - 1));
    return infix.length === 1 ? `(${left} ${infix} ${right})` : `${infix}(${left}, ${right})`;
  }
}

const BLOCK_NAMES: Readonly<Record<string, string>> = { get_block_idx: 'block', get_block_num: 'blocks' };
const INFIX: Readonly<Record<string, string>> = {
  'arith.addi': '+',
  'arith.subi': '-',
  'arith.muli': '*',
  'arith.divsi': '/',
  'arith.remsi': '%',
  'arith.minsi': 'min',
  'arith.maxsi': 'max',
};

function instructionName(value: Value): string | null {
  const op = definingOperation(value);
  return op === null ? null : mnemonicOf(op);
}

function tripsOf(from: number | null, to: number | null, step: number | null): number | null {
  if (from === null || to === null || step === null || step <= 0) return null;
  return Math.max(0, Math.ceil((to - from) / step));
}

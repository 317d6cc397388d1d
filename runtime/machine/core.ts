/** One core: registers, special registers, on-chip memories, and how it executes one instruction in program order. */
import {
  REGISTER_COUNT,
  bytesOf,
  compileAction,
  compileCondition,
  instructionByOpcode,
  resetState,
  stateOffset,
  wordsByOpcode,
} from '../isa/index.ts';
import type { Action, CoreKind, ElementType, ExecutionContext, InstructionDefinition, Space } from '../isa/index.ts';
import type { Chip } from '../target/index.ts';
import { AccessFault } from './fault.ts';
import type { CoreName } from './fault.ts';
import { Memory } from './memory.ts';

const onChip: Readonly<Record<CoreKind, readonly Exclude<Space, 'gm'>[]>> = {
  cube: ['l1', 'l0a', 'l0b', 'l0c', 'bt', 'fb'],
  vector: ['ub'],
};
const allOnChip: readonly Exclude<Space, 'gm'>[] = ['l1', 'l0a', 'l0b', 'l0c', 'bt', 'fb', 'ub'];

type AtomicElement = 'f32' | 'f16' | 's16' | 's32' | 's8' | 'bf16';
const atomicElements: readonly (AtomicElement | undefined)[] = [undefined, 'f32', 'f16', 's16', 's32', 's8', 'bf16'];

/** Compiled meanings, made on first use; one per process would be a singleton, so a machine owns one. */
export class ActionTable {
  readonly #actions: (Action | undefined)[] = [];
  readonly #conditions: (((context: ExecutionContext) => number) | undefined)[] = [];

  action(definition: InstructionDefinition): Action {
    return (this.#actions[definition.opcode] ??= compileAction(definition));
  }

  condition(definition: InstructionDefinition): (context: ExecutionContext) => number {
    return (this.#conditions[definition.opcode] ??= compileCondition(definition));
  }
}

/** Architectural state of one core, and the decoded operands of its current instruction. */
export class Core implements ExecutionContext {
  readonly name: CoreName;
  readonly operands = new Uint32Array(20);
  readonly registers = new BigInt64Array(REGISTER_COUNT);
  readonly state = resetState();
  readonly memories: Readonly<Record<Space, Memory>>;
  readonly words: Uint32Array;
  pc = 0;
  /** Bit per operand of the current instruction: 1 = register. */
  #kinds = 0;
  readonly #low = new Uint32Array(this.registers.buffer);

  constructor(name: CoreName, chip: Chip, gm: Memory, words: Uint32Array) {
    this.name = name;
    this.words = words;
    const present = onChip[name.kind];
    const spaces = allOnChip.map(
      (space) =>
        [
          space,
          new Memory(
            space,
            new ArrayBuffer(present.includes(space) ? chip.buffers[space] : 0),
            0,
            present.includes(space) ? chip.buffers[space] : 0,
          ),
        ] as const,
    );
    this.memories = { gm, ...Object.fromEntries(spaces) } as Record<Space, Memory>; // allOnChip and gm are all spaces
  }

  /** The instruction at pc, with its operands decoded and checked; throws an AccessFault if it is malformed. */
  fetch(): InstructionDefinition {
    const header = this.words[this.pc];
    if (header === undefined) throw new AccessFault('the stream ends without an end instruction', null);
    const opcode = header & 0xfff;
    const definition = instructionByOpcode[opcode];
    const length = wordsByOpcode[opcode] ?? 0;
    if (definition === undefined || this.pc + length > this.words.length)
      throw new AccessFault(`0x${header.toString(16)} is no instruction`, null);
    if (!definition.cores.includes(this.name.kind))
      throw new AccessFault(`${definition.mnemonic} does not exist on a ${this.name.kind} core`, null);
    this.#kinds = header >>> 12;
    for (let position = 0; position < length - 1; position++)
      this.#decode(definition, position, this.words[this.pc + 1 + position] ?? 0);
    return definition;
  }

  #decode(definition: InstructionDefinition, position: number, word: number): void {
    const operand = definition.operands[position] as InstructionDefinition['operands'][number]; // position < number of operands
    if (operand.kind === 'destination') {
      if (word >= REGISTER_COUNT) throw new AccessFault(`register X${word} does not exist`, null);
      this.operands[position] = word;
      return;
    }
    const isRegister = (this.#kinds >>> position) & 1;
    if (isRegister && word >= REGISTER_COUNT) throw new AccessFault(`register X${word} does not exist`, null);
    const value = isRegister ? (this.#low[2 * word] ?? 0) : word;
    this.operands[position] = value;
    if (operand.kind === 'integer' && !operand.signed && value > operand.maximum)
      throw new AccessFault(`${definition.mnemonic}: ${operand.name} = ${value} is over ${operand.maximum}`, null);
    if (
      operand.kind === 'address' &&
      operand.alignment > 1 &&
      definition.timing !== 'scalar.memory' &&
      value % operand.alignment !== 0
    )
      throw new AccessFault(`${definition.mnemonic}: ${operand.name} is not a multiple of ${operand.alignment}`, value);
  }

  wide(position: number): bigint {
    const word = this.words[this.pc + 1 + position] ?? 0;
    return (this.#kinds >>> position) & 1 ? (this.registers[word] ?? 0n) : BigInt(word | 0);
  }

  /** Bytes combine with the old content of GM where an atomic mode is on. */
  atomicMove(to: Space, address: number, from: Space, fromAddress: number, bytes: number): void {
    const target = this.memories[to];
    const source = this.memories[from];
    if (this.state[stateOffset.atomic_op] === 0) return target.move(address, source, fromAddress, bytes);
    const element = this.#atomicElement();
    const size = bytesOf(element);
    for (let offset = 0; offset + size <= bytes; offset += size)
      this.#combine(target, element, address + offset, load(source, element, fromAddress + offset));
  }

  atomicStore(space: Space, element: ElementType, address: number, value: number): void {
    const memory = this.memories[space];
    if (this.state[stateOffset.atomic_op] === 0) return store(memory, element, address, value);
    if (this.#atomicElement() !== element)
      throw new AccessFault(`the atomic element type differs from the ${element} that is written`, address);
    this.#combine(memory, element as AtomicElement, address, value); // equal to an AtomicElement
  }

  #atomicElement(): AtomicElement {
    const element = atomicElements[this.state[stateOffset.atomic_type] ?? 0];
    if (element === undefined)
      throw new AccessFault('an atomic operation is on, but no atomic element type is set', null);
    return element;
  }

  #combine(memory: Memory, element: AtomicElement, address: number, value: number): void {
    const old = load(memory, element, address);
    const operation = this.state[stateOffset.atomic_op];
    const isFloat = element === 'f32' || element === 'f16' || element === 'bf16';
    const result =
      operation === 1
        ? isFloat
          ? Math.fround(old + value)
          : (old + value) | 0
        : operation === 2
          ? old > value
            ? old
            : value
          : old < value
            ? old
            : value;
    store(memory, element, address, result);
  }
}

function load(memory: Memory, element: AtomicElement, address: number): number {
  switch (element) {
    case 'f32':
      return memory.loadF32(address);
    case 'f16':
      return memory.loadF16(address);
    case 'bf16':
      return memory.loadBF16(address);
    case 's32':
      return memory.loadS32(address);
    case 's16':
      return memory.loadS16(address);
    case 's8':
      return memory.loadS8(address);
  }
}

function store(memory: Memory, element: ElementType, address: number, value: number): void {
  switch (element) {
    case 'f32':
      return memory.storeF32(address, value);
    case 'f16':
      return memory.storeF16(address, value);
    case 'bf16':
      return memory.storeBF16(address, value);
    case 's64':
      return memory.storeS64(address, BigInt(value));
    case 's32':
    case 'u32':
      return memory.storeS32(address, value);
    case 's16':
    case 'u16':
      return memory.storeS16(address, value);
    case 's8':
    case 'u8':
      return memory.storeS8(address, value);
  }
}

/**
 * Instruction streams as integer columns, and the builder the compiler writes them with.
 *
 * Encoding (the real one is not public; this is our own): 32-bit words. The header holds the opcode in bits 0–11 and one
 * bit per operand from bit 12: 1 = the operand word is a register number, 0 = it is an immediate. One word per operand
 * follows: register number, unsigned or signed integer, f32 bits, or for a label the word index of its target.
 */
import type { InstructionDefinition } from './definition.ts';
import { instruction } from './table.ts';

/** Bits of the opcode in a header word. */
export const OPCODE_BITS = 12;
/** Mask of the opcode in a header word. */
export const OPCODE_MASK = 0xfff;
/** Number of scalar registers. */
export const REGISTER_COUNT = 64;

/** A finished stream: words, and the source location index of every instruction as (word index, location) columns. */
export interface InstructionStream {
  readonly words: Uint32Array;
  /** Word indices of the instructions that start a new location, ascending. */
  readonly locationStarts: Uint32Array;
  /** Location index from that word on. */
  readonly locations: Uint32Array;
}

/** A scalar register operand. */
export interface Register {
  readonly register: number;
}

/** A branch target; it is bound once, before or after its uses. */
export interface Label {
  readonly label: number;
}

/** Integers are immediates; for float operands the number is the value itself. */
export type Operand = number | Register | Label;

const registers: readonly Register[] = Array.from({ length: REGISTER_COUNT }, (_, register) => ({ register }));

/** The register X`number`. */
export function X(number: number): Register {
  const found = registers[number];
  if (found === undefined) throw new Error(`register X${number} does not exist`);
  return found;
}

const floatBits = new Uint32Array(1);
const floatValue = new Float32Array(floatBits.buffer);

/** The bits of the f32 nearest to a number. */
export function bitsOfF32(value: number): number {
  floatValue[0] = value;
  return floatBits[0] ?? 0;
}

/** Appends instructions to integer columns. */
export class StreamBuilder {
  #words = new Uint32Array(1024);
  #length = 0;
  readonly #labels: number[] = [];
  readonly #fixups: { readonly at: number; readonly label: number }[] = [];
  readonly #locationStarts: number[] = [];
  readonly #locations: number[] = [];

  /** Word index of the next instruction. */
  get position(): number {
    return this.#length;
  }

  /** A new unbound label. */
  label(): Label {
    this.#labels.push(-1);
    return { label: this.#labels.length - 1 };
  }

  /** Binds a label to the next instruction. */
  bind({ label }: Label): void {
    if (this.#labels[label] !== -1) throw new Error(`label ${label} is bound twice`);
    this.#labels[label] = this.#length;
  }

  /** Instructions from here on belong to this source location. */
  location(location: number): void {
    if (this.#locations.at(-1) === location) return;
    if (this.#locationStarts.at(-1) === this.#length) {
      this.#locations[this.#locations.length - 1] = location;
      return;
    }
    this.#locationStarts.push(this.#length);
    this.#locations.push(location);
  }

  /** Appends an instruction by mnemonic, with its operands in table order. */
  emit(mnemonic: string, ...operands: readonly Operand[]): void {
    this.append(instruction(mnemonic), operands);
  }

  /** Appends an instruction of a known definition. */
  append(definition: InstructionDefinition, operands: readonly Operand[]): void {
    if (operands.length !== definition.operands.length)
      throw new Error(`${definition.mnemonic} takes ${definition.operands.length} operands, got ${operands.length}`);
    this.#reserve(1 + operands.length);
    const header = this.#length++;
    let kinds = 0;
    operands.forEach((operand, position) => {
      const { kind } = definition.operands[position] as InstructionDefinition['operands'][number]; // same length, checked above
      if (typeof operand !== 'number' && 'register' in operand) kinds |= 1 << position;
      this.#words[this.#length] = this.#wordOf(operand, kind === 'float', definition);
      this.#length++;
    });
    this.#words[header] = (definition.opcode | (kinds << OPCODE_BITS)) >>> 0;
  }

  /** The finished stream; every used label must be bound. */
  finish(): InstructionStream {
    for (const { at, label } of this.#fixups) {
      const target = this.#labels[label] ?? -1;
      if (target < 0) throw new Error(`label ${label} is used but not bound`);
      this.#words[at] = target;
    }
    return {
      words: this.#words.slice(0, this.#length),
      locationStarts: Uint32Array.from(this.#locationStarts),
      locations: Uint32Array.from(this.#locations),
    };
  }

  #wordOf(operand: Operand, isFloat: boolean, definition: InstructionDefinition): number {
    if (typeof operand === 'number') {
      if (isFloat) return bitsOfF32(operand);
      if (!Number.isInteger(operand) || operand < -(2 ** 31) || operand >= 2 ** 32)
        throw new Error(`${definition.mnemonic}: ${operand} does not fit in 32 bits`);
      return operand >>> 0;
    }
    if ('register' in operand) return operand.register;
    this.#fixups.push({ at: this.#length, label: operand.label });
    return 0;
  }

  #reserve(words: number): void {
    if (this.#length + words <= this.#words.length) return;
    const larger = new Uint32Array(this.#words.length * 2);
    larger.set(this.#words);
    this.#words = larger;
  }
}

/** Source location index of the instruction at a word index, or -1. */
export function locationAt(stream: InstructionStream, word: number): number {
  let low = 0;
  let high = stream.locationStarts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((stream.locationStarts[middle] ?? 0) <= word) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? -1 : (stream.locations[low - 1] ?? -1);
}

/** The shape of one row of the instruction table. */
import type { Space } from './meaning/expression.ts';
import type { Meaning } from './meaning/statement.ts';

/** A hardware queue. Its number is what set_flag, wait_flag and pipe_barrier carry. */
export const pipes = ['S', 'V', 'M', 'MTE1', 'MTE2', 'MTE3', 'FIX', 'ALL'] as const;
/** A hardware queue, or ALL for a barrier over all of them. */
export type Pipe = (typeof pipes)[number];

/** A kind of core: they are separate and meet in GM only. */
export type CoreKind = 'cube' | 'vector';

/**
 * What an operand is. Every operand takes one word: a register number or a 32-bit immediate.
 * - destination  scalar register that is written; always a register
 * - source       64-bit value: a register, or a sign-extended immediate
 * - address      unsigned byte offset in a space
 * - integer      unsigned count, stride or configuration, in a unit
 * - float        the low 32 bits are an f32; for 16-bit lane types it is rounded to the lane type first
 * - label        word index of an instruction; always immediate
 * - pipe, flag   immediate only
 */
export type OperandDefinition =
  | { readonly kind: 'destination' | 'source' | 'float' | 'label' | 'pipe'; readonly name: string }
  | {
      readonly kind: 'address';
      readonly name: string;
      readonly space: Space;
      readonly access: 'read' | 'write' | 'update';
      readonly alignment: number;
    }
  | {
      readonly kind: 'integer';
      readonly name: string;
      readonly unit: string;
      readonly maximum: number;
      readonly signed: boolean;
      readonly note?: string;
    };

/** Kind of an operand. */
export type OperandKind = OperandDefinition['kind'];

/**
 * Key of a row of the timing tables in runtime/target. `vector.*` rows hold head, elements per cycle and tail,
 * `dma.*` a path through GM, `copy.*` an on-chip path, `mad.*` a cube data type.
 */
export type TimingClass =
  | 'scalar'
  | 'scalar.memory'
  | 'control'
  | 'sync'
  | `vector.${string}`
  | `dma.${string}`
  | `copy.${string}`
  | `mad.${string}`;

/** One instruction: everything the codec, assembler, manual, interpreter, wasm and timing need. */
export interface InstructionDefinition {
  readonly opcode: number;
  readonly mnemonic: string;
  /** Core kinds that have it. */
  readonly cores: readonly CoreKind[];
  /** Queue that executes it; flags and barriers run in the queue their operand names and say 'S' here. */
  readonly pipe: Pipe;
  readonly operands: readonly OperandDefinition[];
  readonly meaning: Meaning;
  readonly timing: TimingClass;
  readonly summary: string;
}

/** A row before its opcode is assigned by the table. */
export type InstructionRow = Omit<InstructionDefinition, 'opcode'>;

/** Both kinds of core. */
export const bothCores: readonly CoreKind[] = ['cube', 'vector'];

/** A scalar register that is written. */
export const destination = (name: string): OperandDefinition => ({ kind: 'destination', name });
/** A 64-bit source. */
export const source = (name: string): OperandDefinition => ({ kind: 'source', name });
/** A float scalar. */
export const float = (name: string): OperandDefinition => ({ kind: 'float', name });
/** A branch target. */
export const label = (name: string): OperandDefinition => ({ kind: 'label', name });
/** A pipe. */
export const pipeOperand = (name: string): OperandDefinition => ({ kind: 'pipe', name });
/** An address that is read. */
export const reads = (name: string, space: Space, alignment: number): OperandDefinition => ({
  kind: 'address',
  name,
  space,
  access: 'read',
  alignment,
});
/** An address that is written. */
export const writes = (name: string, space: Space, alignment: number): OperandDefinition => ({
  kind: 'address',
  name,
  space,
  access: 'write',
  alignment,
});
/** An address that is read and written. */
export const updates = (name: string, space: Space, alignment: number): OperandDefinition => ({
  kind: 'address',
  name,
  space,
  access: 'update',
  alignment,
});
/** An unsigned integer of a unit, at most `maximum`. */
export const integer = (name: string, unit: string, maximum = 0xffff_ffff, note?: string): OperandDefinition =>
  note === undefined
    ? { kind: 'integer', name, unit, maximum, signed: false }
    : { kind: 'integer', name, unit, maximum, signed: false, note };
/** A signed 32-bit integer. */
export const signedInteger = (name: string, unit: string): OperandDefinition => ({
  kind: 'integer',
  name,
  unit,
  maximum: 0x7fff_ffff,
  signed: true,
});
/** An operand that stays for the public operand order and has no effect on the result. */
export const ignored = (name: string): OperandDefinition =>
  integer(name, 'ignored', 0xffff_ffff, 'no effect on the result');

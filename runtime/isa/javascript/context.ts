/** What compiled meanings run against. The machine provides it; the instruction set only names it. */
import type { ElementType, Space } from '../meaning/expression.ts';

/** A memory space with checked element access; an access outside or misaligned faults. */
export interface ElementMemory {
  loadF32(address: number): number;
  loadF16(address: number): number;
  loadBF16(address: number): number;
  loadS64(address: number): bigint;
  loadS32(address: number): number;
  loadU32(address: number): number;
  loadS16(address: number): number;
  loadU16(address: number): number;
  loadS8(address: number): number;
  loadU8(address: number): number;
  storeF32(address: number, value: number): void;
  storeF16(address: number, value: number): void;
  storeBF16(address: number, value: number): void;
  storeS64(address: number, value: bigint): void;
  storeS32(address: number, value: number): void;
  storeS16(address: number, value: number): void;
  storeS8(address: number, value: number): void;
  /** Copies bytes from another memory, or from another part of this one. */
  move(address: number, from: ElementMemory, fromAddress: number, bytes: number): void;
}

/** One core as a compiled meaning sees it. */
export interface ExecutionContext {
  /** Low words of the operand values of the current instruction. */
  readonly operands: Uint32Array;
  /** The 64-bit value of an operand. */
  wide(position: number): bigint;
  /** The register number in a destination operand. */
  readonly registers: BigInt64Array;
  readonly state: Int32Array;
  readonly memories: Readonly<Record<Space, ElementMemory>>;
  atomicStore(space: Space, element: ElementType, address: number, value: number): void;
  atomicMove(to: Space, address: number, from: Space, fromAddress: number, bytes: number): void;
}

/** Receives the byte ranges an instruction touches. */
export interface FootprintSink {
  read(space: Space, start: number, end: number): void;
  write(space: Space, start: number, end: number): void;
}

/** Executes the instruction whose operands are in the context. */
export type Action = (context: ExecutionContext) => void;

/** Reports what the instruction whose operands are in the context will read and write, without effects. */
export type Footprint = (context: ExecutionContext, sink: FootprintSink) => void;

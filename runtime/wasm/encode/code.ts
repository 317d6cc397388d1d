/**
 * WebAssembly code as nested lists of bytes, built as expressions: `op('i32.add', a, b)` is a, then b, then the opcode.
 * Statements are lists too; `seq` joins them, `flatten` gives the bytes. Nothing is checked here: the engine validates
 * the module.
 */

import { laneOpcodes, memoryOpcodes, plainOpcodes } from './opcodes.ts';

export type Code = readonly (number | Code)[];
export type PlainOp = keyof typeof plainOpcodes;
export type MemoryOp = keyof typeof memoryOpcodes;
export type LaneOp = keyof typeof laneOpcodes;

/** Value types by their bytes in the binary format. */
export const valueTypes = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof valueTypes;

/** Unsigned LEB128 of a number below 2^53. */
export function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

/** Signed LEB128. */
export function signed(value: bigint): Code {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = Number(rest & 127n);
    rest >>= 7n;
    const done = (rest === 0n && (low & 64) === 0) || (rest === -1n && (low & 64) !== 0);
    bytes.push(done ? low : low | 128);
    if (done) return bytes;
  }
}

const opcodeBytes = (opcode: number | readonly [number, number]): Code =>
  typeof opcode === 'number' ? [opcode] : [opcode[0], ...unsigned(opcode[1])];

/** Statements one after the other. */
export const seq = (...parts: readonly Code[]): Code => parts;

/** The bytes of code. */
export function flatten(code: Code): number[] {
  const bytes: number[] = [];
  const visit = (part: Code): void => {
    for (const item of part) {
      if (typeof item === 'number') bytes.push(item);
      else visit(item);
    }
  };
  visit(code);
  return bytes;
}

/** An instruction without immediates after its operands. */
export const op = (name: PlainOp, ...operands: readonly Code[]): Code =>
  seq(...operands, opcodeBytes(plainOpcodes[name]));

/** A load: the address, then opcode, alignment 0 (no promise) and offset. */
export const load = (name: MemoryOp, address: Code, offset = 0): Code => seq(address, memoryImmediates(name, offset));

/** A store or an atomic: address and values, then the opcode. */
export const store = (name: MemoryOp, address: Code, value: Code, offset = 0): Code =>
  seq(address, value, memoryImmediates(name, offset));

function memoryImmediates(name: MemoryOp, offset: number): Code {
  const [opcode, alignment] = memoryOpcodes[name];
  const atomic = name.includes('atomic');
  return [...opcodeBytes(opcode), atomic ? alignment : 0, ...unsigned(offset)];
}

/** Extracts or replaces one lane. */
export const lane = (name: LaneOp, index: number, ...operands: readonly Code[]): Code =>
  seq(...operands, opcodeBytes(laneOpcodes[name]), [index]);

/** `i8x16.shuffle`: each of 16 indices picks a byte of a (0..15) or b (16..31). */
export const shuffleBytes = (a: Code, b: Code, indices: readonly number[]): Code => seq(a, b, [0xfd, 0x0d], indices);

/** A shuffle of 32-bit lanes: indices 0..3 pick from a, 4..7 from b. */
export const shuffle32 = (a: Code, b: Code, lanes: readonly number[]): Code =>
  shuffleBytes(
    a,
    b,
    lanes.flatMap((index) => [0, 1, 2, 3].map((byte) => index * 4 + byte)),
  );

/** A shuffle of 16-bit lanes: indices 0..7 pick from a, 8..15 from b. */
export const shuffle16 = (a: Code, b: Code, lanes: readonly number[]): Code =>
  shuffleBytes(
    a,
    b,
    lanes.flatMap((index) => [index * 2, index * 2 + 1]),
  );

/** Signed LEB128 of a 32-bit integer. */
function signed32(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = rest & 127;
    rest >>= 7;
    const done = (rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0);
    bytes.push(done ? low : low | 128);
    if (done) return bytes;
  }
}

export const i32 = (value: number): Code => [0x41, ...signed32(value | 0)];
export const i64 = (value: bigint): Code => [0x42, ...signed(BigInt.asIntN(64, value))];
export const f32 = (value: number): Code => [0x43, ...new Uint8Array(new Float32Array([value]).buffer)];
export const f64 = (value: number): Code => [0x44, ...new Uint8Array(new Float64Array([value]).buffer)];
export const v128 = (bytes: Uint8Array): Code => [0xfd, 0x0c, ...bytes];
export const splatF32 = (value: number): Code => v128(new Uint8Array(new Float32Array(4).fill(value).buffer));
export const splatI32 = (value: number): Code => v128(new Uint8Array(new Int32Array(4).fill(value).buffer));
export const splatI16 = (value: number): Code => v128(new Uint8Array(new Int16Array(8).fill(value).buffer));

export const getGlobal = (index: number): Code => [0x23, ...unsigned(index)];
export const setGlobal = (index: number, value: Code): Code => seq(value, [0x24, ...unsigned(index)]);
export const call = (index: number, ...operands: readonly Code[]): Code => seq(...operands, [0x10, ...unsigned(index)]);

const emptyBlockType = 0x40;

/** `block … end`: a branch to it leaves it. */
export const block = (...body: readonly Code[]): Code => seq([0x02, emptyBlockType], ...body, [0x0b]);

/** `loop … end`: a branch to it starts it again. */
export const loop = (...body: readonly Code[]): Code => seq([0x03, emptyBlockType], ...body, [0x0b]);

export const branch = (depth: number): Code => [0x0c, ...unsigned(depth)];
export const branchIf = (depth: number, condition: Code): Code => seq(condition, [0x0d, ...unsigned(depth)]);

/** `br_table`: index i branches to depths[i], anything else to `otherwise`. */
export const branchTable = (index: Code, depths: readonly number[], otherwise: number): Code =>
  seq(index, [0x0e, ...unsigned(depths.length)], ...depths.map(unsigned), unsigned(otherwise));

/** `if … else … end` without a result. */
export const when = (condition: Code, then: Code, otherwise: Code = []): Code =>
  seq(condition, [0x04, emptyBlockType], then, otherwise.length > 0 ? seq([0x05], otherwise) : [], [0x0b]);

/** `if … else … end` as a value. */
export const choose = (type: ValueType, condition: Code, then: Code, otherwise: Code): Code =>
  seq(condition, [0x04, valueTypes[type]], then, [0x05], otherwise, [0x0b]);

/** Copies bytes inside the memory; ranges may overlap. */
export const memoryCopy = (target: Code, source: Code, bytes: Code): Code =>
  seq(target, source, bytes, [0xfc, 0x0a, 0x00, 0x00]);

/** Fills bytes of the memory with the low byte of `value`. */
export const memoryFill = (target: Code, value: Code, bytes: Code): Code =>
  seq(target, value, bytes, [0xfc, 0x0b, 0x00]);

/** A memory space: little-endian bytes with checked element access. */
import { bf16FromNumber, bf16ToNumber, f16FromNumber, f16ToNumber } from '../numerics/index.ts';
import type { ElementMemory } from '../isa/index.ts';
import { AccessFault } from './fault.ts';

/** Bytes of one space. An access outside, or at an address that is no multiple of the element size, throws an AccessFault. */
export class Memory implements ElementMemory {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly #s8: Int8Array;
  readonly #u16: Uint16Array;
  readonly #s16: Int16Array;
  readonly #s32: Int32Array;
  readonly #u32: Uint32Array;
  readonly #f32: Float32Array;
  readonly #s64: BigInt64Array;

  /** A view of `size` bytes of a buffer from a multiple of 8. */
  constructor(name: string, buffer: ArrayBufferLike, offset: number, size: number) {
    this.name = name;
    this.bytes = new Uint8Array(buffer, offset, size);
    this.#s8 = new Int8Array(buffer, offset, size);
    this.#u16 = new Uint16Array(buffer, offset, size >> 1);
    this.#s16 = new Int16Array(buffer, offset, size >> 1);
    this.#s32 = new Int32Array(buffer, offset, Math.floor(size / 4));
    this.#u32 = new Uint32Array(buffer, offset, Math.floor(size / 4));
    this.#f32 = new Float32Array(buffer, offset, Math.floor(size / 4));
    this.#s64 = new BigInt64Array(buffer, offset, Math.floor(size / 8));
  }

  loadF32(address: number): number {
    return this.#f32[address / 4] ?? this.#outside(address, 4);
  }
  loadF16(address: number): number {
    return f16ToNumber(this.#u16[address / 2] ?? this.#outside(address, 2));
  }
  loadBF16(address: number): number {
    return bf16ToNumber(this.#u16[address / 2] ?? this.#outside(address, 2));
  }
  loadS64(address: number): bigint {
    return this.#s64[address / 8] ?? this.#outside(address, 8);
  }
  loadS32(address: number): number {
    return this.#s32[address / 4] ?? this.#outside(address, 4);
  }
  loadU32(address: number): number {
    return this.#u32[address / 4] ?? this.#outside(address, 4);
  }
  loadS16(address: number): number {
    return this.#s16[address / 2] ?? this.#outside(address, 2);
  }
  loadU16(address: number): number {
    return this.#u16[address / 2] ?? this.#outside(address, 2);
  }
  loadS8(address: number): number {
    return this.#s8[address] ?? this.#outside(address, 1);
  }
  loadU8(address: number): number {
    return this.bytes[address] ?? this.#outside(address, 1);
  }

  storeF32(address: number, value: number): void {
    this.#check(address, 4);
    this.#f32[address / 4] = value;
  }
  storeF16(address: number, value: number): void {
    this.#check(address, 2);
    this.#u16[address / 2] = f16FromNumber(value);
  }
  storeBF16(address: number, value: number): void {
    this.#check(address, 2);
    this.#u16[address / 2] = bf16FromNumber(value);
  }
  storeS64(address: number, value: bigint): void {
    this.#check(address, 8);
    this.#s64[address / 8] = value;
  }
  storeS32(address: number, value: number): void {
    this.#check(address, 4);
    this.#s32[address / 4] = value;
  }
  storeS16(address: number, value: number): void {
    this.#check(address, 2);
    this.#s16[address / 2] = value;
  }
  storeS8(address: number, value: number): void {
    this.#check(address, 1);
    this.#s8[address] = value;
  }

  move(address: number, from: ElementMemory, fromAddress: number, bytes: number): void {
    if (!(from instanceof Memory)) throw new Error('a memory moves bytes from a memory');
    if (bytes <= 0) return;
    this.requireRange(address, bytes);
    from.requireRange(fromAddress, bytes);
    this.bytes.set(from.bytes.subarray(fromAddress, fromAddress + bytes), address);
  }

  /** Throws unless the range lies inside. */
  requireRange(address: number, bytes: number): void {
    if (address < 0 || address + bytes > this.bytes.length)
      throw new AccessFault(`${bytes} bytes from ${this.name} reach outside its ${this.bytes.length} bytes`, address);
  }

  #check(address: number, size: number): void {
    if (address < 0 || address + size > this.bytes.length || address % size !== 0) this.#outside(address, size);
  }

  #outside(address: number, size: number): never {
    if (address % size !== 0)
      throw new AccessFault(`address in ${this.name} is not a multiple of the element size ${size}`, address);
    throw new AccessFault(`address is outside ${this.name} (${this.bytes.length} bytes)`, address);
  }
}

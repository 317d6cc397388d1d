/** Protocol Buffers' wire format, read from a ByteSource without taking payloads into memory, and written. */
import { fault } from './fault.ts';
import type { ByteSource } from './source.ts';

/** Field types on the wire; groups (3, 4) are extinct. */
export const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** One field: its number, and either its integer value or the range of its payload. */
export interface WireField {
  readonly number: number;
  readonly type: number;
  /** Value of a varint, fixed32 or fixed64 as unsigned integer; 0 for bytes. */
  readonly value: bigint;
  /** Offset and length of the payload of a bytes field (of the whole value else). */
  readonly offset: number;
  readonly length: number;
}

const windowBytes = 65536;

/** A cursor over a source that keeps one small window, so that skipping a payload costs nothing. */
export class WireReader {
  readonly #source: ByteSource;
  #window = new Uint8Array(0);
  #windowOffset = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** The fields of the message in [start, end), in order. `what` names it in faults. */
  *fields(start: number, end: number, what: string): Generator<WireField> {
    let at = start;
    while (at < end) {
      const field = this.#field(at, end, what);
      yield field;
      at = field.offset + field.length;
    }
  }

  /** The bytes of a field's payload. */
  bytes(field: WireField, what: string): Uint8Array {
    return this.#source.read(field.offset, field.length, what);
  }

  /** The text of a field's payload; a fault when it is no UTF-8 or over `limit` bytes. */
  text(field: WireField, what: string, limit: number = 65536): string {
    if (field.length > limit)
      fault('corrupt', `${what} takes ${field.length} bytes, expected at most ${limit}`, field.offset);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(this.bytes(field, what));
    } catch (thrown) {
      if (!(thrown instanceof TypeError)) throw thrown;
      return fault('corrupt', `${what} is not UTF-8 text`, field.offset);
    }
  }

  /** The integers of a repeated field, packed or not. */
  integers(field: WireField, what: string): readonly number[] {
    if (field.type === wireType.varint) return [signed(field.value)];
    if (field.type !== wireType.bytes)
      fault('corrupt', `${what} has wire type ${field.type}, expected 0 or 2`, field.offset);
    const values: number[] = [];
    const end = field.offset + field.length;
    for (let at = field.offset; at < end;) {
      const { value, next } = this.#varint(at, end, what);
      values.push(signed(value));
      at = next;
    }
    return values;
  }

  #field(start: number, end: number, what: string): WireField {
    const tag = this.#varint(start, end, what);
    const number = Number(tag.value >> 3n);
    const type = Number(tag.value & 7n);
    if (number < 1 || number > 0x1fffffff) fault('corrupt', `field number ${number} in ${what}`, start);
    if (type === wireType.varint) {
      const { value, next } = this.#varint(tag.next, end, what);
      return { number, type, value, offset: tag.next, length: next - tag.next };
    }
    if (type === wireType.fixed64) return this.#fixed(number, type, tag.next, 8, end, what);
    if (type === wireType.fixed32) return this.#fixed(number, type, tag.next, 4, end, what);
    if (type !== wireType.bytes) fault('corrupt', `wire type ${type} in ${what}, expected 0, 1, 2 or 5`, start);
    const size = this.#varint(tag.next, end, what);
    const present = end - size.next;
    if (size.value > BigInt(present)) {
      fault('truncated', `field ${number} of ${what} takes ${size.value} bytes, ${present} are left`, size.next);
    }
    return { number, type, value: 0n, offset: size.next, length: Number(size.value) };
  }

  #fixed(number: number, type: number, at: number, length: number, end: number, what: string): WireField {
    let value = 0n;
    for (let byte = length - 1; byte >= 0; byte--) value = (value << 8n) | BigInt(this.#byte(at + byte, end, what));
    return { number, type, value, offset: at, length };
  }

  #varint(start: number, end: number, what: string): { readonly value: bigint; readonly next: number } {
    let low = 0;
    let high = 0n;
    for (let index = 0; index < 10; index++) {
      const byte = this.#byte(start + index, end, what);
      // The first four bytes hold 28 bits and fit a small integer; only longer numbers need a bigint.
      if (index < 4) low |= (byte & 0x7f) << (7 * index);
      else high |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) return { value: BigInt.asUintN(64, high | BigInt(low)), next: start + index + 1 };
    }
    return fault('corrupt', `a number in ${what} takes more than 10 bytes`, start);
  }

  #byte(offset: number, end: number, what: string): number {
    if (offset >= end) fault('truncated', `${what} ends inside a field`, offset);
    const inWindow = offset - this.#windowOffset;
    if (inWindow >= 0 && inWindow < this.#window.length) return this.#window[inWindow];
    this.#window = new Uint8Array(this.#source.read(offset, Math.min(windowBytes, this.#source.size - offset), what));
    this.#windowOffset = offset;
    return this.#window[0];
  }
}

function signed(value: bigint): number {
  return Number(BigInt.asIntN(64, value));
}

/** Collects a message; payloads are kept by reference and never copied. */
export class WireWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get parts(): readonly Uint8Array[] {
    return this.#parts;
  }

  /** A varint field; negative numbers as 64-bit two's complement, as protobuf's int32 and int64 do. */
  integer(number: number, value: number | bigint): this {
    return this.#push(varint(number * 8)).#push(varint(value));
  }

  /** A 32-bit float field. */
  float(number: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.#push(varint(number * 8 + wireType.fixed32)).#push(bytes);
  }

  bytes(number: number, payload: Uint8Array): this {
    return this.#push(varint(number * 8 + wireType.bytes))
      .#push(varint(payload.length))
      .#push(payload);
  }

  text(number: number, value: string): this {
    return this.bytes(number, new TextEncoder().encode(value));
  }

  message(number: number, message: WireWriter): this {
    this.#push(varint(number * 8 + wireType.bytes)).#push(varint(message.length));
    for (const part of message.parts) this.#push(part);
    return this;
  }

  #push(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return this;
  }
}

function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

import type { Value } from '../../ir/index.ts';

/** Constants by content, so that equal tables are stored once. */
export class ByteTable {
  private readonly byHash = new Map<number, { readonly bytes: Uint8Array; readonly value: Value }[]>();

  intern(bytes: Uint8Array, make: () => Value): Value {
    const hash = bytes.reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, bytes.length);
    const entries = this.byHash.get(hash) ?? [];
    this.byHash.set(hash, entries);
    const known = entries.find(
      (entry) => entry.bytes.length === bytes.length && entry.bytes.every((byte, at) => byte === bytes[at]),
    );
    if (known) return known.value;
    const value = make();
    entries.push({ bytes, value });
    return value;
  }
}

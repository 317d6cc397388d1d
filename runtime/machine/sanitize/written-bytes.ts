/** Which bytes of GM hold a value: one bit per byte, kept by the host through a sequence of launches. */
export class WrittenBytes {
  readonly #bits: Uint8Array;

  constructor(bytes: number) {
    this.#bits = new Uint8Array(Math.ceil(bytes / 8));
  }

  /** The bytes of a range hold values from now on. */
  mark(start: number, end: number): void {
    const first = Math.ceil(start / 8);
    const last = Math.floor(end / 8);
    if (first <= last) this.#bits.fill(0xff, first, last);
    for (let at = start; at < Math.min(end, first * 8); at++) this.#set(at);
    for (let at = Math.max(start, last * 8); at < end; at++) this.#set(at);
  }

  /** Number of bytes of a range without a value. */
  unwritten(start: number, end: number): number {
    let count = 0;
    for (let at = start; at < end;) {
      const bits = this.#bits[at >> 3] ?? 0;
      if ((at & 7) === 0 && at + 8 <= end && (bits === 0xff || bits === 0)) {
        count += bits === 0 ? 8 : 0;
        at += 8;
      } else {
        count += (bits >> (at & 7)) & 1 ? 0 : 1;
        at++;
      }
    }
    return count;
  }

  #set(at: number): void {
    this.#bits[at >> 3] = (this.#bits[at >> 3] ?? 0) | (1 << (at & 7));
  }
}

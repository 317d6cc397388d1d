/** The Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), which `random` of Python and of NumPy share. */
const size = 624;
const shift = 397;

/** The generator; a number seeds it as `init_genrand` does, a list of words as `init_by_array`. */
export class MersenneTwister {
  private readonly state = new Uint32Array(size);
  private index = size;

  constructor(seed: number | readonly number[]) {
    if (typeof seed === 'number') this.seedByNumber(seed);
    else this.seedByArray(seed);
  }

  private seedByNumber(seed: number): void {
    this.state[0] = seed;
    for (let at = 1; at < size; at++) {
      const previous = this.state[at - 1] ^ (this.state[at - 1] >>> 30);
      this.state[at] = Math.imul(1812433253, previous) + at;
    }
  }

  private seedByArray(key: readonly number[]): void {
    this.seedByNumber(19650218);
    const { state } = this;
    let at = 1;
    for (let step = 0, position = 0; step < Math.max(size, key.length); step++) {
      const previous = state[at - 1] ^ (state[at - 1] >>> 30);
      state[at] = (state[at] ^ Math.imul(previous, 1664525)) + key[position] + position;
      position = (position + 1) % key.length;
      if (++at === size) {
        state[0] = state[size - 1];
        at = 1;
      }
    }
    for (let step = 0; step < size - 1; step++) {
      const previous = state[at - 1] ^ (state[at - 1] >>> 30);
      state[at] = (state[at] ^ Math.imul(previous, 1566083941)) - at;
      if (++at === size) {
        state[0] = state[size - 1];
        at = 1;
      }
    }
    state[0] = 0x80000000;
    this.index = size;
  }

  private twist(): void {
    const { state } = this;
    for (let at = 0; at < size; at++) {
      const mixed = (state[at] & 0x80000000) | (state[(at + 1) % size] & 0x7fffffff);
      state[at] = state[(at + shift) % size] ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
    }
    this.index = 0;
  }

  /** The next 32 bits. */
  word(): number {
    if (this.index >= size) this.twist();
    let value = this.state[this.index++];
    value ^= value >>> 11;
    value ^= (value << 7) & 0x9d2c5680;
    value ^= (value << 15) & 0xefc60000;
    return (value ^ (value >>> 18)) >>> 0;
  }

  /** A float in [0, 1) of 53 bits. */
  float(): number {
    const high = this.word() >>> 5;
    const low = this.word() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** An int of `count` bits. */
  bits(count: number): bigint {
    if (count <= 0) return 0n;
    let result = 0n;
    for (let done = 0; done < count; done += 32) {
      const word = this.word() >>> Math.max(0, 32 - (count - done));
      result |= BigInt(word) << BigInt(done);
    }
    return result;
  }

  /** An int below `limit`, by rejection. */
  below(limit: bigint): bigint {
    const count = limit.toString(2).length;
    let value = this.bits(count);
    while (value >= limit) value = this.bits(count);
    return value;
  }

  /** Remembers the state; the result brings it back. */
  snapshot(): () => void {
    const [state, index] = [this.state.slice(), this.index];
    return () => {
      this.state.set(state);
      this.index = index;
    };
  }
}

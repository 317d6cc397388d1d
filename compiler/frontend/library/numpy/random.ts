/**
 * NumPy's legacy generator: the Mersenne Twister MT19937 (Matsumoto and Nishimura 1998) and the distributions that
 * `numpy.random.seed` users have relied on: 53-bit doubles, polar Gauss, masked integers.
 */
const SIZE = 624;
const SHIFT = 397;

export class LegacyRandom {
  private readonly words = new Uint32Array(SIZE);
  private position = SIZE;
  private spare: number | null = null;

  constructor(seed: number) {
    this.seed(seed);
  }

  /** As `init_by_array` of one word for small seeds: NumPy's `init_genrand`. */
  seed(seed: number): void {
    this.words[0] = seed >>> 0;
    for (let index = 1; index < SIZE; index++) {
      const previous = this.words[index - 1] ^ (this.words[index - 1] >>> 30);
      this.words[index] = (Math.imul(1812433253, previous) + index) >>> 0;
    }
    this.position = SIZE;
    this.spare = null;
  }

  private refill(): void {
    const { words } = this;
    for (let index = 0; index < SIZE; index++) {
      const mixed = (words[index] & 0x80000000) | (words[(index + 1) % SIZE] & 0x7fffffff);
      words[index] = words[(index + SHIFT) % SIZE] ^ (mixed >>> 1) ^ (mixed & 1 ? 0x9908b0df : 0);
    }
    this.position = 0;
  }

  word(): number {
    if (this.position === SIZE) this.refill();
    let bits = this.words[this.position++];
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    return (bits ^ (bits >>> 18)) >>> 0;
  }

  /** In [0, 1) with 53 bits. */
  double(): number {
    const [high, low] = [this.word() >>> 5, this.word() >>> 6];
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** Standard normal by the polar method; every second call uses the spare. */
  gauss(): number {
    if (this.spare !== null) {
      const { spare } = this;
      this.spare = null;
      return spare;
    }
    for (;;) {
      const [x, y] = [2 * this.double() - 1, 2 * this.double() - 1];
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      this.spare = factor * x;
      return factor * y;
    }
  }

  /** In [0, most], by masking and rejection: 32-bit words, or two of them beyond 32 bits. */
  below(most: number): number {
    if (most === 0) return 0;
    if (most <= 0xffffffff) {
      const mask = 2 ** (32 - Math.clz32(most)) - 1;
      for (;;) {
        const value = (this.word() & mask) >>> 0;
        if (value <= most) return value;
      }
    }
    const mask = 2 ** (32 - Math.clz32(Math.floor(most / 2 ** 32))) - 1;
    for (;;) {
      const high = (this.word() & mask) >>> 0;
      const value = high * 2 ** 32 + this.word();
      if (value <= most) return value;
    }
  }

  /** A permutation of 0 … count-1, as `permutation` and `shuffle` make it. */
  permutation(count: number): readonly number[] {
    const order = Array.from({ length: count }, (_, index) => index);
    for (let index = count - 1; index > 0; index--) {
      const other = this.interval(index);
      [order[index], order[other]] = [order[other], order[index]];
    }
    return order;
  }

  /** `random_interval` of the legacy generator. */
  private interval(most: number): number {
    return this.below(most);
  }
}

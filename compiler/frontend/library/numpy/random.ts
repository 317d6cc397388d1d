/**
 * NumPy's legacy generator: the Mersenne Twister and the distributions that
 * `numpy.random.seed` users have relied on: 53-bit doubles, polar Gauss, masked integers.
 */
import { MersenneTwister } from '../mersenne-twister.ts';

/** The stream of numbers behind `numpy.random.RandomState`. */
export class LegacyRandom {
  private twister: MersenneTwister;
  private spare: number | null = null;

  constructor(seed: number) {
    this.twister = new MersenneTwister(seed);
  }

  /** Begins again. */
  seed(seed: number): void {
    this.twister = new MersenneTwister(seed);
    this.spare = null;
  }

  /** The next 32 bits. */
  word(): number {
    return this.twister.word();
  }

  /** In [0, 1) with 53 bits. */
  double(): number {
    return this.twister.float();
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

/**
 * The generator Philox 4x32-10 (Salmon et al., SC 2011) in 32-bit lanes: lane i enciphers counter + i into four words.
 *
 * The vector unit has wrapping 32-bit products only, so the high word of a product is put together from 16-bit halves,
 * and x ^ y is (x | y) − (x & y).
 */
import type { Value } from '../../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import { countLanes, fill } from '../vector.ts';

const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
const WEYL = [0x9e3779b9, 0xbb67ae85] as const;
const ROUNDS = 10;
const LANES = 64;

/** The state of a stream in scalar registers: two key words and a 64-bit counter. */
export interface Stream {
  readonly key: readonly [Scalar, Scalar];
  readonly counter: Scalar;
}

/** Reads key low, key high, counter low, counter high. */
export function readStream(k: KernelBuilder, state: Value): Stream {
  const [keyLow, keyHigh, low, high] = [0, 4, 8, 12].map((offset) => k.read('ld_xd_gm_u32', state, offset));
  return { key: [keyLow, keyHigh], counter: k.read('or', low, k.read('shl', high, 32)) };
}

/** Vector instructions on whole buffers of `lanes` lanes. */
class Lanes {
  readonly k: KernelBuilder;
  readonly count: number;
  private readonly repeats: number;

  constructor(k: KernelBuilder, count: number) {
    this.k = k;
    this.count = count;
    this.repeats = count / LANES;
  }

  buffer(): Value {
    return this.k.alloc('ub', this.count * 4);
  }

  with(mnemonic: string, source: Value, ...extra: readonly Scalar[]): Value {
    const target = this.buffer();
    this.into(target, mnemonic, source, ...extra);
    return target;
  }

  into(target: Value, mnemonic: string, source: Value, ...extra: readonly Scalar[]): void {
    this.k.emit(mnemonic, target, source, ...extra, this.repeats, 1, 1, 8, 8);
  }

  two(mnemonic: string, left: Value, right: Value, target = this.buffer()): Value {
    this.k.emit(mnemonic, target, left, right, this.repeats, 1, 1, 1, 8, 8, 8);
    return target;
  }

  exclusiveOr(left: Value, right: Value, target = this.buffer()): Value {
    return this.two('vsub_s32', this.two('vor_b16', left, right), this.two('vand_b16', left, right), target);
  }

  lowHalf(source: Value): Value {
    return this.highHalf(this.with('vshl_u32', source, 16));
  }

  highHalf(source: Value): Value {
    return this.with('vshr_u32', source, 16, 0);
  }

  /** High word of the unsigned product. */
  productHigh(multiplier: number, source: Value): Value {
    const [low, high] = [multiplier & 0xffff, multiplier >>> 16];
    const [sourceLow, sourceHigh] = [this.lowHalf(source), this.highHalf(source)];
    const middle = this.two(
      'vadd_s32',
      this.with('vmuls_s32', sourceLow, high),
      this.highHalf(this.with('vmuls_s32', sourceLow, low)),
    );
    const carry = this.two('vadd_s32', this.with('vmuls_s32', sourceHigh, low), this.lowHalf(middle));
    const top = this.two('vadd_s32', this.with('vmuls_s32', sourceHigh, high), this.highHalf(middle));
    return this.two('vadd_s32', top, this.highHalf(carry));
  }

  repeated(bits: Scalar): Value {
    const target = this.buffer();
    this.k.emit('vector_dup_b32', target, bits, this.repeats, 1, 1, 8, 8);
    return target;
  }
}

const lowWord = (k: KernelBuilder, value: Scalar): Scalar => k.read('shr', k.read('shl', value, 32), 32);
const signedWord = (k: KernelBuilder, value: Scalar): Scalar => k.read('sar', k.read('shl', value, 32), 32);

/** Four buffers of words: the blocks of the stream from `first` on, one in each lane. `count` is whole repeats. */
export function philoxWords(
  k: KernelBuilder,
  stream: Stream,
  first: Scalar,
  count: number,
): readonly [Value, Value, Value, Value] {
  const lanes = new Lanes(k, count);
  const words = [lanes.buffer(), lanes.buffer(), lanes.buffer(), lanes.buffer()] as const;
  startCounters(k, k.add(stream.counter, first), words, count);
  k.emit('set_mask_norm');
  k.emit('set_vector_mask', -1, -1);
  k.loop(0, ROUNDS, 1, (round) => {
    const [c0, c1, c2, c3] = words;
    const key = stream.key.map((word, at) => lanes.repeated(lowWord(k, k.add(word, k.mul(round, WEYL[at])))));
    const high = [lanes.productHigh(MULTIPLIERS[0], c0), lanes.productHigh(MULTIPLIERS[1], c2)];
    const mixed = [lanes.exclusiveOr(high[1], c1), lanes.exclusiveOr(high[0], c3)];
    lanes.into(c1, 'vmuls_s32', c2, MULTIPLIERS[1] | 0);
    lanes.into(c3, 'vmuls_s32', c0, MULTIPLIERS[0] | 0);
    lanes.exclusiveOr(mixed[0], key[0], c0);
    lanes.exclusiveOr(mixed[1], key[1], c2);
  });
  return words;
}

/** The 128-bit counters: lane i has `position` + i in its two low words, with the carry. */
function startCounters(k: KernelBuilder, position: Scalar, [c0, c1, c2, c3]: readonly Value[], count: number): void {
  const high = k.read('shr', position, 32);
  const untilCarry = k.sub(k.read('shl', 1, 32), lowWord(k, position));
  countLanes(k, count);
  k.emit('vci_s32', c0, signedWord(k, position), 1, 1, 8);
  fill(k, 'b32', c2, 0);
  fill(k, 'b32', c3, 0);
  k.emit('vector_dup_b32', c1, lowWord(k, k.add(high, 1)), 1, 1, 1, 8, 8);
  countLanes(k, k.min(untilCarry, count));
  k.emit('vector_dup_b32', c1, high, 1, 1, 1, 8, 8);
}

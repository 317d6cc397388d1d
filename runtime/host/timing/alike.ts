/**
 * Launches that take the same time because they do the same at other addresses: the layers of a transformer start each kernel
 * dozens of times. A timing run depends on GM addresses only through what L2 holds. So a launch that looks like one before it
 * is asked what L2 answers to the same transfers at its own addresses; the same answers give the same report.
 *
 * This holds for kernels whose control flow does not look at addresses, as no compiled one does. Kernels that read scalars from
 * GM, and launches that do not say what they touch, are always simulated.
 */
import { decode } from '../../isa/index.ts';
import type { CachedData, TimingReport } from '../../machine/index.ts';
import type { Extent, Kernel, Launch } from '../../program/index.ts';

/** Patterns of L2 that are kept for launches that look alike. */
const MOST_PATTERNS = 4;
/** Numbers of a transfer in `Timed.touches`: its range, the offset in it, bytes, and whether L2 held them. */
const TOUCH_WIDTH = 4;

/** A launch that was simulated. */
interface Timed {
  readonly touches: readonly number[];
  readonly report: TimingReport;
}

/** The report of an alike launch, and L2 after it. */
export interface Alike {
  readonly report: TimingReport;
  readonly cache: CachedData;
}

export class AlikeLaunches {
  readonly #kernels: readonly Kernel[];
  readonly #known = new Map<string, Timed[]>();
  readonly #scalarReaders = new Map<number, boolean>();

  constructor(kernels: readonly Kernel[]) {
    this.#kernels = kernels;
  }

  /** What launches that look alike share; null for one that must be simulated. */
  keyOf(launch: Launch, asked: string): string | null {
    if (launch.writes === undefined || this.#readsScalars(launch.kernel)) return null;
    const ranges = rangesOf(launch);
    const args = launch.args.map((arg) => {
      const range = ranges.findIndex(({ address }) => address === arg);
      return range < 0 ? String(arg) : `@${range}`;
    });
    return [launch.kernel, launch.blockCount, args.join(' '), overlaps(ranges), asked].join('|');
  }

  /** What an alike launch gave from an L2 that answers alike; null when there was none. */
  find(key: string, launch: Launch, cache: CachedData): Alike | null {
    const ranges = rangesOf(launch);
    for (const { touches, report } of this.#known.get(key) ?? []) {
      const after = cache.copy();
      if (answersAlike(touches, ranges, after)) return { report, cache: after };
    }
    return null;
  }

  /** Keeps a simulated launch; `transfers` are address, bytes and answer of each, in order. */
  add(
    key: string,
    launch: Launch,
    transfers: readonly (readonly [number, number, boolean])[],
    report: TimingReport,
  ): void {
    const ranges = rangesOf(launch);
    const touches: number[] = [];
    for (const [address, bytes, isHeld] of transfers) {
      const range = ranges.findIndex((extent) => address >= extent.address && address < extent.address + extent.bytes);
      if (range < 0) return;
      touches.push(range, address - (ranges[range]?.address ?? 0), bytes, Number(isHeld));
    }
    const known = this.#known.get(key) ?? [];
    this.#known.set(key, known);
    if (known.length < MOST_PATTERNS) known.push({ touches, report });
  }

  #readsScalars(kernel: number): boolean {
    const known = this.#scalarReaders.get(kernel);
    if (known !== undefined) return known;
    const streams = this.#kernels[kernel]?.streams ?? [];
    const reads = streams.some(({ words }) =>
      decode(words).instructions.some(({ definition }) => definition.mnemonic.startsWith('ld_xd_gm_')),
    );
    this.#scalarReaders.set(kernel, reads);
    return reads;
  }
}

const rangesOf = ({ reads, writes }: Launch): readonly Extent[] => [...(reads ?? []), ...(writes ?? [])];

/** Sizes of ranges, and how those that overlap lie to each other. */
const overlaps = (ranges: readonly Extent[]): string =>
  ranges
    .map(({ address, bytes }, index) => {
      const met = ranges.slice(0, index).flatMap((other, at) => {
        const isMet = other.address < address + bytes && address < other.address + other.bytes;
        return isMet ? [`${at}+${address - other.address}`] : [];
      });
      return [bytes, ...met].join(',');
    })
    .join(' ');

function answersAlike(touches: readonly number[], ranges: readonly Extent[], cache: CachedData): boolean {
  for (let at = 0; at < touches.length; at += TOUCH_WIDTH) {
    const [range = 0, offset = 0, bytes = 0, isHeld = 0] = touches.slice(at, at + TOUCH_WIDTH);
    if (cache.touch((ranges[range]?.address ?? 0) + offset, bytes) !== (isHeld === 1)) return false;
  }
  return true;
}

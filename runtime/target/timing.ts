/**
 * Timing constants, in cycles of the core clock and bytes per cycle, keyed by the timing classes of the instruction table.
 * Sources: Ascend C documentation (throughput, rates), the PTO cost model calibrated on a 910B3 (heads and tails), and
 * the public measurements that test/machine compares with.
 */

/** A vector operation: fill of the pipe, lanes per cycle by element size, drain. */
export interface VectorTiming {
  readonly head: number;
  readonly tail: number;
  /** Lanes per cycle for elements of at most 2 bytes, and of 4 bytes or more. */
  readonly lanes16: number;
  readonly lanes32: number;
}

/** A path through GM: bytes per cycle one core can take, and its start-up. */
export interface DmaTiming {
  readonly bytesPerCycle: number;
  /** Cycles from issue to the first byte. */
  readonly latency: number;
  /** Cycles that each row of a transfer costs at least. */
  readonly perBurst: number;
  readonly shared: 'read' | 'write';
}

/** An on-chip path. */
export interface CopyTiming {
  readonly bytesPerCycle: number;
  readonly latency: number;
}

/** The shared memory system, in bytes per core cycle over the whole chip. */
export interface SharedMemoryTiming {
  readonly hbmBytesPerCycle: number;
  readonly l2BytesPerCycle: number;
}

/** Everything the timing model needs of a chip. */
export interface ChipTiming {
  /** MACs along k per cycle of the 16 x N x 16 cube, by mad type suffix. */
  readonly cubeK: Readonly<Record<'f16' | 'bf16' | 'f32' | 's8', number>>;
  readonly madStart: number;
  readonly vector: Readonly<Record<string, VectorTiming>>;
  readonly vectorDefault: VectorTiming;
  readonly dma: Readonly<Record<string, DmaTiming>>;
  readonly copy: Readonly<Record<string, CopyTiming>>;
  readonly memory: SharedMemoryTiming;
  /** Instructions a queue holds before the scalar unit stalls. */
  readonly queueDepth: number;
  /** Cycles a kernel spends before its first instruction. */
  readonly launchCycles: number;
}

const v = (head: number, tail: number, lanes16: number, lanes32: number): VectorTiming => ({
  head,
  tail,
  lanes16,
  lanes32,
});

/** Vector classes of the 2201 set. Heads and tails: PTO cost model; lanes per cycle: Ascend C. */
export const vector2201: Readonly<Record<string, VectorTiming>> = {
  'vector.add': v(10, 14, 128, 64),
  'vector.sub': v(10, 14, 128, 64),
  'vector.mul': v(10, 15, 128, 64),
  'vector.div': v(11, 19, 32, 32),
  'vector.exp': v(13, 18, 32, 32),
  'vector.ln': v(13, 20, 32, 32),
  'vector.sqrt': v(14, 25, 32, 32),
  'vector.rsqrt': v(10, 14, 128, 64),
  'vector.rec': v(10, 14, 128, 64),
  'vector.abs': v(13, 16, 128, 64),
  'vector.relu': v(10, 13, 128, 64),
  'vector.addrelu': v(10, 14, 128, 64),
  'vector.max': v(10, 14, 128, 64),
  'vector.min': v(10, 14, 128, 64),
  'vector.muls': v(11, 15, 128, 64),
  'vector.lrelu': v(11, 15, 128, 64),
  'vector.adds': v(13, 18, 128, 64),
  'vector.maxs': v(10, 13, 128, 64),
  'vector.mins': v(10, 13, 128, 64),
  'vector.axpy': v(11, 15, 128, 64),
  'vector.mla': v(11, 15, 64, 32),
  'vector.madd': v(11, 15, 128, 64),
  'vector.and': v(8, 12, 128, 64),
  'vector.or': v(8, 12, 128, 64),
  'vector.shift': v(8, 12, 128, 64),
  'vector.cmp': v(14, 22, 128, 64),
  'vector.sel': v(13, 14, 128, 64),
  'vector.dup': v(11, 13, 128, 64),
  'vector.copy': v(11, 13, 128, 64),
  'vector.ci': v(11, 13, 128, 64),
  'vector.conv': v(14, 18, 128, 64),
  'vector.conv_64': v(14, 18, 32, 32),
  'vector.cadd': v(14, 32, 128 / 7, 64 / 7),
  'vector.cmax': v(14, 32, 128 / 7, 64 / 7),
  'vector.cmin': v(14, 32, 128 / 7, 64 / 7),
  'vector.cgadd': v(14, 24, 128 / 7, 64),
  'vector.cgmax': v(14, 17, 128 / 7, 64),
  'vector.cgmin': v(14, 17, 128 / 7, 64),
  'vector.cpadd': v(14, 24, 128, 64),
  'vector.gather': v(24, 14, 5, 5),
  'vector.gatherb': v(24, 14, 42, 21),
  'vector.reducev2': v(14, 20, 64, 32),
  'vector.transpose': v(14, 18, 128, 64),
  'vector.vnchwconv': v(14, 18, 128, 64),
  'vector.brcb': v(14, 18, 128, 64),
  'vector.bitsort': v(14, 20, 2, 2),
  'vector.mrgsort4': v(20, 20, 2, 2),
  'vector.copy_ub_ub': v(11, 13, 128, 64),
};

/**
 * Timing of the 2201 set at a clock. GM rates: 2.15 TB/s was measured for mixed reads and writes that miss L2 and 3.75 TB/s for reads that
 * hit it, so a byte costs by the roof that its traffic hits; the roofs scale inversely with the clock.
 */
export function timing2201(megahertz: number, memoryShare = 1): ChipTiming {
  const perCycle = (gigabytesPerSecond: number): number => (gigabytesPerSecond * 1000 * memoryShare) / megahertz;
  return {
    cubeK: { f16: 16, bf16: 16, f32: 4, s8: 32 },
    madStart: 8,
    vector: vector2201,
    vectorDefault: v(6, 14, 64, 32),
    dma: {
      'dma.gm_ub': { bytesPerCycle: (100.9 * 1.0737 * 1000) / 1850, latency: 300, perBurst: 4, shared: 'read' },
      'dma.gm_l1': { bytesPerCycle: 110, latency: 300, perBurst: 4, shared: 'read' },
      'dma.gm_l1.nd2nz': { bytesPerCycle: 84, latency: 300, perBurst: 0, shared: 'read' },
      'dma.ub_gm': { bytesPerCycle: (188.46 * 1.0737 * 1000) / 1850, latency: 200, perBurst: 4, shared: 'write' },
      'dma.l0c_gm': { bytesPerCycle: (70 * 1.0737 * 1000) / 1850, latency: 200, perBurst: 2, shared: 'write' },
      'dma.l1_gm': { bytesPerCycle: (32 * 1.0737 * 1000) / 1850, latency: 200, perBurst: 4, shared: 'write' },
    },
    copy: {
      'copy.l1_l0a': { bytesPerCycle: 256, latency: 8 },
      'copy.l1_l0b': { bytesPerCycle: 128, latency: 8 },
      'copy.l1_l0a.transpose': { bytesPerCycle: 256, latency: 8 },
      'copy.l1_l0b.transpose': { bytesPerCycle: 128, latency: 8 },
      'copy.l1_l0a.img2col': { bytesPerCycle: 256, latency: 8 },
      'copy.l1_l0b.img2col': { bytesPerCycle: 128, latency: 8 },
      'copy.l1_bt': { bytesPerCycle: 32, latency: 30 },
      'copy.l1_fb': { bytesPerCycle: 32, latency: 30 },
      'copy.l1_fill': { bytesPerCycle: 32, latency: 30 },
      'copy.l0c_l1': { bytesPerCycle: 128, latency: 30 },
    },
    memory: { hbmBytesPerCycle: perCycle(1800), l2BytesPerCycle: perCycle(5000) },
    queueDepth: 32,
    launchCycles: Math.round(20.5 * megahertz),
  };
}

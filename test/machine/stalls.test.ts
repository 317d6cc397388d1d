/** Where the time of pipes goes: every stall has its smallest kernel, and the states of a pipe add up in random ones. */
import { describe, expect, it } from 'vitest';
import { pipes } from '../../runtime/isa/index.ts';
import { PIPE_COUNT, laneState, laneStates, simulate } from '../../runtime/machine/index.ts';
import type { CoreRecord, KernelLaunch, LaneState, TimingReport } from '../../runtime/machine/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { globalMemory, stream } from './harness.ts';

const gm = globalMemory(64);
const STATES = laneStates.length;

function record(launch: Omit<KernelLaunch, 'arguments'>, segmentsPerCore = 1e6): TimingReport {
  const result = simulate({ ...launch, arguments: [0] }, defaultChip, gm, { record: { segmentsPerCore } });
  if (!result.ok) throw new Error(result.fault.message);
  return result.report;
}

const vector = (text: string, blocks = 1): TimingReport => record({ vector: stream(`${text}\nend`), blocks });
const cube = (text: string, blocks = 1): TimingReport => record({ cube: stream(`${text}\nend`), blocks });

const first = (report: TimingReport): CoreRecord => report.record!.cores[0]!;
const pipeNumber = (name: (typeof pipes)[number]): number => pipes.indexOf(name);

/** Cycles of a pipe of the first core in a state. */
const cyclesOf = (report: TimingReport, pipe: (typeof pipes)[number], state: LaneState): number =>
  first(report).cycles[pipeNumber(pipe) * STATES + laneState[state]]!;

const VADD = 'vadd_f32 0x20000, 0, 0x10100, 64, 1, 1, 1, 8, 8, 8';
const LOAD = 'copy_gm_to_ubuf 0, X0, 0, 1, 1024, 0, 0';

describe('each state', () => {
  it('startUp: the head of an empty vector pipe, the latency of a copy, the start of a mad', () => {
    expect(cyclesOf(vector(VADD), 'V', 'startUp')).toBe(10);
    expect(cyclesOf(vector(VADD), 'V', 'work')).toBe(64);
    expect(cyclesOf(cube('load_cbuf_to_ca 0, 0, 0, 4, 1, 0, 0, 0, 0'), 'MTE1', 'startUp')).toBe(8);
    expect(cyclesOf(cube('mad_f16 0, 0, 0, 16, 16, 16, 0, 0, 0, 1, 0'), 'M', 'startUp')).toBe(8);
  });

  it('bankConflict: sources in one bank group', () => {
    const report = vector('vadd_f32 0x10000, 0, 0x4000, 64, 1, 1, 1, 8, 8, 8');
    expect(cyclesOf(report, 'V', 'work')).toBe(64);
    expect(cyclesOf(report, 'V', 'bankConflict')).toBeGreaterThan(60);
    expect(cyclesOf(vector(VADD), 'V', 'bankConflict')).toBe(0);
  });

  it('hbmShare: a core alone has its path, 48 cores share; what 48 cores read again comes from L2', () => {
    expect(cyclesOf(vector(LOAD), 'MTE2', 'hbmShare')).toBe(0);
    const apart = 'get_block_idx X1\nmul X1, X1, 0x10000\nadd X0, X0, X1\n';
    expect(cyclesOf(vector(`${apart}${LOAD}`, 48), 'MTE2', 'hbmShare')).toBeGreaterThan(100);
    const loads = `${apart}${Array.from({ length: 3 }, () => LOAD).join('\n')}`;
    expect(cyclesOf(vector(loads, 48), 'MTE2', 'l2Share')).toBeGreaterThan(10);
  });

  it('flag: with the set_flag and the wait_flag, and the time between', () => {
    const kernel = `${LOAD}\nset_flag PIPE_MTE2, PIPE_V, 3\nwait_flag PIPE_MTE2, PIPE_V, 3\n${VADD}`;
    const report = vector(kernel);
    expect(cyclesOf(report, 'V', 'flag')).toBeGreaterThan(500);
    const { arrows, segments } = first(report);
    expect(arrows.length).toBe(1);
    expect([arrows.setter[0], arrows.waiter[0], arrows.flag[0]! % 8]).toEqual([8, 12, 3]);
    const waited = Array.from({ length: segments.length }, (_, at) => at).find(
      (at) => segments.state[at] === laneState.flag,
    )!;
    expect([segments.pc[waited], segments.end[waited]]).toEqual([12, arrows.taken[0]]);
  });

  it('barrier: the drain of earlier instructions, of one pipe and of all', () => {
    expect(cyclesOf(vector(`${VADD}\npipe_barrier PIPE_V\n${VADD}`), 'V', 'barrier')).toBe(14);
    expect(cyclesOf(vector(`${VADD}\npipe_barrier PIPE_ALL`), 'S', 'barrier')).toBeGreaterThan(64);
  });

  it('issue: the scalar unit comes late', () => {
    const late = Array.from({ length: 200 }, () => 'add X1, X1, 1').join('\n');
    expect(cyclesOf(vector(`${VADD}\n${late}\n${VADD}`), 'V', 'issue')).toBeGreaterThan(100);
  });

  it('fullQueue: more instructions than the queue holds', () => {
    expect(cyclesOf(vector(Array.from({ length: 40 }, () => VADD).join('\n')), 'S', 'fullQueue')).toBeGreaterThan(64);
  });

  it('fullQueue: the place of the first entry is free when it leaves, not before', () => {
    const { queueDepth } = defaultChip.timing;
    const behindFlag = (entries: number): number => {
      const barriers = Array.from({ length: entries }, () => 'pipe_barrier PIPE_MTE3').join('\n');
      const kernel = `${VADD}\nset_flag PIPE_V, PIPE_MTE3, 0\nwait_flag PIPE_V, PIPE_MTE3, 0\n${barriers}`;
      return cyclesOf(vector(kernel), 'S', 'fullQueue');
    };
    expect(behindFlag(queueDepth - 1)).toBe(0);
    expect(behindFlag(queueDepth)).toBeGreaterThan(30);
  });

  it('an arrow ends when its pipe goes on, not when the flag was set', () => {
    const kernel = `set_flag PIPE_MTE2, PIPE_V, 0\n${VADD}\nwait_flag PIPE_MTE2, PIPE_V, 0\n${VADD}`;
    const { arrows } = first(vector(kernel));
    expect(arrows.set[0]).toBeLessThan(5);
    expect(arrows.taken[0]).toBeGreaterThan(64);
  });

  it('crossCore: another core sets later', () => {
    const message = 1 + (2 << 4) + (3 << 8);
    const report = record({
      cube: stream('wait_flag_dev 3\nend'),
      vector: stream(`${VADD}\nffts_cross_core_sync PIPE_V, ${message}\nend`),
      blocks: 1,
    });
    expect(cyclesOf(report, 'S', 'crossCore')).toBeGreaterThan(64);
  });

  it('idle: waiting after the last operation of a pipe holds nobody up', () => {
    const report = vector(`${LOAD}\n${VADD}\nset_flag PIPE_V, PIPE_MTE2, 0\nwait_flag PIPE_V, PIPE_MTE2, 0`);
    expect(cyclesOf(report, 'MTE2', 'flag')).toBe(0);
  });
});

/** A kernel with random instructions, flags in pairs, barriers and a loop. */
function randomKernel(seed: number): string {
  let state = seed;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % limit;
  };
  const address = (): number => below(96) * 1024;
  const flagged = (from: string, to: string): string =>
    `set_flag PIPE_${from}, PIPE_${to}, 1\nwait_flag PIPE_${from}, PIPE_${to}, 1`;
  const choices: readonly (() => string)[] = [
    () => `copy_gm_to_ubuf ${address()}, X0, 0, ${1 + below(4)}, ${1 + below(256)}, 0, 0`,
    () => `copy_ubuf_to_gm X0, ${address()}, 0, 1, ${1 + below(256)}, 0, 0`,
    () => `vadd_f32 ${address()}, ${address()}, ${address()}, ${1 + below(32)}, 1, 1, 1, 8, 8, 8`,
    () => `vexp_f32 ${address()}, ${address()}, ${1 + below(32)}, 1, 1, 8, 8`,
    () => flagged('MTE2', 'V'),
    () => flagged('V', 'MTE3'),
    () => flagged('MTE3', 'MTE2'),
    () => flagged('V', 'S'),
    () => `pipe_barrier PIPE_${['V', 'MTE2', 'MTE3', 'ALL'][below(4)]}`,
    () => 'add X2, X2, 1',
  ];
  const body = Array.from({ length: 30 }, () => choices[below(choices.length)]!()).join('\n');
  return `get_block_idx X1\nmul X1, X1, 0x8000\nadd X0, X0, X1\nmov X3, 0\nloop: ${body}\nadd X3, X3, 1\nblt X3, 4, loop\nend`;
}

describe('random kernels', () => {
  const seeds = Array.from({ length: 40 }, (_, seed) => seed);

  it.each(seeds)('seed %i: segments do not overlap, and the states of each pipe add up to the launch', (seed) => {
    const launch = { vector: stream(randomKernel(seed)), blocks: 1 + (seed % 7) };
    const report = record(launch);
    const { record: _, ...unrecorded } = record(launch, 0);
    expect({ ...report, record: null }).toEqual({ ...unrecorded, record: null });
    report.record!.cores.forEach((core, number) => {
      const sums = new Float64Array(PIPE_COUNT * STATES);
      const ends = new Float64Array(PIPE_COUNT);
      const { length, pipe, state, start, end } = core.segments;
      for (let at = 0; at < length; at++) {
        expect(start[at]).toBeGreaterThanOrEqual(ends[pipe[at]!]! - 1e-6);
        ends[pipe[at]!] = end[at]!;
        sums[pipe[at]! * STATES + state[at]!]! += end[at]! - start[at]!;
      }
      for (let lane = 0; lane < PIPE_COUNT; lane++) {
        const states = core.cycles.subarray(lane * STATES, (lane + 1) * STATES);
        expect(states.reduce((sum, cycles) => sum + cycles)).toBeCloseTo(report.cycles, 6);
        expect(states[laneState.idle]).toBeGreaterThanOrEqual(-1e-6);
        expect(ends[lane]).toBeLessThanOrEqual(report.cycles + 1e-6);
        for (let at = 0; at < laneState.idle; at++) expect(states[at]).toBeCloseTo(sums[lane * STATES + at]!, 6);
        if (lane === 0) continue;
        const busy = states.subarray(0, laneState.flag).reduce((sum, cycles) => sum + cycles);
        expect(busy).toBeCloseTo(report.cores[number]!.busy[pipes[lane]!], 6);
      }
    });
  });

  it('sums by instruction are those of all cores by pipe', () => {
    const report = record({ vector: stream(randomKernel(3)), blocks: 4 });
    const { instructions, cores } = report.record!;
    for (const name of ['flag', 'work', 'hbmShare', 'bankConflict'] as const) {
      const at = laneState[name];
      const byPipe = cores.reduce(
        (sum, { cycles }) =>
          sum + cycles.reduce((all, value, index) => (index % STATES === at && index >= STATES ? all + value : all), 0),
        0,
      );
      const scalar = name === 'flag' ? cores.reduce((sum, { cycles }) => sum + cycles[at]!, 0) : 0;
      const own = name === 'work' ? cores.reduce((sum, _, number) => sum + report.cores[number]!.busy.S, 0) : 0;
      const byInstruction = instructions.vector!.cycles.reduce(
        (sum, value, index) => (index % STATES === at ? sum + value : sum),
        0,
      );
      expect(byInstruction, name).toBeCloseTo(byPipe + scalar + own, 6);
    }
  });

  it('over the limit segments are counted and sums stay', () => {
    const kernel = { vector: stream(randomKernel(5)), blocks: 1 };
    const [all, few] = [first(record(kernel)), first(record(kernel, 10))];
    expect(few.segments.length).toBe(10);
    expect(few.omitted).toBe(all.segments.length - 10);
    expect(few.cycles).toEqual(all.cycles);
  });
});

describe('operations that were executed', () => {
  const operations = (text: string, kind: 'cube' | 'vector' = 'vector'): readonly (readonly [string, number])[] => [
    ...record({ [kind]: stream(`${text}\nend`), blocks: 1 }).record!.operations,
  ];
  it('a mad does two for each product', () =>
    expect(operations('mad_f16 0, 0, 0, 16, 32, 48, 0, 0, 0, 1, 0', 'cube')).toEqual([['cube f16', 2 * 16 * 32 * 48]]));
  it('a vector instruction one for each lane that the mask lets through', () => {
    expect(operations(VADD)).toEqual([['vector f32', 4096]]);
    expect(operations(`set_vector_mask 0, 7\n${VADD}`)).toEqual([['vector f32', 192]]);
    expect(operations(`set_mask_count\nset_vector_mask 0, 100\n${VADD}`)).toEqual([['vector f32', 100]]);
  });
  it('a product with a sum two', () =>
    expect(operations('vaxpy_f32 0x20000, 0, 1, 64, 1, 1, 8, 8')).toEqual([['vector f32', 8192]]));
  it('copies none', () => expect(operations('vector_dup_b32 0, 0, 1, 1, 1, 8, 8')).toEqual([]));
});

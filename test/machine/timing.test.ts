/** The timing model against public measurements (rows a, e, g of the facts) and against its own laws. */
import { describe, expect, it } from 'vitest';
import { simulate, traceEvents } from '../../runtime/machine/index.ts';
import type { KernelLaunch, TimingReport } from '../../runtime/machine/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { globalMemory, stream } from './harness.ts';

const gm = globalMemory(64);

function time(launch: KernelLaunch, segmentsPerCore?: number): TimingReport {
  const options = segmentsPerCore === undefined ? {} : { record: { segmentsPerCore } };
  const result = simulate(launch, defaultChip, gm, options);
  if (!result.ok) throw new Error(result.fault.message);
  return result.report;
}

const vectorTime = (text: string): number => time({ vector: stream(text), blocks: 1, arguments: [] }).cycles;

/** Ratio of model to measurement. */
function within(model: number, measured: number, tolerance: number): void {
  expect(Math.abs(model / measured - 1), `model ${model.toFixed(1)}, measured ${measured}`).toBeLessThanOrEqual(
    tolerance,
  );
}

describe('row g: 1000 vadd of 64 repeats, with and without bank conflicts', () => {
  const perAdd = (addresses: string): number =>
    vectorTime(
      `mov X1, 0\nloop: vadd_f32 ${addresses}, 64, 1, 1, 1, 8, 8, 8\npipe_barrier PIPE_V\nadd X1, X1, 1\nblt X1, 1000, loop\nend`,
    ) / 1000;
  it('none: 88.4 cycles', () => within(perAdd('0x20000, 0, 0x10100'), 88.4, 0.02));
  it('read-read: 154.2 cycles', () => within(perAdd('0x10000, 0, 0x4000'), 154.2, 0.03));
  it('read-write: 138.8 cycles', () => within(perAdd('0x4020, 0, 0x10100'), 138.8, 0.12));
  it('dst in the bank of src0 and in step with it: none', () => within(perAdd('0x4000, 0, 0x10100'), 88.4, 0.02));
});

/** Two buffers of 8192 halves; X0, X1 are the sources, X2 the destination, 341 KB each per core. */
function addKernel(tiles: number): string {
  const half = (n: number): string =>
    `
    wait_flag PIPE_V, PIPE_MTE2, ${n}
    copy_gm_to_ubuf ${n * 0x4000}, X0, 0, 1, 512, 0, 0
    copy_gm_to_ubuf ${0x8100 + n * 0x4000}, X1, 0, 1, 512, 0, 0
    set_flag PIPE_MTE2, PIPE_V, ${n}
    wait_flag PIPE_MTE2, PIPE_V, ${n}
    wait_flag PIPE_MTE3, PIPE_V, ${n}
    vadd_f16 ${0x10200 + n * 0x4000}, ${n * 0x4000}, ${0x8100 + n * 0x4000}, 64, 1, 1, 1, 8, 8, 8
    set_flag PIPE_V, PIPE_MTE2, ${n}
    set_flag PIPE_V, PIPE_MTE3, ${n}
    wait_flag PIPE_V, PIPE_MTE3, ${n}
    copy_ubuf_to_gm X2, ${0x10200 + n * 0x4000}, 0, 1, 512, 0, 0
    set_flag PIPE_MTE3, PIPE_V, ${n}
    add X0, X0, 0x4000
    add X1, X1, 0x4000
    add X2, X2, 0x4000`.replaceAll('0x4000\n', '16384\n');
  const flags = (what: string): string =>
    [0, 1].flatMap((n) => [`${what}_flag PIPE_V, PIPE_MTE2, ${n}`, `${what}_flag PIPE_MTE3, PIPE_V, ${n}`]).join('\n');
  return `get_block_idx X3\nmul X3, X3, ${tiles * 16384}\nadd X0, X0, X3\nadd X1, X1, X3\nadd X2, X2, X3\n${flags('set')}
    mov X4, 0
    loop: ${half(0)}${half(1)}
    add X4, X4, 2
    blt X4, ${tiles}, loop
    ${flags('wait')}
    end`;
}

describe('row e: add of 8192 x 8192 halves on 48 vector cores', () => {
  it('takes 187.7 to 264 µs (with and without L2 bypass); one core 6909.6 µs without double buffers', () => {
    // 171 tiles of 16 KiB per core; measured in a tenth of the tiles.
    const tiles = 18;
    const kernel = stream(addKernel(tiles));
    const report = time({ vector: kernel, blocks: 48, arguments: [0x1000, 0x10000000, 0x20000000] });
    const whole = (report.microseconds * 8192 * 8192) / (tiles * 8192 * 48);
    within(whole, (187.7 + 264) / 2, 0.2);
    expect(report.cores).toHaveLength(48);
  });
});

/** One 128 x 256 output tile: base tiles of K = 64 through four buffers in L1 and two in L0. */
function matmulKernel(depth: number): string {
  const step = (n: number): string => `
    wait_flag PIPE_MTE1, PIPE_MTE2, ${n}
    copy_gm_to_cbuf_multi_nd2nz_b16 ${n * 0x10000}, X0, 0, 1, 128, 64, 0, 8192, 128, 1, 0
    copy_gm_to_cbuf_multi_nd2nz_b16 ${0x4000 + n * 0x10000}, X1, 0, 1, 64, 256, 0, 8192, 64, 1, 0
    set_flag PIPE_MTE2, PIPE_MTE1, ${n}
    wait_flag PIPE_MTE2, PIPE_MTE1, ${n}
    wait_flag PIPE_M, PIPE_MTE1, ${n % 2}
    ${Array.from({ length: 8 }, (_, row) => `load_cbuf_to_ca ${(n % 2) * 0x8000 + row * 2048}, ${n * 0x10000}, ${row}, 4, 8, 0, 0, 0, 0`).join('\n')}
    ${Array.from({ length: 4 }, (_, row) => `load_cbuf_to_cb ${(n % 2) * 0x8000 + row * 8192}, ${0x4000 + n * 0x10000}, ${row}, 16, 4, 0, 0, 1, 0`).join('\n')}
    set_flag PIPE_MTE1, PIPE_MTE2, ${n}
    set_flag PIPE_MTE1, PIPE_M, ${n % 2}
    wait_flag PIPE_MTE1, PIPE_M, ${n % 2}
    mad_f16 0, ${(n % 2) * 0x8000}, ${(n % 2) * 0x8000}, 128, 64, 256, 0, 0, 0, X9, 0
    set_flag PIPE_M, PIPE_MTE1, ${n % 2}
    mov X9, 0
    add X0, X0, 128
    add X1, X1, ${64 * 8192 * 2}`;
  const flags = (what: string): string =>
    [0, 1, 2, 3]
      .map((n) => `${what}_flag PIPE_MTE1, PIPE_MTE2, ${n}`)
      .concat([0, 1].map((n) => `${what}_flag PIPE_M, PIPE_MTE1, ${n}`))
      .join('\n');
  return `get_block_idx X3\ndiv X4, X3, 6\nrem X5, X3, 6\nmul X4, X4, ${128 * 8192 * 2}\nmul X5, X5, 512\nadd X0, X0, X4\nadd X1, X1, X5\nmov X9, 1\n${flags('set')}
    mov X6, 0
    loop: ${[0, 1, 2, 3].map(step).join('')}
    add X6, X6, 4
    blt X6, ${depth}, loop
    ${flags('wait')}
    set_flag PIPE_M, PIPE_FIX, 0
    wait_flag PIPE_M, PIPE_FIX, 0
    copy_matrix_cc_to_gm_f32 X2, 0, 0, 256, 128, 8192, 128, 0, 1, 0, 0, 1
    end`;
}

describe('row a: matmul of 8192 cubed halves on 24 cube cores, per base tile of 128 x 256 x 64', () => {
  const tilesPerCore = 8192 ** 3 / (128 * 256 * 64) / 24;
  const measured = (microseconds: number): number => (microseconds * 1850) / tilesPerCore;
  const depth = 96;
  const report = time({ cube: stream(matmulKernel(depth)), blocks: 24, arguments: [0, 0x8000000, 0x10000000] });
  const core = report.cores[7]!;
  it('mac 3076 µs', () => within(core.busy.M / depth, measured(3076), 0.02));
  it('mte1 2534 µs', () => within(core.busy.MTE1 / depth, measured(2534), 0.05));
  it('mte2 3436 µs', () => within(core.busy.MTE2 / depth, measured(3436), 0.1));
  it('whole core 3559 µs', () => within(core.cycles / depth, measured(3559), 0.1));
});

describe('laws', () => {
  const kernel = stream(matmulKernel(4));
  const report = time({ cube: kernel, blocks: 2, arguments: [0, 0x8000000, 0x10000000] }, 1000);

  it('no pipe is busy longer than the whole', () => {
    for (const core of report.cores)
      for (const busy of Object.values(core.busy)) expect(busy).toBeLessThanOrEqual(core.cycles);
  });

  it('a flag is taken no earlier than it is set', () => {
    for (const { arrows } of report.record!.cores) {
      expect(arrows.length).toBeGreaterThan(10);
      for (let at = 0; at < arrows.length; at++) expect(arrows.taken[at]).toBeGreaterThanOrEqual(arrows.set[at]!);
    }
  });

  it('more work takes longer', () => {
    expect(
      time({ cube: stream(matmulKernel(8)), blocks: 2, arguments: [0, 0x8000000, 0x10000000] }).cycles,
    ).toBeGreaterThan(report.cycles);
  });

  it('cross-core flags order cores in time, and a missing one is a deadlock', () => {
    const cube = stream(`ffts_cross_core_sync PIPE_MTE2, ${1 + (2 << 4) + (3 << 8)}\nwait_flag_dev 4\nend`);
    const vector = stream(
      `wait_flag_dev 3\nvadd_f32 0, 0, 0, 255, 1, 1, 1, 8, 8, 8\nffts_cross_core_sync PIPE_V, ${1 + (2 << 4) + (4 << 8)}\nend`,
    );
    const mix = time({ cube, vector, blocks: 2, arguments: [] });
    expect(mix.cores.map((core) => core.core)).toEqual([
      'core0.cubecore0',
      'core0.veccore0',
      'core0.veccore1',
      'core1.cubecore0',
      'core1.veccore0',
      'core1.veccore1',
    ]);
    expect(mix.cores[0]!.cycles).toBeGreaterThan(255);
    const stuck = simulate({ cube, blocks: 1, arguments: [] }, defaultChip, gm);
    expect(stuck.ok ? '' : stuck.fault.message).toContain('deadlock');
  });

  it('events carry the conventions of the trace viewer', () => {
    const events = traceEvents(report, { megahertz: defaultChip.megahertz, words: { cube: kernel.words } });
    expect(events[0]).toMatchObject({ ph: 'X', pid: 'core0.cubecore0', tid: 'MTE2' });
    expect(events.find((event) => event.tid === 'CUBE' && event.ph === 'X')).toMatchObject({ name: 'mad_f16' });
    expect(events.find((event) => event.ph === 's')).toMatchObject({
      cat: expect.stringMatching(/^\w+To\w+$/) as unknown,
      args: { detail: expect.stringContaining('TRIGGERPIPE:') as unknown },
    });
  });
});

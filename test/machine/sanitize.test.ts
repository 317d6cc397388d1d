/** The race check: ordered kernels pass, and every ordering that is taken away is missed. */
import { describe, expect, it } from 'vitest';
import { WrittenBytes, sanitize } from '../../runtime/machine/index.ts';
import type { KernelLaunch, SanitizeOptions } from '../../runtime/machine/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { globalMemory, stream } from './harness.ts';

function findings(launch: KernelLaunch, options: SanitizeOptions = {}): string[] {
  return sanitize(launch, defaultChip, globalMemory(), options).findings.map((found) =>
    `${found.kind} ${found.pipe}${found.other === null ? '' : `<${found.other.pipe}`} ${found.space ?? ''}`.trim(),
  );
}
const vectorFindings = (text: string, options: SanitizeOptions = {}): string[] =>
  findings({ vector: stream(text), blocks: 1, arguments: [0x1000, 0x20000, 0x40000] }, options);

/** Adds tiles of 2048 floats with two buffers; lines that match `without` are left out. */
function addKernel(without = /^$/): string {
  const half = (n: number): string => `
    wait_flag PIPE_V, PIPE_MTE2, ${n}
    copy_gm_to_ubuf ${n * 0x4000}, X0, 0, 1, 256, 0, 0
    copy_gm_to_ubuf ${0x8000 + n * 0x4000}, X1, 0, 1, 256, 0, 0
    set_flag PIPE_MTE2, PIPE_V, ${n}
    wait_flag PIPE_MTE2, PIPE_V, ${n}
    wait_flag PIPE_MTE3, PIPE_V, ${n}
    vadd_f32 ${0x10000 + n * 0x4000}, ${n * 0x4000}, ${0x8000 + n * 0x4000}, 32, 1, 1, 1, 8, 8, 8
    pipe_barrier PIPE_V
    vmuls_f32 ${0x10000 + n * 0x4000}, ${0x10000 + n * 0x4000}, 2.0, 32, 1, 1, 8, 8
    set_flag PIPE_V, PIPE_MTE2, ${n}
    set_flag PIPE_V, PIPE_MTE3, ${n}
    wait_flag PIPE_V, PIPE_MTE3, ${n}
    copy_ubuf_to_gm X2, ${0x10000 + n * 0x4000}, 0, 1, 256, 0, 0
    set_flag PIPE_MTE3, PIPE_V, ${n}
    add X0, X0, 8192
    add X1, X1, 8192
    add X2, X2, 8192`;
  const flags = (what: string): string =>
    [0, 1].flatMap((n) => [`${what}_flag PIPE_V, PIPE_MTE2, ${n}`, `${what}_flag PIPE_MTE3, PIPE_V, ${n}`]).join('\n');
  const text = `get_block_idx X3\nmul X3, X3, 0x8000\nadd X0, X0, X3\nadd X1, X1, X3\nadd X2, X2, X3\n${flags('set')}
    mov X4, 0
    loop: ${half(0)}${half(1)}
    add X4, X4, 2
    blt X4, 4, loop
    ${flags('wait')}
    end`;
  return text
    .split('\n')
    .filter((line) => !without.test(line.trim()))
    .join('\n');
}

describe('a double-buffered kernel', () => {
  it('is in order, on several cores too', () => {
    expect(vectorFindings(addKernel())).toEqual([]);
    expect(findings({ vector: stream(addKernel()), blocks: 3, arguments: [0x1000, 0x20000, 0x40000] })).toEqual([]);
  });

  it.each([
    ['MTE2 to V', /PIPE_MTE2, PIPE_V/, 'read-after-write V<MTE2 ub'],
    ['V to MTE2', /PIPE_V, PIPE_MTE2/, 'write-after-read MTE2<V ub'],
    ['V to MTE3', /PIPE_V, PIPE_MTE3/, 'read-after-write MTE3<V ub'],
    ['MTE3 to V', /PIPE_MTE3, PIPE_V/, 'write-after-read V<MTE3 ub'],
    ['the barrier', /^pipe_barrier/, 'read-after-write V<V ub'],
  ] as const)('without %s it is caught', (_, without, wanted) => {
    expect(vectorFindings(addKernel(without))).toContain(wanted);
  });

  it('cores that write the same bytes are caught', () => {
    expect(
      findings({ vector: stream(addKernel(/^mul X3/)), blocks: 2, arguments: [0x1000, 0x20000, 0x40000] }),
    ).toContain('write-after-write MTE3<MTE3 gm');
  });

  it('every wait of it is needed, and one too many is noted', () => {
    expect(
      vectorFindings(addKernel(), { findRedundantWaits: true }).filter((found) => found !== 'redundant-wait S'),
    ).toEqual([]);
    const straight = `copy_gm_to_ubuf 0, X0, 0, 1, 8, 0, 0
      set_flag PIPE_MTE2, PIPE_V, 0
      wait_flag PIPE_MTE2, PIPE_V, 0
      vabs_f32 0x100, 0, 1, 1, 1, 8, 8
      set_flag PIPE_V, PIPE_MTE3, 0
      wait_flag PIPE_V, PIPE_MTE3, 0
      copy_ubuf_to_gm X2, 0x100, 0, 1, 8, 0, 0
      end`;
    expect(vectorFindings(straight, { findRedundantWaits: true })).toEqual([]);
    const extra = straight.replace(
      'vabs_f32',
      'set_flag PIPE_MTE2, PIPE_MTE3, 0\nwait_flag PIPE_MTE2, PIPE_MTE3, 0\nvabs_f32',
    );
    expect(vectorFindings(extra, { findRedundantWaits: true })).toEqual(['redundant-wait S']);
  });
});

describe('single defects', () => {
  it('reads of memory that nothing wrote', () => {
    expect(vectorFindings('vabs_f32 0x100, 0, 1, 1, 1, 8, 8\nend')).toEqual(['unwritten V ub']);
    expect(
      vectorFindings('vector_dup_b32 0, 0, 1, 1, 1, 8, 0\npipe_barrier PIPE_V\nvabs_f32 0x400, 0, 2, 1, 1, 8, 8\nend'),
    ).toEqual(['partly-unwritten V ub']);
  });

  it('reads of GM that holds no values yet, as far as the host says so', () => {
    const written = new WrittenBytes(1 << 20);
    written.mark(0x1003, 0x1080);
    const text =
      'copy_gm_to_ubuf 0, X0, 0, 1, 4, 0, 0\nadd X0, X0, 0x1000\ncopy_gm_to_ubuf 0x100, X0, 0, 1, 4, 0, 0\nend';
    expect(vectorFindings(text, { written })).toEqual(['partly-unwritten MTE2 gm', 'unwritten MTE2 gm']);
    expect([written.unwritten(0x1000, 0x1080), written.unwritten(0x1079, 0x1091)]).toEqual([3, 17]);
  });

  it('a flag that may be set again before it is taken', () => {
    const twice =
      'copy_gm_to_ubuf 0, X0, 0, 1, 8, 0, 0\nset_flag PIPE_MTE2, PIPE_V, 0\nwait_flag PIPE_MTE2, PIPE_V, 0\n';
    expect(vectorFindings(`${twice}${twice.replace('ubuf 0', 'ubuf 0x100')}end`)).toEqual(['flag-reuse MTE2']);
  });

  it('faults end the check and are reported', () => {
    expect(vectorFindings('copy_gm_to_ubuf 0x2fff0, X0, 0, 1, 8, 0, 0\nend')).toEqual(['fault S']);
    expect(vectorFindings('wait_flag PIPE_MTE2, PIPE_V, 0\nend')).toEqual(['fault S']);
  });

  it('bytes of one block written by different instructions do not conflict', () => {
    expect(
      vectorFindings(
        'vector_dup_b32 0, 0, 4, 1, 1, 8, 0\npipe_barrier PIPE_V\nvcadd_f32 0x1000, 0, 1, 1, 1, 8\nvcadd_f32 0x1004, 0x100, 1, 1, 1, 8\npipe_barrier PIPE_V\nvcadd_f32 0x2000, 0x1000, 1, 1, 1, 8\nend',
      ),
    ).toEqual(['partly-unwritten V ub']);
  });

  it('cross-core flags order GM between the cores of a mix kernel', () => {
    const cube = (flag: string): string =>
      `create_cbuf_matrix_b32 0, 1, 2, 0, 5\nset_flag PIPE_MTE2, PIPE_MTE3, 0\nwait_flag PIPE_MTE2, PIPE_MTE3, 0\ncopy_cbuf_to_gm X0, 0, 0, 1, 2, 0, 0\n${flag}end`;
    const vector = (wait: string): string => `${wait}copy_gm_to_ubuf 0, X0, 0, 1, 2, 0, 0\nend`;
    const set = `ffts_cross_core_sync PIPE_MTE3, ${1 + (2 << 4) + (3 << 8)}\n`;
    expect(
      findings({ cube: stream(cube(set)), vector: stream(vector('wait_flag_dev 3\n')), blocks: 1, arguments: [64] }),
    ).toEqual([]);
    expect(findings({ cube: stream(cube('')), vector: stream(vector('')), blocks: 1, arguments: [64] })).toContain(
      'read-after-write MTE2<MTE3 gm',
    );
  });
});

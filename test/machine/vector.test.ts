/** Vector instructions against plain arithmetic. */
import { describe, expect, it } from 'vitest';
import { compileAction, compileFootprint, instructions } from '../../runtime/isa/index.ts';
import { f16FromNumber, f32ToBits } from '../../runtime/numerics/index.ts';
import { elements, globalMemory, integers, memoryAfter, run, tryRun } from './harness.ts';
import { A, D, sizeOf, vectorRun } from './vector-harness.ts';
import type { Type } from './vector-harness.ts';

describe('the table', () => {
  it('compiles every data meaning to an action and a footprint', () => {
    for (const definition of instructions) {
      if (definition.meaning.kind === 'control' || definition.meaning.kind === 'synchronization') continue;
      expect(typeof compileAction(definition)).toBe('function');
      expect(typeof compileFootprint(definition)).toBe('function');
    }
  });
});

const COUNT = 128;
const binaryCases: readonly (readonly [string, readonly Type[], (a: number, b: number, d: number) => number])[] = [
  ['vadd', ['f32', 'f16', 's32', 's16'], (a, b) => a + b],
  ['vsub', ['f32', 'f16', 's32', 's16'], (a, b) => a - b],
  ['vmul', ['f32', 'f16', 's32', 's16'], (a, b) => a * b],
  ['vdiv', ['f32'], (a, b) => Math.fround(a / b)],
  ['vmax', ['f32', 'f16', 's32', 's16'], (a, b) => Math.max(a, b)],
  ['vmin', ['f32', 'f16', 's32', 's16'], (a, b) => Math.min(a, b)],
  ['vmla', ['f32', 'f16'], (a, b, d) => d + a * b],
  ['vmadd', ['f32', 'f16'], (a, b, d) => a * d + b],
  ['vaddrelu', ['f32', 'f16'], (a, b) => Math.max(a + b, 0)],
];

describe('binary operations', () => {
  const a = integers(COUNT, 1);
  const b = integers(COUNT, 2).map((value) => value || 5);
  for (const [name, types, value] of binaryCases) {
    it.each(types)(`${name}_%s, whole, masked and counted`, (type) => {
      const repeats = (COUNT * sizeOf[type]) / 256;
      const call = `${name}_${type} 0x8000, 0, 0x4000, ${repeats}, 1, 1, 1, 8, 8, 8`;
      const wanted = a.map((x, at) => value(x, b[at]!, 7) + 0);
      const plus = (values: readonly number[]): number[] => values.map((x) => x + 0);
      expect(plus(vectorRun(type, a, b, call))).toEqual(wanted);
      const masked = vectorRun(type, a, b, `set_vector_mask 0, 0x0f0f\n${call}`);
      const lanes = 256 / sizeOf[type];
      expect(plus(masked)).toEqual(wanted.map((x, at) => ((0x0f0f >> (at % lanes)) & 1 && at % lanes < 16 ? x : 7)));
      const counted = vectorRun(type, a, b, `set_mask_count\nset_vector_mask 0, 77\n${call}`);
      expect(plus(counted)).toEqual(wanted.map((x, at) => (at < 77 ? x : 7)));
    });
  }

  it('block and repeat strides broadcast and spread', () => {
    const row = vectorRun('f32', a, b, 'vadd_f32 0x8000, 0, 0x4000, 2, 1, 1, 0, 8, 8, 0');
    expect(row).toEqual(a.map((x, at) => x + b[at % 8]!));
  });

  it('and, or, not work on bits; shifts round on request', () => {
    expect(vectorRun('s16', a, b, 'vand_b16 0x8000, 0, 0x4000, 1, 1, 1, 1, 8, 8, 8')).toEqual(
      a.map((x, at) => x & b[at]!),
    );
    expect(vectorRun('s16', a, b, 'vor_b16 0x8000, 0, 0x4000, 1, 1, 1, 1, 8, 8, 8')).toEqual(
      a.map((x, at) => x | b[at]!),
    );
    expect(vectorRun('s16', a, b, 'vnot_b16 0x8000, 0, 1, 1, 1, 8, 8')).toEqual(a.map((x) => ~x));
    expect(vectorRun('s32', a, b, 'vshl_s32 0x8000, 0, 3, 2, 1, 1, 8, 8')).toEqual(a.map((x) => x << 3));
    expect(vectorRun('s32', a, b, 'vshr_s32 0x8000, 0, 1, round=1, 2, 1, 1, 8, 8')).toEqual(
      a.map((x) => (x >> 1) + (x & 1)),
    );
  });
});

describe('compare, select, reduce', () => {
  const a = integers(COUNT, 21);
  const b = integers(COUNT, 22);

  it('vcmpv gives bits and vsel takes them; vcmp goes through the compare mask', () => {
    const tensors = vectorRun(
      'f32',
      a,
      b,
      'vcmpv_lt_f32 0xc000, 0, 0x4000, 2, 1, 1, 8, 8\nvsel_tt_b32 0x8000, 0, 0x4000, 0xc000, 2, 1, 1, 1, 8, 8, 8',
    );
    expect(tensors).toEqual(a.map((x, at) => Math.min(x, b[at]!)));
    const scalar = vectorRun(
      'f16',
      a,
      b,
      `vcmpvs_gt_f16 0xc000, 0, 1.0, 1, 1, 8\nvsel_ts_b16 0x8000, 0, ${f16FromNumber(-9)}, 0xc000, 1, 1, 1, 8, 8`,
    );
    expect(scalar).toEqual(a.map((x) => (x > 1 ? x : -9)));
    const masked = vectorRun(
      'f32',
      a,
      b,
      'vcmp_ge_f32 0, 0x4000, 1, 1, 1, 8, 8\nvsel_cmpmask_b32 0x8000, 0, 0x4000, 1, 1, 1, 1, 8, 8, 8',
    );
    expect(masked.slice(0, 64)).toEqual(a.slice(0, 64).map((x, at) => Math.max(x, b[at]!)));
  });

  it('reductions per repeat, per block and per pair', () => {
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    const halves = [a.slice(0, 64), a.slice(64)];
    expect(vectorRun('f32', a, b, 'vcadd_f32 0x8000, 0, 2, 1, 1, 8').slice(0, 3)).toEqual([...halves.map(sum), 7]);
    expect(vectorRun('f32', a, b, 'vcmax_f32 0x8000, 0, 2, 1, 1, 8').slice(0, 3)).toEqual([
      ...halves.map((half) => Math.max(...half)),
      7,
    ]);
    expect(
      vectorRun('f32', a, b, 'set_mask_count\nset_vector_mask 0, 70\nvcadd_f32 0x8000, 0, 0, 1, 1, 8').slice(0, 2),
    ).toEqual([sum(a.slice(0, 64)), sum(a.slice(64, 70))]);
    const blocks = Array.from({ length: 16 }, (_, at) => a.slice(at * 8, at * 8 + 8));
    expect(vectorRun('f32', a, b, 'vcgadd_f32 0x8000, 0, 2, 1, 1, 8').slice(0, 16)).toEqual(blocks.map(sum));
    expect(vectorRun('f32', a, b, 'vcgmin_f32 0x8000, 0, 2, 1, 1, 8').slice(0, 16)).toEqual(
      blocks.map((block) => Math.min(...block)),
    );
    expect(vectorRun('f16', a, b, 'vcpadd_f16 0x8000, 0, 1, 1, 1, 8').slice(0, 64)).toEqual(
      Array.from({ length: 64 }, (_, at) => a[2 * at]! + a[2 * at + 1]!),
    );
    const indexed = memoryOfIndexedMaximum(a);
    expect(indexed).toEqual(halves.flatMap((half) => [Math.max(...half), half.indexOf(Math.max(...half))]));
  });

  function memoryOfIndexedMaximum(values: readonly number[]): number[] {
    const gm = globalMemory();
    values.forEach((value, at) => gm.storeF32(A + at * 4, value));
    const bytes = memoryAfter(
      'vector',
      'copy_gm_to_ubuf 0, X0, 0, 1, 16, 0, 0\nvcmax_vi_f32 0x8000, 0, 2, 1, 1, 8\nend',
      gm,
      [A],
      'ub',
    );
    const view = new DataView(bytes.buffer, 0x8000);
    return [0, 8].flatMap((at) => [view.getFloat32(at, true), view.getUint32(at + 4, true)]);
  }
});

describe('permutations', () => {
  const a = Array.from({ length: 256 }, (_, at) => at);

  it('vgather, vgatherb, vbrcb, vci, vector_dup, vreducev2', () => {
    expect(
      vectorRun(
        's32',
        a,
        a,
        'vci_s32 0xc000, 5, 1, 1, 8\nvshl_s32 0xc000, 0xc000, 2, 1, 1, 1, 8, 8\nvgather_b32 0x8000, 0xc000, 0, 8, 1',
      ).slice(0, 64),
    ).toEqual(a.slice(5, 69));
    expect(
      vectorRun(
        's32',
        a,
        a,
        'vci_s32 0xc000, 1, 1, 1, 8\nvshl_s32 0xc000, 0xc000, 5, 1, 1, 1, 8, 8\nvgatherb_b32 0x8000, 0xc000, 0, 1, 8, 1',
      ).slice(0, 64),
    ).toEqual(a.slice(8, 72));
    expect(vectorRun('s32', a, a, 'vbrcb_b32 0x8000, 0, 1, 8, 2').slice(0, 128)).toEqual(
      a.slice(0, 128).map((_, at) => Math.floor(at / 8)),
    );
    expect(vectorRun('s32', a, a, 'vector_dup_b32 0x8000, 9, 1, 1, 1, 8, 0').slice(0, 65)).toEqual([
      ...a.slice(0, 64).map(() => 9),
      7,
    ]);
    expect(vectorRun('s32', a, a, 'vreducev2_b32 0x8000, 0, 0x4000, 2, 1, pattern_mode=2, 8, 0').slice(0, 65)).toEqual([
      ...a.slice(0, 64).map((at) => 2 * at + 1),
      7,
    ]);
    const bits = 'vcmpvs_gt_s32 0xc000, 0, 99, 4, 1, 8\nvreducev2_b32 0x8000, 0, 0xc000, 4, 1, pattern_mode=0, 8, 0';
    expect(vectorRun('s32', a, a, bits.replace('8, 0', '8, 0')).slice(0, 1)).toEqual([7]); // one word of bits serves every repeat here
  });

  it('vtranspose and scatter_vnchwconv', () => {
    expect(vectorRun('s16', a, a, 'vtranspose_b16 0x8000, 0')).toEqual(
      a.map((_, at) => (at % 16) * 16 + Math.floor(at / 16)),
    );
    const addresses = (base: number, step: number, first: number): string =>
      Array.from({ length: 8 }, (_, at) => base + (first + at) * step).join(', ');
    const setup = (step: number): string =>
      `set_va_reg_sb 0, ${addresses(0x8000, step, 0)}\nset_va_reg_sb 1, ${addresses(0x8000, step, 8)}\nset_va_reg_sb 2, ${addresses(0, step, 0)}\nset_va_reg_sb 3, ${addresses(0, step, 8)}\n`;
    expect(vectorRun('s16', a, a, `${setup(32)}scatter_vnchwconv_b16 0, 2, 1, 0, 0`)).toEqual(
      a.map((_, at) => (at % 16) * 16 + Math.floor(at / 16)),
    );
    expect(vectorRun('s32', a, a, `${setup(32)}scatter_vnchwconv_b32 0, 2, 1, 0, 0`).slice(0, 128)).toEqual(
      a.slice(0, 128).map((_, at) => (at % 16) * 8 + Math.floor(at / 16)),
    );
  });

  it('vbitsort and vmrgsort4 sort 64 scores', () => {
    const scores = integers(64, 31).map((value, at) => value + at / 100);
    const gm = globalMemory();
    scores.forEach((value, at) => gm.storeF32(A + at * 4, value));
    const bytes = memoryAfter(
      'vector',
      `copy_gm_to_ubuf 0, X0, 0, 1, 8, 0, 0
      vci_s32 0x1000, 0, 1, 1, 8
      vbitsort_f32 0x2000, 0, 0x1000, 2
      vmrgsort4_f32 0x8000, 0x2000, 0x2100, 0, 0, 32, 32, 0, 0, 1
      end`,
      gm,
      [A],
      'ub',
    );
    const view = new DataView(bytes.buffer, 0x8000);
    const found = scores.map((_, at) => [view.getFloat32(at * 8, true), view.getUint32(at * 8 + 4, true)]);
    const wanted = scores.map((value, at) => [Math.fround(value), at]).sort((x, y) => y[0]! - x[0]!);
    expect(found).toEqual(wanted);
  });
});

describe('moves', () => {
  it('align moves pad on both sides and store ragged rows', () => {
    const gm = globalMemory();
    for (let at = 0; at < 64; at++) gm.storeF32(A + at * 4, at);
    run(
      'vector',
      `set_mov_pad_val ${f32ToBits(-1)}
      copy_gm_to_ubuf_align_b32 0, X0, 0, n_burst=3, len_burst=20, left_pad=2, right_pad=1, src_gap=8, dst_gap=1
      copy_ubuf_to_gm X1, 0, 0, 1, 6, 0, 0
      add X2, X1, 256
      copy_ubuf_to_gm_align_b32 X2, 0, 0, n_burst=3, len_burst=28, 0, 0, src_gap=1, dst_gap=4
      end`,
      gm,
      [A, D],
    );
    expect(elements(gm, 'loadF32', D, 4, 8)).toEqual([-1, -1, 0, 1, 2, 3, 4, -1]);
    expect(elements(gm, 'loadF32', D + 64, 4, 8)).toEqual([-1, -1, 7, 8, 9, 10, 11, -1]);
    expect(elements(gm, 'loadF32', D + 256, 4, 16)).toEqual([-1, -1, 0, 1, 2, 3, 4, 0, -1, -1, 7, 8, 9, 10, 11, 0]);
  });

  it('faults say where', () => {
    const fault = (text: string): string => {
      const result = tryRun('vector', text, globalMemory(4096), [0]);
      return result.ok
        ? 'ok'
        : `${result.fault.pipe} ${result.fault.pc} ${result.fault.address}: ${result.fault.message}`;
    };
    expect(fault('mov X1, 1\ncopy_gm_to_ubuf 0, 4064, 0, 1, 2, 0, 0\nend')).toBe(
      'MTE2 3 4064: 64 bytes from gm reach outside its 4096 bytes',
    );
    expect(fault('vadd_f32 0x2fff0, 0, 0, 1, 1, 1, 1, 8, 8, 8\nend')).toBe(
      'S 0 196592: vadd_f32: dst is not a multiple of 32',
    );
    expect(fault('vadd_f32 0x2ff80, 0, 0, 1, 1, 1, 1, 8, 8, 8\nend')).toBe(
      'V 0 196608: address is outside ub (196608 bytes)',
    );
    expect(fault('mad_f16 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 0\nend')).toBe(
      'S 0 null: mad_f16 does not exist on a vector core',
    );
    expect(fault('wait_flag PIPE_MTE2, PIPE_V, 0\nend')).toBe(
      'S 0 null: wait for flag 0 from MTE2 to V, which is not set before it in the stream',
    );
    expect(fault('set_flag PIPE_MTE2, PIPE_V, 0\nend')).toContain('is still set at the end');
    expect(fault('set_flag PIPE_M, PIPE_V, 0\nend')).toContain('a vector core has no flag from M to V');
    expect(fault('here: jump here')).toContain('more than');
    expect(fault('mov X1, 1')).toContain('ends without an end');
    expect(fault('.word 0xfff')).toContain('is no instruction');
    expect(fault('wait_flag_dev 3\nend')).toContain('deadlock');
  });
});

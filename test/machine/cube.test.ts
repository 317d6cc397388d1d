/** Matrix products and convolutions in hand-written assembly against plain loops: the layouts end to end. */
import { describe, expect, it } from 'vitest';
import { elements, globalMemory, integers, memoryAfter, run } from './harness.ts';

const A = 0x1000;
const B = 0x8000;
const C = 0x20000;

function product(a: readonly number[], b: readonly number[], m: number, k: number, n: number): number[] {
  return Array.from({ length: m * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let p = 0; p < k; p++) sum += a[i * k + p]! * b[p * n + j]!;
    return sum + 0;
  });
}

const [M, K, N] = [37, 45, 29];

describe('matmul with ragged sizes', () => {
  const a = integers(M * K, 1);
  const b = integers(K * N, 2);
  const wanted = product(a, b, M, K, N);

  it('f32: nd2nz, fractal loads, transposing load, mad, nz2nd', () => {
    const gm = globalMemory();
    a.forEach((value, at) => gm.storeF32(A + at * 4, value));
    b.forEach((value, at) => gm.storeF32(B + at * 4, value));
    run(
      'cube',
      `
      copy_gm_to_cbuf_multi_nd2nz_b32s dst=0, src=X0, 0, nd_num=1, n_value=37, d_value=45, 0, src_d_value=45, dst_nz_c0_stride=48, dst_nz_n_stride=1, 0
      // B as [K/16][N/8][16][8], so that the two halves of a square follow each other
      copy_gm_to_cbuf_multi_nd2nz_b32s dst=0x10000, src=X1, 0, nd_num=2, n_value=16, d_value=29, src_nd_stride=464, src_d_value=29, 16, 1, dst_nz_matrix_stride=512
      add X4, X1, ${32 * 29 * 4}
      copy_gm_to_cbuf_multi_nd2nz_b32s dst=0x11000, src=X4, 0, 1, 13, 29, 0, 29, 16, 1, 0
      set_flag PIPE_MTE2, PIPE_MTE1, 0
      wait_flag PIPE_MTE2, PIPE_MTE1, 0
      mov X10, 0
      mov X11, 0
      rows:
      load_cbuf_to_ca dst=X11, src=0, start_idx=X10, repeat=6, src_stride=3, dst_gap=0, 0, 0, 0
      add X10, X10, 1
      add X11, X11, 3072
      blt X10, 3, rows
      load_cbuf_to_cb_transpose_b32 dst=0, src=0x10000, 0, repeat=2, src_stride=1, dst_gap=0, 0, dst_frac_gap=1
      load_cbuf_to_cb_transpose_b32 dst=2048, src=0x10000, 2, repeat=2, src_stride=1, dst_gap=0, 0, dst_frac_gap=1
      load_cbuf_to_cb_transpose_b32 dst=4096, src=0x10000, 4, repeat=2, src_stride=1, dst_gap=0, 0, dst_frac_gap=1
      set_flag PIPE_MTE1, PIPE_M, 0
      wait_flag PIPE_MTE1, PIPE_M, 0
      mad_f32 0, 0, 0, m=37, k=45, n=29, 0, 0, 0, c_init_val=1, 0
      set_flag PIPE_M, PIPE_FIX, 0
      wait_flag PIPE_M, PIPE_FIX, 0
      copy_matrix_cc_to_gm_f32 dst=X2, src=0, 0, n_size=29, m_size=37, dst_stride=29, src_stride=48, 0, quant_pre=0, relu_pre=0, 0, nz2nd_en=1
      end
    `,
      gm,
      [A, B, C],
    );
    expect(elements(gm, 'loadF32', C, 4, M * N)).toEqual(wanted);
  });

  it('f16 to f32 and, with relu, to f16 and bf16', () => {
    const gm = globalMemory();
    a.forEach((value, at) => gm.storeF16(A + at * 2, value));
    b.forEach((value, at) => gm.storeF16(B + at * 2, value));
    run(
      'cube',
      `
      copy_gm_to_cbuf_multi_nd2nz_b16 0, X0, 0, 1, 37, 45, 0, 45, 48, 1, 0
      copy_gm_to_cbuf_multi_nd2nz_b16 0x10000, X1, 0, 1, 45, 29, 0, 29, 48, 1, 0
      load_cbuf_to_ca 0, 0, 0, 3, 3, 0, 0, 0, 0
      load_cbuf_to_ca 1536, 0, 1, 3, 3, 0, 0, 0, 0
      load_cbuf_to_ca 3072, 0, 2, 3, 3, 0, 0, 0, 0
      load_cbuf_to_cb 0, 0x10000, 0, 2, 3, 0, 0, transpose=1, 0
      load_cbuf_to_cb 1024, 0x10000, 1, 2, 3, 0, 0, transpose=1, 0
      load_cbuf_to_cb 2048, 0x10000, 2, 2, 3, 0, 0, transpose=1, 0
      mad_f16 0, 0, 0, 37, 45, 29, 0, 0, 0, 1, 0
      copy_matrix_cc_to_gm_f32 X2, 0, 0, 29, 37, 29, 48, 0, 0, 0, 0, 1
      copy_matrix_cc_to_gm_f32 X3, 0, 0, 29, 37, 29, 48, 0, quant_pre=1, relu_pre=1, 0, 1
      copy_matrix_cc_to_gm_f32 X4, 0, 0, 29, 37, 29, 48, 0, quant_pre=16, relu_pre=1, 0, 1
      end
    `,
      gm,
      [A, B, C, 2 * C, 3 * C],
    );
    const relu = wanted.map((value) => Math.max(value, 0));
    expect(elements(gm, 'loadF32', C, 4, M * N)).toEqual(wanted);
    expect(elements(gm, 'loadF16', 2 * C, 2, M * N)).toEqual(relu);
    expect(
      elements(gm, 'loadBF16', 3 * C, 2, M * N).map(
        (value, at) => Math.abs(value - relu[at]!) <= Math.abs(relu[at]!) / 256,
      ),
    ).not.toContain(false);
  });

  it('s8 with bias from BT, accumulation, requantization to s8 and dequantization to f16', () => {
    const [m, k, n] = [16, 64, 32];
    const left = integers(m * k, 5);
    const right = integers(n * k, 6);
    const bias = integers(n, 7).map((value) => value * 10);
    const gm = globalMemory();
    left.forEach((value, at) => gm.storeS8(A + at, value));
    right.forEach((value, at) => gm.storeS8(B + at, value)); // [n, k]: rows become nZ without transposing
    bias.forEach((value, at) => gm.storeS32(A + 0x4000 + at * 4, value));
    const half = new Uint32Array(Float32Array.of(0.5).buffer)[0]!;
    run(
      'cube',
      `
      copy_gm_to_cbuf_multi_nd2nz_b8 0, X0, 0, 1, 16, 64, 0, 64, 16, 1, 0
      copy_gm_to_cbuf_multi_nd2nz_b8 0x4000, X1, 0, 1, 32, 64, 0, 64, 32, 1, 0
      copy_gm_to_cbuf 0x8000, X3, 0, 1, 4, 0, 0
      load_cbuf_to_ca 0, 0, 0, 2, 1, 0, 0, 0, 0
      load_cbuf_to_cb 0, 0x4000, 0, 4, 1, 0, 0, 0, 0
      copy_cbuf_to_bt 0, 0x8000, 0, 1, 2, 0, 0
      mad_s8 0, 0, 0, 16, 32, 32, 0, 0, c_matrix_source=1, c_init_val=0, bias=0
      mad_s8 0, 512, 1024, 16, 32, 32, 0, 0, 0, 0, 0
      copy_matrix_cc_to_gm_s32 X2, 0, 0, 32, 16, 32, 16, 0, 0, 0, 0, 1
      movk X5, ${1 << 14}, ${half | 0}
      set_quant_pre X5
      copy_matrix_cc_to_gm_s32 X4, 0, 0, 32, 16, 32, 16, 0, quant_pre=3, 0, 0, 1
      add X6, X4, 0x1000
      copy_matrix_cc_to_gm_s32 X6, 0, 0, 32, 16, 32, 16, 0, quant_pre=5, 0, 0, 1
      end
    `,
      gm,
      [A, B, C, A + 0x4000, C + 0x10000],
    );
    const sums = Array.from({ length: m * n }, (_, at) => {
      let sum = bias[at % n]!;
      for (let p = 0; p < k; p++) sum += left[Math.floor(at / n) * k + p]! * right[(at % n) * k + p]!;
      return sum;
    });
    expect(elements(gm, 'loadS32', C, 4, m * n)).toEqual(sums);
    const roundEven = (value: number): number =>
      Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value);
    expect(elements(gm, 'loadS8', C + 0x10000, 1, m * n)).toEqual(
      sums.map((sum) => Math.min(127, Math.max(-128, Math.min(255, Math.max(-256, roundEven(sum / 2))))) + 0),
    );
    expect(elements(gm, 'loadF16', C + 0x11000, 2, m * n)).toEqual(sums.map((sum) => sum / 2));
  });

  it('atomic add into GM from L0C', () => {
    const gm = globalMemory();
    for (let at = 0; at < 256; at++) gm.storeF32(C + at * 4, at);
    run(
      'cube',
      `
      create_cbuf_matrix_b32 0, 1, 32, 0, ${0x3f800000}
      load_cbuf_to_ca 0, 0, 0, 2, 1, 0, 0, 0, 0
      load_cbuf_to_cb 0, 0, 0, 2, 1, 0, 0, 0, 0
      mad_f32 0, 0, 0, 16, 16, 16, 0, 0, 0, 1, 0
      set_atomic_f32
      set_atomic_add
      copy_matrix_cc_to_gm_f32 X0, 0, 0, 16, 16, 16, 16, 0, 0, 0, 0, 1
      set_atomic_none
      end
    `,
      gm,
      [C],
    );
    expect(elements(gm, 'loadF32', C, 4, 256)).toEqual(Array.from({ length: 256 }, (_, at) => at + 16));
  });
});

interface Convolution {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly outputs: number;
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly pads: { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number };
}

function outputSize(conv: Convolution): readonly [number, number] {
  const { height, width, kernel, stride, dilation, pads } = conv;
  const size = (extent: number, pad: number, axis: 0 | 1): number =>
    Math.floor((extent + pad - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis]) + 1;
  return [size(height, pads.top + pads.bottom, 0), size(width, pads.left + pads.right, 1)];
}

/** Result as [outputs][height][width]. */
function convolve(conv: Convolution, input: readonly number[], weights: readonly number[]): number[] {
  const [outH, outW] = outputSize(conv);
  const { channels, height, width, kernel, stride, dilation, pads } = conv;
  const result: number[] = [];
  for (let o = 0; o < conv.outputs; o++)
    for (let y = 0; y < outH; y++)
      for (let x = 0; x < outW; x++) {
        let sum = 0;
        for (let c = 0; c < channels; c++)
          for (let i = 0; i < kernel[0]; i++)
            for (let j = 0; j < kernel[1]; j++) {
              const [h, w] = [y * stride[0] - pads.top + i * dilation[0], x * stride[1] - pads.left + j * dilation[1]];
              if (h < 0 || h >= height || w < 0 || w >= width) continue;
              sum +=
                input[(c * height + h) * width + w]! * weights[((o * channels + c) * kernel[0] + i) * kernel[1] + j]!;
            }
        result.push(sum + 0);
      }
  return result;
}

describe.each([
  ['f32', 4, 8],
  ['f16', 2, 16],
] as const)('convolution %s', (type, size, c0) => {
  const conv: Convolution = {
    channels: 2 * c0,
    height: 9,
    width: 7,
    outputs: 20,
    kernel: [3, 3],
    stride: [2, 1],
    dilation: [1, 2],
    pads: { top: 1, bottom: 1, left: 2, right: 1 },
  };
  const { channels, height, width, outputs } = conv;
  const input = integers(channels * height * width, 11);
  const weights = integers(outputs * channels * 9, 12);
  const [outH, outW] = outputSize(conv);
  const c1 = channels / c0;
  const k = c1 * 9 * c0;
  const positions = outH * outW;
  const store = type === 'f32' ? 'storeF32' : 'storeF16';

  it('img2col, padded, strided and dilated, equals plain loops, as ND and as NC1HWC0', () => {
    const gm = globalMemory();
    input.forEach((value, at) => {
      const [c, rest] = [Math.floor(at / (height * width)), at % (height * width)];
      gm[store](A + ((Math.floor(c / c0) * height * width + rest) * c0 + (c % c0)) * size, value);
    });
    weights.forEach((value, at) => {
      const [o, c, tap] = [Math.floor(at / (channels * 9)), Math.floor(at / 9) % channels, at % 9];
      gm[store](
        B + (((Math.floor(c / c0) * 9 + tap) * 2 + Math.floor(o / 16)) * 16 * c0 + (o % 16) * c0 + (c % c0)) * size,
        value,
      );
    });
    const rows = Math.ceil(positions / 16) * 16;
    run(
      'cube',
      `
      copy_gm_to_cbuf 0, X0, 0, 1, ${c1 * height * width}, 0, 0
      copy_gm_to_cbuf 0x10000, X1, 0, 1, ${c1 * 9 * 2 * 16}, 0, 0
      set_fmatrix h=${height}, w=${width}, pad_left=2, pad_right=1, pad_top=1, pad_bottom=1
      set_padding 0
      img2colv2_cbuf_to_ca_b${size * 8} dst=0, src=0, k_ext=${k}, m_ext=${positions}, k_start=0, m_start=0, stride_w=1, stride_h=2, filter_w=3, filter_h=3, dilation_w=2, dilation_h=1, 0, transpose=0, fmatrix_ctrl=0, channel=${channels}
      load_cbuf_to_cb 0, 0x10000, 0, ${c1 * 9 * 2}, 1, 0, 0, 0, 0
      mad_${type} 0, 0, 0, ${positions}, ${k}, ${outputs}, 0, 0, 0, 1, 0
      copy_matrix_cc_to_gm_f32 X2, 0, 0, ${outputs}, ${positions}, ${outputs}, ${rows}, 0, 0, 0, 0, nz2nd_en=1
      copy_matrix_cc_to_gm_f32 X3, 0, 0, ${outputs}, ${positions}, ${positions}, ${rows}, 0, 0, 0, channel_split=1, nz2nd_en=0
      end
    `,
      gm,
      [A, B, C, 2 * C],
    );
    const wanted = convolve(conv, input, weights);
    const byPosition = Array.from(
      { length: positions * outputs },
      (_, at) => wanted[(at % outputs) * positions + Math.floor(at / outputs)]!,
    );
    expect(elements(gm, 'loadF32', C, 4, positions * outputs)).toEqual(byPosition);
    const split = Array.from({ length: outputs * positions }, (_, at) => {
      const [o, position] = [Math.floor(at / positions), at % positions];
      return gm.loadF32(2 * C + ((Math.floor(o / 8) * positions + position) * 8 + (o % 8)) * 4);
    });
    expect(split).toEqual(wanted);
  });

  it('a part of the im2col matrix equals the part of the whole, in L0A and L0B, straight and transposed', () => {
    const gm = globalMemory();
    input.forEach((value, at) => gm[store](A + at * size, value));
    const image = (
      target: 'ca' | 'cb',
      transpose: number,
      kExt: number,
      mExt: number,
      kStart: number,
      mStart: number,
    ): number[] => {
      const text = `
        copy_gm_to_cbuf 0, X0, 0, 1, ${c1 * height * width}, 0, 0
        set_fmatrix ${height}, ${width}, 2, 1, 1, 1
        img2colv2_cbuf_to_${target}_b${size * 8} 0, 0, ${kExt}, ${mExt}, ${kStart}, ${mStart}, 1, 2, 3, 3, 2, 1, 0, ${transpose}, 0, ${channels}
        end`;
      const bytes = memoryAfter('cube', text, gm, [A], target === 'ca' ? 'l0a' : 'l0b');
      const view = new DataView(bytes.buffer);
      const read = (at: number): number => (size === 4 ? view.getFloat32(at * 4, true) : view.getUint16(at * 2, true));
      const columns = transpose ? mExt : kExt;
      const cell = (row: number, column: number): number => {
        if (target === 'ca')
          return (
            ((Math.floor(row / 16) * Math.ceil(columns / c0) + Math.floor(column / c0)) * 16 + (row % 16)) * c0 +
            (column % c0)
          );
        return (
          ((Math.floor(row / c0) * Math.ceil(columns / 16) + Math.floor(column / 16)) * 16 + (column % 16)) * c0 +
          (row % c0)
        );
      };
      return Array.from({ length: kExt * mExt }, (_, at) => {
        const [m, kk] = [Math.floor(at / kExt), at % kExt];
        return transpose ? read(cell(kk, m)) : read(cell(m, kk));
      });
    };
    const whole = image('ca', 0, k, positions, 0, 0);
    const [kExt, mExt, kStart, mStart] = [2 * c0, 11, 3 * c0, 5];
    const part = Array.from(
      { length: kExt * mExt },
      (_, at) => whole[(mStart + Math.floor(at / kExt)) * k + kStart + (at % kExt)]!,
    );
    for (const target of ['ca', 'cb'] as const)
      for (const transpose of [0, 1])
        expect(image(target, transpose, kExt, mExt, kStart, mStart), `${target} ${transpose}`).toEqual(part);
  });
});

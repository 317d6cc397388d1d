/** Casts; those from and to 64-bit integers, which have conversions but no lanes of their own, by a kernel here. */
import type { DType, Value } from '../../../ir/index.ts';
import { dtypeBytes, elementCount } from '../../../ir/index.ts';
import type { KernelBuilder, Scalar } from '../../tile/kernel-builder.ts';
import { convertInto } from '../convert.ts';
import { unsupported } from '../diagnostics.ts';
import type { LowerRule } from '../lowering.ts';
import { rowwiseRule } from '../rowwise/rule.ts';
import { tensorOf } from '../tensor.ts';
import { countLanes, repeatBytes, withScalar } from '../vector.ts';
import { shapeOf } from './box.ts';
import { eachTile, evenTile, pieceCount } from './pieces.ts';

/** The low words of 64-bit integers: casts to narrower integers wrap, and vconv_s642s32 would saturate. */
const LOW_WORDS = 'vreducev2_b32';

/** Conversions one after another; `vabs` and `vmins` make 0 or 1 of an integral float. */
const FROM_I64: Readonly<Partial<Record<DType, readonly string[]>>> = {
  i32: [LOW_WORDS],
  f32: ['vconv_s642f32r'],
  f16: ['vconv_s642f32r', 'vconv_f322f16r'],
  bf16: ['vconv_s642f32r', 'vconv_f322bf16r'],
  i1: ['vconv_s642f32r', 'vabs_f32', 'vmins_f32', 'vconv_f322f16r', 'vconv_f162u8r'],
};
const TO_I64: Readonly<Partial<Record<DType, readonly string[]>>> = {
  i32: ['vconv_s322s64'],
  f32: ['vconv_f322s64z'],
  f16: ['vconv_f162f32', 'vconv_f322s64z'],
  bf16: ['vconv_bf162f32', 'vconv_f322s64z'],
  i8: ['vconv_s82f16', 'vconv_f162s32r', 'vconv_s322s64'],
  ui8: ['vconv_u82f16', 'vconv_f162s32r', 'vconv_s322s64'],
  i1: ['vconv_u82f16', 'vconv_f162s32r', 'vconv_s322s64'],
};

const TILE_ELEMENTS = 2048;

export const castRule: LowerRule = (op, lowering) => {
  const [x] = op.operands;
  const [result] = op.results;
  const [from, to] = [tensorOf(x).dtype, tensorOf(result).dtype];
  if (from !== 'i64' && to !== 'i64') return rowwiseRule(op, lowering);
  if (from === to) {
    lowering.alias(result, x);
    return null;
  }
  const steps = from === 'i64' ? FROM_I64[to] : TO_I64[from];
  if (!steps) return unsupported(op, `ms.cast from ${from} to ${to}`, 'the vector unit has no such conversion');
  const count = elementCount(shapeOf(x));
  if (count === 0) return null;
  const cores = lowering.chip.vectorCores;
  const axis = {
    extent: count,
    tile: evenTile(count, Math.min(TILE_ELEMENTS, Math.max(256, Math.ceil(count / cores))), 64),
  };
  lowering.launch(
    {
      key: `cast ${from} ${to} ${count}`,
      name: `cast_${from}_${to}`,
      core: 'vector',
      blocks: Math.min(cores, pieceCount([axis])),
      write: (k) => {
        const [source, target] = [k.buffer('source'), k.buffer('target')];
        eachTile(k, [axis], ([{ start, size }]) => {
          let value = k.alloc('ub', repeatBytes(axis.tile * dtypeBytes(from)), 2);
          k.emit(
            'copy_gm_to_ubuf_align_b8',
            value,
            k.at(source, k.mul(start, dtypeBytes(from))),
            0,
            1,
            k.mul(size, dtypeBytes(from)),
            0,
            0,
            0,
            0,
          );
          steps.forEach((mnemonic, at) => {
            const next = k.alloc('ub', repeatBytes(axis.tile * 8), at === steps.length - 1 ? 2 : 1);
            writeStep(k, mnemonic, next, value, size);
            value = next;
          });
          k.emit(
            'copy_ubuf_to_gm_align_b8',
            k.at(target, k.mul(start, dtypeBytes(to))),
            value,
            0,
            1,
            k.mul(size, dtypeBytes(to)),
            0,
            0,
            0,
            0,
          );
        });
      },
    },
    [lowering.buffer(x), lowering.buffer(result)],
  );
  return null;
};

function writeStep(k: KernelBuilder, mnemonic: string, target: Value, source: Value, count: Scalar): void {
  if (mnemonic.startsWith('vconv')) return convertInto(k, target, source, mnemonic, count);
  if (mnemonic === LOW_WORDS) {
    const EVEN = 1;
    countLanes(k, k.mul(count, 2));
    return k.emit(mnemonic, target, source, source, 1, 1, EVEN, 8, 0);
  }
  countLanes(k, count);
  withScalar(k, mnemonic, target, source, ...(mnemonic === 'vmins_f32' ? [k.float(1)] : []));
}

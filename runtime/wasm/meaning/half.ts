/**
 * f16 and bf16 at rest, f32 in flight: exact widening and rounding to nearest even, scalar and by four lanes.
 *
 * f16 → f32 shifts sign and payload into place and multiplies by 2^112, which also normalizes subnormals; only
 * infinities and nans need their exponent set. f32 → f16 follows F. Giesen's branch-free scheme: one rounding add for
 * normal numbers, one floating add of a magic number for subnormal ones.
 */

import { f32, i32, op, seq, splatF32, splatI32, type Code } from '../encode/code.ts';
import { FunctionBuilder, get, set, tee, type FunctionBody, type Local } from '../encode/module.ts';

const payloadMask = 0x8fffe000 | 0;
const infinityPayload = 0x0f800000;
const f32Infinity = 0x7f800000;
const overflow = (127 + 16) << 23;
const smallestNormal = 113 << 23;
const subnormalMagic = (127 - 15 + (23 - 10) + 1) << 23;
const rebias = ((15 - 127) << 23) + 0xfff;

/** Body of `f16 bits (sign-extended) → f32`. */
export function widenF16Function(): FunctionBody {
  const f = new FunctionBuilder({ parameters: ['i32'], results: ['f32'] });
  const [bits] = f.parameters as [Local];
  const payload = op('i32.and', op('i32.shl', get(bits), i32(13)), i32(payloadMask));
  const scaled = op('i32.reinterpret_f32', op('f32.mul', op('f32.reinterpret_i32', tee(bits, payload)), f32(2 ** 112)));
  const special = op('i32.eq', op('i32.and', get(bits), i32(infinityPayload)), i32(infinityPayload));
  const exponent = op('select', i32(f32Infinity), i32(0), special);
  return f.finish('widen_f16', op('f32.reinterpret_i32', op('i32.or', scaled, exponent)), false);
}

/** Body of `f32 → f16 bits`. */
export function narrowF16Function(): FunctionBody {
  const f = new FunctionBuilder({ parameters: ['f32'], results: ['i32'] });
  const [value] = f.parameters as [Local];
  const bits = f.local('i32');
  const magnitude = f.local('i32');
  const special = op('select', i32(0x7e00), i32(0x7c00), op('i32.gt_u', get(magnitude), i32(f32Infinity)));
  const subnormal = op(
    'i32.sub',
    op(
      'i32.reinterpret_f32',
      op('f32.add', op('f32.reinterpret_i32', get(magnitude)), op('f32.reinterpret_i32', i32(subnormalMagic))),
    ),
    i32(subnormalMagic),
  );
  const odd = op('i32.and', op('i32.shr_u', get(magnitude), i32(13)), i32(1));
  const normal = op('i32.shr_u', op('i32.add', op('i32.add', get(magnitude), i32(rebias)), odd), i32(13));
  const finite = op('select', subnormal, normal, op('i32.lt_u', get(magnitude), i32(smallestNormal)));
  const code = seq(
    set(bits, op('i32.reinterpret_f32', get(value))),
    set(magnitude, op('i32.and', get(bits), i32(0x7fffffff))),
    op(
      'i32.or',
      op('select', special, finite, op('i32.ge_u', get(magnitude), i32(overflow))),
      op('i32.and', op('i32.shr_u', get(bits), i32(16)), i32(0x8000)),
    ),
  );
  return f.finish('narrow_f16', code, false);
}

/** Body of `f32 → bf16 bits`. */
export function narrowBf16Function(): FunctionBody {
  const f = new FunctionBuilder({ parameters: ['f32'], results: ['i32'] });
  const [value] = f.parameters as [Local];
  const bits = f.local('i32');
  const odd = op('i32.and', op('i32.shr_u', get(bits), i32(16)), i32(1));
  const rounded = op('i32.shr_u', op('i32.add', op('i32.add', get(bits), i32(0x7fff)), odd), i32(16));
  const quiet = op('i32.or', op('i32.shr_u', get(bits), i32(16)), i32(0x40));
  const isNan = op('f32.ne', get(value), get(value));
  return f.finish(
    'narrow_bf16',
    seq(set(bits, op('i32.reinterpret_f32', get(value))), op('select', quiet, rounded, isNan)),
    false,
  );
}

/** Widens a bf16 given by its bits in an i32. */
export const widenBf16 = (bits: Code): Code => op('f32.reinterpret_i32', op('i32.shl', bits, i32(16)));

/** Four f16 lanes, sign-extended to 32 bits, as f32x4; `scratch` holds an intermediate. */
export function widenF16Lanes(bits: Code, scratch: Local): Code {
  const payload = op('v128.and', op('i32x4.shl', bits, i32(13)), splatI32(payloadMask));
  const scaled = op('f32x4.mul', tee(scratch, payload), splatF32(2 ** 112));
  const special = op('i32x4.eq', op('v128.and', get(scratch), splatI32(infinityPayload)), splatI32(infinityPayload));
  return op('v128.or', scaled, op('v128.and', special, splatI32(f32Infinity)));
}

/** Four f32 lanes as f16 bits in 32-bit lanes (sign-extended, so that a signed narrow keeps them). */
export function narrowF16Lanes(value: Code, bits: Local, magnitude: Local): Code {
  const special = op(
    'v128.bitselect',
    splatI32(0x7e00),
    splatI32(0x7c00),
    op('i32x4.gt_s', get(magnitude), splatI32(f32Infinity)),
  );
  const magic = splatI32(subnormalMagic);
  const subnormal = op('i32x4.sub', op('f32x4.add', get(magnitude), magic), magic);
  const odd = op('v128.and', op('i32x4.shr_u', get(magnitude), i32(13)), splatI32(1));
  const normal = op('i32x4.shr_u', op('i32x4.add', op('i32x4.add', get(magnitude), splatI32(rebias)), odd), i32(13));
  const finite = op('v128.bitselect', subnormal, normal, op('i32x4.lt_s', get(magnitude), splatI32(smallestNormal)));
  const selected = op('v128.bitselect', special, finite, op('i32x4.ge_s', get(magnitude), splatI32(overflow)));
  const sign = op('v128.and', op('i32x4.shr_s', get(bits), i32(16)), splatI32(0xffff8000 | 0));
  return seq(
    set(bits, value),
    set(magnitude, op('v128.and', get(bits), splatI32(0x7fffffff))),
    op('v128.or', selected, sign),
  );
}

/** Four f32 lanes as bf16 bits in 32-bit lanes (sign-extended). */
export function narrowBf16Lanes(value: Code, bits: Local): Code {
  const odd = op('v128.and', op('i32x4.shr_u', get(bits), i32(16)), splatI32(1));
  const rounded = op('i32x4.add', op('i32x4.add', get(bits), splatI32(0x7fff)), odd);
  const quiet = op('v128.or', get(bits), splatI32(0x400000));
  const isNan = op('f32x4.ne', get(bits), get(bits));
  return seq(set(bits, value), op('i32x4.shr_s', op('v128.bitselect', quiet, rounded, isNan), i32(16)));
}

/**
 * Random tensors from an explicit state: a 64-bit key and a 64-bit counter, both low word first (Philox 4x32-10).
 * Block j of the stream is the cipher of counter + j and gives four words; an op that makes n elements takes ⌈n/4⌉
 * blocks and returns the state with the counter moved behind them.
 */
import { absent, floatOf } from '../core/definition.ts';
import type { Type } from '../core/type.ts';
import { tensorType } from '../core/type.ts';
import { constraints, defineFamily } from './define.ts';
import { tensor } from './dimension.ts';
import type { OpRow } from './define.ts';
import { boolTensor, counterTensor, floatSlot, floatTensor, one } from './slot.ts';

const state = one('state', counterTensor);
const next = one('next', counterTensor);

const streamReason = 'element i depends on its position in the stream';

function drawRow(summary: string): OpRow {
  return {
    summary,
    operands: [state],
    results: [one('result', floatTensor), next],
    infer: absent('states its result type'),
    axes: absent(streamReason),
    decompose: absent('primitive'),
  };
}

export const randomOps = defineFamily('random', {
  'ms.random_uniform': drawRow('Element i is (word i >> 8)·2⁻²⁴: uniform in [0, 1).'),
  'ms.random_normal': drawRow(
    'Standard normal by Box and Muller: elements 2i and 2i+1 are √(-2 ln(1 - u₂ᵢ)) times cos and sin of 2π·u₂ᵢ₊₁.',
  ),
  'ms.dropout': {
    summary: 'x / keep_prob where uniform element i is below keep_prob, else 0; and the mask that says where.',
    operands: [one('x', floatTensor), state],
    results: [one('result', floatTensor), one('mask', boolTensor), next],
    attributes: [floatSlot('keep_prob', 'probability that an element stays')],
    constraints: constraints([
      'keep_prob is in (0, 1]',
      (_: readonly Type[], attributes) => {
        const keep = floatOf(attributes, 'keep_prob');
        return keep > 0 && keep <= 1 ? null : `keep_prob is ${keep}, expected above 0 and at most 1`;
      },
    ]),
    infer: ([x, from]) => [tensorType(tensor(x).shape, tensor(x).dtype), tensorType(tensor(x).shape, 'i1'), from],
    axes: absent(streamReason),
    decompose: (emit, [x, from], op) => {
      const { shape, dtype } = tensor(x.type);
      const keep = floatOf(op.attributes, 'keep_prob');
      const [uniform, behind] = emit.sink.create(
        'ms.random_uniform',
        [from],
        [tensorType(shape, 'f32'), from.type],
      ).results;
      const mask = emit.op('ms.less', [uniform, emit.scalar(keep, 'f32')]);
      const scaled = emit.op('ms.div', [x, emit.scalar(keep, dtype)]);
      return [emit.op('ms.select', [mask, scaled, emit.scalar(0, dtype)]), mask, behind];
    },
  },
});

/** Hand-tuned forms of the instructions that decide the speed of a network; each must equal the meaning in the table. */

import type { TunedForm } from '../library/function.ts';
import type { EngineFeatures } from '../engine-features.ts';
import { burstForm } from './burst.ts';
import { fixpipeForm } from './fixpipe.ts';
import { fractalCopyForm, squareTransposeForm } from './fractals.ts';
import { broadcastBlockForm, gatherForm } from './gather.ts';
import { img2colForm } from './img2col.ts';
import { madForm } from './mad.ts';
import { nd2nzForm } from './nd2nz.ts';

/** Tuned forms by mnemonic. */
export function tunedForms(features: EngineFeatures): ReadonlyMap<string, TunedForm> {
  return new Map([
    ...(['f32', 'f16', 'bf16', 's8'] as const).map(
      (element) => [`mad_${element}`, madForm(element, features)] as const,
    ),
    ['copy_gm_to_cbuf_multi_nd2nz_b8', nd2nzForm(1)],
    ['copy_gm_to_cbuf_multi_nd2nz_b16', nd2nzForm(2)],
    ['copy_gm_to_cbuf_multi_nd2nz_b32s', nd2nzForm(4)],
    ['copy_gm_to_cbuf', burstForm('l1')],
    ['copy_gm_to_ubuf', burstForm('ub')],
    ['load_cbuf_to_ca', fractalCopyForm('l0a')],
    ['load_cbuf_to_cb', fractalCopyForm('l0b')],
    ['load_cbuf_to_ca_transpose_b16', squareTransposeForm('l0a', 2)],
    ['load_cbuf_to_cb_transpose_b16', squareTransposeForm('l0b', 2)],
    ['load_cbuf_to_ca_transpose_b32', squareTransposeForm('l0a', 4)],
    ['load_cbuf_to_cb_transpose_b32', squareTransposeForm('l0b', 4)],
    ['img2colv2_cbuf_to_ca_b8', img2colForm('l0a', 1)],
    ['img2colv2_cbuf_to_cb_b8', img2colForm('l0b', 1)],
    ['img2colv2_cbuf_to_ca_b16', img2colForm('l0a', 2)],
    ['img2colv2_cbuf_to_cb_b16', img2colForm('l0b', 2)],
    ['img2colv2_cbuf_to_ca_b32', img2colForm('l0a', 4)],
    ['img2colv2_cbuf_to_cb_b32', img2colForm('l0b', 4)],
    ['vgather_b16', gatherForm(2)],
    ['vgather_b32', gatherForm(4)],
    ['vbrcb_b16', broadcastBlockForm(2)],
    ['vbrcb_b32', broadcastBlockForm(4)],
    ['copy_matrix_cc_to_gm_f32', fixpipeForm('gm')],
    ['copy_matrix_cc_to_cbuf_f32', fixpipeForm('l1')],
  ] satisfies (readonly [string, TunedForm])[]);
}

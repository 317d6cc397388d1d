/** Hand-tuned forms of the instructions that decide the speed of a network; each must equal the meaning in the table. */

import type { TunedForm } from '../library/function.ts';
import type { EngineFeatures } from '../library/library.ts';
import { madForm } from './mad.ts';

/** Tuned forms by mnemonic. */
export function tunedForms(features: EngineFeatures): ReadonlyMap<string, TunedForm> {
  const matrix = (['f32', 'f16', 'bf16', 's8'] as const).map((element) => [`mad_${element}`, madForm(element, features)] as const);
  return new Map(matrix);
}

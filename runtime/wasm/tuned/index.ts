/** Hand-tuned forms of the instructions that decide the speed of a network; each must equal the meaning in the table. */

import type { TunedForm } from '../library/function.ts';
import type { EngineFeatures } from '../library/library.ts';

/** Tuned forms by mnemonic. */
export function tunedForms(_features: EngineFeatures): ReadonlyMap<string, TunedForm> {
  return new Map();
}

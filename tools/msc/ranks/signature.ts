/** Where the arguments and results of a rank's @main are found in its program. */
import type { Module } from '../../../compiler/ir/index.ts';
import { mainArguments, mainOf } from '../parameters.ts';

/** A result: an output by its number, or the new value of a parameter. */
export type RankResult = { readonly output: number } | { readonly parameter: string };

export interface RankSignature {
  /** Names of inputs and parameters, in the order of the arguments. */
  readonly arguments: readonly string[];
  readonly results: readonly RankResult[];
}

export function rankSignature(module: Module): RankSignature {
  const attribute = mainOf(module)?.attributes.get('res_attrs');
  const entries = attribute?.kind === 'array' ? attribute.elements : [];
  const count = mainOf(module)?.regions[0].operations.at(-1)?.operands.length ?? 0;
  let outputs = 0;
  const results = Array.from({ length: count }, (_, index): RankResult => {
    const entry = entries[index];
    const name = entry?.kind === 'dictionary' ? entry.entries.get('ms.param') : undefined;
    return name?.kind === 'string' ? { parameter: name.value } : { output: outputs++ };
  });
  return { arguments: mainArguments(module).map(({ name }) => name), results };
}

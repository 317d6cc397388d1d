/** The instruction library: one WebAssembly module with one function for each data instruction. */

import { instructions } from '../../isa/index.ts';
import { op, seq, store } from '../encode/code.ts';
import { encodeModule, FunctionBuilder, get, type FunctionBody, type Local } from '../encode/module.ts';
import type { EngineFeatures } from '../engine-features.ts';
import { context } from '../layout.ts';
import { copyFunction } from '../meaning/copy.ts';
import { narrowBf16Function, narrowF16Function, widenF16Function } from '../meaning/half.ts';
import { tunedForms } from '../tuned/index.ts';
import { isDataInstruction, libraryFunction, type DataInstruction } from './function.ts';

/** Pages of 64 KiB in 4 GiB: the memory that every module may import. */
export const maximumPages = 65536;

/** The instructions that have a library function. */
export const dataInstructions: readonly DataInstruction[] = instructions.filter(isDataInstruction);

/** `fault(context, pc, code, detail, value)`: records the fault in the context and traps. */
function faultFunction(): FunctionBody {
  const f = new FunctionBuilder({ parameters: ['i32', 'i32', 'i32', 'i32', 'i32'], results: [] });
  const [core, pc, code, detail, value] = f.parameters as [Local, Local, Local, Local, Local];
  const puts = [code, pc, detail, value].map((field, index) =>
    store('i32.store', get(core), get(field), context.fault + index * 4),
  );
  return f.finish('fault', seq(...puts, op('unreachable')), false);
}

/** Bytes of the library for the given instructions (all of them by default). */
export function libraryModule(
  features: EngineFeatures,
  chosen: readonly DataInstruction[] = dataInstructions,
): Uint8Array<ArrayBuffer> {
  const tuned = tunedForms(features);
  const functions = [
    faultFunction(),
    widenF16Function(),
    narrowF16Function(),
    narrowBf16Function(),
    copyFunction(),
    ...chosen.map((definition) => libraryFunction(definition, tuned.get(definition.mnemonic))),
  ];
  return encodeModule({ imports: [], functions, maximumPages });
}

/** The instruction library: one WebAssembly module with one function for each data instruction. */

import { instructions } from '../../isa/index.ts';
import { i32, op, seq, store } from '../encode/code.ts';
import { encodeModule, FunctionBuilder, get, type FunctionBody, type Local } from '../encode/module.ts';
import { context } from '../layout.ts';
import { narrowBf16Function, narrowF16Function, widenF16Function } from '../meaning/half.ts';
import { tunedForms } from '../tuned/index.ts';
import { isDataInstruction, libraryFunction, type DataInstruction } from './function.ts';

/** What the engine can do; decides the code that is made. */
export interface EngineFeatures {
  readonly relaxedSimd: boolean;
}

/** Pages of 64 KiB in 4 GiB: the memory that every module may import. */
export const maximumPages = 65536;

/** The instructions that have a library function. */
export const dataInstructions: readonly DataInstruction[] = instructions.filter(isDataInstruction);

/** `fault(context, pc, space, address)`: records the fault in the context and traps. */
function faultFunction(): FunctionBody {
  const f = new FunctionBuilder({ parameters: ['i32', 'i32', 'i32', 'i32'], results: [] });
  const [core, pc, space, address] = f.parameters as [Local, Local, Local, Local];
  const put = (value: Local, index: number) => store('i32.store', get(core), get(value), context.fault + index * 4);
  const code = seq(store('i32.store', get(core), i32(1), context.fault), put(pc, 1), put(space, 2), put(address, 3), op('unreachable'));
  return f.finish('fault', code, false);
}

/** Bytes of the library for the given instructions (all of them by default). */
export function libraryModule(features: EngineFeatures, chosen: readonly DataInstruction[] = dataInstructions): Uint8Array<ArrayBuffer> {
  const tuned = tunedForms(features);
  const functions = [
    faultFunction(),
    widenF16Function(),
    narrowF16Function(),
    narrowBf16Function(),
    ...chosen.map((definition) => libraryFunction(definition, tuned.get(definition.mnemonic))),
  ];
  return encodeModule({ imports: [], functions, maximumPages });
}

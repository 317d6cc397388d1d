/** One WebAssembly module for all streams of a program, and the list of library functions that it needs. */

import type { FunctionBody, FunctionImport } from '../encode/module.ts';
import { encodeModule } from '../encode/module.ts';
import { dataInstructions, maximumPages } from '../library/library.ts';
import type { DataInstruction } from '../library/function.ts';
import { kernelFunction } from './translate.ts';
import type { StreamInstruction } from './stream.ts';

export interface KernelModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Exported function of each stream, in the order given; equal streams share one. */
  readonly names: readonly string[];
  /** Instructions whose library functions the module imports. */
  readonly instructions: readonly DataInstruction[];
}

/** Translates streams (with their words, for finding equal ones) to a module. */
export function kernelModule(
  streams: readonly { words: Uint32Array; instructions: readonly StreamInstruction[] }[],
): KernelModule {
  const imports: FunctionImport[] = [];
  const positions = new Map<string, number>();
  const importIndex = (item: FunctionImport): number => {
    const known = positions.get(item.name);
    if (known !== undefined) return known;
    positions.set(item.name, imports.length);
    imports.push(item);
    return imports.length - 1;
  };
  const functions: FunctionBody[] = [];
  const byContent = new Map<string, string>();
  const names = streams.map(({ words, instructions }) => {
    const key = words.join();
    const known = byContent.get(key);
    if (known !== undefined) return known;
    const name = `k${functions.length}`;
    byContent.set(key, name);
    functions.push(kernelFunction(name, instructions, importIndex));
    return name;
  });
  const used = dataInstructions.filter((definition) => positions.has(definition.mnemonic));
  return { bytes: encodeModule({ imports, functions, maximumPages }), names, instructions: used };
}

/** From the streams of a program to compiled modules. */

import { createHash } from 'node:crypto';
import type { CoreKind } from '../isa/index.ts';
import type { Kernel, KernelStream, Program } from '../program/index.ts';
import type { Chip } from '../target/index.ts';
import {
  compileOptimized,
  decodeWords,
  kernelModule,
  libraryModule,
  type EngineFeatures,
  type StreamInstruction,
} from '../wasm/index.ts';
import { placeSpaces } from './placement.ts';
import type { ThreadCode } from './thread.ts';

/** How the cores of a kernel may be run. */
export type Concurrency =
  /** Cores share nothing: any number of threads. */
  | 'parallel'
  /** Cores add to the same memory: one after the other, so that the order of rounding is fixed. */
  | 'serial'
  /** Cores wait for each other: resumable pieces on one thread. */
  | 'cooperative';

export interface LoadedStream {
  readonly core: CoreKind;
  readonly words: Uint32Array;
  /** Instructions by word index. */
  readonly instructions: ReadonlyMap<number, StreamInstruction>;
}

export interface LoadedKernel {
  readonly name: string;
  readonly concurrency: Concurrency;
  /** Numbers of its streams in the program's stream list. */
  readonly streams: readonly number[];
}

export interface ProgramCode {
  readonly kernels: readonly LoadedKernel[];
  readonly streams: readonly LoadedStream[];
  readonly modules: Omit<ThreadCode, 'gmBase' | 'gmBytes'>;
}

/** A stream that does not decode. */
export interface UndecodableStream {
  readonly kernel: string;
  readonly word: number;
}

/** Compiles library functions on first use; one per engine. */
export class LibraryCache {
  readonly #features: EngineFeatures;
  readonly #libraries: {
    readonly id: number;
    readonly module: WebAssembly.Module;
    readonly mnemonics: ReadonlySet<string>;
  }[] = [];

  constructor(features: EngineFeatures) {
    this.#features = features;
  }

  /** Modules that hold all the functions, compiling what is new as one module. */
  modulesFor(needed: Parameters<typeof libraryModule>[1]): ThreadCode['libraries'] {
    const wanted = needed ?? [];
    const missing = wanted.filter(
      (definition) => !this.#libraries.some((library) => library.mnemonics.has(definition.mnemonic)),
    );
    if (missing.length > 0) {
      const module = compileOptimized(libraryModule(this.#features, missing));
      this.#libraries.push({
        id: this.#libraries.length,
        module,
        mnemonics: new Set(missing.map((definition) => definition.mnemonic)),
      });
    }
    return this.#libraries
      .filter((library) => wanted.some((definition) => library.mnemonics.has(definition.mnemonic)))
      .map(({ id, module }) => ({ id, module }));
  }
}

/** Compiled kernels by what they are made from: ranks of one network have the same. */
export type SharedCode = Map<string, ProgramCode>;

/** Everything of a program that decides its code. */
function codeKey({ target, kernels }: Program): string {
  const hash = createHash('sha256').update(target);
  for (const { core, streams } of kernels)
    for (const stream of streams) hash.update(`${core} ${stream.core} ${stream.words.length}`).update(stream.words);
  return hash.digest('hex');
}

/** The code of a program, compiled unless it is among the shared code already. */
export function codeOf(
  program: Program,
  chip: Chip,
  cache: LibraryCache,
  shared: SharedCode,
): ProgramCode | UndecodableStream {
  const key = codeKey(program);
  const known = shared.get(key);
  if (known !== undefined) return known;
  const code = compileProgram(program, chip, cache);
  if (!('word' in code)) shared.set(key, code);
  return code;
}

/** Translates and compiles the kernels of a program. */
function compileProgram(program: Program, chip: Chip, cache: LibraryCache): ProgramCode | UndecodableStream {
  const decoded: { stream: KernelStream; instructions: readonly StreamInstruction[] }[] = [];
  const kernels: LoadedKernel[] = [];
  for (const kernel of program.kernels) {
    const numbers: number[] = [];
    for (const stream of kernel.streams) {
      const result = decodeWords(stream.words);
      if ('badWord' in result) return { kernel: kernel.name, word: result.badWord };
      numbers.push(decoded.length);
      decoded.push({ stream, instructions: result.instructions });
    }
    kernels.push({
      name: kernel.name,
      streams: numbers,
      concurrency: concurrencyOf(
        kernel,
        numbers.flatMap((index) => decoded[index]?.instructions ?? []),
      ),
    });
  }
  const module = kernelModule(decoded.map(({ stream, instructions }) => ({ words: stream.words, instructions })));
  return {
    kernels,
    streams: decoded.map(({ stream, instructions }) => ({
      core: stream.core,
      words: stream.words,
      instructions: new Map(instructions.map((item) => [item.pc, item])),
    })),
    modules: {
      libraries: cache.modulesFor(module.instructions),
      kernels: new WebAssembly.Module(module.bytes),
      streams: decoded.map(({ stream }, index) => ({
        name: module.names[index] ?? '',
        spaces: placeSpaces(chip, stream.core),
      })),
    },
  };
}

function concurrencyOf(_kernel: Kernel, instructions: readonly StreamInstruction[]): Concurrency {
  const signals = instructions.some(
    ({ definition }) =>
      definition.meaning.kind === 'synchronization' && definition.meaning.what.startsWith('cross_core'),
  );
  if (signals) return 'cooperative';
  return instructions.some(({ definition }) => /^set_atomic_(add|max|min)$/.test(definition.mnemonic))
    ? 'serial'
    : 'parallel';
}

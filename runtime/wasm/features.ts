/** What the engine at hand can run. */

import v8 from 'node:v8';
import { op, splatF32 } from './encode/code.ts';
import { encodeModule, FunctionBuilder } from './encode/module.ts';
import type { EngineFeatures } from './engine-features.ts';

/** A module that is valid only where relaxed multiply-add exists. */
function relaxedProbe(): Uint8Array<ArrayBuffer> {
  const f = new FunctionBuilder({ parameters: [], results: ['v128'] });
  const code = op('f32x4.relaxed_madd', splatF32(1), splatF32(2), splatF32(3));
  return encodeModule({ imports: [], functions: [f.finish('probe', code)], maximumPages: 1 });
}

/**
 * Probes the engine. Node 20 has relaxed SIMD behind a flag that can still be set at run time, for all threads;
 * newer engines have it anyway.
 */
export function detectFeatures(): EngineFeatures {
  const probe = relaxedProbe();
  if (!WebAssembly.validate(probe) && process.versions.node.startsWith('20.'))
    v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
  return { relaxedSimd: WebAssembly.validate(probe) };
}

/**
 * Compiles a module with the optimizing compiler at once: library functions are hot from their first call, and baseline
 * code of the matrix kernels is four times slower.
 */
export function compileOptimized(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  v8.setFlagsFromString('--no-liftoff');
  v8.setFlagsFromString('--no-wasm-lazy-compilation');
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    v8.setFlagsFromString('--liftoff');
    v8.setFlagsFromString('--wasm-lazy-compilation');
  }
}

/** Speed of the matrix instruction alone, on the layouts of L0: `node dist/bench/gemm/mad.js`. */

import { instruction } from '../../runtime/isa/index.ts';
import {
  compileOptimized,
  context,
  detectFeatures,
  libraryModule,
  maximumPages,
  type DataInstruction,
} from '../../runtime/wasm/index.ts';

const features = detectFeatures();
const elements = ['f32', 'f16', 'bf16', 's8'] as const;
const definitions = elements.map((element) => instruction(`mad_${element}`) as DataInstruction); // mad_* have a body
const memory = new WebAssembly.Memory({ initial: 64, maximum: maximumPages, shared: true });
const { exports } = new WebAssembly.Instance(compileOptimized(libraryModule(features, definitions)), {
  env: { memory },
});

const core = 1 << 20;
const words = new Int32Array(memory.buffer);
words[(core + context.scratch) >> 2] = 1 << 16;
for (let space = 1; space < 8; space++) {
  words[((core + context.bounds) >> 2) + space * 2] = core + 65536 + space * 131072;
  words[((core + context.bounds) >> 2) + space * 2 + 1] = 131072;
}

type Mad = (...operands: readonly number[]) => void;

function gigaflops(mad: Mad, m: number, k: number, n: number): number {
  const repeats = Math.ceil(2e7 / (m * n * k));
  let best = 0;
  for (let round = 0; round < 8; round++) {
    const start = performance.now();
    for (let index = 0; index < repeats; index++) mad(core, 0, 0, 0, 0, m, k, n, 0, 0, 0, 1, 0);
    best = Math.max(best, (2 * m * n * k * repeats) / (performance.now() - start) / 1e6);
  }
  return best;
}

for (const element of elements) {
  const mad = exports[`mad_${element}`] as Mad; // exported under the mnemonic
  const shapes = [
    [128, 128, 128],
    [64, 128, 128],
    [128, 64, 128],
    [16, 128, 128],
    [112, 64, 64],
  ] as const;
  const row = shapes.map(([m, k, n]) => `${m}x${k}x${n} ${gigaflops(mad, m, k, n).toFixed(1)}`);
  console.log(`mad_${element} (relaxed SIMD ${features.relaxedSimd ? 'on' : 'off'}), Gop/s: ${row.join(', ')}`);
}

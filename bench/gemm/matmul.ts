/**
 * A whole simulated matrix product, GM to GM through nd2nz, L1, L0, mad and fixpipe: `node dist/bench/gemm/matmul.js [n] [threads]`.
 * A is n x n row-major, B is n x n with rows along n (as Dense weights are), so that neither needs a transpose.
 */

import { createEngine, failureText } from '../../runtime/host/index.ts';
import { StreamBuilder, X } from '../../runtime/isa/index.ts';
import type { Program } from '../../runtime/program/index.ts';

const size = Number(process.argv[2] ?? 1024);
const threads = Number(process.argv[3] ?? 1);
const tile = 128;

/** One block computes `tile` rows of C. X0, X1, X2: A, B, C. */
function matmulStream(): StreamBuilder {
  const s = new StreamBuilder();
  const [a, b, c, block, n, k, from, fromB, to, init] = Array.from({ length: 10 }, (_, index) => X(index));
  const rowBytes = size * 4;
  if (
    a === undefined ||
    b === undefined ||
    c === undefined ||
    block === undefined ||
    n === undefined ||
    k === undefined
  )
    throw new Error('registers');
  if (from === undefined || fromB === undefined || to === undefined || init === undefined) throw new Error('registers');
  s.emit('get_block_idx', block);
  s.emit('mul', block, block, tile * rowBytes);
  s.emit('add', a, a, block);
  s.emit('add', c, c, block);
  s.emit('mov', n, 0);
  const nextN = s.label();
  s.bind(nextN);
  s.emit('mov', k, 0);
  s.emit('mov', init, 1);
  const nextK = s.label();
  s.bind(nextK);
  s.emit('mul', from, k, 4);
  s.emit('mul', fromB, n, rowBytes);
  s.emit('add', fromB, fromB, from);
  s.emit('add', fromB, fromB, b);
  s.emit('add', from, from, a);
  s.emit('copy_gm_to_cbuf_multi_nd2nz_b32s', 0, from, 0, 1, tile, tile, 0, size, tile, 1, 0);
  s.emit('copy_gm_to_cbuf_multi_nd2nz_b32s', 65536, fromB, 0, 1, tile, tile, 0, size, tile, 1, 0);
  for (let m1 = 0; m1 < tile / 16; m1++)
    s.emit('load_cbuf_to_ca', m1 * (tile / 8) * 512, m1 * 512, 0, tile / 8, tile / 16, 0, 0, 0, 0);
  s.emit('load_cbuf_to_cb', 0, 65536, 0, (tile / 8) * (tile / 16), 1, 0, 0, 0, 0);
  s.emit('mad_f32', 0, 0, 0, tile, tile, tile, 0, 0, 0, init, 0);
  s.emit('mov', init, 0);
  s.emit('add', k, k, tile);
  s.emit('blt', k, size, nextK);
  s.emit('mul', to, n, 4);
  s.emit('add', to, to, c);
  s.emit('copy_matrix_cc_to_gm_f32', to, 0, 0, tile, tile, size, tile, 0, 0, 0, 0, 1);
  s.emit('add', n, n, tile);
  s.emit('blt', n, size, nextN);
  s.emit('end');
  return s;
}

const bytes = size * size * 4;
const slot = (name: string, index: number) => ({
  name,
  dtype: 'f32' as const,
  shape: [size, size],
  address: index * bytes,
  bytes,
});
const program: Program = {
  target: 'ascend910b1',
  entry: 'matmul',
  inputs: [slot('a', 0), slot('b', 1)],
  outputs: [slot('c', 2)],
  parameters: [],
  constants: [],
  gmBytes: 3 * bytes,
  kernels: [{ name: 'matmul', core: 'cube', streams: [{ core: 'cube', ...matmulStream().finish() }] }],
  prepare: [],
  main: [{ kind: 'launch', kernel: 0, blockCount: size / tile, args: [0, bytes, 2 * bytes] }],
  locations: [],
};

const engine = await createEngine({ threads });
const start = performance.now();
const instance = engine.load(program);
if ('kind' in instance) throw new Error(instance.kind);
const loadMilliseconds = performance.now() - start;
const a = Float32Array.from({ length: size * size }, (_, index) => ((index * 7) % 13) - 6);
const b = Float32Array.from({ length: size * size }, (_, index) => ((index * 5) % 11) - 5);
instance.set('a', a);
instance.set('b', b);
let best = Infinity;
for (let round = 0; round < 10; round++) {
  const begin = performance.now();
  const outcome = instance.run();
  if (!outcome.ok) throw new Error(failureText(outcome.failure));
  best = Math.min(best, performance.now() - begin);
}
const result = new Float32Array(instance.output('c').buffer);
for (const [i, j] of [
  [0, 0],
  [3, 17],
  [size - 1, size - 1],
  [130, 5],
] as const) {
  let sum = 0;
  for (let k = 0; k < size; k++) sum += (a[i * size + k] ?? 0) * (b[j * size + k] ?? 0);
  if (sum !== result[i * size + j]) throw new Error(`C[${i}, ${j}] = ${result[i * size + j]}, expected ${sum}`);
}
console.log(
  `matmul ${size}, ${threads} thread(s): load ${loadMilliseconds.toFixed(0)} ms, run ${best.toFixed(2)} ms, ${((2 * size ** 3) / best / 1e6).toFixed(1)} GF/s`,
);
await engine.close();

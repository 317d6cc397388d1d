/**
 * Functional runs of whole networks on the simulated NPU against onnxruntime-web (wasm), in one process, by turns.
 *
 *   node dist/bench/network/main.js [--threads N] [--rounds N] [--profile N] [name …]
 *
 * MSC_MINDCV names a checkout of mindcv; without it only our own network runs. Prints the best time of both, the ratio
 * (below 1: the simulator is faster) and the largest difference of the outputs relative to the largest output.
 * `--profile N` adds the N kernels that take longest, each by its best time.
 */
import { parseArgs } from 'node:util';
import { launchesOf } from '../../runtime/program/index.ts';
import type { Program } from '../../runtime/program/index.ts';
import { benchmarkNetworks, type BenchmarkNetwork } from './networks.ts';
import { openPeer } from './peer.ts';
import { compileForBoth, simulate } from './simulator.ts';

interface Options {
  readonly threads: number;
  readonly rounds: number;
  /** Kernels that are shown. */
  readonly profile: number;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** max|a−b| / max|b|, as `msc run --check` has it. */
function difference(left: Float32Array, right: Float32Array): number {
  let [largest, scale] = [0, 0];
  for (let index = 0; index < right.length; index++) {
    largest = Math.max(largest, Math.abs(left[index] - right[index]));
    scale = Math.max(scale, Math.abs(right[index]));
  }
  return largest / scale;
}

async function compare(network: BenchmarkNetwork, { threads, rounds, profile }: Options): Promise<void> {
  const compiled = await compileForBoth(network);
  const simulated = await simulate(compiled, threads);
  const peer = await openPeer(compiled, threads);
  let [ours, theirs] = [Infinity, Infinity];
  let expected = await peer.run();
  const launches = new Float64Array(launchesOf(compiled.program.main).length).fill(Infinity);
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    const times = simulated.run();
    const between = performance.now();
    expected = await peer.run();
    ours = Math.min(ours, between - started);
    theirs = Math.min(theirs, performance.now() - between);
    for (const [launch, time] of times.entries()) launches[launch] = Math.min(launches[launch], time);
  }
  const error = difference(simulated.output('out0'), expected);
  say(
    `${network.name}: ${ours.toFixed(1)} ms, onnxruntime-web ${theirs.toFixed(1)} ms, ratio ${(ours / theirs).toFixed(2)} ` +
      `(best of ${rounds}, ${threads} thread${threads === 1 ? '' : 's'}), difference ${error.toExponential(1)}`,
  );
  if (profile > 0) showKernels(compiled.program, launches, profile);
  await peer.close();
  await simulated.close();
}

/** The kernels in which the time goes, launches of one kernel together. */
function showKernels(program: Program, launches: Float64Array, count: number): void {
  const kernels = program.kernels.map(({ name }) => ({ name, launches: 0, milliseconds: 0 }));
  for (const [index, { kernel }] of launchesOf(program.main).entries()) {
    kernels[kernel].launches++;
    kernels[kernel].milliseconds += launches[index];
  }
  const slowest = kernels.toSorted((left, right) => right.milliseconds - left.milliseconds).slice(0, count);
  for (const { name, launches: times, milliseconds } of slowest)
    say(`  ${milliseconds.toFixed(2).padStart(8)} ms  ${name} (${times} launches)`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '12' },
    profile: { type: 'string', default: '0' },
  },
});
const options: Options = {
  threads: Number(values.threads),
  rounds: Number(values.rounds),
  profile: Number(values.profile),
};
const measured = positionals.length > 0 ? positionals : ['resnet50', 'vit_b_16', 'gpt'];
for (const network of benchmarkNetworks(process.env.MSC_MINDCV ?? null))
  if (measured.includes(network.name)) await compare(network, options);

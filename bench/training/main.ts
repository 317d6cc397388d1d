/**
 * Training steps on the simulated NPU: forward, backward and momentum as one program, against the forward run alone
 * (about a third of the arithmetic), by turns in one process.
 *
 *   node dist/bench/training/main.js [--threads N] [--rounds N] [--profile N] [name …]
 *
 * MSC_MINDCV names a checkout of mindcv; without it only LeNet-5 runs. Prints compile time, launches of a step, the best
 * time of a step and its ratio to forward alone; `--profile N` adds the N kernels that take longest.
 */
import { parseArgs } from 'node:util';
import { createEngine, type Engine } from '../../runtime/host/index.ts';
import type { Program } from '../../runtime/program/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { formulaWeights } from '../../tools/formats/index.ts';
import { compileSource } from '../../tools/msc/compile.ts';
import type { NetworkSource } from '../../tools/msc/source.ts';
import { forwardSource, stepSource, trainedNetworks, type TrainedNetwork } from './networks.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Loaded {
  readonly program: Program;
  readonly compileMilliseconds: number;
  /** Runs once; the observer hears of each launch. */
  readonly run: (observer: (kernel: number, milliseconds: number) => void) => number;
}

async function load(engine: Engine, source: NetworkSource): Promise<Loaded> {
  const start = performance.now();
  const { program, diagnostics } = await compileSource({
    source,
    chip: defaultChip,
    to: 'program',
    now: () => performance.now(),
  });
  if (program === null) throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  const compileMilliseconds = performance.now() - start;
  const instance = engine.load(program);
  if (!('run' in instance)) throw new Error(`cannot load: ${JSON.stringify(instance)}`);
  for (const { name, shape, dtype, source: content } of [...program.parameters, ...program.inputs.map(supplied)])
    if (content.kind !== 'embedded' && dtype === 'f32') instance.set(name, formulaWeights(name, shape).data);
  const succeed = (outcome: { readonly ok: boolean }): void => {
    if (!outcome.ok) throw new Error(`the program failed: ${JSON.stringify(outcome)}`);
  };
  succeed(instance.prepare());
  const run: Loaded['run'] = (observer) => {
    const began = performance.now();
    succeed(instance.run({ observer: (_, milliseconds, { kernel }) => observer(kernel, milliseconds) }));
    return performance.now() - began;
  };
  return { program, compileMilliseconds, run };
}

const supplied = (input: Program['inputs'][number]) => ({ ...input, source: { kind: 'supplied' as const } });

async function measure(network: TrainedNetwork, options: Options): Promise<void> {
  const engine = await createEngine({ threads: options.threads });
  const step = await load(engine, stepSource(network));
  const forward = await load(engine, forwardSource(network));
  let [stepBest, forwardBest, launches] = [Infinity, Infinity, 0];
  const kernels = step.program.kernels.map(({ name }) => ({ name, launches: 0, milliseconds: 0 }));
  for (let round = 0; round < options.rounds; round++) {
    launches = 0;
    const time = step.run((kernel, milliseconds) => {
      launches++;
      kernels[kernel].launches++;
      kernels[kernel].milliseconds += milliseconds;
    });
    stepBest = Math.min(stepBest, time);
    forwardBest = Math.min(
      forwardBest,
      forward.run(() => undefined),
    );
  }
  say(
    `${network.name}, batch ${network.batch}: ${stepBest.toFixed(1)} ms a step, ${(stepBest / forwardBest).toFixed(2)} times forward alone; ` +
      `${launches} launches, compiled in ${(step.compileMilliseconds / 1000).toFixed(2)} s (best of ${options.rounds}, ${options.threads} threads)`,
  );
  const slowest = kernels.toSorted((left, right) => right.milliseconds - left.milliseconds).slice(0, options.profile);
  for (const { name, launches: times, milliseconds } of slowest)
    say(`  ${(milliseconds / options.rounds).toFixed(2).padStart(8)} ms  ${name} (${times / options.rounds} launches)`);
  await engine.close();
}

interface Options {
  readonly threads: number;
  readonly rounds: number;
  /** Kernels that are shown. */
  readonly profile: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '6' },
    profile: { type: 'string', default: '0' },
  },
});
const options = {
  threads: Number(values.threads),
  rounds: Number(values.rounds),
  profile: Number(values.profile),
};
for (const network of trainedNetworks(process.env.MSC_MINDCV ?? null))
  if (positionals.length === 0 || positionals.includes(network.name)) await measure(network, options);

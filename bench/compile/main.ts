/**
 * How long compiling takes: CPU time by phase in fresh processes, and the wall time of whole commands.
 *
 *   node dist/bench/compile/main.js [--rounds N] [name]      (resnet50; MSC_MINDCV names a checkout of mindcv)
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchmarkNetworks, type BenchmarkNetwork } from '../network/networks.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const script = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

function node(args: readonly string[]): { readonly milliseconds: number; readonly stdout: string } {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const milliseconds = performance.now() - started;
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}:\n${stderr}`);
  return { milliseconds, stdout };
}

/** Best time of each phase over all rounds. */
function bestPhases(name: string, rounds: number): ReadonlyMap<string, number> {
  const best = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    const phases = JSON.parse(node([script('phases.js'), name]).stdout) as readonly (readonly [string, number])[];
    for (const [phase, time] of phases) best.set(phase, Math.min(best.get(phase) ?? Infinity, time));
  }
  return best;
}

const bestOf = (rounds: number, args: readonly string[]): number =>
  Math.min(...Array.from({ length: rounds }, () => node(args).milliseconds));

function commandLine({ file, entry, input, root }: BenchmarkNetwork, output: string): readonly string[] {
  const path = root === null ? [] : ['--path', root];
  const shape = `${input.name}=${input.shape.join('x')}:f32`;
  return [
    script('../../tools/msc/main.js'),
    'compile',
    file,
    '--entry',
    entry,
    '--input',
    shape,
    ...path,
    '-o',
    output,
  ];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' } },
});
const rounds = Number(values.rounds);
const name = positionals[0] ?? 'resnet50';
const network = benchmarkNetworks(process.env.MSC_MINDCV ?? null).find((candidate) => candidate.name === name);
if (network === undefined) throw new Error(`no network '${name}'; MSC_MINDCV must name a checkout of mindcv`);

const phases = bestPhases(name, rounds);
for (const [phase, time] of phases) say(`${time.toFixed(0).padStart(6)} ms CPU  ${phase}`);
const folder = mkdtempSync(join(tmpdir(), 'msc-bench-'));
const whole = bestOf(rounds, commandLine(network, join(folder, 'out.msp')));
const help = bestOf(rounds, [script('../../tools/msc/main.js'), '--help']);
rmSync(folder, { recursive: true });
say(`${whole.toFixed(0).padStart(6)} ms wall msc compile ${name}, whole process (best of ${rounds})`);
say(`${help.toFixed(0).padStart(6)} ms wall msc --help`);

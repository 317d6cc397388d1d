/**
 * The training examples as a whole: `msc run` of examples/mnist/train.py and wide.py in a folder of their own, judged by what
 * real MindSpore recorded (test/script/data/mnist.json).
 *
 *   node dist/bench/mnist/main.js [--threads N] [train] [wide]
 *
 * Prints time, the largest relative difference of the first 50 losses, and accuracy; exit code 1 when a limit is missed.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** What an example must reach. */
interface Limits {
  readonly script: string;
  readonly least: number;
  readonly seconds: number | null;
}

const examples: Readonly<Record<string, Limits>> = {
  train: { script: 'train.py', least: 0.965, seconds: 300 },
  wide: { script: 'wide.py', least: 0.98, seconds: null },
};

const LOSS_LIMIT = 1e-3;
const ACCURACY_LIMIT = 0.005;

const recorded = JSON.parse(readFileSync(join(repository, 'test/script/data/mnist.json'), 'utf8')) as {
  readonly losses: readonly number[];
  readonly accuracies: readonly number[];
};

function run(program: string, argv: readonly string[], folder: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

/** The limits that an example misses. */
function judge(name: string, { script, least, seconds }: Limits, threads: string | undefined): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'msc-mnist-'));
  try {
    cpSync(join(repository, 'examples/mnist', script), join(folder, script));
    run(join(repository, 'examples/mnist/digits.js'), [join(folder, 'digits')], folder);
    const started = performance.now();
    const options = threads === undefined ? [] : ['--threads', threads];
    const output = run(join(repository, 'dist/tools/msc/main.js'), ['run', script, ...options], folder);
    const elapsed = (performance.now() - started) / 1000;
    const accuracy = Number([...output.matchAll(/accuracy ([\d.]+)/g)].at(-1)?.[1]);
    say(`${name}: ${elapsed.toFixed(0)} s, accuracy ${accuracy}`);
    return [
      ...(accuracy >= least ? [] : [`accuracy ${accuracy} is below ${least}`]),
      ...(seconds === null || elapsed <= seconds ? [] : [`${elapsed.toFixed(0)} s are more than ${seconds}`]),
      ...(name === 'train' ? besideMindSpore(output, accuracy) : []),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function besideMindSpore(output: string, accuracy: number): readonly string[] {
  const losses = [...output.matchAll(/ loss ([\d.]+)/g)].map(([, loss]) => Number(loss));
  const differences = recorded.losses.map((loss, step) => Math.abs(losses[step] / loss - 1));
  const worst = Math.max(...differences);
  const other = recorded.accuracies.at(-1) ?? 0;
  say(`  first ${differences.length} losses differ by ${worst.toExponential(1)}; MindSpore's accuracy is ${other}`);
  return [
    ...(worst <= LOSS_LIMIT ? [] : [`losses differ by ${worst}`]),
    ...(Math.abs(accuracy - other) <= ACCURACY_LIMIT ? [] : [`accuracy differs from MindSpore's ${other}`]),
  ];
}

const { values, positionals } = parseArgs({ options: { threads: { type: 'string' } }, allowPositionals: true });
const names = positionals.length > 0 ? positionals : Object.keys(examples);
const missed = names.flatMap((name) => {
  const limits = examples[name];
  if (!limits) throw new Error(`unknown example ${name}; known: ${Object.keys(examples).join(', ')}`);
  return judge(name, limits, values.threads);
});
for (const problem of missed) say(`MISSED: ${problem}`);
process.exitCode = missed.length > 0 ? 1 : 0;

/**
 * Time and memory of `msc plan` as a whole process: Llama 2 70B (examples/llama, 68.98 billion parameters that are never made) on 1,024
 * devices. `node dist/bench/plan/llama.js [--cluster 910b1:128x8] [--rounds 3]`, from the root of the repository.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const built = fileURLToPath(new URL('../../', import.meta.url));
const { values } = parseArgs({
  options: { cluster: { type: 'string', default: '910b1:128x8' }, rounds: { type: 'string', default: '3' } },
});

/** The process says at its end what it took at most. */
const REPORT = `process.on('exit', () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
process.stderr.write('\\nRESOURCES ' + JSON.stringify({ maxRSS, cpu: (userCPUTime + systemCPUTime) / 1e6 }) + '\\n'); });`;

interface Round {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly gigabytes: number;
  readonly plan: string;
}

function round(): Round {
  const started = performance.now();
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(REPORT)}`,
      join(built, 'tools/msc/main.js'),
      ...['plan', 'llama.py', '--entry', "Llama('70b')", '--input', 'ids=1x4096:i32'],
      ...['--cluster', values.cluster, '--global-batch', '1024'],
    ],
    { cwd: 'examples/llama', encoding: 'utf8' },
  );
  const seconds = (performance.now() - started) / 1000;
  const [, report] = /RESOURCES (.*)/.exec(stderr) ?? [];
  if (status !== 0 || report === undefined) throw new Error(stderr);
  const { maxRSS, cpu } = JSON.parse(report) as { readonly maxRSS: number; readonly cpu: number }; // written above
  return { seconds, cpuSeconds: cpu, gigabytes: (maxRSS * 1024) / 1e9, plan: stdout };
}

const rounds = Array.from({ length: Number(values.rounds) }, round);
const best = rounds.reduce((least, each) => (each.seconds < least.seconds ? each : least));
process.stdout.write(
  `${best.plan}best of ${rounds.length}: ${best.seconds.toFixed(2)} s (CPU ${best.cpuSeconds.toFixed(2)} s), ` +
    `${Math.max(...rounds.map(({ gigabytes }) => gigabytes)).toFixed(2)} GB\n`,
);

/**
 * Text IR throughput against mlir-opt: parse, canonicalize, cse, print.
 *
 *   node dist/bench/ir-text/bench.js [path of mlir-opt]
 *
 * Reports phases in a warm process, whole processes (Node's start-up included), and how the time of a chain of
 * constants grows. Ratios above 1 mean that msc is faster.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseModule, printModule, verifyModule } from '../../compiler/ir/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { canonicalize, eliminateCommonSubexpressions } from '../../compiler/passes/simplify/index.ts';
import { simplifyRules } from '../../tools/msc/pipeline-registry.ts';
import { constantChain, randomArithmetic } from './inputs.ts';

const PIPELINE = 'builtin.module(func.func(canonicalize,cse))';
const COUNT = 100_000;
const REPETITIONS = 7;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Milliseconds of each phase on one text. */
function phases(text: string): Readonly<Record<string, number>> {
  const times: Record<string, number> = {};
  const timed = <T>(name: string, run: () => T): T => {
    const started = performance.now();
    const value = run();
    times[name] = performance.now() - started;
    return value;
  };
  const { module, diagnostics } = timed('parse', () => parseModule({ name: 'bench.mlir', text }, opTable));
  if (!module) throw new Error(diagnostics.map((diagnostic) => diagnostic.message).join('\n'));
  timed('verify', () => verifyModule(module, opTable));
  timed('canonicalize', () => canonicalize(module, opTable, simplifyRules));
  timed('cse', () => eliminateCommonSubexpressions(module, { definitions: opTable }));
  timed('print', () => printModule(module, opTable, { form: 'pretty' }));
  return times;
}

function bestPhases(text: string): Readonly<Record<string, number>> {
  const best: Record<string, number> = {};
  for (let run = 0; run < REPETITIONS; run++) {
    for (const [name, time] of Object.entries(phases(text))) best[name] = Math.min(best[name] ?? Infinity, time);
  }
  return best;
}

/** Best wall time of a command in milliseconds. */
function bestProcess(command: string, args: readonly string[], repetitions: number): number {
  let best = Infinity;
  for (let run = 0; run < repetitions; run++) {
    const started = performance.now();
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
    if (status !== 0) throw new Error(`${command} failed: ${stderr.slice(0, 500)}`);
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

/** Whole processes, start-up included; both in turn, so that a busy machine is busy for both. */
function wholeProcesses(ours: readonly string[], mlirOpt: string | undefined, theirs: readonly string[]): void {
  const best = { ours: Infinity, theirs: Infinity };
  for (let run = 0; run < REPETITIONS; run++) {
    best.ours = Math.min(best.ours, bestProcess(process.execPath, ours, 1));
    if (mlirOpt)
      best.theirs = Math.min(best.theirs, bestProcess(mlirOpt, [`--pass-pipeline=${PIPELINE}`, ...theirs], 1));
  }
  say(`whole process  ${best.ours.toFixed(0)} ms`);
  if (mlirOpt) say(`  mlir-opt     ${best.theirs.toFixed(0)} ms, ratio ${(best.theirs / best.ours).toFixed(2)}`);
}

/** Milliseconds that mlir-opt reports for parsing and for each pass. */
function mlirPhases(mlirOpt: string, file: string): Readonly<Record<string, number>> {
  const args = [`--pass-pipeline=${PIPELINE}`, '--mlir-timing', '--mlir-disable-threading', file, '-o', '/dev/null'];
  const times: Record<string, number> = {};
  for (let run = 0; run < 3; run++) {
    const { stderr } = spawnSync(mlirOpt, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
    for (const [, seconds, name] of stderr.matchAll(/^\s+([\d.]+) \(.*?\)\s+(Parser|Canonicalizer|CSE|Output)$/gm)) {
      times[name] = Math.min(times[name] ?? Infinity, Number(seconds) * 1000);
    }
  }
  return times;
}

const PHASE_OF: Readonly<Record<string, string>> = {
  parse: 'Parser',
  canonicalize: 'Canonicalizer',
  cse: 'CSE',
  print: 'Output',
};

function rate(milliseconds: number): string {
  return `${milliseconds.toFixed(1).padStart(8)} ms  ${(COUNT / milliseconds / 1000).toFixed(2)} Mop/s`;
}

function main(mlirOpt: string | undefined): void {
  const folder = mkdtempSync(join(tmpdir(), 'msc-bench-'));
  const text = randomArithmetic(COUNT);
  const file = join(folder, 'random.mlir');
  writeFileSync(file, text);
  const ours = bestPhases(text);
  const theirs = mlirOpt ? mlirPhases(mlirOpt, file) : {};
  say(`${COUNT} arith operations, ${(text.length / 1e6).toFixed(1)} MB; best of ${REPETITIONS} in a warm process`);
  for (const [name, time] of Object.entries(ours)) {
    const other = theirs[PHASE_OF[name] ?? ''];
    say(
      `  ${name.padEnd(13)}${rate(time)}${other ? `  mlir-opt ${other.toFixed(1)} ms, ratio ${(other / time).toFixed(1)}` : ''}`,
    );
  }
  const script = join(dirname(fileURLToPath(import.meta.url)), 'process.js');
  wholeProcesses([script, file, join(folder, 'out.mlir'), PIPELINE], mlirOpt, [file, '-o', join(folder, 'mlir.mlir')]);
  say('chain of constant additions, parse + canonicalize + cse:');
  for (const count of [25_000, 50_000, 100_000]) {
    const times = bestPhases(constantChain(count));
    const total = times.parse + times.canonicalize + times.cse;
    say(
      `  ${String(count).padStart(7)} ops  ${total.toFixed(1)} ms  (canonicalize ${times.canonicalize.toFixed(1)} ms)`,
    );
  }
  if (mlirOpt) {
    for (const count of [2_500, 5_000, 10_000]) {
      writeFileSync(file, constantChain(count));
      say(
        `  mlir-opt ${String(count).padStart(7)} ops  ${bestProcess(mlirOpt, [`--pass-pipeline=${PIPELINE}`, file, '-o', '/dev/null'], 1).toFixed(0)} ms`,
      );
    }
  }
  rmSync(folder, { recursive: true });
}

main(process.argv[2]);

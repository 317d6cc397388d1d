#!/usr/bin/env node
/**
 * The program `msc`. Compiling Python recurses as deeply as the Python program does, so commands that may meet a Python file
 * run on a thread with a large stack; everything else runs here at once.
 */
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { exitCodes } from './exit.ts';
import { processIo } from './io.ts';

/** Both in MiB. */
const LIMITS = { stackSizeMb: 128, maxOldGenerationSizeMb: 8192 };
const DEEP_COMMANDS: ReadonlySet<string> = new Set(['compile', 'run', 'check', 'plan', 'inspect']);

/** Terminals are seen from the main thread only. */
interface WorkerArguments {
  readonly argv: readonly string[];
  readonly isOutputTerminal: boolean;
  readonly isErrorTerminal: boolean;
}

function startDeep(argv: readonly string[]): void {
  const { isOutputTerminal, isErrorTerminal } = processIo();
  const data: WorkerArguments = { argv, isOutputTerminal, isErrorTerminal };
  const worker = new Worker(new URL(import.meta.url), { workerData: data, resourceLimits: LIMITS });
  worker.on('message', (code: number) => {
    process.exitCode = code;
  });
  worker.on('error', (error) => {
    processIo().log(`internal error: ${error.message}\n`);
    process.exitCode = exitCodes.internal;
  });
  process.on('SIGINT', () => process.exit(exitCodes.interrupted));
}

if (!isMainThread) {
  const { argv, ...terminals } = workerData as WorkerArguments; // made by startDeep
  const { main } = await import('./cli.ts');
  parentPort?.postMessage(await main(argv, { ...processIo(), ...terminals }));
} else {
  const argv = process.argv.slice(2);
  if (DEEP_COMMANDS.has(argv[0] ?? '') && !argv.includes('--help')) startDeep(argv);
  else process.exitCode = await (await import('./cli.ts')).main(argv, processIo());
}

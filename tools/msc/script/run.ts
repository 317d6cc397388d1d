/** Script mode of `msc run`: the file runs as under `python`, its tensors on the simulated NPU. */
import { availableParallelism } from 'node:os';
import type { Diagnostic, Result } from '../../../compiler/ir/support/index.ts';
import { failure, ok } from '../../../compiler/ir/support/index.ts';
import { isScript, preludeModules, runScript as runPython } from '../../../compiler/frontend/index.ts';
import { createEngine } from '../../../runtime/host/index.ts';
import type { Chip } from '../../../runtime/target/index.ts';
import { readBytes } from '../files.ts';
import { preludeReader } from '../host.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { flagOption, listOption, numberOption, textOption } from '../options.ts';
import type { Refusal } from '../request.ts';
import { chipOption, limitOptions, refusedValues } from '../request.ts';
import { compileSource } from '../compile.ts';
import { deliverReport, reportRecorder, watched } from '../inspect/watch.ts';
import { arrayCodec } from './codec.ts';
import { SimulatedDevice } from './device.ts';
import { GraphWatch } from './graphs.ts';
import { scriptHost } from './host.ts';
import { ScriptProgress } from './progress.ts';

/** Options that speak of one network; with one of them the file is not run as a script. */
const NETWORK_OPTIONS = ['entry', 'inputs', 'outputs', 'weights', 'compile-from', 'trace'] as const;
const NETWORK_FLAGS = ['check', 'timing'] as const;

/** Whether `msc run FILE` means the script mode: a Python file whose top level does work, and no option names a network. */
export function isScriptRun(io: Io, args: Arguments, file: string): boolean {
  if (!file.endsWith('.py') || listOption(args, 'input').length > 0) return false;
  if (NETWORK_OPTIONS.some((name) => textOption(args, name) !== null)) return false;
  if (NETWORK_FLAGS.some((name) => flagOption(args, name))) return false;
  const bytes = readBytes(io, file);
  return bytes.ok && isScript(new TextDecoder().decode(bytes.value), file);
}

/** A script may train for long: it gets more Python steps than the tracing of a network, unless `--max-steps` says how many. */
const SCRIPT_STEPS = 20_000_000_000;

/** Runs a file as a script; what it gives are the diagnostics at its end. */
export async function runScript(
  io: Io,
  args: Arguments,
  file: string,
): Promise<Result<readonly Diagnostic[], Refusal>> {
  const chip = chipOption(args);
  if (!chip.ok) return chip;
  const limits = limitOptions(args);
  if (!limits.ok) return failure(limits.error);
  const progress = new ScriptProgress(io, file, flagOption(args, 'json'));
  const watch = textOption(args, 'report') === null ? null : new GraphWatch();
  const engine = await createEngine({
    threads: numberOption(args, 'threads') ?? availableParallelism(),
    relaxedSimd: args.values['relaxed'] !== false,
  });
  const write = (text: string): void => {
    progress.clear();
    io.write(text);
  };
  const log = (text: string): void => {
    progress.clear();
    io.log(text);
  };
  const roots = listOption(args, 'path');
  try {
    const diagnostics = runPython({
      file,
      host: scriptHost({
        folder: io.folder,
        file,
        readable: [...listOption(args, 'allow-read'), ...roots],
        scriptArguments: args.rest,
        writeOutput: write,
        writeError: log,
      }),
      codec: arrayCodec,
      prelude: preludeModules(preludeReader()),
      roots,
      limits: { ...limits.value, maxSteps: numberOption(args, 'max-steps') ?? SCRIPT_STEPS },
      device: new SimulatedDevice({
        engine,
        chip: chip.value,
        observer: progress,
        ...(watch === null ? {} : { watch }),
        refuse: refusedValues(args),
        now: () => io.now(),
      }),
    });
    progress.clear();
    return ok([...diagnostics, ...(await scriptReport(io, args, file, chip.value, watch, diagnostics))]);
  } finally {
    progress.clear();
    await engine.close();
  }
}

/** `--report` of a script: the page of the graph that kept the device busy longest, compiled once more under watch. */
async function scriptReport(
  io: Io,
  args: Arguments,
  file: string,
  chip: Chip,
  watch: GraphWatch | null,
  diagnostics: readonly Diagnostic[],
): Promise<readonly Diagnostic[]> {
  const recorder = await reportRecorder(io, args, 'run', file);
  if (recorder === null) return [];
  const use = watch?.longest() ?? null;
  if (use !== null) {
    const { source, runs, graphs, share } = use;
    recorder.compiled(await compileSource(watched({ source, chip, to: 'program', now: () => io.now() }, recorder)));
    const value = `${runs} runs, ${(100 * share).toFixed(1)} % of the device's time; the script compiled ${graphs} graphs`;
    recorder.fact({ name: 'graph shown', value, view: 'graph' });
  }
  return deliverReport(io, args, recorder, diagnostics);
}

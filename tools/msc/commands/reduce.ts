/** `msc reduce`: the smallest module for which a command still succeeds. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Module } from '../../../compiler/ir/index.ts';
import { diagnose, printModule } from '../../../compiler/ir/index.ts';
import { opTable } from '../../../compiler/ir/ops/index.ts';
import { reduceModule } from '../../reduce/index.ts';
import { cliDiagnostics } from '../diagnostics.ts';
import type { ExitCode } from '../exit.ts';
import { readSource, writeOutput } from '../files.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { flagOption, numberOption, textOption } from '../options.ts';
import { moduleFromText } from '../pipeline.ts';
import { finish } from '../report.ts';
import { fileSources } from '../text/locate.ts';
import { usageError } from '../usage.ts';

const MOST_ATTEMPTS = 2000;

export async function run(args: Arguments, io: Io): Promise<ExitCode> {
  const [file, ...more] = args.words;
  const test = textOption(args, 'test');
  if (file === undefined || more.length > 0 || test === null)
    return usageError(io, "reduce takes one file and a test: msc reduce FILE.mlir --test 'COMMAND'");
  const answer = (diagnostics: Parameters<typeof finish>[3]['diagnostics'], json: object = {}): ExitCode =>
    finish(io, flagOption(args, 'json'), fileSources(io.folder), { diagnostics, json });
  const source = readSource(io, file);
  if (!source.ok) return answer([source.error]);
  const { module, diagnostics } = moduleFromText(source.value, 'source');
  if (module === null) return answer(diagnostics);
  const folder = mkdtempSync(join(tmpdir(), 'msc-reduce-'));
  try {
    const interesting = (candidate: Module): boolean =>
      succeeds(io, test, join(folder, 'candidate.mlir'), printModule(candidate, opTable, { form: 'generic' }));
    if (!interesting(module)) return answer([diagnose(cliDiagnostics.notInteresting, null, [test])]);
    const { text, operations, attempts } = reduceModule(module, {
      definitions: opTable,
      interesting,
      maxAttempts: numberOption(args, 'max-attempts') ?? MOST_ATTEMPTS,
    });
    const problem = writeOutput(io, textOption(args, 'output') ?? '-', text);
    io.log(`${operations} operations left after ${attempts} attempts\n`);
    return answer(problem ? [problem] : [], { operations, attempts });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether the command ends with 0 for this text; `{}` in the command is the file, else it is the last word. */
function succeeds(io: Io, command: string, path: string, text: string): boolean {
  writeFileSync(path, text);
  const whole = command.includes('{}') ? command.replaceAll('{}', path) : `${command} ${path}`;
  return spawnSync(whole, { shell: true, cwd: io.folder, stdio: 'ignore' }).status === 0;
}

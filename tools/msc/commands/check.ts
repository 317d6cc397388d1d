/** `msc check`: every problem of a network that compiling finds, without writing anything. */
import { compileSource } from '../compile.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { flagOption, textOption } from '../options.ts';
import { Progress, finish } from '../report.ts';
import { chipOption, logReports, sourceOf } from '../request.ts';
import { parsePython } from '../../../compiler/frontend/syntax/index.ts';
import { readSource } from '../files.ts';
import { fileSources } from '../text/locate.ts';
import { refuse, usageError } from '../usage.ts';

export async function run(args: Arguments, io: Io): Promise<ExitCode> {
  const [file, ...more] = args.words;
  if (file === undefined || more.length > 0) return usageError(io, 'check takes one file: msc check FILE.py');
  const isJson = flagOption(args, 'json');
  const chip = chipOption(args);
  if (!chip.ok) return refuse(io, args, chip.error);
  const source = sourceOf(io, args, file, (inputs) => inputs);
  if (!source.ok) return refuse(io, args, source.error);
  if (source.value.kind === 'network' && source.value.inputs.length === 0 && textOption(args, 'entry') === null) return checkSyntax(io, isJson, file);
  const started = io.now();
  const progress = new Progress(io, isJson);
  const compilation = await compileSource({ source: source.value, chip: chip.value, to: 'program', verifyEach: true, now: () => io.now(), begin: (phase) => progress.show(`${file}: ${phase}`) });
  progress.end();
  logReports(io, args, compilation, io.now() - started);
  return finish(io, isJson, fileSources(io.folder), { diagnostics: compilation.diagnostics, json: {} });
}

/** Without inputs there is no graph to trace: only the grammar can be checked. */
function checkSyntax(io: Io, isJson: boolean, path: string): ExitCode {
  const source = readSource(io, path);
  const diagnostics = source.ok ? parsePython(source.value.text, source.value.name).diagnostics : [source.error];
  return finish(io, isJson, fileSources(io.folder), { diagnostics, json: { checked: 'syntax' } });
}

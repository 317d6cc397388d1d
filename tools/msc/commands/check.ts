/** `msc check`: every problem of a network that compiling finds, without writing anything. */
import { traceDiagnostics } from '../../../compiler/frontend/index.ts';
import type { Diagnostic } from '../../../compiler/ir/index.ts';
import { compileSource } from '../compile.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { flagOption, listOption, textOption } from '../options.ts';
import { Progress, finish } from '../report.ts';
import { chipOption, logReports, sourceOf } from '../request.ts';
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
  const started = io.now();
  const progress = new Progress(io, isJson);
  const compilation = await compileSource({
    source: source.value,
    chip: chip.value,
    to: 'program',
    verifyEach: true,
    now: () => io.now(),
    begin: (phase) => progress.show(`${file}: ${phase}`),
  });
  progress.end();
  logReports(io, args, compilation, io.now() - started);
  return finish(io, isJson, fileSources(io.folder), {
    diagnostics: compilation.diagnostics.map((diagnostic) => excused(args, diagnostic)),
    json: {},
  });
}

/** Without --entry or --input the rest of the file can still be checked: that they are missing is then only a note. */
function excused(args: Arguments, diagnostic: Diagnostic): Diagnostic {
  const { noEntry, inputsDoNotMatch } = traceDiagnostics;
  const isMissing =
    (diagnostic.code === noEntry.code && textOption(args, 'entry') === null) ||
    (diagnostic.code === inputsDoNotMatch.code && listOption(args, 'input').length === 0);
  return isMissing ? { ...diagnostic, severity: 'note' } : diagnostic;
}

/** `msc inspect`: what the compiler and the machine did with a network, as one page, as text, or as data. */
import { basename } from 'node:path';
import { reportHtml, builtPage } from '../../inspect/write/html.ts';
import { Recorder } from '../../inspect/collect/recorder.ts';
import { compileSource } from '../compile.ts';
import type { ExitCode } from '../exit.ts';
import { writeOutput } from '../files.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { flagOption, listOption, textOption } from '../options.ts';
import { Progress, finish } from '../report.ts';
import { chipOption, logReports, sourceOf } from '../request.ts';
import { fileSources } from '../text/locate.ts';
import { refuse, usageError } from '../usage.ts';

export async function run(args: Arguments, io: Io): Promise<ExitCode> {
  const [file, ...more] = args.words;
  if (file === undefined || more.length > 0) return usageError(io, 'inspect takes one file: msc inspect FILE.py');
  const chip = chipOption(args);
  if (!chip.ok) return refuse(io, args, chip.error);
  const source = sourceOf(io, args, file, (inputs) => inputs);
  if (!source.ok) return refuse(io, args, source.error);
  const sources = fileSources(io.folder);
  const recorder = new Recorder(
    {
      command: 'inspect',
      file,
      entry: textOption(args, 'entry'),
      inputs: listOption(args, 'input'),
      target: chip.value.name,
      cluster: null,
    },
    (name) => sources(name)?.text ?? null,
  );
  const started = io.now();
  const progress = new Progress(io, flagOption(args, 'json'));
  const compilation = await compileSource({
    source: source.value,
    chip: chip.value,
    to: 'program',
    now: () => io.now(),
    begin: (phase) => progress.show(`${file}: ${phase}`),
    ...recorder.hooks(),
  });
  recorder.compiled(compilation);
  progress.end();
  logReports(io, args, compilation, io.now() - started);
  const path = textOption(args, 'output') ?? `${basename(file).replace(/\.[^.]*$/, '')}.html`;
  const problem = writeOutput(io, path, reportHtml(recorder.report(compilation.diagnostics), builtPage()));
  return finish(io, flagOption(args, 'json'), sources, {
    diagnostics: [...compilation.diagnostics, ...(problem === null ? [] : [problem])],
    json: { files: [path] },
  });
}

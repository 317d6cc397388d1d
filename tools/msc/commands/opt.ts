/** `msc opt`: the command line around `runOpt`. */
import type { ExitCode } from '../exit.ts';
import { exitCodes, exitCodeOf } from '../exit.ts';
import { readSource, writeOutput } from '../files.ts';
import type { Io } from '../io.ts';
import { runOpt } from '../opt.ts';
import { parseOptArguments } from '../opt-options.ts';
import type { Arguments } from '../options.ts';
import { passes } from '../pipeline-registry.ts';
import { finish } from '../report.ts';
import { fileSources } from '../text/locate.ts';
import { usageError } from '../usage.ts';

export async function run(args: Arguments, io: Io): Promise<ExitCode> {
  const { words, output } = splitOutput(args.words);
  const parsed = parseOptArguments(
    words.filter((word) => word !== '-'),
    passes,
  );
  if (!parsed.ok) return usageError(io, parsed.error);
  const files = words.includes('-') ? [...parsed.files, '-'] : parsed.files;
  if (files.length > 1) return usageError(io, 'opt takes one file');
  const source = readSource(io, files[0] ?? '-');
  const sources = fileSources(io.folder);
  if (!source.ok) return finish(io, false, sources, { diagnostics: [source.error], json: {} });
  const result = runOpt(source.value, parsed.options, passes, () => io.now());
  io.log(result.log);
  const dumped = result.files.map(({ path, text }) => writeOutput(io, path, text));
  const written = result.exitCode === exitCodes.ok || output === '-' ? writeOutput(io, output, result.output) : null;
  const diagnostics = [...result.diagnostics, ...dumped, written].filter((problem) => problem !== null);
  return finish(io, false, sources, { diagnostics, json: {}, exitCode: result.exitCode || exitCodeOf(diagnostics) });
}

/** `-o FILE` belongs to the command line, not to mlir-opt's flags. */
function splitOutput(words: readonly string[]): { readonly words: readonly string[]; readonly output: string } {
  const at = words.indexOf('-o');
  if (at < 0) return { words, output: '-' };
  return { words: [...words.slice(0, at), ...words.slice(at + 2)], output: words[at + 1] ?? '-' };
}

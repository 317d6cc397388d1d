/** `msc asm`: assembly text to instruction words, little-endian. */
import type { Diagnostic, SourceFile } from '../../../compiler/ir/support/index.ts';
import { diagnose } from '../../../compiler/ir/support/index.ts';
import { assemble } from '../../../runtime/isa/index.ts';
import { cliDiagnostics } from '../diagnostics.ts';
import type { ExitCode } from '../exit.ts';
import { readSource, writeOutput } from '../files.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { flagOption, textOption } from '../options.ts';
import { finish } from '../report.ts';
import { fileSources, wordAt } from '../text/locate.ts';
import { usageError } from '../usage.ts';

export async function run(args: Arguments, io: Io): Promise<ExitCode> {
  const [file = '-', ...more] = args.words;
  if (more.length > 0) return usageError(io, 'asm takes one file');
  const answer = (diagnostics: readonly Diagnostic[], json: object = {}): ExitCode =>
    finish(io, flagOption(args, 'json'), fileSources(io.folder), { diagnostics, json });
  const source = readSource(io, file);
  if (!source.ok) return answer([source.error]);
  const result = assemble(source.value.text);
  if (!result.ok)
    return answer(result.problems.map(({ line, column, message }) => problemAt(source.value, line, column, message)));
  const { words } = result.stream;
  const problem =
    flagOption(args, 'json') && textOption(args, 'output') === '-'
      ? null
      : writeOutput(io, textOption(args, 'output') ?? '-', wordBytes(words));
  return answer(problem ? [problem] : [], { words: [...words], labels: Object.fromEntries(result.labels) });
}

const problemAt = (file: SourceFile, line: number, column: number, message: string): Diagnostic =>
  diagnose(cliDiagnostics.assembly, wordAt(file, line, column), [message]);

/** Words as they lie in a file. */
function wordBytes(words: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  words.forEach((word, index) => view.setUint32(index * 4, word, true));
  return bytes;
}

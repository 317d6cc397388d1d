/** `msc disasm`: instruction words, or the kernels of a program file, as assembly that assembles to the same words. */
import type { Diagnostic } from '../../../compiler/ir/support/index.ts';
import { diagnose, failure, ok } from '../../../compiler/ir/support/index.ts';
import type { Result } from '../../../compiler/ir/support/index.ts';
import { disassemble } from '../../../runtime/isa/index.ts';
import { isProgramFileError, readProgram } from '../../../runtime/program/index.ts';
import type { Program } from '../../../runtime/program/index.ts';
import { cliDiagnostics } from '../diagnostics.ts';
import { assemblyText } from '../emit.ts';
import type { ExitCode } from '../exit.ts';
import { readBytes, writeOutput } from '../files.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { flagOption, textOption } from '../options.ts';
import { finish } from '../report.ts';
import { fileSources } from '../text/locate.ts';
import { usageError } from '../usage.ts';

export async function run(args: Arguments, io: Io): Promise<ExitCode> {
  const [file = '-', ...more] = args.words;
  if (more.length > 0) return usageError(io, 'disasm takes one file');
  const answer = (diagnostics: readonly Diagnostic[], json: object = {}): ExitCode =>
    finish(io, flagOption(args, 'json'), fileSources(io.folder), { diagnostics, json });
  const bytes = readBytes(io, file);
  if (!bytes.ok) return answer([bytes.error]);
  const text = textOf(file, bytes.value, textOption(args, 'kernel'), flagOption(args, 'names'));
  if (!text.ok) return 'usage' in text.error ? usageError(io, text.error.usage) : answer([text.error]);
  const isInJson = flagOption(args, 'json') && textOption(args, 'output') === '-';
  const problem = isInJson ? null : writeOutput(io, textOption(args, 'output') ?? '-', text.value);
  return answer(problem ? [problem] : [], isInJson ? { text: text.value } : {});
}

const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

function textOf(
  path: string,
  bytes: Uint8Array,
  kernel: string | null,
  names: boolean,
): Result<string, Diagnostic | { readonly usage: string }> {
  if (!isZip(bytes)) return rawText(path, bytes, names);
  const program = readProgram(bytes);
  if (isProgramFileError(program))
    return failure(diagnose(cliDiagnostics.badProgram, null, [path, program.place, program.message]));
  return kernel === null ? ok(assemblyText(program)) : kernelText(program, kernel, names);
}

function kernelText(program: Program, name: string, operandNames: boolean): Result<string, { readonly usage: string }> {
  const found = program.kernels.find((kernel) => kernel.name === name);
  if (!found)
    return failure({
      usage: `the program has no kernel '${name}'; it has ${program.kernels.map((kernel) => kernel.name).join(', ')}`,
    });
  return ok(found.streams.map((stream) => disassemble(stream, { operandNames })).join('\n'));
}

/** A file of words has no source locations. */
function rawText(path: string, bytes: Uint8Array, operandNames: boolean): Result<string, Diagnostic> {
  if (bytes.length % 4 !== 0)
    return failure(
      diagnose(cliDiagnostics.badFile, null, [
        path,
        `${bytes.length} bytes are no whole 32-bit words`,
        bytes.length & ~3,
      ]),
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const words = Uint32Array.from({ length: bytes.length / 4 }, (_, index) => view.getUint32(index * 4, true));
  return ok(disassemble({ words, locationStarts: new Uint32Array(), locations: new Uint32Array() }, { operandNames }));
}

/** `msc inspect --export`: reports in the forms of other tools. */
import { failure, ok, type Diagnostic, type Result } from '../../../compiler/ir/support/index.ts';
import { exportKinds, type ExportFile, type ExportKind } from '../../inspect/export/index.ts';
import type { Report } from '../../inspect/report/index.ts';
import { writeOutput } from '../files.ts';
import type { ExitCode } from '../exit.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';

/** ONNX holds the weights, which no report has: the compile command makes it. */
const ONNX = 'onnx';

/** What `--export` names. */
export interface Exports {
  readonly kinds: readonly ExportKind[];
  readonly isOnnx: boolean;
}

/** The exports of `--export`, in its order; an error is a mistake in the arguments. */
export function exportsOption(text: string): Result<Exports> {
  const words = [...new Set(text.split(',').filter((word) => word !== ''))];
  const expected = `expected ${[...exportKinds.map(({ name }) => name), ONNX].join(', ')}`;
  const wrong = words.find((word) => word !== ONNX && !exportKinds.some(({ name }) => name === word));
  if (wrong !== undefined) return failure(`--export=${wrong}: ${expected}`);
  if (words.length === 0) return failure(`--export: ${expected}`);
  const kinds = words.flatMap((word) => exportKinds.filter(({ name }) => name === word));
  return ok({ kinds, isOnnx: words.includes(ONNX) });
}

/** `--export=onnx` as the compile command does it. */
export async function exportOnnx(args: Arguments, io: Io, output: string | null): Promise<ExitCode> {
  const { run } = await import('../commands/compile.ts');
  const values = { ...args.values, emit: ONNX, output, report: null, 'compile-to': null };
  return run({ ...args, values }, io);
}

/** The files of all exports; one whose sections are missing makes the whole fail. */
export function exportFiles(kinds: readonly ExportKind[], report: Report, base: string): Result<readonly ExportFile[]> {
  for (const { name, needs } of kinds) {
    const missing = needs.find((section) => report.sections[section] === undefined);
    if (missing !== undefined) return failure(`--export=${name}: the report has no section '${missing}'`);
  }
  return ok(kinds.flatMap(({ make }) => make(report, base)));
}

/** Writes one file to `output` or standard output, several (or with `isFolder` one of several) into the folder `output`. */
export function writeExports(
  io: Io,
  files: readonly ExportFile[],
  output: string | null,
  isFolder: boolean,
): { readonly files: readonly string[]; readonly problems: readonly Diagnostic[] } {
  const isOne = files.length === 1 && !isFolder;
  const paths = files.map(({ name }) => (isOne ? (output ?? '-') : `${output ?? '.'}/${name}`));
  const problems = files.flatMap(({ text }, index) => writeOutput(io, paths[index], text) ?? []);
  return { files: paths.filter((path) => path !== '-'), problems };
}

/** `msc inspect`: what the compiler and the machine did with a network, as one page, as text, or as data. */
import { basename } from 'node:path';
import type { Diagnostic } from '../../../compiler/ir/support/index.ts';
import { ok } from '../../../compiler/ir/support/index.ts';
import type { Report } from '../../inspect/report/index.ts';
import { exitCodes, hasErrors, type ExitCode } from '../exit.ts';
import { writeOutput } from '../files.ts';
import { compared, isReport } from '../inspect/make.ts';
import { writePage } from '../inspect/watch.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { flagOption, numberOption, textOption } from '../options.ts';
import { Progress, finish, isColored } from '../report.ts';
import { fileSources } from '../text/locate.ts';
import { refuse, usageError } from '../usage.ts';

export async function run(args: Arguments, io: Io): Promise<ExitCode> {
  const [file, ...more] = args.words;
  if (file === undefined || more.length > 0) return usageError(io, 'inspect takes one file: msc inspect FILE.py');
  const problem = contradiction(args, file);
  if (problem !== null) return usageError(io, problem);
  const progress = new Progress(io, flagOption(args, 'json'));
  if (flagOption(args, 'serve')) return (await import('../inspect/serve.ts')).serve(args, io, file, progress);
  const kinds = textOption(args, 'export');
  if (kinds !== null) return exported(args, io, file, kinds, progress);
  const inspected = await compared(io, args, file, progress);
  progress.end();
  if (!inspected.ok) return refuse(io, args, inspected.error);
  const { report, diagnostics } = inspected.value;
  // Of a file that cannot be read there is nothing to show.
  const isEmpty = hasErrors(diagnostics) && report.head.sources.length === 0;
  const { files, problems } = isEmpty ? nothing : await deliver(io, args, file, report);
  return finish(io, flagOption(args, 'json'), fileSources(io.folder), {
    diagnostics: [...diagnostics, ...problems],
    json: files.length === 0 ? { report } : { files },
  });
}

const baseOf = (file: string): string => basename(file).replace(/\.[^.]*$/, '') || 'network';

async function exported(args: Arguments, io: Io, file: string, words: string, progress: Progress): Promise<ExitCode> {
  const { exportFiles, exportOnnx, exportsOption, writeExports } = await import('../inspect/export.ts');
  const exports = exportsOption(words);
  if (!exports.ok) return usageError(io, exports.error);
  const { kinds, isOnnx } = exports.value;
  const output = textOption(args, 'output');
  if (kinds.length === 0) return exportOnnx(args, io, output);
  if (isOnnx && output === null)
    return usageError(io, `--export=${words} writes several files: give a folder with -o DIR`);
  const inspected = await compared(io, args, file, progress);
  progress.end();
  if (!inspected.ok) return refuse(io, args, inspected.error);
  const { report, diagnostics } = inspected.value;
  const made = hasErrors(diagnostics) ? ok([]) : exportFiles(kinds, report, baseOf(file));
  if (!made.ok) return usageError(io, made.error);
  if (made.value.length > 1 && output === null)
    return usageError(io, `--export=${words} writes several files: give a folder with -o DIR`);
  const { files, problems } = writeExports(io, made.value, output, isOnnx);
  const code = finish(io, flagOption(args, 'json'), fileSources(io.folder), {
    diagnostics: [...diagnostics, ...problems],
    json: { files },
  });
  return isOnnx && code === exitCodes.ok ? exportOnnx(args, io, `${output ?? '.'}/${baseOf(file)}.onnx`) : code;
}

/** Ways to tell the facts; a command tells them in one way. */
const WAYS = ['text', 'json', 'serve'] as const;

function contradiction(args: Arguments, file: string): string | null {
  const ways = WAYS.filter((way) => flagOption(args, way));
  if (ways.length > 1) return `--${ways[0]} and --${ways[1]} are two ways to tell the same facts: choose one`;
  if (flagOption(args, 'serve') && textOption(args, 'export') !== null)
    return '--serve shows the page: leave out --export';
  if (flagOption(args, 'serve') && textOption(args, 'output') !== null) return '--serve writes no file: leave out -o';
  if (args.values['port'] !== undefined && !flagOption(args, 'serve')) return '--port belongs to --serve';
  const events = numberOption(args, 'trace-events');
  if (events !== null && !(Number.isInteger(events) && events >= 0))
    return '--trace-events: expected how many, e.g. 20000';
  if (textOption(args, 'compare-entry') !== null && textOption(args, 'compare') === null)
    return '--compare-entry belongs to --compare';
  const isTold = ways.length > 0 || ['output', 'export', 'compare'].some((name) => textOption(args, name) !== null);
  return isReport(file) && !isTold ? `${file} is a report already: say --text, --json, --export or --compare` : null;
}

interface Delivered {
  readonly files: readonly string[];
  readonly problems: readonly Diagnostic[];
}

const nothing: Delivered = { files: [], problems: [] };

async function deliver(io: Io, args: Arguments, file: string, report: Report): Promise<Delivered> {
  const output = textOption(args, 'output');
  if (flagOption(args, 'text')) return deliverText(io, output, report);
  if (flagOption(args, 'json') && output === null) return nothing;
  const path = output ?? `${baseOf(file)}.html`;
  return { files: [path], problems: await writePage(io, path, report) };
}

async function deliverText(io: Io, output: string | null, report: Report): Promise<Delivered> {
  const { reportText } = await import('../../inspect/text/index.ts');
  const isTerminal = output === null && io.isOutputTerminal;
  const columns = Number(io.environment['COLUMNS'] ?? '');
  const text = reportText(report, { color: isTerminal && isColored(io), width: columns > 0 ? columns : DEFAULT_WIDTH });
  const problem = writeOutput(io, output ?? '-', text);
  return { files: output === null ? [] : [output], problems: problem === null ? [] : [problem] };
}

const DEFAULT_WIDTH = 120;

/** `msc inspect --serve`: the page on a port of this machine, made again whenever the source changes. */
import { resolve } from 'node:path';
import type { Diagnostic } from '../../../compiler/ir/support/index.ts';
import { serveReport } from '../../inspect/serve/index.ts';
import { builtPage, reportHtml } from '../../inspect/write/html.ts';
import { compared } from './make.ts';
import type { ExitCode } from '../exit.ts';
import { exitCodes } from '../exit.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { numberOption, textOption } from '../options.ts';
import type { Progress } from '../report.ts';
import { fileSources, located } from '../text/locate.ts';
import { paintFor, renderDiagnostic } from '../text/render.ts';
import { usageError } from '../usage.ts';

const LAST_PORT = 65535;

/** Serves until the process is interrupted. */
export async function serve(args: Arguments, io: Io, file: string, progress: Progress): Promise<ExitCode> {
  const port = numberOption(args, 'port') ?? 0;
  if (!Number.isInteger(port) || port < 0 || port > LAST_PORT)
    return usageError(io, `--port ${port}: expected a number from 0 to ${LAST_PORT}`);
  const page = builtPage();
  const compile = async (): Promise<Served> => {
    const inspected = await compared(io, args, file, progress);
    progress.end();
    const named = [file, ...[textOption(args, 'compare')].filter((path) => path !== null)];
    const watch = (more: readonly string[]): readonly string[] =>
      [...new Set([...named, ...more].filter((path) => path !== '-'))].map((path) => resolve(io.folder, path));
    if (!inspected.ok) {
      const problem = 'usage' in inspected.error ? inspected.error.usage : textOf(io, inspected.error.diagnostics);
      return { problem, files: watch([]) };
    }
    const { report, diagnostics } = inspected.value;
    const files = watch(report.head.sources.map(({ name }) => name));
    const isBroken = diagnostics.some(({ severity }) => severity === 'error');
    return isBroken ? { problem: textOf(io, diagnostics), files } : { html: reportHtml(report, page), files };
  };
  const ended = await serveReport({ compile, port, log: (text) => io.log(text), signal: new AbortController().signal });
  return ended.ok ? exitCodes.ok : usageError(io, ended.error);
}

/** What a compilation gives to the server, and the files whose change asks for the next one. */
type Served =
  | { readonly html: string; readonly files: readonly string[] }
  | { readonly problem: string; readonly files: readonly string[] };

const textOf = (io: Io, diagnostics: readonly Diagnostic[]): string =>
  diagnostics
    .map((diagnostic) => renderDiagnostic(located(diagnostic, fileSources(io.folder)), paintFor(false)))
    .join('\n');

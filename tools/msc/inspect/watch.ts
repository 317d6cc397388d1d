/**
 * `--report OUT.html` of compile, run and plan: a recorder that watches the command, and the page that it makes at the end. The
 * inspect room is loaded only when it is asked for.
 */
import type { Diagnostic } from '../../../compiler/ir/support/index.ts';
import type { Recorder } from '../../inspect/collect/recorder.ts';
import type { Report, Subject } from '../../inspect/report/index.ts';
import type { CompileRequest } from '../compile.ts';
import { writeOutput } from '../files.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { listOption, numberOption, textOption } from '../options.ts';
import { fileSources } from '../text/locate.ts';

/** The recorder of a command on a file. */
export async function recorderOf(
  io: Io,
  args: Arguments,
  command: Subject['command'],
  file: string,
): Promise<Recorder> {
  const { Recorder: Watching } = await import('../../inspect/collect/recorder.ts');
  const sources = fileSources(io.folder);
  const subject: Subject = {
    command,
    file,
    entry: textOption(args, 'entry'),
    inputs: listOption(args, 'input'),
    target: textOption(args, 'target') ?? '',
    cluster: textOption(args, 'cluster'),
  };
  const traceEvents = numberOption(args, 'trace-events');
  return new Watching({
    subject,
    read: (name) => sources(name)?.text ?? null,
    ...(traceEvents === null ? {} : { traceEvents }),
  });
}

/** The recorder that `--report` asks for, or null. */
export const reportRecorder = async (
  io: Io,
  args: Arguments,
  command: Subject['command'],
  file: string,
): Promise<Recorder | null> => (textOption(args, 'report') === null ? null : recorderOf(io, args, command, file));

/** A request that a recorder watches too. */
export function watched(request: CompileRequest, recorder: Recorder | null): CompileRequest {
  if (recorder === null) return request;
  const { visit, instrumentation, ...hooks } = recorder.hooks();
  const visitFirst = request.visit;
  return {
    ...request,
    ...hooks,
    visit: (stage, module) => {
      visitFirst?.(stage, module);
      visit(stage, module);
    },
    instrumentation: [...(request.instrumentation ?? []), ...instrumentation],
  };
}

/** Writes the page of a report. */
export async function writePage(io: Io, path: string, report: Report): Promise<readonly Diagnostic[]> {
  const { builtPage, reportHtml } = await import('../../inspect/write/html.ts');
  const problem = writeOutput(io, path, reportHtml(report, builtPage()));
  return problem === null ? [] : [problem];
}

/** What `--report` asks for at the end of a command: the page, also when the command found errors. */
export async function deliverReport(
  io: Io,
  args: Arguments,
  recorder: Recorder | null,
  diagnostics: readonly Diagnostic[],
): Promise<readonly Diagnostic[]> {
  const path = textOption(args, 'report');
  return recorder === null || path === null ? [] : writePage(io, path, recorder.report(diagnostics));
}

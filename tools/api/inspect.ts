/** Reports by the library: what `msc inspect` finds out, as data and as a page. */
import { diagnose, type Diagnostic } from '../../compiler/ir/support/index.ts';
import { chipByName, chips, defaultChip } from '../../runtime/target/index.ts';
import { Recorder } from '../inspect/collect/recorder.ts';
import type { Report } from '../inspect/report/index.ts';
import { builtPage, reportHtml } from '../inspect/write/html.ts';
import { compileSource } from '../msc/compile.ts';
import { cliDiagnostics } from '../msc/diagnostics.ts';
import { watched } from '../msc/inspect/watch.ts';
import { fileSources } from '../msc/text/locate.ts';
import { networkSource, type NetworkOptions } from './options.ts';

export interface InspectOptions extends NetworkOptions {
  /** Chip name; `ascend910b1` by default. */
  readonly target?: string;
  /** Segments of pipes that the time line of each kernel holds at most. */
  readonly traceEvents?: number;
}

export interface InspectResult {
  /** After errors it tells how far the compilation came; null when there is nothing to tell. */
  readonly report: Report | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles a network under watch and times it on the machine model. */
export async function inspect(options: InspectOptions): Promise<InspectResult> {
  const chip = options.target === undefined ? defaultChip : chipByName(options.target);
  if (!chip) {
    const known = chips.map(({ name }) => name);
    return { report: null, diagnostics: [diagnose(cliDiagnostics.unknownTarget, null, [options.target ?? '', known])] };
  }
  const source = networkSource(options);
  const texts = fileSources(source.folder);
  const recorder = new Recorder({
    subject: {
      command: 'inspect',
      file: source.file,
      entry: source.entry,
      inputs: source.inputs.map(({ name, shape, dtype }) => `${name}=${shape.join('x')}:${dtype}`),
      target: chip.name,
      cluster: null,
    },
    read: (name) => texts(name)?.text ?? null,
    ...(options.traceEvents === undefined ? {} : { traceEvents: options.traceEvents }),
  });
  const request = { source, chip, to: 'program', now: () => performance.now() } as const;
  const compilation = await compileSource(watched(request, recorder));
  recorder.compiled(compilation);
  return { report: recorder.report(compilation.diagnostics), diagnostics: compilation.diagnostics };
}

/** A report as one HTML file that needs neither network nor server. */
export const reportPage = (report: Report): string => reportHtml(report, builtPage());

/** One check of a Python file, in the thread that calls it. */
import { resolve } from 'node:path';
import type { Diagnostic as ProtocolDiagnostic } from 'vscode-languageserver';
import type { Host, SeenTensors } from '../../../compiler/frontend/index.ts';
import { traceDiagnostics } from '../../../compiler/frontend/index.ts';
import type { Diagnostic, Module, SourceFile } from '../../../compiler/ir/index.ts';
import { diagnose } from '../../../compiler/ir/index.ts';
import { chipByName, chips } from '../../../runtime/target/index.ts';
import { compileSource } from '../../msc/compile.ts';
import { cliDiagnostics } from '../../msc/diagnostics.ts';
import { defaultLimits } from '../../msc/limits.ts';
import { parseInput } from '../../msc/options.ts';
import { fileSources, located } from '../../msc/text/locate.ts';
import { protocolDiagnostic, severities } from '../diagnostics.ts';
import { uriOfPath } from '../positions.ts';
import { preludePath } from '../python/library.ts';
import { FlowTable } from './flows.ts';
import { irAnswer } from './ir-answer.ts';
import type { CheckJob, CheckOutcome, FileDiagnostics, IrAnswer, TracedListener } from './job.ts';
import { NO_NETWORK } from './job.ts';

/** Bytes of printed text that are kept. */
const MOST_PRINTED = 100_000;

/** Never throws: an exception of the compiler becomes `crash`. `traced` hears what flows as soon as that is known. */
export async function runCheck(job: CheckJob, traced: TracedListener): Promise<CheckOutcome> {
  const run = new Check(job, traced);
  try {
    return run.outcome(await run.compile(), null);
  } catch (error) {
    return run.outcome([], crashText(error));
  }
}

const crashText = (error: unknown): string => {
  const causes: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) causes.push(cause.stack ?? cause.message);
  return causes.join('\n') || String(error);
};

class Check {
  readonly #job: CheckJob;
  readonly #traced: TracedListener;
  readonly #filesRead = new Set<string>();
  readonly #flows: FlowTable;
  #printed = '';
  #ir: IrAnswer | null = null;

  constructor(job: CheckJob, traced: TracedListener) {
    this.#job = job;
    this.#traced = traced;
    this.#flows = new FlowTable((name) => this.#pathOf(name));
  }

  async compile(): Promise<readonly Diagnostic[]> {
    const { file, folder, entry, inputs, roots, readable, target, maxSteps, to } = this.#job;
    const chip = chipByName(target);
    if (!chip) return [diagnose(cliDiagnostics.unknownTarget, null, [target, chips.map(({ name }) => name)])];
    const parsed = inputs.map(parseInput);
    const { diagnostics } = await compileSource({
      source: {
        kind: 'network',
        file,
        folder,
        entry,
        inputs: parsed.flatMap((input) => (input.ok ? [input.value] : [])),
        roots,
        readable,
        limits: { ...defaultLimits, maxSteps },
        scriptArguments: [],
        print: (text) => this.#print(text),
        wrapHost: (host) => this.#overlay(host),
        watch: (seen: SeenTensors) => this.#flows.add(seen),
      },
      chip,
      to,
      verifyEach: true,
      visit: (stage, module) => this.#visit(stage, module),
      now: () => 0,
    });
    return diagnostics.map((diagnostic) => excused(this.#job, diagnostic));
  }

  #visit(stage: string, module: Module): void {
    const { wanted, to, file } = this.#job;
    if (stage === 'source' && to !== stage) this.#traced(this.#flows.files());
    if (wanted === null || stage !== to) return;
    this.#ir = irAnswer(module, stage, { ...wanted, file }, (name) => this.#addressOf(name), this.#source);
  }

  /** Texts of the editor are read in place of files, and what is read is remembered. */
  #overlay(host: Host): Host {
    const { folder, openTexts } = this.#job;
    return {
      ...host,
      readFile: (path) => {
        const full = resolve(folder, path);
        this.#filesRead.add(full);
        const text = openTexts.get(full);
        return text === undefined ? host.readFile(path) : { ok: true, value: new TextEncoder().encode(text) };
      },
      kindOf: (path) => (openTexts.has(resolve(folder, path)) ? 'file' : host.kindOf(path)),
    };
  }

  #print(text: string): void {
    if (this.#printed.length < MOST_PRINTED) this.#printed += text.slice(0, MOST_PRINTED - this.#printed.length);
  }

  #pathOf(name: string): string {
    return preludePath(name) ?? resolve(this.#job.folder, name);
  }

  #addressOf(name: string): string | null {
    return name.startsWith('<') ? null : uriOfPath(this.#pathOf(name));
  }

  /** Texts by the name that locations use. */
  readonly #source = (name: string): SourceFile | null => {
    const text = this.#job.openTexts.get(this.#pathOf(name));
    return text === undefined ? this.#files(this.#pathOf(name)) : { name, text };
  };

  readonly #files = fileSources('/');

  outcome(diagnostics: readonly Diagnostic[], crash: string | null): CheckOutcome {
    return {
      diagnostics: this.#byFile(diagnostics),
      flows: this.#flows.files(),
      filesRead: [...this.#filesRead],
      ir: this.#ir,
      printed: this.#printed,
      crash,
    };
  }

  #byFile(diagnostics: readonly Diagnostic[]): readonly FileDiagnostics[] {
    const files = new Map<string, ProtocolDiagnostic[]>([[this.#job.file, []]]);
    for (const one of diagnostics) {
      const diagnostic = this.#inUserFile(located(one, this.#source));
      const path = diagnostic.span === null ? this.#job.file : this.#pathOf(diagnostic.span.file.name);
      const list = files.get(path) ?? [];
      files.set(path, list);
      const hint = one.severity === 'note' ? { severity: severities.hint } : {};
      const data = one.code === traceDiagnostics.noEntry.code ? { data: NO_NETWORK } : {};
      list.push({ ...protocolDiagnostic(diagnostic, (name) => this.#addressOf(name)), ...hint, ...data });
    }
    return [...files].map(([path, list]) => ({ path, text: this.#source(path)?.text ?? null, diagnostics: list }));
  }

  /** A place in `--entry` or in the library is none that the user can see: the file's own first line stands for it. */
  #inUserFile(diagnostic: Diagnostic): Diagnostic {
    const { span } = diagnostic;
    const isForeign = span !== null && (span.file.name.startsWith('<') || preludePath(span.file.name) !== null);
    return isForeign ? { ...diagnostic, span: null } : diagnostic;
  }
}

/** As in `msc check`: what is missing in the settings is no mistake in the file. */
function excused({ entry, inputs }: CheckJob, diagnostic: Diagnostic): Diagnostic {
  const { noEntry, inputsDoNotMatch } = traceDiagnostics;
  const isMissing =
    (diagnostic.code === noEntry.code && entry === null) ||
    (diagnostic.code === inputsDoNotMatch.code && inputs.length === 0);
  return isMissing ? { ...diagnostic, severity: 'note' } : diagnostic;
}

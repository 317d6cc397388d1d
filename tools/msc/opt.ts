/**
 * `msc opt`: IR text in, passes, IR text out. A function of its input and options; reading files, writing them and
 * rendering diagnostics belong to the command line around it.
 */
import type { Diagnostic, Module, SourceFile } from '../../compiler/ir/index.ts';
import { parseModule, printModule, verifyModule } from '../../compiler/ir/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import type { PassRegistry, Pipeline, RunResult, Timing } from '../../compiler/passes/pass/index.ts';
import {
  dumpBanner,
  dumpInstrumentation,
  parsePipeline,
  runPipeline,
  statisticsReport,
  timingReport,
} from '../../compiler/passes/pass/index.ts';
import { compareDiagnostics } from './expected-diagnostics.ts';
import type { OptOptions } from './opt-options.ts';
import { remarkInstrumentation } from './pass-remarks.ts';

export interface OptResult {
  /** Exit code of the process: 0, 1 for an error in the input, 2 for a bad pipeline. */
  readonly exitCode: 0 | 1 | 2;
  /** What goes to stdout. */
  readonly output: string;
  /** What goes to stderr besides diagnostics: dumps, reports, failed expectations. */
  readonly log: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Dumps to write below --print-ir-tree-dir. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

const SEPARATOR = '// -----';

/** Runs the command on one input. `now` is a steady clock in milliseconds. */
export function runOpt(input: SourceFile, options: OptOptions, registry: PassRegistry, now: () => number): OptResult {
  const pipeline = parsePipeline(options.pipeline, registry);
  if (!pipeline.ok) return { exitCode: 2, output: '', log: '', diagnostics: pipeline.error, files: [] };
  const chunks = options.splitInput ? splitInput(input) : [input];
  const results = chunks.map((chunk) => new OptRun(chunk, options, pipeline.value, now).run());
  return {
    exitCode: results.some((result) => result.exitCode !== 0) ? 1 : 0,
    output: results.map((result) => result.output).join(`${SEPARATOR}\n`),
    log: results.map((result) => result.log).join(''),
    diagnostics: results.flatMap((result) => result.diagnostics),
    files: results.flatMap((result) => result.files),
  };
}

/** The parts of a text between lines `// -----`, each padded so that its line numbers stay those of the whole. */
function splitInput(input: SourceFile): readonly SourceFile[] {
  const chunks: SourceFile[] = [];
  let lines: string[] = [];
  input.text.split('\n').forEach((line, index) => {
    if (line.trimEnd() !== SEPARATOR) {
      lines.push(line);
      return;
    }
    chunks.push({ name: input.name, text: lines.join('\n') });
    lines = Array.from({ length: index + 1 }, () => '');
  });
  return [...chunks, { name: input.name, text: lines.join('\n') }];
}

class OptRun {
  private readonly input: SourceFile;
  private readonly options: OptOptions;
  private readonly pipeline: Pipeline;
  private readonly now: () => number;
  private log = '';
  private readonly files: { path: string; text: string }[] = [];
  private readonly timings: Timing[] = [];

  constructor(input: SourceFile, options: OptOptions, pipeline: Pipeline, now: () => number) {
    this.input = input;
    this.options = options;
    this.pipeline = pipeline;
    this.now = now;
  }

  run(): OptResult {
    const started = this.now();
    const { options } = this;
    const { output, diagnostics } = this.transform();
    if (options.timing) this.log += timingReport(this.timings, this.now() - started);
    if (!options.verifyDiagnostics) return this.result(diagnostics.some(isError) ? 1 : 0, output, diagnostics);
    const problems = compareDiagnostics(this.input, diagnostics);
    this.log += problems.map((problem) => `${problem}\n`).join('');
    return this.result(problems.length > 0 ? 1 : 0, output, []);
  }

  private result(exitCode: 0 | 1, output: string, diagnostics: readonly Diagnostic[]): OptResult {
    return { exitCode, output, log: this.log, diagnostics, files: this.files };
  }

  /** Runs a part and notes how long it took. */
  private timed<T>(name: string, part: () => T): T {
    const started = this.now();
    const value = part();
    this.timings.push({ name, milliseconds: this.now() - started });
    return value;
  }

  private transform(): { readonly output: string; readonly diagnostics: readonly Diagnostic[] } {
    const parsed = this.timed('Parser', () => parseModule(this.input, opTable));
    if (!parsed.module) return { output: '', diagnostics: parsed.diagnostics };
    const { module } = parsed;
    const broken = this.timed('Verifier', () => this.verify(module));
    if (broken.length > 0) return { output: '', diagnostics: broken };
    const roundtrip = this.options.verifyRoundtrip ? this.roundtripProblem(module) : null;
    if (roundtrip !== null) throw new Error(`text round trip changes the module:\n${roundtrip}`);
    const result = this.runPasses(module);
    this.timings.push(...result.timings);
    if (this.options.statistics) this.log += statisticsReport(result.statistics);
    if (result.diagnostics.some(isError)) return { output: '', diagnostics: result.diagnostics };
    return { output: this.timed('Output', () => this.print(result.module)), diagnostics: result.diagnostics };
  }

  private verify(module: Module): readonly Diagnostic[] {
    const sources = new Map([[this.input.name, this.input]]);
    return verifyModule(module, opTable, { allowUnregistered: this.options.allowUnregistered, sources });
  }

  private print(module: Module): string {
    const { generic, locations } = this.options;
    return printModule(module, opTable, { form: generic ? 'generic' : 'pretty', locations });
  }

  /** Prints, parses and prints again in both forms; the second text when it differs from the first. */
  private roundtripProblem(module: Module): string | null {
    for (const form of ['generic', 'pretty'] as const) {
      const text = printModule(module, opTable, { form, locations: true });
      const again = parseModule({ name: this.input.name, text }, opTable);
      const second = again.module
        ? printModule(again.module, opTable, { form, locations: true })
        : again.diagnostics.map((diagnostic) => diagnostic.message).join('\n');
      if (second !== text) return second;
    }
    return null;
  }

  private runPasses(module: Module): RunResult {
    const { options } = this;
    const dumps = {
      before: options.dumpBefore,
      after: options.dumpAfter,
      afterChange: options.dumpAfterChange,
      afterFailure: options.dumpAfterFailure,
      print: { form: options.generic ? 'generic' : 'pretty', locations: options.locations } as const,
    };
    return runPipeline(module, this.pipeline, {
      definitions: opTable,
      verify: options.verifyEach ? (current) => this.verify(current) : null,
      instrumentation: [
        dumpInstrumentation(opTable, dumps, (title, text, index, pass) => this.dump(title, text, index, pass)),
        ...remarkInstrumentation(options.remarks, (line) => (this.log += line)),
      ],
      now: this.now,
    });
  }

  private dump(title: string, text: string, index: number, pass: string): void {
    const { dumpTree } = this.options;
    if (dumpTree === null) this.log += `${dumpBanner(title)}${text}\n`;
    else this.files.push({ path: `${dumpTree}/${index}_${pass}.mlir`, text });
  }
}

function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === 'error';
}

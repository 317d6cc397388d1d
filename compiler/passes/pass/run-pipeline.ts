/** Runs a pipeline over a module: checks before, each pass with its instrumentation, the verifier after each. */
import type { Diagnostic, Module, RuleTable } from '../../ir/index.ts';
import { diagnose, isStage } from '../../ir/index.ts';
import type { PassObserver } from '../rewrite/index.ts';
import { passDiagnostics } from './diagnostics.ts';
import type { Instrumentation } from './instrumentation.ts';
import { listen } from './listen.ts';
import type { Pass, PassContext, Pipeline, PipelineStep } from './pass.ts';

export interface RunOptions {
  readonly definitions: RuleTable;
  /** Runs after each pass; null trusts the passes. */
  readonly verify: ((module: Module) => readonly Diagnostic[]) | null;
  readonly instrumentation: readonly Instrumentation[];
  /** Milliseconds of a steady clock, for timings; the pass room reads no clock itself. */
  readonly now: () => number;
}

export interface Timing {
  readonly name: string;
  readonly milliseconds: number;
}

export interface RunResult {
  /** The module after the last pass that succeeded. */
  readonly module: Module;
  readonly diagnostics: readonly Diagnostic[];
  /** The pass at which the pipeline stopped, or null. */
  readonly failedPass: string | null;
  readonly timings: readonly Timing[];
  /** Counts of each pass, by its name and the counter's. */
  readonly statistics: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

export function runPipeline(module: Module, pipeline: Pipeline, options: RunOptions): RunResult {
  const record = {
    timings: [] as Timing[],
    statistics: new Map<string, Map<string, number>>(),
  };
  const misplaced = orderProblems(pipeline);
  if (misplaced.length > 0) return { module, diagnostics: misplaced, failedPass: null, ...record };
  let current = module;
  for (const step of pipeline) {
    const { pass } = step;
    const diagnostics = stageProblems(pass, current);
    let milliseconds = 0;
    if (diagnostics.length === 0) {
      for (const instrument of options.instrumentation) instrument.before?.(pass, current);
      const { observer, heard } = listen(pass, current, options.instrumentation, options.now);
      const started = options.now();
      const result = pass.run(current, contextOf(step, options, record, observer));
      const passed = options.now();
      milliseconds = passed - started - heard();
      current = result.module;
      diagnostics.push(...result.diagnostics);
      if (!hasErrors(diagnostics) && options.verify) diagnostics.push(...brokenBy(pass, options.verify(current)));
      record.timings.push({ name: pass.name, milliseconds });
      if (options.verify) record.timings.push({ name: `${pass.name} (verify)`, milliseconds: options.now() - passed });
    }
    const failed = hasErrors(diagnostics);
    for (const instrument of options.instrumentation) instrument.after?.(pass, current, failed, milliseconds);
    if (failed) return { module: current, diagnostics, failedPass: pass.name, ...record };
  }
  return { module: current, diagnostics: [], failedPass: null, ...record };
}

function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}

function contextOf(
  { pass, options }: PipelineStep,
  { definitions }: RunOptions,
  record: { readonly statistics: Map<string, Map<string, number>> },
  observer: PassObserver | null,
): PassContext {
  return {
    definitions,
    options,
    statistic: (name, count) => {
      const counts = record.statistics.get(pass.name) ?? new Map<string, number>();
      counts.set(name, (counts.get(name) ?? 0) + count);
      record.statistics.set(pass.name, counts);
    },
    observer,
  };
}

function brokenBy(pass: Pass, problems: readonly Diagnostic[]): readonly Diagnostic[] {
  return problems.length === 0 ? [] : [diagnose(passDiagnostics.brokenByPass, null, [pass.name]), ...problems];
}

function stageProblems(pass: Pass, module: Module): Diagnostic[] {
  const attribute = module.attributes.get('ms.stage');
  if (attribute?.kind !== 'string' || !isStage(attribute.value) || !pass.stages) return [];
  if (pass.stages.includes(attribute.value)) return [];
  return [diagnose(passDiagnostics.wrongStage, null, [pass.name, attribute.value, pass.stages.join(', ')])];
}

/** Passes that come before one that they need. */
function orderProblems(pipeline: Pipeline): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  pipeline.forEach(({ pass }, index) => {
    for (const { pass: before, why } of pass.after) {
      const comesBefore = pipeline.slice(0, index).some((step) => step.pass.name === before);
      const comesLater = pipeline.slice(index + 1).some((step) => step.pass.name === before);
      if (comesLater && !comesBefore)
        diagnostics.push(diagnose(passDiagnostics.wrongOrder, null, [pass.name, before, why]));
    }
  });
  return diagnostics;
}

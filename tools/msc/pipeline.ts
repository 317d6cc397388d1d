/**
 * The compiler as data: which passes lead from each stage to the next. Every stage can be printed, and compiling can start
 * from the text of any of them.
 */
import type { Diagnostic, Module, SourceFile } from '../../compiler/ir/index.ts';
import { isStage, parseModule, printModule, stringAttribute, verifyModule } from '../../compiler/ir/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import type { Instrumentation, Pass, Pipeline, Timing } from '../../compiler/passes/pass/index.ts';
import { pipelineOf, runPipeline } from '../../compiler/passes/pass/index.ts';
import { canonicalizePass, csePass, inlinePass, symbolDcePass } from '../../compiler/passes/simplify/index.ts';
import { differentiatePass } from '../../compiler/passes/grad/index.ts';
import { predicatePass } from '../../compiler/passes/predicate/index.ts';
import { fusePass } from '../../compiler/passes/fuse/index.ts';
import { lowerToTile, scheduleModule, targetOps } from '../../compiler/backend-ascend/index.ts';
import type { Chip } from '../../runtime/target/index.ts';
import { hasErrors } from './exit.ts';
import { simplifyRules } from './pipeline-registry.ts';

/** The stages that a module goes through, in order; `sharded` (one module for each rank, tools/msc/ranks) and `asm` are made beside them. */
export const moduleStages = ['source', 'graph', 'fused', 'tile', 'scheduled'] as const;

export type ModuleStage = (typeof moduleStages)[number];

export const isModuleStage = (text: string): text is ModuleStage => (moduleStages as readonly string[]).includes(text);

/** The stage that a module says it is at. */
export function stageOf(module: Module): ModuleStage | null {
  const attribute = module.attributes.get('ms.stage');
  return attribute?.kind === 'string' && isStage(attribute.value) && isModuleStage(attribute.value)
    ? attribute.value
    : null;
}

const lowerPass = (chip: Chip): Pass => ({
  name: 'lower',
  summary: 'Makes kernels of tiles for the target, and launches of them.',
  stages: ['fused'],
  after: [{ pass: 'fuse', why: 'kernels are made of fused groups with storage layouts' }],
  options: [],
  run: (module, { observer }) => lowerToTile(module, chip, observer),
});

const schedulePass = (chip: Chip): Pass => ({
  name: 'schedule',
  summary: 'Gives buffers their addresses and orders the pipes with flags.',
  stages: ['tile'],
  after: [{ pass: 'lower', why: 'only kernels of tiles have buffers and pipes' }],
  options: [],
  run: (module) => {
    scheduleModule(module, chip);
    return { module, diagnostics: [] };
  },
});

/** Passes that lead to each stage from the one before. */
export function pipelineTo(stage: ModuleStage, chip: Chip, isApart = false): Pipeline {
  switch (stage) {
    case 'source':
      return [];
    case 'graph':
      return pipelineOf(
        differentiatePass,
        inlinePass,
        csePass,
        canonicalizePass(simplifyRules),
        csePass,
        symbolDcePass,
      );
    case 'fused':
      return pipelineOf(predicatePass, fusePass({ ...targetOps, isApart }));
    case 'tile':
      return pipelineOf(lowerPass(chip));
    case 'scheduled':
      return pipelineOf(schedulePass(chip));
  }
}

/** Called when a module has reached a stage, before the next pass changes it. */
export type StageVisitor = (stage: ModuleStage, module: Module) => void;

export interface PipelineOptions {
  readonly chip: Chip;
  readonly to: ModuleStage;
  readonly visit?: StageVisitor;
  /** Called before the passes to a stage run. */
  readonly begin?: (stage: ModuleStage) => void;
  readonly instrumentation?: readonly Instrumentation[];
  /** Runs the verifier after each pass. */
  readonly verifyEach?: boolean;
  /** Ops are not fused, so that each value can be looked at. */
  readonly isApart?: boolean;
  readonly now: () => number;
}

export interface PipelineResult {
  /** At stage `to`, or where an error stopped it. */
  readonly module: Module;
  readonly diagnostics: readonly Diagnostic[];
  readonly timings: readonly Timing[];
  readonly statistics: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Takes a module from the stage it is at to another one. It is changed in place. */
export function runStages(module: Module, options: PipelineOptions): PipelineResult {
  const timings: Timing[] = [];
  const statistics = new Map<string, ReadonlyMap<string, number>>();
  const from = stageOf(module) ?? 'source';
  let current = module;
  options.visit?.(from, current);
  for (const stage of moduleStages.slice(moduleStages.indexOf(from) + 1, moduleStages.indexOf(options.to) + 1)) {
    options.begin?.(stage);
    const result = runPipeline(current, pipelineTo(stage, options.chip, options.isApart), {
      definitions: opTable,
      verify: options.verifyEach ? (checked) => verifyModule(checked, opTable) : null,
      instrumentation: options.instrumentation ?? [],
      now: options.now,
    });
    timings.push(...result.timings);
    for (const [pass, counts] of result.statistics) statistics.set(pass, counts);
    current = result.module;
    if (hasErrors(result.diagnostics)) return { module: current, diagnostics: result.diagnostics, timings, statistics };
    current.attributes = new Map([...current.attributes, ['ms.stage', stringAttribute(stage)]]);
    options.visit?.(stage, current);
  }
  return { module: current, diagnostics: [], timings, statistics };
}

/** The text of a module in the form that each stage reads again. */
export const stageText = (module: Module, locations: boolean): string =>
  printModule(module, opTable, { form: 'generic', locations });

/** A module from text, at the stage it says or else at `stage`; it is verified. */
export function moduleFromText(
  file: SourceFile,
  stage: ModuleStage,
): { readonly module: Module | null; readonly diagnostics: readonly Diagnostic[] } {
  const { module, diagnostics } = parseModule(file, opTable);
  if (module === null) return { module, diagnostics };
  if (!module.attributes.has('ms.stage'))
    module.attributes = new Map([...module.attributes, ['ms.stage', stringAttribute(stage)]]);
  const problems = verifyModule(module, opTable, { sources: new Map([[file.name, file]]) });
  return { module: problems.length > 0 ? null : module, diagnostics: problems };
}

/** The whole way from a file to a program, as the commands and the API take it. */
import type { Diagnostic, Module } from '../../compiler/ir/index.ts';
import { diagnose, Module as IrModule } from '../../compiler/ir/index.ts';
import { cloneBlock } from '../../compiler/passes/rewrite/index.ts';
import type { Instrumentation, Timing } from '../../compiler/passes/pass/index.ts';
import { assembleProgram } from '../../compiler/backend-ascend/index.ts';
import { instructionByMnemonic } from '../../runtime/isa/index.ts';
import type { Program } from '../../runtime/program/index.ts';
import type { Chip } from '../../runtime/target/index.ts';
import { cliDiagnostics } from './diagnostics.ts';
import { hasErrors } from './exit.ts';
import { fitProblem } from './fit.ts';
import { mainOf, parameterSources } from './parameters.ts';
import type { ModuleStage, PipelineResult, StageVisitor } from './pipeline.ts';
import type { NetworkSource, TextSource } from './source.ts';
import { moduleFromText, moduleStages, runStages, stageOf } from './pipeline.ts';

export interface CompileRequest {
  readonly source: NetworkSource | TextSource;
  readonly chip: Chip;
  readonly to: ModuleStage | 'program';
  /** Keeps a copy of the module as it comes from the source, for the oracle. */
  readonly keepSource?: boolean;
  readonly visit?: StageVisitor;
  /** Called before each phase. */
  readonly begin?: (phase: string) => void;
  readonly instrumentation?: readonly Instrumentation[];
  readonly verifyEach?: boolean;
  /** Ops are not fused, so that each value can be looked at. */
  readonly isApart?: boolean;
  readonly now: () => number;
}

export interface Compilation {
  readonly module: Module | null;
  readonly program: Program | null;
  /** The module as it came from the source, when it was asked for. */
  readonly source: Module | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly timings: readonly Timing[];
  readonly statistics: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** An exception of a phase: a bug of msc. The phase is kept for the report. */
export class PhaseCrash extends Error {
  readonly phase: string;

  constructor(phase: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.phase = phase;
  }
}

/** The module of a source, or what is wrong with it. */
interface FirstModule {
  readonly module: Module | null;
  readonly diagnostics: readonly Diagnostic[];
}

const LATE_STAGES: ReadonlySet<ModuleStage> = new Set(['fused', 'tile', 'scheduled']);

export async function compileSource(request: CompileRequest): Promise<Compilation> {
  const timings: Timing[] = [];
  let phase = 'frontend';
  const enter = (name: string): void => {
    phase = name;
    request.begin?.(name);
  };
  const run = new Run(request, timings, enter);
  try {
    return await run.compile();
  } catch (error) {
    // Text of a late stage is checked by the passes that read it.
    if (request.source.kind !== 'text' || !LATE_STAGES.has(run.from) || !(error instanceof Error))
      throw new PhaseCrash(phase, error);
    const diagnostics = [diagnose(cliDiagnostics.notOfStage, null, [run.from, error.message])];
    return { module: null, program: null, source: null, diagnostics, timings, statistics: new Map() };
  }
}

class Run {
  private readonly request: CompileRequest;
  private readonly timings: Timing[];
  private readonly enter: (phase: string) => void;
  /** The stage at which compiling began. */
  from: ModuleStage = 'source';

  constructor(request: CompileRequest, timings: Timing[], enter: (phase: string) => void) {
    this.request = request;
    this.timings = timings;
    this.enter = enter;
  }

  async compile(): Promise<Compilation> {
    const { source, to, chip, keepSource, now } = this.request;
    this.enter('frontend');
    const open = source.kind === 'text' ? () => moduleFromText(source.file, source.stage) : await networkReader(source);
    const first = this.timed(source.kind === 'text' ? 'parse' : 'frontend', open);
    const stopped = { module: null, program: null, source: null, timings: this.timings, statistics: new Map() };
    if (first.module === null) return { ...stopped, diagnostics: first.diagnostics };
    this.from = stageOf(first.module) ?? 'source';
    const unfit =
      to === 'source' ? [] : mainProblems(first.module, source.kind === 'text' ? source.file.name : source.file);
    if (unfit.length > 0) return { ...stopped, diagnostics: unfit };
    const original = keepSource ? copyOf(first.module) : null;
    const stages = this.lower(first.module, to === 'program' ? 'scheduled' : to, now);
    this.timings.push(...stages.timings);
    const { module, statistics } = stages;
    const diagnostics = [...first.diagnostics, ...stages.diagnostics];
    const result = { module, source: original, diagnostics, timings: this.timings, statistics, program: null };
    if (hasErrors(diagnostics) || to !== 'program') return result;
    this.enter('select');
    const program = this.timed('select', () =>
      programOf(module, source.kind === 'network' ? (source.entry ?? 'main') : 'main'),
    );
    return { ...result, program: { ...program, target: chip.name } };
  }

  /** All stages; on the way to a program it stops at the graph of one that does not fit the device. */
  private lower(module: Module, to: ModuleStage, now: () => number): PipelineResult {
    const { chip, visit } = this.request;
    const options = { ...this.request, begin: this.enter, now };
    if (moduleStages.indexOf(to) < moduleStages.indexOf('tile') || LATE_STAGES.has(this.from))
      return runStages(module, { ...options, to });
    const graph = runStages(module, { ...options, to: 'graph' });
    if (hasErrors(graph.diagnostics)) return graph;
    const problem = fitProblem(graph.module, chip, chip.hbmBytes ?? Infinity, 'the program');
    if (problem !== null) return { ...graph, diagnostics: [...graph.diagnostics, problem] };
    const rest = runStages(graph.module, {
      ...options,
      to,
      // The graph was visited.
      ...(visit === undefined ? {} : { visit: (stage, at) => (stage === 'graph' ? undefined : visit(stage, at)) }),
    });
    return {
      ...rest,
      timings: [...graph.timings, ...rest.timings],
      statistics: new Map([...graph.statistics, ...rest.statistics]),
    };
  }

  private timed<Value>(name: string, part: () => Value): Value {
    const started = this.request.now();
    const value = part();
    this.timings.push({ name, milliseconds: this.request.now() - started });
    return value;
  }
}

/** Loads the frontend, which IR text and program files do without. */
async function networkReader(source: NetworkSource): Promise<() => FirstModule> {
  const { traceNetwork } = await import('./network.ts');
  return () => traceNetwork(source);
}

/** What keeps a module from being compiled: no `@main`, or inputs with symbolic dimensions, since kernels have fixed shapes. */
function mainProblems(module: Module, file: string): readonly Diagnostic[] {
  const main = mainOf(module);
  if (main === null || main.regions[0].operations.length === 0) return [diagnose(cliDiagnostics.noMain, null, [file])];
  return main.regions[0].arguments
    .filter(({ type }) => type.kind === 'tensor' && type.shape.some((extent) => typeof extent === 'string'))
    .map(({ name, type }) => diagnose(cliDiagnostics.symbolicInput, null, [name, type.key]));
}

/** A module of its own with the same operations. */
export const copyOf = (module: Module): Module =>
  new IrModule(cloneBlock(module.body), module.attributes, module.location, module.name);

/** The program of a scheduled module. */
export function programOf(module: Module, entry: string): Program {
  const sources = parameterSources(module);
  return assembleProgram(module, entry, instructionByMnemonic, (name) => sources.get(name) ?? { kind: 'supplied' });
}

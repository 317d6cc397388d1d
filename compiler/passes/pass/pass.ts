/** What a pass is. */
import type { Diagnostic, Module, RuleTable, Stage } from '../../ir/index.ts';
import type { PassObserver } from '../rewrite/index.ts';

/** What a pass is given besides the module. */
export interface PassContext {
  readonly definitions: RuleTable;
  /** Options of this use: `inline{limit=10}`. */
  readonly options: ReadonlyMap<string, string>;
  /** Counts something worth knowing, for --pass-statistics. */
  readonly statistic: (name: string, count: number) => void;
  /** Whom to tell of rewrites, and of what was not done and why; null when nobody listens. */
  readonly observer: PassObserver | null;
}

export interface PassResult {
  readonly module: Module;
  readonly diagnostics: readonly Diagnostic[];
}

/** A transformation from verified IR to verified IR. */
export interface Pass {
  readonly name: string;
  readonly summary: string;
  /** Stages at which it may run; null means any. */
  readonly stages: readonly Stage[] | null;
  /** Passes that must have run before when both are in a pipeline, and why. */
  readonly after: readonly { readonly pass: string; readonly why: string }[];
  /** Names of the options that it reads. */
  readonly options: readonly string[];
  readonly run: (module: Module, context: PassContext) => PassResult;
}

/** A pass that changes the module in place, through the rewrite room, and cannot fail. */
export function inPlace(
  name: string,
  summary: string,
  run: (module: Module, context: PassContext) => void,
  options: readonly string[] = [],
): Pass {
  return {
    name,
    summary,
    stages: null,
    after: [],
    options,
    run: (module, context) => {
      run(module, context);
      return { module, diagnostics: [] };
    },
  };
}

/** Passes by name. A value that whoever composes the compiler passes in. */
export type PassRegistry = ReadonlyMap<string, Pass>;

export const passRegistry = (...passes: readonly Pass[]): PassRegistry =>
  new Map(passes.map((pass) => [pass.name, pass]));

/** One use of a pass with its options. */
export interface PipelineStep {
  readonly pass: Pass;
  readonly options: ReadonlyMap<string, string>;
}

/** Passes in the order in which they run. */
export type Pipeline = readonly PipelineStep[];

export const pipelineOf = (...passes: readonly Pass[]): Pipeline =>
  passes.map((pass) => ({ pass, options: new Map() }));

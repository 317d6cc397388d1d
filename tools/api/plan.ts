/** `plan`: how to train a network on a cluster. */
import type { Diagnostic } from '../../compiler/ir/index.ts';
import { diagnose } from '../../compiler/ir/support/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import {
  describeNetwork,
  explainPlan,
  fitProblems,
  planDiagnostics,
  requestProblems,
  searchPlan,
  type FixedChoices,
} from '../../compiler/passes/plan/index.ts';
import { defaultChip, type Cluster } from '../../runtime/target/index.ts';
import { compileSource } from '../msc/compile.ts';
import { hasErrors } from '../msc/exit.ts';
import type { Arguments } from '../msc/options.ts';
import { clusterOption } from '../msc/plan/cluster.ts';
import { emitPlan } from '../msc/plan/emit.ts';
import { planJson, type PlanAnswerJson } from '../msc/plan/json.ts';
import { elementBytesOf, planOptions, planRequest, type Compute } from '../msc/plan/request.ts';
import { networkSource, quietIo, refusalDiagnostics, type NetworkOptions } from './options.ts';

/** What to plan, and for what. */
export interface PlanOptions extends NetworkOptions {
  /** `FAMILY:SERVERSxDEVICES` such as `910b1:2x8`, or the path of a cluster file. */
  readonly cluster: string;
  /** Memory of a device that a plan may use, such as `58GiB`. */
  readonly memory?: string;
  /** Samples of a step; by default those of the inputs on each device. */
  readonly globalBatch?: number;
  /** Element type of the training computation; `bf16` by default. */
  readonly compute?: Compute;
  /** Choices that are made already, such as `{ tensor: 8 }`. */
  readonly fixed?: FixedChoices;
}

/** The best plan with its figures, and in the forms that other engines read; null when a diagnostic is an error. */
export interface PlanResult {
  readonly answer: PlanAnswerJson | null;
  /** What each choice costs, the runner-up, and what binds. */
  readonly explanation: string | null;
  /** MindSpore's strategy file. */
  readonly strategy: string | null;
  /** A configuration of MindFormers. */
  readonly configuration: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

const stopped = (diagnostics: readonly Diagnostic[]): PlanResult => ({
  ...{ answer: null, explanation: null, strategy: null, configuration: null },
  diagnostics,
});

/** Chooses how to train a network of a Python file on a cluster. No weight is made. */
export async function plan(options: PlanOptions): Promise<PlanResult> {
  const cluster = clusterOption(quietIo(options), options.cluster);
  return cluster.ok ? planOn(cluster.value, options) : stopped(cluster.error);
}

async function planOn(cluster: Cluster, options: PlanOptions): Promise<PlanResult> {
  const settings = planOptions(argumentsOf(options), cluster);
  if (!settings.ok) return stopped(refusalDiagnostics({ usage: settings.error }));
  const chip = cluster.device.chip ?? defaultChip;
  const now = (): number => performance.now();
  const { module, diagnostics } = await compileSource({ source: networkSource(options), chip, to: 'graph', now });
  if (module === null || hasErrors(diagnostics)) return stopped(diagnostics);
  const name = options.entry ?? options.file;
  const described = describeNetwork(module, opTable, name, elementBytesOf(settings.value.compute));
  if (described === null) return stopped([diagnose(planDiagnostics.nothingToPlan, null, [`${name} has no @main`])]);
  const request = planRequest(described, settings.value);
  const problems = requestProblems(request);
  if (problems.length > 0) return stopped(problems);
  const answer = searchPlan(request);
  const { best } = answer;
  if (best === null) return stopped(fitProblems(request, answer));
  return {
    answer: planJson(request, answer),
    explanation: explainPlan(request, answer),
    strategy: emitPlan('strategy.json', module, request, best),
    configuration: emitPlan('mindformers.yaml', module, request, best),
    diagnostics,
  };
}

function argumentsOf({ memory, globalBatch, compute, fixed = {} }: PlanOptions): Arguments {
  const fix = Object.entries(fixed).map(([choice, value]) => `${choice}=${value}`);
  return { words: [], rest: [], values: { memory, compute, 'global-batch': globalBatch, fix: fix.join(',') } };
}

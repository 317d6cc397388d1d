/** `--plan`: a network that does not say how it is divided, divided as the planner or a strategy file says. */
import type { Diagnostic, Module, Result } from '../../../compiler/ir/index.ts';
import { diagnose, failure, ok } from '../../../compiler/ir/index.ts';
import { opTable } from '../../../compiler/ir/ops/index.ts';
import {
  appliedPlan,
  appliedText,
  applyPlan,
  deviceCountOf,
  describeNetwork,
  fitProblems,
  FIXED_FOR_RUNS,
  forwardOf,
  planDiagnostics,
  requestProblems,
  searchPlan,
  type AppliedPlan,
} from '../../../compiler/passes/plan/index.ts';
import { partition } from '../../../compiler/passes/shard/index.ts';
import { defaultChip, deviceCount, type Cluster } from '../../../runtime/target/index.ts';
import { readStrategy } from '../../formats/plan/index.ts';
import { copyOf, type Compilation, type CompileRequest } from '../compile.ts';
import { hasErrors } from '../exit.ts';
import type { Io } from '../io.ts';
import { runStages } from '../pipeline.ts';
import { readPlanFile } from './cluster.ts';
import { planRequest, type PlanOptions } from './request.ts';
import { strategyPlan } from './strategy.ts';

export interface PlannedCompile {
  readonly request: CompileRequest;
  /** `auto`, or a strategy file. */
  readonly plan: string;
  readonly cluster: Cluster;
  /** The network, for messages. */
  readonly file: string;
  /** Of the planner, for `auto`. */
  readonly options: PlanOptions;
}

/** Takes a traced module with the layouts of a plan to its graph. */
export function compilePlanned(io: Io, traced: Compilation, planned: PlannedCompile): Compilation {
  const { module, diagnostics, timings } = traced;
  if (module === null || hasErrors(diagnostics)) return traced;
  const stopped = (problems: readonly Diagnostic[]): Compilation => ({
    ...traced,
    module: null,
    diagnostics: problems,
  });
  const plan = planned.plan === 'auto' ? runnablePlan(module, planned) : filedPlan(io, module, planned);
  if (!plan.ok) return stopped(plan.error);
  const { cluster, file } = planned;
  const [sizes, devices] = [deviceCountOf(plan.value), deviceCount(cluster)];
  if (sizes !== devices)
    return stopped([diagnose(planDiagnostics.otherCluster, null, [planned.plan, sizes, cluster.name, devices])]);
  io.log(`${file} on ${cluster.name}: ${appliedText(plan.value)}\n`);
  applyPlan(module, plan.value);
  const stages = runStages(module, { ...planned.request, to: 'graph' });
  return {
    ...traced,
    module: stages.module,
    diagnostics: [...diagnostics, ...stages.diagnostics],
    timings: [...timings, ...stages.timings],
  };
}

/**
 * The best plan that also runs: a step whose batch cannot be cut (batch statistics, tokens chosen from the whole batch) has no
 * micro-batches, which the model does not know. What the user fixed stays, and is refused with its reason.
 */
function runnablePlan(source: Module, planned: PlannedCompile): Result<AppliedPlan, readonly Diagnostic[]> {
  const first = autoPlan(source, planned);
  const { fixed } = planned.options;
  const isFixed = fixed.pipeline !== undefined || fixed['micro-batch'] !== undefined;
  if (!first.ok || first.value.microBatches === 1 || isFixed || isPartitioned(source, first.value, planned))
    return first;
  const whole = autoPlan(source, { ...planned, options: { ...planned.options, fixed: { ...fixed, pipeline: 1 } } });
  return whole.ok ? ok({ ...whole.value, microBatches: 1 }) : first;
}

function isPartitioned(source: Module, plan: AppliedPlan, { request }: PlannedCompile): boolean {
  const module = copyOf(source);
  applyPlan(module, plan);
  const graph = runStages(module, { chip: request.chip, to: 'graph', now: () => 0 });
  return !hasErrors(graph.diagnostics) && partition(graph.module).partition !== null;
}

/** The best plan of the planner among those that annotations can say; the batch is that of the traced inputs. */
export function autoPlan(
  source: Module,
  { cluster, file, options }: Pick<PlannedCompile, 'cluster' | 'file' | 'options'>,
): Result<AppliedPlan, readonly Diagnostic[]> {
  const chip = cluster.device.chip ?? defaultChip;
  const forward = runStages(forwardOf(source), { chip, to: 'graph', now: () => 0 });
  if (hasErrors(forward.diagnostics)) return failure(forward.diagnostics);
  const described = describeNetwork(forward.module, opTable, file, F32_BYTES);
  if (described === null) return failure([diagnose(planDiagnostics.nothingToPlan, null, [`${file} has no @main`])]);
  const request = planRequest(described, {
    ...options,
    globalBatch: described.view.batch,
    fixed: { ...FIXED_FOR_RUNS, ...options.fixed },
    compute: 'f32',
  });
  const problems = requestProblems(request);
  if (problems.length > 0) return failure(problems);
  const answer = searchPlan(request);
  const { best } = answer;
  return best === null ? failure(fitProblems(request, answer)) : ok(appliedPlan(described, best));
}

const F32_BYTES = 4;

function filedPlan(io: Io, source: Module, { plan, file }: PlannedCompile): Result<AppliedPlan, readonly Diagnostic[]> {
  const strategy = readPlanFile(io, plan, readStrategy);
  if (!strategy.ok) return strategy;
  const found = strategyPlan(strategy.value, source);
  return found.ok ? found : failure([diagnose(planDiagnostics.otherNetwork, null, [plan, file, found.error])]);
}

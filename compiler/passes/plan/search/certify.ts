/**
 * A certificate from HiGHS, loaded on demand: 4 MB of WebAssembly that plans do not need. What the Lagrangian bounds
 * exclude is left out of the program, so that it says whether anything better than the known solution exists.
 */
import type { Highs, Model } from 'highs';
import { shrink } from './branch.ts';
import type { Core } from './core.ts';
import { coreOf, placesOf, rowExcess, strategiesAt } from './core.ts';
import { expandChoice, graphOf, restrictNode } from './graph.ts';
import type { ChoiceGraph } from './graph.ts';
import { ascend, survivors } from './dual.ts';
import { FORBIDDEN, costOf, hasWholeCosts, isFeasible } from './problem.ts';
import type { Choice, ChoiceProblem } from './problem.ts';
import { programOf } from './program.ts';
import type { Program } from './program.ts';
import { memoryRowsOf } from './rows.ts';
import type { ChoiceSolution } from './solve.ts';

export interface CertifyOptions {
  /** The solver stops after so long and reports what it has. */
  readonly seconds: number;
  /** Larger programs are refused: the solver's WebAssembly memory does not hold them. */
  readonly mostColumns?: number;
}

/** Why there is no certificate. */
export interface NoCertificate {
  readonly refused: string;
}

/** Proves a solution optimal, betters it, or gives the best bound found in time. */
export async function certifyChoice(
  problem: ChoiceProblem,
  known: ChoiceSolution,
  options: CertifyOptions,
): Promise<ChoiceSolution | NoCertificate> {
  const step = hasWholeCosts(problem) ? 1 : 0;
  const { limits, termsOf } = memoryRowsOf(problem);
  const graph = graphOf(problem, limits, termsOf);
  const settled = (): ChoiceSolution =>
    known.choice === null
      ? { status: { kind: 'infeasible' }, choice: null, cost: Infinity, bound: Infinity }
      : { ...known, bound: known.cost, status: { kind: 'optimal', by: 'HiGHS' } };
  if (!shrink(graph) || !narrow(graph, known.cost, step)) return settled();
  const core = coreOf(graph, FORBIDDEN);
  const program = programOf(core);
  const columns = program.data.numCols;
  const most = options.mostColumns ?? 600_000;
  if (columns > most) return { refused: `the program has ${columns} columns, HiGHS is given at most ${most}` };
  const outcome = await solveProgram(program, core, options.seconds);
  const choice = outcome.places === null ? null : expand(graph, core, outcome.places);
  const better = choice !== null && isFeasible(problem, choice) && costOf(problem, choice) < known.cost;
  const best = better ? { choice, cost: costOf(problem, choice) } : known;
  const proved = outcome.infeasible ? known.cost : graph.fixedCost + outcome.bound;
  // Below a known cost only strategies that could better it are in the program: it bounds those alone.
  const bound = Math.min(best.cost, step === 1 ? Math.ceil(proved - 1e-3) : proved);
  if (best.choice === null) return outcome.infeasible ? settled() : { ...known, bound };
  if (bound >= best.cost - Math.max(step * 0.5, Math.abs(best.cost) * 1e-9))
    return { choice: best.choice, cost: best.cost, bound: best.cost, status: { kind: 'optimal', by: 'HiGHS' } };
  return {
    choice: best.choice,
    cost: best.cost,
    bound,
    status: { kind: 'heuristic', gap: (best.cost - bound) / best.cost },
  };
}

/** Removes what the Lagrangian bound excludes from solutions better than the known one; false when that is all. */
function narrow(graph: ChoiceGraph, known: number, step: number): boolean {
  if (!Number.isFinite(known)) return true;
  for (let round = 0; round < 4; round++) {
    const core = coreOf(graph, 2 * known);
    const outcome = ascend(core, {
      iterations: 400,
      upper: () => known - graph.fixedCost,
      strategyBounds: true,
      prices: new Float64Array(core.limits.length),
      expired: () => false,
      suggest: () => undefined,
    });
    const left = known - step - graph.fixedCost;
    if (outcome.bound > left) return false;
    const kept = survivors(core, outcome, left + Math.abs(left) * 1e-9);
    let removed = 0;
    kept.forEach((strategies, place) => {
      removed += strategiesAt(core, place) - strategies.length;
      if (strategies.length > 0 && strategies.length < strategiesAt(core, place))
        restrictNode(graph, core.ids[place], strategies);
    });
    if (kept.some((strategies) => strategies.length === 0) || !shrink(graph)) return false;
    if (removed * 10 < core.costs.length) return true;
  }
  return true;
}

function expand(graph: ChoiceGraph, core: Core, places: Choice): Choice {
  const choice = new Int32Array(graph.nodes.length);
  core.ids.forEach((id, place) => (choice[id] = places[place]));
  return expandChoice(graph, choice);
}

interface ProgramOutcome {
  readonly places: Choice | null;
  readonly bound: number;
  readonly infeasible: boolean;
}

async function solveProgram({ data, scale }: Program, core: Core, seconds: number): Promise<ProgramOutcome> {
  // The exact reductions left nothing to choose; HiGHS refuses a program without columns.
  if (placesOf(core) === 0) return { places: new Int32Array(0), bound: 0, infeasible: false };
  const module = await import('highs');
  // The package's types are written for CommonJS: what they call default.default is the default of its ES module.
  const load = module.default as unknown as typeof module.default.default;
  const highs = await load();
  const model = highs.createModel(data);
  try {
    model.options.set({ output_flag: false, time_limit: seconds, mip_rel_gap: 0, mip_abs_gap: 1e-9 });
    model.run();
    return outcomeOf(highs, model, core, scale);
  } finally {
    model.dispose();
  }
}

function outcomeOf(highs: Highs, model: Model, core: Core, scale: number): ProgramOutcome {
  const bound = Number(model.info.get('mip_dual_bound')) * scale;
  if (model.getModelStatus() === highs.constants.modelStatus.infeasible)
    return { places: null, bound: Infinity, infeasible: true };
  const values = model.getSolution().colValue;
  if (values.length === 0) return { places: null, bound, infeasible: false };
  const places = Int32Array.from({ length: placesOf(core) }, (_, place) => {
    const own = values.slice(core.starts[place], core.starts[place + 1]);
    return own.indexOf(Math.max(...own));
  });
  return { places: rowExcess(core, places).some((excess) => excess > 0) ? null : places, bound, infeasible: false };
}

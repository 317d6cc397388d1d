/**
 * A certificate from HiGHS: the choice problem as a mixed-integer program in transport form (one column per strategy,
 * one continuous column per allowed cell of a table, whose row and column sums are the strategies), memory as one row
 * per time that can bind. Loaded on demand: 4 MB of WebAssembly that plans do not need.
 */
import type { Highs, Model, ModelData } from 'highs';
import { shrink } from './branch.ts';
import type { Core } from './core.ts';
import { coreOf, placesOf, rowExcess, strategiesAt } from './core.ts';
import { expandChoice, graphOf, restrictNode } from './graph.ts';
import type { ChoiceGraph } from './graph.ts';
import { ascend, survivors } from './dual.ts';
import { FORBIDDEN, costOf, hasWholeCosts, isFeasible } from './problem.ts';
import type { Choice, ChoiceProblem } from './problem.ts';
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
  return { choice: best.choice, cost: best.cost, bound, status: { kind: 'heuristic', gap: (best.cost - bound) / best.cost } };
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

interface Program {
  readonly data: ModelData;
  /** Costs in the program are costs / scale. */
  readonly scale: number;
}

/** Rows of the program as they are written, compressed by row. */
class Rows {
  readonly starts: number[] = [];
  readonly indices: number[] = [];
  readonly values: number[] = [];
  readonly lower: number[] = [];
  readonly upper: number[] = [];

  add(lower: number, upper: number): void {
    this.starts.push(this.indices.length);
    this.lower.push(lower);
    this.upper.push(upper);
  }

  entry(column: number, value: number): void {
    this.indices.push(column);
    this.values.push(value);
  }
}

function programOf(core: Core): Program {
  const scale = Math.max(1e-300, ...core.costs.filter((cost) => cost < FORBIDDEN)) / 1e3;
  const rows = new Rows();
  const costs = [...core.costs].map((cost) => cost / scale);
  for (let place = 0; place < placesOf(core); place++) {
    rows.add(1, 1);
    for (let column = core.starts[place]; column < core.starts[place + 1]; column++) rows.entry(column, 1);
  }
  for (const { first, second, table } of core.edges) {
    const width = strategiesAt(core, second);
    const columns = new Map<number, number>();
    table.forEach((cost, cell) => {
      if (cost >= FORBIDDEN) return;
      columns.set(cell, costs.length);
      costs.push(cost / scale);
    });
    for (let own = 0; own < strategiesAt(core, first); own++) {
      rows.add(0, 0);
      rows.entry(core.starts[first] + own, -1);
      for (let other = 0; other < width; other++) addCell(rows, columns.get(own * width + other));
    }
    for (let other = 0; other < width; other++) {
      rows.add(0, 0);
      rows.entry(core.starts[second] + other, -1);
      for (let own = 0; own < strategiesAt(core, first); own++) addCell(rows, columns.get(own * width + other));
    }
  }
  addMemoryRows(core, rows);
  const integrality = new Int32Array(costs.length).fill(1, 0, core.costs.length);
  const data: ModelData = {
    numCols: costs.length,
    numRows: rows.lower.length,
    colCost: costs,
    colLower: new Float64Array(costs.length),
    colUpper: new Float64Array(costs.length).fill(1),
    rowLower: rows.lower,
    rowUpper: rows.upper,
    matrix: {
      format: 'csr',
      numRows: rows.lower.length,
      numCols: costs.length,
      starts: [...rows.starts, rows.indices.length],
      indices: rows.indices,
      values: rows.values,
    },
    integrality,
  };
  return { data, scale };
}

function addCell(rows: Rows, column: number | undefined): void {
  if (column !== undefined) rows.entry(column, 1);
}

function addMemoryRows(core: Core, rows: Rows): void {
  for (let row = 0; row < core.limits.length; row++) {
    const held = new Map<number, number>();
    core.terms.forEach((terms, place) => {
      for (const { from, to, bytes } of terms) {
        if (row < from || row >= to) continue;
        bytes.forEach((value, own) => {
          const column = core.starts[place] + own;
          if (value > 0) held.set(column, (held.get(column) ?? 0) + value);
        });
      }
    });
    const unit = Math.max(core.limits[row], 1);
    rows.add(-Infinity, core.limits[row] / unit);
    for (const [column, value] of held) rows.entry(column, value / unit);
  }
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

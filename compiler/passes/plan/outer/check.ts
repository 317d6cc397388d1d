/** What keeps a request from having any plan, said before the search, and why a search found none that fits. */
import { diagnose, locationText, type Diagnostic } from '../../../ir/index.ts';
import { deviceCount, type Cluster } from '../../../../runtime/target/index.ts';
import { planDiagnostics } from '../diagnostics.ts';
import { memoryOf } from './evaluate.ts';
import { choiceText } from './explain.ts';
import { bytesText } from './quantities.ts';
import type { Candidate, Choice, PlanAnswer, PlanRequest } from './request.ts';
import { searchPlan } from './search.ts';
import { blockCount, divisions, divisors, expertCount, serverSize, tensorSizes } from './space.ts';

/** Contradictions of a request; empty when there is something to search. */
export function requestProblems(request: PlanRequest): readonly Diagnostic[] {
  if (request.described.network.blocks.length === 0 || parameterCount(request) === 0)
    return [diagnose(planDiagnostics.nothingToPlan, null, ['the network has no parameters'])];
  const problems = [...extentProblems(request), ...choiceProblems(request), ...meshProblems(request)];
  if (problems.length > 0) return problems;
  const [any] = divisions(request);
  return any === undefined ? batchProblems(request) : [];
}

const parameterCount = ({ described }: PlanRequest): number =>
  described.network.blocks.reduce(
    (sum, block) => sum + block.dividedParameters + block.copiedParameters + block.expertParameters,
    0,
  );

/** Products of stated sizes that leave no whole number of devices. */
function meshProblems({ fixed, cluster }: PlanRequest): readonly Diagnostic[] {
  const devices = deviceCount(cluster);
  const stated = (['data', 'tensor', 'context', 'pipeline'] as const).flatMap((choice) => {
    const value = fixed[choice];
    return value === undefined ? [] : [{ choice, value }];
  });
  const product = stated.reduce((sum, { value }) => sum * value, 1);
  const fits = (count: number): boolean => (stated.length === 4 ? count === devices : devices % count === 0);
  const last = stated.at(-1);
  if (fits(product) || last === undefined) return [];
  const others = product / last.value;
  const near = divisors(devices).filter((size) => fits(others * size));
  const sizes = stated.map(({ choice, value }) => `${choice} ${value}`).join(' x ');
  return [diagnose(planDiagnostics.meshDoesNotDivide, null, [sizes, product, devices, last.choice, near.slice(0, 12)])];
}

/** The operations whose extents a stated size of tensor parallelism does not divide. */
function extentProblems(request: PlanRequest): readonly Diagnostic[] {
  const { tensor = 1 } = request.fixed;
  const { view, blocks } = request.described;
  const wrong = blocks.flatMap(({ cuts, block }) =>
    block.count === 1 ? [] : cuts.extents.filter(({ extent }) => extent % tensor !== 0),
  );
  const seen = new Set<number>();
  return wrong.flatMap(({ extent, operation }) => {
    if (seen.has(extent)) return [];
    seen.add(extent);
    const notes = [`at ${locationText(view.operations[operation].location)}`];
    return [diagnose(planDiagnostics.extentDoesNotDivide, null, [tensor, extent, tensorSizes(request)], { notes })];
  });
}

type Reason = (request: PlanRequest, value: number) => string | null;

/** Values of single choices that contradict the network or another value. */
const impossible: Readonly<Partial<Record<Choice, Reason>>> = {
  tensor: ({ cluster }, value) =>
    value > serverSize(cluster) ? `it stays in a server, and a server has ${serverSize(cluster)} devices` : null,
  pipeline: (request, value) =>
    value > blockCount(request) ? `the network has ${blockCount(request)} blocks in a row` : null,
  context: ({ described }, value) => {
    if (value === 1) return null;
    if (described.sequence === null) return 'no attention core was found, so there is no sequence to divide';
    return described.sequence % value === 0 ? null : `it does not divide the sequence of ${described.sequence}`;
  },
  expert: (request, value) => {
    if (value === 1) return null;
    const experts = expertCount(request);
    if (experts === 0) return 'the network has no experts';
    return experts % value === 0 ? null : `it does not divide the ${experts} experts`;
  },
  virtual: ({ fixed }, value) => (value > 1 && fixed.pipeline === 1 ? 'a pipeline of one stage has no chunks' : null),
  zero: ({ fixed }, value) => {
    if (value > 3) return 'the levels are 0 to 3';
    return value > 0 && fixed.data === 1 && (fixed.context ?? 1) === 1 ? 'one replica has nobody to share with' : null;
  },
  'sequence-parallel': ({ fixed }, value) => {
    if (value > 1) return 'it is 0 or 1';
    return value === 1 && fixed.tensor === 1 ? 'it divides what tensor parallelism leaves whole' : null;
  },
  'micro-batch': ({ fixed, globalBatch }, value) =>
    globalBatch % (value * (fixed.data ?? 1)) === 0 ? null : `it does not divide the batch of ${globalBatch}`,
  recompute: (_, value) => (value > 100 ? 'it is a percentage of the layers' : null),
};

function choiceProblems(request: PlanRequest): readonly Diagnostic[] {
  return Object.entries(impossible).flatMap(([name, reason]) => {
    const choice = name as Choice; // keys of the table
    const value = request.fixed[choice];
    const text = value === undefined ? null : reason(request, value);
    return value === undefined || text === null
      ? []
      : [diagnose(planDiagnostics.choiceImpossible, null, [choice, value, text])];
  });
}

/** The sizes of data parallelism that the other choices leave, none of which divides the batch. */
function batchProblems(request: PlanRequest): readonly Diagnostic[] {
  const sizes = new Set<number>();
  // A batch that every size divides shows the sizes themselves.
  const all = divisors(deviceCount(request.cluster)).reduce((product, size) => product * size, 1);
  for (const { data } of divisions({ ...request, globalBatch: all })) sizes.add(data);
  const data = [...sizes].toSorted((a, b) => a - b);
  return [diagnose(planDiagnostics.batchDoesNotDivide, null, [request.globalBatch, data])];
}

/** Why no plan fits: what takes the memory, and the nearest plan that would fit. */
export function fitProblems(request: PlanRequest, answer: PlanAnswer): readonly Diagnostic[] {
  const { least } = answer;
  if (answer.best !== null || least === null) return [];
  const terms = Object.entries(memoryOf(least)[least.fullest].terms)
    .toSorted(([, left], [, right]) => right - left)
    .map(([name, bytes]) => `${name} ${bytesText(bytes)}`)
    .join(', ');
  const stage = least.stages.length === 1 ? 'each device' : `stage ${least.fullest}`;
  const near = nearestPlan(request);
  return [
    diagnose(planDiagnostics.doesNotFit, null, [bytesText(least.bytes), bytesText(request.memoryBytes), stage, terms], {
      help: near === null ? 'use more or larger devices' : near.text,
      notes: [`the plan that needs least: ${choiceText(least.configuration)}`],
    }),
  ];
}

/** The nearest plan that fits: with fewer choices stated, or on more servers. */
function nearestPlan(request: PlanRequest): { readonly text: string; readonly candidate: Candidate } | null {
  const fixedChoices = Object.keys(request.fixed);
  if (fixedChoices.length > 0) {
    const { best } = searchPlan({ ...request, fixed: {} });
    if (best !== null)
      return {
        text: `without --fix a plan fits: ${choiceText(best.configuration)}, ${bytesText(best.bytes)}`,
        candidate: best,
      };
  }
  for (let factor = 2; factor <= 64; factor *= 2) {
    const cluster = larger(request.cluster, factor);
    const globalBatch = request.globalBatch * factor;
    const { best } = searchPlan({ ...request, cluster, globalBatch, fixed: {} });
    if (best !== null)
      return {
        text: `on ${factor} times the servers and batch a plan fits: ${choiceText(best.configuration)}, ${bytesText(best.bytes)}`,
        candidate: best,
      };
  }
  return null;
}

function larger(cluster: Cluster, factor: number): Cluster {
  const last = cluster.levels.length - 1;
  const levels = cluster.levels.map((level, index) =>
    index === last ? { ...level, size: level.size * factor } : level,
  );
  return { ...cluster, levels };
}

/**
 * Seconds of collectives by the formulas of the HCCL documentation (`coll_algo_intro`): α latency of a step, β = 1 / rate,
 * γ reduction, n bytes, p ranks. Between servers a collective is a sequence of collectives in the server and between servers.
 * HCCL chooses an algorithm by product and size; which is not public, so the cheapest of those that a level allows is assumed
 * and named in the answer.
 */
import type { Cluster, NetworkLevel } from './cluster.ts';
import { groupShape, type GroupShape } from './group.ts';

/**
 * What `bytes` counts: the whole buffer of one rank. That is the operand of all_reduce, reduce_scatter, all_to_all, broadcast and
 * send, and the result of all_gather.
 */
export type CollectiveOperation = 'all_reduce' | 'all_gather' | 'reduce_scatter' | 'all_to_all' | 'broadcast' | 'send';

/** The answer of a formula. */
export interface CollectiveTime {
  readonly seconds: number;
  /** Algorithm of each step, for example `mesh reduce_scatter@hccs, nhr all_reduce@roce, mesh all_gather@hccs`. */
  readonly algorithm: string;
}

type LevelOperation = Exclude<CollectiveOperation, 'send'>;

interface Terms {
  readonly n: number;
  readonly p: number;
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
}

/** Seconds of one operation on one level, or null where the algorithm does not apply. */
type Formula = (terms: Terms) => number | null;

const share = (p: number): number => (p - 1) / p;
const rounds = (p: number): number => Math.ceil(Math.log2(p));
const powerOfTwo = (p: number): boolean => Number.isInteger(Math.log2(p));

/** Formulas whose number of steps is a function of p: Ring p-1, NHR and NB ⌈log₂p⌉, RHD log₂p. */
const stepped = (steps: (p: number) => number | null): Readonly<Record<LevelOperation, Formula>> => {
  const scaled =
    (latencies: number, seconds: (t: Terms) => number): Formula =>
    (t) => {
      const count = steps(t.p);
      return count === null ? null : latencies * count * t.alpha + seconds(t);
    };
  return {
    reduce_scatter: scaled(1, (t) => share(t.p) * t.n * (t.beta + t.gamma)),
    all_gather: scaled(1, (t) => share(t.p) * t.n * t.beta),
    all_reduce: scaled(2, (t) => share(t.p) * t.n * (2 * t.beta + t.gamma)),
    broadcast: (t) => {
      const count = steps(t.p);
      return count === null ? null : count * (t.alpha + t.n * t.beta);
    },
    all_to_all: () => null,
  };
};

/** All links of the mesh at once. */
const mesh: Readonly<Record<LevelOperation, Formula>> = {
  reduce_scatter: (t) => t.alpha + (t.n * t.beta) / t.p + share(t.p) * t.n * t.gamma,
  all_gather: (t) => t.alpha + (t.n * t.beta) / t.p,
  all_reduce: (t) => 2 * t.alpha + (2 * t.n * t.beta) / t.p + share(t.p) * t.n * t.gamma,
  broadcast: (t) => 2 * t.alpha + (2 * t.n * t.beta) / t.p,
  // Each rank sends its p-th part to every other on the link between them.
  all_to_all: (t) => t.alpha + (t.n * t.beta) / t.p,
};

/** α for each partner; the parts for the partners one after the other. */
const pairwise: Readonly<Record<LevelOperation, Formula>> = {
  reduce_scatter: () => null,
  all_gather: () => null,
  all_reduce: () => null,
  broadcast: () => null,
  all_to_all: (t) => (t.p - 1) * t.alpha + share(t.p) * t.n * t.beta,
};

/** NHR broadcasts as a scatter and an all-gather. */
const nhrBroadcast: Formula = (t) => 2 * rounds(t.p) * t.alpha + 2 * share(t.p) * t.n * t.beta;

const algorithms: Readonly<Record<string, Readonly<Record<LevelOperation, Formula>>>> = {
  ring: stepped((p) => p - 1),
  nhr: { ...stepped(rounds), broadcast: nhrBroadcast },
  rhd: stepped((p) => (powerOfTwo(p) ? Math.log2(p) : null)),
  pairwise,
  mesh,
};

const allowed: Readonly<Record<NetworkLevel['topology'], readonly string[]>> = {
  mesh: ['mesh', 'ring', 'nhr', 'rhd', 'pairwise'],
  switch: ['ring', 'nhr', 'rhd', 'pairwise'],
};

/** The cheapest algorithm that the topology of one level allows; nothing to do for one rank. */
export function levelSeconds(
  operation: LevelOperation,
  bytes: number,
  ranks: number,
  level: NetworkLevel,
  reduceSecondsPerByte: number,
): CollectiveTime | null {
  if (ranks <= 1) return null;
  const beta = 1 / (level.bytesPerSecond * level.efficiency);
  const terms = { n: bytes, p: ranks, alpha: level.latencySeconds, beta, gamma: reduceSecondsPerByte };
  let best: CollectiveTime | null = null;
  for (const name of allowed[level.topology]) {
    const seconds = algorithms[name]?.[operation](terms) ?? null;
    if (seconds === null || (best !== null && best.seconds <= seconds)) continue;
    best = { seconds, algorithm: `${name} ${operation}@${level.name}` };
  }
  return best;
}

/** Seconds of a collective among `group` (global ranks; of send: source and destination), and the algorithm assumed. */
export function collectiveSeconds(
  operation: CollectiveOperation,
  bytes: number,
  group: readonly number[],
  cluster: Cluster,
): CollectiveTime {
  return collectiveSecondsOfShape(operation, bytes, groupShape(group, cluster), cluster);
}

/** The same for a group of which only the shape is known: what a planner asks a million times. */
export function collectiveSecondsOfShape(
  operation: CollectiveOperation,
  bytes: number,
  shape: GroupShape,
  cluster: Cluster,
): CollectiveTime {
  if (operation === 'send') return sendSeconds(bytes, shape, cluster);
  const stepped = inSteps(operation, bytes, shape, cluster);
  const pipelined = pipelineSeconds(operation, bytes, shape, cluster);
  return pipelined !== null && pipelined.seconds < stepped.seconds ? pipelined : stepped;
}

/** One level after the other. */
function inSteps(operation: LevelOperation, bytes: number, shape: GroupShape, cluster: Cluster): CollectiveTime {
  const gamma = cluster.device.reduceSecondsPerByte;
  const steps = hierarchy(operation, bytes, shape).flatMap((step) => {
    const level = cluster.levels[step.level];
    return level === undefined ? [] : (levelSeconds(step.operation, step.bytes, step.ranks, level, gamma) ?? []);
  });
  return {
    seconds: steps.reduce((sum, step) => sum + step.seconds, 0),
    algorithm: steps.map((step) => step.algorithm).join(', ') || 'none',
  };
}

/** HCCL's Pipeline: while a piece travels between servers, the piece before it travels in the server. Two levels only. */
function pipelineSeconds(
  operation: LevelOperation,
  bytes: number,
  shape: GroupShape,
  cluster: Cluster,
): CollectiveTime | null {
  const passes = pipelinePasses[operation];
  const spanned = [...shape.ranks.entries()].filter(([, ranks]) => ranks > 1);
  const [inner, outer] = spanned.map(([index]) => cluster.levels[index]);
  if (passes === null || spanned.length !== 2 || inner === undefined || outer === undefined) return null;
  const [inside = 1, servers = 1] = spanned.map(([, ranks]) => ranks);
  const piece = bytes / (inside * servers);
  const step = (level: NetworkLevel, links: number): number =>
    level.latencySeconds + (links * piece) / (level.bytesPerSecond * level.efficiency);
  // On a mesh the pieces for all neighbours go at once, through the port of a switch one after the other.
  const intra = step(inner, inner.topology === 'mesh' ? 1 : inside - 1);
  const reduction =
    operation === 'all_gather' ? 0 : share(inside * servers) * bytes * cluster.device.reduceSecondsPerByte;
  const seconds = passes * (Math.max(step(outer, 1), intra) * (servers - 1) + intra) + reduction;
  return { seconds, algorithm: `pipeline ${operation}@${inner.name}+${outer.name}` };
}

/** How often Pipeline passes the ring of servers; null where HCCL has no such form. */
const pipelinePasses: Readonly<Record<LevelOperation, number | null>> = {
  reduce_scatter: 1,
  all_gather: 1,
  all_reduce: 2,
  all_to_all: null,
  broadcast: null,
};

/** A message takes the outermost level that its ends do not share. */
function sendSeconds(bytes: number, shape: GroupShape, cluster: Cluster): CollectiveTime {
  const index = shape.ranks.findLastIndex((ranks) => ranks > 1);
  const level = cluster.levels[index];
  if (level === undefined) return { seconds: 0, algorithm: 'none' };
  const seconds = level.latencySeconds + bytes / (level.bytesPerSecond * level.efficiency);
  return { seconds, algorithm: `send@${level.name}` };
}

interface Step {
  readonly operation: LevelOperation;
  readonly bytes: number;
  readonly level: number;
  readonly ranks: number;
}

/** The steps of an operation, level by level in HCCL's order, each with the bytes that it works on. */
function hierarchy(operation: LevelOperation, bytes: number, shape: GroupShape): readonly Step[] {
  const levels = [...shape.ranks.entries()].flatMap(([level, ranks]) => (ranks > 1 ? [{ level, ranks }] : []));
  const outermost = levels.at(-1);
  if (outermost === undefined) return [];
  const whole = (parts: typeof levels): readonly Step[] => parts.map((part) => ({ operation, bytes, ...part }));
  switch (operation) {
    case 'all_reduce': {
      const scattered = shrinking('reduce_scatter', bytes, levels.slice(0, -1));
      const left = levels.slice(0, -1).reduce((rest, part) => rest / part.ranks, bytes);
      const gathered = scattered.toReversed().map((step): Step => ({ ...step, operation: 'all_gather' }));
      return [...scattered, { operation, bytes: left, ...outermost }, ...gathered];
    }
    // Between servers first: the blocks of a rank stay contiguous. The outer level works on the whole buffer.
    case 'reduce_scatter':
      return shrinking(operation, bytes, levels.toReversed());
    case 'all_gather':
      return shrinking(operation, bytes, levels.toReversed()).toReversed();
    case 'all_to_all':
      return whole(levels);
    case 'broadcast':
      return whole(levels.toReversed());
  }
}

/** Each step leaves a rank its part of the buffer for the next. */
function shrinking(
  operation: LevelOperation,
  bytes: number,
  parts: readonly { readonly level: number; readonly ranks: number }[],
): readonly Step[] {
  let left = bytes;
  return parts.map((part) => {
    const step = { operation, bytes: left, ...part };
    left /= part.ranks;
    return step;
  });
}

/** The configurations that a cluster, a batch and a network allow, in one fixed order. */
import { deviceCount, type Cluster } from '../../../../runtime/target/index.ts';
import type { Configuration } from '../model/index.ts';
import type { Choice, FixedChoices, PlanRequest } from './request.ts';

/** Sizes of the parallel axes; their product is the number of devices. */
export interface Division {
  readonly tensor: number;
  readonly context: number;
  readonly pipeline: number;
  readonly data: number;
  readonly expert: number;
}

/** Larger micro-batches only add memory: what a device computes at once is long since saturated. */
const LARGEST_MICRO_BATCH = 16;
const VIRTUAL_STAGES = [1, 2, 3, 4, 5, 6, 8, 10];
const ZERO_LEVELS = [0, 1, 2, 3] as const;

export const divisors = (value: number): readonly number[] => {
  const small: number[] = [];
  for (let each = 1; each * each <= value; each += 1) if (value % each === 0) small.push(each);
  return [...new Set([...small, ...small.toReversed().map((each) => value / each)])];
};

const kept = (fixed: FixedChoices, choice: Choice, values: readonly number[]): readonly number[] => {
  const wanted = fixed[choice];
  return wanted === undefined ? values : values.filter((value) => value === wanted);
};

/** Tensor parallelism stays in a server, where links are fast. */
export const serverSize = (cluster: Cluster): number =>
  cluster.levels.slice(0, -1).reduce((product, level) => product * level.size, 1);

/** Blocks in a row: no more stages than these. */
export const blockCount = ({ described }: PlanRequest): number =>
  described.network.blocks.reduce((sum, { count }) => sum + count, 0);

export const expertCount = ({ described }: PlanRequest): number =>
  Math.max(0, ...described.blocks.map(({ experts }) => experts));

/** The sizes that tensor parallelism can have in this network: every cut extent is divided. */
export function tensorSizes(request: PlanRequest): readonly number[] {
  const { blocks } = request.described;
  return divisors(deviceCount(request.cluster)).filter(
    (size) =>
      size <= serverSize(request.cluster) &&
      blocks.every(({ extents, block }) => block.count === 1 || extents.every((extent) => extent % size === 0)),
  );
}

/** All divisions of the devices, data-parallel sizes dividing the batch. */
export function* divisions(request: PlanRequest): Generator<Division> {
  const { cluster, fixed, described, globalBatch } = request;
  const devices = deviceCount(cluster);
  const { sequence } = described;
  for (const tensor of kept(fixed, 'tensor', tensorSizes(request)))
    for (const context of kept(fixed, 'context', sequence === null ? [1] : divisors(devices / tensor))) {
      if (sequence !== null && (sequence % context !== 0 || !isLongEnough(sequence, context, fixed))) continue;
      for (const pipeline of kept(fixed, 'pipeline', divisors(devices / tensor / context))) {
        const data = devices / tensor / context / pipeline;
        if (pipeline > blockCount(request) || globalBatch % data !== 0) continue;
        if (fixed.data !== undefined && fixed.data !== data) continue;
        for (const expert of kept(fixed, 'expert', expertSizes(request, data * context)))
          yield { tensor, context, pipeline, data, expert };
      }
    }
}

/** Unless the user asks for it, a device keeps this many tokens of a sequence: below, a core has no work for its tiles. */
const SHORTEST_SEQUENCE = 512;

const isLongEnough = (sequence: number, context: number, fixed: FixedChoices): boolean =>
  context === 1 || fixed.context !== undefined || sequence / context >= SHORTEST_SEQUENCE;

/** Experts are spread over devices of the data and context axes. */
function expertSizes(request: PlanRequest, devices: number): readonly number[] {
  const experts = expertCount(request);
  return experts === 0 ? [1] : divisors(devices).filter((size) => experts % size === 0);
}

/** The configurations of a division, without recomputation: the search adds as much of it as memory demands. */
export function* configurations(request: PlanRequest, division: Division): Generator<Configuration> {
  const { fixed, globalBatch, gradientBytes, weightBytes } = request;
  const perPipeline = globalBatch / division.data;
  const sizes = divisors(perPipeline).filter((size) => size <= LARGEST_MICRO_BATCH);
  for (const microBatch of kept(fixed, 'micro-batch', sizes)) {
    const microBatches = perPipeline / microBatch;
    for (const sequence of kept(fixed, 'sequence-parallel', division.tensor > 1 ? [1, 0] : [0]))
      for (const virtualStages of kept(fixed, 'virtual', virtualSizes(request, division, microBatches)))
        for (const zero of zeroLevels(fixed, division))
          yield {
            ...division,
            virtualStages,
            sequenceParallel: sequence === 1,
            zero,
            zeroShards: division.data * division.context,
            recompute: { full: 0, selective: 0, eager: false },
            microBatch,
            microBatches,
            interleavedCopies: 1,
            overlap: 'none',
            gradientBytes,
            weightBytes,
            stageOffsets: null,
          };
  }
}

const zeroLevels = (fixed: FixedChoices, { data, context }: Division): readonly Configuration['zero'][] =>
  ZERO_LEVELS.filter((level) => (data * context > 1 || level === 0) && (fixed.zero ?? level) === level);

/** Interleaving needs the stages to divide the micro-batches, and the chunks to divide the layers. */
function virtualSizes(request: PlanRequest, { pipeline }: Division, microBatches: number): readonly number[] {
  if (pipeline === 1 || microBatches % pipeline !== 0) return [1];
  const layers = request.described.network.blocks.reduce((sum, { count }) => sum + (count > 1 ? count : 0), 0);
  return VIRTUAL_STAGES.filter((size) => size === 1 || (layers >= pipeline && layers % (pipeline * size) === 0));
}

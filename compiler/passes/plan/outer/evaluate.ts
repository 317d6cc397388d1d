/** From a configuration to a candidate: stages balanced in time, and as little recomputation as memory demands. */
import {
  balancedStages,
  blockTime,
  evenStages,
  recomputedShare,
  stageMemory,
  stepTime,
  sweepSeconds,
  type BlockTime,
  type Configuration,
  type Network,
  type Setting,
  type Stage,
  type StageMemory,
} from '../model/index.ts';
import { chooseLayers, networkWith, type LayerChoice } from './layer-plans.ts';
import type { Candidate, PlanRequest } from './request.ts';

/** Evaluates the configurations of one request; times of blocks and balances are kept, since many configurations share them. */
export class Evaluator {
  private readonly request: PlanRequest;
  private readonly setting: Setting;
  private readonly times = new Map<string, readonly BlockTime[]>();
  private readonly stages = new Map<string, readonly Stage[] | null>();
  private readonly layers = new Map<number, DividedNetwork>();

  constructor(request: PlanRequest) {
    this.request = request;
    this.setting = settingOf(request);
  }

  /** The candidate with the least recomputation that fits, or with all of it when nothing fits; null without stages. */
  candidate(plan: Configuration, memoryBytes: number): Candidate | null {
    const { network, layers } = cached(this.layers, plan.tensor, () => this.divided(plan));
    const key = timeKey(plan);
    const times = cached(this.times, key, () => network.blocks.map((block) => blockTime(block, plan, this.setting)));
    const stages = cached(this.stages, `${key}/${plan.pipeline}/${plan.virtualStages > 1}`, () =>
      stagesOf(network, plan, times),
    );
    if (stages === null) return null;
    const configuration = withRecompute(network, plan, stages, memoryBytes, this.request.fixed.recompute);
    const time = stepTime(network, configuration, this.setting, stages, times);
    const [fullest, bytes] = fullestStage(network, configuration, stages);
    return { configuration, network, layers, stages, time, fullest, bytes };
  }

  /** The layers are chosen for the first configuration of a size: one sample, and what it says of the sequence. */
  private divided(plan: Configuration): DividedNetwork {
    const { described } = this.request;
    if (plan.tensor === 1) return { network: described.network, layers: [] };
    const layers = chooseLayers(described, plan, this.setting);
    return { network: networkWith(described.network, layers), layers };
  }
}

/** What times of blocks depend on besides the plan. */
export const settingOf = ({ cluster, constants, machine, described }: PlanRequest): Setting => ({
  cluster,
  constants,
  machine,
  precision: described.network.elementBytes === 4 ? 'f32' : 'f16',
});

/** The times of the blocks of a candidate, as its step was computed from them. */
export const blockTimesOf = (
  request: PlanRequest,
  { network, configuration }: Pick<Candidate, 'network' | 'configuration'>,
): readonly BlockTime[] => network.blocks.map((block) => blockTime(block, configuration, settingOf(request)));

/** A network with its layers divided for one size of tensor parallelism. */
interface DividedNetwork {
  readonly network: Network;
  readonly layers: readonly (LayerChoice | null)[];
}

/** What the time of a block depends on. */
const timeKey = (plan: Configuration): string =>
  [plan.tensor, plan.context, plan.expert, plan.microBatch, plan.sequenceParallel, plan.overlap].join('/');

function cached<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = make();
  map.set(key, value);
  return value;
}

/** Interleaved chunks are equal; else the slowest stage is as fast as whole blocks allow. */
function stagesOf(network: Network, plan: Configuration, times: readonly BlockTime[]): readonly Stage[] | null {
  if (plan.pipeline === 1 || plan.virtualStages > 1) return evenStages(network, plan.pipeline, null);
  const seconds = times.map(({ forward, backward }) => sweepSeconds(forward) + sweepSeconds(backward));
  return balancedStages(network, seconds, plan.pipeline);
}

/** Each stage runs as few of its layers again as it must to fit. */
function withRecompute(
  network: Network,
  plan: Configuration,
  stages: readonly Stage[],
  memoryBytes: number,
  fixedPercent: number | undefined,
): Configuration {
  const given = fixedPercent === undefined ? null : fixedPercent / 100;
  const shares: number[] = [];
  for (const [index, stage] of stages.entries()) {
    // Fewer micro-batches are in flight here than on an equal stage before, which fits already.
    const fits = shares[index - 1] === 0 && sameRuns(stages[index - 1], stage);
    shares.push(given ?? (fits ? 0 : leastShare(network, plan, stage, index, memoryBytes)));
  }
  return shares.every((share) => share === 0) ? plan : { ...plan, recompute: { ...plan.recompute, full: shares } };
}

const sameRuns = (left: Stage, right: Stage): boolean =>
  left.length === right.length &&
  left.every(({ block, count }, at) => block === right[at].block && count === right[at].count);

/** The stage that needs most, and its bytes. Of equal stages in a row the first holds most micro-batches. */
function fullestStage(
  network: Network,
  plan: Configuration,
  stages: readonly Stage[],
): readonly [fullest: number, bytes: number] {
  let [fullest, most] = [0, 0];
  for (const [index, stage] of stages.entries()) {
    const again = recomputedShare(plan, index);
    if (index > 0 && sameRuns(stages[index - 1], stage) && again >= recomputedShare(plan, index - 1)) continue;
    const { bytes } = stageMemory(network, stage, index, plan);
    if (bytes > most) [fullest, most] = [index, bytes];
  }
  return [fullest, most];
}

/** The memory of every stage of a candidate. */
export const memoryOf = ({ network, configuration, stages }: Candidate): readonly StageMemory[] =>
  stages.map((stage, index) => stageMemory(network, stage, index, configuration));

/** Bytes fall by an equal step for each layer that runs again, after a first step that adds its working space. */
function leastShare(network: Network, plan: Configuration, stage: Stage, index: number, memoryBytes: number): number {
  const layers = stage.reduce((sum, { block, count }) => sum + (network.blocks[block].count > 1 ? count : 0), 0);
  const bytes = (again: number): number => {
    const full = layers === 0 ? 0 : again / layers;
    return stageMemory(network, stage, index, { ...plan, recompute: { ...plan.recompute, full } }).bytes;
  };
  if (layers === 0 || bytes(0) <= memoryBytes) return 0;
  const [one, all] = [bytes(1), bytes(layers)];
  if (all > memoryBytes || layers === 1) return 1;
  const step = (one - all) / (layers - 1);
  const needed = step <= 0 ? layers : 1 + Math.ceil((one - memoryBytes) / step - 1e-9);
  return Math.min(layers, Math.max(1, needed)) / layers;
}

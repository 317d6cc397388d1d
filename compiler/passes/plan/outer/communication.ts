/** Everything that a plan communicates in a step, each with the operation that causes it, and how much of it the step waits for. */
import type { Location } from '../../../ir/index.ts';
import type { GroupShape } from '../../../../runtime/target/index.ts';
import {
  dispatchCollective,
  exchangeCollectives,
  exchangesBackward,
  joinSeconds,
  pipelineTime,
  recomputedShare,
  ringStep,
  stageParameters,
  stageTransfer,
  transfersOf,
  updateCollectives,
  updateTerms,
  type BlockTime,
  type Communication,
  type Overlap,
  type Setting,
  type StepTerm,
} from '../model/index.ts';
import type { Exchange } from './cuts.ts';
import type { DescribedBlock } from './describe.ts';
import { blockTimesOf, settingOf } from './evaluate.ts';
import { shapeOf } from './graph-view.ts';
import { countText } from './quantities.ts';
import type { Candidate, PlanRequest } from './request.ts';

/** Axes along which a plan communicates. */
export type CommunicationAxis = 'mp' | 'cp' | 'ep' | 'pp' | 'dp';

/** A kind of communication at one place of the network. */
export interface PlannedCommunication extends Communication {
  readonly axis: CommunicationAxis;
  readonly devices: number;
  readonly sweep: 'forward' | 'backward' | 'forward again' | 'transfer' | 'update';
  /** The block in which it happens; null for the update. */
  readonly block: number | null;
  readonly location: Location;
  readonly reason: string;
  /** Seconds of work that belongs to it beside the wire: joins of ring attention. */
  readonly local: number;
  /** How often it happens in a step, on the stages one after another. */
  readonly count: number;
  /** Of its seconds, local work with it, the share that nothing hides. */
  readonly exposedShare: number;
  /** What the step is longer for it, and the term to which that belongs. */
  readonly stepSeconds: number;
  readonly term: StepTerm;
}

const devicesOf = ({ ranks }: GroupShape): number => ranks.reduce((product, count) => product * count, 1);

/** The communication of a plan: of its blocks in order, between its stages, and of its update. */
export function communicationOf(request: PlanRequest, candidate: Candidate): readonly PlannedCommunication[] {
  const setting = settingOf(request);
  const times = blockTimesOf(request, candidate);
  const rows = candidate.network.blocks.flatMap((_, block) =>
    blockRows(request, candidate, setting, times[block], block),
  );
  return [...rows, ...transferRows(request, candidate), ...updateRows(candidate, setting)].filter(
    ({ seconds, local }) => seconds + local > 0,
  );
}

interface Happening extends Pick<PlannedCommunication, 'axis' | 'location' | 'reason' | 'local'> {
  readonly communication: Communication;
  /** In one forward of the block, and in one backward. */
  readonly forward: number;
  readonly backward: number;
  readonly overlap: 'exchange' | 'context';
}

function blockRows(
  request: PlanRequest,
  candidate: Candidate,
  setting: Setting,
  time: BlockTime,
  block: number,
): readonly PlannedCommunication[] {
  const { configuration: plan, stages } = candidate;
  const copies = plan.microBatches * plan.interleavedCopies;
  const layers = stages.map((stage) => stage.reduce((sum, run) => sum + (run.block === block ? run.count : 0), 0));
  const repeats = candidate.network.blocks[block].count > 1;
  const again = layers.reduce((sum, count, stage) => sum + (repeats ? count * recomputedShare(plan, stage) : 0), 0);
  const all = layers.reduce((sum, count) => sum + count, 0);
  return happenings(request, candidate, setting, block).flatMap((happening) => {
    const row = (
      sweep: PlannedCommunication['sweep'],
      runs: number,
      { seconds, exposed }: Overlap,
      term: StepTerm,
    ): readonly PlannedCommunication[] => {
      const { communication, axis, location, reason, local } = happening;
      const count = runs * copies;
      const exposedShare = seconds === 0 ? 0 : exposed / seconds;
      const stepSeconds = (count * exposedShare * (communication.seconds + local)) / stages.length;
      const devices = devicesOf(communication.shape);
      const row = { ...communication, axis, devices, sweep, block, location, reason, local, count, exposedShare };
      return count === 0 ? [] : [{ ...row, stepSeconds, term }];
    };
    const exposedTerm = 'exposed tensor, context and expert collectives';
    const [ahead, back] = [time.forward[happening.overlap], time.backward[happening.overlap]];
    return [
      ...row('forward', happening.forward * all, ahead, exposedTerm),
      ...row('backward', happening.backward * all, back, exposedTerm),
      ...row('forward again', happening.forward * again, ahead, 'recompute'),
    ];
  });
}

/** What one layer of a block communicates. */
function happenings(request: PlanRequest, candidate: Candidate, setting: Setting, block: number): readonly Happening[] {
  const { described, cluster } = request;
  const { configuration: plan, network } = candidate;
  const { view } = described;
  const section = described.blocks[block];
  const cuts = candidate.layers[block]?.cuts ?? section.cuts;
  const exchanges = cuts.exchanges.flatMap((each, at) =>
    exchangeCollectives(network.blocks[block].exchanges[at], plan, cluster).map((communication): Happening => {
      const { location } = view.operations[each.operation];
      const reason = exchangeReason(each, view.operations[each.operation].name, cuts.dimensions.get(each.value));
      const backward = exchangesBackward(plan);
      return { communication, axis: 'mp', location, reason, local: 0, forward: 1, backward, overlap: 'exchange' };
    }),
  );
  const cores = coresOf(request, section);
  const works = network.blocks[block].works.filter((work) => work.kind === 'attention');
  const rings = works.flatMap((work, at): readonly Happening[] => {
    const communication = ringStep(work, plan, cluster);
    if (communication === null) return [];
    const location = cores[at] === undefined ? null : view.operations[cores[at].last].location;
    const local = joinSeconds(work, plan, setting);
    const reason = `ring attention: each of ${plan.context} devices has a part of the keys and values, and passes it on`;
    const forward = plan.context - 1;
    return [{ communication, axis: 'cp', location, reason, local, forward, backward: 2 * forward, overlap: 'context' }];
  });
  const sent = dispatchCollective(network.blocks[block], plan, cluster);
  if (sent === null) return [...exchanges, ...rings];
  const location = expertLocation(request, section);
  const reason = 'tokens go to the devices of their experts, and come back';
  const experts = { communication: sent, axis: 'ep', location, reason, local: 0 } as const;
  return [...exchanges, ...rings, { ...experts, forward: 2, backward: 4, overlap: 'context' }];
}

const coresOf = ({ described }: PlanRequest, { section }: DescribedBlock): PlanRequest['described']['cores'] =>
  described.cores.filter(({ first }) => first >= section.begin && first < section.begin + section.length);

function expertLocation({ described }: PlanRequest, { section }: DescribedBlock): Location {
  const operations = described.view.operations.slice(section.begin, section.begin + section.length);
  const product = operations.find(
    (op) =>
      op.name === 'ms.batch_matmul' &&
      op.operands.some((operand) => described.view.parameters.has(operand) && shapeOf(operand).length === 3),
  );
  return product?.location ?? null;
}

/** Why a value is exchanged. */
function exchangeReason({ kind }: Exchange, operation: string, dimension: number | undefined): string {
  const name = operation.replace(/^ms\./, '');
  const where = dimension === undefined ? '' : ` (dimension ${dimension})`;
  switch (kind) {
    case 'sum':
      return `${name} sums over an axis that mp cuts: each device has a part of the sum`;
    case 'scatter':
      return `${name} sums over an axis that mp cuts, and each device keeps its part${where}`;
    case 'gather':
      return `what ${name} reads or makes is cut by mp${where} and needed whole: gathered, counted as an all-reduce of half the bytes`;
    case 'exchange':
      return `${name} needs another dimension cut than mp cuts${where}`;
  }
}

/** Sends between stages: forward and backward of each chunk. The last stage is charged like the others. */
function transferRows(request: PlanRequest, candidate: Candidate): readonly PlannedCommunication[] {
  const { configuration: plan, stages, network } = candidate;
  const copies = plan.microBatches * plan.interleavedCopies;
  const ends = new Map<number, number>();
  for (const stage of stages) {
    const block = stage.at(-1)?.block ?? 0;
    ends.set(block, (ends.get(block) ?? 0) + 1);
  }
  return [...ends].flatMap(([block, count]): readonly PlannedCommunication[] => {
    const sent = stageTransfer(network.blocks[block], plan, request.cluster);
    if (sent === null) return [];
    const times = transfersOf(plan) * count * copies;
    return [
      {
        ...{ ...sent, axis: 'pp', devices: 2, sweep: 'transfer', block, local: 0, count: times, exposedShare: 1 },
        location: boundaryLocation(request, block),
        reason:
          sent.bytes === 0
            ? 'the last stage is charged for a message like the others'
            : 'a stage gives its result to the next, and its gradient to the one before',
        ...{ stepSeconds: (times * sent.seconds) / stages.length, term: 'stage transfers' },
      },
    ];
  });
}

/** The operation that makes what a block gives to the next. */
function boundaryLocation({ described: { view, blocks } }: PlanRequest, block: number): Location {
  const { begin, length } = blocks[block].section;
  const operations = view.operations.slice(begin, begin + length);
  const last = operations.findLast((op) =>
    op.results.some((result) => (view.usedBy.get(result)?.at(-1) ?? -1) >= begin + length),
  );
  return (last ?? operations.at(-1))?.location ?? null;
}

/** Gradients are summed over the replicas; with ZeRO weights are gathered. As the slowest stage does it. */
function updateRows(candidate: Candidate, setting: Setting): readonly PlannedCommunication[] {
  const { configuration: plan, network, stages, time } = candidate;
  const parameters = Math.max(0, ...stages.map((stage) => stageParameters(stage, network, plan)));
  const { reduction, reductions, gathering, gatherings } = updateCollectives(parameters, plan, setting.cluster);
  const computing = pipelineTime(time.stages, plan.microBatches * plan.interleavedCopies, plan.virtualStages).seconds;
  const { hidden } = updateTerms(parameters, computing, plan, setting);
  const repeated = (count: number, seconds: number): number => Math.max(0, count - 1) * seconds;
  const hideable = repeated(reductions, reduction.seconds) + repeated(gatherings, gathering?.seconds ?? 0);
  const row = (communication: Communication, count: number, reason: string): PlannedCommunication => {
    const whole = count * communication.seconds;
    const covered = hideable === 0 ? 0 : (hidden * repeated(count, communication.seconds)) / hideable;
    const devices = devicesOf(communication.shape);
    const happening = { ...communication, axis: 'dp', devices, sweep: 'update', block: null, location: null } as const;
    const exposedShare = whole === 0 ? 0 : (whole - covered) / whole;
    const term = 'gradient and weight collectives';
    return { ...happening, reason, local: 0, count, exposedShare, stepSeconds: whole - covered, term };
  };
  const summed = `replicas sum the gradients of ${countText(parameters)} parameters`;
  return [
    row(reduction, reductions, plan.zero === 0 ? summed : `${summed}, each keeps its part (ZeRO ${plan.zero})`),
    ...(gathering === null
      ? []
      : [row(gathering, gatherings, `weights are divided over the replicas (ZeRO ${plan.zero}) and become whole`)]),
  ];
}

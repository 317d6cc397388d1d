/**
 * Which pipeline stage computes what, and when.
 *
 * - *floating* operations depend on no stage: what is made of parameters alone, or of inputs alone (how many labels
 *   count). Each stage that needs one computes it itself, before it needs it;
 * - *forward* and *backward* operations are computed once for each micro-batch. Annotated ones have their stage; one that
 *   depends on a later stage is backward. Others follow their operands: forward ones the latest stage, backward ones
 *   the earliest;
 * - *closing* operations need all micro-batches (the optimizer): they follow their largest operand.
 */
import type { Operation, Value } from '../../ir/index.ts';
import { Operation as Op } from '../../ir/index.ts';
import { numberOf } from './annotations.ts';
import { shardDiagnostics } from './diagnostics.ts';
import type { ShardReport } from './diagnostics.ts';
import { MICRO, mentionsMicro } from './plan.ts';
import type { ShardPlan } from './plan.ts';
import { parameterName } from './ties.ts';

export type Phase = 'floating' | 'forward' | 'backward' | 'closing';

/** Place and time of an operation; floating ones have no stage. */
export interface Station {
  readonly phase: Phase;
  readonly stage: number;
}

const FLOATING: Station = { phase: 'floating', stage: -1 };

/** Stations of all operations of @main; contradictions are reported. */
export function stationsOf(plan: ShardPlan, report: ShardReport): ReadonlyMap<Operation, Station> {
  const stations = new Map<Operation, Station>();
  const ofInputs = new Set<Operation>();
  const end = plan.main.regions[0].operations.at(-1);
  for (const op of plan.main.regions[0].operations) {
    if (op === end) continue;
    const sources = sourcesOf(op, stations);
    if (isOfInputs(plan, op, ofInputs)) ofInputs.add(op);
    const station = ofInputs.has(op) && plan.microBatches > 1 ? FLOATING : stationOf(plan, op, sources);
    stations.set(op, station);
    checkOrder(plan, op, station, sources, report);
  }
  return stations;
}

/** Whether an operation depends on inputs and constants alone. */
function isOfInputs(plan: ShardPlan, op: Operation, known: ReadonlySet<Operation>): boolean {
  return readBy(op).every((value) =>
    value.owner instanceof Op ? known.has(value.owner) : parameterName(plan.main, 'arg_attrs', value.index) === null,
  );
}

interface Source {
  readonly value: Value;
  readonly station: Station;
}

/** Operands, and what regions read from outside, that are not floating. */
function sourcesOf(op: Operation, stations: ReadonlyMap<Operation, Station>): readonly Source[] {
  return readBy(op).flatMap((value) => {
    const station = value.owner instanceof Op ? stations.get(value.owner) : undefined;
    return station && station.phase !== 'floating' ? [{ value, station }] : [];
  });
}

/** All values that an operation and its regions use. */
export function readBy(op: Operation): readonly Value[] {
  return op.regions.length === 0
    ? op.operands
    : [...op.operands, ...op.regions.flatMap((region) => region.operations.flatMap(readBy))];
}

const annotatedStage = (op: Operation): number | null => numberOf(op.attributes.get('dist.stage'));
const isMade = (op: Operation): boolean => op.operands.length === 0;

function stationOf(plan: ShardPlan, op: Operation, sources: readonly Source[]): Station {
  const batches = plan.microBatches > 1;
  if (batches && !plan.isMicro(op))
    return sources.length === 0 ? FLOATING : { phase: 'closing', stage: largestStage(sources) };
  const annotated = isMade(op) ? null : annotatedStage(op);
  if (annotated === null && sources.length === 0) return plan.stages === 1 ? { phase: 'forward', stage: 0 } : FLOATING;
  const backward = sources.filter(
    ({ station }) => station.phase === 'backward' || (annotated !== null && station.stage > annotated),
  );
  const stages = (backward.length > 0 ? backward : sources).map(({ station }) => station.stage);
  if (backward.length > 0) return { phase: 'backward', stage: annotated ?? Math.min(...stages) };
  return { phase: 'forward', stage: annotated ?? Math.max(...stages) };
}

function largestStage(sources: readonly Source[]): number {
  const elements = ({ value: { type } }: Source): number =>
    type.kind === 'tensor' ? type.shape.reduce<number>((product, extent) => product * Number(extent), 1) : 0;
  const [first, ...others] = sources;
  return others.reduce((best, other) => (elements(other) > elements(best) ? other : best), first).station.stage;
}

function checkOrder(
  plan: ShardPlan,
  op: Operation,
  station: Station,
  sources: readonly Source[],
  report: ShardReport,
): void {
  const { phase, stage } = station;
  if (stage >= plan.stages) {
    report.add(shardDiagnostics.stages, op.location, [
      `'${op.name}' is of stage ${stage} (counted from 0), pipeline_stages is ${plan.stages}`,
    ]);
    return;
  }
  if (plan.microBatches === 1 || (phase !== 'forward' && phase !== 'backward')) return;
  for (const { value, station: from } of sources) {
    if (from.phase === 'closing' || joinsBatches(plan, op, value)) {
      const problem = `'${op.name}' needs '${value.name || value.type.key}', which all micro-batches together make`;
      report.add(shardDiagnostics.microBatches, op.location, [problem]);
      return;
    }
    if (from.phase !== 'backward' || from.stage >= stage) continue;
    const problem = `'${op.name}' of stage ${stage} comes after stage ${from.stage}, which comes after a later stage`;
    report.add(shardDiagnostics.stages, op.location, [problem]);
    return;
  }
}

/** Whether an operation of one micro-batch needs a value that is made of all of them. */
function joinsBatches(plan: ShardPlan, op: Operation, value: Value): boolean {
  if (!(value.owner instanceof Op)) return false;
  const made = plan.shardingOf(value.owner).results[value.index];
  if (op.name === 'ms.depend' && op.operands[0] !== value) return false;
  if (made.partial.includes(MICRO)) return true;
  const wanted = op.operands.flatMap((operand, at) => (operand === value ? [plan.shardingOf(op).operands[at]] : []));
  return mentionsMicro(made) && !wanted.every(mentionsMicro);
}

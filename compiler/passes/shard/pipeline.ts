/**
 * Builds the programs of all ranks in one walk over a common order of tasks: each operation goes to the ranks of its
 * stage, a value that another stage needs is sent as soon as it is made, and what all micro-batches make together comes
 * last. One stage with one batch is the plain case: every operation, in the order of the program.
 */
import type { Operation, Value } from '../../ir/index.ts';
import { integerAttribute, Operation as Op } from '../../ir/index.ts';
import { opTable } from '../../ir/ops/index.ts';
import { Purity, removeDead } from '../rewrite/index.ts';
import type { ShardReport } from './diagnostics.ts';
import { emitOperation } from './emit.ts';
import { deviceCount } from './mesh.ts';
import { mentionsMicro } from './plan.ts';
import type { ShardPlan } from './plan.ts';
import { RankBuilder } from './rank-builder.ts';
import type { RankProgram, RankTensor } from './rank-program.ts';
import { giveResults, takeArguments } from './rank-program.ts';
import { ALL } from './rank-scope.ts';
import { scheduleTasks } from './schedule.ts';
import type { Task } from './schedule.ts';
import { readBy, stationsOf } from './stages.ts';
import type { Station } from './stages.ts';
import { stateResults } from './ties.ts';

/** Programs of all ranks, stage by stage; null when the network does not form the pipeline. */
export function buildStages(plan: ShardPlan, report: ShardReport): readonly RankProgram[] | null {
  const stations = stationsOf(plan, report);
  return report.diagnostics.length > 0 ? null : new StageBuilder(plan, stations).build();
}

class StageBuilder {
  private readonly plan: ShardPlan;
  private readonly stations: ReadonlyMap<Operation, Station>;
  private readonly operations: readonly Operation[];
  private readonly returned: readonly Value[];
  /** Builders by stage. */
  private readonly ranks: readonly (readonly RankBuilder[])[];
  /** Stages, other than its own, whose tasks use a value. */
  private readonly users = new Map<Value, Set<number>>();
  /** Values that something needs whole although micro-batches make them. */
  private readonly accumulated = new Set<Value>();
  private messages = 0;

  constructor(plan: ShardPlan, stations: ReadonlyMap<Operation, Station>) {
    this.plan = plan;
    this.stations = stations;
    const all = plan.main.regions[0].operations;
    this.operations = all.slice(0, -1);
    this.returned = all.at(-1)?.operands ?? [];
    const devices = deviceCount(plan.devices);
    this.ranks = Array.from({ length: plan.stages }, (_, stage) =>
      Array.from({ length: devices }, (_, device) => new RankBuilder(plan, device, stage * devices)),
    );
    if (this.batched) this.findUsers();
  }

  private get batched(): boolean {
    return this.plan.microBatches > 1;
  }

  build(): readonly RankProgram[] {
    const taken = this.argumentStages().map((positions, stage) =>
      this.ranks[stage].map((rank) => takeArguments(rank, positions)),
    );
    if (this.batched) {
      const { microBatches, schedule } = this.plan.pipeline;
      for (const task of scheduleTasks(this.plan.stages, microBatches, schedule)) this.task(task);
    }
    for (const op of this.operations) {
      const { phase, stage } = this.stationOf(op);
      if (phase === 'closing' || (!this.batched && phase !== 'floating')) this.emit(op, stage, ALL);
    }
    return this.finish(taken);
  }

  private stationOf(op: Operation): Station {
    const station = this.stations.get(op);
    if (!station) throw new Error(`'${op.name}' has no station`);
    return station;
  }

  private findUsers(): void {
    for (const op of this.operations) {
      const { phase, stage } = this.stationOf(op);
      const perMicroBatch = phase === 'forward' || phase === 'backward';
      for (const value of readBy(op)) {
        const source = value.owner instanceof Op ? this.stations.get(value.owner) : undefined;
        if (!source || !isTask(source)) continue;
        if (perMicroBatch && source.stage !== stage)
          this.users.set(value, (this.users.get(value) ?? new Set()).add(stage));
        if (phase === 'closing') this.accumulated.add(value);
      }
    }
    for (const value of this.returned) {
      const source = value.owner instanceof Op ? this.stations.get(value.owner) : undefined;
      if (source && isTask(source) && !mentionsMicro(this.plan.homeOf(value))) this.accumulated.add(value);
    }
  }

  /** One stage's part of one micro-batch. */
  private task({ stage, phase, microBatch }: Task): void {
    for (const op of this.operations) {
      const station = this.stationOf(op);
      if (station.stage !== stage || station.phase !== phase) continue;
      this.emit(op, stage, microBatch);
      for (const result of op.results) {
        if (this.accumulated.has(result)) for (const rank of this.ranks[stage]) rank.accumulate(result, microBatch);
        for (const user of this.users.get(result) ?? []) this.transfer(result, stage, user, microBatch);
      }
    }
  }

  private emit(op: Operation, stage: number, instance: number): void {
    const layouts = this.plan.shardingOf(op).operands;
    readBy(op).forEach((value, at) => {
      const ofBatch = op.regions.length === 0 && mentionsMicro(layouts[at]);
      this.ensure(value, stage, ofBatch || op.name === 'ms.depend' ? instance : ALL);
    });
    for (const rank of this.ranks[stage]) emitOperation(rank, op, instance);
  }

  /** Makes sure that a stage has a value: computes it there when it floats, or has it sent. */
  private ensure(value: Value, stage: number, instance: number): void {
    const owner = value.owner instanceof Op ? value.owner : null;
    const station = owner && this.stations.get(owner);
    if (!owner || !station) return;
    const [first] = this.ranks[stage];
    if (first.knows(value, instance)) return;
    if (station.phase === 'floating') this.float(value, owner, stage, instance);
    else if (station.stage !== stage) this.transfer(value, station.stage, stage, ALL);
  }

  /** Computes a floating operation on a stage: for one micro-batch, or for all of them where all are needed. */
  private float(value: Value, owner: Operation, stage: number, instance: number): void {
    if (!this.plan.isMicro(owner)) return this.emit(owner, stage, ALL);
    if (instance !== ALL) return this.emit(owner, stage, instance);
    for (let batch = 0; batch < this.plan.microBatches; batch++) {
      this.ensure(value, stage, batch);
      for (const rank of this.ranks[stage]) rank.accumulate(value, batch);
    }
  }

  /** Sends a value, as it rests, from each rank of one stage to the rank of another that has the same place. */
  private transfer(value: Value, from: number, to: number, instance: number): void {
    const layout = this.plan.homeOf(value);
    const tag = integerAttribute(this.messages++);
    const peer = (rank: RankBuilder) => integerAttribute(rank.base + rank.device);
    this.ranks[from].forEach((sender, at) => {
      const receiver = this.ranks[to][at];
      const local = sender.value(value, layout, instance);
      sender.emitter.sink.create(
        'dist.send',
        [local],
        [],
        new Map([
          ['peer', peer(receiver)],
          ['tag', tag],
        ]),
      );
      const arrived = receiver.emitter.stated('dist.receive', [], local.type, { peer: peer(sender), tag });
      receiver.define(value, layout, arrived, instance);
    });
  }

  /** Positions of the arguments that each stage uses; one that nobody uses is on the first. */
  private argumentStages(): readonly (readonly number[])[] {
    const used = this.ranks.map(() => new Set<number>());
    const [block] = this.plan.main.regions;
    const seen = this.ranks.map(() => new Set<Value>());
    const note = (value: Value, stage: number): void => {
      if (seen[stage].has(value)) return;
      seen[stage].add(value);
      const owner = value.owner instanceof Op ? value.owner : null;
      if (value.owner === block) used[stage].add(value.index);
      else if (owner && this.stations.get(owner)?.phase === 'floating')
        for (const read of readBy(owner)) note(read, stage);
    };
    for (const op of this.operations) {
      const { phase, stage } = this.stationOf(op);
      if (phase !== 'floating') for (const value of readBy(op)) note(value, stage);
    }
    this.returned.forEach((value) => {
      if (this.stageOfResult(value) < 0) note(value, 0);
    });
    block.arguments.forEach((_, at) => {
      if (!used.some((positions) => positions.has(at))) used[0].add(at);
    });
    return used.map((positions) => [...positions].sort((left, right) => left - right));
  }

  private stageOfResult(value: Value): number {
    const owner = value.owner instanceof Op ? value.owner : null;
    return (owner && this.stations.get(owner)?.stage) ?? -1;
  }

  /** Results go where they are made, and new values of parameters to every stage that has the parameter. */
  private finish(taken: readonly (readonly ReadonlyMap<number, RankTensor>[])[]): readonly RankProgram[] {
    const states = new Map([...stateResults(this.plan.main)].map(([argument, result]) => [result, argument]));
    const positions = this.ranks.map((_, stage) =>
      this.returned.flatMap((value, at) => {
        const argument = states.get(at);
        const own = Math.max(this.stageOfResult(value), 0) === stage;
        return (argument === undefined ? own : taken[stage][0].has(argument)) ? [at] : [];
      }),
    );
    const all = Array.from({ length: this.plan.microBatches }, (_, instance) => instance);
    positions.forEach((results, stage) => {
      for (const value of results.map((at) => this.returned[at])) {
        if (this.stageOfResult(value) === stage) continue;
        for (const instance of mentionsMicro(this.plan.homeOf(value)) ? all : [ALL])
          this.ensure(value, stage, instance);
      }
    });
    const purity = new Purity(opTable);
    return this.ranks.flatMap((ranks, stage) =>
      ranks.map((rank, device) => {
        const results = giveResults(rank, positions[stage]);
        removeDead(rank.block, purity);
        return { block: rank.block, arguments: taken[stage][device], results };
      }),
    );
  }
}

const isTask = ({ phase }: Station): boolean => phase === 'forward' || phase === 'backward';

/** Times of the launches of a program, one after the other on one device. */
import {
  CachedData,
  simulate,
  withoutSegments,
  type MachineFault,
  type RecordOptions,
  type TimingReport,
} from '../../machine/index.ts';
import type { Launch, Program } from '../../program/index.ts';
import { AlikeLaunches } from './alike.ts';
import { chipOf, globalMemory, kernelLaunch } from './model.ts';

/** A launch that ended in a fault. */
export interface TimingFault {
  readonly kind: 'fault';
  readonly fault: MachineFault;
  readonly location: number | undefined;
}

/** Turns of a loop after which a launch takes as long as in the turn before: L2 then holds what it will hold. */
const SETTLING_TURNS = 2;

/** Times launches in the order in which they run; L2 keeps its content from one to the next. */
export class LaunchTimer {
  readonly #program: Program;
  readonly #gm: ReturnType<typeof globalMemory>;
  #cache: CachedData;
  readonly #alike: AlikeLaunches;
  readonly #chip: ReturnType<typeof chipOf>;
  readonly #turns = new Map<string, { count: number; report: TimingReport }>();

  constructor(program: Program) {
    this.#program = program;
    this.#chip = chipOf(program);
    this.#gm = globalMemory(program);
    this.#cache = new CachedData(this.#chip.l2Bytes ?? 0);
    this.#alike = new AlikeLaunches(program.kernels);
  }

  /** The report of a launch; `record` adds where the time of its pipes goes. Turns after the settling ones have sums, but no segments. */
  time(launch: Launch, record?: RecordOptions): TimingReport | TimingFault {
    const key = `${launch.kernel} ${launch.blockCount} ${launch.args.join(' ')}`;
    const known = this.#turns.get(key);
    if (known !== undefined && known.count >= SETTLING_TURNS) return known.report;
    const report = this.#timeAlike(launch, record);
    if (isTimingFault(report)) return report;
    const kept = report.record === null ? report : { ...report, record: withoutSegments(report.record) };
    this.#turns.set(key, { count: (known?.count ?? 0) + 1, report: kept });
    return report;
  }

  /** The report of an alike launch before this one, or else of a simulation. */
  #timeAlike(launch: Launch, record: RecordOptions | undefined): TimingReport | TimingFault {
    const key = this.#alike.keyOf(launch, JSON.stringify(record ?? null));
    const alike = key === null ? null : this.#alike.find(key, launch, this.#cache);
    if (alike !== null) {
      this.#cache = alike.cache;
      return alike.report;
    }
    const transfers: (readonly [number, number, boolean])[] = [];
    this.#cache.listener = key === null ? null : (...transfer) => transfers.push(transfer);
    const result = simulate(kernelLaunch(this.#program, launch), this.#chip, this.#gm, {
      moveData: false,
      cache: this.#cache,
      ...(record === undefined ? {} : { record }),
    });
    this.#cache.listener = null;
    if (!result.ok) return { kind: 'fault', fault: result.fault, location: launch.location };
    if (key !== null) this.#alike.add(key, launch, transfers, result.report);
    return result.report;
  }
}

/** Whether timing a launch ended in a fault. */
export const isTimingFault = (value: object): value is TimingFault => 'kind' in value && value.kind === 'fault';

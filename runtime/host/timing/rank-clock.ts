/**
 * The time of one device: a stream of launches, and streams for collectives, sends and receives beside it (HCCL runs each on
 * a stream of its own). A stream works in order; between streams a step waits for those before it in the program that touch
 * the same bytes, one of them writing: that is what the events between streams order.
 */
import { isCommunication, readsOf, writesOf, type Extent, type Work } from '../../program/index.ts';

export const streams = ['compute', 'collective', 'send', 'receive'] as const;
export type Stream = (typeof streams)[number];

export const streamOf = (step: Work): Stream => (isCommunication(step) ? step.kind : 'compute');

/** A step in time, in seconds. */
export interface Slice {
  readonly step: Work;
  readonly stream: Stream;
  readonly start: number;
  readonly end: number;
  /** What it did: a kernel, or an operation with its algorithm. */
  readonly name: string;
  /** When its own rank was ready for it; what lies between that and its start is waiting for others. */
  readonly ready: number;
  /** The slice of this rank whose end made it ready, by its number; -1 when nothing was before. */
  readonly after: number;
  /** What it moves: the whole buffer of a rank; 0 for launches. */
  readonly bytes: number;
  /** A number that the members of a collective share, and a send with its receive; -1 for launches. */
  readonly meeting: number;
}

/** When a step can begin, and after which slice (-1: at once). */
export interface Readiness {
  readonly seconds: number;
  readonly after: number;
}

export class RankClock {
  readonly #free: Record<Stream, number> = { compute: 0, collective: 0, send: 0, receive: 0 };
  readonly slices: Slice[] = [];
  /** Numbers of the slices of each stream. */
  readonly #byStream: Readonly<Record<Stream, number[]>> = { compute: [], collective: [], send: [], receive: [] };

  /** The earliest start of a step. */
  ready(step: Work): Readiness {
    const stream = streamOf(step);
    const last = this.#byStream[stream].at(-1);
    let [seconds, after] = [this.#free[stream], last ?? -1];
    for (const other of streams) {
      if (other === stream) continue;
      for (const number of this.#byStream[other]) {
        const slice = this.slices[number];
        if (slice !== undefined && slice.end > seconds && conflict(step, slice.step))
          [seconds, after] = [slice.end, number];
      }
    }
    return { seconds, after };
  }

  add(slice: Omit<Slice, 'stream'>): void {
    const stream = streamOf(slice.step);
    this.#byStream[stream].push(this.slices.push({ ...slice, stream }) - 1);
    this.#free[stream] = Math.max(this.#free[stream], slice.end);
  }

  /** When the last step ended. */
  end(): number {
    return Math.max(...streams.map((stream) => this.#free[stream]));
  }
}

/** Whether the order of two steps matters; a launch that does not say what it touches may touch all. */
function conflict(one: Work, other: Work): boolean {
  if (isUnknown(one) || isUnknown(other)) return true;
  const [reads, writes] = [readsOf(one), writesOf(one)];
  return overlap(reads, writesOf(other)) || overlap(writes, writesOf(other)) || overlap(writes, readsOf(other));
}

const isUnknown = (step: Work): boolean => step.kind === 'launch' && step.writes === undefined;

const overlap = (left: readonly Extent[], right: readonly Extent[]): boolean =>
  left.some((a) => right.some((b) => a.address < b.address + b.bytes && b.address < a.address + a.bytes));

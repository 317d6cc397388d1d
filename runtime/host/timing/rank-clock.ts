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
}

export class RankClock {
  readonly #free: Record<Stream, number> = { compute: 0, collective: 0, send: 0, receive: 0 };
  readonly slices: Slice[] = [];
  readonly #byStream: Readonly<Record<Stream, Slice[]>> = { compute: [], collective: [], send: [], receive: [] };

  /** The earliest start of a step. */
  ready(step: Work): number {
    const stream = streamOf(step);
    let start = this.#free[stream];
    for (const other of streams) {
      if (other === stream) continue;
      for (const slice of this.#byStream[other]) if (slice.end > start && conflict(step, slice.step)) start = slice.end;
    }
    return start;
  }

  add(step: Work, start: number, end: number, name: string): void {
    const slice = { step, stream: streamOf(step), start, end, name };
    this.slices.push(slice);
    this.#free[slice.stream] = Math.max(this.#free[slice.stream], end);
    this.#byStream[slice.stream].push(slice);
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

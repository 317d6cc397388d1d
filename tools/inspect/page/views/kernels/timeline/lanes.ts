/**
 * Lanes as columns that can be drawn at any zoom. Zoomed in, the visible segments are found by binary search. Zoomed out, many
 * segments fall on one pixel; a pyramid of sums by state then tells what share of a pixel's time the lane was in each state:
 * level 0 has buckets of a few segments, each further level buckets twice as long. So a frame costs the pixels it has, not
 * the segments it shows.
 */
import type { LaneEvents } from '../../../../report/index.ts';
import { IDLE, pipeStates } from '../../../../report/index.ts';

const STATES = pipeStates.length;
/** Lanes with fewer segments are always drawn one by one. */
const FEW = 2048;
/** Mean number of segments in a bucket of level 0. */
const PER_BUCKET = 4;

/** A pipe of a core over time; times in ticks. */
export interface Lane {
  readonly pipe: number;
  readonly length: number;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly states: Uint8Array;
  readonly instructions: Int32Array;
  readonly pyramid: Pyramid | null;
}

/** Ticks by bucket and state; level k has buckets of `bucket * 2 ** k` ticks. Idle is not counted. */
export interface Pyramid {
  readonly bucket: number;
  readonly levels: readonly Float32Array[];
}

export function laneOf(events: LaneEvents): Lane {
  const length = events.lengths.length;
  const [starts, ends] = [new Float64Array(length), new Float64Array(length)];
  let at = 0;
  for (let index = 0; index < length; index++) {
    at += events.gaps[index] ?? 0;
    starts[index] = at;
    at += events.lengths[index] ?? 0;
    ends[index] = at;
  }
  const columns = {
    pipe: events.pipe,
    length,
    starts,
    ends,
    states: Uint8Array.from(events.states),
    instructions: Int32Array.from(events.instructions),
  };
  return { ...columns, pyramid: length < FEW ? null : pyramidOf(columns) };
}

export function pyramidOf({ length, starts, ends, states }: Omit<Lane, 'pyramid'>): Pyramid {
  const total = ends[length - 1] ?? 0;
  const count = 2 ** Math.max(0, Math.floor(Math.log2(length / PER_BUCKET)));
  const bucket = Math.max(1, Math.ceil(total / count));
  const base = new Float32Array(count * STATES);
  for (let index = 0; index < length; index++) {
    const [end, state] = [ends[index] ?? 0, states[index] ?? 0];
    for (let from = starts[index] ?? 0; from < end;) {
      const number = Math.floor(from / bucket);
      const until = Math.min(end, (number + 1) * bucket);
      base[number * STATES + state] = (base[number * STATES + state] ?? 0) + (until - from);
      from = until;
    }
  }
  const levels: Float32Array[] = [base];
  for (let last: Float32Array = base; last.length > STATES; last = levels[levels.length - 1] ?? base)
    levels.push(halved(last));
  return { bucket, levels };
}

function halved(level: Float32Array): Float32Array {
  const count = level.length / STATES / 2;
  const sums = new Float32Array(count * STATES);
  for (let number = 0; number < count; number++)
    for (let state = 0; state < STATES; state++)
      sums[number * STATES + state] =
        (level[2 * number * STATES + state] ?? 0) + (level[(2 * number + 1) * STATES + state] ?? 0);
  return sums;
}

/** Index of the first segment that ends after a time; the length if there is none. */
export function firstAfter({ ends, length }: Lane, time: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ends[middle] ?? 0) > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The segment at a time, or -1 where the lane is idle. */
export function segmentAt(lane: Lane, time: number): number {
  const index = firstAfter(lane, time);
  return index < lane.length && (lane.starts[index] ?? 0) <= time ? index : -1;
}

/** Ticks by state between two times; the idle time is what is left. Exact: it walks over the segments. */
export function statesBetween(lane: Lane, from: number, to: number): Float64Array {
  const sums = new Float64Array(STATES);
  let rest = to - from;
  for (let index = firstAfter(lane, from); index < lane.length && (lane.starts[index] ?? 0) < to; index++) {
    const ticks = Math.min(to, lane.ends[index] ?? 0) - Math.max(from, lane.starts[index] ?? 0);
    const state = lane.states[index] ?? 0;
    sums[state] = (sums[state] ?? 0) + ticks;
    rest -= ticks;
  }
  sums[IDLE] = rest;
  return sums;
}

/** Whether `pixels` columns between two times are better drawn from sums than segment by segment. */
export function isDense(lane: Lane, from: number, to: number, pixels: number): boolean {
  if (lane.pyramid === null) return false;
  return firstAfter(lane, to) - firstAfter(lane, from) > pixels;
}

/** The same from sums where the range has many segments: exact up to a thousandth of the range. */
export function statesAbout(lane: Lane, from: number, to: number): Float64Array {
  if (!isDense(lane, from, to, PARTS)) return statesBetween(lane, from, to);
  const parts = new Float32Array(PARTS * STATES);
  pixelStates(lane, from, to, PARTS, parts);
  const sums = new Float64Array(STATES);
  parts.forEach((ticks, at) => (sums[at % STATES] = (sums[at % STATES] ?? 0) + ticks));
  sums[IDLE] = to - from - sums.reduce((sum, ticks) => sum + ticks, 0);
  return sums;
}

const PARTS = 2000;

/**
 * Ticks by state of each pixel column: [pixel * states + state], from the level whose buckets are no longer than a pixel and
 * no shorter than half of one. A bucket counts for the pixels that it overlaps, in proportion.
 */
export function pixelStates(lane: Lane, from: number, to: number, pixels: number, sums: Float32Array): void {
  sums.fill(0, 0, pixels * STATES);
  if (lane.pyramid === null) return;
  const { bucket, levels } = lane.pyramid;
  const ticks = (to - from) / pixels;
  const wanted = Math.max(0, Math.min(levels.length - 1, Math.floor(Math.log2(ticks / bucket))));
  const level = levels[wanted];
  if (level === undefined) return;
  const width = bucket * 2 ** wanted;
  const count = level.length / STATES;
  const last = Math.min(count, Math.ceil(to / width));
  for (let number = Math.max(0, Math.floor(from / width)); number < last; number++) {
    const first = Math.max(0, (number * width - from) / ticks);
    const end = Math.min(pixels, ((number + 1) * width - from) / ticks);
    for (let pixel = Math.floor(first); pixel < end; pixel++) {
      const share = ((Math.min(end, pixel + 1) - Math.max(first, pixel)) * ticks) / width;
      for (let state = 0; state < IDLE; state++) {
        const at = pixel * STATES + state;
        sums[at] = (sums[at] ?? 0) + share * (level[number * STATES + state] ?? 0);
      }
    }
  }
}

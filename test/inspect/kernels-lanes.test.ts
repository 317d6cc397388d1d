/** Lanes of the kernels view: what is drawn of them at any zoom is what their segments say. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  firstAfter,
  isDense,
  laneOf,
  pixelStates,
  segmentAt,
  statesBetween,
  type Lane,
} from '../../tools/inspect/page/views/kernels/timeline/lanes.ts';
import { arrowsOf, arrowsOfEvent, firstSet } from '../../tools/inspect/page/views/kernels/timeline/arrows.ts';
import { limited, movedByKey, roundStep, zoomed } from '../../tools/inspect/page/views/kernels/viewport.ts';
import { IDLE, pipeStates, type StreamFacts } from '../../tools/inspect/report/index.ts';
import { budget } from '../fuzz.ts';

const STATES = pipeStates.length;

/** A lane of random segments; every third follows its neighbour without a gap. */
function randomLane(length: number, seed: number): Lane {
  let state = seed;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % limit;
  };
  const column = (make: () => number): number[] => Array.from({ length }, make);
  return laneOf({
    pipe: 1,
    gaps: column(() => Math.max(0, below(30) - 10)),
    lengths: column(() => 1 + below(below(20) === 0 ? 5000 : 40)),
    states: column(() => below(IDLE)),
    instructions: column(() => below(100)),
  });
}

const lanes = [randomLane(7, 1), randomLane(3000, 2), randomLane(20_000, 3)];
const endOf = (lane: Lane): number => lane.ends[lane.length - 1];

describe('lanes', () => {
  it.each([0, 1, 2])('lane %i: the states between two times are those of its segments, the rest is idle', (number) => {
    const lane = lanes[number];
    const end = endOf(lane);
    const all = statesBetween(lane, 0, end);
    expect(all.reduce((sum, ticks) => sum + ticks, 0)).toBeCloseTo(end, 6);
    const middle = Math.floor(end / 3);
    const parts = [statesBetween(lane, 0, middle), statesBetween(lane, middle, end)];
    for (let state = 0; state < STATES; state++) expect(parts[0][state] + parts[1][state]).toBeCloseTo(all[state], 6);
  });

  it('finds the segment at a time', () => {
    for (const lane of lanes)
      for (let index = 0; index < lane.length; index += 97) {
        expect(segmentAt(lane, lane.starts[index])).toBe(index);
        expect(segmentAt(lane, lane.ends[index] - 0.5)).toBe(index);
        expect(firstAfter(lane, lane.ends[index])).toBe(index + 1);
      }
    expect(segmentAt(lanes[1], endOf(lanes[1]))).toBe(-1);
  });

  it('each level of the pyramid has all the ticks of the lane', () => {
    for (const lane of lanes.slice(1)) {
      const exact = statesBetween(lane, 0, endOf(lane));
      const { levels } = lane.pyramid!;
      expect(levels.at(-1)).toHaveLength(STATES);
      for (const level of levels) {
        const sums = new Float64Array(STATES);
        level.forEach((ticks, at) => (sums[at % STATES] += ticks));
        for (let state = 0; state < IDLE; state++) expect(sums[state] / exact[state]).toBeCloseTo(1, 3);
      }
    }
  });

  it('pixels hold what the segments under them say, up to a bucket at each side', () => {
    const lane = lanes[2];
    const end = endOf(lane);
    const { bucket } = lane.pyramid!;
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.6, noNaN: true }), fc.integer({ min: 20, max: 600 }), (start, pixels) => {
        const [from, to] = [start * end, Math.min(end, start * end + pixels * bucket * 3)];
        const sums = new Float32Array(pixels * STATES);
        pixelStates(lane, from, to, pixels, sums);
        const exact = statesBetween(lane, from, to);
        const slack = 2 * Math.max(2 * bucket, (to - from) / pixels);
        for (let state = 0; state < IDLE; state++) {
          const drawn = sums.reduce((sum, ticks, at) => (at % STATES === state ? sum + ticks : sum), 0);
          expect(Math.abs(drawn - exact[state])).toBeLessThanOrEqual(slack);
        }
        const ticks = (to - from) / pixels;
        for (let pixel = 0; pixel < pixels; pixel++) {
          const row = sums.subarray(pixel * STATES, (pixel + 1) * STATES);
          expect(row.reduce((sum, value) => sum + value, 0)).toBeLessThanOrEqual(ticks * 1.001);
        }
      }),
      budget(41, 50),
    );
  });

  it('is drawn from sums only where segments are more than pixels', () => {
    expect(isDense(lanes[0], 0, endOf(lanes[0]), 1)).toBe(false);
    expect(isDense(lanes[2], 0, endOf(lanes[2]), 1000)).toBe(true);
    expect(isDense(lanes[2], 0, 2000, 1000)).toBe(false);
  });
});

describe('flags of events', () => {
  const stream: StreamFacts = {
    ...{ core: 'vector', words: [], at: [], place: [], executed: [], work: [], stalled: [], mainStall: [] },
    text: ['copy_gm_to_ubuf 0', 'set_flag PIPE_MTE2', 'wait_flag PIPE_MTE2', 'vadd_f32 0', 'set_flag PIPE_V'],
    pipe: [4, 4, 1, 1, 1],
  };
  /** Two turns of a loop: a transfer tells the vector pipe. */
  const arrows = arrowsOf(
    { from: [4, 4], to: [1, 1], id: [0, 0], set: [100, 100], taken: [5, 20], setter: [1, 1], waiter: [2, 2] },
    stream,
  );

  it('of a wait: the one that ends it', () => {
    const wait = { pipe: 1, instruction: 2, isWait: true, start: 90, end: 105, since: 0, again: Infinity };
    expect(arrowsOfEvent(arrows, wait)).toEqual([0]);
    expect(arrowsOfEvent(arrows, { ...wait, start: 200, end: 220 })).toEqual([1]);
  });

  it('of an operation: those before its start and after its end', () => {
    const around = { isWait: false, since: 0, again: Infinity };
    const transfer = { ...around, pipe: 4, instruction: 0, start: 110, end: 200 };
    const add = { ...around, pipe: 1, instruction: 3 };
    expect(arrowsOfEvent(arrows, transfer)).toEqual([1]);
    expect(arrowsOfEvent(arrows, { ...transfer, start: 0, end: 100, again: 200 })).toEqual([0]);
    expect(arrowsOfEvent(arrows, { ...transfer, start: 0, end: 100, again: 100 })).toEqual([]);
    expect(arrowsOfEvent(arrows, { ...add, start: 220, end: 260 })).toEqual([1]);
    expect(arrowsOfEvent(arrows, { ...add, start: 105, end: 150 })).toEqual([0]);
    expect(arrowsOfEvent(arrows, { ...add, start: 300, end: 350, since: 260 })).toEqual([]);
  });

  it('are found by the time at which they are set', () => {
    expect([0, 100, 101, 201].map((time) => firstSet(arrows, time))).toEqual([0, 0, 1, 2]);
  });
});

describe('the visible part of an axis', () => {
  it('stays inside and keeps its least length', () => {
    expect(limited({ from: -10, to: 20 }, 100, 5)).toEqual({ from: 0, to: 30 });
    expect(limited({ from: 90, to: 130 }, 100, 5)).toEqual({ from: 60, to: 100 });
    expect(limited({ from: 50, to: 51 }, 100, 5)).toEqual({ from: 50, to: 55 });
    expect(limited({ from: 0, to: 500 }, 100, 5)).toEqual({ from: 0, to: 100 });
  });
  it('zooms around the pointer, moves by keys', () => {
    expect(zoomed({ from: 0, to: 100 }, 40, 0.5)).toEqual({ from: 20, to: 70 });
    expect(movedByKey('d', { from: 0, to: 100 }, 50, 1000)).toEqual({ from: 15, to: 115 });
    expect(movedByKey('0', { from: 10, to: 20 }, 15, 1000)).toEqual({ from: 0, to: 1000 });
    expect(movedByKey('x', { from: 0, to: 100 }, 50, 1000)).toBeNull();
  });
  it('has round marks', () => {
    expect([0.3, 1, 12, 600].map(roundStep)).toEqual([0.5, 1, 20, 1000]);
  });
});

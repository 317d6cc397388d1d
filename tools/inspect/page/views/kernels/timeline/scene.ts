/** A launch over time as it is drawn: rows of lanes under the names of their cores. */
import type { CoreEvents, KernelFacts, StreamFacts } from '../../../../report/index.ts';
import { IDLE, TICKS } from '../../../../report/index.ts';
import { type Arrows, arrowsOf } from './arrows.ts';
import { type Lane, firstAfter, laneOf, segmentAt } from './lanes.ts';

export interface CoreScene {
  readonly name: string;
  readonly note: string;
  readonly stream: StreamFacts;
  /** Ticks. */
  readonly end: number;
  readonly lanes: readonly Lane[];
  readonly arrows: Arrows;
}

/** A row of the picture; y is its top without scrolling. */
export type Row =
  | { readonly kind: 'core'; readonly y: number; readonly core: CoreScene }
  | { readonly kind: 'lane'; readonly y: number; readonly core: CoreScene; readonly lane: Lane };

export interface Scene {
  readonly rows: readonly Row[];
  readonly height: number;
  /** Ticks of the launch. */
  readonly end: number;
}

/** Sizes in pixels. */
export const LANE_HEIGHT = 20;
export const CORE_HEIGHT = 20;
export const RULER_HEIGHT = 22;
export const GUTTER = 64;
/** Without what lies at the end, the last events would touch the edge. */
const MARGIN = 1.01;

export function coresOf({ trace, streams }: KernelFacts): readonly CoreScene[] {
  return (trace?.cores ?? []).flatMap((core, number) => {
    const stream = streams[core.stream];
    return stream === undefined ? [] : [coreScene(core, number, stream, trace?.cores[0]?.cycles ?? 0)];
  });
}

function coreScene(core: CoreEvents, number: number, stream: StreamFacts, slowest: number): CoreScene {
  return {
    name: core.name,
    note: number === 0 ? 'slowest' : number === 1 && core.cycles < slowest ? 'fastest' : '',
    stream,
    end: core.cycles * TICKS,
    lanes: core.lanes.map(laneOf),
    arrows: arrowsOf(core.arrows, stream),
  };
}

export function sceneOf(cores: readonly CoreScene[], launchCycles: number): Scene {
  const rows: Row[] = [];
  let y = 0;
  for (const core of cores) {
    rows.push({ kind: 'core', y, core });
    y += CORE_HEIGHT;
    for (const lane of core.lanes) {
      rows.push({ kind: 'lane', y, core, lane });
      y += LANE_HEIGHT;
    }
  }
  return { rows, height: y, end: Math.max(1, launchCycles * TICKS * MARGIN) };
}

/** A segment of a lane. */
export interface EventAt {
  readonly core: CoreScene;
  readonly lane: Lane;
  readonly index: number;
}

/** Names an event: equal names are one event. */
export const sameEvent = (one: EventAt | null, other: EventAt | null): boolean =>
  one?.lane === other?.lane && one?.index === other?.index;

/** The event under a point of the picture; short events are found a little beside them. */
export function eventAt(scene: Scene, y: number, time: number, tolerance: number): EventAt | null {
  const row = scene.rows.find((candidate) => y >= candidate.y && y < candidate.y + LANE_HEIGHT);
  if (row?.kind !== 'lane') return null;
  const { core, lane } = row;
  const exact = segmentAt(lane, time);
  if (exact >= 0) return { core, lane, index: exact };
  const next = firstAfter(lane, time);
  const near = [next, next - 1].find((index) => {
    const [start, end] = [lane.starts[index], lane.ends[index]];
    return start !== undefined && end !== undefined && start - tolerance <= time && time <= end + tolerance;
  });
  return near === undefined ? null : { core, lane, index: near };
}

/** What is known of an event. */
export function factsOf({ core, lane, index }: EventAt) {
  const instruction = lane.instructions[index] ?? 0;
  /** What the scalar unit executes without a pause is one event. */
  const isRun = lane.pipe === 0 && lane.states[index] === 0;
  return {
    pipe: lane.pipe,
    state: lane.states[index] ?? IDLE,
    instruction,
    text: `${core.stream.text[instruction] ?? ''}${isRun ? ' … and what follows' : ''}`,
    place: core.stream.place[instruction] ?? 0,
    word: core.stream.at[instruction] ?? 0,
    start: lane.starts[index] ?? 0,
    end: lane.ends[index] ?? 0,
  };
}

/** Draws the schedule of a pipeline: one lane for each stage, bubbles hatched, pieces too thin to see drawn together. */
import type { Schedule } from '../../../report/index.ts';
import type { Size } from '../../shell/components/index.ts';
import type { Colours } from '../../shell/theme.ts';
import { timeTicks, type TimeRange } from '../../shell/time-axis.ts';

export const GUTTER = 64;
export const AXIS = 20;

export interface Lanes {
  /** Height of a lane, and how far the lanes are scrolled up, in pixels. */
  readonly height: number;
  readonly lift: number;
}

export function lanesOf(stages: number, height: number, lift: number): Lanes {
  const room = Math.max(40, height - AXIS);
  const lane = Math.max(14, Math.min(48, Math.floor(room / stages)));
  return { height: lane, lift: Math.max(0, Math.min(lift, stages * lane - room)) };
}

export interface Drawing {
  readonly schedule: Schedule;
  /** Seconds of the update after the last backward. */
  readonly update: number;
  readonly range: TimeRange;
  readonly lanes: Lanes;
  /** The piece under the pointer, or -1. */
  readonly hovered: number;
}

/** The number of a piece at a time on a stage; -1 in a bubble. */
export function pieceAt({ begins, start, end }: Schedule, stage: number, time: number): number {
  let [low, high] = [begins[stage] ?? 0, begins[stage + 1] ?? 0];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((end[middle] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low < (begins[stage + 1] ?? 0) && (start[low] ?? Infinity) <= time ? low : -1;
}

export function drawSchedule(context: CanvasRenderingContext2D, size: Size, colours: Colours, drawing: Drawing): void {
  const { schedule, range, lanes } = drawing;
  const x = (time: number): number =>
    GUTTER + ((time - range.begin) / (range.end - range.begin)) * (size.width - GUTTER);
  const hatch = hatching(context, colours);
  context.font = '11px system-ui';
  for (let stage = 0; stage < schedule.stages; stage += 1) {
    const y = AXIS + stage * lanes.height - lanes.lift;
    if (y + lanes.height < AXIS || y > size.height) continue;
    drawLane(context, size, colours, drawing, { stage, y, x, hatch });
  }
  context.fillStyle = colours.background;
  context.fillRect(0, 0, size.width, AXIS);
  context.fillStyle = colours.faint;
  context.textAlign = 'left';
  for (const { at, text } of timeTicks(range, size.width - GUTTER, 1)) {
    context.fillRect(x(at), AXIS - 5, 1, 5);
    context.fillText(text, x(at) + 3, 12);
  }
}

interface Lane {
  readonly stage: number;
  readonly y: number;
  readonly x: (time: number) => number;
  readonly hatch: CanvasPattern | string;
}

function drawLane(
  context: CanvasRenderingContext2D,
  size: Size,
  colours: Colours,
  { schedule, range, lanes, update, hovered }: Drawing,
  { stage, y, x, hatch }: Lane,
): void {
  const height = lanes.height - 2;
  const right = Math.min(size.width, x(schedule.seconds));
  context.fillStyle = hatch;
  context.fillRect(Math.max(GUTTER, x(0)), y, Math.max(0, right - GUTTER), height);
  const first = Math.max(schedule.begins[stage] ?? 0, firstAfter(schedule, stage, range.begin));
  const end = schedule.begins[stage + 1] ?? 0;
  for (let piece = first; piece < end && (schedule.start[piece] ?? 0) < range.end; piece += 1) {
    const isBackward = schedule.isBackward[piece] === 1;
    const left = Math.max(GUTTER, x(schedule.start[piece] ?? 0));
    let stop = x(schedule.end[piece] ?? 0);
    // Pieces of one kind that touch and are too thin to see are one.
    while (stop - left < 1.5 && isSame(schedule, piece) && x(schedule.start[piece + 1] ?? 0) - stop < 0.5)
      stop = x(schedule.end[(piece += 1)] ?? 0);
    const width = Math.max(0.5, Math.min(size.width, stop) - left);
    const area = [left, y, width > 3 ? width - 0.5 : width, height] as const;
    context.fillStyle = colours.background;
    context.fillRect(...area);
    context.globalAlpha = (schedule.microBatch[piece] ?? 0) % 2 === 0 || width < 3 ? 1 : 0.8;
    context.fillStyle = isBackward ? colours['series-2'] : colours['series-1'];
    context.fillRect(...area);
    context.globalAlpha = 1;
    if (width > 22 && height > 10) {
      context.fillStyle = colours.background;
      context.textAlign = 'center';
      context.fillText(String(schedule.microBatch[piece]), left + width / 2, y + height / 2 + 4);
    }
    if (piece !== hovered) continue;
    context.strokeStyle = colours.text;
    context.lineWidth = 1.5;
    context.strokeRect(left + 0.75, y + 0.75, Math.max(1, width - 1.5), height - 1.5);
  }
  if (update > 0) {
    context.fillStyle = colours['series-7'];
    const from = Math.max(GUTTER, x(schedule.seconds));
    context.fillRect(from, y, Math.max(0, Math.min(size.width, x(schedule.seconds + update)) - from), height);
  }
  context.fillStyle = colours.background;
  context.fillRect(0, y, GUTTER, lanes.height);
  context.fillStyle = colours.text;
  context.textAlign = 'right';
  context.fillText(`stage ${stage}`, GUTTER - 6, y + height / 2 + 4);
}

/** Whether the next piece is of the same stage and sweep. */
const isSame = ({ begins, isBackward }: Schedule, piece: number): boolean =>
  !begins.includes(piece + 1) && isBackward[piece] === isBackward[piece + 1];

/** The first piece of a stage that ends after a time. */
function firstAfter({ begins, end }: Schedule, stage: number, time: number): number {
  let [low, high] = [begins[stage] ?? 0, begins[stage + 1] ?? 0];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((end[middle] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Slanted lines: time in which nobody works. */
function hatching(context: CanvasRenderingContext2D, colours: Colours): CanvasPattern | string {
  const tile = document.createElement('canvas');
  Object.assign(tile, { width: 8, height: 8 });
  const pen = tile.getContext('2d');
  if (pen === null) return colours.sunken;
  pen.fillStyle = colours.raised;
  pen.fillRect(0, 0, 8, 8);
  pen.strokeStyle = colours.faint;
  pen.globalAlpha = 0.55;
  pen.beginPath();
  for (const offset of [-8, 0, 8]) {
    pen.moveTo(offset, 8);
    pen.lineTo(offset + 8, 0);
  }
  pen.stroke();
  return context.createPattern(tile, 'repeat') ?? colours.sunken;
}

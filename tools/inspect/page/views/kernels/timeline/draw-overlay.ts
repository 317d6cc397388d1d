/** Draws flags as arrows from the lane that sets to the lane that waits, and marks events. */
import { IDLE } from '../../../../report/index.ts';
import type { Size } from '../../../shell/components/index.ts';
import type { Colours } from '../../../shell/theme.ts';
import { isWaiting } from '../look.ts';
import { arrowsOfEvent, firstSet } from './arrows.ts';
import type { Viewport } from '../viewport.ts';
import { xOf, type Picture } from './draw.ts';
import { firstAfter } from './lanes.ts';
import { GUTTER, LANE_HEIGHT, RULER_HEIGHT, factsOf, type CoreScene, type EventAt } from './scene.ts';

/** Arrows that are drawn at once without an event being chosen; more would be a tangle. */
const MOST_ARROWS = 120;

/** An arrow of a core by its index. */
export interface Flag {
  readonly core: CoreScene;
  readonly index: number;
}

/** What lies over the lanes. */
export interface Overlay extends Picture {
  readonly hovered: EventAt | null;
  readonly chosen: EventAt | null;
  /** Arrows of the hovered and the chosen event. */
  readonly flags: readonly Flag[];
  /** Instruction whose events are marked, -1 for none. */
  readonly marked: number;
  readonly range: Viewport | null;
  /** Whether the flags of all events are drawn where they are few enough. */
  readonly areAllShown: boolean;
}

export function drawOverlay(context: CanvasRenderingContext2D, size: Size, colours: Colours, overlay: Overlay): void {
  context.save();
  context.beginPath();
  context.rect(GUTTER, RULER_HEIGHT, size.width - GUTTER, size.height);
  context.clip();
  if (overlay.areAllShown) {
    context.globalAlpha = 0.55;
    for (const core of new Set(overlay.scene.rows.map((row) => row.core)))
      for (const index of visibleArrows(core, overlay)) drawArrow(context, size, colours.faint, overlay, core, index);
    context.globalAlpha = 1;
  }
  for (const { core, index } of overlay.flags) drawArrow(context, size, colours.accent, overlay, core, index, 1.75);
  drawMarks(context, size, colours, overlay);
  context.restore();
  drawRange(context, size, colours, overlay);
}

/** The flags of an event. */
export function flagsOf(event: EventAt | null): readonly Flag[] {
  if (event === null) return [];
  const { pipe, instruction, state, start, end } = factsOf(event);
  const wanted = { pipe, instruction, isWait: isWaiting(state), start, end, ...neighboursOf(event) };
  return arrowsOfEvent(event.core.arrows, wanted).map((index) => ({ core: event.core, index }));
}

/** Segments that are looked at for the operations before and after one. */
const MOST_STEPS = 2000;
const START_UP = 1;

/** When the operation before an event ended, and when its instruction ends the next time. */
function neighboursOf({ lane, index }: EventAt): { readonly since: number; readonly again: number } {
  const own = lane.instructions[index] ?? -1;
  const isOperation = (at: number): boolean => at >= 0 && !isWaiting(lane.states[at] ?? 0);
  /** Whether a segment goes on with the instruction of the one before it. */
  const goesOn = (at: number): boolean =>
    isOperation(at - 1) &&
    lane.instructions[at - 1] === lane.instructions[at] &&
    lane.ends[at - 1] === lane.starts[at] &&
    lane.states[at] !== START_UP;
  let first = index;
  while (goesOn(first)) first--;
  let before = first - 1;
  while (before >= 0 && !isOperation(before)) before--;
  const last = Math.min(lane.length, index + MOST_STEPS);
  let after = index + 1;
  while (after < last && !(isOperation(after) && lane.instructions[after] === own && !goesOn(after))) after++;
  return { since: before < 0 ? 0 : (lane.ends[before] ?? 0), again: after < last ? (lane.ends[after] ?? 0) : Infinity };
}

function visibleArrows({ arrows }: CoreScene, { view }: Picture): readonly number[] {
  const [first, last] = [firstSet(arrows, view.from), firstSet(arrows, view.to)];
  if (last - first > MOST_ARROWS) return [];
  const found: number[] = [];
  for (let index = Math.max(0, first - MOST_ARROWS); index < last; index++)
    if (index >= first || (arrows.taken[index] ?? 0) > view.from) found.push(index);
  return found;
}

function drawArrow(
  context: CanvasRenderingContext2D,
  { width }: Size,
  colour: string,
  picture: Picture,
  core: CoreScene,
  index: number,
  weight = 1,
): void {
  const { arrows } = core;
  const [from, to] = [laneY(picture, core, arrows.from[index] ?? 0), laneY(picture, core, arrows.to[index] ?? 0)];
  if (from === null || to === null) return;
  const [left, right] = [
    xOf(arrows.set[index] ?? 0, picture.view, width),
    xOf(arrows.taken[index] ?? 0, picture.view, width),
  ];
  const bend = Math.max(12, Math.min(60, Math.abs(right - left) / 2));
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = weight;
  context.beginPath();
  context.moveTo(left, from);
  context.bezierCurveTo(left + bend, from, right - bend, to, right - 5, to);
  context.stroke();
  context.beginPath();
  context.moveTo(right, to);
  context.lineTo(right - 6, to - 3.5);
  context.lineTo(right - 6, to + 3.5);
  context.fill();
}

/** The middle of a pipe's lane; null when the core has no such lane. */
function laneY({ scene, scroll }: Picture, core: CoreScene, pipe: number): number | null {
  const row = scene.rows.find((each) => each.kind === 'lane' && each.core === core && each.lane.pipe === pipe);
  return row === undefined ? null : row.y - scroll + RULER_HEIGHT + LANE_HEIGHT / 2;
}

/** Frames around the chosen and the hovered event, and around all events of the marked instruction. */
function drawMarks(context: CanvasRenderingContext2D, size: Size, colours: Colours, picture: Overlay): void {
  if (picture.marked >= 0) markInstruction(context, size, colours, picture);
  if (picture.hovered !== null) frame(context, size, colours.text, picture, picture.hovered, 1);
  if (picture.chosen !== null) frame(context, size, colours.accent, picture, picture.chosen, 2);
}

/** Events that are looked through for an instruction on a lane; with more of them visible nothing could be told apart. */
const MOST_MARKED = 4000;

function markInstruction(context: CanvasRenderingContext2D, size: Size, colours: Colours, picture: Overlay): void {
  const { scene, view, marked } = picture;
  for (const row of scene.rows) {
    if (row.kind !== 'lane' || row.lane.pipe === 0) continue;
    const [first, end] = [firstAfter(row.lane, view.from), firstAfter(row.lane, view.to) + 1];
    for (let index = first; index < Math.min(end, first + MOST_MARKED, row.lane.length); index++)
      if (row.lane.instructions[index] === marked && row.lane.states[index] !== IDLE)
        frame(context, size, colours.accent, picture, { core: row.core, lane: row.lane, index }, 1);
  }
}

function frame(
  context: CanvasRenderingContext2D,
  { width }: Size,
  colour: string,
  picture: Picture,
  event: EventAt,
  weight: number,
): void {
  const y = laneY(picture, event.core, event.lane.pipe);
  if (y === null) return;
  const { start, end } = factsOf(event);
  const [left, right] = [xOf(start, picture.view, width), xOf(end, picture.view, width)];
  context.strokeStyle = colour;
  context.lineWidth = weight;
  context.strokeRect(left, y - LANE_HEIGHT / 2 + 1, Math.max(2, right - left), LANE_HEIGHT - 2);
}

function drawRange(context: CanvasRenderingContext2D, size: Size, colours: Colours, { range, view }: Overlay): void {
  if (range === null) return;
  const left = Math.max(GUTTER, xOf(range.from, view, size.width));
  const right = Math.min(size.width, xOf(range.to, view, size.width));
  if (right <= left) return;
  context.save();
  context.globalAlpha = 0.18;
  context.fillStyle = colours.accent;
  context.fillRect(left, 0, right - left, size.height);
  context.restore();
  context.fillStyle = colours.accent;
  context.fillRect(left, 0, 1, size.height);
  context.fillRect(right - 1, 0, 1, size.height);
}

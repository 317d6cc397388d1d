/** Draws lanes and the axis of the timeline; flags and marks are drawn over them (overlay.ts). */
import { IDLE, TICKS, pipeNames, pipeStates } from '../../../../report/index.ts';
import type { Size } from '../../../shell/components/index.ts';
import type { Colours } from '../../../shell/theme.ts';
import { isWaiting, stateColours } from '../look.ts';
import { type Viewport, roundStep } from '../viewport.ts';
import { drawDense } from './draw-dense.ts';
import { firstAfter, isDense, type Lane } from './lanes.ts';
import { CORE_HEIGHT, GUTTER, LANE_HEIGHT, RULER_HEIGHT, type Row, type Scene } from './scene.ts';

/** What lies under the flags and marks. */
export interface Picture {
  readonly scene: Scene;
  readonly view: Viewport;
  readonly scroll: number;
  readonly megahertz: number;
  /** Whether an instruction passes the filter. */
  readonly isShown: (instruction: number) => boolean;
}

/** x of a time. */
export const xOf = (time: number, view: Viewport, width: number): number =>
  GUTTER + ((time - view.from) / (view.to - view.from)) * (width - GUTTER);

/** Time of an x. */
export const timeOf = (x: number, view: Viewport, width: number): number =>
  view.from + ((x - GUTTER) / (width - GUTTER)) * (view.to - view.from);

export function drawPicture(context: CanvasRenderingContext2D, size: Size, colours: Colours, picture: Picture): void {
  const { scene, scroll } = picture;
  const stripes = hatchesOf(context, colours);
  context.font = '11px ui-monospace, "DejaVu Sans Mono", monospace';
  context.textBaseline = 'middle';
  drawGrid(context, size, colours, picture);
  context.save();
  context.beginPath();
  context.rect(0, RULER_HEIGHT, size.width, size.height);
  context.clip();
  for (const row of scene.rows) {
    const y = row.y - scroll + RULER_HEIGHT;
    if (y + LANE_HEIGHT < RULER_HEIGHT || y > size.height) continue;
    if (row.kind === 'core') drawCoreName(context, size, colours, row, y);
    else drawLane(context, size, colours, picture, row.lane, y, stripes);
  }
  context.restore();
  drawRuler(context, size, colours, picture);
}

function drawCoreName(
  context: CanvasRenderingContext2D,
  { width }: Size,
  colours: Colours,
  { core }: Row,
  y: number,
): void {
  context.fillStyle = colours.raised;
  context.fillRect(0, y, width, CORE_HEIGHT);
  context.fillStyle = colours.text;
  context.fillText(core.note === '' ? core.name : `${core.name} — ${core.note} core`, 6, y + CORE_HEIGHT / 2);
}

/** Rectangles by state, so that each colour is set once for a lane. */
const batches: number[][] = pipeStates.map(() => []);

function drawLane(
  context: CanvasRenderingContext2D,
  { width }: Size,
  colours: Colours,
  picture: Picture,
  lane: Lane,
  y: number,
  stripes: readonly (CanvasPattern | null)[],
): void {
  const { view } = picture;
  const pixels = Math.max(1, Math.floor(width - GUTTER));
  for (const batch of batches) batch.length = 0;
  const dense = isDense(lane, view.from, view.to, pixels);
  if (dense) drawDense(context, lane, view, { x: GUTTER, y: y + 1, width: pixels, height: LANE_HEIGHT - 2 }, colours);
  const labels = dense ? [] : collectSegments(lane, picture, width);
  const [top, height] = [y + 1, LANE_HEIGHT - 2];
  for (let state = 0; state < IDLE; state++) {
    const batch = batches[state] ?? [];
    if (batch.length === 0) continue;
    const colour = colours[stateColours[state] ?? 'faint'];
    const waiting = isWaiting(state);
    let style: string | CanvasPattern | null = null;
    for (let at = 0; at < batch.length; at += 4) {
      const [x, w, from, share] = [batch[at] ?? 0, batch[at + 1] ?? 0, batch[at + 2] ?? 0, batch[at + 3] ?? 1];
      const wanted = waiting && w > 8 ? (stripes[state] ?? colour) : colour;
      if (wanted !== style) context.fillStyle = style = wanted;
      const band = waiting ? height * 0.5 : height;
      context.fillRect(x, top + (height - band) / 2 + from * band, w, Math.max(0.5, share * band));
    }
  }
  context.fillStyle = colours.background;
  for (const { x, width: room, text } of labels) context.fillText(fitted(text, room), x + 3, y + LANE_HEIGHT / 2);
  drawLaneName(context, colours, lane, y);
}

function drawLaneName(context: CanvasRenderingContext2D, colours: Colours, lane: Lane, y: number): void {
  context.fillStyle = colours.background;
  context.fillRect(0, y, GUTTER, LANE_HEIGHT);
  context.fillStyle = colours.text;
  context.fillText(pipeNames[lane.pipe] ?? '', 12, y + LANE_HEIGHT / 2);
}

/** Segments as rectangles; those shorter than a pixel are drawn once for each pixel. */
function collectSegments(lane: Lane, picture: Picture, width: number): { x: number; width: number; text: string }[] {
  const { view, isShown } = picture;
  const labels: { x: number; width: number; text: string }[] = [];
  const row = picture.scene.rows.find((candidate) => candidate.kind === 'lane' && candidate.lane === lane);
  let drawn = -Infinity;
  for (let at = firstAfter(lane, view.from); at < lane.length && (lane.starts[at] ?? 0) < view.to; at++) {
    const left = Math.max(GUTTER, xOf(lane.starts[at] ?? 0, view, width));
    const right = Math.min(width, xOf(lane.ends[at] ?? 0, view, width));
    if (right < drawn + 0.75 && right - left < 0.75) continue;
    drawn = right;
    const instruction = lane.instructions[at] ?? 0;
    const share = isShown(instruction) ? 1 : 0.25;
    batches[lane.states[at] ?? 0]?.push(left, Math.max(0.75, right - left - (right - left > 4 ? 0.5 : 0)), 0, share);
    if (lane.states[at] === 0 && right - left > 30 && row !== undefined && lane.pipe !== 0)
      labels.push({ x: left, width: right - left, text: row.core.stream.text[instruction] ?? '' });
  }
  return labels;
}

const ADVANCE = 6.7;

function fitted(text: string, width: number): string {
  const room = Math.floor((width - 6) / ADVANCE);
  const mnemonic = text.split(' ', 1)[0] ?? text;
  const shown = text.length <= room ? text : mnemonic;
  return shown.length <= room ? shown : `${shown.slice(0, Math.max(1, room - 1))}…`;
}

const hatches = new WeakMap<Colours, readonly (CanvasPattern | null)[]>();

/** Stripes in the colour of each state in which a pipe waits; made once for a theme. */
function hatchesOf(context: CanvasRenderingContext2D, colours: Colours): readonly (CanvasPattern | null)[] {
  const known = hatches.get(colours) ?? madeHatches(context, colours);
  hatches.set(colours, known);
  return known;
}

function madeHatches(context: CanvasRenderingContext2D, colours: Colours): readonly (CanvasPattern | null)[] {
  return stateColours.map((name, state) => {
    if (!isWaiting(state)) return null;
    const tile = document.createElement('canvas');
    Object.assign(tile, { width: 6, height: 6 });
    const stripes = tile.getContext('2d');
    if (stripes === null) return null;
    stripes.strokeStyle = colours[name];
    stripes.lineWidth = 1.6;
    stripes.beginPath();
    for (const x of [-3, 3, 9]) {
      stripes.moveTo(x - 4, 7);
      stripes.lineTo(x + 4, -1);
    }
    stripes.stroke();
    return context.createPattern(tile, 'repeat');
  });
}

/** Cycles at which the axis has marks. */
function marksOf({ view }: Picture, { width }: Size): { readonly step: number; readonly cycles: readonly number[] } {
  const step = roundStep(((view.to - view.from) / TICKS) * (110 / Math.max(1, width - GUTTER)));
  const first = Math.ceil(view.from / TICKS / step);
  const count = Math.max(0, Math.floor(view.to / TICKS / step) - first + 1);
  return { step, cycles: Array.from({ length: count }, (_, index) => (first + index) * step) };
}

function drawGrid(context: CanvasRenderingContext2D, size: Size, colours: Colours, picture: Picture): void {
  context.fillStyle = colours.line;
  for (const cycle of marksOf(picture, size).cycles)
    context.fillRect(xOf(cycle * TICKS, picture.view, size.width), RULER_HEIGHT - 6, 1, size.height);
}

function drawRuler(context: CanvasRenderingContext2D, size: Size, colours: Colours, picture: Picture): void {
  const { view, megahertz } = picture;
  context.fillStyle = colours.background;
  context.fillRect(0, 0, size.width, RULER_HEIGHT);
  context.fillStyle = colours.line;
  context.fillRect(0, RULER_HEIGHT - 1, size.width, 1);
  const { step, cycles } = marksOf(picture, size);
  for (const cycle of cycles) {
    const x = xOf(cycle * TICKS, view, size.width);
    context.fillStyle = colours.line;
    context.fillRect(x, RULER_HEIGHT - 6, 1, 6);
    context.fillStyle = colours.faint;
    context.fillText(axisText(cycle, step, megahertz), x + 4, RULER_HEIGHT / 2);
  }
  context.fillStyle = colours.faint;
  context.fillText('cycles', 6, RULER_HEIGHT / 2);
}

const axisText = (cycle: number, step: number, megahertz: number): string => {
  const digits = step < 1 ? 2 : 0;
  return `${Number(cycle.toFixed(digits)).toLocaleString('en-US')} (${(cycle / megahertz).toFixed(step < megahertz / 50 ? 3 : 2)} us)`;
};

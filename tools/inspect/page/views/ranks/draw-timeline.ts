/** Draws what ranks do over time: a row for each rank, a lane for each stream, waiting hatched. */
import { rankStreams, type RankTrack } from '../../../report/index.ts';
import type { Size } from '../../shell/components/index.ts';
import type { ColourName, Colours } from '../../shell/theme.ts';
import { timeTicks, type TimeRange } from '../../shell/time-axis.ts';
import { ranksText, type SliceId, type TimelineModel } from './model.ts';

export const GUTTER = 108;
export const AXIS = 20;

export interface RowLayout {
  /** Height of a lane and of a row, and how far the rows are scrolled up, in pixels. */
  readonly lane: number;
  readonly row: number;
  readonly lift: number;
}

export function rowLayout({ rows, lanes }: TimelineModel, height: number, lift: number): RowLayout {
  const room = Math.max(40, height - AXIS);
  const lane = Math.max(5, Math.min(18, Math.floor((room / Math.max(1, rows.length) - 4) / lanes.length)));
  const row = Math.max(15, lane * lanes.length + 4);
  return { lane, row, lift: Math.max(0, Math.min(lift, rows.length * row - room)) };
}

export interface TimelineDrawing {
  readonly model: TimelineModel;
  readonly range: TimeRange;
  readonly layout: RowLayout;
  readonly hovered: SliceId | null;
  readonly chosen: SliceId | null;
  readonly isShown: (place: number) => boolean;
  /** Whether all but the critical path is faint. */
  readonly isPathShown: boolean;
}

const communicationColours: readonly ColourName[] = ['series-1', 'series-2', 'series-4', 'series-7'];
const launchColours: readonly ColourName[] = ['series-1', 'series-3', 'series-5', 'series-6', 'series-8'];

export const sliceColour = ({ stream, label }: RankTrack, slice: number): ColourName => {
  const lane = stream[slice] ?? 0;
  const names = lane === 0 ? launchColours : communicationColours;
  return names[lane === 0 ? (label[slice] ?? 0) % names.length : lane] ?? 'series-8';
};

/** The slice at a time in a lane of a row; -1 when there is none. Lanes hold few overlapping slices, so the last to begin wins. */
export function sliceAt({ stream, start, duration }: RankTrack, lane: number, time: number, slack: number): number {
  let found = -1;
  for (let slice = 0; slice < stream.length; slice += 1) {
    const begin = start[slice] ?? 0;
    if (stream[slice] === lane && begin - slack <= time && begin + (duration[slice] ?? 0) + slack >= time)
      found = slice;
  }
  return found;
}

export function drawTimeline(
  context: CanvasRenderingContext2D,
  size: Size,
  colours: Colours,
  drawing: TimelineDrawing,
): void {
  const { model, range, layout } = drawing;
  const x = (time: number): number =>
    GUTTER + ((time - range.begin) / (range.end - range.begin)) * (size.width - GUTTER);
  context.font = '11px system-ui';
  for (let row = Math.floor(layout.lift / layout.row); row < model.rows.length; row += 1) {
    const y = AXIS + row * layout.row - layout.lift;
    if (y > size.height) break;
    drawRow(context, size, colours, drawing, { row, y, x });
  }
  drawMeeting(context, colours, drawing, x);
  context.fillStyle = colours.background;
  context.fillRect(0, 0, size.width, AXIS);
  context.fillStyle = colours.faint;
  context.textAlign = 'left';
  for (const { at, text } of timeTicks(range, size.width - GUTTER, 1e-9)) {
    context.fillRect(x(at), AXIS - 5, 1, 5);
    context.fillText(text, x(at) + 3, 12);
  }
}

interface Row {
  readonly row: number;
  readonly y: number;
  readonly x: (time: number) => number;
}

function drawRow(
  context: CanvasRenderingContext2D,
  size: Size,
  colours: Colours,
  { model, layout, range, isShown, isPathShown }: TimelineDrawing,
  { row, y, x }: Row,
): void {
  const shown = model.rows[row];
  if (shown === undefined) return;
  const { track, ranks } = shown;
  // Slices of a lane that fall on one pixel are drawn once.
  const drawnTo = rankStreams.map(() => -1);
  for (let slice = 0; slice < track.stream.length; slice += 1) {
    const begin = track.start[slice] ?? 0;
    const end = begin + (track.duration[slice] ?? 0);
    const waited = track.waited[slice] ?? 0;
    if (end < range.begin || begin - waited > range.end) continue;
    const stream = track.stream[slice] ?? 0;
    const top = y + 1 + model.lanes.indexOf(stream) * layout.lane;
    const left = Math.max(GUTTER, x(begin));
    const right = Math.min(size.width, Math.max(x(end), left + 0.7));
    if (waited > 0)
      drawWaiting(context, colours, {
        left: Math.max(GUTTER, x(begin - waited)),
        right: left,
        top,
        height: layout.lane - 1,
      });
    if (right <= (drawnTo[stream] ?? -1)) continue;
    drawnTo[stream] = right < left + 1 ? right : -1;
    const isCritical = model.isCritical(row, slice);
    context.globalAlpha = !isShown(track.place[slice] ?? 0) ? 0.15 : isPathShown && !isCritical ? 0.25 : 1;
    context.fillStyle = colours[sliceColour(track, slice)];
    const width = right - left > 3 ? right - left - 0.5 : right - left;
    context.fillRect(left, top, width, layout.lane - 1);
    if (isPathShown && isCritical && width > 2) {
      context.fillStyle = colours.text;
      context.fillRect(left, top + layout.lane - 3, width, 2);
    }
  }
  context.globalAlpha = 1;
  context.fillStyle = colours.background;
  context.fillRect(0, y, GUTTER, layout.row);
  context.fillStyle = colours.line;
  context.fillRect(0, y + layout.row - 1, size.width, 1);
  context.fillStyle = colours.text;
  context.textAlign = 'right';
  const count = ranks.length > 1 ? ` × ${ranks.length}` : '';
  context.fillText(`rank ${ranksText(ranks)}${count}`, GUTTER - 6, y + Math.min(layout.row / 2 + 4, 14), GUTTER - 8);
}

interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly height: number;
}

/** A thin frame with a line through it: ready, but waiting for another rank. */
function drawWaiting(context: CanvasRenderingContext2D, colours: Colours, { left, right, top, height }: Area): void {
  if (right - left < 1) return;
  context.globalAlpha = 0.18;
  context.fillStyle = colours.bad;
  context.fillRect(left, top, right - left, height);
  context.globalAlpha = 0.8;
  context.fillRect(left, top + height / 2, right - left, 1);
  context.globalAlpha = 1;
}

/** Frames the hovered and the chosen slice, and joins those that meet in it. */
function drawMeeting(
  context: CanvasRenderingContext2D,
  colours: Colours,
  drawing: TimelineDrawing,
  x: (time: number) => number,
): void {
  const { model, layout, hovered, chosen } = drawing;
  for (const id of [chosen, hovered]) {
    if (id === null) continue;
    const meeting = model.meetingOf(id);
    const members = meeting < 0 ? [id] : model.membersOf(meeting);
    context.strokeStyle = id === chosen ? colours.accent : colours.text;
    context.lineWidth = 1.5;
    const middles: (readonly [number, number])[] = [];
    for (const member of members) {
      const row = model.rowOf[member.rank] ?? 0;
      const track = model.rows[row]?.track;
      if (track === undefined) continue;
      const begin = track.start[member.slice] ?? 0;
      const [left, right] = [Math.max(GUTTER, x(begin)), x(begin + (track.duration[member.slice] ?? 0))];
      const lane = model.lanes.indexOf(track.stream[member.slice] ?? 0);
      const top = AXIS + row * layout.row - layout.lift + 1 + lane * layout.lane;
      if (right < GUTTER) continue;
      context.strokeRect(left, top, Math.max(1, right - left), layout.lane - 1);
      middles.push([(left + right) / 2, top + layout.lane / 2]);
    }
    context.globalAlpha = 0.6;
    context.beginPath();
    middles.forEach(([across, down], at) => (at === 0 ? context.moveTo(across, down) : context.lineTo(across, down)));
    context.stroke();
    context.globalAlpha = 1;
  }
}

/** Draws the on-chip buffers of a kernel: a strip for each memory, addresses over the instructions of the stream. */
import { formatBytes, formatPercent, type OnChipBuffer, type SpaceUse } from '../../../report/index.ts';
import type { Size } from '../../shell/components/index.ts';
import type { Colours } from '../../shell/theme.ts';
import { seriesColour } from './draw-map.ts';
import { ticks, toX, toY, type Box, type Viewport } from './viewport.ts';

export interface ChipScene {
  readonly uses: readonly SpaceUse[];
  /** Instructions on screen. */
  readonly from: number;
  readonly to: number;
  /** Whether each memory is drawn up to its capacity, or up to what is used of it. */
  readonly isWhole: boolean;
  readonly isMatch: (buffer: OnChipBuffer) => boolean;
}

/** One memory's strip. */
export interface Strip {
  readonly use: SpaceUse;
  readonly box: Box;
  readonly view: Viewport;
}

const LEFT = 74;
const RIGHT = 8;
const TITLE = 17;
const AXIS = 18;

export function stripsOf({ width, height }: Size, { uses, from, to, isWhole }: ChipScene): readonly Strip[] {
  const each = Math.max(30, (height - AXIS) / Math.max(1, uses.length));
  return uses.map((use, number) => ({
    use,
    box: { left: LEFT, top: number * each + TITLE, width: Math.max(1, width - LEFT - RIGHT), height: each - TITLE - 4 },
    view: { x0: from, x1: to, y0: 0, y1: isWhole ? use.capacityBytes : use.peakBytes },
  }));
}

export function boxOfBuffer(buffer: OnChipBuffer, { box, view }: Strip): Box {
  const [first, last] = buffer.live;
  const left = toX(first, view, box);
  const top = toY(buffer.address + buffer.bytes * buffer.copies, view, box);
  return {
    ...{ left, top },
    width: Math.max(2, toX(last + 1, view, box) - left),
    height: Math.max(1.5, toY(buffer.address, view, box) - top),
  };
}

type Context = CanvasRenderingContext2D;

export function drawChip(context: Context, size: Size, colours: Colours, scene: ChipScene): void {
  context.font = '11px system-ui, "DejaVu Sans", sans-serif';
  context.textBaseline = 'middle';
  const strips = stripsOf(size, scene);
  for (const strip of strips) drawStrip(context, colours, strip, scene);
  const last = strips.at(-1);
  if (last === undefined) return;
  context.fillStyle = colours.faint;
  context.textAlign = 'center';
  for (const value of ticks(scene.from, scene.to, last.box.width / 90, false)) {
    if (!Number.isInteger(value)) continue;
    context.fillText(String(value), toX(value, last.view, last.box), last.box.top + last.box.height + AXIS / 2 + 2);
  }
  context.textAlign = 'left';
}

function drawStrip(context: Context, colours: Colours, strip: Strip, scene: ChipScene): void {
  const { box, use, view } = strip;
  context.fillStyle = colours.text;
  context.textAlign = 'left';
  const share = formatPercent(use.peakBytes / use.capacityBytes);
  context.fillText(
    `${use.space.toUpperCase()}  ${formatBytes(use.peakBytes)} of ${formatBytes(use.capacityBytes)} (${share})`,
    box.left,
    box.top - TITLE / 2,
  );
  context.fillStyle = colours.sunken;
  context.fillRect(box.left, box.top, box.width, box.height);
  context.fillStyle = colours.faint;
  context.textAlign = 'right';
  for (const value of ticks(0, view.y1, box.height / 28, true))
    context.fillText(formatBytes(value), box.left - 6, Math.max(box.top + 5, toY(value, view, box)));
  context.textAlign = 'left';
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  use.buffers.forEach((buffer, number) => drawBuffer(context, colours, buffer, number, strip, scene));
  context.restore();
}

function drawBuffer(
  context: Context,
  colours: Colours,
  buffer: OnChipBuffer,
  number: number,
  strip: Strip,
  { isMatch }: ChipScene,
): void {
  const { left, top, width, height } = boxOfBuffer(buffer, strip);
  const match = isMatch(buffer);
  context.globalAlpha = match ? 0.85 : 0.15;
  context.fillStyle = seriesColour(colours, (number % 8) + 1);
  context.fillRect(left, top, width - 1, height > 4 ? height - 1 : height);
  context.globalAlpha = 1;
  context.strokeStyle = colours.background;
  for (let copy = 1; copy < buffer.copies; copy++) {
    const y = Math.round(top + (height * copy) / buffer.copies) + 0.5;
    context.beginPath();
    context.setLineDash([3, 2]);
    context.moveTo(left, y);
    context.lineTo(left + width, y);
    context.stroke();
    context.setLineDash([]);
  }
  const text = chipTitle(buffer);
  if (!match || height / buffer.copies < 12 || width < text.length * 6 + 8) return;
  context.fillStyle = colours.background;
  context.fillText(text, Math.max(left, strip.box.left) + 4, top + height / buffer.copies / 2);
}

/** What a buffer holds, as far as its instructions tell. */
export const chipTitle = ({ bytes, copies, writers }: OnChipBuffer): string =>
  `${formatBytes(bytes)}${copies > 1 ? ` ×${copies}` : ''} ${writers[0] ?? ''}`.trimEnd();

/** Outlines of the chosen buffer, and of others: those that share its bytes, and the one under the pointer. */
export function drawChipMarks(
  context: Context,
  size: Size,
  colours: Colours,
  scene: ChipScene,
  marks: { readonly chosen: OnChipBuffer | null; readonly others: readonly OnChipBuffer[] },
): void {
  context.strokeStyle = colours.text;
  for (const strip of stripsOf(size, scene))
    for (const buffer of strip.use.buffers) {
      if (buffer !== marks.chosen && !marks.others.includes(buffer)) continue;
      const { left, top, width, height } = boxOfBuffer(buffer, strip);
      context.lineWidth = buffer === marks.chosen ? 2 : 1;
      context.setLineDash(buffer === marks.chosen ? [] : [3, 3]);
      context.strokeRect(left, top, width, height);
    }
  context.lineWidth = 1;
  context.setLineDash([]);
}

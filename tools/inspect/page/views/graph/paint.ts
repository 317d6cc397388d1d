/** Draws a scene on a canvas: only what is on screen, and only as much of it as can be read. */
import { groupOf, kindOf, labelOf, shortType } from '../../../report/index.ts';
import type { Size } from '../../shell/components/index.ts';
import type { Colours } from '../../shell/theme.ts';
import type { Camera } from './camera.ts';
import type { Highlight } from './highlight.ts';
import { lineKey } from './highlight.ts';
import type { Look } from './look.ts';
import type { Model } from './model.ts';
import { type Box, contents, HEADER, type Line, type Scene, subtitle } from './scene.ts';

export interface Painting {
  readonly model: Model;
  readonly scene: Scene;
  readonly camera: Camera;
  readonly look: Look;
  /** Extra text of a group, such as its cost or changes. */
  readonly note: (item: number) => string;
  /** Whether an item has something that passes the filter. */
  readonly isShown: (item: number) => boolean;
  readonly highlight: Highlight;
  readonly chosen: number | null;
  readonly hovered: number | null;
  readonly found: ReadonlySet<number>;
}

export const FONT = '12px system-ui, "Segoe UI", "DejaVu Sans", sans-serif';
const SHAPE_FONT = '10px system-ui, "Segoe UI", "DejaVu Sans", sans-serif';
const SMALL_FONT = '11px system-ui, "Segoe UI", "DejaVu Sans", sans-serif';

/** Below these scales texts cannot be read. */
const TEXT_SCALE = 0.45;
const SHAPE_SCALE = 0.75;
const FAINT = 0.25;
/** Boxes smaller than that on screen are not drawn one by one. */
const LEAST_PIXELS = 1.5;

export function paint(context: CanvasRenderingContext2D, size: Size, colours: Colours, painting: Painting): void {
  new Painter(context, size, colours, painting).run();
}

class Painter {
  readonly #context: CanvasRenderingContext2D;
  readonly #size: Size;
  readonly #colours: Colours;
  readonly #painting: Painting;

  constructor(context: CanvasRenderingContext2D, size: Size, colours: Colours, painting: Painting) {
    this.#context = context;
    this.#size = size;
    this.#colours = colours;
    this.#painting = painting;
  }

  run(): void {
    const { camera, scene } = this.#painting;
    const context = this.#context;
    context.save();
    context.scale(camera.scale, camera.scale);
    context.translate(-camera.x, -camera.y);
    context.lineJoin = 'round';
    const boxes = scene.boxes.filter((box) => this.#isOnScreen(box.x, box.y, box.x + box.width, box.y + box.height));
    const lines = scene.lines.filter((line) => this.#isOnScreen(line.left, line.top, line.right, line.bottom));
    for (const box of boxes) if (box.isOpen) this.#openBox(box);
    this.#lines(lines);
    for (const box of boxes) if (box.isOpen) this.#title(box);
    for (const box of boxes) if (!box.isOpen) this.#closedBox(box);
    for (const box of boxes) this.#outline(box);
    if (camera.scale >= SHAPE_SCALE) this.#shapes(lines, false);
    if (camera.scale >= TEXT_SCALE) this.#shapes(lines, true);
    context.restore();
  }

  #isOnScreen(left: number, top: number, right: number, bottom: number): boolean {
    const { x, y, scale } = this.#painting.camera;
    if (right < x || bottom < y) return false;
    if (Math.max(right - left, bottom - top) * scale < LEAST_PIXELS) return false;
    return left < x + this.#size.width / scale && top < y + this.#size.height / scale;
  }

  #fade(item: number): void {
    this.#context.globalAlpha = this.#painting.isShown(item) ? 1 : FAINT;
  }

  #rectangle({ x, y, width, height }: Box, radius: number): void {
    this.#context.beginPath();
    this.#context.roundRect(x, y, width, height, radius);
  }

  #openBox(box: Box): void {
    const context = this.#context;
    const { model } = this.#painting;
    if (box.depth === 0) return;
    this.#fade(box.item);
    this.#rectangle(box, 6);
    context.fillStyle = box.depth % 2 === 1 ? this.#colours.raised : this.#colours.background;
    context.fill();
    context.strokeStyle = this.#colours.line;
    context.lineWidth = 1;
    if (groupOf(model.tree, box.item)?.kind === 'fused') context.setLineDash([5, 3]);
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  /** Above the lines that go through it. */
  #title(box: Box): void {
    const context = this.#context;
    const { model, camera } = this.#painting;
    if (box.depth === 0 || camera.scale < TEXT_SCALE) return;
    this.#fade(box.item);
    const room = box.width - 16;
    const end = this.#text(`▾ ${labelOf(model.tree, box.item)}`, box.x + 8, box.y + 16, FONT, this.#colours.text, room);
    this.#text(this.#second(box.item), box.x + 14 + end, box.y + 16, SMALL_FONT, this.#colours.faint, room - end - 6);
    context.globalAlpha = 1;
  }

  /** With an extra figure the class has to go. */
  #second(item: number): string {
    const { model } = this.#painting;
    const note = this.#painting.note(item);
    return note === '' ? subtitle(model, item) : `${contents(model, item)} · ${note}`;
  }

  #closedBox(box: Box): void {
    const context = this.#context;
    const { model, look, camera } = this.#painting;
    const group = groupOf(model.tree, box.item);
    const isOp = group === null && kindOf(model.graph, box.item) === 'op';
    this.#fade(box.item);
    this.#rectangle(box, group === null && !isOp ? box.height / 2 : 4);
    context.fillStyle = group === null ? this.#colours.background : this.#colours.raised;
    context.fill();
    const tint = look.tint(box.item);
    if (tint !== null) {
      const { globalAlpha } = context;
      context.globalAlpha = globalAlpha * tint.strength;
      context.fillStyle = this.#colours[tint.colour];
      context.fill();
      context.globalAlpha = globalAlpha;
    }
    context.strokeStyle = group === null ? this.#colours.line : this.#colours.faint;
    context.lineWidth = 1;
    if (group?.kind === 'fused') context.setLineDash([5, 3]);
    context.stroke();
    context.setLineDash([]);
    if (camera.scale >= TEXT_SCALE) this.#labels(box, group !== null, tint === null);
    context.globalAlpha = 1;
  }

  #labels(box: Box, isGroup: boolean, isPlain: boolean): void {
    const { model } = this.#painting;
    const label = labelOf(model.tree, box.item);
    if (!isGroup) {
      this.#centred(label, box, box.y + box.height / 2 + 4, FONT, this.#colours.text);
      return;
    }
    this.#centred(`▸ ${label}`, box, box.y + 17, FONT, this.#colours.text);
    this.#centred(
      this.#second(box.item),
      box,
      box.y + 33,
      SMALL_FONT,
      isPlain ? this.#colours.faint : this.#colours.text,
    );
  }

  #centred(text: string, box: Box, y: number, font: string, colour: string): void {
    this.#context.textAlign = 'center';
    this.#text(text, box.x + box.width / 2, y, font, colour, box.width - 8);
    this.#context.textAlign = 'left';
  }

  /** Returns the width. Text that does not fit is cut. */
  #text(text: string, x: number, y: number, font: string, colour: string, room: number): number {
    const context = this.#context;
    context.font = font;
    context.fillStyle = colour;
    const width = context.measureText(text).width;
    const fitting =
      width <= room ? text : `${text.slice(0, Math.max(0, Math.floor((text.length * room) / width) - 1))}…`;
    if (room > 12) context.fillText(fitting, x, y);
    return Math.min(width, Math.max(0, room));
  }

  #lines(lines: readonly Line[]): void {
    const { highlight } = this.#painting;
    for (const line of lines) {
      const role = highlight.lines.get(lineKey(line.group, line.flow));
      const context = this.#context;
      context.globalAlpha = role === undefined && highlight.lines.size > 0 ? 0.35 : this.#lineAlpha(line);
      context.strokeStyle =
        role === 'in' ? this.#colours.accent : role === 'out' ? this.#colours['series-2'] : this.#colours.faint;
      context.lineWidth = (role === undefined ? 1 : 2) + Math.min(2, Math.log2(line.flow.count) / 2);
      this.#curve(line);
      context.globalAlpha = 1;
    }
  }

  #lineAlpha({ flow: { from, to } }: Line): number {
    const { isShown } = this.#painting;
    return (from < 0 || isShown(from)) && (to < 0 || isShown(to)) ? 0.8 : FAINT;
  }

  #curve({ points, hasHead }: Line): void {
    const context = this.#context;
    const last = points.length - 2;
    context.beginPath();
    context.moveTo(points[0] ?? 0, points[1] ?? 0);
    for (let at = 2; at < last; at += 2) {
      const [x = 0, y = 0, nextX = 0, nextY = 0] = points.slice(at, at + 4);
      context.quadraticCurveTo(
        x,
        y,
        at + 2 === last ? nextX : (x + nextX) / 2,
        at + 2 === last ? nextY : (y + nextY) / 2,
      );
    }
    if (points.length === 4) context.lineTo(points[2] ?? 0, points[3] ?? 0);
    context.stroke();
    if (hasHead && this.#painting.camera.scale > 0.3) this.#head(points);
  }

  #head(points: readonly number[]): void {
    const context = this.#context;
    const [fromX = 0, fromY = 0, x = 0, y = 0] = points.slice(-4);
    const angle = Math.atan2(y - fromY, x - fromX);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x - 7 * Math.cos(angle - 0.4), y - 7 * Math.sin(angle - 0.4));
    context.lineTo(x - 7 * Math.cos(angle + 0.4), y - 7 * Math.sin(angle + 0.4));
    context.closePath();
    context.fillStyle = context.strokeStyle;
    context.fill();
  }

  /** A frame around what is chosen, pointed at, found or next to it. */
  #outline(box: Box): void {
    const { chosen, hovered, found, highlight } = this.#painting;
    const context = this.#context;
    const role = highlight.items.get(box.item);
    const isChosen = box.item === chosen;
    if (!isChosen && box.item !== hovered && role === undefined && !found.has(box.item)) return;
    if (box.depth === 0) return;
    context.strokeStyle = isChosen
      ? this.#colours.accent
      : role === 'out'
        ? this.#colours['series-2']
        : found.has(box.item) && role === undefined
          ? this.#colours.warn
          : this.#colours.accent;
    context.lineWidth = Math.min(4, (isChosen ? 2.5 : 1.5) / Math.min(1, this.#painting.camera.scale));
    this.#rectangle(box, 5);
    context.stroke();
  }

  /** Shapes beside the lines, none over another. */
  #shapes(lines: readonly Line[], onlyHighlighted: boolean): void {
    const { highlight, model } = this.#painting;
    const context = this.#context;
    context.font = SHAPE_FONT;
    context.textAlign = 'center';
    const taken: [number, number, number][] = [];
    for (const line of lines) {
      const isMarked = highlight.lines.has(lineKey(line.group, line.flow));
      if (isMarked !== onlyHighlighted || !(line.hasHead || line.flow.to < 0)) continue;
      const text = flowText(model, line);
      const [x, y] = middleOf(line.points);
      const half = context.measureText(text).width / 2 + 2;
      const isTaken = taken.some(
        ([otherX, otherY, other]) => Math.abs(x - otherX) < half + other && Math.abs(y - otherY) < 13,
      );
      if (isTaken) continue;
      taken.push([x, y, half]);
      context.globalAlpha = 0.85;
      context.fillStyle = this.#colours.background;
      context.fillRect(x - half, y - 6, 2 * half, 12);
      context.globalAlpha = 1;
      context.fillStyle = isMarked ? this.#colours.text : this.#colours.faint;
      context.fillText(text, x, y + 4);
    }
    context.textAlign = 'left';
  }
}

/** `1x64x56x56xf32`, `3 tensors`, `2 × 4xf32`. */
export function flowText({ graph }: Model, { flow: { type, count } }: Pick<Line, 'flow'>): string {
  if (type < 0) return `${count} tensors`;
  const text = shortType(graph.strings[type] ?? '');
  return count === 1 ? text : `${count} × ${text}`;
}

function middleOf(points: readonly number[]): readonly [number, number] {
  const at = Math.floor((points.length / 2 - 1) / 2) * 2;
  const [x = 0, y = 0, nextX = x, nextY = y] = points.slice(at, at + 4);
  return [(x + nextX) / 2, (y + nextY) / 2];
}

/** What is drawn at a point of the picture: the innermost box. */
export function boxAt({ boxes }: Scene, x: number, y: number): Box | null {
  return boxes.findLast((box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height) ?? null;
}

/** Whether a point is on the title of a group, which folds and unfolds it. */
export const isTitle = (box: Box, y: number): boolean => !box.isOpen || y <= box.y + HEADER;

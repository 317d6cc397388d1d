/** Draws the map of GM (address over steps) and below it the curve of live bytes. */
import { formatBytes, formatSeconds } from '../../../report/index.ts';
import type { Size } from '../../shell/components/index.ts';
import type { Colours } from '../../shell/theme.ts';
import type { Groups, Model, Row } from './model.ts';
import type { Box, Viewport } from './viewport.ts';
import { ticks, toX, toY } from './viewport.ts';

export interface Scene {
  readonly model: Model;
  readonly groups: Groups;
  /** Where steps begin along x. */
  readonly edges: Float64Array;
  readonly isTime: boolean;
  readonly view: Viewport;
  /** Rows in the order in which they are drawn. */
  readonly painted: readonly PaintedRows[];
}

/** Rows of one colour: changing the fill is what costs. */
export interface PaintedRows {
  readonly group: number;
  /** Whether the filter passes them; others are drawn faintly. */
  readonly isMatch: boolean;
  readonly rows: readonly Row[];
}

export function paintedRows(
  { rows }: Model,
  { names, of }: Groups,
  isMatch: (row: Row) => boolean,
): readonly PaintedRows[] {
  const faint = names.map((): Row[] => []);
  const full = names.map((): Row[] => []);
  for (const row of rows) (isMatch(row) ? full : faint)[of[row.number]]?.push(row);
  return [
    ...faint.map((own, group) => ({ group, isMatch: false, rows: own })),
    ...full.map((own, group) => ({ group, isMatch: true, rows: own })),
  ];
}

/** What is drawn over the map and changes with the pointer. */
export interface Marks {
  readonly hovered: Row | null;
  readonly chosen: Row | null;
  readonly neighbours: readonly Row[];
  readonly step: number;
}

/** The areas of the canvas. */
export interface Areas {
  readonly map: Box;
  readonly curve: Box;
}

const LEFT = 74;
const RIGHT = 8;
const AXIS = 18;

export function areasOf({ width, height }: Size): Areas {
  const inner = Math.max(1, width - LEFT - RIGHT);
  const curveHeight = Math.max(40, Math.round(height * 0.24));
  const mapHeight = Math.max(20, height - curveHeight - AXIS - 14);
  return {
    map: { left: LEFT, top: 6, width: inner, height: mapHeight },
    curve: { left: LEFT, top: 6 + mapHeight + AXIS, width: inner, height: curveHeight },
  };
}

type Context = CanvasRenderingContext2D;

export function drawMap(context: Context, size: Size, colours: Colours, scene: Scene): void {
  const areas = areasOf(size);
  context.font = '11px system-ui, "DejaVu Sans", sans-serif';
  context.textBaseline = 'middle';
  frame(context, areas.map, colours);
  frame(context, areas.curve, colours);
  drawAxes(context, areas, colours, scene);
  clipped(context, areas.map, () => {
    drawBuffers(context, areas.map, colours, scene);
    drawPhases(context, areas.map, colours, scene);
  });
  clipped(context, areas.curve, () => drawCurve(context, areas.curve, colours, scene));
}

function frame(context: Context, { left, top, width, height }: Box, colours: Colours): void {
  context.fillStyle = colours.sunken;
  context.fillRect(left, top, width, height);
}

function clipped(context: Context, { left, top, width, height }: Box, draw: () => void): void {
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  draw();
  context.restore();
}

function drawAxes(context: Context, { map, curve }: Areas, colours: Colours, { view, isTime, model }: Scene): void {
  context.fillStyle = colours.faint;
  context.strokeStyle = colours.line;
  context.textAlign = 'right';
  for (const value of ticks(view.y0, view.y1, map.height / 34, true)) {
    const y = toY(value, view, map);
    context.fillText(formatBytes(value), map.left - 6, Math.max(map.top + 6, y));
    line(context, map.left, y, map.left + map.width, y);
  }
  context.textAlign = 'center';
  for (const value of ticks(view.x0, view.x1, map.width / 90, false)) {
    if (!isTime && !Number.isInteger(value)) continue;
    const x = toX(value, view, map);
    // Sums of steps of a tick are a little beside it.
    const text = isTime ? formatSeconds(Number((value * 1e-6).toPrecision(9))) : String(value);
    context.fillText(text, Math.min(x, map.left + map.width - 16), map.top + map.height + AXIS / 2);
    line(context, x, map.top + map.height, x, map.top + map.height + 3);
  }
  context.textAlign = 'right';
  const scale = curveView(view, model);
  for (const value of ticks(scale.y0, scale.y1, curve.height / 24, true))
    context.fillText(formatBytes(value), curve.left - 6, Math.max(curve.top + 6, toY(value, scale, curve)));
  context.textAlign = 'left';
}

function line(context: Context, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, Math.round(y0) + 0.5);
  context.lineTo(x1, Math.round(y1) + 0.5);
  context.stroke();
}

/** The rectangle of a row on screen, or null when it is out of sight. */
export function boxOf(
  row: Pick<Row, 'first' | 'last'> & { readonly buffer: { readonly address: number; readonly reservedBytes: number } },
  { edges, view }: Pick<Scene, 'edges' | 'view'>,
  area: Box,
): Box | null {
  const [x0, x1] = [edges[row.first], edges[row.last + 1]];
  const [y0, y1] = [row.buffer.address, row.buffer.address + row.buffer.reservedBytes];
  if (x1 < view.x0 || x0 > view.x1 || y1 < view.y0 || y0 > view.y1) return null;
  const left = Math.max(area.left - 2, toX(x0, view, area));
  const right = Math.min(area.left + area.width + 2, toX(x1, view, area));
  const top = Math.max(area.top - 2, toY(y1, view, area));
  const bottom = Math.min(area.top + area.height + 2, toY(y0, view, area));
  return { left, top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

function drawBuffers(context: Context, area: Box, colours: Colours, scene: Scene): void {
  const { groups, painted } = scene;
  const labelled: (readonly [Row, Box])[] = [];
  for (const { rows, group, isMatch } of painted) {
    context.globalAlpha = isMatch ? 0.85 : 0.12;
    context.fillStyle = seriesColour(colours, groups.series[group]);
    for (const row of rows) {
      const box = boxOf(row, scene, area);
      if (box === null) continue;
      // A pixel is left free between neighbours.
      const [right, below] = [box.width > 4 ? 1 : 0, box.height > 4 ? 1 : 0];
      context.fillRect(box.left, box.top, box.width - right, box.height - below);
      if (isMatch && box.width > 46 && box.height > 12) labelled.push([row, box]);
    }
  }
  context.globalAlpha = 1;
  context.fillStyle = colours.background;
  for (const [row, box] of labelled) label(context, row, box, area);
}

export const seriesColour = (colours: Colours, series: number): string =>
  // Series are numbered from 1 to 8 in the names of the colours.
  colours[`series-${series}` as keyof Colours];

function label(context: Context, { title, buffer }: Row, box: Box, area: Box): void {
  const left = Math.max(box.left, area.left) + 4;
  const room = Math.min(box.left + box.width, area.left + area.width) - left - 4;
  const text = `${title}  ${formatBytes(buffer.reservedBytes)}`;
  // 6 pixels a letter, about.
  const fitting = text.length * 6 <= room ? text : `${text.slice(0, Math.max(0, Math.floor(room / 6) - 1))}…`;
  if (fitting.length < 4) return;
  const middle = Math.min(Math.max(box.top + box.height / 2, area.top + 7), area.top + area.height - 7);
  context.fillText(fitting, left, middle);
}

/** The border between what is prepared once and what runs for every call. */
function drawPhases(context: Context, area: Box, colours: Colours, { model, edges, view }: Scene): void {
  const first = model.device.steps.findIndex(({ phase }) => phase === 'main');
  if (first <= 0) return;
  const x = toX(edges[first], view, area);
  context.strokeStyle = colours.faint;
  context.setLineDash([4, 3]);
  context.beginPath();
  context.moveTo(Math.round(x) + 0.5, area.top);
  context.lineTo(Math.round(x) + 0.5, area.top + area.height);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = colours.faint;
  context.textAlign = 'right';
  if (x > area.left + 50) context.fillText('prepare', x - 4, area.top + 8);
  context.textAlign = 'left';
  context.fillText('main', x + 4, area.top + 8);
}

/** The curve is as wide as the map, and as high as what the program takes. */
export function curveView(view: Viewport, { figures }: Model): Viewport {
  // Looking at the arena: what is kept is below both.
  const y0 = view.y0 >= figures.keptBytes && figures.arenaBytes > 0 ? figures.keptBytes : 0;
  return { ...view, y0, y1: y0 + Math.max(1, (figures.gmBytes - y0) * 1.06) };
}

function drawCurve(context: Context, area: Box, colours: Colours, { model, edges, view }: Scene): void {
  const scale = curveView(view, model);
  const { live, extent } = model.curve;
  steps(context, extent, edges, scale, area);
  context.globalAlpha = 0.3;
  context.fillStyle = colours.warn;
  context.fill();
  context.globalAlpha = 1;
  steps(context, live, edges, scale, area);
  context.fillStyle = colours.background;
  context.fill();
  context.globalAlpha = 0.55;
  context.fillStyle = colours.accent;
  context.fill();
  context.globalAlpha = 1;
  drawPeak(context, area, colours, model, edges, scale);
}

/** A closed path of a value for each step. */
function steps(context: Context, values: Float64Array, edges: Float64Array, view: Viewport, area: Box): void {
  const bottom = toY(view.y0, view, area);
  context.beginPath();
  context.moveTo(toX(edges[0], view, area), bottom);
  values.forEach((value, step) => {
    const y = toY(value, view, area);
    context.lineTo(toX(edges[step], view, area), y);
    context.lineTo(toX(edges[step + 1], view, area), y);
  });
  context.lineTo(toX(edges[values.length], view, area), bottom);
  context.closePath();
}

function drawPeak(
  context: Context,
  area: Box,
  colours: Colours,
  { figures }: Model,
  edges: Float64Array,
  view: Viewport,
): void {
  context.strokeStyle = colours.bad;
  context.setLineDash([2, 3]);
  const y = toY(figures.peakBytes, view, area);
  line(context, area.left, y, area.left + area.width, y);
  context.setLineDash([]);
  const x = toX((edges[figures.peakStep] + edges[figures.peakStep + 1]) / 2, view, area);
  context.fillStyle = colours.bad;
  context.beginPath();
  context.arc(x, y, 3.5, 0, 2 * Math.PI);
  context.fill();
  const text = `peak ${formatBytes(figures.peakBytes)}`;
  const isLeft = x > area.left + area.width - 110;
  context.textAlign = isLeft ? 'right' : 'left';
  context.fillText(text, x + (isLeft ? -7 : 7), Math.max(area.top + 7, y + 9));
  context.textAlign = 'left';
}

/** The pointer's marks, on a canvas of their own so that the map need not be drawn again. */
export function drawMarks(context: Context, size: Size, colours: Colours, scene: Scene, marks: Marks): void {
  const { map, curve } = areasOf(size);
  const { edges, view } = scene;
  const x = toX((edges[marks.step] + edges[marks.step + 1]) / 2, view, map);
  if (x >= map.left && x <= map.left + map.width) {
    context.strokeStyle = colours.text;
    context.globalAlpha = 0.6;
    context.beginPath();
    context.moveTo(x, map.top);
    context.lineTo(x, map.top + map.height);
    context.moveTo(x, curve.top);
    context.lineTo(x, curve.top + curve.height);
    context.stroke();
    context.globalAlpha = 1;
  }
  clipped(context, map, () => {
    context.lineWidth = 1;
    context.strokeStyle = colours.text;
    context.setLineDash([3, 3]);
    for (const row of marks.neighbours) outline(context, row, scene, map);
    context.setLineDash([]);
    if (marks.hovered !== null) outline(context, marks.hovered, scene, map);
    context.lineWidth = 2;
    if (marks.chosen !== null) outline(context, marks.chosen, scene, map);
    context.lineWidth = 1;
  });
}

function outline(context: Context, row: Row, scene: Scene, area: Box): void {
  const box = boxOf(row, scene, area);
  if (box !== null) context.strokeRect(box.left, box.top, box.width, box.height);
}

/** The map of GM with its curve: zoom with the wheel, pan by dragging, a click chooses, keys move the cursor. */
import type { TargetedPointerEvent } from 'preact';
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import { neighbours, shortType, stepTitle } from '../../../report/index.ts';
import { Canvas, formatBytes, formatSeconds, Tooltip, type Draw, type Size } from '../../shell/components/index.ts';
import { placeLabel } from '../../shell/state.ts';
import { areasOf, drawMap, drawMarks, type Scene } from './draw-map.ts';
import { rowAt, stepAt, type Model, type Row } from './model.ts';
import { usePointer, type Pointer } from './pointer.ts';
import { fromX, fromY, within, zoomed, type Box, type Viewport } from './viewport.ts';

export interface MapProps extends Scene {
  readonly whole: Viewport;
  readonly onView: (view: Viewport) => void;
  readonly chosen: Row | null;
  readonly onChoose: (row: Row | null) => void;
  /** The step whose owners are listed. */
  readonly step: number;
  readonly onStep: (step: number) => void;
}

/** Pixels that a pointer may move in a click. */
const CLICK = 4;

export function MemoryMap(props: MapProps) {
  const { model, groups, edges, isTime, view, painted, whole, onView, chosen, onChoose, step, onStep } = props;
  const [size, setSize] = useState<Size>({ width: 1, height: 1 });
  const { pointer, track, leave } = usePointer();
  const scene = useMemo<Scene>(
    () => ({ model, groups, edges, isTime, view, painted }),
    [model, groups, edges, isTime, view, painted],
  );
  const under = pointer === null ? null : underPointer(pointer, scene, size);
  const hovered = under?.row ?? null;
  const near = useMemo(() => (chosen === null ? [] : neighbourRows(model.rows, chosen)), [model, chosen]);
  const base = useCallback<Draw>((context, at, colours) => drawMap(context, at, colours, scene), [scene]);
  const over = useCallback<Draw>(
    (context, at, colours) => drawMarks(context, at, colours, scene, { hovered, chosen, neighbours: near, step }),
    [scene, hovered, chosen, near, step],
  );
  const { map } = areasOf(size);
  const show = (next: Viewport): void => onView(within(next, whole, leastOf(whole, model)));
  const zoom = (x: number, y: number, px: number, py: number): void =>
    show(zoomed(view, { x: fromX(px, view, map), y: fromY(py, view, map) }, x, y));
  const click = (): void => {
    if (under === null) return;
    onStep(under.step);
    if (under.isMap) onChoose(under.row);
  };
  const drag = useDrag(map, view, show, click);
  const onKeyDown = (event: KeyboardEvent): void => {
    const [x, y] = [map.left + map.width / 2, map.top + map.height / 2];
    const act = keyAction(event.key, {
      zoom: (factor) => (event.shiftKey ? zoom(1, factor, x, y) : zoom(factor, 1, x, y)),
      reset: () => onView(whole),
      step: (by) => onStep(Math.max(0, Math.min(model.device.steps.length - 1, step + by))),
      choose: (by) => onChoose(nextRow(model.rows, chosen, step, by)),
    });
    if (act === null) return;
    event.preventDefault();
    act();
  };
  return (
    <div class="memory-map" onWheel={(event) => zoomByWheel(event, zoom)}>
      <Canvas
        label={`Memory map: ${model.rows.length} buffers over ${model.device.steps.length} steps`}
        draw={base}
        tabIndex={-1}
      />
      <Canvas
        label="Memory map: arrow keys move the step and choose buffers, plus and minus zoom, 0 shows everything"
        class="ui-canvas over"
        draw={over}
        onSize={setSize}
        onKeyDown={onKeyDown}
        onPointerDown={drag.press}
        onPointerMove={(event) => {
          track(event);
          drag.move(event);
        }}
        onPointerUp={drag.release}
        onPointerLeave={leave}
        onDblClick={() => onView(whole)}
      />
      <Tooltip at={drag.isDragging() ? null : (pointer?.at ?? null)}>
        {under !== null && <Hint under={under} model={model} />}
      </Tooltip>
    </div>
  );
}

/** Moves the view with the pressed pointer; a press that does not move is a click. */
function useDrag(area: Box, view: Viewport, show: (view: Viewport) => void, click: () => void) {
  const pressed = useRef<{ x: number; y: number; view: Viewport; isDrag: boolean } | null>(null);
  return {
    isDragging: (): boolean => pressed.current?.isDrag === true,
    press: (event: TargetedPointerEvent<HTMLCanvasElement>): void => {
      event.currentTarget.setPointerCapture(event.pointerId);
      pressed.current = { x: event.offsetX, y: event.offsetY, view, isDrag: false };
    },
    move: ({ offsetX, offsetY, buttons }: PointerEvent): void => {
      const start = pressed.current;
      if (start === null || buttons === 0) return;
      const [dx, dy] = [offsetX - start.x, offsetY - start.y];
      if (Math.abs(dx) + Math.abs(dy) > CLICK) start.isDrag = true;
      if (start.isDrag) show(moved(start.view, -dx / area.width, dy / area.height));
    },
    release: (): void => {
      const start = pressed.current;
      pressed.current = null;
      if (start?.isDrag === false) click();
    },
  };
}

/** Along x; with Shift along y, with Ctrl both. */
function zoomByWheel(event: WheelEvent, zoom: (x: number, y: number, px: number, py: number) => void): void {
  event.preventDefault();
  // With Shift some systems turn the wheel sideways.
  const factor = 1.0015 ** (event.deltaY + (event.shiftKey ? event.deltaX : 0));
  const isAlongX = event.ctrlKey || !event.shiftKey;
  const isAlongY = event.ctrlKey || event.shiftKey;
  zoom(isAlongX ? factor : 1, isAlongY ? factor : 1, event.offsetX, event.offsetY);
}

interface Under {
  readonly step: number;
  readonly row: Row | null;
  readonly isMap: boolean;
}

/** What the pointer is over, or null outside of map and curve. */
function underPointer({ x, y }: Pointer, { edges, view, model }: Scene, size: Size): Under | null {
  const { map, curve } = areasOf(size);
  if (x < map.left || x > map.left + map.width) return null;
  const isMap = y >= map.top && y <= map.top + map.height;
  if (!isMap && (y < curve.top || y > curve.top + curve.height)) return null;
  const step = stepAt(edges, fromX(x, view, map));
  return { step, isMap, row: isMap ? rowAt(model.rows, step, fromY(y, view, map)) : null };
}

const neighbourRows = (rows: readonly Row[], of: Row): readonly Row[] => {
  const found = new Set(
    neighbours(
      rows.map(({ buffer }) => buffer),
      of.buffer,
    ),
  );
  return rows.filter(({ buffer }) => found.has(buffer));
};

const moved = ({ x0, x1, y0, y1 }: Viewport, x: number, y: number): Viewport => ({
  x0: x0 + x * (x1 - x0),
  x1: x1 + x * (x1 - x0),
  y0: y0 + y * (y1 - y0),
  y1: y1 + y * (y1 - y0),
});

/** The closest view: three steps and 4 KiB, or all where there is less. */
const leastOf = (whole: Viewport, { device }: Model): { readonly x: number; readonly y: number } => ({
  x: ((whole.x1 - whole.x0) * 3) / Math.max(3, device.steps.length * 4),
  y: Math.min(4096, whole.y1 - whole.y0),
});

/** The buffer above or below the chosen one at a step. */
function nextRow(rows: readonly Row[], chosen: Row | null, step: number, by: number): Row | null {
  const live = rows
    .filter(({ first, last }) => first <= step && step <= last)
    .toSorted((one, other) => one.buffer.address - other.buffer.address);
  const at = chosen === null ? -1 : live.indexOf(chosen);
  if (at < 0) return live.at(by > 0 ? 0 : -1) ?? null;
  return live[Math.max(0, Math.min(live.length - 1, at + by))] ?? null;
}

interface KeyActions {
  readonly zoom: (factor: number) => void;
  readonly reset: () => void;
  readonly step: (by: number) => void;
  readonly choose: (by: number) => void;
}

function keyAction(key: string, { zoom, reset, step, choose }: KeyActions): (() => void) | null {
  const actions: Readonly<Record<string, () => void>> = {
    '+': () => zoom(0.7),
    '=': () => zoom(0.7),
    '-': () => zoom(1 / 0.7),
    _: () => zoom(1 / 0.7),
    '0': reset,
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    ArrowUp: () => choose(1),
    ArrowDown: () => choose(-1),
  };
  return Object.hasOwn(actions, key) ? (actions[key] ?? null) : null;
}

function Hint({ under: { row, step, isMap }, model }: { readonly under: Under; readonly model: Model }) {
  const { device, curve, times } = model;
  const when = times === null ? '' : ` at ${formatSeconds((times[step] ?? 0) * 1e-6)}`;
  return (
    <div class="memory-hint">
      {row !== null && <BufferHint row={row} />}
      <div class="faint">
        step {step}
        {when}: {stepTitle(device.steps[step])} {placeLabel(device.steps[step].place)}
      </div>
      {(!isMap || row === null) && (
        <div>
          {formatBytes(curve.live[step])} live, {formatBytes(curve.extent[step] - curve.live[step])} in holes
        </div>
      )}
    </div>
  );
}

function BufferHint({ row: { title, buffer, cell, first, last } }: { readonly row: Row }) {
  return (
    <>
      <b>{title}</b> {buffer.kind}
      <div>
        {formatBytes(buffer.reservedBytes)}
        {buffer.reservedBytes !== buffer.elementBytes && ` for ${formatBytes(buffer.elementBytes)} of elements`}
      </div>
      {buffer.type !== '' && <div class="code">{shortType(buffer.type)}</div>}
      <div>
        {buffer.live === null ? 'kept for good' : `steps ${first} to ${last}`}
        {cell !== '' && `, ${cell}`} {placeLabel(buffer.place)}
      </div>
    </>
  );
}

/** All launches of the program on one axis: what takes how long, and what it is bound by. */
import { useCallback, useRef, useState } from 'preact/hooks';
import { Canvas, Tooltip, formatPercent, type Draw, type Size } from '../../shell/components/index.ts';
import { placeLabel } from '../../shell/state.ts';
import type { Colours } from '../../shell/theme.ts';
import type { LaunchRow } from './launch-rows.ts';
import { boundColours } from './look.ts';
import { chooseLaunch, chosenLaunch, programView } from './state.ts';
import { limited, movedByKey, movedByWheel, roundStep, type Viewport } from './viewport.ts';

interface ProgramStripProps {
  readonly rows: readonly LaunchRow[];
  readonly microseconds: number;
  readonly isShown: (row: LaunchRow) => boolean;
}

/** Microseconds that are shown at least. */
const LEAST = 0.05;
/** Heights in pixels. */
const AXIS = 16;
const BAR = 26;

export function ProgramStrip({ rows, microseconds, isShown }: ProgramStripProps) {
  const end = Math.max(LEAST, microseconds);
  const view = limited(programView.value ?? { from: 0, to: end }, end, LEAST);
  const chosen = chosenLaunch.value;
  const [hovered, setHovered] = useState<LaunchRow | null>(null);
  const [pointer, setPointer] = useState<{ readonly x: number; readonly y: number } | null>(null);
  const size = useRef<Size>({ width: 1, height: 1 });
  const drag = useRef<{ readonly x: number; readonly view: Viewport } | null>(null);
  const draw = useCallback<Draw>(
    (context, area, colours) => {
      drawAxis(context, area, colours, view);
      for (const row of visible(rows, view)) {
        const isChosen = String(row.number) === chosen;
        drawLaunch(context, area, colours, view, row, isShown(row), isChosen || row === hovered);
      }
    },
    [rows, view.from, view.to, chosen, hovered, isShown],
  );
  const timeAt = (x: number): number => view.from + (x / size.current.width) * (view.to - view.from);
  const under = (x: number): LaunchRow | null => {
    const time = timeAt(x);
    return rows.find((row) => row.start <= time && time < row.start + row.microseconds) ?? null;
  };
  const move = (next: Viewport): void => {
    programView.value = limited(next, end, LEAST);
  };
  return (
    <div class="program-strip">
      <Canvas
        label="Launches over the program's time"
        draw={draw}
        onSize={useCallback((next: Size) => {
          size.current = next;
        }, [])}
        onWheel={(event) => {
          event.preventDefault();
          move(movedByWheel(event, view, timeAt(event.offsetX), size.current.width));
        }}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          const next = movedByKey(event.key, view, (view.from + view.to) / 2, end);
          if (next === null) return;
          event.preventDefault();
          move(next);
        }}
        onPointerDown={(event) => {
          drag.current = { x: event.offsetX, view };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          const start = drag.current;
          if (start !== null && event.buttons !== 0) {
            const by = ((start.x - event.offsetX) / size.current.width) * (start.view.to - start.view.from);
            if (Math.abs(start.x - event.offsetX) > 3) move({ from: start.view.from + by, to: start.view.to + by });
          }
          setHovered(under(event.offsetX));
          setPointer({ x: event.clientX, y: event.clientY });
        }}
        onPointerUp={(event) => {
          const start = drag.current;
          drag.current = null;
          const row = under(event.offsetX);
          if (start !== null && Math.abs(start.x - event.offsetX) <= 3 && row !== null) chooseLaunch(row.number);
        }}
        onPointerLeave={() => setHovered(null)}
      />
      <Tooltip at={hovered === null ? null : pointer}>
        {hovered !== null && (
          <>
            <b>{hovered.name}</b> #{hovered.number}
            <br />
            {hovered.microseconds.toFixed(2)} us ({formatPercent(hovered.share)}) on {hovered.blocks} cores, bound by{' '}
            {hovered.bound}
            <br />
            {placeLabel(hovered.place)}
          </>
        )}
      </Tooltip>
    </div>
  );
}

const visible = (rows: readonly LaunchRow[], { from, to }: Viewport): readonly LaunchRow[] =>
  rows.filter((row) => row.start < to && row.start + row.microseconds > from);

function drawLaunch(
  context: CanvasRenderingContext2D,
  { width }: Size,
  colours: Colours,
  view: Viewport,
  row: LaunchRow,
  isStrong: boolean,
  isMarked: boolean,
): void {
  const xOf = (time: number): number => ((time - view.from) / (view.to - view.from)) * width;
  const [left, right] = [xOf(row.start), xOf(row.start + row.microseconds)];
  const room = Math.max(1, right - left - (right - left > 3 ? 1 : 0));
  context.globalAlpha = isStrong ? 1 : 0.2;
  context.fillStyle = colours[boundColours[row.bound]];
  context.fillRect(left, AXIS, room, BAR);
  if (room > 40) {
    context.fillStyle = colours.background;
    context.font = '11px ui-monospace, "DejaVu Sans Mono", monospace';
    context.textBaseline = 'middle';
    const letters = Math.floor((Math.min(right, width) - Math.max(0, left) - 8) / 6.7);
    context.fillText(row.name.slice(0, Math.max(0, letters)), Math.max(0, left) + 4, AXIS + BAR / 2);
  }
  context.globalAlpha = 1;
  if (!isMarked) return;
  context.strokeStyle = colours.text;
  context.lineWidth = 2;
  context.strokeRect(left + 1, AXIS + 1, Math.max(1, room - 2), BAR - 2);
}

function drawAxis(context: CanvasRenderingContext2D, { width }: Size, colours: Colours, view: Viewport): void {
  const step = roundStep(((view.to - view.from) * 80) / Math.max(1, width));
  context.font = '11px ui-monospace, "DejaVu Sans Mono", monospace';
  context.textBaseline = 'middle';
  for (let time = Math.ceil(view.from / step) * step; time < view.to; time += step) {
    const x = ((time - view.from) / (view.to - view.from)) * width;
    context.fillStyle = colours.line;
    context.fillRect(x, 0, 1, AXIS + BAR);
    context.fillStyle = colours.faint;
    context.fillText(`${Number(time.toFixed(3))} us`, x + 3, AXIS / 2);
  }
}

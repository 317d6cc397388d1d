/** A range of time that is zoomed and panned by wheel, drag and keys: what canvases with lanes over time share. */
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import { formatSeconds } from '../../report/format.ts';

/** Begin and end of what is visible, in the caller's unit. */
export interface TimeRange {
  readonly begin: number;
  readonly end: number;
}

export interface TimeAxis {
  readonly range: TimeRange;
  readonly isWhole: boolean;
  /** Times of a position in the canvas, and positions of a time. */
  readonly timeAt: (x: number, width: number) => number;
  readonly show: (range: TimeRange) => void;
  readonly reset: () => void;
  /** Zooms about the middle. */
  readonly zoom: (factor: number) => void;
  /** For the canvas. `onLift` of the caller gets drags up and down, in pixels. */
  readonly events: {
    readonly onWheel: (event: WheelEvent) => void;
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: (event: PointerEvent) => void;
    readonly onDblClick: () => void;
    readonly onKeyDown: (event: KeyboardEvent) => void;
  };
}

export interface TimeAxisOptions {
  readonly total: number;
  /** Pixels at the left that hold labels. */
  readonly gutter: number;
  /** The shortest range that is shown. */
  readonly least: number;
  readonly onLift?: (pixels: number) => void;
}

export function useTimeAxis({ total, gutter, least, onLift }: TimeAxisOptions): TimeAxis {
  const whole = useMemo(() => ({ begin: 0, end: Math.max(total, least) }), [total, least]);
  const [range, setRange] = useState<TimeRange>(whole);
  const from = useRef<{ readonly x: number; readonly y: number } | null>(null);
  const show = useCallback(
    ({ begin, end }: TimeRange) => {
      const length = Math.min(whole.end, Math.max(least, end - begin));
      const first = Math.max(0, Math.min(whole.end - length, begin));
      setRange({ begin: first, end: first + length });
    },
    [whole, least],
  );
  const length = range.end - range.begin;
  const timeAt = useCallback(
    (x: number, width: number) =>
      range.begin + ((x - gutter) / Math.max(1, width - gutter)) * (range.end - range.begin),
    [range, gutter],
  );
  const zoomAt = (factor: number, time: number): void =>
    show({ begin: time - (time - range.begin) * factor, end: time + (range.end - time) * factor });
  const zoom = (factor: number): void => zoomAt(factor, (range.begin + range.end) / 2);
  const pan = (share: number): void => show({ begin: range.begin + share * length, end: range.end + share * length });
  const width = (event: Event): number =>
    event.currentTarget instanceof HTMLElement ? event.currentTarget.clientWidth : 1;
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => pan(-0.15),
    ArrowRight: () => pan(0.15),
    '+': () => zoom(0.6),
    '=': () => zoom(0.6),
    '-': () => zoom(1 / 0.6),
    '0': () => setRange(whole),
    Home: () => show({ begin: 0, end: length }),
    End: () => show({ begin: whole.end - length, end: whole.end }),
    ArrowUp: () => onLift?.(40),
    ArrowDown: () => onLift?.(-40),
  };
  return {
    range,
    isWhole: range.begin === whole.begin && range.end === whole.end,
    timeAt,
    show,
    reset: () => setRange(whole),
    zoom,
    events: {
      onWheel: (event) => {
        event.preventDefault();
        const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
        if (sideways) pan((event.deltaX || event.deltaY) / 1000);
        else zoomAt(Math.exp(event.deltaY / 400), timeAt(event.offsetX, width(event)));
      },
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        from.current = { x: event.offsetX, y: event.offsetY };
        if (event.currentTarget instanceof HTMLElement) event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove: (event) => {
        const start = from.current;
        if (start === null || event.buttons === 0) return;
        pan((start.x - event.offsetX) / Math.max(1, width(event) - gutter));
        onLift?.(event.offsetY - start.y);
        from.current = { x: event.offsetX, y: event.offsetY };
      },
      onPointerUp: () => {
        from.current = null;
      },
      onDblClick: () => setRange(whole),
      onKeyDown: (event) => {
        const action = keys[event.key];
        if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        action();
      },
    },
  };
}

/** Round times in a range, about one for each 110 pixels. `unit` are the seconds of one unit of the range. */
export function timeTicks(
  { begin, end }: TimeRange,
  width: number,
  unit: number,
): readonly { at: number; text: string }[] {
  const rough = ((end - begin) * unit) / Math.max(1, width / 110);
  if (!(rough > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const ticks: { at: number; text: string }[] = [];
  for (let tick = Math.ceil((begin * unit) / step); tick * step <= end * unit; tick += 1)
    ticks.push({ at: (tick * step) / unit, text: formatSeconds(Number((tick * step).toPrecision(12))) });
  return ticks;
}

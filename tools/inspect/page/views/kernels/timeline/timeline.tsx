/** The timeline of a launch: lanes on a canvas that is zoomed, moved, marked and asked. */
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import type { KernelFacts, KernelTrace } from '../../../../report/index.ts';
import { Canvas, Tooltip, type Draw, type Size } from '../../../shell/components/index.ts';
import { areFlagsShown, chosenEvent, chosenInstruction, lanesView, range } from '../state.ts';
import { type Viewport, limited, movedByKey, movedByWheel } from '../viewport.ts';
import { drawFlags, flagsOf } from './draw-flags.ts';
import { drawPicture, timeOf, type Picture } from './draw.ts';
import { EventFacts } from './event-facts.tsx';
import {
  GUTTER,
  RULER_HEIGHT,
  coresOf,
  eventAt,
  factsOf,
  sameEvent,
  sceneOf,
  type EventAt,
  type Scene,
} from './scene.ts';
import { TimelineSide } from './side.tsx';

/** Ticks that are shown at least. */
const LEAST = 32;
/** A drag of fewer pixels is a click. */
const CLICK = 4;

export interface TimelineProps {
  readonly kernel: KernelFacts;
  readonly trace: KernelTrace;
  readonly launchCycles: number;
  readonly megahertz: number;
  readonly isShown: (instruction: number) => boolean;
}

interface Pointer {
  readonly x: number;
  readonly y: number;
}

export function Timeline({ kernel, trace, launchCycles, megahertz, isShown }: TimelineProps) {
  const scene = useMemo(() => sceneOf(coresOf({ ...kernel, trace }), launchCycles), [kernel, trace, launchCycles]);
  const view = limited(lanesView.value ?? { from: 0, to: scene.end }, scene.end, LEAST);
  const [scroll, setScroll] = useState(0);
  const [hovered, setHovered] = useState<EventAt | null>(null);
  const [pointer, setPointer] = useState<Pointer | null>(null);
  const chosen = chosenEvent.value;
  const flags = useMemo(
    () => [...flagsOf(chosen), ...flagsOf(sameEvent(chosen, hovered) ? null : hovered)],
    [chosen, hovered],
  );
  const picture: Picture = {
    scene,
    view,
    scroll,
    megahertz,
    hovered,
    chosen,
    flags,
    marked: chosenInstruction.value,
    range: range.value,
    isShown,
  };
  const areAllShown = areFlagsShown.value;
  const draw = useCallback<Draw>(
    (context, size, colours) => {
      drawPicture(context, size, colours, picture);
      drawFlags(context, size, colours, picture, areAllShown);
    },
    [scene, view.from, view.to, scroll, hovered, chosen, flags, picture.marked, picture.range, areAllShown, isShown],
  );
  const handlers = useHandlers(scene, view, scroll, (event, at) => {
    if (!sameEvent(event, hovered)) setHovered(event);
    setPointer(at);
  });
  return (
    <div class="timeline">
      <div class="timeline-stage" onScroll={(event) => setScroll(event.currentTarget.scrollTop)}>
        <div class="timeline-height" style={`height:${scene.height + RULER_HEIGHT}px`} />
        <Canvas
          label={`Pipes of ${kernel.name} over time. W and S zoom, A and D move, a drag marks a range.`}
          draw={draw}
          {...handlers}
        />
      </div>
      <TimelineSide scene={scene} view={view} flags={flags} megahertz={megahertz} />
      <Tooltip at={hovered === null ? null : pointer}>
        {hovered !== null && <EventFacts event={hovered} flags={flagsOf(hovered)} megahertz={megahertz} />}
      </Tooltip>
    </div>
  );
}

/** Pointer, wheel and keys over the lanes. */
function useHandlers(
  scene: Scene,
  view: Viewport,
  scroll: number,
  hover: (event: EventAt | null, at: Pointer | null) => void,
) {
  const drag = useRef<{ readonly time: number; readonly x: number } | null>(null);
  const size = useRef<Size>({ width: 1, height: 1 });
  const last = useRef(GUTTER);
  const timeAt = (event: MouseEvent): number => timeOf(event.offsetX, view, size.current.width);
  const move = (next: Viewport): void => {
    lanesView.value = limited(next, scene.end, LEAST);
  };
  const under = (event: MouseEvent): EventAt | null => {
    if (event.offsetX < GUTTER || event.offsetY < RULER_HEIGHT) return null;
    const tolerance = ((view.to - view.from) / size.current.width) * 2;
    return eventAt(scene, event.offsetY - RULER_HEIGHT + scroll, timeAt(event), tolerance);
  };
  return {
    onSize: useCallback((next: Size) => {
      size.current = next;
    }, []),
    onWheel: (event: WheelEvent & { readonly currentTarget: EventTarget }) => {
      if (event.offsetX < GUTTER) return;
      event.preventDefault();
      move(movedByWheel(event, view, timeAt(event), size.current.width));
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const next = movedByKey(event.key, view, timeOf(last.current, view, size.current.width), scene.end);
      if (next === null) return;
      event.preventDefault();
      move(next);
    },
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0 || event.offsetX < GUTTER) return;
      drag.current = { time: timeAt(event), x: event.offsetX };
    },
    onPointerMove: (event: PointerEvent) => {
      last.current = Math.max(GUTTER, event.offsetX);
      if (drag.current !== null && event.buttons !== 0 && Math.abs(event.offsetX - drag.current.x) > CLICK) {
        const [one, other] = [drag.current.time, timeAt(event)];
        range.value = { from: Math.max(0, Math.min(one, other)), to: Math.min(scene.end, Math.max(one, other)) };
        hover(null, null);
      } else hover(under(event), { x: event.clientX, y: event.clientY });
    },
    onPointerUp: (event: PointerEvent) => {
      const start = drag.current;
      drag.current = null;
      if (start === null || Math.abs(event.offsetX - start.x) > CLICK) return;
      const event_ = under(event);
      range.value = null;
      chosenEvent.value = event_;
      chosenInstruction.value = event_ === null ? -1 : factsOf(event_).instruction;
    },
    onDblClick: (event: MouseEvent) => {
      const found = under(event);
      if (found === null) return;
      const { start, end } = factsOf(found);
      move({ from: start - (end - start), to: end + (end - start) });
    },
    onPointerLeave: () => hover(null, null),
  };
}

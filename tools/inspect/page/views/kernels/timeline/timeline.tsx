/** The timeline of a launch: lanes on a canvas that is zoomed, moved, marked and asked. */
import { type Signal, useSignal } from '@preact/signals';
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import type { KernelFacts, KernelTrace } from '../../../../report/index.ts';
import { Canvas, Tooltip, type Draw, type Size } from '../../../shell/components/index.ts';
import { areFlagsShown, chosenEvent, chosenInstruction, lanesView, range } from '../state.ts';
import { type Viewport, limited, movedByKey, movedByWheel } from '../viewport.ts';
import { drawOverlay, flagsOf } from './draw-overlay.ts';
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

/** What is under the pointer. */
interface Hover {
  readonly event: EventAt;
  readonly at: Pointer | null;
}

export function Timeline({ kernel, trace, launchCycles, megahertz, isShown }: TimelineProps) {
  const scene = useMemo(() => sceneOf(coresOf({ ...kernel, trace }), launchCycles), [kernel, trace, launchCycles]);
  const view = limited(lanesView.value ?? { from: 0, to: scene.end }, scene.end, LEAST);
  const [scroll, setScroll] = useState(0);
  const hover = useSignal<Hover | null>(null);
  const picture = useMemo<Picture>(
    () => ({ scene, view, scroll, megahertz, isShown }),
    [scene, view.from, view.to, scroll, megahertz, isShown],
  );
  const draw = useCallback<Draw>((context, size, colours) => drawPicture(context, size, colours, picture), [picture]);
  const handlers = useHandlers(scene, view, scroll, (event, at) => {
    hover.value =
      event === null
        ? null
        : { event: sameEvent(event, hover.value?.event ?? null) ? (hover.value?.event ?? event) : event, at };
  });
  return (
    <div class="timeline">
      <div class="timeline-stage" onScroll={(event) => setScroll(event.currentTarget.scrollTop)}>
        <div class="timeline-height" style={`height:${scene.height + RULER_HEIGHT}px`} />
        <div class="timeline-layers">
          <Canvas
            label={`Pipes of ${kernel.name} over time. W and S zoom, A and D move, a drag marks a range.`}
            draw={draw}
            {...handlers}
          />
          <Marks picture={picture} hover={hover} />
        </div>
      </div>
      <TimelineSide scene={scene} view={view} megahertz={megahertz} />
      <HoverFacts hover={hover} megahertz={megahertz} />
    </div>
  );
}

/** Flags, frames and the marked range on a canvas of their own: they change with the pointer, the lanes do not. */
function Marks({ picture, hover }: { readonly picture: Picture; readonly hover: Signal<Hover | null> }) {
  const hovered = hover.value?.event ?? null;
  const chosen = chosenEvent.value;
  const flags = useMemo(
    () => [...flagsOf(chosen), ...flagsOf(sameEvent(chosen, hovered) ? null : hovered)],
    [chosen, hovered],
  );
  const [marked, marking, areAllShown] = [chosenInstruction.value, range.value, areFlagsShown.value];
  const draw = useCallback<Draw>(
    (context, size, colours) =>
      drawOverlay(context, size, colours, { ...picture, hovered, chosen, flags, marked, range: marking, areAllShown }),
    [picture, hovered, chosen, flags, marked, marking, areAllShown],
  );
  return <Canvas label="Flags" class="ui-canvas timeline-marks" tabIndex={-1} draw={draw} />;
}

function HoverFacts({ hover, megahertz }: { readonly hover: Signal<Hover | null>; readonly megahertz: number }) {
  const event = hover.value?.event ?? null;
  const flags = useMemo(() => flagsOf(event), [event]);
  return (
    <Tooltip at={hover.value?.at ?? null}>
      {event !== null && <EventFacts event={event} flags={flags} megahertz={megahertz} />}
    </Tooltip>
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

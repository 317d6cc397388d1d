/** Beside the lanes: the chosen event, and what the pipes do in the marked or visible range. */
import { Button, Toggle } from '../../../shell/components/index.ts';
import { areFlagsShown, chosenEvent, lanesView, openTab, range } from '../state.ts';
import type { Viewport } from '../viewport.ts';
import { flagsOf } from './draw-overlay.ts';
import { EventFacts } from './event-facts.tsx';
import { RangeFacts } from './range-facts.tsx';
import type { Scene } from './scene.ts';

interface TimelineSideProps {
  readonly scene: Scene;
  readonly view: Viewport;
  readonly megahertz: number;
}

export function TimelineSide({ scene, view, megahertz }: TimelineSideProps) {
  const event = chosenEvent.value;
  const marked = range.value;
  const core = event?.core ?? scene.rows[0]?.core;
  return (
    <aside class="timeline-side" aria-label="Details">
      <div class="timeline-buttons">
        <Toggle
          isOn={areFlagsShown.value}
          onChange={(isOn) => (areFlagsShown.value = isOn)}
          title="Arrows from set_flag to wait_flag when few enough are visible"
        >
          Flags
        </Toggle>
        <Button onClick={() => (lanesView.value = null)} title="Show the whole launch (0)">
          Whole launch
        </Button>
        {marked !== null && (
          <Button onClick={() => (lanesView.value = marked)} title="Show only the marked range">
            Zoom to range
          </Button>
        )}
      </div>
      {event !== null && (
        <>
          <EventFacts event={event} flags={flagsOf(event)} megahertz={megahertz} />
          <Button onClick={() => (openTab.value = 'instructions')}>Show the instruction</Button>
        </>
      )}
      {core !== undefined && (
        <RangeFacts
          core={core}
          range={marked ?? view}
          megahertz={megahertz}
          title={marked === null ? 'Visible' : 'Marked range'}
        />
      )}
    </aside>
  );
}

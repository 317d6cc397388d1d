/** The timeline of all ranks: zoom, pan, hover; a click keeps a slice and shows whom it met. */
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import { rankStreams, type RankSection } from '../../../report/index.ts';
import {
  Canvas,
  Spring,
  Toggle,
  Toolbar,
  Tooltip,
  formatBytes,
  formatSeconds,
  type Draw,
  type Size,
  ZoomButtons,
} from '../../shell/components/index.ts';
import { PlaceLink } from '../../shell/place-link.tsx';
import { isShown, placeLabel, shownPlaces } from '../../shell/state.ts';
import { useTimeAxis } from '../../shell/time-axis.ts';
import { AXIS, drawTimeline, GUTTER, rowLayout, sliceAt } from './draw-timeline.ts';
import { timelineModel, type SliceId, type TimelineModel } from './model.ts';

interface Hover extends SliceId {
  readonly x: number;
  readonly y: number;
}

export function Timeline({ section }: { readonly section: RankSection }) {
  const [areShared, setShared] = useState(section.ranks.length > 16);
  const [isPathShown, setPathShown] = useState(false);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const [lift, setLift] = useState(0);
  const [hover, setHover] = useState<Hover | null>(null);
  const [chosen, setChosen] = useState<SliceId | null>(null);
  const pressed = useRef<{ readonly x: number; readonly y: number } | null>(null);
  const model = useMemo(() => timelineModel(section, areShared), [section, areShared]);
  const layout = rowLayout(model, size.height, lift);
  const total = section.seconds * 1e9;
  const axis = useTimeAxis({
    total,
    gutter: GUTTER,
    least: Math.max(1e-3, Math.min(10, total / 10)),
    onLift: (pixels) => setLift(rowLayout(model, size.height, layout.lift - pixels).lift),
  });
  const { range } = axis;
  const places = shownPlaces.value;
  const draw = useCallback<Draw>(
    (context, area, colours) =>
      drawTimeline(context, area, colours, {
        ...{ model, range, hovered: hover, chosen, isPathShown },
        layout: { lane: layout.lane, row: layout.row, lift: layout.lift },
        isShown: (place) => places?.has(place) ?? true,
      }),
    [model, range, layout.lane, layout.row, layout.lift, hover, chosen, isPathShown, places],
  );
  const under = (event: PointerEvent): SliceId | null => {
    const y = event.offsetY - AXIS + layout.lift;
    const row = model.rows[Math.floor(y / layout.row)];
    const lane = model.lanes[Math.floor((y % layout.row) / layout.lane)];
    if (row === undefined || lane === undefined || event.offsetX < GUTTER || event.offsetY < AXIS) return null;
    const slack = (2 * (range.end - range.begin)) / Math.max(1, size.width - GUTTER);
    const slice = sliceAt(row.track, lane, axis.timeAt(event.offsetX, size.width), slack);
    return slice < 0 ? null : { rank: row.ranks[0] ?? 0, slice };
  };
  return (
    <div class="ranks-panel">
      <Toolbar label="Timeline">
        <Toggle isOn={areShared} onChange={setShared} title="Ranks that do the same at the same time are one row">
          Alike ranks together
        </Toggle>
        <Toggle
          isOn={isPathShown}
          onChange={setPathShown}
          title="The chain of slices that decides how long all of it takes"
        >
          Critical path
        </Toggle>
        <span class="ranks-legend">
          {model.lanes.map((lane) => (
            <span key={lane}>
              <i style={`--colour:var(--${lane === 0 ? 'series-1' : (laneColours[lane] ?? 'series-8')})`} />
              {rankStreams[lane]}
            </span>
          ))}
          <span>
            <i class="is-waiting" />
            waiting
          </span>
        </span>
        <Spring />
        <ZoomButtons axis={axis} />
      </Toolbar>
      <div class="ranks-canvas" data-range={`${range.begin} ${range.end}`}>
        <Canvas
          label={`Timeline of ${section.ranks.length} ranks`}
          draw={draw}
          onSize={setSize}
          {...axis.events}
          onPointerDown={(event) => {
            pressed.current = { x: event.offsetX, y: event.offsetY };
            axis.events.onPointerDown(event);
          }}
          onPointerMove={(event) => {
            axis.events.onPointerMove(event);
            const found = event.buttons === 0 ? under(event) : null;
            setHover(found === null ? null : { ...found, x: event.clientX, y: event.clientY });
          }}
          onPointerUp={(event) => {
            axis.events.onPointerUp(event);
            const from = pressed.current;
            const isClick = from !== null && Math.abs(from.x - event.offsetX) + Math.abs(from.y - event.offsetY) < 4;
            if (isClick) setChosen(under(event));
          }}
          onPointerLeave={() => setHover(null)}
        />
      </div>
      {chosen !== null && <ChosenSlice section={section} model={model} id={chosen} />}
      <Tooltip at={hover}>{hover !== null && <SliceText section={section} model={model} id={hover} />}</Tooltip>
    </div>
  );
}

const laneColours: readonly string[] = ['series-1', 'series-2', 'series-4', 'series-7'];

interface SliceProps {
  readonly section: RankSection;
  readonly model: TimelineModel;
  readonly id: SliceId;
}

/** The facts of a slice. */
function factsOf({ section, model, id }: SliceProps) {
  const track = section.tracks[section.ranks[id.rank]?.track ?? 0];
  const label = section.labels[track?.label[id.slice] ?? 0];
  const meeting = model.meetingOf(id);
  return {
    name: label?.name ?? '',
    detail: label?.detail ?? '',
    start: (track?.start[id.slice] ?? 0) * 1e-9,
    seconds: (track?.duration[id.slice] ?? 0) * 1e-9,
    waited: (track?.waited[id.slice] ?? 0) * 1e-9,
    bytes: track?.bytes[id.slice] ?? 0,
    place: track?.place[id.slice] ?? 0,
    members: meeting < 0 ? [] : model.membersOf(meeting).map(({ rank }) => rank),
    last: meeting < 0 ? -1 : (section.lastOfMeeting[meeting] ?? -1),
  };
}

function SliceText(props: SliceProps) {
  const { name, detail, start, seconds, waited, bytes, place, members, last } = factsOf(props);
  return (
    <>
      <b>{name}</b> {detail}
      <br />
      rank {props.id.rank}, {formatSeconds(start)} + {formatSeconds(seconds)}
      {bytes > 0 && `, ${formatBytes(bytes)} among ${members.length}`}
      {waited > 0 && (
        <>
          <br />
          waited {formatSeconds(waited)} for rank {last}
        </>
      )}
      {placeLabel(place) !== '' && (
        <>
          <br />
          {placeLabel(place)}
        </>
      )}
    </>
  );
}

/** The slice that was clicked, below the timeline. */
function ChosenSlice(props: SliceProps) {
  const { name, detail, start, seconds, waited, bytes, place, members, last } = factsOf(props);
  const others = members.length > 16 ? `${members.slice(0, 16).join(', ')} …` : members.join(', ');
  return (
    <footer class="ranks-chosen" data-part="slice">
      <b class="code">{name}</b> {detail} on rank {props.id.rank}, {formatSeconds(start)} + {formatSeconds(seconds)}
      {bytes > 0 && `, ${formatBytes(bytes)}, ranks ${others}`}
      {waited > 0 && `; it waited ${formatSeconds(waited)} for rank ${last}`} <PlaceLink place={place} />
      {!isShown(place) && <span class="faint"> (outside of the filter)</span>}
    </footer>
  );
}

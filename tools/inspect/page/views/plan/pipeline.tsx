/** The pipeline: when each stage works on which micro-batch, where it waits, and what the stages hold. */
import { useCallback, useMemo, useState } from 'preact/hooks';
import {
  idleShare,
  scheduleOf,
  schedulePieces,
  type PipelineShape,
  type PlanSection,
  type StageRow,
} from '../../../report/index.ts';
import {
  Canvas,
  Spring,
  Split,
  Table,
  Toolbar,
  Tooltip,
  formatAmount,
  formatBytes,
  formatPercent,
  formatSeconds,
  type Column,
  type Draw,
  type Size,
  ZoomButtons,
} from '../../shell/components/index.ts';
import { useTimeAxis } from '../../shell/time-axis.ts';
import { AXIS, drawSchedule, GUTTER, lanesOf, pieceAt } from './draw-schedule.ts';

export function Pipeline({ section }: { readonly section: PlanSection }) {
  const { stages, blocks } = section;
  const columns = useMemo(() => columnsOf(section), [section]);
  return (
    <Split
      name="plan.pipeline"
      direction="rows"
      initial={0.68}
      first={<ScheduleChart section={section} />}
      second={<Table label="Stages" rows={stages} columns={columns} key={blocks.length} />}
    />
  );
}

/** Pieces of work that the chart holds at most. */
const MOST_PIECES = 1_000_000;

/** The schedule that is drawn: all of it, or with fewer micro-batches where there are very many. */
function drawnShape(shape: PipelineShape): PipelineShape {
  const pieces = schedulePieces(shape);
  if (pieces <= MOST_PIECES) return shape;
  const stages = shape.forward.length;
  const rounds = Math.max(1, Math.floor((shape.microBatches * MOST_PIECES) / pieces / stages));
  return { ...shape, microBatches: rounds * stages };
}

interface Hover {
  readonly stage: number;
  readonly time: number;
  readonly x: number;
  readonly y: number;
}

function ScheduleChart({ section }: { readonly section: PlanSection }) {
  const { pipeline, question } = section;
  const shape = useMemo(() => drawnShape(pipeline), [pipeline]);
  const schedule = useMemo(() => scheduleOf(shape), [shape]);
  const idle = useMemo(() => idleShare(schedule), [schedule]);
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const [lift, setLift] = useState(0);
  const [hover, setHover] = useState<Hover | null>(null);
  const total = schedule.seconds + pipeline.updateSeconds;
  const lanes = lanesOf(schedule.stages, size.height, lift);
  const axis = useTimeAxis({
    total,
    gutter: GUTTER,
    least: Math.max(total / 1e5, 1e-12),
    onLift: (pixels) => setLift(() => lanesOf(schedule.stages, size.height, lanes.lift - pixels).lift),
  });
  const hovered = hover === null ? -1 : pieceAt(schedule, hover.stage, hover.time);
  const { range } = axis;
  const draw = useCallback<Draw>(
    (context, area, colours) =>
      drawSchedule(context, area, colours, {
        ...{ schedule, range, hovered, update: pipeline.updateSeconds },
        lanes: { height: lanes.height, lift: lanes.lift },
      }),
    [schedule, range, lanes.height, lanes.lift, hovered, pipeline],
  );
  return (
    <div class="plan-panel">
      <Toolbar label="Schedule">
        <span>
          <b>{schedule.stages}</b> {schedule.stages === 1 ? 'stage' : 'stages'}, <b>{pipeline.microBatches}</b>{' '}
          micro-batches
          {pipeline.virtualStages > 1 ? (
            <>
              {' '}
              in <b>{pipeline.virtualStages}</b> chunks
            </>
          ) : null}
          : bubbles <b>{formatPercent(idle)}</b>
        </span>
        <span class="faint" title="(p − 1) / (p − 1 + v m) for p equal stages, m micro-batches, v chunks">
          {formatPercent(pipeline.bubbleShare)} if stages were equal
        </span>
        <span class="plan-legend">
          <span>
            <i style="--colour:var(--series-1)" />
            forward
          </span>
          <span>
            <i style="--colour:var(--series-2)" />
            backward
          </span>
          <span>
            <i class="is-hatched" style="--colour:var(--series-8)" />
            bubble
          </span>
          <span>
            <i style="--colour:var(--series-7)" />
            update
          </span>
        </span>
        <Spring />
        {shape.microBatches < pipeline.microBatches && (
          <span class="faint">the first {shape.microBatches} micro-batches are drawn</span>
        )}
        <ZoomButtons axis={axis} />
      </Toolbar>
      <div class="plan-schedule" data-range={`${range.begin} ${range.end}`}>
        <Canvas
          label={`Schedule of ${schedule.stages} stages and ${pipeline.microBatches} micro-batches`}
          draw={draw}
          onSize={setSize}
          {...axis.events}
          onPointerMove={(event) => {
            axis.events.onPointerMove(event);
            const stage = Math.floor((event.offsetY - AXIS + lanes.lift) / lanes.height);
            const isInside = event.offsetX >= GUTTER && event.offsetY >= AXIS && stage < schedule.stages;
            const time = axis.timeAt(event.offsetX, size.width);
            setHover(isInside ? { stage, time, x: event.clientX, y: event.clientY } : null);
          }}
          onPointerLeave={() => setHover(null)}
        />
      </div>
      <Tooltip at={hover}>
        {hover !== null && <HoverText hover={hover} piece={hovered} schedule={schedule} devices={question.devices} />}
      </Tooltip>
    </div>
  );
}

interface HoverTextProps {
  readonly hover: Hover;
  readonly piece: number;
  readonly schedule: ReturnType<typeof scheduleOf>;
  readonly devices: number;
}

function HoverText({ hover, piece, schedule, devices }: HoverTextProps) {
  const of = devices / schedule.stages;
  const where = `stage ${hover.stage}, devices ${hover.stage * of} to ${(hover.stage + 1) * of - 1}`;
  if (piece < 0)
    return (
      <>
        {hover.time > schedule.seconds ? 'gradients, optimizer and weights' : 'bubble'}
        <br />
        {where}
      </>
    );
  const [start, end] = [schedule.start[piece] ?? 0, schedule.end[piece] ?? 0];
  return (
    <>
      <b>
        {schedule.isBackward[piece] === 1 ? 'backward' : 'forward'} of micro-batch {schedule.microBatch[piece]}
      </b>
      {(schedule.chunk[piece] ?? 0) > 0 && `, chunk ${schedule.chunk[piece]}`}
      <br />
      {where}
      <br />
      {formatSeconds(start)} + {formatSeconds(end - start)}
    </>
  );
}

const columnsOf = ({ blocks, question }: PlanSection): readonly Column<StageRow>[] => [
  {
    key: 'stage',
    title: 'Stages',
    width: '80px',
    value: ({ first }) => first,
    cell: ({ first, last }) => (first === last ? first : `${first}–${last}`),
  },
  {
    key: 'holds',
    title: 'Holds',
    width: 'minmax(180px, 3fr)',
    cell: ({ blocks: runs }) =>
      runs.map(({ block, count }) => `${count > 1 ? `${count} × ` : ''}${blocks[block]?.name ?? ''}`).join(', '),
  },
  {
    key: 'parameters',
    title: 'Parameters',
    width: '96px',
    align: 'end',
    hint: 'That one device holds',
    value: ({ parameters }) => parameters,
    cell: ({ parameters }) => formatAmount(parameters),
  },
  {
    key: 'forward',
    title: 'Forward',
    width: '90px',
    align: 'end',
    hint: 'Of one micro-batch',
    value: ({ forward }) => forward,
    cell: ({ forward }) => formatSeconds(forward),
  },
  {
    key: 'backward',
    title: 'Backward',
    width: '90px',
    align: 'end',
    hint: 'Of one micro-batch, with messages and what runs again',
    value: ({ backward }) => backward,
    cell: ({ backward }) => formatSeconds(backward),
  },
  {
    key: 'again',
    title: 'Runs again',
    width: '90px',
    align: 'end',
    hint: 'Share of the layers whose forward runs again for backward',
    value: ({ recompute }) => recompute,
    cell: ({ recompute }) => formatPercent(recompute),
  },
  {
    key: 'bytes',
    title: 'Memory',
    width: '96px',
    align: 'end',
    value: ({ bytes }) => bytes,
    cell: ({ bytes }) => (
      <span class={bytes > question.memoryLimit ? 'plan-over' : undefined}>{formatBytes(bytes)}</span>
    ),
  },
];

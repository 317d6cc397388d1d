/**
 * The kernels section as a Chrome trace in the conventions of MindStudio Insight, for Perfetto and chrome://tracing: launches on
 * a lane of their own, then each kernel's longest launch with a process for each core and a lane for each pipe. Work and
 * stalls are slices, flags are flows. A flow binds to slices: it leaves the last work of the pipe that sets the flag and
 * arrives at the next work of the pipe that waits for it.
 */
import type { CoreEvents, KernelFacts, KernelSection, LaneEvents, Report, ReportHead } from '../report/index.ts';
import { BUSY_STATES, TICKS, pipeStates } from '../report/index.ts';
import type { ExportKind } from './export.ts';
import { lineOf } from './places.ts';

interface TraceEvent {
  readonly ph: 'X' | 's' | 'f';
  readonly name: string;
  readonly pid: string;
  readonly tid: string;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly id?: number;
  readonly cat: string;
  readonly bp?: 'e';
  readonly args: Readonly<Record<string, string | number>>;
}

/** Names of lanes in traces, in the order of `pipeNames`. */
const laneNames = ['SCALAR', 'VECTOR', 'CUBE', 'MTE1', 'MTE2', 'MTE3', 'FIXP'] as const;

export const chromeTraceExport: ExportKind = {
  name: 'chrome-trace',
  title: 'Chrome trace (Perfetto, MindStudio)',
  mediaType: 'application/json',
  needs: ['kernels'],
  uses: [],
  make: ({ head, sections }: Report, base) =>
    sections.kernels === undefined
      ? []
      : [{ name: `${base}.trace.json`, text: traceText(traceOf(sections.kernels, head)) }],
};

const traceText = (events: readonly TraceEvent[]): string =>
  `{"displayTimeUnit":"ns","traceEvents":[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]}\n`;

function traceOf(section: KernelSection, head: ReportHead): readonly TraceEvent[] {
  const events: TraceEvent[] = [];
  section.launches.forEach((launch, number) => {
    events.push({
      ph: 'X',
      name: section.kernels[launch.kernel]?.name ?? '',
      pid: 'launches',
      tid: 'launches',
      ts: launch.start,
      dur: launch.microseconds,
      cat: 'launch',
      args: {
        launch: number,
        blocks: launch.blocks,
        bound: launch.bound,
        hbmBytes: launch.hbmBytes,
        l2Bytes: launch.l2Bytes,
        line: lineOf(head, launch.place),
      },
    });
  });
  let flows = 0;
  for (const kernel of section.kernels) flows = kernelEvents(section, kernel, head, events, flows);
  return events.sort((one, other) => one.ts - other.ts); // the array is our own
}

/** A segment of a lane, times in ticks; start-up, work and slow-down of one instruction are one slice. */
interface Slice {
  readonly start: number;
  end: number;
  readonly state: number;
  readonly instruction: number;
  readonly lost: Record<string, string>;
}

function kernelEvents(
  { launches, chip }: KernelSection,
  kernel: KernelFacts,
  head: ReportHead,
  events: TraceEvent[],
  firstFlow: number,
): number {
  let flows = firstFlow;
  const offset = launches[kernel.trace?.launch ?? -1]?.start ?? 0;
  const timeOf = (ticks: number): number => offset + ticks / TICKS / chip.megahertz;
  for (const core of kernel.trace?.cores ?? []) {
    const lanes = new Map(core.lanes.map((lane) => [lane.pipe, slicesOf(lane)]));
    for (const [pipe, slices] of lanes)
      for (const slice of slices) events.push(sliceEvent(kernel, core, pipe, slice, head, timeOf));
    flows = flowEvents(core, lanes, events, flows, timeOf);
  }
  return flows;
}

/** Start-up, work, slow-downs: the order in which they follow one another in an instruction. */
const phases = [1, 0, 2, 2, 2];

function slicesOf({ gaps, lengths, states, instructions }: LaneEvents): readonly Slice[] {
  const slices: Slice[] = [];
  let [at, phase] = [0, 3];
  lengths.forEach((length, index) => {
    const [state, instruction] = [states[index] ?? 0, instructions[index] ?? 0];
    const start = at + (gaps[index] ?? 0);
    const last = slices.at(-1);
    at = start + length;
    const next = phases[state] ?? 3;
    const lost = state === 0 || state >= BUSY_STATES ? {} : { [pipeStates[state]?.name ?? '']: cyclesText(length) };
    if (last !== undefined && last.end === start && last.instruction === instruction && phase < next && next < 3) {
      last.end = at;
      Object.assign(last.lost, lost);
    } else slices.push({ start, end: at, state: state < BUSY_STATES ? 0 : state, instruction, lost });
    phase = next;
  });
  return slices;
}

const cyclesText = (ticks: number): string => `${ticks / TICKS} cycles`;

function sliceEvent(
  { name, streams }: KernelFacts,
  core: CoreEvents,
  pipe: number,
  { start, end, state, instruction, lost }: Slice,
  head: ReportHead,
  timeOf: (ticks: number) => number,
): TraceEvent {
  const stream = streams[core.stream];
  const text = stream?.text[instruction] ?? '';
  const address = `0x${((stream?.at[instruction] ?? 0) * 4).toString(16)}`;
  const stall = pipeStates[state]?.name ?? '';
  return {
    ph: 'X',
    name: state === 0 ? (text.split(' ', 1)[0] ?? text) : `stall: ${stall}`,
    pid: core.name,
    tid: laneNames[pipe] ?? '',
    ts: timeOf(start),
    dur: timeOf(end) - timeOf(start),
    cat: state === 0 ? 'instruction' : 'stall',
    args: {
      detail: `${name} PC:${address} ${text}`,
      addr: address,
      ...(state === 0 ? lost : { stall: pipeStates[state]?.what ?? '' }),
      line: lineOf(head, stream?.place[instruction] ?? 0),
    },
  };
}

/** Flags whose both ends have work to bind to. */
function flowEvents(
  { name, arrows }: CoreEvents,
  lanes: ReadonlyMap<number, readonly Slice[]>,
  events: TraceEvent[],
  first: number,
  timeOf: (ticks: number) => number,
): number {
  let [set, flow] = [0, first];
  const work = new Map([...lanes].map(([pipe, slices]) => [pipe, slices.filter(({ state }) => state === 0)]));
  arrows.set.forEach((difference, index) => {
    set += difference;
    const [from, to] = [arrows.from[index] ?? 0, arrows.to[index] ?? 0];
    const source = lastBefore(work.get(from) ?? [], set);
    const target = firstFrom(work.get(to) ?? [], set + (arrows.taken[index] ?? 0));
    if (source === null || target === null) return;
    const [fromLane, toLane] = [laneNames[from] ?? '', laneNames[to] ?? ''];
    const shared = {
      name: `FLAG${arrows.id[index] ?? 0}`,
      pid: name,
      id: flow++,
      cat: `${fromLane}To${toLane}`,
      args: { detail: `PIPE:${fromLane},TRIGGERPIPE:${toLane},FLAGID:${arrows.id[index] ?? 0},` },
    };
    const leaves = Math.min(set, source.end - (source.end - source.start) / 100);
    events.push({ ph: 's', tid: fromLane, ts: timeOf(leaves), ...shared });
    events.push({ ph: 'f', bp: 'e', tid: toLane, ts: timeOf(target.start), ...shared });
  });
  return flow;
}

/** Index of the first slice that starts at a time or later. */
function startIndex(slices: readonly Slice[], time: number): number {
  let [low, high] = [0, slices.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (slices[middle].start < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

const lastBefore = (slices: readonly Slice[], time: number): Slice | null =>
  slices[startIndex(slices, time) - 1] ?? null;

const firstFrom = (slices: readonly Slice[], time: number): Slice | null => slices[startIndex(slices, time)] ?? null;

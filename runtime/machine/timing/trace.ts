/** Timing reports as Chrome trace events in the conventions of MindStudio Insight. */
import { OPCODE_MASK, instructionByOpcode, pipes } from '../../isa/index.ts';
import type { CoreKind, Pipe } from '../../isa/index.ts';
import { laneStates } from './columns.ts';
import type { CoreRecord } from './record.ts';
import type { TimingReport } from './report.ts';

/** One Chrome trace event; ts and dur are microseconds. */
export interface TraceEvent {
  readonly ph: 'X' | 's' | 'f';
  readonly name: string;
  readonly pid: string;
  readonly tid: string;
  readonly ts: number;
  readonly dur?: number;
  readonly id?: number;
  readonly cat?: string;
  readonly bp?: 'e';
  readonly args?: Readonly<Record<string, string>>;
}

/** Names of the lanes of a trace. */
const lanes: Readonly<Record<Pipe, string>> = {
  S: 'SCALAR',
  V: 'VECTOR',
  M: 'CUBE',
  MTE1: 'MTE1',
  MTE2: 'MTE2',
  MTE3: 'MTE3',
  FIX: 'FIXP',
  ALL: 'ALL',
};

/** How events are written. */
export interface TraceOptions {
  readonly megahertz: number;
  /** Words of the streams, for the names of instructions. */
  readonly words: Readonly<Partial<Record<CoreKind, Uint32Array>>>;
  /** Cycles by which all events are shifted. */
  readonly offset?: number;
  /** Names the kernel in every instruction's detail. */
  readonly prefix?: string;
  /** Number of the first flow; flows of one file have different numbers. */
  readonly firstFlow?: number;
}

/** The events of a report that was recorded; none otherwise. */
export function traceEvents(report: TimingReport, options: TraceOptions): readonly TraceEvent[] {
  const events: TraceEvent[] = [];
  let flow = options.firstFlow ?? 0;
  report.record?.cores.forEach((record, number) => {
    const core = report.cores[number]?.core ?? '';
    slices(record, core, options, events);
    flow = flows(record, core, options, events, flow);
  });
  return events;
}

/** Working pipes; stalls are gaps, as in traces of hardware. A slow-down is part of its instruction's slice and named in it. */
function slices({ kind, segments }: CoreRecord, core: string, options: TraceOptions, events: TraceEvent[]): void {
  const { megahertz, offset = 0, prefix = '' } = options;
  const words = options.words[kind] ?? new Uint32Array();
  const { length, pipe, state, pc, start, end } = segments;
  for (let at = 0; at < length; at++) {
    if (!isBusy(state[at] ?? 0) || pipe[at] === SCALAR) continue;
    const first = at;
    while (at + 1 < length && isSame(segments, first, at + 1)) at++;
    const word = pc[first] ?? 0;
    const address = `0x${(word * 4).toString(16)}`;
    events.push({
      ph: 'X',
      name: instructionByOpcode[(words[word] ?? 0) & OPCODE_MASK]?.mnemonic ?? 'unknown',
      pid: core,
      tid: laneOf(pipe[first] ?? 0),
      ts: ((start[first] ?? 0) + offset) / megahertz,
      dur: ((end[at] ?? 0) - (start[first] ?? 0)) / megahertz,
      args: {
        detail: `${prefix === '' ? '' : `${prefix} `}PC:${address}`,
        addr: address,
        ...slowDowns(segments, first, at),
      },
    });
  }
}

const SCALAR = 0;
/** Order in an instruction of the states in which a pipe is busy: work, startUp, bankConflict, hbmShare, l2Share. */
const phases = [1, 0, 2, 2, 2];
const isBusy = (state: number): boolean => state < phases.length;
const laneOf = (pipe: number): string => lanes[pipes[pipe] ?? 'ALL'];

/** Whether a segment goes on with the instruction of the one before it: start-up, work and slow-down follow one another. */
function isSame({ pipe, state, pc, start, end }: CoreRecord['segments'], first: number, next: number): boolean {
  if (pipe[first] !== pipe[next] || pc[first] !== pc[next] || start[next] !== end[next - 1]) return false;
  return (phases[state[next] ?? 0] ?? -1) > (phases[state[next - 1] ?? 0] ?? 0);
}

function slowDowns({ state, start, end }: CoreRecord['segments'], first: number, last: number): Record<string, string> {
  const found: Record<string, string> = {};
  for (let at = first; at <= last; at++)
    if (state[at] !== 0)
      found[laneStates[state[at] ?? 0] ?? ''] = `${((end[at] ?? 0) - (start[at] ?? 0)).toFixed(1)} cycles`;
  return found;
}

function flows(record: CoreRecord, core: string, options: TraceOptions, events: TraceEvent[], first: number): number {
  const { megahertz, offset = 0 } = options;
  const { length, flag, set, taken } = record.arrows;
  for (let at = 0; at < length; at++) {
    const packed = flag[at] ?? 0; // flagIndex packs pipes and number
    const [from, to, id] = [laneOf(Math.floor(packed / 64)), laneOf(Math.floor(packed / 8) % pipes.length), packed % 8];
    const shared = {
      name: `FLAG${id}`,
      pid: core,
      id: first + at,
      cat: `${from}To${to}`,
      args: { detail: `PIPE:${from},TRIGGERPIPE:${to},FLAGID:${id},` },
    };
    events.push({ ph: 's', tid: from, ts: ((set[at] ?? 0) + offset) / megahertz, ...shared });
    events.push({ ph: 'f', bp: 'e', tid: to, ts: ((taken[at] ?? 0) + offset) / megahertz, ...shared });
  }
  return first + length;
}

/** Timing reports as Chrome trace events in the conventions of MindStudio Insight. */
import type { Pipe } from '../../isa/index.ts';
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

/** The events of a report, shifted by `offset` cycles; `prefix` names the kernel in every instruction's detail. */
export function traceEvents(report: TimingReport, megahertz: number, offset = 0, prefix = ''): readonly TraceEvent[] {
  const time = (cycles: number): number => (cycles + offset) / megahertz;
  const slices = report.intervals.map(({ core, pipe, name, start, end, pc }): TraceEvent => ({
    ph: 'X',
    name,
    pid: core,
    tid: lanes[pipe],
    ts: time(start),
    dur: (end - start) / megahertz,
    args: {
      detail: `${prefix === '' ? '' : `${prefix} `}PC:0x${(pc * 4).toString(16)}`,
      addr: `0x${(pc * 4).toString(16)}`,
    },
  }));
  const flows = report.arrows.flatMap(({ core, from, to, id, set, taken }, number): readonly TraceEvent[] => {
    const shared = {
      name: `FLAG${id}`,
      pid: core,
      id: number,
      cat: `${lanes[from]}To${lanes[to]}`,
      args: { detail: `PIPE:${lanes[from]},TRIGGERPIPE:${lanes[to]},FLAGID:${id},` },
    };
    return [
      { ph: 's', tid: lanes[from], ts: time(set), ...shared },
      { ph: 'f', bp: 'e', tid: lanes[to], ts: time(taken), ...shared },
    ];
  });
  return [...slices, ...flows];
}

/** The kernels section: sums, tiles, streams and traces of real and hand-written programs, its text and its Chrome trace. */
import { describe, expect, it } from 'vitest';
import { instructionByMnemonic } from '../../runtime/isa/index.ts';
import { laneStates, simulate } from '../../runtime/machine/index.ts';
import { boundOf, mainStallOf, meanStates } from '../../tools/inspect/collect/kernels/verdict.ts';
import { chromeTraceExport } from '../../tools/inspect/export/chrome-trace.ts';
import {
  IDLE,
  TICKS,
  operationsOf,
  pipeNames,
  pipeStates,
  pipeTotals,
  rooflinePoint,
} from '../../tools/inspect/report/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { globalMemory, stream } from '../machine/harness.ts';
import { kernelsText } from '../../tools/inspect/text/kernels.ts';
import { assemblyProgram, lenet, sectioned } from './kernel-section.ts';

const VADD = 'vadd_f32 0x20000, 0, 0x10100, 64, 1, 1, 1, 8, 8, 8';
const LOAD = 'copy_gm_to_ubuf 0, X0, 0, 1, 1024, 0, 0';

it('names the states of pipes in the order of the machine', () => {
  const plain = (name: string): string => name.replaceAll(/[^a-z]/gi, '').toLowerCase();
  expect(pipeStates.map(({ name }) => plain(name))).toEqual(laneStates.map(plain));
});

describe('lenet5', () => {
  const { program, section, head, report } = lenet();
  const { launches, kernels } = section;

  it('has every launch in order, one after the other', () => {
    expect(launches.map(({ kernel }) => kernels[kernel].name)).toEqual(
      program.main.flatMap((step) => (step.kind === 'launch' ? [program.kernels[step.kernel].name] : [])),
    );
    let end = 0;
    for (const launch of launches) {
      expect(launch.start).toBeCloseTo(end, 9);
      end += launch.microseconds;
    }
    expect(section.microseconds).toBeCloseTo(end, 9);
    expect(section.fault).toBeNull();
    expect(section.controlFlow).toBe('none');
  });

  it('divides the time of launches among places, all of it', () => {
    for (const { seconds, microseconds, place } of launches) {
      expect(seconds.reduce((sum, part) => sum + part.seconds, 0)).toBeCloseTo(microseconds * 1e-6, 15);
      expect(head.places[place].positions[0].line).toBeGreaterThan(20);
    }
  });

  it('accounts for all cycles of each pipe', () => {
    for (const { states, cycles } of launches)
      for (let pipe = 0; pipe < pipeNames.length; pipe++) {
        const row = states.slice(pipe * pipeStates.length, (pipe + 1) * pipeStates.length);
        expect(Math.abs(row.reduce((sum, value) => sum + value, 0) - cycles)).toBeLessThan(pipeStates.length);
      }
    for (const states of pipeTotals(section))
      expect(states.reduce((sum, time) => sum + time, 0)).toBeCloseTo(section.microseconds * 1e-6, 7);
  });

  it('counts what the cube computed: a product of m x k and k x n takes 2mkn', () => {
    const products = launches.filter(({ kernel }) => kernels[kernel].name.startsWith('matmul'));
    expect(products.map((launch) => operationsOf(launch, 'cube'))).toEqual([2 * 400 * 120, 2 * 120 * 84, 2 * 84 * 10]);
    for (const launch of products) expect(rooflinePoint(launch)?.intensity).toBeLessThan(1);
  });

  it('shows loops and buffers; copies of on-chip buffers lie inside of their memories', () => {
    const matmul = kernels.find(({ name }) => name === 'matmul_f32_0')!.tiles!;
    expect(matmul.arguments).toEqual(['a', 'b', 'bias', 'c']);
    expect(matmul.loops[0]).toMatchObject({ parent: -1, isDivided: true, from: 'block', step: 'blocks' });
    expect(matmul.loops[1]).toMatchObject({ parent: 0, isDivided: false });
    const inner = matmul.loops.findIndex(({ body }) => body.includes('mad_f32'));
    expect(matmul.buffers.find(({ space }) => space === 'l0a')).toMatchObject({
      copies: 2,
      readers: ['mad_f32'],
      loop: inner,
    });
    for (const { tiles } of kernels)
      for (const { space, address, bytes, copies } of tiles!.buffers)
        expect(address + bytes * copies).toBeLessThanOrEqual(section.chip.memories[space]);
  });

  it('disassembles streams with places, and counts executions', () => {
    for (const [number, kernel] of kernels.entries()) {
      const [stream] = kernel.streams;
      expect(stream.words).toEqual([...program.kernels[number].streams[0].words]);
      const addresses = new Set(stream.at.map((word) => `0x${(word * 4).toString(16)}`));
      for (const [text] of stream.text
        .filter((each) => /^(b..|jump) /.test(each))
        .map((each) => each.split(' ').slice(-1)))
        expect(addresses).toContain(text);
      for (const text of stream.text) expect(instructionByMnemonic.has(text.split(' ', 1)[0])).toBe(true);
      const blocks = launches.reduce((sum, launch) => sum + (launch.kernel === number ? launch.blocks : 0), 0);
      expect(stream.executed[0]).toBe(blocks);
      expect(new Set(stream.place)).toEqual(new Set([kernel.place]));
    }
  });

  it('keeps the longest launch of each kernel, lane by lane without overlaps, and its sums', () => {
    for (const { trace, streams } of kernels) {
      if (trace === null) continue;
      const launch = launches[trace.launch];
      expect(trace.allCores).toHaveLength(launch.blocks);
      const cycles = trace.allCores.map((core) => core.cycles);
      expect(trace.cores[0].cycles).toBe(Math.max(...cycles));
      if (cycles.length > 1) expect(trace.cores[1].cycles).toBe(Math.min(...cycles));
      for (const core of trace.cores)
        for (const lane of core.lanes) {
          expect(Math.min(...lane.gaps)).toBeGreaterThanOrEqual(0);
          expect(Math.min(...lane.lengths)).toBeGreaterThan(0);
          expect(lane.states).not.toContain(IDLE);
          expect(Math.max(...lane.instructions)).toBeLessThan(streams[core.stream].at.length);
          const end = [...lane.gaps, ...lane.lengths].reduce((sum, ticks) => sum + ticks, 0);
          expect(end).toBeLessThanOrEqual(Math.ceil(launch.cycles * TICKS));
        }
    }
  });

  it('leaves out what is over the limit, and says how much', () => {
    const few = lenet({ traceEvents: 20 }).section;
    expect(few.events.kept).toBeLessThan(section.events.kept);
    expect(few.events.limit).toBe(20);
    const total = (one: typeof section): number => one.events.kept + one.events.omitted;
    expect(total(few)).toBeGreaterThanOrEqual(total(section) * 0.99);
    expect(few.launches).toEqual(launches);
    for (const { trace } of few.kernels)
      for (const { lanes } of trace?.cores ?? [])
        expect(lanes.reduce((sum, { gaps }) => sum + gaps.length, 0)).toBeLessThanOrEqual(20);
  });

  it('reads in a terminal', () => {
    const text = kernelsText(section, head, { color: false, width: 160 });
    expect(text).toContain('in 9 launches of 9 kernels on ascend910b1');
    expect(text).toMatch(/#\s+kernel\s+time/);
    expect(text).toMatch(/matmul_f32_0 .* launch .*lenet5\.py:24/);
    expect(text).toMatch(/^MTE2 .* barrier/m);
  });

  it('is a Chrome trace whose slices nest and whose flows bind', () => {
    const [file] = chromeTraceExport.make(report, 'lenet5');
    expect(file.name).toBe('lenet5.trace.json');
    const { traceEvents } = JSON.parse(file.text) as { traceEvents: readonly TraceEvent[] };
    const slices = new Map<string, TraceEvent[]>();
    for (const event of traceEvents.filter(({ ph }) => ph === 'X')) {
      const lane = `${event.pid} ${event.tid}`;
      slices.set(lane, [...(slices.get(lane) ?? []), event]);
    }
    for (const lane of slices.values())
      lane.forEach((event, index) => {
        expect(event.dur).toBeGreaterThan(0);
        if (index > 0) expect(event.ts).toBeGreaterThanOrEqual(lane[index - 1].ts + lane[index - 1].dur! - 1e-9);
      });
    expect(slices.get('launches launches')).toHaveLength(9);
    const flows = traceEvents.filter(({ ph }) => ph !== 'X');
    expect(flows.length).toBeGreaterThan(50);
    for (const { pid, tid, ts } of flows) {
      const lane = slices.get(`${pid} ${tid}`) ?? [];
      expect(lane.some((slice) => slice.cat === 'instruction' && slice.ts <= ts && ts <= slice.ts + slice.dur!)).toBe(
        true,
      );
    }
    const ids = flows.map(({ ph, id }) => `${ph}${id}`);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { ph, id } of flows) expect(ids).toContain(`${ph === 's' ? 'f' : 's'}${id}`);
    const stall = traceEvents.find(({ name }) => name === 'stall: flag');
    expect(stall?.args).toMatchObject({ stall: 'waits for a flag of another pipe' });
  });
});

interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: string;
  readonly tid: string;
  readonly ts: number;
  readonly dur?: number;
  readonly id?: number;
  readonly cat: string;
  readonly args: Readonly<Record<string, string>>;
}

describe('hand-written programs', () => {
  it('divide a launch whose instructions come from several places by busy cycles', () => {
    const text = `.loc 0\nmov X1, 0\n.loc 1\n${LOAD}\n.loc 2\n${VADD}\n${VADD}\nend`;
    const [one, other] = ['"a.py":1:1', '"a.py":2:1'];
    const locations = [`fused[${one}, ${other}]`, one, other];
    const { section, head } = sectioned(assemblyProgram(text, [{ location: 0 }], locations), null);
    const [{ seconds, microseconds }] = section.launches;
    expect(seconds.map(({ place }) => head.places[place].positions[0].line)).toEqual([1, 2]);
    expect(seconds[0].seconds + seconds[1].seconds).toBeCloseTo(microseconds * 1e-6, 15);
    const transfer = section.kernels[0].streams[0].work[1];
    expect(seconds[0].seconds / seconds[1].seconds).toBeCloseTo(transfer / (10 + 64 + 64), 1);
  });

  it('give a launch to its own place when the kernel was made for another', () => {
    const launches = [{ location: 0 }, { location: 1 }];
    const program = assemblyProgram(`.loc 0\n${VADD}\nend`, launches, ['"a.py":1:1', '"a.py":2:1']);
    const { section, head } = sectioned(program, null);
    const lines = section.launches.map(({ seconds }) =>
      seconds.map(({ place }) => head.places[place].positions[0].line),
    );
    expect(lines).toEqual([[1], [2]]);
    expect(section.kernels[0].streams[0].executed[0]).toBe(2);
    expect(section.kernels[0].tiles).toBeNull();
  });

  it('end at a fault, which is said with its place', () => {
    const program = assemblyProgram('wait_flag PIPE_MTE2, PIPE_V, 0\nend', [{ location: 0 }], ['"a.py":7:1']);
    const { section, head } = sectioned(program, null);
    expect(section.launches).toEqual([]);
    expect(section.fault?.message).toContain('which is not set before it');
    expect(head.places[section.fault!.place].positions[0].line).toBe(7);
    expect(kernelsText(section, head, { color: false, width: 200 })).toContain('timing ended: core0.veccore0');
  });

  it('follow the control flow of a run, or assume one', () => {
    const program = assemblyProgram(`${VADD}\nend`, [{}]);
    const main = [{ kind: 'while', test: [], condition: 0, body: program.main } as const];
    const assumed = sectioned({ ...program, main }, null).section;
    expect([assumed.controlFlow, assumed.launches.length]).toEqual(['assumed', 1]);
    const decided = sectioned({ ...program, main }, null, { decisions: [true, true, true, true, false] }).section;
    expect([decided.controlFlow, decided.launches.length]).toEqual(['decided', 4]);
    expect(decided.kernels[0].streams[0].executed[0]).toBe(4);
    expect(decided.kernels[0].trace?.cores[0].lanes.length).toBeGreaterThan(0);
  });
});

describe('what a launch is bound by', () => {
  const states = (parts: Readonly<Record<string, readonly number[]>>): number[] => {
    const all = new Array<number>(pipeNames.length * pipeStates.length).fill(0);
    for (const [pipe, row] of Object.entries(parts))
      row.forEach(
        (value, state) => (all[pipeNames.findIndex((name) => name === pipe) * pipeStates.length + state] = value),
      );
    return all;
  };
  it.each([
    ['cube', { M: [700], MTE1: [600] }],
    ['vector', { V: [400, 100, 200], MTE2: [600] }],
    ['memory', { MTE2: [300, 0, 0, 400], M: [600] }],
    ['memory', { FIX: [900] }],
    ['on-chip', { MTE1: [600] }],
    ['scalar', { S: [800], V: [300] }],
    ['latency', { M: [400], MTE2: [450] }],
  ])('%s', (bound, parts) => expect(boundOf(states(parts), 1000, 100)).toBe(bound));
  it('launch: starting costs ten times as much', () => {
    expect(boundOf(states({ M: [990] }), 1000, 10_001)).toBe('launch');
    expect(boundOf(states({ M: [990] }), 1000, 10_000)).toBe('cube');
  });
  it('is judged by the cores that have a pipe: a vector core does not halve the work of the cube', () => {
    const mad = 'mad_f16 0, 0, 0, 64, 64, 64, 0, 0, 0, 1, 0\nend';
    const launch = { cube: stream(mad), vector: stream(`${VADD}\nend`), blocks: 1, arguments: [0] };
    const result = simulate(launch, defaultChip, globalMemory(64), { record: { segmentsPerCore: 100 } });
    if (!result.ok || result.report.record === null) throw new Error('not timed');
    const { cores } = result.report.record;
    expect(cores.map(({ kind }) => kind)).toEqual(['cube', 'vector', 'vector']);
    const mean = meanStates(cores);
    const [vadd, work] = [pipeNames.indexOf('V') * laneStates.length, pipeNames.indexOf('M') * laneStates.length];
    expect(mean[work]).toBe(cores[0].cycles[work]);
    expect(mean[vadd]).toBe(64);
    expect(mean[0]).toBeCloseTo(cores.reduce((sum, { cycles }) => sum + cycles[0], 0) / 3, 9);
  });
  it('the main stall is that of the busiest queue', () => {
    const flag = pipeStates.findIndex(({ name }) => name === 'flag');
    const row = [500, 20, 0, 0, 0, 300];
    expect(mainStallOf(states({ M: row, MTE2: [100, 0, 0, 300] }))).toEqual({
      state: flag,
      pipe: pipeNames.indexOf('M'),
    });
    expect(mainStallOf(states({ V: [100] }))).toBeNull();
  });
});

/** What a report says at a glance: figures of its sections, diagnostics with their places. */
import { describe, expect, it } from 'vitest';
import { fileLocation, locationText, type Diagnostic } from '../../compiler/ir/index.ts';
import { reportDiagnostics } from '../../tools/inspect/collect/diagnostics.ts';
import { PlaceTable } from '../../tools/inspect/collect/places.ts';
import {
  type Cost,
  type CostSection,
  type KernelSection,
  type LaunchFacts,
  NOWHERE,
  pipeNames,
  pipeStates,
  type ReportHead,
  reportFacts,
} from '../../tools/inspect/report/index.ts';
import { summaryText } from '../../tools/inspect/text/summary.ts';

const cost = (part: Partial<Cost>): Cost => ({
  ...{ ops: 0, flops: 0, tensorBytes: 0, parameters: 0, parameterBytes: 0, seconds: 0, bytes: 0 },
  ...part,
});

const costs = (part: Partial<CostSection>): CostSection => ({
  kind: 'costs',
  timed: false,
  total: cost({ ops: 1234, flops: 8_230_000_000, parameters: 2048, parameterBytes: 8192 }),
  backward: cost({}),
  multiplyAdds: 4_090_000_000,
  places: [],
  cells: [],
  kinds: [],
  ...part,
});

/** A launch whose cube works half of its time. */
const launch = (kernel: number, microseconds: number, bound: LaunchFacts['bound']) =>
  ({
    kernel,
    microseconds,
    bound,
    cycles: 1000,
    hbmBytes: 2 ** 20,
    l2Bytes: 2 ** 20,
    executed: [{ unit: 'cube', dtype: 'f16', operations: 1e6 }],
    states: pipeNames.flatMap((name) => pipeStates.map((_, state) => (name === 'M' && state === 0 ? 500 : 0))),
    // The summary reads no other column.
  }) as unknown as LaunchFacts;

const kernels = (launches: readonly LaunchFacts[]) =>
  ({
    kind: 'kernels',
    launches,
    microseconds: launches.reduce((sum, { microseconds }) => sum + microseconds, 0),
    fault: null,
    controlFlow: 'none',
    chip: { hbmBytesPerSecond: 1e12 },
    // The summary reads no other column.
  }) as unknown as KernelSection;

const factsOf = (...sections: Parameters<typeof reportFacts>): Readonly<Record<string, string>> =>
  Object.fromEntries(reportFacts(...sections).map(({ name, value }) => [name, value]));

describe('figures', () => {
  it('of the network', () => {
    expect(factsOf({ costs: costs({}) })).toEqual({
      operations: '1,234',
      parameters: '2.05 k (8 KiB)',
      arithmetic: '8.23 Gflop',
      'multiply-adds': '4.09 G',
    });
  });

  it('of its backward pass', () => {
    const total = cost({ ops: 3, flops: 300, seconds: 8 });
    const facts = factsOf({ costs: costs({ timed: true, total, backward: cost({ ops: 2, flops: 200, seconds: 4 }) }) });
    expect(facts).toMatchObject({ arithmetic: '300 flop', backward: '66.7 % of the arithmetic, 50.0 % of the time' });
  });

  it('of a backward pass without arithmetic, or without time, are those that there are', () => {
    const backwardOf = (part: Partial<Cost>): string | undefined =>
      factsOf({ costs: costs({ timed: true, total: cost({ ops: 3, ...part }), backward: cost({ ops: 1 }) }) }).backward;
    expect(backwardOf({ seconds: 2 })).toBe('0.0 % of the time');
    expect(backwardOf({ flops: 2 })).toBe('0.0 % of the arithmetic');
    expect(backwardOf({})).toBeUndefined();
  });

  it('of the machine', () => {
    const section = kernels([launch(0, 6, 'memory'), launch(1, 3, 'cube'), launch(1, 1, 'memory')]);
    expect(factsOf({ kernels: section })).toEqual({
      'simulated time': '10 us',
      launches: '3 of 2 kernels',
      rate: '300 Gop/s',
      'HBM traffic': '3 MiB (31.5 % of the bandwidth)',
      'GM traffic': '6 MiB',
      'cube busy': '50.0 %',
      'vector busy': '0.0 %',
      'held up by': 'memory traffic (70.0 % of the time, the cube 30.0 %)',
    });
  });

  it('name the section that they come from, and nothing is said of sections that are absent', () => {
    expect(reportFacts({})).toEqual([]);
    expect(new Set(reportFacts({ costs: costs({}) }).map(({ view }) => view))).toEqual(new Set(['costs']));
    const nothingTimed = factsOf({ kernels: kernels([]) });
    expect(nothingTimed).toEqual({ 'simulated time': '0 s', launches: '0 of 0 kernels' });
  });
});

const diagnostic = (part: Partial<Diagnostic>): Diagnostic => ({
  code: 'MSC0001',
  severity: 'error',
  exitClass: 'user-error',
  message: 'what is wrong',
  span: null,
  related: [],
  help: null,
  notes: [],
  ...part,
});

describe('diagnostics', () => {
  const text = 'one\ntwo three\n';
  const table = (): PlaceTable => new PlaceTable((name) => (name === 'net.py' ? text : null));

  it('have the place of their span', () => {
    const places = table();
    const span = { file: { name: 'net.py', text }, start: text.indexOf('three'), end: text.indexOf('three') + 5 };
    const [shown] = reportDiagnostics([diagnostic({ span, help: 'do this', notes: ['why'] })], places);
    expect(shown).toEqual({
      severity: 'error',
      code: 'MSC0001',
      message: 'what is wrong\nwhy',
      help: 'do this',
      place: places.number(fileLocation('net.py', 2, 5)),
    });
  });

  it('have the place that a note tells, which is said no second time', () => {
    const places = table();
    const at = fileLocation('net.py', 2, 1);
    const [shown] = reportDiagnostics([diagnostic({ notes: [`at ${locationText(at)}`, 'at noon'] })], places);
    expect(shown.place).toBe(places.number(at));
    expect(shown.message).toBe('what is wrong\nat noon');
  });

  it('have none otherwise, and are shown in a terminal as printable text', () => {
    const places = table();
    const diagnostics = reportDiagnostics([diagnostic({ message: 'bad \u001b[2J name' })], places);
    expect(diagnostics[0].place).toBe(NOWHERE);
    const head: ReportHead = {
      schema: 1,
      version: '0.0.0',
      subject: { command: 'compile', file: 'net.py', entry: null, inputs: [], target: 'ascend910b1', cluster: null },
      facts: [{ name: 'launches', value: '3', view: 'kernels' }],
      diagnostics,
      sources: places.sources,
      places: places.places,
    };
    const shown = summaryText(head, { color: false, width: 80 });
    expect(shown.split('\n')).toEqual([
      'net.py  ascend910b1  msc 0.0.0',
      '  launches  3',
      '',
      'error[MSC0001]: bad ·[2J name',
    ]);
  });
});

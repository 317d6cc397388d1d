/** The plan section: sums are what they are sums of, reasons are true, collectives cost what the formulas of the target say. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  certifyLayers,
  losingPlans,
  memoryOf,
  memoryTerms,
  pipelineTime,
  searchPlan,
  stepTerms,
  type DescribedNetwork,
  type PlanAnswer,
  type PlanRequest,
} from '../../compiler/passes/plan/index.ts';
import { failure, locationText } from '../../compiler/ir/index.ts';
import { collectiveSecondsOfShape, stridedShape } from '../../runtime/target/index.ts';
import { planSection } from '../../tools/inspect/collect/plan/index.ts';
import { PlaceTable } from '../../tools/inspect/collect/places.ts';
import { csvFiles } from '../../tools/inspect/export/csv.ts';
import {
  idleShare,
  scheduleOf,
  type PipelineShape,
  type PlanSection,
  type ReportHead,
} from '../../tools/inspect/report/index.ts';
import { planText } from '../../tools/inspect/text/plan.ts';
import { Folder } from '../cli/harness.ts';
import { described, llamaSource, requestFor } from '../plan/networks.ts';
import { sampleReport } from '../page/report-file.ts';

const folder = new Folder();
let network: DescribedNetwork;

beforeAll(async () => {
  folder.write('llama.py', llamaSource());
  network = await described(folder, 'llama.py', "Llama('tiny', 16)", 'ids=2x16:i32');
});

interface Planned {
  readonly request: PlanRequest;
  readonly answer: PlanAnswer;
  readonly section: PlanSection;
  readonly places: PlaceTable;
}

const known = new Map<string, Planned>();

/** A plan of the small Llama; the same request is searched once. */
function planned(change: Partial<PlanRequest> = {}, cluster = '910b1:1x4'): Planned {
  const key = JSON.stringify([change, cluster]);
  const result = known.get(key) ?? plannedAnew(change, cluster);
  known.set(key, result);
  return result;
}

function plannedAnew(change: Partial<PlanRequest>, cluster: string): Planned {
  const request = requestFor(network, cluster, { globalBatch: 8, ...change });
  const answer = searchPlan(request);
  const places = new PlaceTable(() => null);
  const section = planSection({ request, answer, certificates: null, divided: failure('not tried'), places });
  if (section === null) throw new Error('no plan fits');
  return { request, answer, section, places };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Ways of dividing that each bring communication of another kind. */
const divisions: readonly (readonly [string, PlanRequest['fixed'], string])[] = [
  ['tensor parallelism', { tensor: 2, data: 2 }, '910b1:1x4'],
  ['sequence parallelism', { tensor: 2, 'sequence-parallel': 1, pipeline: 2 }, '910b1:1x4'],
  ['a pipeline', { pipeline: 4, 'micro-batch': 1 }, '910b1:1x4'],
  ['context parallelism', { context: 2, tensor: 2 }, '910b1:1x4'],
  ['ZeRO 3 between servers', { data: 8, zero: 3, 'micro-batch': 1 }, '910b1:2x4'],
  ['layers that run again', { tensor: 2, pipeline: 2, recompute: 50 }, '910b1:1x4'],
];

describe.each(divisions)('a plan with %s', (_, fixed, cluster) => {
  it('takes as long as its terms together', () => {
    const { best } = planned({ fixed }, cluster).section;
    expect(sum(best.terms)).toBeCloseTo(best.seconds, 12);
    expect(sum(best.memory)).toBeCloseTo(best.bytes, 3);
  });

  it('waits for its collectives as its terms say', () => {
    const { section } = planned({ fixed }, cluster);
    for (const term of [
      'exposed tensor, context and expert collectives',
      'stage transfers',
      'gradient and weight collectives',
    ]) {
      const rows = section.collectives.filter((row) => row.term === term);
      const expected = section.best.terms[section.terms.indexOf(term)];
      expect(sum(rows.map((row) => row.stepSeconds))).toBeCloseTo(expected, 10);
    }
  });

  it('has collectives that take what the formulas of the target say', () => {
    const { request, section } = planned({ fixed }, cluster);
    const { tensor, context } = searchPlan(request).best?.configuration ?? { tensor: 1, context: 1 };
    const strides: Readonly<Record<string, number>> = { mp: 1, cp: tensor, dp: tensor };
    const checked = section.collectives.filter(({ axis }) => axis in strides);
    expect(section.collectives.length).toBeGreaterThan(0);
    for (const { operation, bytes, devices, axis, seconds, algorithm } of checked) {
      const shape = stridedShape(devices, strides[axis], request.cluster);
      // Operations of rows are those of the target's formulas.
      const found = collectiveSecondsOfShape(operation as 'all_reduce', bytes, shape, request.cluster);
      expect({ seconds, algorithm }).toEqual(found);
      expect(devices).toBe(axis === 'mp' ? tensor : axis === 'cp' ? context : devices);
    }
  });

  it('has stages whose owners add up to their memory, the fullest as the plan says', () => {
    const { section } = planned({ fixed }, cluster);
    for (const { memory, bytes } of section.stages) expect(sum(memory)).toBeCloseTo(bytes, 3);
    expect(Math.max(...section.stages.map(({ bytes }) => bytes))).toBeCloseTo(section.best.bytes, 3);
    expect(section.stages.map(({ last, first }) => last - first + 1).reduce((all, each) => all + each, 0)).toBe(
      section.pipeline.forward.length,
    );
  });

  it('has tensors with a layout for each dimension, and parameters that fill the weights of all stages', () => {
    const { section, answer, request } = planned({ fixed }, cluster);
    for (const { layout, type } of section.tensors) expect(layout.length).toBe(type.split('x').length - 1);
    if ((fixed.zero ?? answer.best?.configuration.zero) === 3) return;
    const weights = sum(
      section.tensors.filter(({ kind }) => kind === 'parameter').map(({ bytes, count }) => bytes * count),
    );
    const held = answer.best === null ? [] : memoryOf(answer.best).map(({ terms }) => terms.weights);
    expect(weights).toBeCloseTo(sum(held), 3);
    expect(request.weightBytes).toBe(2);
  });
});

describe('reasons', () => {
  it('name terms that are really longer, the longest first', () => {
    const { request, answer } = planned();
    const { best } = answer;
    const losing = losingPlans(request, answer);
    expect(losing.length).toBeGreaterThan(5);
    for (const { candidate, terms, longer, excess } of losing) {
      expect(excess).toBeNull();
      expect(longer).toBeGreaterThanOrEqual(0);
      expect(sum(terms.map(({ more }) => more))).toBeCloseTo(longer, 12);
      expect(terms.map(({ more }) => more)).toEqual(terms.map(({ more }) => more).toSorted((a, b) => b - a));
      for (const { term, more } of terms)
        expect(candidate.time.terms[term] - (best?.time.terms[term] ?? 0)).toBeCloseTo(more, 15);
    }
  });

  it('are different plans, the fastest first, none of them the winner', () => {
    const { answer, section } = planned();
    const texts = section.lost.map(({ text }) => text);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts).not.toContain(section.best.text);
    const seconds = answer.runnersUp.map(({ time }) => time.seconds);
    expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
    expect(answer.runnersUp[0]?.time.seconds).toBeLessThanOrEqual(answer.runnerUp?.time.seconds ?? 0);
  });

  it('say how many bytes are too many and who owns them, of plans that would be faster', () => {
    const roomy = planned();
    const memoryBytes = roomy.section.best.bytes * 0.5;
    const { section, request, answer } = planned({ memoryBytes });
    const unfit = section.lost.filter(({ verdict }) => verdict === 'does not fit');
    expect(unfit.length).toBeGreaterThan(0);
    for (const { over, bytes, seconds, memory, owner, reason } of unfit) {
      expect(over).toBeCloseTo(bytes - memoryBytes, 6);
      expect(seconds).toBeLessThan(section.best.seconds);
      expect(memory[section.memoryTerms.indexOf(owner)]).toBe(Math.max(...memory));
      expect(reason).toMatch(/% faster, but does not fit: .* too much/);
    }
    for (const { excess } of losingPlans(request, answer).filter((each) => each.excess !== null))
      expect(excess?.ownerBytes).toBeGreaterThan(0);
  });

  it('say which stated choice a faster plan contradicts', () => {
    const free = planned().section.best;
    const tensor = free.choices.find(({ name }) => name === 'tensor')?.value === 2 ? 1 : 2;
    const { section } = planned({ fixed: { tensor, zero: 0 } });
    const [first] = section.lost;
    expect(first.verdict).toBe('contradicts');
    expect(first.reason).toMatch(/% faster, but contradicts the stated .*tensor/);
    expect(first.seconds).toBeCloseTo(free.seconds, 12);
  });
});

it('a stated choice that the best plan makes anyway contradicts nothing', () => {
  const free = planned().section.best;
  const tensor = free.choices.find(({ name }) => name === 'tensor')?.value ?? 1;
  const { section } = planned({ fixed: { tensor } });
  expect(section.best.text).toBe(free.text);
  expect(section.lost.map(({ text }) => text)).not.toContain(free.text);
});

describe('a schedule', () => {
  const shape = (stages: number, microBatches: number, virtualStages: number): PipelineShape => ({
    microBatches,
    virtualStages,
    forward: Array.from({ length: stages }, () => 1),
    backward: Array.from({ length: stages }, () => 2),
    seconds: 0,
    bubbleShare: 0,
    updateSeconds: 0,
  });

  it.each([
    [1, 4, 1],
    [4, 8, 1],
    [4, 2, 1],
    [4, 8, 2],
    [8, 8, 4],
    [16, 64, 5],
  ])('of %i equal stages, %i micro-batches and %i chunks ends and waits as the formula says', (p, m, v) => {
    const schedule = scheduleOf(shape(p, m, v));
    expect(schedule.seconds).toBeCloseTo(
      pipelineTime(
        Array.from({ length: p }, () => 3),
        m,
        v,
      ).seconds,
      9,
    );
    expect(idleShare(schedule)).toBeCloseTo((p - 1) / (p - 1 + v * m), 9);
  });

  it('keeps order: a forward after that of the stage before, a backward after that of the stage after', () => {
    const schedule = scheduleOf(shape(4, 8, 2));
    const ends = new Map<string, number>();
    for (let stage = 0; stage < 4; stage += 1)
      for (let piece = schedule.begins[stage]; piece < schedule.begins[stage + 1]; piece += 1) {
        const key = [schedule.isBackward[piece], schedule.chunk[piece], schedule.microBatch[piece], stage].join();
        expect(ends.has(key)).toBe(false);
        ends.set(key, schedule.end[piece]);
      }
    expect(ends.size).toBe(4 * 8 * 2 * 2);
    for (let microBatch = 0; microBatch < 8; microBatch += 1)
      for (let stage = 1; stage < 4; stage += 1) {
        expect(ends.get([0, 1, microBatch, stage].join())).toBeGreaterThan(
          ends.get([0, 1, microBatch, stage - 1].join()) ?? 0,
        );
        expect(ends.get([1, 0, microBatch, stage - 1].join())).toBeGreaterThan(
          ends.get([1, 0, microBatch, stage].join()) ?? 0,
        );
      }
  });

  it.each([
    [4, 8, 1, [4, 3, 2, 1]],
    [4, 8, 2, [11, 9, 7, 5]],
  ])('of %i stages, %i micro-batches and %i chunks warms up as Megatron-LM does', (p, m, v, forwards) => {
    const { begins, isBackward } = scheduleOf(shape(p, m, v));
    expect(forwards.map((_, stage) => isBackward.indexOf(1, begins[stage]) - begins[stage])).toEqual(forwards);
  });

  it('of unequal stages is never shorter than the busiest of them', () => {
    const schedule = scheduleOf({ ...shape(3, 6, 1), forward: [1, 3, 1], backward: [2, 6, 2] });
    expect(schedule.seconds).toBeGreaterThanOrEqual(6 * 9 + 1 + 2);
  });
});

describe('layouts and causes', () => {
  it('cut columns, then rows of the weights, and sum after the rows', () => {
    const { section, places } = planned({ fixed: { tensor: 2, data: 2, 'sequence-parallel': 0 } });
    const layoutOf = (name: string): readonly string[] | undefined =>
      section.tensors.find((row) => row.name === name)?.layout;
    expect(layoutOf('layers.0.attention.query.weight')).toEqual(['mp', '']);
    expect(layoutOf('layers.0.attention.output.weight')).toEqual(['', 'mp']);
    expect(layoutOf('layers.0.attention_norm.weight')).toEqual(['']);
    const sums = section.collectives.filter(({ axis, sweep }) => axis === 'mp' && sweep === 'forward');
    expect(sums.map(({ operation }) => operation)).toContain('all_reduce');
    for (const { place } of sums) expect(places.places[place].text).toContain('llama.py');
    const output = sums.filter(({ place }) => places.places[place].cell === 'layers.0.attention.output');
    expect(output.map(({ reason }) => reason)).toEqual([expect.stringContaining('each device has a part of the sum')]);
  });

  it('cut samples over dp and tokens over cp', () => {
    const { section } = planned({ fixed: { data: 2, context: 2 } });
    const activations = section.tensors.filter(({ kind, type }) => kind === 'activation' && type.includes('2x16x64'));
    expect(activations.length).toBeGreaterThan(3);
    for (const { layout, bytes } of activations) {
      expect(layout).toEqual(['dp', 'cp', '']);
      expect(bytes).toBeGreaterThan(0);
    }
  });

  it('keep the samples of a traced batch of one', async () => {
    const single = await described(folder, 'llama.py', "Llama('tiny', 16)", 'ids=1x16:i32');
    const request = requestFor(single, '910b1:1x4', { globalBatch: 8, fixed: { data: 4 } });
    const section = planSection({
      request,
      answer: searchPlan(request),
      certificates: null,
      divided: failure(''),
      places: new PlaceTable(() => null),
    });
    const cuts = section?.tensors.filter(({ kind }) => kind === 'activation').map(({ layout }) => layout.join());
    expect(cuts?.every((layout) => layout.includes('dp'))).toBe(true);
  });
});

describe('the section as text and tables', () => {
  it('says the same figures', async () => {
    const { section, request } = planned({ fixed: { tensor: 2, pipeline: 2 } });
    const { head } = sampleReport();
    const text = planText(section, head, { color: false, width: 200 });
    expect(text).toContain(section.best.text);
    for (const { reason } of section.lost.slice(0, 5)) expect(text).toContain(reason);
    const [plans] = csvFiles({ head, sections: { plan: section } }).filter(({ name }) => name === 'plans.csv');
    const lines = plans.text.split('\r\n');
    expect(lines[0]).toContain(stepTerms.map((term) => (term.includes(',') ? `"${term} s"` : `${term} s`)).join(','));
    expect(lines[0]).toContain(memoryTerms.map((term) => `${term} bytes`).join(','));
    expect(lines.length).toBe(section.lost.length + 3);
    const certificates = await certifyLayers(request.described, 2, request.cluster, 5);
    const places = new PlaceTable(() => null);
    const certified = planSection({ request, answer: searchPlan(request), certificates, divided: failure(''), places });
    expect(certified?.proof.at(-1)).toContain('bound of HiGHS');
  });

  it('keeps formulas of names out of spreadsheets, and quotes what CSV must', () => {
    const { section } = planned();
    const [row] = section.tensors;
    const tensors = ['=HYPERLINK("x")', '+1', '-1', '@a', 'a,b', 'a"b', 'plain'].map((name) => ({ ...row, name }));
    const { head } = sampleReport();
    const files = csvFiles({ head, sections: { plan: { ...section, tensors } } });
    const text = files.find(({ name }) => name === 'plan-tensors.csv')?.text ?? '';
    const names = text
      .split('\r\n')
      .slice(1, 8)
      .map((line) => /^[a-z]+,("(?:[^"]|"")*"|[^,]*)/.exec(line)?.[1]);
    expect(names).toEqual([`"'=HYPERLINK(""x"")"`, "'+1", "'-1", "'@a", '"a,b"', '"a""b"', 'plain']);
  });
});

const textOfHead = (head: ReportHead): string => head.places.map(({ text }) => text).join();

it('names places that the head has', () => {
  const { section, places } = planned({ fixed: { tensor: 2 } });
  const numbers = [...section.tensors, ...section.collectives].map(({ place }) => place);
  expect(Math.max(...numbers)).toBeLessThan(places.places.length);
  const [operation] = network.view.operations;
  const head = { ...sampleReport().head, places: places.places };
  expect(textOfHead(head)).toContain(locationText(operation.location));
});

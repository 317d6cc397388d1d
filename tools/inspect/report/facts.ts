/** The figures of a report's summary, each with the section that shows where it comes from. */
import type { Cost, CostSection } from './costs.ts';
import { formatAmount, formatBytes, formatCount, formatPercent, formatSeconds } from './format.ts';
import { busyShare, bytesOf, operationsOf } from './kernel-figures.ts';
import { type Bound, type KernelSection, pipeNames } from './kernels.ts';
import { deviceFigures } from './memory-figures.ts';
import type { MemorySection } from './memory.ts';
import type { PipelineSection } from './pipeline.ts';
import type { PlanSection } from './plan.ts';
import type { RankSection } from './ranks.ts';
import type { Fact, SectionName, Sections } from './report.ts';

/** A figure without its section. */
type Figure = readonly [name: string, value: string];

/** In the order of the summary: what the network is, what the machine did, what compiling took. */
const figures: { readonly [Name in SectionName]?: (section: Sections[Name]) => readonly Figure[] } = {
  costs: costFigures,
  kernels: kernelFigures,
  memory: memoryFigures,
  plan: planFigures,
  ranks: rankFigures,
  pipeline: pipelineFigures,
};

export function reportFacts(sections: Partial<Sections>): readonly Fact[] {
  // Keys of a record that is declared with these keys.
  const facts = (Object.keys(figures) as SectionName[]).flatMap((view) =>
    figuresOf(view, sections).map(([name, value]): Fact => ({ name, value, view })),
  );
  // Costs and the plan both count parameters: the first says it.
  return facts.filter(({ name }, index) => facts.findIndex((fact) => fact.name === name) === index);
}

function figuresOf<Name extends SectionName>(name: Name, sections: Partial<Sections>): readonly Figure[] {
  const section: Sections[Name] | undefined = sections[name];
  return section === undefined ? [] : (figures[name]?.(section) ?? []);
}

function costFigures({ total, backward, multiplyAdds }: CostSection): readonly Figure[] {
  if (total.ops === 0) return [];
  const parameters = `${formatAmount(total.parameters)} (${formatBytes(total.parameterBytes)})`;
  const shares = backward.ops > 0 ? sharesOf(backward, total) : [];
  return [
    ['operations', formatCount(total.ops)],
    ...(total.parameters > 0 ? [['parameters', parameters] as const] : []),
    ['arithmetic', withUnit(total.flops, 'flop')],
    ...(shares.length > 0 ? [['backward', shares.join(', ')] as const] : []),
    ...(multiplyAdds > 0 ? [['multiply-adds', formatAmount(multiplyAdds)] as const] : []),
  ];
}

/** Which part of the arithmetic and of the time it is, of what there is any of. */
const sharesOf = (part: Cost, all: Cost): readonly string[] => [
  ...(all.flops > 0 ? [`${formatPercent(part.flops / all.flops)} of the arithmetic`] : []),
  ...(all.seconds > 0 ? [`${formatPercent(part.seconds / all.seconds)} of the time`] : []),
];

/** `8.23 Gflop`: a prefix stands at its unit. */
function withUnit(value: number, unit: string): string {
  const text = formatAmount(value);
  return /\d$/.test(text) ? `${text} ${unit}` : text + unit;
}

/** What holds launches up, as the summary says it. */
const verdicts: Readonly<Record<Bound, string>> = {
  cube: 'the cube',
  vector: 'the vector unit',
  memory: 'memory traffic',
  'on-chip': 'on-chip moves',
  scalar: 'the scalar unit',
  latency: 'waiting',
  launch: 'starting kernels',
};

function kernelFigures(section: KernelSection): readonly Figure[] {
  const { launches, microseconds, fault, chip, controlFlow } = section;
  const seconds = microseconds * 1e-6;
  const bytes = launches.reduce((sum, launch) => sum + bytesOf(launch), 0);
  const hbmBytes = launches.reduce((sum, launch) => sum + launch.hbmBytes, 0);
  const operations = launches.reduce((sum, launch) => sum + operationsOf(launch), 0);
  const started = new Set(launches.map(({ kernel }) => kernel)).size;
  const rate = hbmBytes / seconds / chip.hbmBytesPerSecond;
  return [
    [
      'simulated time',
      `${formatSeconds(seconds)}${fault === null ? '' : ' until the fault'}${assumption(controlFlow)}`,
    ],
    ['launches', `${formatCount(launches.length)} of ${formatCount(started)} kernels`],
    ...(seconds === 0
      ? []
      : ([
          ['rate', withUnit(operations / seconds, 'op/s')],
          ['HBM traffic', `${formatBytes(hbmBytes)} (${formatPercent(rate)} of the bandwidth)`],
          ['GM traffic', formatBytes(bytes)],
          ['cube busy', formatPercent(meanBusy(section, 'M'))],
          ['vector busy', formatPercent(meanBusy(section, 'V'))],
          ['held up by', boundText(section)],
        ] as const)),
  ];
}

const assumption = (controlFlow: KernelSection['controlFlow']): string =>
  controlFlow === 'assumed' ? ' (branches taken, loops turned once)' : '';

/** Share of the program's time in which the pipe executes, the mean over the cores of each launch that have it. */
function meanBusy({ launches, microseconds }: KernelSection, name: (typeof pipeNames)[number]): number {
  const pipe = pipeNames.indexOf(name);
  return launches.reduce((sum, launch) => sum + busyShare(launch, pipe) * launch.microseconds, 0) / microseconds;
}

/** The two verdicts on launches that most of the time belongs to. */
function boundText({ launches, microseconds }: KernelSection): string {
  const times = new Map<Bound, number>();
  for (const launch of launches) times.set(launch.bound, (times.get(launch.bound) ?? 0) + launch.microseconds);
  const sorted = [...times].sort(([, one], [, other]) => other - one); // our own array
  const [most, second] = sorted.map(([bound, time]) => [verdicts[bound], formatPercent(time / microseconds)] as const);
  if (most === undefined) return '';
  return `${most[0]} (${most[1]} of the time${second === undefined ? '' : `, ${second.join(' ')}`})`;
}

function memoryFigures({ devices, deviceBytes }: MemorySection): readonly Figure[] {
  const all = devices.map((device) => deviceFigures(device));
  if (all.length === 0) return [];
  const fullest = all.reduce((most, one) => (one.gmBytes > most.gmBytes ? one : most));
  const share = deviceBytes === null ? '' : ` (${formatPercent(fullest.gmBytes / deviceBytes)} of HBM)`;
  const where = all.length > 1 ? ' on the fullest rank' : '';
  return [
    ['memory', `${formatBytes(fullest.gmBytes)}${share}${where}`],
    ['live at the peak', formatBytes(fullest.peakBytes)],
  ];
}

function planFigures({ best, question, lost, pipeline }: PlanSection): readonly Figure[] {
  const tokens = question.globalBatch * (question.sequence ?? 1);
  const unit = question.sequence === null ? 'samples' : 'tokens';
  return [
    ['parameters', formatAmount(question.parameters)],
    ['plan', best.text],
    ['step', `${formatSeconds(best.seconds)} (${formatAmount(tokens / best.seconds)} ${unit}/s)`],
    [
      'memory of the fullest stage',
      `${formatBytes(best.bytes)} (${formatPercent(best.bytes / question.memoryLimit)} of the limit)`,
    ],
    ...(pipeline.bubbleShare > 0 ? [['bubbles', formatPercent(pipeline.bubbleShare)] as const] : []),
    ['plans that lost', formatCount(lost.length)],
  ];
}

function rankFigures({ seconds, ranks }: RankSection): readonly Figure[] {
  const share = (part: (rank: RankSection['ranks'][number]) => number): string =>
    formatPercent(ranks.reduce((sum, rank) => sum + part(rank), 0) / (seconds * ranks.length));
  return [
    ['ranks', formatCount(ranks.length)],
    ['time of all ranks', formatSeconds(seconds)],
    ['communication not hidden', share(({ exposed }) => exposed)],
    ['idle', share(({ bubble }) => bubble)],
  ];
}

function pipelineFigures({ passes }: PipelineSection): readonly Figure[] {
  const own = passes.filter(({ partOf }) => partOf === null);
  const seconds = own.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000;
  const changed = own.filter(({ from, to }) => from !== to).length;
  return [['compile time', `${formatSeconds(seconds)} (${formatCount(changed)} passes changed the IR)`]];
}

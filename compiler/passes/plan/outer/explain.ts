/** A plan in words: what was chosen, what it costs, what else was possible and why it is worse. */
import { deviceCount } from '../../../../runtime/target/index.ts';
import { bubbleShare, type Configuration } from '../model/index.ts';
import type { LayerCertificate } from './certify.ts';
import { memoryOf } from './evaluate.ts';
import { losingPlan, losingText } from './reasons.ts';
import { bytesText, countText, percentText, secondsText } from './quantities.ts';
import { choiceOf, choices, recomputePercent, type Alternative, type Candidate, type Choice } from './request.ts';
import type { PlanAnswer, PlanRequest } from './request.ts';
import { statusText } from '../search/index.ts';

/** `data 16, tensor 1, …`: choices that do nothing are left out. */
export function choiceText(plan: Configuration): string {
  const words = choices.flatMap((choice) => {
    const value = choiceOf(plan, choice);
    const always = choice === 'data' || choice === 'tensor' || choice === 'pipeline' || choice === 'micro-batch';
    const idle = choice === 'recompute' || choice === 'zero' || choice === 'sequence-parallel' ? 0 : 1;
    return always || value !== idle ? [valueText(choice, value)] : [];
  });
  return `${words.join(', ')}, ${plan.microBatches} micro-batches`;
}

const valueText = (choice: Choice, value: number): string => {
  if (choice === 'recompute') return `recompute ${value} % of the layers`;
  if (choice === 'sequence-parallel') return value === 1 ? 'sequence parallel' : 'not sequence parallel';
  return `${choice} ${value}`;
};

/** Two lines: the plan and what it gives. */
export function planSummary(request: PlanRequest, { configuration, time, bytes, fullest }: Candidate): string {
  const { cluster, described, globalBatch, memoryBytes } = request;
  const devices = deviceCount(cluster);
  const samples = globalBatch / time.seconds;
  const tokens = described.sequence === null ? null : (samples * described.sequence) / devices;
  const rate = tokens === null ? `${samples.toFixed(1)} samples/s` : `${tokens.toFixed(0)} tokens/s and device`;
  return [
    choiceText(configuration),
    `step ${secondsText(time.seconds)}, ${rate}; at most ${bytesText(bytes)} of ${bytesText(memoryBytes)}` +
      (configuration.pipeline > 1 ? ` (stage ${fullest})` : ''),
  ].join('\n');
}

/** All of it. */
export function explainPlan(request: PlanRequest, answer: PlanAnswer): string {
  const { best, runnerUp } = answer;
  if (best === null) return 'no plan fits\n';
  const lines = [
    networkLine(request),
    '',
    planSummary(request, best),
    '',
    'where the step goes',
    ...termLines(best),
    '',
    'memory',
    ...memoryLines(best),
    '',
    'stages',
    ...stageLines(request, best),
    '',
    'inside the layers',
    ...layerLines(best),
    '',
    'choices',
    ...choices.flatMap((choice) => choiceLines(choice, request, answer, best)),
    '',
    ...(runnerUp === null ? [] : [runnerUpLine(request, best, runnerUp), '']),
    bindingText(request, answer, best),
    proofText(answer),
    'costs of backward and optimizer follow from the forward graph: two products for each, attention 2.5 times',
  ];
  return `${lines.join('\n')}\n`;
}

/** What the search proved. */
export const proofText = ({ evaluated }: PlanAnswer): string =>
  `searched: all ${evaluated} configurations that divide the devices, the batch and the network; the best under the model is proved by enumeration`;

function networkLine({ described, cluster, globalBatch }: PlanRequest): string {
  const { blocks, name } = described.network;
  const parameters = blocks.reduce(
    (sum, block) => sum + block.count * (block.dividedParameters + block.copiedParameters + block.expertParameters),
    0,
  );
  const parts = blocks.slice(0, 12).map((block) => (block.count > 1 ? `${block.count} x ${block.name}` : block.name));
  const more = blocks.length > 12 ? `, and ${blocks.length - 12} more` : '';
  return `${name}: ${countText(parameters)} parameters, ${parts.join(', ')}${more}; batch ${globalBatch} on ${cluster.name} (${deviceCount(cluster)} devices)`;
}

function termLines({ time }: Candidate): readonly string[] {
  return Object.entries(time.terms)
    .filter(([, value]) => value > 0)
    .toSorted(([, left], [, right]) => right - left)
    .map(
      ([name, value]) =>
        `  ${secondsText(value).padStart(10)}  ${percentText(value / time.seconds).padStart(6)}  ${name}`,
    );
}

function memoryLines(candidate: Candidate): readonly string[] {
  return Object.entries(memoryOf(candidate)[candidate.fullest].terms)
    .filter(([, bytes]) => bytes > 0)
    .toSorted(([, left], [, right]) => right - left)
    .map(([name, bytes]) => `  ${bytesText(bytes).padStart(10)}  ${name}`);
}

/** Equal neighbours are one line. */
function stageLines(request: PlanRequest, candidate: Candidate): readonly string[] {
  const { stages, time, configuration } = candidate;
  const memory = memoryOf(candidate);
  const { blocks } = request.described.network;
  const texts = stages.map((stage) =>
    stage.map(({ block, count }) => (count > 1 ? `${count} x ${blocks[block].name}` : blocks[block].name)).join(', '),
  );
  const lines: string[] = [];
  for (let first = 0; first < texts.length;) {
    let last = first;
    while (last + 1 < texts.length && texts[last + 1] === texts[first]) last += 1;
    const numbers = last === first ? `${first}` : `${first}-${last}`;
    lines.push(
      `  ${numbers.padStart(7)}  ${secondsText(time.stages[first])} a micro-batch, ${bytesText(memory[first].bytes)}: ${texts[first]}`,
    );
    first = last + 1;
  }
  const { pipeline, microBatches, virtualStages } = configuration;
  if (pipeline > 1)
    lines.push(
      `  bubble of equal stages ${percentText(bubbleShare(pipeline, microBatches, virtualStages))} of the step`,
    );
  return lines;
}

/** How each kind of layer is divided, what the other way would take, and what the search inside it proved. */
function layerLines({ layers, configuration }: Candidate): readonly string[] {
  if (layers.length === 0) return ['  without tensor parallelism nothing is divided inside a layer'];
  return layers.flatMap((layer) => {
    if (layer === null) return [];
    const { walkSeconds, exactSeconds, exact, used, name } = layer;
    const [mine, other] = used === 'walk' ? [walkSeconds, exactSeconds] : [exactSeconds, walkSeconds];
    const against = Number.isFinite(other) ? `${percentText(other / mine - 1)} slower` : 'leaves attention whole';
    const words = ['columns, then rows of the weights', 'the exact plan'];
    const [here, there] = used === 'walk' ? words : words.toReversed();
    return [
      `  ${name} on ${configuration.tensor}: ${here} (${secondsText(mine)} both sweeps), ${there} ${against}`,
      `      exact search with resharding for each reader: ${statusText(exact.status)}, bound ${secondsText(exact.bound)}${used === 'walk' ? '; the walk shares gathers and is heuristic' : ''}`,
    ];
  });
}

/** What HiGHS says of the searches inside layers. */
export function certificateText(certificates: readonly LayerCertificate[], tensor: number): string {
  if (tensor === 1)
    return 'certificate: without tensor parallelism nothing is divided inside a layer; the outer space was enumerated\n';
  const lines = certificates.map(({ name, found, bound, gap, refused }) =>
    refused === null
      ? `  ${name}: exact search ${secondsText(found)}, bound of HiGHS after exact reductions ${secondsText(bound)}, gap ${(100 * gap).toFixed(4)} %`
      : `  ${name}: ${refused}`,
  );
  return ['certificates', ...lines, ''].join('\n');
}

/** The value of a choice, the next best value with what it would cost, and what does not fit. */
function choiceLines(choice: Choice, request: PlanRequest, answer: PlanAnswer, best: Candidate): readonly string[] {
  if (choice === 'recompute') return recomputeLines(answer, best);
  const all = answer.alternatives.filter((each) => each.choice === choice);
  if (all.length < 2)
    return request.fixed[choice] === undefined ? [] : [`  ${choice} ${choiceOf(best.configuration, choice)}: stated`];
  const value = choiceOf(best.configuration, choice);
  const others = all
    .filter((each) => each.value !== value && each.best !== null)
    .toSorted((a, b) => secondsOf(a) - secondsOf(b));
  const [next] = others;
  const unfit = all.filter((each) => each.best === null);
  const lines = [`  ${valueText(choice, value)}`];
  if (next?.best)
    lines.push(`      next: ${valueText(choice, next.value)}, ${losingText(losingPlan(request, best, next.best))}`);
  if (unfit.length > 0)
    lines.push(
      `      does not fit: ${unfit.map((each) => `${each.value} (${bytesText(each.least.bytes)})`).join(', ')}`,
    );
  return lines;
}

const secondsOf = ({ best }: Alternative): number => best?.time.seconds ?? Infinity;

function recomputeLines({ unlimited }: PlanAnswer, best: Candidate): readonly string[] {
  const share = recomputePercent(best.configuration);
  if (share === 0) return ['  no layer runs its forward again: it fits without'];
  const lost = best.time.terms.recompute;
  const free =
    unlimited === null ? '' : `; without a memory limit the best step is ${secondsText(unlimited.time.seconds)}`;
  return [`  ${valueText('recompute', share)}: the least that fits, ${secondsText(lost)} of the step${free}`];
}

function runnerUpLine(request: PlanRequest, best: Candidate, other: Candidate): string {
  const { configuration, time, bytes } = other;
  return `runner-up: ${choiceText(configuration)}: ${secondsText(time.seconds)}, ${bytesText(bytes)}, ${losingText(losingPlan(request, best, other))}`;
}

/** What would have to give way for a faster step. */
export function bindingText(request: PlanRequest, { unlimited }: PlanAnswer, best: Candidate): string {
  if (unlimited === null || unlimited.time.seconds >= best.time.seconds * (1 - 1e-9))
    return 'binding: nothing but the devices; with more memory the plan stays the same';
  const gain = 1 - unlimited.time.seconds / best.time.seconds;
  return `binding: memory. With ${bytesText(unlimited.bytes)} instead of ${bytesText(request.memoryBytes)} the step is ${percentText(gain)} shorter: ${choiceText(unlimited.configuration)}`;
}

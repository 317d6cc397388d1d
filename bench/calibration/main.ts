/**
 * The step-time model against published training runs: `node dist/bench/calibration/main.js FOLDER` reads the .tsv files of a
 * folder and prints the leave-one-out error. See README.md.
 */
import { bubbleShare } from '../../compiler/passes/plan/index.ts';
import { clusterByName, type Cluster } from '../../runtime/target/index.ts';
import { leaveOneOut, meanError, median, impliedEfficiency, prediction, rankCorrelation } from './fit.ts';
import type { Case, Prediction } from './fit.ts';
import { a100Cluster, gpuConfiguration, gpuSeconds } from './gpu.ts';
import { ascendConfiguration, networkOf, number, readRows, text, type Row } from './rows.ts';

/** The chip bin of the published machines is not stated: the fitted constant takes up the difference. */
function ascendCluster(devices: number): Cluster {
  const found = clusterByName(devices > 8 ? `910b2:${Math.ceil(devices / 8)}x8` : `910b2:${devices}`);
  if (!found.ok) throw new Error(`no cluster of ${devices} devices`);
  return found.value;
}

/**
 * Software releases of one project on one machine: rows with the same configuration give the ratio (Baichuan2 7B and 13B, Llama3 8B:
 * r1.0 2576/3164 and 1252/1465; r1.2 3010/3164, 1359/1465 and 2571/2581 of r1.3).
 */
const releases: Readonly<Record<string, number>> = { 'mindformers r1.0': 0.834, 'mindformers r1.2.0': 0.96 };

const ascendCase = (row: Row): Case => ({
  id: text(row, 'id'),
  group: `${text(row, 'machine')}, ${text(row, 'source').split(' ')[0]}`,
  network: networkOf(row),
  configuration: ascendConfiguration(row),
  cluster: ascendCluster(number(row, 'devices')),
  seconds: number(row, 'step_s'),
  tokens: number(row, 'step_s') * number(row, 'tokens_per_s_per_device'),
  software: releases[text(row, 'source')] ?? 1,
});

const gpuCase = (row: Row): Case => ({
  id: text(row, 'id'),
  group: text(row, 'kind'),
  network: networkOf(row),
  configuration: gpuConfiguration(row),
  cluster: a100Cluster(number(row, 'gpus')),
  seconds: gpuSeconds(row),
  tokens: (number(row, 'global_batch') * number(row, 'seq')) / number(row, 'gpus'),
  software: 1,
});

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

function report(title: string, predictions: readonly Prediction[]): void {
  if (predictions.length === 0) return;
  const errors = predictions.map(({ error }) => Math.abs(error)).toSorted((a, b) => a - b);
  const middle = errors[errors.length >> 1] ?? 0;
  say(
    `${title}: ${predictions.length} rows, mean |error| ${percent(meanError(predictions))}, median ${percent(middle)}, ` +
      `rank correlation ${rankCorrelation(predictions).toFixed(3)}`,
  );
}

function reportAscend(rows: readonly Row[]): void {
  const usable = rows.filter((row) => text(row, 'dup_of') === '');
  const dense = usable.filter((row) => number(row, 'experts', 0) === 0).map(ascendCase);
  if (dense.length === 0) return;
  const predictions = leaveOneOut(dense);
  report('Ascend, dense, leave one out', predictions);
  for (const group of new Set(dense.map((each) => each.group))) {
    report(
      `  ${group}`,
      predictions.filter(({ each }) => each.group === group),
    );
    say(`    efficiency of the machine ${efficiencyOf(dense, group).toFixed(2)}`);
  }
  const outliers = predictions.filter(({ error }) => Math.abs(error) > 0.2);
  for (const { each, error } of outliers)
    say(`  outlier ${each.id} ${each.network.name}: predicted ${percent(error)} off`);
  report(
    '  without outliers',
    predictions.filter((each) => !outliers.includes(each)),
  );
  const experts = usable.filter((row) => number(row, 'experts', 0) > 0).map(ascendCase);
  const mixed = experts.map((each) => prediction(each, efficiencyOf(dense, each.group)));
  for (const { each, error } of mixed)
    say(`  experts ${each.id} ${each.network.name}: predicted ${percent(error)} off`);
}

/** The middle of what the rows of a group imply; all rows for a group without any. */
function efficiencyOf(cases: readonly Case[], group: string): number {
  const members = cases.filter((each) => each.group === group);
  return median((members.length > 0 ? members : cases).map(impliedEfficiency));
}

function reportGpu(rows: readonly Row[]): void {
  const timed = rows.filter((row) => text(row, 'seconds_per_iteration') + text(row, 'tflops_per_gpu') !== '');
  const predictions = leaveOneOut(timed.map(gpuCase));
  for (const kind of new Set(predictions.map(({ each }) => each.group)))
    report(
      `GPU, ${kind}, leave one out`,
      predictions.filter(({ each }) => each.group === kind),
    );
  for (const row of rows.filter((each) => text(each, 'bubble_percent') !== '')) {
    const [stages, chunks, batch] = ['pp', 'vpp', 'global_batch'].map((column) => number(row, column));
    const micro = (batch ?? 0) / (number(row, 'dp') * number(row, 'micro_batch_size'));
    const share = bubbleShare(stages ?? 1, micro, chunks ?? 1);
    say(`bubble ${text(row, 'id')}: ${(100 * share).toFixed(2)} % (published ${text(row, 'bubble_percent')} %)`);
  }
}

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write('usage: calibration FOLDER\n');
  process.exitCode = 2;
} else {
  reportAscend(readRows(folder, ['step_s', 'machine']));
  reportGpu(readRows(folder, ['gpus', 'kind']));
}

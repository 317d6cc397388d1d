/**
 * The step-time model against published training runs: `node dist/bench/calibration/main.js FOLDER` reads the .tsv files of a
 * folder and prints the leave-one-out error. See README.md.
 */
import { bubbleShare } from '../../compiler/passes/plan/index.ts';
import { ascendCases, gpuCases, gpuRows } from '../../test/plan/calibration/cases.ts';
import {
  leaveOneOut,
  meanError,
  median,
  impliedEfficiency,
  prediction,
  rankCorrelation,
} from '../../test/plan/calibration/fit.ts';
import type { Case, Prediction } from '../../test/plan/calibration/fit.ts';
import { number, text } from '../../test/plan/calibration/rows.ts';

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

function reportAscend(folder: string): void {
  const { dense, experts } = ascendCases(folder);
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
  const mixed = experts.map((each) => prediction(each, efficiencyOf(dense, each.group)));
  for (const { each, error } of mixed)
    say(`  experts ${each.id} ${each.network.name}: predicted ${percent(error)} off`);
}

/** The middle of what the rows of a group imply; all rows for a group without any. */
function efficiencyOf(cases: readonly Case[], group: string): number {
  const members = cases.filter((each) => each.group === group);
  return median((members.length > 0 ? members : cases).map(impliedEfficiency));
}

function reportGpu(folder: string): void {
  const predictions = leaveOneOut(gpuCases(folder));
  for (const kind of new Set(predictions.map(({ each }) => each.group)))
    report(
      `GPU, ${kind}, leave one out`,
      predictions.filter(({ each }) => each.group === kind),
    );
  for (const row of gpuRows(folder).filter((each) => text(each, 'bubble_percent') !== '')) {
    const [stages, chunks, batch] = ['pp', 'vpp', 'global_batch'].map((column) => number(row, column));
    const micro = (batch ?? 0) / (number(row, 'dp') * number(row, 'micro_batch_size'));
    const share = bubbleShare(stages ?? 1, micro, chunks ?? 1);
    say(`bubble ${text(row, 'id')}: ${(100 * share).toFixed(2)} % (published ${text(row, 'bubble_percent')} %)`);
  }
}

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write('usage: calibration FOLDER, for example test/plan/calibration/data\n');
  process.exitCode = 2;
} else {
  reportAscend(folder);
  reportGpu(folder);
}

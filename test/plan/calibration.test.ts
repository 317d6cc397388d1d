/** The step-time model stays as near to the published runs as bench/calibration/README.md records. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ascendCases, gpuCases } from './calibration/cases.ts';
import { leaveOneOut, meanError, median, rankCorrelation } from './calibration/fit.ts';
import { repository } from '../cli/harness.ts';

const folder = join(repository, 'test/plan/calibration/data');

describe('leaving one out', () => {
  it('the mean error of 58 dense Ascend runs is below 11 %, where one constant gives 18.5 %', () => {
    const { dense, experts } = ascendCases(folder);
    expect([dense.length, experts.length]).toEqual([58, 1]);
    const predictions = leaveOneOut(dense);
    expect(meanError(predictions)).toBeLessThan(0.11);
    expect(median(predictions.map(({ error }) => Math.abs(error) + 1e-9))).toBeLessThan(0.06);
    expect(rankCorrelation(predictions)).toBeGreaterThan(0.97);
  });

  it.each([
    ['seqsel', 8, 0.03],
    ['weak', 10, 0.04],
  ])('the mean error of the A100 runs %s is small', (kind, count, limit) => {
    const cases = gpuCases(folder).filter(({ group }) => group === kind);
    expect(cases).toHaveLength(count);
    expect(meanError(leaveOneOut(cases))).toBeLessThan(limit);
  });
});

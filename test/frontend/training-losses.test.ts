/** Losses: values and gradients equal MindSpore's. */
import { describe, it } from 'vitest';
import { casesWith, expectLoss } from './recorded.ts';

describe('losses', () => {
  it.each(casesWith('losses', 'out'))('%s', (name) => expectLoss('losses', 'case', name, 'out'));
});

describe('gradients of losses', () => {
  it.each(casesWith('losses', 'gradient'))('%s', (name) => expectLoss('losses', 'gradient', name, 'gradient'));
});

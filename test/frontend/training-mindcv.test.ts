/** mindcv's own losses, optimizers, and training step, its files unmodified (resnet18 runs on the simulator: test/network): numbers equal MindSpore's. */
import { describe, it } from 'vitest';
import { casesWith, expectLoss, expectOptimizer, expectSteps, optimizersOf } from './recorded.ts';

const root = process.env.MSC_MINDCV;
const roots = root === undefined ? [] : [root];

describe.skipIf(root === undefined)('mindcv', () => {
  it.each(casesWith('mindcv_losses', 'out'))('loss %s', (name) =>
    expectLoss('mindcv_losses', 'case', name, 'out', roots),
  );
  it.each(casesWith('mindcv_losses', 'gradient'))('gradient of %s', (name) =>
    expectLoss('mindcv_losses', 'gradient', name, 'gradient', roots),
  );
  it.each(optimizersOf('mindcv_optimizers'))('%s', (name) => expectOptimizer('mindcv_optimizers', name, roots));
  it('training step', () => expectSteps('mindcv_train_step', roots));
});

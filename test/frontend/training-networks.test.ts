/** Whole training steps: losses, and what the weights change by, equal MindSpore's after several steps. */
import { describe, it } from 'vitest';
import { expectSteps } from './recorded.ts';

describe('training steps', () => {
  it.each(['bert', 'llama', 'burgers', 'gan', 'convolution', 'embedding', 'overflow'])('%s', (name) =>
    expectSteps(name),
  );
});

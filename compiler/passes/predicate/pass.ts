/** The pass `predicate`. */
import type { Pass } from '../pass/index.ts';
import { predicateBlock } from './predicate.ts';

export const predicatePass: Pass = {
  name: 'predicate',
  summary: 'Computes both regions of cheap branches and selects the results.',
  stages: ['graph'],
  after: [
    { pass: 'inline', why: 'calls inside regions hide what they compute' },
    { pass: 'differentiate', why: 'the derivative of a branch is a branch, that of a selection computes both sides' },
  ],
  options: ['all'],
  run: (module, { definitions, options, statistic, observer }) => {
    const limit = options.has('all') ? { limitBytes: Infinity } : {};
    let count = 0;
    for (const func of module.body.operations)
      for (const region of func.regions) count += predicateBlock(region, { definitions, observer, ...limit });
    statistic('branches', count);
    return { module, diagnostics: [] };
  },
};

/** The pass `differentiate`. */
import type { Pass } from '../pass/index.ts';
import { differentiateModule } from './differentiate.ts';

export const differentiatePass: Pass = {
  name: 'differentiate',
  summary: 'Replaces derivatives by the operations that compute them.',
  stages: ['source'],
  after: [],
  options: [],
  run: (module, { definitions, observer }) => ({
    module,
    diagnostics: differentiateModule(module, definitions, observer),
  }),
};

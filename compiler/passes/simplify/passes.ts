/** The passes of this room that need no rules: cse, dce, inline, symbol-dce. */
import { pureFunctions } from '../analysis/index.ts';
import type { Pass } from '../pass/index.ts';
import { inPlace } from '../pass/index.ts';
import { Purity, removeDead } from '../rewrite/index.ts';
import { eliminateCommonSubexpressions } from './cse.ts';
import { inlineCalls, removeUnreachableSymbols } from './symbol.ts';

export const csePass: Pass = inPlace(
  'cse',
  'Merges operations that compute the same.',
  (module, { definitions, statistic, observer }) => {
    const options = { definitions, pureFunctions: pureFunctions(module, definitions), observer };
    statistic('merged or dead operations', eliminateCommonSubexpressions(module, options));
  },
);

export const dcePass: Pass = inPlace(
  'dce',
  'Removes operations that nobody uses.',
  (module, { definitions, statistic, observer }) => {
    const purity = new Purity(definitions, pureFunctions(module, definitions));
    statistic('dead operations', removeDead(module.body, purity, observer));
  },
);

export const symbolDcePass: Pass = inPlace(
  'symbol-dce',
  'Removes private functions that nobody calls.',
  (module, { statistic, observer }) => {
    statistic('dead functions', removeUnreachableSymbols(module, observer));
  },
);

const DEFAULT_INLINE_LIMIT = 1_000_000;

export const inlinePass: Pass = inPlace(
  'inline',
  'Replaces calls by the bodies of the functions; limit=N spares functions of more than N operations.',
  (module, { options, statistic, observer }) => {
    const limit = Number(options.get('limit') ?? DEFAULT_INLINE_LIMIT);
    statistic('inlined calls', inlineCalls(module, { limit, observer }));
  },
  ['limit'],
);

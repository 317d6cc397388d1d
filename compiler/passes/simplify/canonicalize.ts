/** The canonicalizer: the rewrite driver over all simplification rules, with folding and operand order. */
import type { Module, RuleTable } from '../../ir/index.ts';
import { pureFunctions } from '../analysis/index.ts';
import type { Pass } from '../pass/index.ts';
import { inPlace } from '../pass/index.ts';
import type { ConstantFolding, PatternTable, RewriteStatistics } from '../rewrite/index.ts';
import { rewriteModule } from '../rewrite/index.ts';

/** What the canonicalizer knows: rules by operation, and how to fold constants. */
export interface SimplifyRules {
  readonly patterns: PatternTable;
  readonly folding: ConstantFolding;
}

/** Brings a module into canonical form, in place. */
export function canonicalize(module: Module, definitions: RuleTable, rules: SimplifyRules): RewriteStatistics {
  return rewriteModule(module, {
    definitions,
    patterns: rules.patterns,
    folding: rules.folding,
    orderOperands: true,
    pureFunctions: pureFunctions(module, definitions),
  });
}

/** The pass `canonicalize` over some rules. */
export function canonicalizePass(rules: SimplifyRules): Pass {
  return inPlace(
    'canonicalize',
    'Applies simplification rules, folds constants, removes dead operations.',
    (module, context) => {
      const statistics = canonicalize(module, context.definitions, rules);
      for (const [name, count] of statistics.applied) context.statistic(name, count);
      context.statistic('dead operations', statistics.removed);
      context.statistic('sweeps', statistics.sweeps);
      if (!statistics.converged) context.remark('rules still applied after the last sweep', module.location);
    },
  );
}

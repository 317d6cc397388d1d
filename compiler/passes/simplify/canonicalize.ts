/** The canonicalizer: the rewrite driver over all simplification rules, with folding and operand order. */
import type { Module, RuleTable } from '../../ir/index.ts';
import { pureFunctions } from '../analysis/index.ts';
import type { Pass } from '../pass/index.ts';
import { inPlace } from '../pass/index.ts';
import type { ConstantFolding, PassObserver, PatternTable, RewriteStatistics } from '../rewrite/index.ts';
import { rewriteModule, rule } from '../rewrite/index.ts';

const FIXPOINT = rule('fixpoint of the rules');

/** What the canonicalizer knows: rules by operation, and how to fold constants. */
export interface SimplifyRules {
  readonly patterns: PatternTable;
  readonly folding: ConstantFolding;
}

/** Brings a module into canonical form, in place. */
export function canonicalize(
  module: Module,
  definitions: RuleTable,
  rules: SimplifyRules,
  observer: PassObserver | null = null,
): RewriteStatistics {
  return rewriteModule(module, {
    definitions,
    patterns: rules.patterns,
    folding: rules.folding,
    orderOperands: true,
    pureFunctions: pureFunctions(module, definitions),
    observer,
  });
}

/** The pass `canonicalize` over some rules. */
export function canonicalizePass(rules: SimplifyRules): Pass {
  return inPlace(
    'canonicalize',
    'Applies simplification rules, folds constants, removes dead operations.',
    (module, context) => {
      const statistics = canonicalize(module, context.definitions, rules, context.observer);
      for (const [name, count] of statistics.applied) context.statistic(name, count);
      context.statistic('dead operations', statistics.removed);
      context.statistic('sweeps', statistics.sweeps);
      if (!statistics.converged)
        context.observer?.remark({
          kind: 'missed',
          rule: FIXPOINT,
          reason: `rules still applied in sweep ${statistics.sweeps}, the last one that is made`,
          op: '',
          location: module.location,
        });
    },
  );
}

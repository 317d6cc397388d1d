/** Which passes there are: the one place where rules, folding and passes are put together. */
import { differentiatePass } from '../../compiler/passes/grad/index.ts';
import type { PassRegistry } from '../../compiler/passes/pass/index.ts';
import { passRegistry } from '../../compiler/passes/pass/index.ts';
import { predicatePass } from '../../compiler/passes/predicate/index.ts';
import { joinFoldings, joinPatterns } from '../../compiler/passes/rewrite/index.ts';
import type { SimplifyRules } from '../../compiler/passes/simplify/index.ts';
import {
  canonicalizePass,
  csePass,
  dcePass,
  inlinePass,
  scalarFolding,
  scalarRules,
  symbolDcePass,
  tensorFolding,
  tensorRules,
} from '../../compiler/passes/simplify/index.ts';

/** Everything that the canonicalizer applies. */
export const simplifyRules: SimplifyRules = {
  patterns: joinPatterns(scalarRules, tensorRules),
  folding: joinFoldings(scalarFolding, tensorFolding),
};

/** All passes by name. */
export const passes: PassRegistry = passRegistry(
  canonicalizePass(simplifyRules),
  csePass,
  dcePass,
  differentiatePass,
  inlinePass,
  predicatePass,
  symbolDcePass,
);

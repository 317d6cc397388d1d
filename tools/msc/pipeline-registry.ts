/** Which passes there are: the one place where rules, folding and passes are put together. */
import type { PassRegistry } from '../../compiler/passes/pass/index.ts';
import { passRegistry } from '../../compiler/passes/pass/index.ts';
import type { SimplifyRules } from '../../compiler/passes/simplify/index.ts';
import {
  canonicalizePass,
  csePass,
  dcePass,
  inlinePass,
  scalarFolding,
  scalarRules,
  symbolDcePass,
} from '../../compiler/passes/simplify/index.ts';

/** Everything that the canonicalizer applies. */
export const simplifyRules: SimplifyRules = { patterns: scalarRules, folding: scalarFolding };

/** All passes by name. */
export const passes: PassRegistry = passRegistry(
  canonicalizePass(simplifyRules),
  csePass,
  dcePass,
  inlinePass,
  symbolDcePass,
);

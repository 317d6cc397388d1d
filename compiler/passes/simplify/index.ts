export { canonicalize, canonicalizePass } from './canonicalize.ts';
export type { SimplifyRules } from './canonicalize.ts';
export { eliminateCommonSubexpressions } from './cse.ts';
export { scalarFolding } from './fold.ts';
export { csePass, dcePass, inlinePass, symbolDcePass } from './passes.ts';
export { scalarRules } from './scalar-rules.ts';
export { inlineCalls, removeUnreachableSymbols } from './symbol.ts';
export { simplifyOps, tensorFolding, tensorRules } from './rules/index.ts';

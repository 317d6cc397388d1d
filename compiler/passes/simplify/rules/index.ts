/** The simplify column of the tensor ops. */
export { tensorFolding } from './folding.ts';
export { simplifyOps, tensorRules } from './table.ts';

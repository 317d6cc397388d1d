export { verifyModule } from './verify.ts';
export type { VerifyOptions } from './verify.ts';
export { verifyDiagnostics } from './diagnostics.ts';
export { functionTypeOf, referencesOf, symbolsOf } from './symbol.ts';
export { spanOfLocation } from './report.ts';
export type { Sources } from './report.ts';
export { isStage, STAGE_RULES, stageProblem, STAGES } from './stage.ts';
export type { Stage, StageRules } from './stage.ts';

export { differentiatePass } from './pass.ts';
export { differentiateModule } from './differentiate.ts';
export { gradDiagnostics } from './diagnostics.ts';
export { gradOps } from './table.ts';

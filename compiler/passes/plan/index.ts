/** Planning of training on clusters. */
export * from './model/index.ts';
export * from './outer/index.ts';
export * from './apply/index.ts';
export { planDiagnostics } from './diagnostics.ts';

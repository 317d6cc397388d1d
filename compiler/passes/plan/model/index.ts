/** The analytic model of a training step. */
export * from './work.ts';
export * from './configuration.ts';
export * from './constants.ts';
export * from './block-time.ts';
export * from './communication.ts';
export * from './pipeline.ts';
export * from './stages.ts';
export * from './balance.ts';
export * from './memory.ts';
export * from './step-time.ts';
export * from './transformer.ts';

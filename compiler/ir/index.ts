export * from './support/index.ts';
export * from './core/index.ts';
export * from './text/index.ts';
export * from './verify/index.ts';

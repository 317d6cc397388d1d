export * from './source.ts';
export * from './diagnostic.ts';

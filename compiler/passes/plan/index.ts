/** Planning of training on clusters. */
export * from './model/index.ts';

/** Number formats and generators that every room shares. */
export * from './narrow-floats.ts';
export * from './integers.ts';
export * from './philox.ts';

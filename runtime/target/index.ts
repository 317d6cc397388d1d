/** Chips and rates as data. */
export * from './chip.ts';
export * from './timing.ts';
export * from './chips.ts';

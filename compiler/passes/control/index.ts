export { CONTROL, CONTROL_YIELD, capturesOf, carriedCount, isControl } from './dialect.ts';
export { closeRegions } from './close.ts';

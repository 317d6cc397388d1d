/** The instruction set: table, encoding, assembler, manual. */
export * from './definition.ts';
export * from './meaning/expression.ts';
export * from './meaning/statement.ts';
export * from './table.ts';
export * from './stream.ts';
export { quantModes } from './families/fixpipe.ts';
export * from './javascript/context.ts';
export { compileAction, compileCondition } from './javascript/action.ts';
export { compileFootprint, footprintReadsData } from './javascript/footprint.ts';
export { partsOf, sharedNodes } from './javascript/expression.ts';
export * from './codec.ts';
export * from './assembler.ts';
export * from './disassembler.ts';
export { renderIsaManual } from './manual.ts';
export { expressionText, meaningLines } from './meaning/print.ts';
export { compileTraffic } from './javascript/traffic.ts';
export type { Traffic, TrafficCounter } from './javascript/traffic.ts';

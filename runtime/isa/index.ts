/** The instruction set: table, encoding, assembler, manual. */
export * from './definition.ts';
export * from './meaning/expression.ts';
export * from './meaning/statement.ts';
export * from './table.ts';
export * from './stream.ts';
export { quantModes } from './families/fixpipe.ts';

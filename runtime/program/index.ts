/** Programs and the files that hold them. */
export * from './tensor.ts';
export * from './program.ts';
export * from './step.ts';
export * from './extent.ts';
export { isProgramFileError, type ProgramFileError } from './error.ts';
export { readProgram } from './read.ts';
export { writeProgram } from './write.ts';

/** Programs and the files that hold them. */
export * from './program.ts';
export { isProgramFileError, type ProgramFileError } from './error.ts';
export { readProgram } from './read.ts';
export { writeProgram } from './write.ts';

/** Programs and the files that hold them. */
export * from './tensor.ts';
export * from './program.ts';
export * from './step.ts';
export * from './extent.ts';
export { isProgramFileError, type ProgramFileError } from './error.ts';
export { readProgram } from './read.ts';
export { writeProgram } from './write.ts';
export * from './communication/problem.ts';
export { Rendezvous, type Meeting, type Member, type PlaceOf } from './communication/rendezvous.ts';
export { driveRanks, type RankDriver, type RankFailure, type RankProgress } from './communication/drive.ts';
export { checkCollectives } from './communication/check.ts';

/** Networks on many devices: compile, run, time. */
export { compileRanks, type RankCompileOptions, type RankPrograms } from './compile.ts';
export { loadRanks, RankRun } from './run.ts';
export { rankMemory } from './memory.ts';

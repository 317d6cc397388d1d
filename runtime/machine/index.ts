/** The machine: memories, reference interpreter, timing, race check. */
export * from './fault.ts';
export * from './memory.ts';
export * from './core.ts';
export * from './synchronization.ts';
export * from './interpreter.ts';

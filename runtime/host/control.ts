/**
 * The control page: 32-bit words through which the calling thread drives its workers.
 * The calling thread writes a command and counts `epoch` up; every worker carries it out and counts `done` up.
 */

export const control = {
  epoch: 0,
  command: 1,
  /** Next task of the launch that no thread has taken. */
  next: 2,
  done: 3,
  /** 1 as soon as a thread met a fault: nobody takes another task. */
  stop: 4,
  program: 8,
  stream: 9,
  tasks: 10,
  blockCount: 11,
  /** Tasks per block: 2 for the vector stream of a mix kernel. */
  subblocks: 12,
  argumentCount: 13,
  /** Pairs of words, low and high. */
  arguments: 32,
  /** For each thread: 1 + number of the task that faulted (0 none), context address. */
  faults: 256,
} as const;

export const commands = { load: 1, launch: 2, unload: 3, exit: 4 } as const;

/** Most threads an engine can have. */
export const maximumThreads = 64;

/**
 * The control page: 32-bit words through which the calling thread drives its workers.
 *
 * The calling thread publishes a command in `epoch`. Loading and unloading concern every worker: each counts `done` up. A
 * launch is open to whoever comes while `open` is 1: a worker counts itself in `active`, and takes tasks only if the
 * launch is open after that. The calling thread takes tasks too, closes the launch when there are none left, and waits for
 * those inside alone; a worker that wakes late costs nothing, and joins a later launch.
 */

export const control = {
  /** A counter times `commandCount`, plus the command: both are read at once. */
  epoch: 0,
  open: 1,
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
  /** Workers that look at the open launch. */
  active: 14,
  argumentCount: 13,
  /** Pairs of words, low and high. */
  arguments: 32,
  /** For each thread: 1 + number of the task that faulted (0 none), context address. */
  faults: 256,
} as const;

export const commands = { load: 1, launch: 2, unload: 3, exit: 4 } as const;
export const commandCount = 8;

/** Most threads an engine can have. */
export const maximumThreads = 64;

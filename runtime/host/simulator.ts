/** What a loaded program uses of the engine that runs it. */

import type { CrossCoreSwitch } from './cooperative.ts';
import type { Regions } from './regions.ts';
import type { Thread } from './thread.ts';

export interface Simulator {
  readonly memory: WebAssembly.Memory;
  readonly regions: Regions;
  /** Control words at the start of the memory. */
  readonly words: Int32Array;
  readonly threads: number;
  /** The calling thread. */
  readonly thread: Thread;
  readonly signals: CrossCoreSwitch;
  /** Opens a launch to the workers, does the calling thread's share, and waits for those who came. */
  launch(share: () => void): void;
  /** Forgets a program on all threads. */
  unload(id: number): void;
}

/** From the listeners of a pipeline to the observer of one pass. */
import type { Module } from '../../ir/index.ts';
import type { PassObserver } from '../rewrite/index.ts';
import type { Instrumentation } from './instrumentation.ts';
import type { Pass } from './pass.ts';

/** A pass that runs, its listeners, and the time that they take from it. */
export interface Listening {
  /** Null when no listener takes what happens inside passes. */
  readonly observer: PassObserver | null;
  /** Milliseconds that listeners took since the pass began. */
  readonly heard: () => number;
}

/** Joins the listeners of a pass on `module`, which is changed in place as far as it reports parts. */
export function listen(
  pass: Pass,
  module: Module,
  instrumentation: readonly Instrumentation[],
  now: () => number,
): Listening {
  const listeners = instrumentation.filter(({ rewritten, remark, part }) => rewritten ?? remark ?? part);
  if (listeners.length === 0) return { observer: null, heard: () => 0 };
  let heard = 0;
  let partBegan = now();
  const tell = (call: (listener: Instrumentation) => void): void => {
    const began = now();
    for (const listener of listeners) call(listener);
    heard += now() - began;
  };
  const observer: PassObserver = {
    rewritten: (event) => tell((listener) => listener.rewritten?.(pass, event)),
    remark: (remark) => tell((listener) => listener.remark?.(pass, remark)),
    moved: (value, copy) => tell((listener) => listener.moved?.(pass, value, copy)),
    part: (name) => {
      const milliseconds = now() - partBegan;
      tell((listener) => listener.part?.(pass, name, module, milliseconds));
      partBegan = now();
    },
  };
  return { observer, heard: () => heard };
}

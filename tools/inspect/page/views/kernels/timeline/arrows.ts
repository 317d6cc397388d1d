/** Flags of a core as columns, and which of them belong to an event: those that it waited for and those that wait for it. */
import type { FlagArrows, StreamFacts } from '../../../../report/index.ts';

/** Times in ticks; in order of `set`. */
export interface Arrows {
  readonly length: number;
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly id: Uint8Array;
  readonly set: Float64Array;
  readonly taken: Float64Array;
  readonly setter: Int32Array;
  readonly waiter: Int32Array;
  /** The instruction whose end a set_flag tells, and the one that a wait_flag holds back, by instruction number. */
  readonly producers: Int32Array;
  readonly consumers: Int32Array;
}

export function arrowsOf(events: FlagArrows, stream: StreamFacts): Arrows {
  const length = events.set.length;
  const [set, taken] = [new Float64Array(length), new Float64Array(length)];
  let at = 0;
  for (let index = 0; index < length; index++) {
    at += events.set[index] ?? 0;
    set[index] = at;
    taken[index] = at + (events.taken[index] ?? 0);
  }
  return {
    length,
    from: Uint8Array.from(events.from),
    to: Uint8Array.from(events.to),
    id: Uint8Array.from(events.id),
    set,
    taken,
    setter: Int32Array.from(events.setter),
    waiter: Int32Array.from(events.waiter),
    producers: neighbours(stream, 'before'),
    consumers: neighbours(stream, 'after'),
  };
}

const SYNCHRONIZATION = /^(set_flag|wait_flag|pipe_barrier|ffts_)/;

/** For each instruction the nearest one of its pipe in the text that is no synchronization; -1 if there is none. */
function neighbours({ pipe, text }: StreamFacts, side: 'before' | 'after'): Int32Array {
  const found = new Int32Array(text.length);
  const nearest = new Map<number, number>();
  const numbers = text.map((_, number) => number);
  for (const number of side === 'before' ? numbers : numbers.reverse()) {
    const queue = pipe[number] ?? 0;
    found[number] = nearest.get(queue) ?? -1;
    if (!SYNCHRONIZATION.test(text[number] ?? '')) nearest.set(queue, number);
  }
  return found;
}

/** Index of the first arrow that is set at a time or later. */
export function firstSet({ set, length }: Arrows, time: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((set[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** An event as far as flags matter; times in ticks. */
export interface FlagEvent {
  readonly pipe: number;
  readonly instruction: number;
  readonly isWait: boolean;
  readonly start: number;
  readonly end: number;
  /** When the pipe's operation before it ended: flags that were taken earlier are not its own. */
  readonly since: number;
  /** When the same instruction works again; what it tells is told before. */
  readonly again: number;
}

/** Arrows that end a wait; or of an operation those that let it start and those that it sets afterwards. */
export function arrowsOfEvent(arrows: Arrows, event: FlagEvent): readonly number[] {
  const { pipe, instruction, isWait, start, end, since, again } = event;
  const incoming = new Map<number, number>();
  const outgoing = new Map<number, number>();
  for (let index = 0; index < arrows.length; index++) {
    const [setter, waiter] = [arrows.setter[index] ?? -1, arrows.waiter[index] ?? -1];
    const taken = arrows.taken[index] ?? 0;
    if (isWait) {
      if (arrows.to[index] === pipe && waiter === instruction && taken === end) incoming.set(waiter, index);
      continue;
    }
    if (arrows.to[index] === pipe && arrows.consumers[waiter] === instruction && since <= taken && taken <= start)
      incoming.set(waiter, index);
    const set = arrows.set[index] ?? 0;
    if (arrows.from[index] === pipe && arrows.producers[setter] === instruction && end <= set && set < again)
      if (!outgoing.has(setter)) outgoing.set(setter, index);
  }
  return [...incoming.values(), ...outgoing.values()];
}

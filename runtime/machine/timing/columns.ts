/** What a timing run recorded, as growing columns of numbers: a launch with a million segments takes some ten megabytes. */

/** Pipes of the columns, by number: `pipes` of the instruction set without ALL. */
export const PIPE_COUNT = 7;

/**
 * What a pipe does or waits for. From cycle 0 to the end of the launch every pipe is in exactly one state.
 * - work           executes; on S: executes or issues
 * - startUp        fixed cycles before the first result: head of an empty vector pipe, start of a mad, latency of a copy
 * - bankConflict   UB serves rows of one group one after the other
 * - hbmShare, l2Share  a transfer is slower than its path, because others share the roof
 * - flag           wait_flag whose flag comes later
 * - barrier        pipe_barrier: earlier results are not complete (on S: PIPE_ALL)
 * - issue          the queue is empty because the scalar unit is not there yet
 * - fullQueue      S only: no place in the queue of a pipe
 * - crossCore      S only: a flag of another core
 * - idle           before the first entry and after the last operation; never a segment, only a rest
 */
export const laneStates = [
  'work',
  'startUp',
  'bankConflict',
  'hbmShare',
  'l2Share',
  'flag',
  'barrier',
  'issue',
  'fullQueue',
  'crossCore',
  'idle',
] as const;
export type LaneState = (typeof laneStates)[number];

/** Number of each state in columns. */
export const laneState = Object.fromEntries(laneStates.map((name, number) => [name, number])) as Readonly<
  Record<LaneState, number>
>; // every state once

const FIRST_LENGTH = 16;

/** A column that grows. */
class Column<Items extends Float64Array | Int32Array | Uint8Array> {
  readonly #make: (length: number) => Items;
  items: Items;

  constructor(make: (length: number) => Items) {
    this.#make = make;
    this.items = make(FIRST_LENGTH);
  }

  set(at: number, value: number): void {
    if (at === this.items.length) {
      const larger = this.#make(2 * at);
      larger.set(this.items);
      this.items = larger;
    }
    this.items[at] = value;
  }
}

const integers = (length: number): Int32Array => new Int32Array(length);
const bytes = (length: number): Uint8Array => new Uint8Array(length);
const reals = (length: number): Float64Array => new Float64Array(length);

/** Parts of pipes' time with one state; those of one pipe are in order and do not overlap. Times in cycles. */
export class SegmentColumns {
  readonly #pipe = new Column(bytes);
  readonly #state = new Column(bytes);
  readonly #pc = new Column(integers);
  readonly #start = new Column(reals);
  readonly #end = new Column(reals);
  length = 0;

  push(pipe: number, state: number, pc: number, start: number, end: number): void {
    const at = this.length++;
    this.#pipe.set(at, pipe);
    this.#state.set(at, state);
    this.#pc.set(at, pc);
    this.#start.set(at, start);
    this.#end.set(at, end);
  }

  get pipe(): Uint8Array {
    return this.#pipe.items;
  }
  get state(): Uint8Array {
    return this.#state.items;
  }
  /** Word index of the instruction that works or waits. */
  get pc(): Int32Array {
    return this.#pc.items;
  }
  get start(): Float64Array {
    return this.#start.items;
  }
  get end(): Float64Array {
    return this.#end.items;
  }
}

/** Flags from one pipe to another; times in cycles. */
export class ArrowColumns {
  readonly #flag = new Column(integers);
  readonly #setter = new Column(integers);
  readonly #waiter = new Column(integers);
  readonly #set = new Column(reals);
  readonly #taken = new Column(reals);
  length = 0;

  push(flag: number, setter: number, waiter: number, set: number, taken: number): void {
    const at = this.length++;
    this.#flag.set(at, flag);
    this.#setter.set(at, setter);
    this.#waiter.set(at, waiter);
    this.#set.set(at, set);
    this.#taken.set(at, taken);
  }

  /** `flagIndex` of the pipes and the number. */
  get flag(): Int32Array {
    return this.#flag.items;
  }
  /** Word index of the set_flag, and of the wait_flag. */
  get setter(): Int32Array {
    return this.#setter.items;
  }
  get waiter(): Int32Array {
    return this.#waiter.items;
  }
  get set(): Float64Array {
    return this.#set.items;
  }
  /** When the waiting pipe went on. */
  get taken(): Float64Array {
    return this.#taken.items;
  }
}

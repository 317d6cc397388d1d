/**
 * Reading ahead. WebAssembly has no prefetch, and the hardware's own does not follow short pieces with gaps between them;
 * one load for each cache line of the next piece keeps more misses in flight while the current piece is copied.
 */

import { branchIf, i32, load, loop, op, seq, store, when, type Code } from '../encode/code.ts';
import { get, set, type FunctionBuilder, type Local } from '../encode/module.ts';
import { context } from '../layout.ts';
import type { Scope } from '../meaning/scope.ts';
import { add, advance } from './arithmetic.ts';

const lineBytes = 64;

/** What a reader ahead needs; `sink` takes all that it reads. */
export interface Prefetch {
  readonly at: Local;
  readonly end: Local;
  readonly sink: Local;
}

export function prefetchLocals(builder: FunctionBuilder): Prefetch {
  const [at, end, sink] = builder.locals('i32', 3) as [Local, Local, Local];
  return { at, end, sink };
}

/** Touches every line of [from, from + bytes), addresses in linear memory. */
export const prefetch = ({ at, end, sink }: Prefetch, from: Code, bytes: Code): Code =>
  seq(
    set(at, from),
    set(end, add(get(at), bytes)),
    when(
      op('i32.lt_u', get(at), get(end)),
      loop(
        set(sink, op('i32.or', get(sink), load('i32.load8_u', get(at)))),
        advance(at, i32(lineBytes)),
        branchIf(0, op('i32.lt_u', get(at), get(end))),
      ),
    ),
  );

/** Keeps what was read, so that no compiler finds the loads useless; the scratch area is free between instructions. */
export const finishPrefetch = (scope: Scope, { sink }: Prefetch): Code =>
  store('i32.store', load('i32.load', get(scope.context), context.scratch), get(sink));

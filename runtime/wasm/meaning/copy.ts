/** Copies of bytes that do not overlap: short ones in a vector loop, because a bulk copy is a call out of WebAssembly. */

import { branchIf, i32, load, loop, memoryCopy, op, seq, store, when, type Code } from '../encode/code.ts';
import { FunctionBuilder, get, set, type FunctionBody, type Local } from '../encode/module.ts';

/** Longest copy that the vector loop is faster for. */
const bulkBytes = 8192;

/** Copies a constant number of bytes, a multiple of 16, to and from the addresses in two locals. */
export const copyVectors = (to: Code, from: Code, bytes: number, toOffset = 0, fromOffset = 0): Code =>
  seq(
    ...Array.from({ length: bytes / 16 }, (_, index) =>
      store('v128.store', to, load('v128.load', from, fromOffset + index * 16), toOffset + index * 16),
    ),
  );

/** Body of `copy(to, from, bytes)`, bytes above 0. */
export function copyFunction(): FunctionBody {
  const f = new FunctionBuilder({ parameters: ['i32', 'i32', 'i32'], results: [] });
  const [to, from, bytes] = f.parameters as [Local, Local, Local];
  const step = (size: number): Code =>
    seq(
      set(to, op('i32.add', get(to), i32(size))),
      set(from, op('i32.add', get(from), i32(size))),
      set(bytes, op('i32.sub', get(bytes), i32(size))),
    );
  const whileAtLeast = (size: number, body: Code): Code =>
    when(
      op('i32.ge_u', get(bytes), i32(size)),
      loop(body, step(size), branchIf(0, op('i32.ge_u', get(bytes), i32(size)))),
    );
  const code = seq(
    when(op('i32.gt_u', get(bytes), i32(bulkBytes)), seq(memoryCopy(get(to), get(from), get(bytes)), op('return'))),
    whileAtLeast(64, copyVectors(get(to), get(from), 64)),
    whileAtLeast(16, copyVectors(get(to), get(from), 16)),
    whileAtLeast(1, store('i32.store8', get(to), load('i32.load8_u', get(from)))),
  );
  return f.finish('copy', code, false);
}

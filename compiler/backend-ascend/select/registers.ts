/**
 * Linear-scan register allocation (Poletto and Sarkar, 1999) over virtual code.
 *
 * A register that lives into a loop stays live to the loop's end. There is no spilling: kernels are small, and one
 * that needs more than the scalar unit has is reported.
 */
import type { VirtualCode } from './virtual-code.ts';

/** The physical register of each virtual one, or how many would be needed. */
export type Assignment =
  { readonly ok: true; readonly physical: Int32Array } | { readonly ok: false; readonly needed: number };

export function assignRegisters(code: VirtualCode, argumentCount: number, available: number): Assignment {
  const { starts, ends } = liveness(code, argumentCount);
  const order = Array.from(starts.keys()).filter((register) => starts[register] !== Infinity);
  order.sort((a, b) => starts[a] - starts[b] || a - b);
  const physical = new Int32Array(code.registers).fill(-1);
  // Arguments arrive in X0, X1, …, used or not.
  for (let argument = 0; argument < argumentCount; argument++) physical[argument] = argument;
  const freeAt = new Float64Array(available).fill(-Infinity);
  for (let argument = 0; argument < argumentCount; argument++) freeAt[argument] = ends[argument];
  let needed = argumentCount;
  for (const register of order) {
    if (register < argumentCount) continue;
    const at = freeAt.findIndex((free) => free <= starts[register]);
    if (at < 0) return { ok: false, needed: available + 1 };
    physical[register] = at;
    freeAt[at] = ends[register];
    needed = Math.max(needed, at + 1);
  }
  return { ok: true, physical };
}

function liveness(code: VirtualCode, argumentCount: number): { readonly starts: number[]; readonly ends: number[] } {
  const starts = new Array<number>(code.registers).fill(Infinity);
  const ends = new Array<number>(code.registers).fill(-1);
  for (let argument = 0; argument < argumentCount; argument++) starts[argument] = -1;
  code.instructions.forEach(({ operands }, position) => {
    for (const operand of operands) {
      if (operand.kind !== 'register') continue;
      starts[operand.register] = Math.min(starts[operand.register], position);
      ends[operand.register] = Math.max(ends[operand.register], position);
    }
  });
  // Inner loops first, so that an extension to an inner end is seen by the outer loop.
  const loops = code.loops.toSorted((a, b) => a.bottom - a.top - (b.bottom - b.top));
  for (const { top, bottom } of loops) {
    for (let register = 0; register < code.registers; register++) {
      if (starts[register] < top && ends[register] >= top) ends[register] = Math.max(ends[register], bottom);
    }
  }
  return { starts, ends };
}

/** Register transposes by interleaving: 4 x 4 of 32-bit lanes, 8 x 8 of 16-bit lanes. */

import { seq, shuffle16, shuffle32, type Code } from '../encode/code.ts';
import { get, set, type FunctionBuilder, type Local } from '../encode/module.ts';

/** Stores row `index` of the transposed tile. */
export type PutRow = (index: number, value: Code) => Code;

const low32 = (a: Local, b: Local): Code => shuffle32(get(a), get(b), [0, 4, 1, 5]);
const high32 = (a: Local, b: Local): Code => shuffle32(get(a), get(b), [2, 6, 3, 7]);
const low64 = (a: Local, b: Local): Code => shuffle32(get(a), get(b), [0, 1, 4, 5]);
const high64 = (a: Local, b: Local): Code => shuffle32(get(a), get(b), [2, 3, 6, 7]);
const low16 = (a: Local, b: Local): Code => shuffle16(get(a), get(b), [0, 8, 1, 9, 2, 10, 3, 11]);
const high16 = (a: Local, b: Local): Code => shuffle16(get(a), get(b), [4, 12, 5, 13, 6, 14, 7, 15]);

/** Loads four rows, stores four columns. */
export function transpose4(builder: FunctionBuilder, row: (index: number) => Code, put: PutRow): Code {
  const [r0, r1, r2, r3, t0, t1, t2, t3] = builder.locals('v128', 8) as readonly [
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  return seq(
    ...[r0, r1, r2, r3].map((local, index) => set(local, row(index))),
    set(t0, low32(r0, r1)),
    set(t1, low32(r2, r3)),
    set(t2, high32(r0, r1)),
    set(t3, high32(r2, r3)),
    put(0, low64(t0, t1)),
    put(1, high64(t0, t1)),
    put(2, low64(t2, t3)),
    put(3, high64(t2, t3)),
  );
}

/** Loads eight rows of eight 16-bit lanes, stores eight columns. */
export function transpose8(builder: FunctionBuilder, row: (index: number) => Code, put: PutRow): Code {
  type Eight = readonly [Local, Local, Local, Local, Local, Local, Local, Local];
  const rows = builder.locals('v128', 8) as unknown as Eight; // eight were asked for
  const [a0, a1, a2, a3, a4, a5, a6, a7] = builder.locals('v128', 8) as unknown as Eight; // as above
  const [b0, b1, b2, b3, b4, b5, b6, b7] = builder.locals('v128', 8) as unknown as Eight; // as above
  const [r0, r1, r2, r3, r4, r5, r6, r7] = rows;
  return seq(
    ...rows.map((local, index) => set(local, row(index))),
    ...(
      [
        [a0, a1, r0, r1],
        [a2, a3, r2, r3],
        [a4, a5, r4, r5],
        [a6, a7, r6, r7],
      ] as const
    ).map(([low, high, x, y]) => seq(set(low, low16(x, y)), set(high, high16(x, y)))),
    ...(
      [
        [b0, b1, a0, a2],
        [b2, b3, a1, a3],
        [b4, b5, a4, a6],
        [b6, b7, a5, a7],
      ] as const
    ).map(([low, high, x, y]) => seq(set(low, low32(x, y)), set(high, high32(x, y)))),
    ...(
      [
        [b0, b4],
        [b1, b5],
        [b2, b6],
        [b3, b7],
      ] as const
    ).map(([x, y], pair) => seq(put(pair * 2, low64(x, y)), put(pair * 2 + 1, high64(x, y)))),
  );
}

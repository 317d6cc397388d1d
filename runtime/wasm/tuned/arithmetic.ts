/** Short names for the address arithmetic that the tuned forms are full of. */

import { branchIf, i32, i64, op, seq, type Code } from '../encode/code.ts';
import { get, set, tee, type Local } from '../encode/module.ts';

export const add = (...terms: readonly Code[]): Code => terms.reduce((left, right) => op('i32.add', left, right));
export const sub = (left: Code, right: Code): Code => op('i32.sub', left, right);
export const mul = (...factors: readonly Code[]): Code => factors.reduce((left, right) => op('i32.mul', left, right));
export const shl = (value: Code, count: number): Code => op('i32.shl', value, i32(count));
export const shr = (value: Code, count: number): Code => op('i32.shr_u', value, i32(count));
export const and = (left: Code, right: Code): Code => op('i32.and', left, right);
export const equals = (left: Code, right: Code): Code => op('i32.eq', left, right);
export const isSet = (value: Code): Code => op('i32.ne', value, i32(0));
export const isZero = (value: Code): Code => op('i32.eqz', value);
export const all = (...conditions: readonly Code[]): Code => conditions.reduce(and);
export const ceilDiv = (value: Code, unit: number): Code => op('i32.div_u', add(value, i32(unit - 1)), i32(unit));

export const advance = (local: Local, by: Code): Code => set(local, add(get(local), by));
/** Counts a local down and repeats the enclosing loop until it is zero. */
export const repeat = (local: Local): Code => branchIf(0, tee(local, sub(get(local), i32(1))));
/** Repeats the enclosing loop while the local, one greater, is below the limit. */
export const nextBelow = (local: Local, limit: Code): Code =>
  seq(advance(local, i32(1)), branchIf(0, op('i32.lt_u', get(local), limit)));

/** Byte counts in 64 bits, from 32-bit operands. */
export const wide = (value: Code): Code => op('i64.extend_i32_u', value);
export const wideAdd = (...terms: readonly Code[]): Code => terms.reduce((left, right) => op('i64.add', left, right));
export const wideMul = (...factors: readonly Code[]): Code =>
  factors.reduce((left, right) => op('i64.mul', left, right));
export const wideNumber = (value: number): Code => i64(BigInt(value));

/** Gathers and block broadcasts in UB: what layout changes and row-wise operands spend their time in. */

import { load, i32, loop, op, seq, store, when, type Code } from '../encode/code.ts';
import { get, set, type Local } from '../encode/module.ts';
import type { TunedForm } from '../library/function.ts';
import { readMask } from '../meaning/lane-scope.ts';
import { checkExtent, checkRange, inMemory, raise, spaceLocals } from '../meaning/scope.ts';
import { spaces } from '../layout.ts';
import {
  add,
  advance,
  all,
  equals,
  isSet,
  mul,
  repeat,
  shl,
  sub,
  wide,
  wideAdd,
  wideMul,
  wideNumber,
} from './arithmetic.ts';

const ub = spaces.indexOf('ub');

/** `vgather` with a count or a full mask and destination repeats in a row. Elements of `bytes` bytes. */
export function gatherForm(bytes: 2 | 4): TunedForm {
  const elements = 256 / bytes;
  const loadName = bytes === 4 ? 'i32.load' : 'i32.load16_u';
  const storeName = bytes === 4 ? 'i32.store' : 'i32.store16';
  return (scope) => {
    const operand = (name: string): Code => scope.operand(name, 'index');
    const [total, counting, full, from, to, left, address, last] = scope.builder.locals('i32', 8) as [
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
    ];
    const { base, size } = spaceLocals(scope, 'ub');
    const covered = all(op('i32.or', get(counting), get(full)), equals(operand('dst_rep'), i32(8)), isSet(get(total)));
    const misplaced = op(
      'i32.or',
      op('i32.gt_u', get(address), get(last)),
      op('i32.and', get(address), i32(bytes - 1)),
    );
    const body = seq(
      set(address, add(operand('base'), load('i32.load', get(from)))),
      when(misplaced, raise(scope, 'outside', ub, get(address))),
      store(storeName, get(to), load(loadName, add(get(base), get(address)))),
      advance(from, i32(4)),
      advance(to, i32(bytes)),
      repeat(left),
    );
    const work = seq(
      checkExtent(scope, 'ub', operand('offset'), wideMul(wide(get(total)), wideNumber(4))),
      checkExtent(scope, 'ub', operand('dst'), wideMul(wide(get(total)), wideNumber(bytes))),
      set(from, inMemory(scope, 'ub', operand('offset'))),
      set(to, inMemory(scope, 'ub', operand('dst'))),
      set(last, sub(get(size), i32(bytes))),
      set(left, get(total)),
      loop(body),
      op('return'),
    );
    return seq(readMask(scope, operand('repeat'), elements, { total, counting, full }), when(covered, work));
  };
}

/** `vbrcb`: each of eight elements per repeat fills a block. */
export function broadcastBlockForm(bytes: 2 | 4): TunedForm {
  return (scope) => {
    const operand = (name: string): Code => scope.operand(name, 'index');
    const [from, to, left] = scope.builder.locals('i32', 3) as [Local, Local, Local];
    const value = scope.builder.local('v128');
    const last = wide(sub(operand('repeat'), i32(1)));
    const extent = wideAdd(
      wideMul(last, wide(operand('dst_rep')), wideNumber(32)),
      wideMul(wide(operand('dst_blk')), wideNumber(7 * 32)),
      wideNumber(32),
    );
    const block = (index: number): Code => {
      const at = index === 0 ? get(to) : add(get(to), mul(shl(operand('dst_blk'), 5), i32(index)));
      return seq(
        set(value, load(bytes === 4 ? 'v128.load32_splat' : 'v128.load16_splat', get(from), index * bytes)),
        ...[0, 16].map((offset) => store('v128.store', at, get(value), offset)),
      );
    };
    const work = seq(
      checkRange(scope, 'ub', operand('src'), mul(operand('repeat'), i32(8 * bytes))),
      checkExtent(scope, 'ub', operand('dst'), extent),
      set(from, inMemory(scope, 'ub', operand('src'))),
      set(to, inMemory(scope, 'ub', operand('dst'))),
      set(left, operand('repeat')),
      loop(
        ...Array.from({ length: 8 }, (_, index) => block(index)),
        advance(from, i32(8 * bytes)),
        advance(to, shl(operand('dst_rep'), 5)),
        repeat(left),
      ),
    );
    return seq(when(operand('repeat'), work), op('return'));
  };
}

/** Copies of bursts with gaps from GM into an on-chip memory, reading one burst ahead. */

import { branchIf, i32, loop, op, seq, when, type Code } from '../encode/code.ts';
import { get, set, type Local } from '../encode/module.ts';
import type { TunedForm } from '../library/function.ts';
import { copyVectors } from '../meaning/copy.ts';
import { checkExtent, inMemory, type Scope } from '../meaning/scope.ts';
import { add, advance, all, isSet, repeat, shl, sub, wide, wideAdd, wideMul, wideNumber } from './arithmetic.ts';
import { finishPrefetch, prefetch, prefetchLocals } from './prefetch.ts';

const blockBytes = 32;
/** Longer bursts are left to the hardware's prefetcher. */
const longestBlocks = 32;

/** The tuned form for short bursts with gaps between them. */
export function burstForm(space: 'l1' | 'ub'): TunedForm {
  return (scope) => {
    const operand = (name: string): Code => scope.operand(name, 'index');
    const length = operand('len_burst');
    const covered = all(isSet(operand('n_burst')), isSet(length), op('i32.le_u', length, i32(longestBlocks)));
    const [from, to, count, blocks] = scope.builder.locals('i32', 4) as [Local, Local, Local, Local];
    const ahead = prefetchLocals(scope.builder);
    const sourceStep = shl(add(length, operand('src_gap')), 5);
    const burst = seq(
      when(op('i32.gt_u', get(count), i32(1)), prefetch(ahead, add(get(from), sourceStep), shl(length, 5))),
      set(blocks, length),
      copyBlocks(from, to, blocks),
      advance(from, shl(operand('src_gap'), 5)),
      advance(to, shl(operand('dst_gap'), 5)),
      repeat(count),
    );
    const work = seq(
      checkBursts(scope, 'gm', 'src'),
      checkBursts(scope, space, 'dst'),
      set(from, inMemory(scope, 'gm', operand('src'))),
      set(to, inMemory(scope, space, operand('dst'))),
      set(count, operand('n_burst')),
      loop(burst),
      finishPrefetch(scope, ahead),
      op('return'),
    );
    return when(covered, work);
  };
}

/** The range from the first byte of the first burst to the last byte of the last. */
function checkBursts(scope: Scope, space: 'gm' | 'l1' | 'ub', side: 'src' | 'dst'): Code {
  const number = (name: string): Code => wide(scope.operand(name, 'index'));
  const steps = wide(sub(scope.operand('n_burst', 'index'), i32(1)));
  const blocks = wideAdd(wideMul(steps, wideAdd(number('len_burst'), number(`${side}_gap`))), number('len_burst'));
  return checkExtent(scope, space, scope.operand(side, 'index'), wideMul(blocks, wideNumber(blockBytes)));
}

/** Copies `blocks` blocks, at least one, and leaves both addresses behind the last. */
function copyBlocks(from: Local, to: Local, blocks: Local): Code {
  const step = (count: number): Code =>
    seq(
      copyVectors(get(to), get(from), count * blockBytes),
      advance(from, i32(count * blockBytes)),
      advance(to, i32(count * blockBytes)),
      set(blocks, sub(get(blocks), i32(count))),
    );
  const pairs = loop(step(2), branchIf(0, op('i32.ge_u', get(blocks), i32(2))));
  return seq(when(op('i32.ge_u', get(blocks), i32(2)), pairs), when(get(blocks), step(1)));
}

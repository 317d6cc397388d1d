/** L1 to L0A and L0B: fractals of 512 B as they are, and transposed squares of 16 x 16. */

import { i32, load, loop, op, seq, store, when, type Code } from '../encode/code.ts';
import { get, set, type Local } from '../encode/module.ts';
import type { TunedForm } from '../library/function.ts';
import { copyVectors } from '../meaning/copy.ts';
import { checkRange, inMemory, type Scope } from '../meaning/scope.ts';
import { add, advance, all, isZero, mul, repeat, shl, sub } from './arithmetic.ts';
import { transpose4, transpose8 } from './transpose.ts';

const fractalBytes = 512;

interface Walk {
  readonly from: Local;
  readonly to: Local;
  readonly count: Local;
}

/** Checks both ranges, then runs `body` for each repeat with the addresses in linear memory. Strides are 16 bits and repeats 8, so 32 bits hold the ranges. */
function walk(
  scope: Scope,
  space: 'l0a' | 'l0b',
  squareBytes: number,
  targetBytes: Code,
  body: (walk: Walk) => Code,
): Code {
  const operand = (name: string): Code => scope.operand(name, 'index');
  const [from, to, count] = scope.builder.locals('i32', 3) as [Local, Local, Local];
  const last = sub(operand('repeat'), i32(1));
  const source = add(operand('src'), mul(operand('start_idx'), i32(squareBytes)));
  const step = mul(operand('src_stride'), i32(squareBytes));
  const gap = shl(add(operand('dst_gap'), i32(1)), 9);
  const work = seq(
    checkRange(scope, 'l1', source, add(mul(last, step), i32(squareBytes))),
    checkRange(scope, space, operand('dst'), add(mul(last, gap), targetBytes)),
    set(from, inMemory(scope, 'l1', source)),
    set(to, inMemory(scope, space, operand('dst'))),
    set(count, operand('repeat')),
    loop(body({ from, to, count }), advance(from, step), advance(to, gap), repeat(count)),
  );
  return seq(when(operand('repeat'), work), op('return'));
}

/** Plain fractal copies with an advancing source. */
export function fractalCopyForm(space: 'l0a' | 'l0b'): TunedForm {
  return (scope) => {
    const covered = all(isZero(scope.operand('transpose', 'index')), isZero(scope.operand('inc', 'index')));
    const quarter = (part: number, { from, to }: Walk): Code =>
      copyVectors(get(to), get(from), 128, part * 128, part * 128);
    const copy = walk(scope, space, fractalBytes, i32(fractalBytes), (at) =>
      seq(...[0, 1, 2, 3].map((part) => quarter(part, at))),
    );
    return when(covered, copy);
  };
}

/** Transposed squares with an advancing source. */
export function squareTransposeForm(space: 'l0a' | 'l0b', bytes: 2 | 4): TunedForm {
  return (scope) => {
    const second = shl(add(scope.operand('dst_frac_gap', 'index'), i32(1)), 9);
    const targetBytes = bytes === 4 ? add(second, i32(fractalBytes)) : i32(fractalBytes);
    const covered = isZero(scope.operand('addrmode', 'index'));
    const squareBytes = 16 * 16 * bytes;
    const body = (at: Walk): Code => (bytes === 4 ? transpose32(scope, at, second) : transpose16(scope, at));
    return when(covered, walk(scope, space, squareBytes, targetBytes, body));
  };
}

const starts32 = [0, 4, 8, 12];

/** A square is two fractals of 16 rows by 8 columns, side by side, on both sides. */
function transpose32(scope: Scope, { from, to }: Walk, second: Code): Code {
  const other = scope.builder.local('i32');
  const tile = (row: number, column: number): Code =>
    transpose4(
      scope.builder,
      (index) =>
        load('v128.load', get(from), Math.floor(column / 8) * fractalBytes + (row + index) * 32 + (column % 8) * 4),
      (index, value) => store('v128.store', get(row < 8 ? to : other), value, (column + index) * 32 + (row % 8) * 4),
    );
  return seq(
    set(other, add(get(to), second)),
    ...starts32.flatMap((row) => starts32.map((column) => tile(row, column))),
  );
}

/** A square is one fractal of 16 rows by 16 columns. */
function transpose16(scope: Scope, { from, to }: Walk): Code {
  const tile = (row: number, column: number): Code =>
    transpose8(
      scope.builder,
      (index) => load('v128.load', get(from), (row + index) * 32 + column * 2),
      (index, value) => store('v128.store', get(to), value, (column + index) * 32 + row * 2),
    );
  return seq(...[0, 8].flatMap((row) => [0, 8].map((column) => tile(row, column))));
}

/**
 * img2col from L1 to L0A in blocks: where k starts and ends on blocks of C0 columns, each (position, block) is 32 B of
 * the feature map, or padding. Block by block of k, the filter tap is fixed and the positions walk over the output map.
 */

import { i32, load, loop, op, seq, store, when, type Code } from '../encode/code.ts';
import { get, set, type Local } from '../encode/module.ts';
import { stateAt } from '../layout.ts';
import type { TunedForm } from '../library/function.ts';
import { checkRange, inMemory, type Scope } from '../meaning/scope.ts';
import { add, advance, all, and, ceilDiv, equals, isSet, isZero, mul, nextBelow, shl, sub } from './arithmetic.ts';

const names = [
  'h', 'w', 'padLeft', 'padTop', 'outWidth', 'positions', 'blocks', 'columns', 'block', 'kernelX', 'kernelY', 'plane', 'k',
  'row', 'outX', 'outY', 'x', 'y', 'to', 'rowBytes', 'source', 'from', 'firstX', 'firstY',
] as const; // prettier-ignore
type Locals = Readonly<Record<(typeof names)[number], Local>>;

/** The tuned form for elements of `bytes` bytes: no transposition, no repetition, whole blocks of k. */
export function img2colForm(bytes: number): TunedForm {
  const perBlock = 32 / bytes;
  return (scope) => {
    const operand = (name: string): Code => scope.operand(name, 'index');
    const l = Object.fromEntries(names.map((name) => [name, scope.builder.local('i32')])) as Locals; // names are the keys
    const wholeBlocks = isZero(and(add(operand('k_ext'), operand('k_start')), i32(perBlock - 1)));
    const startsOnBlock = isZero(and(operand('k_start'), i32(perBlock - 1)));
    const once = equals(load('i32.load', get(scope.context), stateAt('l3d_rpt') + 4), i32(1));
    const strides = all(isSet(operand('stride_w')), isSet(operand('stride_h')), isSet(operand('filter_w')), isSet(operand('filter_h')));
    const covered = all(isZero(operand('transpose')), wholeBlocks, startsOnBlock, once, strides, isSet(operand('m_ext')), isSet(operand('k_ext')));
    return when(covered, seq(prepare(scope, l, perBlock), blocks(scope, l, bytes), op('return')));
  };
}

function prepare(scope: Scope, l: Locals, perBlock: number): Code {
  const operand = (name: string): Code => scope.operand(name, 'index');
  const field = (index: number): Code =>
    load('i32.load', add(get(scope.context), mul(operand('fmatrix_ctrl'), i32(24))), stateAt('fmatrix') + index * 4);
  const outputs = (extent: Code, filter: string, dilation: string, stride: string): Code =>
    add(op('i32.div_u', sub(extent, add(mul(operand(dilation), sub(operand(filter), i32(1))), i32(1))), operand(stride)), i32(1));
  const outHeight = outputs(add(get(l.h), field(4), field(5)), 'filter_h', 'dilation_h', 'stride_h');
  const rowGroups = ceilDiv(operand('m_ext'), 16);
  return seq(
    set(l.h, field(0)),
    set(l.w, field(1)),
    set(l.padLeft, field(2)),
    set(l.padTop, field(4)),
    set(l.outWidth, outputs(add(get(l.w), get(l.padLeft), field(3)), 'filter_w', 'dilation_w', 'stride_w')),
    set(l.positions, mul(get(l.outWidth), outHeight)),
    set(l.columns, mul(ceilDiv(operand('channel'), perBlock), operand('filter_h'), operand('filter_w'))),
    set(l.blocks, ceilDiv(operand('k_ext'), perBlock)),
    set(l.rowBytes, shl(get(l.blocks), 9)),
    // The last fractal row may be written in part; its blocks end at most 512 B after the last row's fractal begins.
    checkRange(scope, 'l0a', operand('dst'), sub(mul(rowGroups, get(l.rowBytes)), shl(sub(shl(rowGroups, 4), operand('m_ext')), 5))),
    set(l.source, inMemory(scope, 'l1', operand('src'))),
  );
}

/** For each block of k: its channel plane and filter tap, then all rows. */
function blocks(scope: Scope, l: Locals, bytes: number): Code {
  const operand = (name: string): Code => scope.operand(name, 'index');
  const perBlock = 32 / bytes;
  const first = op('i32.div_u', operand('m_start'), get(l.outWidth));
  return seq(
    set(l.block, i32(0)),
    set(l.firstY, first),
    set(l.firstX, sub(operand('m_start'), mul(get(l.firstY), get(l.outWidth)))),
    loop(
      set(l.k, add(op('i32.div_u', operand('k_start'), i32(perBlock)), get(l.block))),
      set(l.kernelX, op('i32.rem_u', get(l.k), operand('filter_w'))),
      set(l.kernelY, op('i32.div_u', get(l.k), operand('filter_w'))),
      set(l.plane, op('i32.div_u', get(l.kernelY), operand('filter_h'))),
      set(l.kernelY, op('i32.rem_u', get(l.kernelY), operand('filter_h'))),
      set(l.outX, get(l.firstX)),
      set(l.outY, get(l.firstY)),
      set(l.x, sub(add(mul(get(l.outX), operand('stride_w')), mul(get(l.kernelX), operand('dilation_w'))), get(l.padLeft))),
      set(l.y, sub(add(mul(get(l.outY), operand('stride_h')), mul(get(l.kernelY), operand('dilation_h'))), get(l.padTop))),
      set(l.to, inMemory(scope, 'l0a', add(operand('dst'), shl(get(l.block), 9)))),
      set(l.row, i32(0)),
      loop(oneRow(scope, l, bytes), nextBelow(l.row, operand('m_ext'))),
      nextBelow(l.block, get(l.blocks)),
    ),
  );
}

/** Copies the block of one position, then steps to the next position. */
function oneRow(scope: Scope, l: Locals, bytes: number): Code {
  const operand = (name: string): Code => scope.operand(name, 'index');
  const inside = all(
    op('i32.lt_u', get(l.x), get(l.w)),
    op('i32.lt_u', get(l.y), get(l.h)),
    op('i32.lt_u', get(l.k), get(l.columns)),
    op('i32.lt_u', add(operand('m_start'), get(l.row)), get(l.positions)),
  );
  const splat = bytes === 4 ? 'i32x4.splat' : bytes === 2 ? 'i16x8.splat' : 'i8x16.splat';
  const padding = op(splat, load('i32.load', get(scope.context), stateAt('padding')));
  const copy = seq(
    set(l.from, add(get(l.source), shl(add(mul(add(mul(get(l.plane), get(l.h)), get(l.y)), get(l.w)), get(l.x)), 5))),
    checkRange(scope, 'l1', sub(get(l.from), inMemory(scope, 'l1', i32(0))), i32(32)),
    ...[0, 16].map((offset) => store('v128.store', get(l.to), load('v128.load', get(l.from), offset), offset)),
  );
  const nextPosition = seq(
    advance(l.outX, i32(1)),
    advance(l.x, operand('stride_w')),
    when(
      equals(get(l.outX), get(l.outWidth)),
      seq(
        set(l.outX, i32(0)),
        advance(l.x, sub(i32(0), mul(get(l.outWidth), operand('stride_w')))),
        advance(l.y, operand('stride_h')),
      ),
    ),
  );
  const endOfFractal = equals(and(get(l.row), i32(15)), i32(15));
  return seq(
    when(inside, copy, seq(...[0, 16].map((offset) => store('v128.store', get(l.to), padding, offset)))),
    nextPosition,
    advance(l.to, i32(32)),
    when(endOfFractal, advance(l.to, sub(get(l.rowBytes), i32(512)))),
  );
}

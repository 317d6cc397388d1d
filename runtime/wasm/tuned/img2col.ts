/**
 * img2col from L1 to L0A in blocks: where k starts and ends on blocks of C0 columns, each (position, block) is 32 B of
 * the feature map, or padding. Block by block of k, the filter tap is fixed and the positions walk over the output map in runs.
 */

import { branchIf, i32, load, loop, op, seq, store, when, type Code } from '../encode/code.ts';
import { get, set, type Local } from '../encode/module.ts';
import { stateAt } from '../layout.ts';
import type { TunedForm } from '../library/function.ts';
import { copyVectors } from '../meaning/copy.ts';
import { checkRange, inMemory, type Scope } from '../meaning/scope.ts';
import {
  add,
  advance,
  all,
  and,
  ceilDiv,
  equals,
  isSet,
  isZero,
  mul,
  nextBelow,
  repeat,
  shl,
  sub,
} from './arithmetic.ts';

const names = [
  'h', 'w', 'padLeft', 'padTop', 'outWidth', 'positions', 'blocks', 'columns', 'block', 'kernelX', 'kernelY', 'plane', 'k',
  'row', 'outX', 'outY', 'x', 'y', 'to', 'rowBytes', 'from', 'firstX', 'firstY', 'leftX',
  'piece', 'rest', 'lead', 'end', 'count',
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
    const strides = all(
      isSet(operand('stride_w')),
      isSet(operand('stride_h')),
      isSet(operand('filter_w')),
      isSet(operand('filter_h')),
    );
    const covered = all(
      isZero(operand('transpose')),
      wholeBlocks,
      startsOnBlock,
      once,
      strides,
      isSet(operand('m_ext')),
      isSet(operand('k_ext')),
    );
    return when(covered, seq(prepare(scope, l, perBlock), blocks(scope, l, bytes), op('return')));
  };
}

function prepare(scope: Scope, l: Locals, perBlock: number): Code {
  const operand = (name: string): Code => scope.operand(name, 'index');
  const field = (index: number): Code =>
    load('i32.load', add(get(scope.context), mul(operand('fmatrix_ctrl'), i32(24))), stateAt('fmatrix') + index * 4);
  const outputs = (extent: Code, filter: string, dilation: string, stride: string): Code =>
    add(
      op('i32.div_u', sub(extent, add(mul(operand(dilation), sub(operand(filter), i32(1))), i32(1))), operand(stride)),
      i32(1),
    );
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
    checkRange(
      scope,
      'l0a',
      operand('dst'),
      sub(mul(rowGroups, get(l.rowBytes)), shl(sub(shl(rowGroups, 4), operand('m_ext')), 5)),
    ),
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
      set(l.leftX, sub(mul(get(l.kernelX), operand('dilation_w')), get(l.padLeft))),
      set(l.x, add(get(l.leftX), mul(get(l.outX), operand('stride_w')))),
      set(
        l.y,
        sub(add(mul(get(l.outY), operand('stride_h')), mul(get(l.kernelY), operand('dilation_h'))), get(l.padTop)),
      ),
      set(l.to, inMemory(scope, 'l0a', add(operand('dst'), shl(get(l.block), 9)))),
      set(l.row, i32(0)),
      loop(onePiece(scope, l, bytes), branchIf(0, op('i32.lt_u', get(l.row), operand('m_ext')))),
      nextBelow(l.block, get(l.blocks)),
    ),
  );
}

/**
 * The blocks of consecutive positions: as many as stay in one fractal, in one row of the output map, and on one side of
 * the last position. Of those the first may lie left of the feature map and the last right of it.
 */
function onePiece(scope: Scope, l: Locals, bytes: number): Code {
  const operand = (name: string): Code => scope.operand(name, 'index');
  const position = add(operand('m_start'), get(l.row));
  const shorten = (limit: Code): Code =>
    seq(set(l.rest, limit), when(op('i32.lt_u', get(l.rest), get(l.piece)), set(l.piece, get(l.rest))));
  const inside = all(
    op('i32.lt_u', get(l.y), get(l.h)),
    op('i32.lt_u', get(l.k), get(l.columns)),
    op('i32.lt_u', position, get(l.positions)),
  );
  const nextRow = seq(set(l.outX, i32(0)), set(l.x, get(l.leftX)), advance(l.y, operand('stride_h')));
  return seq(
    set(l.piece, sub(i32(16), and(get(l.row), i32(15)))),
    shorten(sub(get(l.outWidth), get(l.outX))),
    shorten(sub(operand('m_ext'), get(l.row))),
    when(op('i32.lt_u', position, get(l.positions)), shorten(sub(get(l.positions), position))),
    when(inside, insidePiece(scope, l, bytes), pad(scope, l, bytes, get(l.piece))),
    advance(l.row, get(l.piece)),
    when(isZero(and(get(l.row), i32(15))), advance(l.to, sub(get(l.rowBytes), i32(512)))),
    advance(l.outX, get(l.piece)),
    advance(l.x, mul(get(l.piece), operand('stride_w'))),
    when(equals(get(l.outX), get(l.outWidth)), nextRow),
  );
}

/** Padding left of the map, blocks of the map, padding right of it. */
function insidePiece(scope: Scope, l: Locals, bytes: number): Code {
  const operand = (name: string): Code => scope.operand(name, 'index');
  const steps = (distance: Code): Code =>
    op('i32.div_u', add(distance, sub(operand('stride_w'), i32(1))), operand('stride_w'));
  const atMostPiece = (local: Local): Code => when(op('i32.gt_u', get(local), get(l.piece)), set(local, get(l.piece)));
  const first = add(
    mul(add(mul(get(l.plane), get(l.h)), get(l.y)), get(l.w)),
    get(l.x),
    mul(get(l.lead), operand('stride_w')),
  );
  const stride = shl(operand('stride_w'), 5);
  const run = seq(
    set(l.from, add(operand('src'), shl(first, 5))),
    checkRange(scope, 'l1', get(l.from), add(mul(sub(get(l.count), i32(1)), stride), i32(32))),
    set(l.from, inMemory(scope, 'l1', get(l.from))),
    loop(copyVectors(get(l.to), get(l.from), 32), advance(l.from, stride), advance(l.to, i32(32)), repeat(l.count)),
  );
  return seq(
    set(l.lead, i32(0)),
    when(op('i32.lt_s', get(l.x), i32(0)), set(l.lead, steps(sub(i32(0), get(l.x))))),
    atMostPiece(l.lead),
    set(l.end, i32(0)),
    when(op('i32.lt_s', get(l.x), get(l.w)), set(l.end, steps(sub(get(l.w), get(l.x))))),
    atMostPiece(l.end),
    when(get(l.lead), pad(scope, l, bytes, get(l.lead))),
    set(l.count, sub(get(l.end), get(l.lead))),
    when(op('i32.gt_s', get(l.count), i32(0)), run),
    // Nothing of the map is left of `end` when the lead reaches past it.
    when(op('i32.lt_u', get(l.end), get(l.lead)), set(l.end, get(l.lead))),
    set(l.rest, sub(get(l.piece), get(l.end))),
    when(get(l.rest), pad(scope, l, bytes, get(l.rest))),
  );
}

/** `count` blocks of padding, at least one. */
function pad(scope: Scope, l: Locals, bytes: number, count: Code): Code {
  const splat = bytes === 4 ? 'i32x4.splat' : bytes === 2 ? 'i16x8.splat' : 'i8x16.splat';
  const padding = op(splat, load('i32.load', get(scope.context), stateAt('padding')));
  return seq(
    set(l.count, count),
    loop(
      ...[0, 16].map((offset) => store('v128.store', get(l.to), padding, offset)),
      advance(l.to, i32(32)),
      repeat(l.count),
    ),
  );
}

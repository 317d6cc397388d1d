/**
 * img2col from L1 to L0A and L0B in blocks: where k starts and ends on blocks of C0 columns, each (position, block) is
 * 32 B of the feature map, or padding. Block by block of k, the filter tap is fixed and the positions walk over the output
 * map in runs. In L0A (zZ) such a block stays together; in L0B (nZ), whose k are the positions, its elements lie 32 B apart.
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

/** Where the blocks go. */
interface Target {
  readonly space: 'l0a' | 'l0b';
  /** Bytes of an element. */
  readonly bytes: 1 | 2 | 4;
  /** Positions in one row of fractals, and bytes from one to the next. */
  readonly positions: number;
  readonly stepBytes: number;
}

/** The tuned form for elements of `bytes` bytes: no transposition, no repetition, whole blocks of k. */
export function img2colForm(space: 'l0a' | 'l0b', bytes: 1 | 2 | 4): TunedForm {
  const perBlock = 32 / bytes;
  const target: Target =
    space === 'l0a'
      ? { space, bytes, positions: 16, stepBytes: 32 }
      : { space, bytes, positions: perBlock, stepBytes: bytes };
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
    return when(covered, seq(prepare(scope, l, target), blocks(scope, l, target), op('return')));
  };
}

function prepare(scope: Scope, l: Locals, target: Target): Code {
  const perBlock = 32 / target.bytes;
  const operand = (name: string): Code => scope.operand(name, 'index');
  const field = (index: number): Code =>
    load('i32.load', add(get(scope.context), mul(operand('fmatrix_ctrl'), i32(24))), stateAt('fmatrix') + index * 4);
  const outputs = (extent: Code, filter: string, dilation: string, stride: string): Code =>
    add(
      op('i32.div_u', sub(extent, add(mul(operand(dilation), sub(operand(filter), i32(1))), i32(1))), operand(stride)),
      i32(1),
    );
  const outHeight = outputs(add(get(l.h), field(4), field(5)), 'filter_h', 'dilation_h', 'stride_h');
  return seq(
    set(l.h, field(0)),
    set(l.w, field(1)),
    set(l.padLeft, field(2)),
    set(l.padTop, field(4)),
    set(l.outWidth, outputs(add(get(l.w), get(l.padLeft), field(3)), 'filter_w', 'dilation_w', 'stride_w')),
    set(l.positions, mul(get(l.outWidth), outHeight)),
    set(l.columns, mul(ceilDiv(operand('channel'), perBlock), operand('filter_h'), operand('filter_w'))),
    set(l.blocks, ceilDiv(operand('k_ext'), perBlock)),
    set(l.rowBytes, shl(target.space === 'l0a' ? get(l.blocks) : ceilDiv(operand('k_ext'), 16), 9)),
    checkRange(
      scope,
      target.space,
      operand('dst'),
      target.space === 'l0a' ? bytesOfZz(scope, l) : bytesOfNz(scope, l, target),
    ),
  );
}

/** Up to the last position: the last row of fractals may be written in part. */
function bytesOfZz(scope: Scope, l: Locals): Code {
  const positions = scope.operand('m_ext', 'index');
  const rows = ceilDiv(positions, 16);
  return sub(mul(rows, get(l.rowBytes)), shl(sub(shl(rows, 4), positions), 5));
}

/** Up to the last position of the last column. */
function bytesOfNz(scope: Scope, l: Locals, { positions, bytes }: Target): Code {
  const lastRow = sub(scope.operand('m_ext', 'index'), i32(1));
  const lastColumn = sub(scope.operand('k_ext', 'index'), i32(1));
  return add(
    mul(op('i32.div_u', lastRow, i32(positions)), get(l.rowBytes)),
    shl(lastColumn, 5),
    mul(add(and(lastRow, i32(positions - 1)), i32(1)), i32(bytes)),
  );
}

/** For each block of k: its channel plane and filter tap, then all rows. */
function blocks(scope: Scope, l: Locals, target: Target): Code {
  const operand = (name: string): Code => scope.operand(name, 'index');
  const perBlock = 32 / target.bytes;
  // A block is one fractal of zZ, and perBlock columns of 32 B in nZ.
  const blockShift = target.space === 'l0a' ? 9 : Math.log2(perBlock * 32);
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
      set(l.to, inMemory(scope, target.space, add(operand('dst'), shl(get(l.block), blockShift)))),
      set(l.row, i32(0)),
      loop(onePiece(scope, l, target), branchIf(0, op('i32.lt_u', get(l.row), operand('m_ext')))),
      nextBelow(l.block, get(l.blocks)),
    ),
  );
}

/**
 * The blocks of consecutive positions: as many as stay in one fractal, in one row of the output map, and on one side of
 * the last position. Of those the first may lie left of the feature map and the last right of it.
 */
function onePiece(scope: Scope, l: Locals, target: Target): Code {
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
    set(l.piece, sub(i32(target.positions), and(get(l.row), i32(target.positions - 1)))),
    shorten(sub(get(l.outWidth), get(l.outX))),
    shorten(sub(operand('m_ext'), get(l.row))),
    when(op('i32.lt_u', position, get(l.positions)), shorten(sub(get(l.positions), position))),
    when(inside, insidePiece(scope, l, target), pad(scope, l, target, get(l.piece))),
    advance(l.row, get(l.piece)),
    when(
      isZero(and(get(l.row), i32(target.positions - 1))),
      advance(l.to, sub(get(l.rowBytes), i32(target.positions * target.stepBytes))),
    ),
    advance(l.outX, get(l.piece)),
    advance(l.x, mul(get(l.piece), operand('stride_w'))),
    when(equals(get(l.outX), get(l.outWidth)), nextRow),
  );
}

/** Padding left of the map, blocks of the map, padding right of it. */
function insidePiece(scope: Scope, l: Locals, target: Target): Code {
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
    loop(copyBlock(l, target), advance(l.from, stride), advance(l.to, i32(target.stepBytes)), repeat(l.count)),
  );
  return seq(
    set(l.lead, i32(0)),
    when(op('i32.lt_s', get(l.x), i32(0)), set(l.lead, steps(sub(i32(0), get(l.x))))),
    atMostPiece(l.lead),
    set(l.end, i32(0)),
    when(op('i32.lt_s', get(l.x), get(l.w)), set(l.end, steps(sub(get(l.w), get(l.x))))),
    atMostPiece(l.end),
    when(get(l.lead), pad(scope, l, target, get(l.lead))),
    set(l.count, sub(get(l.end), get(l.lead))),
    when(op('i32.gt_s', get(l.count), i32(0)), run),
    // Nothing of the map is left of `end` when the lead reaches past it.
    when(op('i32.lt_u', get(l.end), get(l.lead)), set(l.end, get(l.lead))),
    set(l.rest, sub(get(l.piece), get(l.end))),
    when(get(l.rest), pad(scope, l, target, get(l.rest))),
  );
}

const elementMoves = {
  1: ['i32.load8_u', 'i32.store8'],
  2: ['i32.load16_u', 'i32.store16'],
  4: ['i32.load', 'i32.store'],
} as const;

/** One block: together, or element by element 32 B apart. */
function copyBlock(l: Locals, { space, bytes }: Target): Code {
  if (space === 'l0a') return copyVectors(get(l.to), get(l.from), 32);
  const [read, write] = elementMoves[bytes];
  return seq(
    ...Array.from({ length: 32 / bytes }, (_, at) =>
      store(write, get(l.to), load(read, get(l.from), at * bytes), at * 32),
    ),
  );
}

/** `count` blocks of padding, at least one. */
function pad(scope: Scope, l: Locals, target: Target, count: Code): Code {
  const { space, bytes, stepBytes } = target;
  const padding = load('i32.load', get(scope.context), stateAt('padding'));
  const splat = op(bytes === 4 ? 'i32x4.splat' : bytes === 2 ? 'i16x8.splat' : 'i8x16.splat', padding);
  const together = [0, 16].map((offset) => store('v128.store', get(l.to), splat, offset));
  const apart = Array.from({ length: 32 / bytes }, (_, at) =>
    store(elementMoves[bytes][1], get(l.to), padding, at * 32),
  );
  return seq(
    set(l.count, count),
    loop(...(space === 'l0a' ? together : apart), advance(l.to, i32(stepBytes)), repeat(l.count)),
  );
}

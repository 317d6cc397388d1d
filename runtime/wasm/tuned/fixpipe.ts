/**
 * L0C (f32, NZ) out to GM or L1, without atomics and integer quantization: rows of whole 16-column groups move four
 * vectors at a time, with ReLU and narrowing on the way; the columns of a last partial group one by one.
 */

import { i32, lane, load, loop, op, seq, splatF32, store, when, type Code } from '../encode/code.ts';
import { get, set, type Local } from '../encode/module.ts';
import { bytesOf, quantModes, type ElementType } from '../../isa/index.ts';
import { stateAt } from '../layout.ts';
import type { TunedForm } from '../library/function.ts';
import { lanesAtRest, storeBits } from '../meaning/lane-memory.ts';
import { checkAligned, checkExtent, checkRange, inMemory, type Scope } from '../meaning/scope.ts';
import {
  add,
  advance,
  all,
  and,
  equals,
  isSet,
  isZero,
  mul,
  nextBelow,
  shl,
  sub,
  wide,
  wideAdd,
  wideMul,
  wideNumber,
} from './arithmetic.ts';

type Target = 'gm' | 'l1';
type Output = Extract<ElementType, 'f32' | 'f16' | 'bf16'>;

const modes: readonly (readonly [mode: number, output: Output])[] = [
  [quantModes.none, 'f32'],
  [quantModes.f322f16, 'f16'],
  [quantModes.f322bf16, 'bf16'],
];

/** The tuned form of `copy_matrix_cc_to_*_f32`. */
export function fixpipeForm(target: Target): TunedForm {
  return (scope) => {
    const operand = (name: string): Code => scope.operand(name, 'index');
    const plainStores = target === 'gm' ? isZero(load('i32.load', get(scope.context), stateAt('atomic_op'))) : i32(1);
    const oneMatrix = op(
      'i32.or',
      isZero(operand('nz2nd_en')),
      equals(load('i32.load', get(scope.context), stateAt('nd_para')), i32(1)),
    );
    const someWork = and(isSet(operand('m_size')), isSet(operand('n_size')));
    const covered = all(plainStores, oneMatrix, someWork);
    const cases = modes.map(([mode, output]) =>
      when(equals(operand('quant_pre'), i32(mode)), seq(moveTile(scope, target, output), op('return'))),
    );
    return when(covered, seq(...cases));
  };
}

/** Locals of one tile; strides are in bytes. */
interface Tile {
  readonly target: Target;
  readonly output: Output;
  readonly from: Local;
  readonly to: Local;
  readonly row: Local;
  readonly group: Local;
  readonly rowStride: Local;
  readonly groupStride: Local;
  /** Distance of the two halves of a 16-column group: 32 B, or a column group with channel split. */
  readonly halfStride: Local;
  readonly wholeGroups: Local;
  readonly relu: Local;
}

function moveTile(scope: Scope, target: Target, output: Output): Code {
  const operand = (name: string): Code => scope.operand(name, 'index');
  const [from, to, row, group, rowStride, groupStride, halfStride, wholeGroups] = scope.builder.locals('i32', 8) as [
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const tile: Tile = {
    target,
    output,
    from,
    to,
    row,
    group,
    rowStride,
    groupStride,
    halfStride,
    wholeGroups,
    relu: scope.builder.local('v128'),
  };
  const bytes = bytesOf(output);
  const nd = seq(
    set(rowStride, mul(operand('dst_stride'), i32(bytes))),
    set(groupStride, i32(16 * bytes)),
    set(halfStride, i32(8 * bytes)),
  );
  const split =
    output === 'f32'
      ? seq(set(rowStride, i32(32)), set(halfStride, get(groupStride)), set(groupStride, shl(get(groupStride), 1)))
      : [];
  const nz = seq(
    set(rowStride, i32(16 * bytes)),
    set(groupStride, shl(operand('dst_stride'), 5)),
    set(halfStride, i32(8 * bytes)),
    when(operand('channel_split'), split),
  );
  return seq(
    when(operand('nz2nd_en'), nd, nz),
    checkTile(scope, tile),
    set(wholeGroups, op('i32.shr_u', operand('n_size'), i32(4))),
    // x < 0 ? 0 : x with ReLU; x < -inf ? … without: no value changes.
    set(tile.relu, splatF32(-Infinity)),
    when(operand('relu_pre'), set(tile.relu, splatF32(0))),
    set(row, i32(0)),
    loop(wholeGroupsOfRow(scope, tile), partialGroupOfRow(scope, tile), nextBelow(row, operand('m_size'))),
  );
}

/** Ranges of the whole tile on both sides. */
function checkTile(scope: Scope, tile: Tile): Code {
  const operand = (name: string): Code => scope.operand(name, 'index');
  const bytes = bytesOf(tile.output);
  const lastRow = sub(operand('m_size'), i32(1));
  const lastColumn = sub(operand('n_size'), i32(1));
  const lastGroup = op('i32.shr_u', lastColumn, i32(4));
  const inGroup = and(lastColumn, i32(15));
  const half = op('i32.shr_u', inGroup, i32(3));
  const inHalf = mul(and(inGroup, i32(7)), i32(bytes));
  const source = add(shl(add(mul(lastGroup, operand('src_stride')), lastRow), 6), shl(inGroup, 2), i32(4));
  const target = wideAdd(
    wideMul(wide(lastRow), wide(get(tile.rowStride))),
    wideMul(wide(lastGroup), wide(get(tile.groupStride))),
    wideMul(wide(half), wide(get(tile.halfStride))),
    wide(inHalf),
    wideNumber(bytes),
  );
  return seq(
    checkRange(scope, 'l0c', operand('src'), source),
    checkExtent(scope, tile.target, operand('dst'), target),
    checkAligned(scope, tile.target, operand('dst'), bytes),
  );
}

const relu = (tile: Tile, value: Code): Code => op('f32x4.pmax', value, get(tile.relu));

const placeRow = (scope: Scope, tile: Tile): Code =>
  seq(
    set(tile.from, inMemory(scope, 'l0c', add(scope.operand('src', 'index'), shl(get(tile.row), 6)))),
    set(
      tile.to,
      inMemory(scope, tile.target, add(scope.operand('dst', 'index'), mul(get(tile.row), get(tile.rowStride)))),
    ),
  );

function wholeGroupsOfRow(scope: Scope, tile: Tile): Code {
  const bytes = bytesOf(tile.output);
  const second = scope.builder.local('i32');
  const value = (vector: number): Code =>
    lanesAtRest(scope.builder, tile.output, relu(tile, load('v128.load', get(tile.from), vector * 16)));
  const put = (address: Local, vector: number, offset: number): Code =>
    storeBits(scope.builder, bytes, get(address), value(vector), offset);
  const body = seq(
    set(second, add(get(tile.to), get(tile.halfStride))),
    put(tile.to, 0, 0),
    put(tile.to, 1, 4 * bytes),
    put(second, 2, 0),
    put(second, 3, 4 * bytes),
    advance(tile.from, shl(scope.operand('src_stride', 'index'), 6)),
    advance(tile.to, get(tile.groupStride)),
  );
  return seq(
    placeRow(scope, tile),
    set(tile.group, i32(0)),
    when(get(tile.wholeGroups), loop(body, nextBelow(tile.group, get(tile.wholeGroups)))),
  );
}

/** After the whole groups `from` and `to` stand at the partial one. */
function partialGroupOfRow(scope: Scope, tile: Tile): Code {
  const bytes = bytesOf(tile.output);
  const column = scope.builder.local('i32');
  const at = scope.builder.local('i32');
  const [limit] = scope.builder.locals('i32', 1) as [Local];
  const value = lanesAtRest(
    scope.builder,
    tile.output,
    relu(tile, load('v128.load32_splat', add(get(tile.from), shl(get(column), 2)))),
  );
  const bits = lane('i32x4.extract_lane', 0, value);
  const half = op('select', get(tile.halfStride), i32(0), op('i32.ge_u', get(column), i32(8)));
  const body = seq(
    set(at, add(get(tile.to), half, mul(and(get(column), i32(7)), i32(bytes)))),
    store(bytes === 4 ? 'i32.store' : 'i32.store16', get(at), bits),
    nextBelow(column, get(limit)),
  );
  return seq(
    set(limit, and(scope.operand('n_size', 'index'), i32(15))),
    when(get(limit), seq(set(column, i32(0)), loop(body))),
  );
}

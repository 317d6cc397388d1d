/**
 * L0C (f32, NZ) out to GM or L1, without atomics and integer quantization: 16 columns move four vectors at a time, with
 * ReLU and narrowing on the way; the columns of a last partial group one by one. Row-major results are written row by
 * row, blocks column group by column group, so that both write memory in order.
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
  /** Column groups before this one are done when the rows begin. */
  readonly firstGroup: Local;
  readonly relu: Local;
}

function moveTile(scope: Scope, target: Target, output: Output): Code {
  const operand = (name: string): Code => scope.operand(name, 'index');
  const [from, to, row, group, rowStride, groupStride, halfStride, wholeGroups, firstGroup] = scope.builder.locals(
    'i32',
    9,
  ) as [Local, Local, Local, Local, Local, Local, Local, Local, Local];
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
    firstGroup,
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
    set(firstGroup, i32(0)),
    when(isZero(operand('nz2nd_en')), wholeGroupsByColumn(scope, tile)),
    set(row, i32(0)),
    when(
      op('i32.or', operand('nz2nd_en'), and(operand('n_size'), i32(15))),
      loop(wholeGroupsOfRow(scope, tile), partialGroupOfRow(scope, tile), nextBelow(row, operand('m_size'))),
    ),
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

const placeRow = (scope: Scope, tile: Tile): Code => {
  const groups = mul(get(tile.firstGroup), scope.operand('src_stride', 'index'));
  const target = add(mul(get(tile.row), get(tile.rowStride)), mul(get(tile.firstGroup), get(tile.groupStride)));
  return seq(
    set(tile.from, inMemory(scope, 'l0c', add(scope.operand('src', 'index'), shl(add(groups, get(tile.row)), 6)))),
    set(tile.to, inMemory(scope, tile.target, add(scope.operand('dst', 'index'), target))),
  );
};

/** The 16 columns of one row at `from`, to the halves at `to` and `second`. */
function moveGroup(scope: Scope, tile: Tile, second: Local): Code {
  const bytes = bytesOf(tile.output);
  const value = (vector: number): Code =>
    lanesAtRest(scope.builder, tile.output, relu(tile, load('v128.load', get(tile.from), vector * 16)));
  const put = (address: Local, vector: number, offset: number): Code =>
    storeBits(scope.builder, bytes, get(address), value(vector), offset);
  return seq(
    set(second, add(get(tile.to), get(tile.halfStride))),
    put(tile.to, 0, 0),
    put(tile.to, 1, 4 * bytes),
    put(second, 2, 0),
    put(second, 3, 4 * bytes),
  );
}

function wholeGroupsOfRow(scope: Scope, tile: Tile): Code {
  const body = seq(
    moveGroup(scope, tile, scope.builder.local('i32')),
    advance(tile.from, shl(scope.operand('src_stride', 'index'), 6)),
    advance(tile.to, get(tile.groupStride)),
  );
  return seq(
    placeRow(scope, tile),
    set(tile.group, get(tile.firstGroup)),
    when(
      op('i32.lt_u', get(tile.group), get(tile.wholeGroups)),
      loop(body, nextBelow(tile.group, get(tile.wholeGroups))),
    ),
  );
}

/** All rows of each whole group; afterwards no whole group is left for the rows. */
function wholeGroupsByColumn(scope: Scope, tile: Tile): Code {
  const body = seq(
    moveGroup(scope, tile, scope.builder.local('i32')),
    advance(tile.from, i32(64)),
    advance(tile.to, get(tile.rowStride)),
  );
  const oneGroup = seq(
    set(tile.row, i32(0)),
    placeRow(scope, tile),
    loop(body, nextBelow(tile.row, scope.operand('m_size', 'index'))),
  );
  return when(get(tile.wholeGroups), loop(oneGroup, nextBelow(tile.firstGroup, get(tile.wholeGroups))));
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

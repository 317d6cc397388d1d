/**
 * ND rows in GM to NZ blocks in L1. A row is read in order, so that GM streams; four rows at a time, so that the four
 * neighbouring blocks of a column group are written together as whole cache lines.
 */

import { branchIf, i32, load, loop, op, seq, store, v128, when, type Code } from '../encode/code.ts';
import { get, set, type Local } from '../encode/module.ts';
import type { TunedForm } from '../library/function.ts';
import { checkExtent, inMemory, type Scope } from '../meaning/scope.ts';
import {
  add,
  advance,
  all,
  ceilDiv,
  isSet,
  mul,
  nextBelow,
  repeat,
  shl,
  sub,
  wide,
  wideAdd,
  wideMul,
  wideNumber,
} from './arithmetic.ts';

const blockBytes = 32;
const rowsTogether = 4;

/** The tuned form for elements of `bytes` bytes; covers every case and returns. */
export function nd2nzForm(bytes: number): TunedForm {
  return (scope) => {
    const operand = (name: string): Code => scope.operand(name, 'index');
    const perBlock = blockBytes / bytes;
    const [matrix, row, rowsLeft, groups, from, to, rowStride, groupStride] = scope.builder.locals('i32', 8) as [
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
      Local,
    ];
    const masks = scope.builder.locals('v128', 2);
    const someWork = all(isSet(operand('nd_num')), isSet(operand('n_value')), isSet(operand('d_value')));
    const rows = (count: number): Code =>
      seq(
        copyRows(scope, { count, from, to, rowStride, groupStride, groups, masks }),
        advance(from, mul(get(rowStride), i32(count))),
        advance(to, mul(shl(operand('dst_nz_n_stride'), 5), i32(count))),
        advance(row, i32(count)),
      );
    const oneMatrix = seq(
      set(from, inMemory(scope, 'gm', add(operand('src'), mul(get(matrix), operand('src_nd_stride'), i32(bytes))))),
      set(
        to,
        inMemory(scope, 'l1', add(operand('dst'), mul(get(matrix), operand('dst_nz_matrix_stride'), i32(bytes)))),
      ),
      set(row, i32(0)),
      loop(
        set(rowsLeft, sub(operand('n_value'), get(row))),
        when(op('i32.ge_u', get(rowsLeft), i32(rowsTogether)), rows(rowsTogether), rows(1)),
        branchIf(0, op('i32.lt_u', get(row), operand('n_value'))),
      ),
    );
    const work = seq(
      checkExtents(scope, bytes),
      set(rowStride, mul(operand('src_d_value'), i32(bytes))),
      set(groupStride, shl(operand('dst_nz_c0_stride'), 5)),
      set(groups, ceilDiv(operand('d_value'), perBlock)),
      lastMasks(masks, sub(mul(operand('d_value'), i32(bytes)), shl(sub(get(groups), i32(1)), 5))),
      set(matrix, i32(0)),
      loop(oneMatrix, nextBelow(matrix, operand('nd_num'))),
    );
    return seq(when(someWork, work), op('return'));
  };
}

const ramp = (first: number): Code => v128(Uint8Array.from({ length: 16 }, (_, index) => first + index));

/** Ones for the bytes of the last block that come from the row; the rest of it is zero. */
const lastMasks = (masks: readonly Local[], validBytes: Code): Code =>
  seq(...masks.map((mask, half) => set(mask, op('i8x16.lt_u', ramp(half * 16), op('i8x16.splat', validBytes)))));

function checkExtents(scope: Scope, bytes: number): Code {
  const last = (name: string): Code => wide(sub(scope.operand(name, 'index'), i32(1)));
  const stride = (name: string): Code => wide(scope.operand(name, 'index'));
  const size = wideNumber(bytes);
  const block = wideNumber(blockBytes);
  const lastGroup = wide(sub(ceilDiv(scope.operand('d_value', 'index'), blockBytes / bytes), i32(1)));
  const source = wideMul(
    wideAdd(
      wideMul(last('nd_num'), stride('src_nd_stride')),
      wideMul(last('n_value'), stride('src_d_value')),
      stride('d_value'),
    ),
    size,
  );
  const target = wideAdd(
    wideMul(last('nd_num'), stride('dst_nz_matrix_stride'), size),
    wideMul(lastGroup, stride('dst_nz_c0_stride'), block),
    wideMul(last('n_value'), stride('dst_nz_n_stride'), block),
    block,
  );
  return seq(
    checkExtent(scope, 'gm', scope.operand('src', 'index'), source),
    checkExtent(scope, 'l1', scope.operand('dst', 'index'), target),
  );
}

interface Rows {
  readonly count: number;
  readonly from: Local;
  readonly to: Local;
  readonly rowStride: Local;
  readonly groupStride: Local;
  readonly groups: Local;
  readonly masks: readonly Local[];
}

/** All column groups of `count` rows; the last group under its mask. */
function copyRows(scope: Scope, rows: Rows): Code {
  const sources = scope.builder.locals('i32', rows.count);
  const targets = scope.builder.locals('i32', rows.count);
  const left = scope.builder.local('i32');
  const rowStep = shl(scope.operand('dst_nz_n_stride', 'index'), 5);
  const start = sources.map((source, index) =>
    seq(
      set(source, index === 0 ? get(rows.from) : add(get(sources[index - 1] ?? source), get(rows.rowStride))),
      set(targets[index] ?? source, index === 0 ? get(rows.to) : add(get(targets[index - 1] ?? source), rowStep)),
    ),
  );
  const each = (body: (source: Local, target: Local) => Code): Code =>
    seq(...sources.map((source, index) => body(source, targets[index] ?? source)));
  const whole = each((source, target) =>
    seq(...[0, 16].map((offset) => store('v128.store', get(target), load('v128.load', get(source), offset), offset))),
  );
  const masked = each((source, target) =>
    seq(
      ...rows.masks.map((mask, half) =>
        store(
          'v128.store',
          get(target),
          op('v128.and', load('v128.load', get(source), half * 16), get(mask)),
          half * 16,
        ),
      ),
    ),
  );
  const step = each((source, target) => seq(advance(source, i32(blockBytes)), advance(target, get(rows.groupStride))));
  return seq(
    ...start,
    set(left, sub(get(rows.groups), i32(1))),
    when(get(left), loop(whole, step, repeat(left))),
    masked,
  );
}

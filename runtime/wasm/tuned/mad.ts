/**
 * The matrix instruction, packed and register-blocked.
 *
 * Both operands are copied into panels in the thread's scratch area once per instruction: B (nZ: 16 columns by 32 bytes
 * of k) is transposed to rows of 16 columns, A (zZ) is interleaved by pairs of rows. f16 and bf16 become f32 on the way,
 * s8 becomes pairs of s16. The kernel then holds a block of 2 rows by 16 columns in 8 accumulators: with 4 vectors of B
 * and 2 splats of A that makes 14 registers, so the optimizing compiler, which hoists all loads of a block above its
 * arithmetic, does not spill; there is no unrolling over k for the same reason. A 16-column block is one fractal column
 * of C, so its rows are stored as they are.
 */

import { bytesOf, type ElementType } from '../../isa/index.ts';
import {
  branchIf,
  i32,
  load,
  loop,
  op,
  seq,
  shuffle32,
  splatF32,
  splatI32,
  store,
  when,
  type Code,
} from '../encode/code.ts';
import { get, set, type FunctionBuilder, type Local } from '../encode/module.ts';
import { context } from '../layout.ts';
import type { TunedForm } from '../library/function.ts';
import type { EngineFeatures } from '../engine-features.ts';
import { loadLanes } from '../meaning/lane-memory.ts';
import { checkRange, inMemory, type Scope } from '../meaning/scope.ts';
import { add, advance, ceilDiv, isSet, mul, repeat, shl } from './arithmetic.ts';
import { transpose4 } from './transpose.ts';

const fractalBytes = 512;
const rowBytes = 32;
/** Rows and vectors of four columns in a register block. */
const blockRows = 2;
const blockVectors = 4;

/** What differs between the element types: a *unit* is what one 32-bit lane of a panel holds. */
interface Element {
  /** Elements of k in a unit. */
  readonly perUnit: number;
  /** Units in a 32-byte row of a fractal. */
  readonly unitsPerRow: number;
  /** Four units of a row, from vector number `vector`. */
  readonly loadUnits: (builder: FunctionBuilder, address: Code, vector: number) => Code;
  readonly multiplyAdd: (a: Code, b: Code, sum: Code) => Code;
  readonly zero: Code;
}

function elementOf(element: ElementType, features: EngineFeatures): Element {
  if (element === 's8') {
    return {
      perUnit: 2,
      unitsPerRow: 16,
      loadUnits: (_, address, vector) => load('v128.load8x8_s', address, vector * 8),
      multiplyAdd: (a, b, sum) => op('i32x4.add', sum, op('i32x4.dot_i16x8_s', a, b)),
      zero: splatI32(0),
    };
  }
  const bytes = bytesOf(element);
  return {
    perUnit: 1,
    unitsPerRow: rowBytes / bytes,
    loadUnits: (builder, address, vector) => loadLanes(builder, element, address, vector * 4 * bytes),
    multiplyAdd: (a, b, sum) =>
      features.relaxedSimd ? op('f32x4.relaxed_madd', a, b, sum) : op('f32x4.add', sum, op('f32x4.mul', a, b)),
    zero: splatF32(0),
  };
}

/** Locals of one matrix instruction. Addresses are in linear memory. */
interface MadLocals {
  readonly a: Local;
  readonly b: Local;
  readonly c: Local;
  readonly bias: Local;
  readonly m: Local;
  readonly n: Local;
  /** Units along k. */
  readonly units: Local;
  /** Fractals along m, n and k. */
  readonly m1: Local;
  readonly n1: Local;
  readonly k1: Local;
  readonly panelA: Local;
  readonly panelB: Local;
  readonly maskTable: Local;
  readonly row: Local;
  readonly column: Local;
  readonly source: Local;
  readonly target: Local;
  readonly count: Local;
}

const names = [
  'a',
  'b',
  'c',
  'bias',
  'm',
  'n',
  'units',
  'm1',
  'n1',
  'k1',
  'panelA',
  'panelB',
  'maskTable',
  'row',
  'column',
  'source',
  'target',
  'count',
] as const;

/** Bytes of scratch for the panels of A; those of B follow. A matrix buffer holds 64 KiB, which at most doubles. */
const panelABytes = 1 << 17;
const maskTableAt = (1 << 19) - 4096;

const below = (local: Local, limit: Code): Code => branchIf(0, op('i32.lt_u', get(local), limit));

/** The tuned form of `mad_*` for operands of one element type. It covers every case and returns. */
export function madForm(element: ElementType, features: EngineFeatures): TunedForm {
  const kind = elementOf(element, features);
  return (scope) => {
    const l = Object.fromEntries(names.map((name) => [name, scope.builder.local('i32')])) as unknown as MadLocals; // names are the keys of MadLocals
    const operand = (name: string): Code => scope.operand(name, 'index');
    const empty = op(
      'i32.eqz',
      op('i32.and', op('i32.and', isSet(operand('m')), isSet(operand('n'))), isSet(operand('k'))),
    );
    return seq(
      when(empty, op('return')),
      prepare(scope, l, kind),
      packB(scope, l, kind),
      blocks(scope, l, kind),
      op('return'),
    );
  };
}

/** Sizes, range checks, addresses in linear memory, and the table of column masks. */
function prepare(scope: Scope, l: MadLocals, kind: Element): Code {
  const operand = (name: string): Code => scope.operand(name, 'index');
  const perRow = kind.unitsPerRow * kind.perUnit;
  const rest = (size: Local): Code => op('i32.and', op('i32.sub', get(size), i32(1)), i32(15));
  const lastFractal = shl(op('i32.sub', mul(get(l.m1), get(l.n1)), i32(1)), 10);
  const bytesC = add(lastFractal, add(shl(rest(l.m), 6), add(shl(rest(l.n), 2), i32(4))));
  const usesBias = op('i32.and', op('i32.eqz', operand('c_init_val')), isSet(operand('c_matrix_source')));
  return seq(
    set(l.m, operand('m')),
    set(l.n, operand('n')),
    set(l.m1, ceilDiv(get(l.m), 16)),
    set(l.n1, ceilDiv(get(l.n), 16)),
    set(l.k1, ceilDiv(operand('k'), perRow)),
    set(l.units, ceilDiv(operand('k'), kind.perUnit)),
    checkRange(scope, 'l0a', operand('a'), mul(mul(get(l.m1), get(l.k1)), i32(fractalBytes))),
    checkRange(scope, 'l0b', operand('b'), mul(mul(get(l.n1), get(l.k1)), i32(fractalBytes))),
    checkRange(scope, 'l0c', operand('c'), bytesC),
    when(usesBias, checkRange(scope, 'bt', operand('bias'), shl(get(l.n), 2))),
    set(l.a, inMemory(scope, 'l0a', operand('a'))),
    set(l.b, inMemory(scope, 'l0b', operand('b'))),
    set(l.c, inMemory(scope, 'l0c', operand('c'))),
    set(l.bias, inMemory(scope, 'bt', operand('bias'))),
    set(l.panelA, load('i32.load', get(scope.context), context.scratch)),
    set(l.panelB, add(get(l.panelA), i32(panelABytes))),
    set(l.maskTable, add(get(l.panelA), i32(maskTableAt))),
    maskTable(l),
  );
}

/** 16 words: all ones for the columns of the last fractal that exist. */
function maskTable(l: MadLocals): Code {
  const exists = op('i32.le_u', get(l.count), op('i32.and', op('i32.sub', get(l.n), i32(1)), i32(15)));
  return seq(
    set(l.count, i32(0)),
    loop(
      store('i32.store', add(get(l.maskTable), shl(get(l.count), 2)), op('i32.sub', i32(0), exists)),
      advance(l.count, i32(1)),
      below(l.count, i32(16)),
    ),
  );
}

/** Panels of B: for each fractal column, for each unit of k, 16 columns. */
function packB(scope: Scope, l: MadLocals, kind: Element): Code {
  const vectors = kind.unitsPerRow / 4;
  const tiles = Array.from({ length: vectors }, (_, vector) =>
    [0, 1, 2, 3].map((group) => transposeTile(scope, l, kind, group, vector)),
  );
  return seq(
    set(l.column, i32(0)),
    set(l.target, get(l.panelB)),
    loop(
      set(l.source, add(get(l.b), mul(get(l.column), i32(fractalBytes)))),
      set(l.count, get(l.k1)),
      loop(
        ...tiles.flat(),
        advance(l.target, i32(kind.unitsPerRow * 64)),
        advance(l.source, mul(get(l.n1), i32(fractalBytes))),
        repeat(l.count),
      ),
      advance(l.column, i32(1)),
      below(l.column, get(l.n1)),
    ),
  );
}

/** Four columns by four units of a B fractal, transposed into the panel. */
const transposeTile = (scope: Scope, l: MadLocals, kind: Element, group: number, vector: number): Code =>
  transpose4(
    scope.builder,
    (index) => kind.loadUnits(scope.builder, add(get(l.source), i32((group * 4 + index) * rowBytes)), vector),
    (unit, value) => store('v128.store', get(l.target), value, (vector * 4 + unit) * 64 + group * 16),
  );

/** Bytes of the A panel of one pair of rows. */
const pairBytes = (l: MadLocals, kind: Element): Code => mul(get(l.k1), i32(kind.unitsPerRow * blockRows * 4));

/** For each 16 rows: pack A, then all register blocks. */
function blocks(scope: Scope, l: MadLocals, kind: Element): Code {
  const [fractalRow, rows, pair, pairs, a, b] = scope.builder.locals('i32', 6) as [
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  return seq(
    set(fractalRow, i32(0)),
    loop(
      set(rows, op('i32.sub', get(l.m), shl(get(fractalRow), 4))),
      when(op('i32.gt_u', get(rows), i32(16)), set(rows, i32(16))),
      set(pairs, op('i32.shr_u', add(get(rows), i32(1)), i32(1))),
      packA(scope, l, kind, fractalRow, pairs),
      set(l.column, i32(0)),
      set(b, get(l.panelB)),
      loop(
        set(pair, i32(0)),
        set(a, get(l.panelA)),
        loop(
          set(l.row, op('i32.add', shl(get(fractalRow), 4), shl(get(pair), 1))),
          registerBlock(scope, l, kind, fractalRow, pair, a, b),
          advance(a, pairBytes(l, kind)),
          advance(pair, i32(1)),
          below(pair, get(pairs)),
        ),
        advance(b, mul(get(l.k1), i32(kind.unitsPerRow * 64))),
        advance(l.column, i32(1)),
        below(l.column, get(l.n1)),
      ),
      advance(fractalRow, i32(1)),
      below(fractalRow, get(l.m1)),
    ),
  );
}

/** Panels of A for the rows of one fractal row: for each pair of rows, for each unit, both rows. */
function packA(scope: Scope, l: MadLocals, kind: Element, fractalRow: Local, pairs: Local): Code {
  const pair = scope.builder.local('i32');
  const start = scope.builder.local('i32');
  const [first, second] = scope.builder.locals('v128', 2) as [Local, Local];
  const vectors = Array.from({ length: kind.unitsPerRow / 4 }, (_, vector) =>
    seq(
      set(first, kind.loadUnits(scope.builder, get(l.source), vector)),
      set(second, kind.loadUnits(scope.builder, add(get(l.source), i32(rowBytes)), vector)),
      store('v128.store', get(l.target), shuffle32(get(first), get(second), [0, 4, 1, 5]), vector * 32),
      store('v128.store', get(l.target), shuffle32(get(first), get(second), [2, 6, 3, 7]), vector * 32 + 16),
    ),
  );
  return seq(
    set(pair, i32(0)),
    set(l.target, get(l.panelA)),
    loop(
      set(l.source, add(get(l.a), add(mul(mul(get(fractalRow), get(l.k1)), i32(fractalBytes)), shl(get(pair), 6)))),
      set(start, get(l.target)),
      set(l.count, get(l.k1)),
      loop(
        ...vectors,
        advance(l.target, i32(kind.unitsPerRow * 8)),
        advance(l.source, i32(fractalBytes)),
        repeat(l.count),
      ),
      kind.perUnit === 2 ? clearOddHalf(scope, l, start) : [],
      advance(pair, i32(1)),
      below(pair, get(pairs)),
    ),
  );
}

/** With an odd k the second half of the last unit is no element of A: it is zero, so that it adds nothing. */
function clearOddHalf(scope: Scope, l: MadLocals, start: Local): Code {
  const last = add(get(start), shl(op('i32.sub', get(l.units), i32(1)), 3));
  const clear = seq(store('i32.store16', last, i32(0), 2), store('i32.store16', last, i32(0), 6));
  return when(op('i32.and', scope.operand('k', 'index'), i32(1)), clear);
}

/** Two rows by 16 columns: start values, the loop over k, and the rows of C. */
function registerBlock(
  scope: Scope,
  l: MadLocals,
  kind: Element,
  fractalRow: Local,
  pair: Local,
  a: Local,
  b: Local,
): Code {
  const sums = scope.builder.locals('v128', blockRows * blockVectors);
  const [pa, pb, end, to, from, stride] = scope.builder.locals('i32', 6) as [Local, Local, Local, Local, Local, Local];
  const as = scope.builder.locals('v128', blockRows);
  const bs = scope.builder.locals('v128', blockVectors);
  const vectorOf = (index: number): number => index % blockVectors;
  const rowOf = (index: number): number => Math.floor(index / blockVectors);
  const step = seq(
    ...bs.map((local, index) => set(local, load('v128.load', get(pb), index * 16))),
    ...as.map((local, index) => set(local, load('v128.load32_splat', get(pa), index * 4))),
    ...sums.map((local, index) =>
      set(local, kind.multiplyAdd(get(as[rowOf(index)] ?? local), get(bs[vectorOf(index)] ?? local), get(local))),
    ),
    advance(pa, i32(blockRows * 4)),
    advance(pb, i32(64)),
    branchIf(0, op('i32.ne', get(pb), get(end))),
  );
  const startAt = (index: number): Code => add(get(from), rowOf(index) === 0 ? i32(0) : get(stride));
  const start = when(
    scope.operand('c_init_val', 'i32'),
    seq(...sums.map((local) => set(local, kind.zero))),
    seq(
      set(from, get(to)),
      set(stride, i32(64)),
      when(
        scope.operand('c_matrix_source', 'i32'),
        seq(set(from, add(get(l.bias), shl(get(l.column), 6))), set(stride, i32(0))),
      ),
      ...sums.map((local, index) => set(local, load('v128.load', startAt(index), vectorOf(index) * 16))),
    ),
  );
  const fractal = add(mul(get(l.column), get(l.m1)), get(fractalRow));
  const secondRow = op('i32.lt_u', add(get(l.row), i32(1)), get(l.m));
  return seq(
    set(to, add(get(l.c), add(shl(fractal, 10), shl(get(pair), 7)))),
    start,
    set(pa, get(a)),
    set(pb, get(b)),
    set(end, add(get(pb), shl(get(l.units), 6))),
    loop(step),
    when(isPartialColumn(l), mergeColumns(l, sums, to)),
    storeRow(sums.slice(0, blockVectors), to, 0),
    when(secondRow, storeRow(sums.slice(blockVectors), to, 64)),
  );
}

const isPartialColumn = (l: MadLocals): Code =>
  op('i32.and', op('i32.eq', add(get(l.column), i32(1)), get(l.n1)), isSet(op('i32.and', get(l.n), i32(15))));

/** Puts the old values of C in the columns that are not computed. */
const mergeColumns = (l: MadLocals, sums: readonly Local[], to: Local): Code =>
  seq(
    ...sums.map((local, index) => {
      const vector = index % blockVectors;
      const old = load('v128.load', get(to), Math.floor(index / blockVectors) * 64 + vector * 16);
      return set(local, op('v128.bitselect', get(local), old, load('v128.load', get(l.maskTable), vector * 16)));
    }),
  );

const storeRow = (sums: readonly Local[], to: Local, offset: number): Code =>
  seq(...sums.map((local, index) => store('v128.store', get(to), get(local), offset + index * 16)));

/** Operand lists that families of vector instructions share, and the mask as an expression. */
import { integer, reads, updates, writes } from '../definition.ts';
import type { CoreKind, OperandDefinition } from '../definition.ts';
import {
  add,
  and,
  binary,
  ceilDiv,
  div,
  index,
  local,
  mul,
  operand,
  rem,
  select,
  state,
} from '../meaning/expression.ts';
import type { Expression } from '../meaning/expression.ts';

/** Vector cores only. */
export const vectorCore: readonly CoreKind[] = ['vector'];
/** Bytes of a data block. */
export const BLOCK = 32;

/** The repeat count; ignored in counter mode. */
export const repeat: OperandDefinition = integer('repeat', 'repeats', 255);
/** Distance of the blocks of one repeat. */
export const blockStride = (name: string): OperandDefinition => integer(`${name}_blk`, '32 B', 65535);
/** Distance of repeats. */
export const repeatStride = (name: string): OperandDefinition => integer(`${name}_rep`, '32 B', 65535);
/** A UB source. */
export const sourceIn = (name: string, alignment = BLOCK): OperandDefinition => reads(name, 'ub', alignment);
/** A UB destination. */
export const destinationIn = (name = 'dst', alignment = BLOCK): OperandDefinition => writes(name, 'ub', alignment);
/** A UB destination whose old value is used. */
export const updatedIn = (name = 'dst'): OperandDefinition => updates(name, 'ub', BLOCK);

/** dst, sources, extra, repeat, block strides, repeat strides: the order of the public intrinsics. */
export function laneOperands(
  sources: readonly string[],
  extra: readonly OperandDefinition[] = [],
  dst: OperandDefinition = destinationIn(),
): readonly OperandDefinition[] {
  const all = ['dst', ...sources];
  return [
    dst,
    ...sources.map((name) => sourceIn(name)),
    ...extra,
    repeat,
    ...all.map(blockStride),
    ...all.map(repeatStride),
  ];
}

const counting = binary('ne', state('mask_mode'), 0);

/** Number of repeats of `elements` lanes: the operand, or from the element count in counter mode. */
export const repeatCount = (elements: number): Expression =>
  select(counting, ceilDiv(state('mask', 0), elements), operand('repeat'));

/** 1 if lane `e` of repeat `r` is active. */
export const laneActive = (r: Expression, e: Expression, elements: number): Expression =>
  select(
    counting,
    binary('lt', add(mul(r, elements), e), state('mask', 0)),
    and(binary('shr_u', state('mask', div(e, 32), 'i32'), unaryWrap(rem(e, 32))), 1),
  );

const unaryWrap = (value: Expression): Expression => ({ kind: 'unary', type: 'i32', op: 'wrap', value });

/** Elements that are active in repeat `r` when lanes before the count are active: all in normal mode. */
export const countedElements = (r: Expression, elements: number): Expression =>
  select(
    counting,
    select(
      binary('lt', state('mask', 0), add(mul(r, elements), elements)),
      { kind: 'binary', type: 'index', op: 'sub', left: state('mask', 0), right: mul(r, elements) },
      index(elements),
    ),
    index(elements),
  );

/** Loop locals by name. */
export const at = (name: string): Expression => local(name);

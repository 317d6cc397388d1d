/** What every part of the translation of a lane operation needs: operands with strides, and the chunk at hand. */

import { bytesOf, type ElementType, type InstructionDefinition, type Lanes } from '../../isa/index.ts';
import { i32, load, op, seq, type Code } from '../encode/code.ts';
import { get, set, type Local } from '../encode/module.ts';
import { stateAt } from '../layout.ts';
import { checkRange, inMemory, type Scope } from './scope.ts';

/** A memory operand of a lane operation. */
export interface LaneOperand {
  readonly name: string;
  readonly element: ElementType | 'bit';
  /** Address of the current chunk in linear memory, once it is located. */
  readonly at: Local;
  readonly blockStride: Code;
  readonly repeatStride: Code;
}

export interface LaneScope extends Scope {
  readonly meaning: Lanes;
  readonly inputs: readonly LaneOperand[];
  /** Absent when the result goes to the compare mask. */
  readonly output: LaneOperand | undefined;
  /** Whether the result is one bit a lane. */
  readonly bitResult: boolean;
  readonly chunkLanes: number;
  /** Lanes to visit: all repeats, or the element count. */
  readonly total: Local;
  /** 1 when the mask is an element count. */
  readonly counting: Local;
  /** 1 when the mask enables every lane. */
  readonly full: Local;
  readonly chunk: Local;
  /** Active lanes of the current chunk. */
  readonly bits: Local;
}

/** Vector instructions work in the unified buffer. */
const space = 'ub';

/** Sets up the scope of one instruction. */
export function laneScope(scope: Scope, definition: InstructionDefinition, meaning: Lanes): LaneScope {
  const names = new Set(definition.operands.map((operand) => operand.name));
  const stride = (name: string, otherwise: number): Code =>
    names.has(name) ? scope.operand(name, 'index') : i32(otherwise);
  const operandOf = (name: string, element: ElementType | 'bit'): LaneOperand => ({
    name,
    element,
    at: scope.builder.local('i32'),
    blockStride: stride(`${name}_blk`, 1),
    repeatStride: stride(`${name}_rep`, element === 'bit' ? 0 : (meaning.elements * bytesOf(element)) / 32),
  });
  const [total, counting, full, chunk, bits] = scope.builder.locals('i32', 5) as [Local, Local, Local, Local, Local];
  return {
    ...scope,
    meaning,
    inputs: meaning.inputs.map((input) => operandOf(input.name, input.element)),
    output: meaning.output === 'cmpmask' ? undefined : operandOf('dst', meaning.output),
    bitResult: meaning.output === 'cmpmask' || meaning.output === 'bit',
    chunkLanes: meaning.elements / 8,
    total,
    counting,
    full,
    chunk,
    bits,
  };
}

/** Memory operands, the destination last. */
export const laneOperandsOf = (s: LaneScope): readonly LaneOperand[] =>
  s.output === undefined ? s.inputs : [...s.inputs, s.output];

/** Bytes of `lanes` consecutive elements of an operand. */
export const operandBytes = (operand: LaneOperand, lanes: number): number =>
  operand.element === 'bit' ? lanes / 8 : lanes * bytesOf(operand.element);

/** Reads the mask: fills `total`, `counting` and `full`. */
export function readMask(
  scope: Scope,
  repeat: Code,
  elements: number,
  into: Pick<LaneScope, 'total' | 'counting' | 'full'>,
): Code {
  const word = (index: number): Code => load('i32.load', get(scope.context), stateAt('mask') + index * 4);
  const words = Math.min(4, elements / 32);
  const allOnes = Array.from({ length: words }, (_, index) => word(index)).reduce((left, right) =>
    op('i32.and', left, right),
  );
  return seq(
    set(into.counting, load('i32.load', get(scope.context), stateAt('mask_mode'))),
    set(into.full, op('i32.and', op('i32.eqz', get(into.counting)), op('i32.eq', allOnes, i32(-1)))),
    set(into.total, op('select', word(0), op('i32.mul', repeat, i32(elements)), get(into.counting))),
  );
}

/** Mask bits of `lanes` lanes that start at lane `lane` of a repeat. */
export function maskBits(scope: Scope, lane: Code, lanes: number): Code {
  // 128 mask bits exist; lanes beyond them read the same bits again.
  const first = scope.builder.local('i32');
  const word = load(
    'i32.load',
    op('i32.add', get(scope.context), op('i32.shl', op('i32.shr_u', get(first), i32(5)), i32(2))),
    stateAt('mask'),
  );
  return seq(
    set(first, op('i32.and', lane, i32(127))),
    op('i32.and', op('i32.shr_u', word, op('i32.and', get(first), i32(31))), i32(allOnesOf(lanes))),
  );
}

/** As many low ones as a chunk has lanes. */
export const allOnesOf = (lanes: number): number => (lanes === 32 ? -1 : (1 << lanes) - 1);

/** Bits of the first `count` lanes (may be below 0 or above `lanes`). */
export function countedBits(scope: Scope, count: Code, lanes: number): Code {
  const remaining = scope.builder.local('i32');
  const some = op('i32.sub', op('i32.shl', i32(1), get(remaining)), i32(1));
  const atLeastOne = op('select', some, i32(0), op('i32.gt_s', get(remaining), i32(0)));
  return seq(
    set(remaining, count),
    op('select', i32(allOnesOf(lanes)), atLeastOne, op('i32.ge_s', get(remaining), i32(lanes))),
  );
}

/** Puts the operand's current chunk at `address` after checking `bytes` from there. */
export const placeOperand = (s: LaneScope, operand: LaneOperand, address: Code, bytes: Code): Code =>
  seq(
    set(operand.at, address),
    checkRange(s, space, get(operand.at), bytes),
    set(operand.at, inMemory(s, space, get(operand.at))),
  );

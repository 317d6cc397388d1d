/**
 * A lane operation as WebAssembly.
 *
 * Lanes are visited in *chunks*: as many lanes as a 32-byte block holds of the widest element, so that a chunk of
 * every operand is contiguous whatever its strides. A chunk runs four lanes at a time; lanes that are off keep their
 * old bits. When all operands are contiguous and the mask is a count or all ones, all full chunks run in one tight loop
 * after a single range check.
 */

import type { InstructionDefinition, Lanes } from '../../isa/index.ts';
import { block, branch, branchIf, i32, loop, op, seq, when, type Code } from '../encode/code.ts';
import { get, set, tee, type Local } from '../encode/module.ts';
import { lanewiseChunk, putBits, vectorChunk, type VectorChunk } from './lane-chunk.ts';
import {
  allOnesOf,
  countedBits,
  laneOperandsOf,
  laneScope,
  maskBits,
  operandBytes,
  placeOperand,
  readMask,
  type LaneOperand,
  type LaneScope,
} from './lane-scope.ts';
import type { Scope } from './scope.ts';

/** Translates the operation; falls through at its end. */
export function translateLanes(scope: Scope, definition: InstructionDefinition, meaning: Lanes): Code {
  const s = laneScope(scope, definition, meaning);
  const hasRepeat = definition.operands.some((operand) => operand.name === 'repeat');
  const prepare = readMask(scope, hasRepeat ? scope.operand('repeat', 'index') : i32(1), meaning.elements, s);
  const vector = vectorChunk(s);
  if (vector === undefined) return seq(prepare, set(s.chunk, i32(0)), chunkLoop(s, lanewiseChunk(s)));
  const anyFull = op('i32.or', get(s.counting), get(s.full));
  const fast =
    s.bitResult || s.inputs.some((input) => input.element === 'bit')
      ? []
      : when(op('i32.and', anyFull, isContiguous(s)), contiguousLoop(s, vector));
  const isFull = op('i32.eq', get(s.bits), i32(allOnesOf(s.chunkLanes)));
  const strided = isUniform(s) ? when(anyFull, repeatLoop(s, vector)) : [];
  return seq(
    prepare,
    vector.hoisted,
    set(s.chunk, i32(0)),
    fast,
    strided,
    chunkLoop(s, when(isFull, vector.full(), vector.masked())),
  );
}

/** Block stride 1 and repeats that follow each other, for every operand. */
function isContiguous(s: LaneScope): Code {
  const conditions = laneOperandsOf(s).map((operand) =>
    op(
      'i32.and',
      op('i32.eq', operand.blockStride, i32(1)),
      op('i32.eq', operand.repeatStride, i32(operandBytes(operand, s.meaning.elements) / 32)),
    ),
  );
  return conditions.reduce((left, right) => op('i32.and', left, right));
}

/** All full chunks, with one range check per operand. */
function contiguousLoop(s: LaneScope, vector: VectorChunk): Code {
  const chunks = s.builder.local('i32');
  const bytes = (operand: LaneOperand): number => operandBytes(operand, s.chunkLanes);
  const locate = laneOperandsOf(s).map((operand) =>
    placeOperand(s, operand, s.operand(operand.name, 'index'), op('i32.mul', get(chunks), i32(bytes(operand)))),
  );
  const advance = laneOperandsOf(s).map((operand) =>
    set(operand.at, op('i32.add', get(operand.at), i32(bytes(operand)))),
  );
  const next = tee(s.chunk, op('i32.add', get(s.chunk), i32(1)));
  return seq(
    set(chunks, op('i32.div_u', get(s.total), i32(s.chunkLanes))),
    when(get(chunks), seq(...locate, loop(vector.full(), ...advance, branchIf(0, op('i32.lt_u', next, get(chunks)))))),
  );
}

/** Whether all operands have elements of one size, so that a chunk is a block of each. */
const isUniform = (s: LaneScope): boolean =>
  laneOperandsOf(s).every((operand) => operand.element !== 'bit' && operandBytes(operand, s.chunkLanes) === 32) &&
  !s.bitResult;

/** The remaining whole repeats: strided blocks, with one range check per operand and repeat. */
function repeatLoop(s: LaneScope, vector: VectorChunk): Code {
  const [repeat, end, left] = s.builder.locals('i32', 3) as [Local, Local, Local];
  const blocks = s.meaning.elements / s.chunkLanes;
  const step = (operand: LaneOperand): Code => op('i32.shl', operand.blockStride, i32(5));
  const locate = laneOperandsOf(s).map((operand) => {
    const start = op('i32.shl', op('i32.mul', get(repeat), operand.repeatStride), i32(5));
    return placeOperand(
      s,
      operand,
      op('i32.add', s.operand(operand.name, 'index'), start),
      op('i32.add', op('i32.mul', step(operand), i32(blocks - 1)), i32(32)),
    );
  });
  const advance = laneOperandsOf(s).map((operand) => set(operand.at, op('i32.add', get(operand.at), step(operand))));
  const oneBlock = seq(
    vector.full(),
    ...advance,
    set(s.chunk, op('i32.add', get(s.chunk), i32(1))),
    branchIf(0, tee(left, op('i32.sub', get(left), i32(1)))),
  );
  const next = tee(repeat, op('i32.add', get(repeat), i32(1)));
  return seq(
    set(repeat, op('i32.div_u', get(s.chunk), i32(blocks))),
    set(end, op('i32.div_u', get(s.total), i32(s.meaning.elements))),
    when(
      op('i32.lt_u', get(repeat), get(end)),
      loop(...locate, set(left, i32(blocks)), loop(oneBlock), branchIf(0, op('i32.lt_u', next, get(end)))),
    ),
  );
}

/** Visits the remaining chunks one by one, with full address arithmetic and the mask of each. */
function chunkLoop(s: LaneScope, body: Code): Code {
  const { chunkLanes, meaning } = s;
  const perRepeat = meaning.elements / chunkLanes;
  const [end, repeat, inRepeat] = s.builder.locals('i32', 3) as [Local, Local, Local];
  const roundedUp = (unit: number): Code => op('i32.div_u', op('i32.add', get(s.total), i32(unit - 1)), i32(unit));
  // Bits of lanes that are off are written as zeros up to the end of the last repeat; other results are not written.
  const chunks = s.bitResult ? op('i32.mul', roundedUp(meaning.elements), i32(perRepeat)) : roundedUp(chunkLanes);
  const locate = (operand: LaneOperand): Code => locateChunk(s, operand, repeat, inRepeat);
  const inputs = s.inputs.map(locate);
  const output = s.output === undefined ? [] : locate(s.output);
  const someActive = seq(...inputs, s.bitResult ? [] : output, body);
  return seq(
    set(end, chunks),
    block(
      loop(
        branchIf(1, op('i32.ge_u', get(s.chunk), get(end))),
        set(repeat, op('i32.div_u', get(s.chunk), i32(perRepeat))),
        set(inRepeat, op('i32.and', get(s.chunk), i32(perRepeat - 1))),
        set(s.bits, i32(0)),
        when(
          get(s.counting),
          set(
            s.bits,
            countedBits(s, op('i32.sub', get(s.total), op('i32.mul', get(s.chunk), i32(chunkLanes))), chunkLanes),
          ),
          set(s.bits, maskBits(s, op('i32.mul', get(inRepeat), i32(chunkLanes)), chunkLanes)),
        ),
        s.bitResult ? output : [],
        when(get(s.bits), someActive, s.bitResult ? putBits(s, i32(0)) : []),
        set(s.chunk, op('i32.add', get(s.chunk), i32(1))),
        branch(0),
      ),
    ),
  );
}

/** Places an operand's chunk, checked up to its last active lane. */
function locateChunk(s: LaneScope, operand: LaneOperand, repeat: Local, inRepeat: Local): Code {
  const { chunkLanes, meaning } = s;
  const base = s.operand(operand.name, 'index');
  if (operand.element === 'bit') {
    const chunkNumber = op('i32.add', op('i32.mul', get(repeat), i32(meaning.elements / chunkLanes)), get(inRepeat));
    return placeOperand(
      s,
      operand,
      op('i32.add', base, op('i32.mul', chunkNumber, i32(chunkLanes / 8))),
      i32(chunkLanes / 8),
    );
  }
  const bytes = operandBytes(operand, 1);
  const perBlock = 32 / bytes;
  const lanesBefore = op('i32.mul', get(inRepeat), i32(chunkLanes));
  const blocks = op('i32.mul', op('i32.div_u', lanesBefore, i32(perBlock)), operand.blockStride);
  const inBlock = op('i32.mul', op('i32.and', lanesBefore, i32(perBlock - 1)), i32(bytes));
  const strides = op('i32.shl', op('i32.add', op('i32.mul', get(repeat), operand.repeatStride), blocks), i32(5));
  const lastActive = op('i32.sub', i32(32), op('i32.clz', get(s.bits)));
  return placeOperand(
    s,
    operand,
    op('i32.add', base, op('i32.add', strides, inBlock)),
    op('i32.mul', lastActive, i32(bytes)),
  );
}

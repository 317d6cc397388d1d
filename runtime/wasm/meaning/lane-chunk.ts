/** The code for one chunk of a lane operation: four lanes at a time, or lane by lane where no such form exists. */

import { bytesOf, valueTypeOf } from '../../isa/index.ts';
import { branchIf, i32, load, loop, op, seq, splatI32, store, v128, when, type Code } from '../encode/code.ts';
import { get, set, tee, type Local } from '../encode/module.ts';
import { stateAt } from '../layout.ts';
import { loadElement, translateExpression } from './expression.ts';
import { isNarrow, lanesAtRest, loadBits, loadLanes, storeBits } from './lane-memory.ts';
import { operandBytes, type LaneOperand, type LaneScope } from './lane-scope.ts';
import { declareLocal } from './scope.ts';
import { storeElement } from './statement.ts';
import { mentions, vectorCode, vectorizable } from './vector.ts';

/** Locals that number the lanes. */
const positionNames = ['lane', 'repeat_index', 'position'] as const;

/** Vector code of a chunk whose operands are placed. */
export interface VectorChunk {
  /** Run once before all chunks. */
  readonly hoisted: Code;
  /** All lanes are active. */
  readonly full: () => Code;
  /** The lanes of `bits` are active. */
  readonly masked: () => Code;
}

const vectorLanes = (s: LaneScope): ReadonlySet<string> =>
  new Set([...s.inputs.map((input) => input.name), ...positionNames]);
const isVectorElement = (operand: LaneOperand): boolean => operand.element === 'bit' || isNarrow(operand.element);

/** The vector form, if there is one. */
export function vectorChunk(s: LaneScope): VectorChunk | undefined {
  const operands = s.output === undefined ? s.inputs : [...s.inputs, s.output];
  if (!operands.every(isVectorElement) || !vectorizable(s.meaning.value, vectorLanes(s))) return undefined;
  const values = new Map([...vectorLanes(s)].map((name) => [name, s.builder.local('v128')] as const));
  const code = vectorCode(s, s.meaning.value, values);
  const result = (first: number): Code => seq(loadInputs(s, values, first), code.value());
  if (s.bitResult) {
    const bits = (): Code =>
      fours(s)
        .map((first) => bitsOfFour(result(first), first))
        .reduce((left, right) => op('i32.or', left, right));
    return {
      hoisted: code.hoisted,
      full: () => putBits(s, bits()),
      masked: () => putBits(s, op('i32.and', bits(), get(s.bits))),
    };
  }
  return {
    hoisted: code.hoisted,
    full: () => seq(...fours(s).map((first) => storeFour(s, result(first), first))),
    masked: () => seq(...fours(s).map((first) => storeMaskedFour(s, result(first), first))),
  };
}

/** Numbers of the first lane of each group of four. */
const fours = (s: LaneScope): readonly number[] => Array.from({ length: s.chunkLanes / 4 }, (_, index) => index * 4);

const ramp = v128(new Uint8Array(new Int32Array([0, 1, 2, 3]).buffer));
const bitOfLane = v128(new Uint8Array(new Int32Array([1, 2, 4, 8]).buffer));

const bitsOfFour = (value: Code, first: number): Code =>
  op('i32.shl', op('i32x4.bitmask', op('i32x4.ne', value, splatI32(0))), i32(first));

/** Four bits of a word, from bit `first`, as all-ones lanes. */
const lanesOfBits = (word: Code, first: number): Code =>
  op('i32x4.ne', op('v128.and', op('i32x4.splat', op('i32.shr_u', word, i32(first))), bitOfLane), splatI32(0));

function loadInputs(s: LaneScope, values: ReadonlyMap<string, Local>, first: number): Code {
  const loads = s.inputs.map((input) => assign(values, input.name, loadFour(s, input, first)));
  const positions = positionNames
    .filter((name) => mentions(s.meaning.value, name))
    .map((name) => assign(values, name, positionFour(s, name, first)));
  return seq(...loads, ...positions);
}

function assign(values: ReadonlyMap<string, Local>, name: string, value: Code): Code {
  const local = values.get(name);
  return local === undefined ? [] : set(local, value);
}

function loadFour(s: LaneScope, input: LaneOperand, first: number): Code {
  if (input.element !== 'bit')
    return loadLanes(s.builder, input.element, get(input.at), first * bytesOf(input.element));
  const byte = load('i32.load8_u', get(input.at), Math.floor(first / 8));
  return op('v128.and', lanesOfBits(byte, first % 8), splatI32(1));
}

function positionFour(s: LaneScope, name: (typeof positionNames)[number], first: number): Code {
  const start = op('i32.mul', get(s.chunk), i32(s.chunkLanes));
  if (name === 'repeat_index') return op('i32x4.splat', op('i32.div_u', start, i32(s.meaning.elements)));
  const from = name === 'lane' ? op('i32.and', start, i32(s.meaning.elements - 1)) : start;
  return op('i32x4.add', op('i32x4.splat', op('i32.add', from, i32(first))), ramp);
}

function storeFour(s: LaneScope, value: Code, first: number): Code {
  const { output } = s;
  if (output === undefined || output.element === 'bit') return [];
  const bits = lanesAtRest(s.builder, output.element, value);
  return storeBits(s.builder, bytesOf(output.element), get(output.at), bits, operandBytes(output, first));
}

function storeMaskedFour(s: LaneScope, value: Code, first: number): Code {
  const { output } = s;
  if (output === undefined || output.element === 'bit') return [];
  const bytes = bytesOf(output.element);
  const offset = operandBytes(output, first);
  const merged = op(
    'v128.bitselect',
    lanesAtRest(s.builder, output.element, value),
    loadBits(bytes, get(output.at), offset),
    lanesOfBits(get(s.bits), first),
  );
  return storeBits(s.builder, bytes, get(output.at), merged, offset);
}

/** Writes the bits of one chunk to the bit vector in UB or to the compare mask. */
export function putBits(s: LaneScope, bits: Code): Code {
  const bytes = s.chunkLanes / 8;
  const name = bytes === 4 ? 'i32.store' : bytes === 2 ? 'i32.store16' : 'i32.store8';
  if (s.output !== undefined) return store(name, get(s.output.at), bits);
  const inRepeat = op('i32.and', get(s.chunk), i32(s.meaning.elements / s.chunkLanes - 1));
  return store(name, op('i32.add', get(s.context), op('i32.mul', inRepeat, i32(bytes))), bits, stateAt('cmpmask'));
}

/** One chunk lane by lane: only active lanes are computed and written. */
export function lanewiseChunk(s: LaneScope): Code {
  const [number, result] = s.builder.locals('i32', 2) as [Local, Local];
  const position = declareLocal(s, 'position', 'index');
  const start = op('i32.mul', get(s.chunk), i32(s.chunkLanes));
  const active = op('i32.and', op('i32.shr_u', get(s.bits), get(number)), i32(1));
  const names = seq(
    set(position, op('i32.add', start, get(number))),
    set(declareLocal(s, 'lane', 'index'), op('i32.and', get(position), i32(s.meaning.elements - 1))),
    set(declareLocal(s, 'repeat_index', 'index'), op('i32.div_u', get(position), i32(s.meaning.elements))),
  );
  const reads = s.inputs.map((input) => readLane(s, input, number));
  const write = writeLane(s, translateExpression(s, s.meaning.value), number, result);
  return seq(
    set(number, i32(0)),
    set(result, i32(0)),
    loop(
      when(active, seq(names, ...reads, write)),
      branchIf(0, op('i32.lt_u', tee(number, op('i32.add', get(number), i32(1))), i32(s.chunkLanes))),
    ),
    s.bitResult ? putBits(s, get(result)) : [],
  );
}

function readLane(s: LaneScope, input: LaneOperand, number: Local): Code {
  if (input.element !== 'bit') {
    const address = op('i32.add', get(input.at), op('i32.mul', get(number), i32(bytesOf(input.element))));
    return set(declareLocal(s, input.name, valueTypeOf(input.element)), loadElement(input.element, address));
  }
  const byte = load('i32.load8_u', op('i32.add', get(input.at), op('i32.shr_u', get(number), i32(3))));
  return set(
    declareLocal(s, input.name, 'i32'),
    op('i32.and', op('i32.shr_u', byte, op('i32.and', get(number), i32(7))), i32(1)),
  );
}

function writeLane(s: LaneScope, value: Code, number: Local, result: Local): Code {
  const { output } = s;
  if (output === undefined || output.element === 'bit') {
    return set(result, op('i32.or', get(result), op('i32.shl', op('i32.ne', value, i32(0)), get(number))));
  }
  return storeElement(
    output.element,
    op('i32.add', get(output.at), op('i32.mul', get(number), i32(bytesOf(output.element)))),
    value,
  );
}

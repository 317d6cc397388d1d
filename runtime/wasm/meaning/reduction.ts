/**
 * A reduction inside each repeat as WebAssembly.
 *
 * The lanes of a repeat are staged as f32 in the thread's scratch area, lanes that are off as the identity. Then each
 * group is a halving tree, x[i] = combine(x[i], x[i + n/2]): whole vectors while a half is at least four lanes, then two
 * shuffles. The order of combination is part of the instruction's definition.
 */

import { bytesOf, type InstructionDefinition, type Reduction } from '../../isa/index.ts';
import {
  block,
  branch,
  branchIf,
  i32,
  lane,
  load,
  loop,
  op,
  seq,
  shuffle32,
  splatF32,
  store,
  when,
  type Code,
} from '../encode/code.ts';
import { get, set, tee, type Local } from '../encode/module.ts';
import { context } from '../layout.ts';
import { translateExpression } from './expression.ts';
import { loadLanes } from './lane-memory.ts';
import { allOnesOf, countedBits, maskBits, readMask } from './lane-scope.ts';
import { checkRange, declareLocal, inMemory, type Scope } from './scope.ts';
import { storeElement } from './statement.ts';
import { vectorCode } from './vector.ts';

const space = 'ub';
/** Bytes of staged lanes; the activity bits of the eight chunks follow. */
const stagedBytes = 128 * 4;

interface ReductionScope extends Scope {
  readonly meaning: Reduction;
  readonly chunkLanes: number;
  readonly stage: Local;
  readonly repeat: Local;
  readonly source: Local;
  readonly total: Local;
  readonly counting: Local;
  readonly full: Local;
}

/** Translates the reduction; falls through at its end. */
export function translateReduction(scope: Scope, _definition: InstructionDefinition, meaning: Reduction): Code {
  const [stage, repeat, source, total, counting, full, end] = scope.builder.locals('i32', 7) as [
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const s: ReductionScope = {
    ...scope,
    meaning,
    chunkLanes: meaning.elements / 8,
    stage,
    repeat,
    source,
    total,
    counting,
    full,
  };
  const repeats = op('i32.div_u', op('i32.add', get(total), i32(meaning.elements - 1)), i32(meaning.elements));
  return seq(
    readMask(scope, scope.operand('repeat', 'index'), meaning.elements, s),
    set(stage, load('i32.load', get(scope.context), context.scratch)),
    set(end, repeats),
    set(repeat, i32(0)),
    block(
      loop(
        branchIf(1, op('i32.ge_u', get(repeat), get(end))),
        set(
          source,
          op(
            'i32.add',
            scope.operand('src', 'index'),
            op('i32.shl', op('i32.mul', get(repeat), scope.operand('src_rep', 'index')), i32(5)),
          ),
        ),
        when(wholeRepeat(s), stageWhole(s), stageChunks(s)),
        reduceGroups(s),
        set(repeat, op('i32.add', get(repeat), i32(1))),
        branch(0),
      ),
    ),
  );
}

/** All lanes active and the blocks of the source in a row. */
function wholeRepeat(s: ReductionScope): Code {
  const elements = s.meaning.elements;
  const counted = op(
    'i32.and',
    get(s.counting),
    op('i32.ge_s', op('i32.sub', get(s.total), op('i32.mul', get(s.repeat), i32(elements))), i32(elements)),
  );
  return op('i32.and', op('i32.eq', s.operand('src_blk', 'index'), i32(1)), op('i32.or', get(s.full), counted));
}

const stageAt = (s: ReductionScope, chunk: number, value: Code): Code =>
  store('i32.store', get(s.stage), value, stagedBytes + chunk * 4);

function stageWhole(s: ReductionScope): Code {
  const { element, elements } = s.meaning;
  const bytes = bytesOf(element);
  const from = s.builder.local('i32');
  const fours = Array.from({ length: elements / 4 }, (_, index) => index);
  return seq(
    checkRange(s, space, get(s.source), i32(elements * bytes)),
    set(from, inMemory(s, space, get(s.source))),
    ...fours.map((four) =>
      store('v128.store', get(s.stage), loadLanes(s.builder, element, get(from), four * 4 * bytes), four * 16),
    ),
    ...Array.from({ length: 8 }, (_, chunk) => stageAt(s, chunk, i32(allOnesOf(s.chunkLanes)))),
  );
}

/** Stages chunk by chunk (32 bytes each) under the mask. */
function stageChunks(s: ReductionScope): Code {
  const { element, identity } = s.meaning;
  const bytes = bytesOf(element);
  const { chunkLanes } = s;
  const [chunk, bits, from, to, number, done] = s.builder.locals('i32', 6) as [
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const lanesBefore = op('i32.mul', get(chunk), i32(chunkLanes));
  const remaining = op(
    'i32.sub',
    op('i32.sub', get(s.total), op('i32.mul', get(s.repeat), i32(s.meaning.elements))),
    lanesBefore,
  );
  const identityChunk = Array.from({ length: chunkLanes / 4 }, (_, four) =>
    store('v128.store', get(to), splatF32(identity), four * 16),
  );
  const value = lane(
    'f32x4.extract_lane',
    0,
    loadLanes(s.builder, element, op('i32.add', get(from), op('i32.mul', get(number), i32(bytes))), 0),
  );
  const copyActive = loop(
    when(
      op('i32.and', op('i32.shr_u', get(bits), get(number)), i32(1)),
      store('f32.store', op('i32.add', get(to), op('i32.shl', get(number), i32(2))), value),
    ),
    branchIf(0, op('i32.lt_u', tee(number, op('i32.add', get(number), i32(1))), i32(chunkLanes))),
  );
  const active = seq(
    set(
      from,
      op('i32.add', get(s.source), op('i32.shl', op('i32.mul', get(chunk), s.operand('src_blk', 'index')), i32(5))),
    ),
    checkRange(s, space, get(from), op('i32.mul', op('i32.sub', i32(32), op('i32.clz', get(bits))), i32(bytes))),
    set(from, inMemory(s, space, get(from))),
    set(number, i32(0)),
    copyActive,
  );
  return seq(
    set(chunk, i32(0)),
    set(done, i32(8)),
    loop(
      set(to, op('i32.add', get(s.stage), op('i32.shl', lanesBefore, i32(2)))),
      when(
        get(s.counting),
        set(bits, countedBits(s, remaining, chunkLanes)),
        set(bits, maskBits(s, lanesBefore, chunkLanes)),
      ),
      store('i32.store', op('i32.add', get(s.stage), op('i32.shl', get(chunk), i32(2))), get(bits), stagedBytes),
      ...identityChunk,
      when(get(bits), active),
      branchIf(0, op('i32.lt_u', tee(chunk, op('i32.add', get(chunk), i32(1))), get(done))),
    ),
  );
}

/** Reduces every group of the staged repeat and writes the results of groups with an active lane. */
function reduceGroups(s: ReductionScope): Code {
  const { meaning } = s;
  const [group, from, to] = s.builder.locals('i32', 3) as [Local, Local, Local];
  const words = meaning.result === 'value_index' || meaning.result === 'index_value' ? 2 : 1;
  const resultBytes = words * bytesOf(meaning.element);
  const result = s.builder.local('f32');
  const row = op(
    'i32.mul',
    op('i32.mul', get(s.repeat), s.operand('dst_rep', 'index')),
    i32(meaning.destinationUnitBytes),
  );
  const address = op(
    'i32.add',
    s.operand('dst', 'index'),
    op('i32.add', row, op('i32.mul', get(group), i32(resultBytes))),
  );
  return seq(
    set(group, i32(0)),
    loop(
      when(
        groupIsActive(s, group),
        seq(
          set(from, op('i32.add', get(s.stage), op('i32.mul', get(group), i32(meaning.group * 4)))),
          set(result, meaning.group === 2 ? combinePair(s, from) : combineTree(s, from)),
          set(to, address),
          checkRange(s, space, get(to), i32(resultBytes)),
          set(to, inMemory(s, space, get(to))),
          writeResult(s, result, from, group, to),
        ),
      ),
      branchIf(0, op('i32.lt_u', tee(group, op('i32.add', get(group), i32(1))), i32(meaning.elements / meaning.group))),
    ),
  );
}

/** Bits of the chunk that lane `first` lies in, shifted so that bit 0 is that lane. */
function bitsFrom(s: ReductionScope, first: Code): Code {
  const number = s.builder.local('i32');
  const chunk = op('i32.shl', op('i32.div_u', get(number), i32(s.chunkLanes)), i32(2));
  const word = load('i32.load', op('i32.add', get(s.stage), chunk), stagedBytes);
  return seq(set(number, first), op('i32.shr_u', word, op('i32.and', get(number), i32(s.chunkLanes - 1))));
}

function groupIsActive(s: ReductionScope, group: Local): Code {
  const { meaning } = s;
  if (meaning.group === meaning.elements) {
    const words = Array.from({ length: 8 }, (_, chunk) => load('i32.load', get(s.stage), stagedBytes + chunk * 4));
    return words.reduce((left, right) => op('i32.or', left, right));
  }
  return op('i32.and', bitsFrom(s, op('i32.mul', get(group), i32(meaning.group))), i32(allOnesOf(meaning.group)));
}

function combinePair(s: ReductionScope, from: Local): Code {
  const a = declareLocal(s, 'a', 'f32');
  const b = declareLocal(s, 'b', 'f32');
  return seq(
    set(a, load('f32.load', get(from))),
    set(b, load('f32.load', get(from), 4)),
    translateExpression(s, s.meaning.combine),
  );
}

function combineTree(s: ReductionScope, from: Local): Code {
  const inputs = new Map([
    ['a', s.builder.local('v128')],
    ['b', s.builder.local('v128')],
  ]);
  const [a, b] = [...inputs.values()] as [Local, Local];
  const code = vectorCode(s, s.meaning.combine, inputs);
  const vectors = s.builder.locals('v128', s.meaning.group / 4);
  const steps: Code[] = vectors.map((vector, index) => set(vector, load('v128.load', get(from), index * 16)));
  for (let half = vectors.length / 2; half >= 1; half /= 2) {
    for (const [index, vector] of vectors.slice(0, half).entries()) {
      const other = vectors[index + half] ?? vector;
      steps.push(seq(set(a, get(vector)), set(b, get(other)), set(vector, code.value())));
    }
  }
  const [sum] = vectors as readonly [Local];
  const fold = (lanes: readonly number[]): Code =>
    seq(set(a, get(sum)), set(b, shuffle32(get(sum), get(sum), lanes)), set(sum, code.value()));
  return seq(code.hoisted, ...steps, fold([2, 3, 2, 3]), fold([1, 1, 1, 1]), lane('f32x4.extract_lane', 0, get(sum)));
}

function writeResult(s: ReductionScope, result: Local, from: Local, group: Local, to: Local): Code {
  const { meaning } = s;
  const bytes = bytesOf(meaning.element);
  const value = (offset: number): Code =>
    storeElement(meaning.element, op('i32.add', get(to), i32(offset)), get(result));
  if (meaning.result === 'value') return value(0);
  const index = s.builder.local('i32');
  const find = seq(set(index, firstEqual(s, result, from, group)));
  const put = (offset: number): Code => store(bytes === 4 ? 'i32.store' : 'i32.store16', get(to), get(index), offset);
  if (meaning.result === 'index') return seq(find, put(0));
  return meaning.result === 'value_index' ? seq(find, value(0), put(bytes)) : seq(find, put(0), value(bytes));
}

/** Number in its group of the first active lane that equals the result, else 0. */
function firstEqual(s: ReductionScope, result: Local, from: Local, group: Local): Code {
  const { meaning } = s;
  const [number, found] = s.builder.locals('i32', 2) as [Local, Local];
  const value = load('f32.load', op('i32.add', get(from), op('i32.shl', get(number), i32(2))));
  const laneNumber = op('i32.add', op('i32.mul', get(group), i32(meaning.group)), get(number));
  const active = op('i32.and', bitsFrom(s, laneNumber), i32(1));
  return seq(
    set(number, i32(0)),
    set(found, i32(0)),
    block(
      loop(
        when(op('i32.and', op('f32.eq', value, get(result)), active), seq(set(found, get(number)), branch(2))),
        branchIf(0, op('i32.lt_u', tee(number, op('i32.add', get(number), i32(1))), i32(meaning.group))),
      ),
    ),
    get(found),
  );
}

/** PIPE_V: reductions per repeat, per 32 B block and per adjacent pair. */
import { integer } from '../definition.ts';
import type { InstructionRow } from '../definition.ts';
import { add, bytesOf, local } from '../meaning/expression.ts';
import type { Expression } from '../meaning/expression.ts';
import { maximum, minimum } from '../meaning/functions.ts';
import type { ReductionResult } from '../meaning/statement.ts';
import { BLOCK, blockStride, destinationIn, repeat, repeatStride, sourceIn, vectorCore } from './vector-operands.ts';
import { lanesOf } from './vector-lanes.ts';

type LaneType = 'f32' | 'f16';

interface Kind {
  readonly name: 'add' | 'max' | 'min';
  readonly identity: number;
  readonly combine: Expression;
}

const a = local('a', 'f32');
const b = local('b', 'f32');
const kinds: readonly Kind[] = [
  { name: 'add', identity: 0, combine: add(a, b) },
  { name: 'max', identity: -Infinity, combine: maximum(a, b) },
  { name: 'min', identity: Infinity, combine: minimum(a, b) },
];

function row(
  mnemonic: string,
  timing: string,
  kind: Kind,
  type: LaneType,
  group: number,
  result: ReductionResult,
  unitBytes: number,
  summary: string,
): InstructionRow {
  const alignment = Math.min(BLOCK, unitBytes);
  return {
    mnemonic,
    cores: vectorCore,
    pipe: 'V',
    timing: `vector.${timing}`,
    summary,
    operands: [
      destinationIn('dst', alignment),
      sourceIn('src'),
      repeat,
      integer('dst_rep', `${unitBytes} B`, 65535),
      blockStride('src'),
      repeatStride('src'),
    ],
    meaning: {
      kind: 'reduction',
      elements: lanesOf(type),
      element: type,
      group,
      identity: kind.identity,
      combine: kind.combine,
      result,
      destinationUnitBytes: unitBytes,
    },
  };
}

const orders: readonly {
  readonly suffix: string;
  readonly result: ReductionResult;
  readonly words: number;
  readonly text: string;
}[] = [
  { suffix: '', result: 'value', words: 1, text: 'the value' },
  { suffix: '_vi', result: 'value_index', words: 2, text: 'the value, then the lane of its first occurrence' },
  { suffix: '_iv', result: 'index_value', words: 2, text: 'the lane of the first occurrence, then the value' },
  { suffix: '_i', result: 'index', words: 1, text: 'the lane of the first occurrence' },
];

/** Index results exist for max and min. An index has the size of an element. */
function perRepeat(kind: Kind, type: LaneType): readonly InstructionRow[] {
  const offered = kind.name === 'add' ? orders.slice(0, 1) : orders;
  return offered.map(({ suffix, result, words, text }) =>
    row(
      `vc${kind.name}${suffix}_${type}`,
      `c${kind.name}`,
      kind,
      type,
      lanesOf(type),
      result,
      words * bytesOf(type),
      `${kind.name} over the lanes of a repeat: ${text}`,
    ),
  );
}

const perBlock = (kind: Kind, type: LaneType): InstructionRow =>
  row(
    `vcg${kind.name}_${type}`,
    `cg${kind.name}`,
    kind,
    type,
    BLOCK / bytesOf(type),
    'value',
    8 * bytesOf(type),
    `${kind.name} over the lanes of each block: eight results per repeat`,
  );

const perPair = (type: LaneType): InstructionRow =>
  row(
    `vcpadd_${type}`,
    'cpadd',
    kinds[0] as Kind,
    type,
    2,
    'value',
    128,
    'sums of adjacent lanes: half as many results',
  ); // kinds[0] is add

const types: readonly LaneType[] = ['f32', 'f16'];

/** Reductions. */
export const reduceRows: readonly InstructionRow[] = types.flatMap((type) => [
  ...kinds.flatMap((kind) => [...perRepeat(kind, type), perBlock(kind, type)]),
  perPair(type),
]);

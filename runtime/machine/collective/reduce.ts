/**
 * The arithmetic of the collective engine: what the DMA engines between devices (SDMA with inline reduce) compute while
 * they write. Element by element, rounding to the element type after each step, in the order of the group.
 */
import { bf16FromNumber, bf16ToNumber, f16FromNumber, f16ToNumber } from '../../numerics/index.ts';

export type ReductionName = 'sum' | 'max' | 'min' | 'prod';

/** How elements of a type lie in memory and become numbers. */
interface Elements<Item extends number | bigint> {
  readonly view: (bytes: Uint8Array) => { [index: number]: Item; readonly length: number };
  readonly join: Readonly<Record<ReductionName, (left: Item, right: Item) => Item>>;
}

type NumberView = (bytes: Uint8Array) => { [index: number]: number; readonly length: number };

/** NaN when one is NaN. */
const floats: Elements<number>['join'] = {
  sum: (left, right) => left + right,
  prod: (left, right) => left * right,
  max: (left, right) => Math.max(left, right),
  min: (left, right) => Math.min(left, right),
};

/** Typed arrays wrap what does not fit. */
const integers: Elements<number>['join'] = { ...floats, prod: Math.imul };
const large: Elements<bigint>['join'] = {
  sum: (left, right) => left + right,
  prod: (left, right) => left * right,
  max: (left, right) => (left > right ? left : right),
  min: (left, right) => (left < right ? left : right),
};
const bits: Elements<number>['join'] = {
  sum: (left, right) => left | right,
  prod: (left, right) => left & right,
  max: (left, right) => left | right,
  min: (left, right) => left & right,
};

/** Joins two halves as numbers and rounds. */
const narrow = (toNumber: (bits: number) => number, fromNumber: (value: number) => number): Elements<number> => {
  const rounded =
    (join: (left: number, right: number) => number) =>
    (left: number, right: number): number =>
      fromNumber(join(toNumber(left), toNumber(right)));
  return {
    view: ({ buffer, byteOffset, byteLength }) => new Uint16Array(buffer, byteOffset, byteLength / 2),
    join: {
      sum: rounded(floats.sum),
      prod: rounded(floats.prod),
      max: rounded(floats.max),
      min: rounded(floats.min),
    },
  };
};

const whole = (view: NumberView, join: Elements<number>['join']): Elements<number> => ({ view, join });

const numbers: Readonly<Record<string, Elements<number> | undefined>> = {
  f32: whole(({ buffer, byteOffset, byteLength }) => new Float32Array(buffer, byteOffset, byteLength / 4), floats),
  f64: whole(({ buffer, byteOffset, byteLength }) => new Float64Array(buffer, byteOffset, byteLength / 8), floats),
  f16: narrow(f16ToNumber, f16FromNumber),
  bf16: narrow(bf16ToNumber, bf16FromNumber),
  i32: whole(({ buffer, byteOffset, byteLength }) => new Int32Array(buffer, byteOffset, byteLength / 4), integers),
  i16: whole(({ buffer, byteOffset, byteLength }) => new Int16Array(buffer, byteOffset, byteLength / 2), integers),
  i8: whole(({ buffer, byteOffset, byteLength }) => new Int8Array(buffer, byteOffset, byteLength), integers),
  ui8: whole(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength), integers),
  ui16: whole(({ buffer, byteOffset, byteLength }) => new Uint16Array(buffer, byteOffset, byteLength / 2), integers),
  ui32: whole(({ buffer, byteOffset, byteLength }) => new Uint32Array(buffer, byteOffset, byteLength / 4), integers),
  i1: whole(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength), bits),
};

const bigs: Readonly<Record<string, Elements<bigint> | undefined>> = {
  i64: {
    view: ({ buffer, byteOffset, byteLength }) => new BigInt64Array(buffer, byteOffset, byteLength / 8),
    join: large,
  },
  ui64: {
    view: ({ buffer, byteOffset, byteLength }) => new BigUint64Array(buffer, byteOffset, byteLength / 8),
    join: large,
  },
};

function joinInto<Item extends number | bigint>(
  { view, join }: Elements<Item>,
  reduction: ReductionName,
  into: Uint8Array,
  from: Uint8Array,
): void {
  const [target, source, combine] = [view(into), view(from), join[reduction]];
  for (let index = 0; index < target.length; index++)
    target[index] = combine(target[index] as Item, source[index] as Item); // index < length
}

/** `into` becomes the reduction of `into` and `from`, element by element. Both are aligned to their elements. */
export function reduceInto(dtype: string, reduction: ReductionName, into: Uint8Array, from: Uint8Array): void {
  const [number, big] = [numbers[dtype], bigs[dtype]];
  if (number !== undefined) joinInto(number, reduction, into, from);
  else if (big !== undefined) joinInto(big, reduction, into, from);
  else throw new Error(`no reduction of ${dtype}`);
}

/** What collectives do to the memories of the devices: reads of all operands first, then writes of all results. */
import { reduceInto, type ReductionName } from './reduce.ts';

/** One rank's part: its operand, and where its result goes. They may overlap. */
export interface CollectivePart {
  readonly input: Uint8Array;
  readonly output: Uint8Array;
}

export interface CollectiveData {
  readonly operation: 'all_reduce' | 'all_gather' | 'reduce_scatter' | 'all_to_all' | 'broadcast';
  readonly reduction: ReductionName | null;
  readonly dtype: string;
  /** Place of the root in the group. */
  readonly root: number;
}

/** Carries a collective out; `parts` in the order of the group. */
export function carryOut(data: CollectiveData, parts: readonly CollectivePart[]): void {
  const results = RESULTS[data.operation](parts, data);
  parts.forEach(({ output }, place) => output.set(results[place] ?? new Uint8Array()));
}

type Results = (parts: readonly CollectivePart[], data: CollectiveData) => readonly Uint8Array[];

function reduced(parts: readonly CollectivePart[], { reduction, dtype }: CollectiveData): Uint8Array {
  const [first, ...rest] = parts;
  const sum = first === undefined ? new Uint8Array() : Uint8Array.from(first.input);
  for (const { input } of rest) reduceInto(dtype, reduction ?? 'sum', sum, input);
  return sum;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((bytes, piece) => bytes + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Part number `place` of equal parts. */
function partOf(bytes: Uint8Array, place: number, parts: number): Uint8Array {
  const size = bytes.length / parts;
  return bytes.subarray(place * size, (place + 1) * size);
}

const RESULTS: Readonly<Record<CollectiveData['operation'], Results>> = {
  all_reduce: (parts, data) => {
    const sum = reduced(parts, data);
    return parts.map(() => sum);
  },
  reduce_scatter: (parts, data) => {
    const sum = reduced(parts, data);
    return parts.map((_, place) => partOf(sum, place, parts.length));
  },
  all_gather: (parts) => {
    const whole = joined(parts.map(({ input }) => input));
    return parts.map(() => whole);
  },
  all_to_all: (parts) => parts.map((_, place) => joined(parts.map(({ input }) => partOf(input, place, parts.length)))),
  broadcast: (parts, { root }) => {
    const value = Uint8Array.from(parts[root]?.input ?? []);
    return parts.map(() => value);
  },
};

/** Divides a long list into parts for display: repeated blocks where the list repeats, else ranges of like length. */

export interface Part {
  readonly start: number;
  readonly end: number;
}

export interface Chunks {
  /** Several blocks in one part where there are too many of them. */
  readonly label: 'block' | 'range';
  readonly parts: readonly Part[];
}

/** A list repeats when that share of its elements returns after a period. */
const REPEATING = 0.8;
const FEWEST_BLOCKS = 3;

/** At most `most` parts of a list of more than `most` elements; `signatures` are equal where elements are alike. */
export function chunks(signatures: readonly number[], most: number): Chunks {
  const period = periodOf(signatures, most);
  if (period === null) return { label: 'range', parts: ranges(signatures.length, most) };
  const start = signatures.findIndex((signature, index) => signature === signatures[index + period]);
  const parts: Part[] = start > 0 ? [{ start: 0, end: start }] : [];
  const blocks = Math.ceil((signatures.length - start) / period);
  const length = period * (blocks < most ? 1 : Math.ceil(Math.sqrt(blocks)));
  for (let at = start; at < signatures.length; at += length)
    parts.push({ start: at, end: Math.min(at + length, signatures.length) });
  return { label: 'block', parts };
}

/** The smallest distance at which most elements return, or null. One element again and again is no block. */
function periodOf(signatures: readonly number[], most: number): number | null {
  const count = signatures.length;
  for (let period = 2; period <= Math.min(most, count / FEWEST_BLOCKS); period++) {
    let alike = 0;
    for (let at = 0; at + period < count; at++) if (signatures[at] === signatures[at + period]) alike++;
    if (alike >= REPEATING * (count - period)) return isUniform(signatures, period) ? null : period;
  }
  return null;
}

const isUniform = (signatures: readonly number[], period: number): boolean => {
  const start = signatures.findIndex((signature, index) => signature === signatures[index + period]);
  return new Set(signatures.slice(start, start + period)).size === 1;
};

/** As many ranges as each holds, so that no level is longer than needed. */
function ranges(count: number, most: number): readonly Part[] {
  const levels = Math.ceil(Math.log(count) / Math.log(most));
  const size = Math.ceil(count ** ((levels - 1) / levels));
  return Array.from({ length: Math.ceil(count / size) }, (_, index) => ({
    start: index * size,
    end: Math.min((index + 1) * size, count),
  }));
}

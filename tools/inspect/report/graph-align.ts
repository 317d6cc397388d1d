/**
 * Pairs the elements of two lists in order: the longest common subsequence of their keys, first by the strictest key, then by laxer
 * ones in the gaps that remain.
 */

/** Indices into the left and the right list. */
export type Pair = readonly [left: number, right: number];

/** `keys` give the key of an element of either list, strictest first. */
export function alignBy<Element>(
  left: readonly Element[],
  right: readonly Element[],
  keys: readonly ((element: Element, side: 'left' | 'right') => string)[],
): readonly Pair[] {
  const [key, ...laxer] = keys;
  if (key === undefined || left.length === 0 || right.length === 0) return [];
  const numbers = new Map<string, number>();
  const numbered = (elements: readonly Element[], side: 'left' | 'right'): number[] =>
    elements.map((element) => {
      const text = key(element, side);
      const number = numbers.get(text) ?? numbers.size;
      numbers.set(text, number);
      return number;
    });
  const pairs = align(numbered(left, 'left'), numbered(right, 'right'));
  return gapsOf(pairs, left.length, right.length).flatMap(({ leftAt, leftEnd, rightAt, rightEnd, pair }) => {
    const inner = alignBy(left.slice(leftAt, leftEnd), right.slice(rightAt, rightEnd), laxer);
    const shifted = inner.map(([one, other]): Pair => [one + leftAt, other + rightAt]);
    return pair === null ? shifted : [...shifted, pair];
  });
}

interface Gap {
  readonly leftAt: number;
  readonly leftEnd: number;
  readonly rightAt: number;
  readonly rightEnd: number;
  /** The pair after the gap; null at the end. */
  readonly pair: Pair | null;
}

function gapsOf(pairs: readonly Pair[], leftLength: number, rightLength: number): readonly Gap[] {
  let [leftAt, rightAt] = [0, 0];
  const gaps: Gap[] = [];
  for (const pair of [...pairs, null]) {
    const [leftEnd, rightEnd] = pair ?? [leftLength, rightLength];
    gaps.push({ leftAt, leftEnd, rightAt, rightEnd, pair });
    [leftAt, rightAt] = [leftEnd + 1, rightEnd + 1];
  }
  return gaps;
}

/** Tables larger than that are not filled; long lists are cut at keys that occur once. */
const MOST_CELLS = 4_000_000;

function align(left: readonly number[], right: readonly number[]): readonly Pair[] {
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start++;
  let end = 0;
  while (
    end < left.length - start &&
    end < right.length - start &&
    left[left.length - 1 - end] === right[right.length - 1 - end]
  )
    end++;
  const inner = middle(left.slice(start, left.length - end), right.slice(start, right.length - end));
  return [
    ...Array.from({ length: start }, (_, at): Pair => [at, at]),
    ...inner.map(([one, other]): Pair => [one + start, other + start]),
    ...Array.from({ length: end }, (_, at): Pair => [left.length - end + at, right.length - end + at]),
  ];
}

function middle(left: readonly number[], right: readonly number[]): readonly Pair[] {
  if (left.length === 0 || right.length === 0) return [];
  if (left.length * right.length <= MOST_CELLS) return longestCommon(left, right);
  const few = fewestEdits(left, right);
  if (few !== null) return few;
  const anchors = increasing(sameOccurrence(left, right, true));
  if (anchors.length === 0) return increasing(sameOccurrence(left, right, false));
  return gapsOf(anchors, left.length, right.length).flatMap(({ leftAt, leftEnd, rightAt, rightEnd, pair }) => {
    const inner = align(left.slice(leftAt, leftEnd), right.slice(rightAt, rightEnd));
    const shifted = inner.map(([one, other]): Pair => [one + leftAt, other + rightAt]);
    return pair === null ? shifted : [...shifted, pair];
  });
}

/** By dynamic programming over suffixes. */
function longestCommon(left: readonly number[], right: readonly number[]): readonly Pair[] {
  const width = right.length + 1;
  const lengths = new Uint16Array((left.length + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = left.length - 1; row >= 0; row--)
    for (let column = right.length - 1; column >= 0; column--)
      lengths[row * width + column] =
        left[row] === right[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
  const pairs: Pair[] = [];
  let [row, column] = [0, 0];
  while (row < left.length && column < right.length) {
    if (left[row] === right[column]) pairs.push([row++, column++]);
    else if (at(row + 1, column) >= at(row, column + 1)) row++;
    else column++;
  }
  return pairs;
}

/** More edits are not searched for. */
const MOST_EDITS = 1000;

/**
 * A longest common subsequence in time that grows with the number of edits (E. Myers, An O(ND) Difference Algorithm, 1986); null
 * when there are too many. Diagonal k holds the furthest left index at which left - right = k.
 */
function fewestEdits(left: readonly number[], right: readonly number[]): readonly Pair[] | null {
  const offset = MOST_EDITS + 1;
  const furthest = new Int32Array(2 * offset + 1);
  const history: Int32Array[] = [];
  for (let edits = 0; edits <= MOST_EDITS; edits++) {
    history.push(furthest.slice(offset - edits - 1, offset + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let at = nextStart(furthest, offset + diagonal, diagonal, edits);
      while (at < left.length && at - diagonal < right.length && left[at] === right[at - diagonal]) at++;
      furthest[offset + diagonal] = at;
      if (at >= left.length && at - diagonal >= right.length) return tracedBack(history, left.length, right.length);
    }
  }
  return null;
}

/** Where a diagonal begins after one more edit: from the one below or the one above, whichever got further. */
const nextStart = (furthest: Int32Array, index: number, diagonal: number, edits: number): number => {
  const [below, above] = [furthest[index - 1] ?? 0, furthest[index + 1] ?? 0];
  return diagonal === -edits || (diagonal !== edits && below < above) ? above : below + 1;
};

function tracedBack(history: readonly Int32Array[], leftLength: number, rightLength: number): readonly Pair[] {
  const pairs: Pair[] = [];
  let [row, column] = [leftLength, rightLength];
  for (let edits = history.length - 1; edits >= 0; edits--) {
    const before = history[edits] ?? new Int32Array();
    const diagonal = row - column;
    const start = edits === 0 ? 0 : nextStart(before, diagonal + edits + 1, diagonal, edits);
    while (row > start && column > start - diagonal) pairs.push([--row, --column]);
    if (edits === 0) break;
    const isDown =
      diagonal === -edits ||
      (diagonal !== edits && (before[diagonal + edits] ?? 0) < (before[diagonal + edits + 2] ?? 0));
    if (isDown) column--;
    else row--;
  }
  return pairs.reverse();
}

/** The n-th element of a key on the left with the n-th on the right; `isOnce`: only keys that both lists hold once. */
function sameOccurrence(left: readonly number[], right: readonly number[], isOnce: boolean): readonly Pair[] {
  const places = (list: readonly number[]): Map<number, number[]> => {
    const found = new Map<number, number[]>();
    for (const [at, key] of list.entries()) {
      const known = found.get(key);
      if (known === undefined) found.set(key, [at]);
      else known.push(at);
    }
    return found;
  };
  const onRight = places(right);
  const pairs = [...places(left)].flatMap(([key, lefts]) => {
    const rights = onRight.get(key) ?? [];
    if (isOnce && (lefts.length > 1 || rights.length > 1)) return [];
    return lefts.slice(0, rights.length).map((one, nth): Pair => [one, rights[nth] ?? 0]);
  });
  return pairs.sort(([one], [other]) => one - other);
}

/** The most pairs that keep the order on both sides (patience sorting). */
function increasing(pairs: readonly Pair[]): readonly Pair[] {
  const piles: number[] = [];
  const before = new Int32Array(pairs.length).fill(-1);
  for (const [at, [, right]] of pairs.entries()) {
    let [low, high] = [0, piles.length];
    while (low < high) {
      const half = (low + high) >> 1;
      if ((pairs[piles[half] ?? 0]?.[1] ?? 0) < right) low = half + 1;
      else high = half;
    }
    before[at] = low === 0 ? -1 : (piles[low - 1] ?? -1);
    piles[low] = at;
  }
  const found: Pair[] = [];
  for (let at = piles.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) {
    const pair = pairs[at];
    if (pair !== undefined) found.push(pair);
  }
  return found.reverse(); // our own array
}

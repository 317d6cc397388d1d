/**
 * Index notation of reshape: both shapes are read as products of common factors, from the major end.
 *
 * [6, 4] -> [2, 3, 4] is [a*b, c] -> [a, b, c]. Where extents do not divide one another ([6] -> [4, …]) or are
 * symbolic, the dimensions stand alone up to the next place where both products agree.
 */
import type { Axes, OpView } from '../core/definition.ts';
import type { Dimension } from '../core/type.ts';
import { WHOLE } from './axes.ts';
import type { Shape } from './dimension.ts';
import { countKey, tensor } from './dimension.ts';

interface Segment {
  readonly from: readonly [begin: number, end: number];
  readonly to: readonly [begin: number, end: number];
}

export function reshapeAxes(op: OpView): Axes {
  const [from, to] = [tensor(op.operandTypes[0]).shape, tensor(op.resultTypes[0]).shape];
  const operand: string[] = [];
  const result: string[] = [];
  const fresh = nameSource();
  for (const segment of segments(from, to)) {
    const named = factor(from.slice(...segment.from), to.slice(...segment.to), fresh);
    operand.push(...named.from);
    result.push(...named.to);
  }
  return { operands: [operand], results: [result], summed: [], indivisible: [] };
}

function nameSource(): () => string {
  let count = 0;
  return () => `i${count++}`;
}

/** The shortest runs of dimensions whose products agree. */
function segments(from: Shape, to: Shape): readonly Segment[] {
  const found: Segment[] = [];
  let [left, right] = [0, 0];
  while (left < from.length || right < to.length) {
    const begin: readonly [number, number] = [left, right];
    if (left < from.length) left++;
    if (right < to.length) right++;
    while (
      countKey(from.slice(begin[0], left)) !== countKey(to.slice(begin[1], right)) &&
      (left < from.length || right < to.length)
    ) {
      if (advanceLeft(from.slice(begin[0], left), to.slice(begin[1], right), left < from.length, right < to.length))
        left++;
      else right++;
    }
    found.push({ from: [begin[0], left], to: [begin[1], right] });
  }
  return found;
}

function advanceLeft(from: Shape, to: Shape, leftMore: boolean, rightMore: boolean): boolean {
  if (!rightMore) return true;
  return leftMore && numberPart(from) <= numberPart(to);
}

const numberPart = (shape: Shape): number =>
  shape.reduce<number>((product, extent) => (typeof extent === 'number' ? product * extent : product), 1);

interface Named {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** Splits one segment into common factors, or says that its dimensions stand alone. */
function factor(from: Shape, to: Shape, fresh: () => string): Named {
  if (from.length === 1 && to.length === 1 && from[0] === to[0]) return same(fresh());
  const alone = { from: from.map(() => WHOLE), to: to.map(() => WHOLE) };
  if (![...from, ...to].every((extent) => typeof extent === 'number' && extent > 0)) return alone;
  const left = factors(from);
  const right = factors(to);
  while (left.rest() > 1 && right.rest() > 1) {
    const size = Math.min(left.rest(), right.rest());
    if (left.rest() % size !== 0 || right.rest() % size !== 0) return alone;
    const name = fresh();
    left.take(size, name);
    right.take(size, name);
  }
  return { from: left.names(), to: right.names() };
}

const same = (name: string): Named => ({ from: [name], to: [name] });

/** Walks the dimensions of a segment and hands out factors of them, major first. */
function factors(shape: readonly Dimension[]) {
  const parts: string[][] = shape.map(() => []);
  let axis = 0;
  let rest = Number(shape[0] ?? 1);
  const skipOnes = () => {
    while (rest === 1 && axis < shape.length - 1) rest = Number(shape[++axis]);
  };
  skipOnes();
  return {
    rest: () => rest,
    take(size: number, name: string) {
      parts[axis].push(name);
      rest /= size;
      skipOnes();
    },
    names: () => parts.map((names) => (names.length === 0 ? WHOLE : names.join('*'))),
  };
}

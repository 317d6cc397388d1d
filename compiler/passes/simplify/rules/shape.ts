/** Rules of data movement: what moves nothing goes, what moves twice moves once. */
import type { Absent, Operation, Value } from '../../../ir/index.ts';
import { integerAttribute, integerOf, integersAttribute, integersOf, stringOf } from '../../../ir/index.ts';
import type { shapeOps } from '../../../ir/ops/index.ts';
import type { Pattern } from '../../rewrite/index.ts';
import { attributesOf, emitterOf, identityIf, madeBy, pattern, sameType, typeOf } from './match.ts';

const toItsOwnType = identityIf('to its own type', () => true);

/** The second of two such ops in a row states the result alone. */
const lastOneCounts = pattern('the last one counts', (op, rewriter) => {
  const inner = madeBy(op.operands[0], op.name);
  return inner && [emitterOf(rewriter).stated(op.name, inner.operands, op.results[0].type)];
});

const permutationOf = (op: Operation): readonly number[] => integersOf(op.attributes, 'permutation');

const keepsOrder = identityIf('permutation that keeps the order', (op) =>
  permutationOf(op).every((axis, at) => axis === at),
);

const transposeTwice = pattern('transpose of transpose', (op, rewriter) => {
  const inner = madeBy(op.operands[0], 'ms.transpose');
  if (!inner) return null;
  const first = permutationOf(inner);
  const permutation = integersAttribute(permutationOf(op).map((axis) => first[axis]));
  return [emitterOf(rewriter).op('ms.transpose', inner.operands, { permutation })];
});

/** Dimensions of extent 1 move without moving an element. */
const movesOnlyOnes = pattern('transpose that moves only extents of 1', (op, rewriter) => {
  const { shape } = typeOf(op.operands[0]);
  const moved = permutationOf(op).filter((axis) => shape[axis] !== 1);
  if (moved.some((axis, at) => at > 0 && axis < moved[at - 1])) return null;
  return [emitterOf(rewriter).stated('ms.reshape', op.operands, op.results[0].type)];
});

const concatOfConcat = pattern('concat of concat', (op, rewriter) => {
  const axis = integerOf(op.attributes, 'axis');
  const innerOf = (operand: Value) => {
    const inner = madeBy(operand, 'ms.concat');
    return inner && integerOf(inner.attributes, 'axis') === axis ? inner : null;
  };
  if (!op.operands.some(innerOf)) return null;
  const parts = op.operands.flatMap((operand) => innerOf(operand)?.operands ?? [operand]);
  return rewriter.create('ms.concat', parts, [op.results[0].type], op.attributes).results;
});

const concatOfNothing = pattern('concat with empty parts', (op, rewriter) => {
  const axis = integerOf(op.attributes, 'axis');
  const parts = op.operands.filter((operand) => typeOf(operand).shape[axis] !== 0);
  if (parts.length === op.operands.length || parts.length === 0) return null;
  return rewriter.create('ms.concat', parts, [op.results[0].type], op.attributes).results;
});

/** All parts of one split, in order and along its axis. */
const concatOfSplit = pattern('concat of split', (op, rewriter) => {
  const split = madeBy(op.operands[0], 'ms.split');
  if (!split) return null;
  if (integerOf(split.attributes, 'axis') !== integerOf(op.attributes, 'axis'))
    return rewriter.misses(() => otherAxis(op, split));
  const whole =
    split.results.length === op.operands.length && split.results.every((part, index) => part === op.operands[index]);
  return whole ? [split.operands[0]] : rewriter.misses(() => 'it does not join all parts in their order');
});

const otherAxis = (op: Operation, inner: Operation): string =>
  `${inner.name} is along axis ${integerOf(inner.attributes, 'axis')}, ${op.name} along axis ${integerOf(op.attributes, 'axis')}`;

const splitOfConcat = pattern('split of concat', (op, rewriter) => {
  const concat = madeBy(op.operands[0], 'ms.concat');
  if (!concat) return null;
  if (integerOf(concat.attributes, 'axis') !== integerOf(op.attributes, 'axis'))
    return rewriter.misses(() => otherAxis(op, concat));
  const same =
    concat.operands.length === op.results.length &&
    concat.operands.every((part, index) => sameType(part, op.results[index]));
  return same ? concat.operands : rewriter.misses(() => 'it is cut at other places than it was joined');
});

const onlyPart = identityIf('only one part', (op) => op.operands.length === 1 && op.results.length === 1);

/** Bounds of a slice for each of its axes. */
interface Bounds {
  readonly axis: number;
  readonly begin: number;
  readonly end: number;
  readonly stride: number;
}

function boundsOf(op: Operation): readonly Bounds[] {
  const [begins, ends, strides] = ['begins', 'ends', 'strides'].map((name) => integersOf(op.attributes, name));
  return integersOf(op.attributes, 'axes').map((axis, index) => ({
    axis,
    begin: begins[index],
    end: ends[index],
    stride: strides[index],
  }));
}

const boundsAttributes = (bounds: readonly Bounds[]) => ({
  axes: integersAttribute(bounds.map((bound) => bound.axis)),
  begins: integersAttribute(bounds.map((bound) => bound.begin)),
  ends: integersAttribute(bounds.map((bound) => bound.end)),
  strides: integersAttribute(bounds.map((bound) => bound.stride)),
});

const takesAll = identityIf('slice of everything', (op) =>
  boundsOf(op).every((bound) => bound.begin === 0 && bound.stride === 1),
);

/** Element i of the outer slice is element begin + i·stride of the inner one. */
function composed(inner: Bounds, outer: Bounds): Bounds {
  const stride = inner.stride * outer.stride;
  const begin = inner.begin + outer.begin * inner.stride;
  const count = Math.max(0, Math.ceil((outer.end - outer.begin) / outer.stride));
  return { axis: inner.axis, begin, end: count === 0 ? begin : begin + (count - 1) * stride + 1, stride };
}

const sliceOfSlice = pattern('slice of slice', (op, rewriter) => {
  const inner = madeBy(op.operands[0], 'ms.slice');
  if (!inner) return null;
  const [first, second] = [boundsOf(inner), boundsOf(op)];
  const joined = first.map((bound) => {
    const outer = second.find((other) => other.axis === bound.axis);
    return outer ? composed(bound, outer) : bound;
  });
  const rest = second.filter((bound) => !first.some((other) => other.axis === bound.axis));
  const bounds = [...joined, ...rest].sort((left, right) => left.axis - right.axis);
  return [emitterOf(rewriter).op('ms.slice', inner.operands, boundsAttributes(bounds))];
});

/** A slice that lies inside one part of a concat is a slice of that part. */
const sliceOfConcat = pattern('slice of concat', (op, rewriter) => {
  const concat = madeBy(op.operands[0], 'ms.concat');
  if (!concat) return null;
  const axis = integerOf(concat.attributes, 'axis');
  const bounds = boundsOf(op);
  const at = bounds.findIndex((bound) => bound.axis === axis);
  if (at < 0 || bounds[at].begin === bounds[at].end) return null;
  const found = partOf(concat, axis, bounds[at]);
  if (!found) return rewriter.misses(() => 'the slice reaches over several parts of the concat');
  return [emitterOf(rewriter).op('ms.slice', [found.part], boundsAttributes(bounds.with(at, found.bounds)))];
});

/** The operand of a concat that holds the whole of a slice, and the bounds inside it. */
function partOf(
  concat: Operation,
  axis: number,
  cut: Bounds,
): { readonly part: Value; readonly bounds: Bounds } | null {
  let from = 0;
  for (const part of concat.operands) {
    const extent = typeOf(part).shape[axis];
    if (typeof extent === 'string') return null;
    const inside = cut.begin >= from && cut.end <= from + extent;
    if (inside) return { part, bounds: { ...cut, begin: cut.begin - from, end: cut.end - from } };
    from += extent;
  }
  return null;
}

const replacesAll = pattern('update of everything', (op) => {
  const whole =
    sameType(op.operands[1], op.results[0]) && boundsOf(op).every((bound) => bound.begin === 0 && bound.stride === 1);
  return whole ? [op.operands[1]] : null;
});

const padsNothing = identityIf('pad by nothing', (op) =>
  [...integersOf(op.attributes, 'low'), ...integersOf(op.attributes, 'high')].every((pad) => pad === 0),
);

const padOfPad = pattern('pad of pad', (op, rewriter) => {
  const inner = madeBy(op.operands[0], 'ms.pad');
  const constant = inner && [inner, op].every((pad) => stringOf(pad.attributes, 'mode') === 'constant');
  const [value, other] = [op.attributes.get('value'), inner?.attributes.get('value')];
  if (!inner) return null;
  if (!constant || value?.kind !== 'float' || other?.kind !== 'float' || !Object.is(value.value, other.value))
    return rewriter.misses(() => 'the two write different things into their padding');
  const sum = (name: string) =>
    integersAttribute(
      integersOf(op.attributes, name).map((pad, axis) => pad + integersOf(inner.attributes, name)[axis]),
    );
  return [emitterOf(rewriter).op('ms.pad', inner.operands, attributesOf(op, { low: sum('low'), high: sum('high') }))];
});

const repeatsOnce = identityIf('once', (op) => integersOf(op.attributes, 'repeats').every((count) => count === 1));

/** Tiling extents of 1 is broadcasting. */
const tileOfOnes = pattern('tile of extents of 1', (op, rewriter) => {
  const { shape } = typeOf(op.operands[0]);
  const broadcasts = integersOf(op.attributes, 'repeats').every(
    (count, axis) => count === 1 || (shape[axis] === 1 && count > 0),
  );
  return broadcasts ? [emitterOf(rewriter).stated('ms.broadcast_to', op.operands, op.results[0].type)] : null;
});

const reversesNothing = identityIf('reverse of extents of 1', (op) =>
  integersOf(op.attributes, 'axes').every((axis) => typeOf(op.operands[0]).shape[axis] === 1),
);

const reverseTwice = pattern('reverse of reverse', (op, rewriter) => {
  const inner = madeBy(op.operands[0], 'ms.reverse');
  const same = inner && integersOf(inner.attributes, 'axes').join() === integersOf(op.attributes, 'axes').join();
  if (same) return inner.operands;
  return inner && rewriter.misses(() => 'the two reverse different axes');
});

const rollsRound = identityIf('roll by whole turns', (op) => {
  const extent = typeOf(op.operands[0]).shape[integerOf(op.attributes, 'axis')];
  return typeof extent === 'number' && extent > 0 && integerOf(op.attributes, 'shift') % extent === 0;
});

const rollTwice = pattern('roll of roll', (op, rewriter) => {
  const inner = madeBy(op.operands[0], 'ms.roll');
  if (!inner || integerOf(inner.attributes, 'axis') !== integerOf(op.attributes, 'axis')) return null;
  const shift = integerAttribute(integerOf(inner.attributes, 'shift') + integerOf(op.attributes, 'shift'));
  return [emitterOf(rewriter).op('ms.roll', inner.operands, attributesOf(op, { shift }))];
});

const repeatOnce = identityIf('repeat once', (op) => integerOf(op.attributes, 'count') === 1);

export const shapeRules: Readonly<Record<keyof typeof shapeOps, readonly Pattern[] | Absent>> = {
  'ms.reshape': [toItsOwnType, lastOneCounts],
  'ms.transpose': [keepsOrder, transposeTwice, movesOnlyOnes],
  'ms.broadcast_to': [toItsOwnType, lastOneCounts],
  'ms.concat': [onlyPart, concatOfSplit, concatOfNothing, concatOfConcat],
  'ms.split': [onlyPart, splitOfConcat],
  'ms.slice': [takesAll, sliceOfSlice, sliceOfConcat],
  'ms.slice_update': [replacesAll],
  'ms.pad': [padsNothing, padOfPad],
  'ms.tile': [repeatsOnce, tileOfOnes],
  'ms.repeat': [repeatOnce],
  'ms.reverse': [reversesNothing, reverseTwice],
  'ms.roll': [rollsRound, rollTwice],
};

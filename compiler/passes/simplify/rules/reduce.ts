/** Rules of reductions, scans and normalized exponentials. */
import type { Absent } from '../../../ir/index.ts';
import { absent, boolOf, integersAttribute, integersOf, integerOf } from '../../../ir/index.ts';
import type { reduceOps } from '../../../ir/ops/index.ts';
import type { Pattern } from '../../rewrite/index.ts';
import { attributesOf, emitterOf, madeBy, pattern, typeOf } from './match.ts';

/** Reducing extents of 1 moves nothing. */
const overOnes = pattern('reduction of extents of 1', (op, rewriter) => {
  const { shape } = typeOf(op.operands[0]);
  const trivial = integersOf(op.attributes, 'axes').every((axis) => shape[axis] === 1);
  return trivial ? [emitterOf(rewriter).stated('ms.reshape', op.operands, op.results[0].type)] : null;
});

/** Two reductions of the same kind in a row, both of which drop their dimensions or both keep them. */
const twice = pattern('reduction of reduction', (op, rewriter) => {
  const inner = madeBy(op.operands[0], op.name);
  if (!inner) return null;
  if (boolOf(inner.attributes, 'keep_dims') !== boolOf(op.attributes, 'keep_dims'))
    return rewriter.misses(() => 'one of the two keeps its dimensions, the other drops them');
  const first = integersOf(inner.attributes, 'axes');
  const kept = typeOf(inner.operands[0])
    .shape.map((_, axis) => axis)
    .filter((axis) => boolOf(op.attributes, 'keep_dims') || !first.includes(axis));
  const second = integersOf(op.attributes, 'axes').map((axis) => kept[axis]);
  const axes = [...new Set([...first, ...second])].sort((left, right) => left - right);
  return [emitterOf(rewriter).op(op.name, inner.operands, attributesOf(op, { axes: integersAttribute(axes) }))];
});

/** A sum negates once what would be negated everywhere. */
const ofNegated = pattern('reduction of the negated', (op, rewriter) => {
  const inner = madeBy(op.operands[0], 'ms.neg');
  const emit = emitterOf(rewriter);
  return inner && [emit.op('ms.neg', [emit.op(op.name, inner.operands, attributesOf(op))])];
});

const alongOne = pattern('scan along an extent of 1', (op) => {
  const along = typeOf(op.operands[0]).shape[integerOf(op.attributes, 'axis')];
  return along === 1 && !boolOf(op.attributes, 'exclusive') ? [op.operands[0]] : null;
});

/** log(softmax(x)) loses what is small; log_softmax does not. */
export const logOfSoftmax = pattern('log of softmax', (op, rewriter) => {
  const softmax = madeBy(op.operands[0], 'ms.softmax');
  return softmax && [emitterOf(rewriter).op('ms.log_softmax', softmax.operands, attributesOf(softmax))];
});

const reduction: readonly Pattern[] = [overOnes, twice];
const data = absent('its result is data');

export const reduceRules: Readonly<Record<keyof typeof reduceOps, readonly Pattern[] | Absent>> = {
  'ms.reduce_sum': [...reduction, ofNegated],
  'ms.reduce_mean': [...reduction, ofNegated],
  'ms.reduce_prod': reduction,
  'ms.reduce_max': reduction,
  'ms.reduce_min': reduction,
  'ms.reduce_all': reduction,
  'ms.reduce_any': reduction,
  'ms.argmax': data,
  'ms.argmin': data,
  'ms.cumsum': [alongOne],
  'ms.cumprod': [alongOne],
  'ms.softmax': data,
  'ms.log_softmax': data,
};

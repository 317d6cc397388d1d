/** Sums of padded pieces, as gradients of slices make them: pieces that lie side by side are joined instead. */
import type { Attribute, Operation, Value } from '../../../ir/index.ts';
import { floatOf, integerAttribute, integersAttribute, integersOf, stringOf } from '../../../ir/index.ts';
import type { Pattern } from '../../rewrite/index.ts';
import { attributesOf, emitterOf, madeBy, pattern, typeOf } from './match.ts';

/** A value within zeros along one axis. */
interface Piece {
  readonly op: Operation;
  readonly value: Value;
  readonly axis: number;
  readonly begin: number;
  readonly end: number;
}

function pieceOf(sum: Value): Piece | null {
  const op = madeBy(sum, 'ms.pad');
  if (!op || stringOf(op.attributes, 'mode') !== 'constant' || floatOf(op.attributes, 'value') !== 0) return null;
  const [low, high] = ['low', 'high'].map((name) => integersOf(op.attributes, name));
  const axes = low.flatMap((_, axis) => (low[axis] + high[axis] > 0 ? [axis] : []));
  const [axis] = axes;
  const extent = axes.length === 1 ? typeOf(op.operands[0]).shape[axis] : 'several';
  return typeof extent === 'number'
    ? { op, value: op.operands[0], axis, begin: low[axis], end: low[axis] + extent }
    : null;
}

/** Zeros around a and zeros around b, added, are zeros around both. */
export const sumOfPieces: Pattern = pattern('sum of padded pieces side by side', (op, rewriter) => {
  const [left, right] = op.operands.map(pieceOf);
  if (!left || !right) return null;
  if (left.axis !== right.axis)
    return rewriter.misses(() => `the pieces lie along axes ${left.axis} and ${right.axis}`);
  const [first, second] = left.begin < right.begin ? [left, right] : [right, left];
  if (first.end !== second.begin)
    return rewriter.misses(() => `one piece ends at ${first.end} and the other begins at ${second.begin}`);
  const emit = emitterOf(rewriter);
  const joined = emit.op('ms.concat', [first.value, second.value], { axis: integerAttribute(first.axis) });
  const around = (name: 'low' | 'high', piece: Piece): Attribute =>
    integersAttribute(integersOf(piece.op.attributes, name));
  return [
    emit.op('ms.pad', [joined], attributesOf(first.op, { low: around('low', first), high: around('high', second) })),
  ];
});

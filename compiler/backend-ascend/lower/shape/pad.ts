/**
 * Pad. A constant border is a fill below the copy of x; every other border is a copy too: along each padded dimension
 * the result has up to three segments (before, x, behind), and each combination of segments is one box of x, turned
 * round (reflect, symmetric) or repeated (edge).
 */
import type { Operation } from '../../../ir/index.ts';
import { dtypeBytes, elementCount, floatOf, integersOf, stringOf } from '../../../ir/index.ts';
import type { LowerRule, Lowering } from '../lowering.ts';
import { tensorOf } from '../tensor.ts';
import { boxAxes, copyBox, offsetOf, shapeOf, stridesOf } from './box.ts';
import { elementBytes, launchFill } from './fill.ts';

export const padRule: LowerRule = (op, lowering) => {
  const mode = stringOf(op.attributes, 'mode');
  if (mode === 'constant') padConstant(op, lowering);
  else padFromSource(op, lowering, BORDERS[mode]);
  return null;
};

function padConstant(op: Operation, lowering: Lowering): void {
  const [x] = op.operands;
  const [result] = op.results;
  const { dtype } = tensorOf(result);
  const low = integersOf(op.attributes, 'low');
  const bytes = elementCount(shapeOf(result)) * dtypeBytes(dtype);
  if (elementCount(shapeOf(result)) !== elementCount(shapeOf(x)))
    launchFill(lowering, lowering.buffer(result), bytes, elementBytes(dtype, floatOf(op.attributes, 'value')));
  copyBox(lowering, op, x, result, {
    axes: boxAxes(shapeOf(x), stridesOf(x), stridesOf(result)),
    targetOffset: offsetOf(low, stridesOf(result)),
  });
}

/** A stretch of one dimension: result index `to + i` takes source index `from + i·step`. */
interface Segment {
  readonly from: number;
  readonly to: number;
  readonly size: number;
  readonly step: number;
}

/** The border segments of a dimension with this extent. */
type Border = (extent: number, low: number, high: number) => readonly Segment[];

const BORDERS: Readonly<Record<string, Border>> = {
  reflect: (extent, low, high) => [
    { from: low, to: 0, size: low, step: -1 },
    { from: extent - 2, to: low + extent, size: high, step: -1 },
  ],
  symmetric: (extent, low, high) => [
    { from: low - 1, to: 0, size: low, step: -1 },
    { from: extent - 1, to: low + extent, size: high, step: -1 },
  ],
  edge: (extent, low, high) => [
    { from: 0, to: 0, size: low, step: 0 },
    { from: extent - 1, to: low + extent, size: high, step: 0 },
  ],
};

function padFromSource(op: Operation, lowering: Lowering, border: Border): void {
  const [x] = op.operands;
  const [result] = op.results;
  const [low, high] = [integersOf(op.attributes, 'low'), integersOf(op.attributes, 'high')];
  const [source, target] = [stridesOf(x), stridesOf(result)];
  const choices = shapeOf(x).map((extent, axis) => {
    const inside: Segment = { from: 0, to: low[axis], size: extent, step: 1 };
    return [inside, ...border(extent, low[axis], high[axis])].filter(({ size }) => size > 0);
  });
  for (const segments of combinations(choices)) {
    copyBox(lowering, op, x, result, {
      axes: boxAxes(
        segments.map(({ size }) => size),
        segments.map(({ step }, axis) => step * source[axis]),
        target,
      ),
      sourceOffset: offsetOf(
        segments.map(({ from }) => from),
        source,
      ),
      targetOffset: offsetOf(
        segments.map(({ to }) => to),
        target,
      ),
    });
  }
}

/** Every way to choose one of each list. */
function combinations<Item>(lists: readonly (readonly Item[])[]): readonly (readonly Item[])[] {
  return lists.reduce<readonly (readonly Item[])[]>(
    (found, list) => found.flatMap((head) => list.map((item) => [...head, item])),
    [[]],
  );
}

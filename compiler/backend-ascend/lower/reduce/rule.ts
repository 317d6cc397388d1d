/**
 * Reductions over any axes. Neighbouring axes that are all reduced or all kept are one; the last group of reduced axes
 * goes first, because it is the cheapest to make small. Results between steps stay in 32-bit lanes.
 */
import type { DType, Operation, Value } from '../../../ir/index.ts';
import { integersOf } from '../../../ir/index.ts';
import type { LowerRule, Lowering } from '../lowering.ts';
import { unsupported } from '../diagnostics.ts';
import { isRowwise, rowwiseRule } from '../rowwise/rule.ts';
import { physicalBytes } from '../layout.ts';
import { shapeOf } from '../shape/box.ts';
import { elementBytes, launchFill } from '../shape/fill.ts';
import type { Lane } from '../rowwise/tile.ts';
import { tensorOf } from '../tensor.ts';
import type { ReduceStep } from './column.ts';
import { columnPieces, writeColumns } from './column.ts';
import { JOINS, reductionLane, storedIdentity } from './join.ts';
import { linePieces, writeLines } from './line.ts';

export const reduceRule: LowerRule = (op, lowering) => {
  const [x] = op.operands;
  const { dtype } = tensorOf(x);
  const lane = reductionLane(dtype);
  if (lane === null)
    return unsupported(op, `${op.name} on ${dtype}`, 'reductions run on floats, booleans and 32-bit integers');
  // The axes of a blocked map but for its channels are the same as those of the plain one.
  const groups = axisGroups(shapeOf(x), integersOf(op.attributes, 'axes'));
  if (!groups.some(({ isReduced }) => isReduced)) {
    lowering.alias(op.results[0], x);
    return null;
  }
  if (isRowwise(op) && rowwiseRule(op, lowering) === null) return null;
  const join = JOINS[op.name];
  const count = groups.reduce((product, { extent, isReduced }) => (isReduced ? product * extent : product), 1);
  if (count === 0) return fillIdentityOf(op, lowering, lane);
  const scale = op.name === 'ms.reduce_mean' ? 1 / count : 1;
  runSteps(op, lowering, groups, { join, lane, from: dtype, to: dtype, scale });
  return null;
};

/** The result of nothing: what changes nothing; there is no mean of nothing. */
function fillIdentityOf(op: Operation, lowering: Lowering, lane: Lane): null {
  const { dtype } = tensorOf(op.results[0]);
  const identity = storedIdentity(JOINS[op.name], dtype, lane);
  const element = elementBytes(dtype, op.name === 'ms.reduce_mean' ? NaN : identity);
  launchFill(lowering, lowering.buffer(op.results[0]), physicalBytes(tensorOf(op.results[0])), element);
  return null;
}

interface AxisGroup {
  readonly extent: number;
  readonly isReduced: boolean;
}

/** Axes of extent 1 count for nothing; neighbours of one kind are joined. */
function axisGroups(shape: readonly number[], axes: readonly number[]): readonly AxisGroup[] {
  const groups: AxisGroup[] = [];
  shape.forEach((extent, axis) => {
    if (extent === 1) return;
    const isReduced = axes.includes(axis);
    const last = groups.at(-1);
    if (last?.isReduced === isReduced) groups[groups.length - 1] = { isReduced, extent: extent * last.extent };
    else groups.push({ extent, isReduced });
  });
  return groups;
}

type StepKind = Pick<ReduceStep, 'join' | 'lane' | 'from' | 'to' | 'scale'>;

function runSteps(op: Operation, lowering: Lowering, groups: readonly AxisGroup[], kind: StepKind): void {
  const between: DType = kind.lane === 'f32' ? 'f32' : 'i32';
  let current = groups;
  let source = lowering.buffer(op.operands[0]);
  let { from } = kind;
  while (current.some(({ isReduced }) => isReduced)) {
    const at = current.findLastIndex(({ isReduced }) => isReduced);
    const [outer, { extent }, inner] = [elements(current.slice(0, at)), current[at], elements(current.slice(at + 1))];
    const parts = partsOf(outer, extent, inner, lowering.chip.vectorCores);
    current = parts === 1 ? current.toSpliced(at, 1) : current.with(at, { extent: parts, isReduced: true });
    const isLast = !current.some(({ isReduced }) => isReduced);
    const target = isLast ? lowering.buffer(op.results[0]) : lowering.workspace(outer * parts * inner * 4);
    const finish = isLast ? { to: kind.to, scale: kind.scale } : { to: between, scale: 1 };
    launchStep(op.name, lowering, { ...kind, ...finish, outer, extent, inner, parts, from }, source, target);
    [source, from] = [target, between];
  }
}

const elements = (groups: readonly AxisGroup[]): number => groups.reduce((product, { extent }) => product * extent, 1);

/** Elements that a core should at least join before a second step pays. */
const LEAST_WORK = 32 * 1024;

/** Parts that the extent is cut into, so that the cores have enough to do. */
function partsOf(outer: number, extent: number, inner: number, cores: number): number {
  const pieces = outer * Math.ceil(inner / 1024);
  const most = Math.floor((extent * Math.min(inner, 1024)) / LEAST_WORK);
  return Math.max(1, Math.min(Math.ceil(cores / pieces), most, Math.floor(extent / 2)));
}

/** Adds up parts [parts, elements] of f32, one after another, and rounds once to `to`. */
export function sumParts(
  lowering: Lowering,
  source: Value,
  target: Value,
  shape: { readonly parts: number; readonly elements: number },
  to: DType,
): void {
  const join = JOINS['ms.reduce_sum'];
  const extents = { outer: 1, extent: shape.parts, inner: shape.elements, parts: 1 };
  launchStep('ms.reduce_sum', lowering, { ...extents, join, lane: 'f32', from: 'f32', to, scale: 1 }, source, target);
}

function launchStep(name: string, lowering: Lowering, step: ReduceStep, source: Value, target: Value): void {
  const { outer, extent, inner, parts, from, to, scale } = step;
  const [write, pieces] =
    inner === 1 ? ([writeLines, linePieces(step)] as const) : ([writeColumns, columnPieces(step)] as const);
  lowering.launch(
    {
      key: `reduce ${name} ${outer} ${extent} ${inner} ${parts} ${from} ${to} ${scale}`,
      name: `${name.slice('ms.'.length)}_${from}`,
      core: 'vector',
      blocks: Math.min(lowering.chip.vectorCores, pieces),
      write: (k) => write(k, step),
    },
    [source, target],
  );
}

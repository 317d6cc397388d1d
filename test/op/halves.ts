/** Index notation as a claim about values: an op on the halves of an index, joined, is the op on the whole. */
import type { Axes, Operation, OpView, Reducer, Type } from '../../compiler/ir/index.ts';
import { isAbsent, tensorType, viewOf } from '../../compiler/ir/index.ts';
import type { Evaluate, TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { evaluateOps, fromNumbers, numbersOf, typeOf } from '../../compiler/ir/evaluate/index.ts';
import { isTensorOp, tensor, tensorOps } from '../../compiler/ir/ops/index.ts';
import { mismatch } from './opcase.ts';

/** Where one index stands: positions (value, dimension) in operands and results. */
interface Places {
  readonly operands: readonly (readonly [value: number, axis: number])[];
  readonly results: readonly (readonly [value: number, axis: number])[];
}

const factorsOf = (dimension: string): readonly string[] => dimension.split('*');

function placesOf(index: string, axes: Axes): Places | null {
  const find = (lists: readonly (readonly string[])[]) =>
    lists.flatMap((dimensions, value) =>
      dimensions.flatMap((dimension, axis) => (factorsOf(dimension).includes(index) ? [[value, axis] as const] : [])),
    );
  const major = [...axes.operands, ...axes.results]
    .flat()
    .every((dimension) => !factorsOf(dimension).slice(1).includes(index));
  return major ? { operands: find(axes.operands), results: find(axes.results) } : null;
}

/** The part of every dimension of an index that the first half takes: an exact fraction, or null when it is odd. */
function halfOf(index: string, axes: Axes, op: Operation): number | null {
  const values = [...op.operands, ...op.results].map((value) => tensor(value.type).shape);
  const lists = [...axes.operands, ...axes.results];
  const alone = lists.flatMap((dimensions, value) =>
    dimensions.flatMap((dimension, axis) => (dimension === index ? [Number(values[value][axis])] : [])),
  );
  const [extent] = alone;
  return extent !== undefined && extent >= 2 && extent % 2 === 0 ? 0.5 : null;
}

const cell = (name: string): Evaluate | null => {
  const found = isTensorOp(name) ? evaluateOps[name] : null;
  return found === null || isAbsent(found) ? null : found;
};

function cut(value: TensorValue, axis: number, begin: number, end: number): TensorValue {
  const integers = (numbers: readonly number[]) => ({ kind: 'integers', values: numbers }) as const;
  const attributes = new Map([
    ['axes', integers([axis])],
    ['begins', integers([begin])],
    ['ends', integers([end])],
    ['strides', integers([1])],
  ]);
  return cell('ms.slice')?.([value], { operandTypes: [], attributes, resultTypes: [] })[0] ?? value;
}

function halve(value: TensorValue, axes: readonly number[], half: 0 | 1): TensorValue {
  return axes.reduce((part, axis) => {
    const middle = part.shape[axis] / 2;
    return cut(part, axis, half * middle, (half + 1) * middle);
  }, value);
}

function halveType(type: Type, axes: readonly number[]): Type {
  const { shape, dtype } = tensor(type);
  return tensorType(
    shape.map((extent, axis) => (axes.includes(axis) ? Number(extent) / 2 : extent)),
    dtype,
  );
}

const axesIn = (places: readonly (readonly [number, number])[], value: number): readonly number[] =>
  places.filter(([at]) => at === value).map(([, axis]) => axis);

const NO_VIEW: OpView = { operandTypes: [], attributes: new Map(), resultTypes: [] };
const JOINS: Readonly<Record<Reducer, string>> = {
  sum: 'ms.add',
  mean: 'ms.add',
  product: 'ms.mul',
  maximum: 'ms.maximum',
  minimum: 'ms.minimum',
  and: 'ms.logical_and',
  or: 'ms.logical_or',
};

function join(
  parts: readonly [TensorValue, TensorValue],
  axes: readonly number[],
  reducer: Reducer | null,
): TensorValue | string {
  if (axes.length === 1) {
    const attributes = new Map([
      ['axis', { kind: 'integer', value: axes[0], type: { kind: 'scalar', dtype: 'i64', key: 'i64' } } as const],
    ]);
    return cell('ms.concat')?.(parts, { ...NO_VIEW, attributes })[0] ?? 'no concat';
  }
  if (reducer === null) return 'an index stands in no result and is not reduced';
  const sum = cell(JOINS[reducer])?.(parts, NO_VIEW)[0];
  if (!sum || reducer !== 'mean') return sum ?? 'no reducer';
  return fromNumbers(
    sum.shape,
    sum.dtype,
    Array.from(numbersOf(sum), (total) => total / 2),
  );
}

/** What an index of an op claims and does not hold; null when there is nothing to check. */
export function checkIndex(
  op: Operation,
  index: string,
  axes: Axes,
  operands: readonly TensorValue[],
  within: number,
): readonly string[] | null {
  const places = placesOf(index, axes);
  const evaluate = cell(op.name);
  if (places === null || evaluate === null || halfOf(index, axes, op) === null) return null;
  const whole = evaluate(operands, viewOf(op));
  const halves = ([0, 1] as const).map((half) => {
    const parts = operands.map((operand, value) => halve(operand, axesIn(places.operands, value), half));
    const resultTypes = op.results.map((result, value) => halveType(result.type, axesIn(places.results, value)));
    return {
      parts,
      resultTypes,
      results: evaluate(parts, { operandTypes: parts.map(typeOf), attributes: op.attributes, resultTypes }),
    };
  });
  const wrongTypes = halves.flatMap(({ parts, resultTypes }) => inferProblem(op, parts.map(typeOf), resultTypes));
  const reducer = axes.summed.includes(index) ? (axes.reducer ?? 'sum') : null;
  const wrongValues = whole.flatMap((expected, value) => {
    const joined = join([halves[0].results[value], halves[1].results[value]], axesIn(places.results, value), reducer);
    const problem = typeof joined === 'string' ? joined : mismatch(joined, expected, within);
    return problem === null ? [] : [`${op.name} ${index}: ${problem}`];
  });
  return [...wrongTypes, ...wrongValues];
}

/** Whether the result types of an op follow from operand types. */
export function inferProblem(
  op: Operation,
  operandTypes: readonly Type[],
  expected: readonly Type[],
): readonly string[] {
  const infer = isTensorOp(op.name) ? tensorOps[op.name].infer : null;
  if (infer === null || isAbsent(infer)) return [];
  const types = infer(operandTypes, op.attributes);
  if (!types.ok) return [`${op.name}: ${types.error}`];
  const [found, wanted] = [types.value, expected].map((list) => list.map((type) => type.key).join(', '));
  return found === wanted ? [] : [`${op.name}: inferred ${found}, computed ${wanted}`];
}

/** Constant folding of tensor ops by the oracle, bounded by element count. */
import type { Attribute, ElementArray, Operation } from '../../../ir/index.ts';
import { denseAttribute, elementCount, isAbsent, staticShape, viewOf } from '../../../ir/index.ts';
import type { TensorValue } from '../../../ir/evaluate/index.ts';
import { evaluateOps, scalarOf } from '../../../ir/evaluate/index.ts';
import { isTensorOp, tensor, tensorOps } from '../../../ir/ops/index.ts';
import type { ConstantFolding } from '../../rewrite/index.ts';

/** Greatest element count of an operand or result that is computed while compiling. */
const MAX_ELEMENTS = 4096;

/** Folds `ms.*` on constants, and elements taken from constants. */
export const tensorFolding: ConstantFolding = {
  fold: (op, operands) => {
    if (op.name === 'tensor.extract') return foldExtract(operands);
    if (!isTensorOp(op.name) || tensorOps[op.name].traits.includes('effect')) return null;
    return foldSplats(op, operands) ?? foldSmall(op, operands);
  },
  materialize: (_, value, type) =>
    value.kind === 'dense' && value.type.key === type.key
      ? { name: 'ms.constant', attributes: new Map([['value', value]]) }
      : null,
  reason: (op, operands) => {
    if (!isTensorOp(op.name) || tensorOps[op.name].traits.includes('effect')) return null;
    const types = [
      ...operands.flatMap((operand) => (operand.kind === 'dense' ? [operand.type] : [])),
      ...op.results.map(({ type }) => tensor(type)),
    ];
    const counts = types.map((type) => elementCount(staticShape(type) ?? [Infinity]));
    const largest = Math.max(...counts);
    return largest > MAX_ELEMENTS
      ? `${largest} elements are more than the ${MAX_ELEMENTS} that are computed while compiling`
      : null;
  },
};

/** An elementwise op on splats is a splat, whatever the size. */
function foldSplats(op: Operation, operands: readonly Attribute[]): readonly Attribute[] | null {
  if (!isTensorOp(op.name) || !tensorOps[op.name].traits.includes('elementwise') || operands.length === 0) return null;
  const elements: TensorValue[] = [];
  for (const operand of operands) {
    if (operand.kind !== 'dense' || operand.data.length !== 1) return null;
    elements.push({ shape: [], dtype: operand.type.dtype, data: operand.data });
  }
  return evaluate(
    op,
    elements,
    op.results.map((result) => ({ ...tensor(result.type), shape: [] })),
  );
}

function foldSmall(op: Operation, operands: readonly Attribute[]): readonly Attribute[] | null {
  const values: TensorValue[] = [];
  for (const operand of operands) {
    const value = operand.kind === 'dense' ? smallValue(operand) : null;
    if (value === null) return null;
    values.push(value);
  }
  const small = op.results.every(
    (result) => elementCount(staticShape(tensor(result.type)) ?? [Infinity]) <= MAX_ELEMENTS,
  );
  return small
    ? evaluate(
        op,
        values,
        op.results.map((result) => result.type),
      )
    : null;
}

/** All elements of a small constant. */
function smallValue(constant: Extract<Attribute, { kind: 'dense' }>): TensorValue | null {
  const shape = staticShape(constant.type);
  if (shape === null || elementCount(shape) > MAX_ELEMENTS) return null;
  const { dtype } = constant.type;
  const cell = evaluateOps['ms.constant'];
  if (constant.data.length === elementCount(shape) || isAbsent(cell)) return { shape, dtype, data: constant.data };
  return cell([], { operandTypes: [], attributes: new Map([['value', constant]]), resultTypes: [] })[0];
}

function evaluate(
  op: Operation,
  operands: readonly TensorValue[],
  resultTypes: Operation['results'][number]['type'][],
): readonly Attribute[] | null {
  if (!isTensorOp(op.name)) return null;
  const cell = evaluateOps[op.name];
  if (isAbsent(cell)) return null;
  const results = cell(operands, { ...viewOf(op), resultTypes });
  return results.map((result, index) => denseAttribute(tensor(op.results[index].type), splatted(result.data)));
}

/** One element where all are the same. */
function splatted(data: ElementArray): ElementArray {
  for (let index = 1; index < data.length; index++) if (!Object.is(data[index], data[0])) return data;
  return data.length > 1 ? data.slice(0, 1) : data;
}

/** An element at constant indices. */
function foldExtract([source, ...indices]: readonly Attribute[]): readonly Attribute[] | null {
  if (source?.kind !== 'dense') return null;
  const shape = staticShape(source.type);
  let offset = 0;
  for (const [axis, index] of indices.entries()) {
    const at = index.kind === 'integer' ? Number(index.value) : -1;
    if (shape === null || at < 0 || at >= shape[axis]) return null;
    offset = offset * shape[axis] + at;
  }
  return [scalarOf({ shape: [], dtype: source.type.dtype, data: source.data }, source.data.length === 1 ? 0 : offset)];
}

/** A forward graph as the planner reads it: operations by number, who makes and who uses a value, what is a parameter or constant. */
import type { Attribute, DType, Module, Operation, Value } from '../../../ir/index.ts';
import { elementsOf, shapeOf } from '../../analysis/index.ts';

export { elementsOf, shapeOf };

export interface Parameter {
  readonly name: string;
  readonly elements: number;
  readonly shape: readonly number[];
}

export interface GraphView {
  /**
   * What is computed for each sample, in order: no constants, nothing made of parameters alone. Of control flow on values both branches and
   * one round of a loop are counted.
   */
  readonly operations: readonly Operation[];
  /** The operations that make constants. */
  readonly constantOperations: ReadonlyMap<Value, Operation>;
  /** Number of the operation that makes a value; absent for arguments. */
  readonly madeBy: ReadonlyMap<Value, number>;
  /** Numbers of the operations that use a value, ascending. */
  readonly usedBy: ReadonlyMap<Value, readonly number[]>;
  /** Parameters, and values made of parameters and constants alone (under the largest of them). */
  readonly parameters: ReadonlyMap<Value, Parameter>;
  /** Values made of constants alone: they cost nothing per sample. */
  readonly constants: ReadonlySet<Value>;
  readonly outputs: ReadonlySet<Value>;
  /** Samples of the traced batch: the first extent of the first input. */
  readonly batch: number;
  /** The second extent of the first input, null for inputs of lower rank. */
  readonly length: number | null;
}

/** Reads `@main` of a @graph module whose calls are inlined; null when there is none. */
export function graphViewOf(module: Module): GraphView | null {
  const main = module.body.operations.find(
    (op) => op.name === 'func.func' && textOf(op.attribute('sym_name')) === 'main',
  );
  const block = main?.regions[0];
  if (main === undefined || block === undefined || block.operations.length === 0) return null;
  const attributes = main.attribute('arg_attrs');
  const entries = attributes?.kind === 'array' ? attributes.elements : [];
  const parameters = new Map<Value, Parameter>();
  let [batch, length]: [number, number | null] = [0, null];
  for (const [index, argument] of block.arguments.entries()) {
    const entry = entries[index];
    const name = entry?.kind === 'dictionary' ? textOf(entry.entries.get('ms.param')) : null;
    if (name !== null) parameters.set(argument, { name, elements: elementsOf(argument), shape: shapeOf(argument) });
    else if (batch === 0) [batch, length] = [shapeOf(argument)[0] ?? 1, shapeOf(argument)[1] ?? null];
  }
  const constantOperations = new Map<Value, Operation>();
  const operations: Operation[] = [];
  const madeBy = new Map<Value, number>();
  const usedBy = new Map<Value, number[]>();
  const last = block.operations.at(-1);
  const visit = (op: Operation): void => {
    if (op.regions.length === 0 && op.operands.every((operand) => constantOperations.has(operand))) {
      for (const result of op.results) constantOperations.set(result, op);
      return;
    }
    const derived = op.regions.length > 0 ? null : derivedFrom(op, parameters, constantOperations);
    if (derived !== null) {
      for (const result of op.results) parameters.set(result, derived);
      return;
    }
    for (const region of op.regions) for (const inner of region.operations) visit(inner);
    for (const operand of new Set(op.operands)) listIn(usedBy, operand).push(operations.length);
    for (const result of op.results) madeBy.set(result, operations.length);
    operations.push(op);
  };
  for (const op of block.operations) if (op !== last) visit(op);
  const outputs = new Set(last?.operands ?? []);
  const constants = new Set(constantOperations.keys());
  const known = { operations, constantOperations, madeBy, usedBy, parameters, constants, outputs };
  return { ...known, batch: Math.max(1, batch), length };
}

/** The largest parameter of an op that reads parameters and constants alone; null for other ops. */
function derivedFrom(
  op: Operation,
  parameters: ReadonlyMap<Value, Parameter>,
  constants: ReadonlyMap<Value, Operation>,
): Parameter | null {
  let largest: Parameter | null = null;
  for (const operand of op.operands) {
    const parameter = parameters.get(operand);
    if (parameter === undefined && !constants.has(operand)) return null;
    if (parameter !== undefined && parameter.elements > (largest?.elements ?? -1)) largest = parameter;
  }
  return largest;
}

function listIn(map: Map<Value, number[]>, value: Value): number[] {
  const known = map.get(value);
  if (known !== undefined) return known;
  const list: number[] = [];
  map.set(value, list);
  return list;
}

const textOf = (attribute: Attribute | undefined): string | null =>
  attribute?.kind === 'string' ? attribute.value : null;

const integerBytes: Readonly<Partial<Record<DType, number>>> = {
  i1: 1,
  i8: 1,
  ui8: 1,
  i16: 2,
  ui16: 2,
  i64: 8,
  ui64: 8,
};
const floats: ReadonlySet<DType> = new Set<DType>(['f16', 'bf16', 'f32', 'f64']);

export const isFloat = (value: Value): boolean => value.type.kind === 'tensor' && floats.has(value.type.dtype);

/** Bytes of a value when floats are held in the compute type. */
export function bytesOf(value: Value, elementBytes: number): number {
  if (value.type.kind !== 'tensor') return 0;
  return elementsOf(value) * (isFloat(value) ? elementBytes : (integerBytes[value.type.dtype] ?? 4));
}

/** Values that cost memory and traffic per sample. */
export const isActivation = (view: GraphView, value: Value): boolean =>
  !view.parameters.has(value) && !view.constants.has(value);

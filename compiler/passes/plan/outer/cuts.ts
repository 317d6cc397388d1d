/**
 * How tensor parallelism divides one block: a walk over its operations that knows for each value which dimension is cut. A product of a
 * whole activation with a weight cuts the weight's columns; a product over a cut dimension cuts the weight's rows and its result is
 * a sum over the group (an exchange). Everything else follows the index notation of the op; where that says nothing, the
 * value is gathered first (an exchange as well). This is the plan of Megatron for transformers, and some plan for any graph.
 */
import type { Axes, Operation, RuleTable, Value } from '../../../ir/index.ts';
import { isAbsent, viewOf } from '../../../ir/index.ts';
import type { MatrixCut } from '../model/index.ts';
import type { GraphView } from './graph-view.ts';
import { elementsOf, isActivation, shapeOf } from './graph-view.ts';
import { productOf, weightOperand } from '../../analysis/index.ts';

/** How the walk divides the product of an operation. */
export type ProductCut = MatrixCut;

export interface Cuts {
  /** The cut dimension of each activation made in the block; whole values are absent. */
  readonly dimensions: ReadonlyMap<Value, number>;
  readonly products: ReadonlyMap<number, ProductCut>;
  /** The dimension of each divided parameter that is cut. */
  readonly dividedParameters: ReadonlyMap<Value, number>;
  /** Values that the group sums, sums in parts, gathers, or exchanges between two cuts. */
  readonly exchanges: readonly Exchange[];
  /** Extents that the size of the group must divide, with the op that says so. */
  readonly extents: readonly { readonly extent: number; readonly operation: number }[];
}

/** What an exchange costs against an all-reduce of the value, in a group of `tensor`. */
export const exchangeShare = (kind: Exchange['kind'], tensor: number): number =>
  kind === 'sum' ? 1 : kind === 'exchange' ? 0.5 / tensor : 0.5;

export interface Exchange {
  readonly value: Value;
  readonly operation: number;
  readonly kind: 'sum' | 'scatter' | 'gather' | 'exchange';
}

/** Walks the operations [begin, end) of a block whose inputs are whole. */
export function cutsOf(view: GraphView, ops: RuleTable, begin: number, end: number): Cuts {
  const walk = new Walk(view, ops);
  for (let index = begin; index < end; index += 1) walk.visit(index);
  walk.finish(end);
  return walk;
}

class Walk implements Cuts {
  readonly dimensions = new Map<Value, number>();
  readonly products = new Map<number, ProductCut>();
  readonly dividedParameters = new Map<Value, number>();
  readonly exchanges: Exchange[] = [];
  readonly extents: { readonly extent: number; readonly operation: number }[] = [];
  private readonly view: GraphView;
  private readonly ops: RuleTable;

  constructor(view: GraphView, ops: RuleTable) {
    this.view = view;
    this.ops = ops;
  }

  visit(index: number): void {
    const op = this.view.operations[index];
    const axes = this.axesOf(op);
    const isProduct = productOf(op) !== null;
    const name = axes === null ? null : this.cutIndex(op, axes, index);
    if (axes === null) {
      for (const operand of op.operands) this.gather(operand, index);
      return;
    }
    if (name === null) {
      const weight = weightOperand(op, (value) => this.view.parameters.has(value));
      if (weight >= 0) this.cutColumns(op, axes, weight, index);
      else if (op.name === 'ms.gather' && this.view.parameters.has(op.operands[0])) this.cutTable(op, index);
      else if (isProduct) this.products.set(index, 'none');
      return;
    }
    this.follow(op, axes, name, index, isProduct);
  }

  /** What leaves the block is whole, unless nothing comes after: the loss takes logits as they are. */
  finish(end: number): void {
    for (const [value] of this.dimensions) {
      const users = this.view.usedBy.get(value) ?? [];
      if ((users.at(-1) ?? -1) >= end) this.gather(value, end - 1);
    }
  }

  private axesOf(op: Operation): Axes | null {
    const definition = this.ops.get(op.name);
    if (definition === undefined || isAbsent(definition.axes)) return null;
    return definition.axes(viewOf(op));
  }

  /** The index that the operands agree to cut; operands that cannot follow are gathered. */
  private cutIndex(op: Operation, axes: Axes, index: number): string | null {
    let agreed: string | null = null;
    for (const [at, operand] of op.operands.entries()) {
      const dimension = this.dimensions.get(operand);
      if (dimension === undefined) continue;
      const name = this.factorOf(op, axes, axes.operands[at]?.[dimension]);
      const possible =
        name !== null &&
        (!axes.indivisible.includes(name) || isSummedByProduct(op, axes, name)) &&
        (agreed === null || agreed === name);
      if (possible) agreed = name;
      else this.gather(operand, index);
    }
    return agreed;
  }

  /**
   * The factor of a dimension that the cut lies in: the first, or the first of even extent, since columns of a weight can be
   * stored in any order (query, key and value in one product are cut by heads).
   */
  private factorOf(op: Operation, axes: Axes, text: string | undefined): string | null {
    const names = factors(text);
    if (names.length < 2) return names[0] ?? null;
    const [result] = op.results;
    const extentOf = (name: string): number => {
      const dimension = axes.results[0]?.indexOf(name) ?? -1;
      return dimension < 0 ? 1 : (shapeOf(result)[dimension] ?? 1);
    };
    return names.find((name) => extentOf(name) % 2 === 0) ?? names[0];
  }

  private follow(op: Operation, axes: Axes, name: string, index: number, isProduct: boolean): void {
    for (const [at, operand] of op.operands.entries()) this.divideParameter(operand, axes.operands[at], name);
    const summed = axes.summed.includes(name) || isSummedByProduct(op, axes, name);
    if (isProduct) this.products.set(index, summed ? 'inner' : 'copies');
    for (const [at, result] of op.results.entries()) {
      const dimension = axes.results[at]?.findIndex((each) => factors(each).includes(name)) ?? -1;
      if (dimension >= 0) this.cut(result, dimension, index);
      else this.exchanges.push({ value: result, operation: index, kind: summed ? 'sum' : 'gather' });
    }
    if (isProduct && !summed && weightOperand(op, (value) => this.view.parameters.has(value)) >= 0)
      this.products.set(index, 'none');
  }

  /** A weight whose columns are cut cuts the result. */
  private cutColumns(op: Operation, axes: Axes, weight: number, index: number): void {
    const activations = op.operands.flatMap((operand, at) =>
      this.view.parameters.has(operand) ? [] : (axes.operands[at] ?? []),
    );
    const name = axes.operands[weight]?.find(
      (each) =>
        each !== '_' &&
        !activations.includes(each) &&
        !axes.indivisible.includes(each) &&
        axes.results[0]?.includes(each),
    );
    const dimension = name === undefined ? -1 : (axes.results[0]?.indexOf(name) ?? -1);
    if (name === undefined || dimension < 0) {
      this.products.set(index, 'none');
      return;
    }
    this.products.set(index, 'columns');
    for (const [at, operand] of op.operands.entries()) this.divideParameter(operand, axes.operands[at], name);
    this.cut(op.results[0], dimension, index);
  }

  /** A table of embeddings is cut by rows; each device looks up its own, and the results are summed. */
  private cutTable(op: Operation, index: number): void {
    this.dividedParameters.set(op.operands[0], 0);
    this.exchanges.push({ value: op.results[0], operation: index, kind: 'sum' });
  }

  private divideParameter(operand: Value, dimensions: readonly string[] | undefined, name: string): void {
    const dimension = dimensions?.findIndex((each) => factors(each).includes(name)) ?? -1;
    if (dimension >= 0 && this.view.parameters.has(operand)) this.dividedParameters.set(operand, dimension);
  }

  private cut(value: Value, dimension: number, operation: number): void {
    this.dimensions.set(value, dimension);
    this.extents.push({ extent: shapeOf(value)[dimension] ?? 1, operation });
  }

  private gather(value: Value, operation: number): void {
    if (!this.dimensions.delete(value) || !isActivation(this.view, value)) return;
    if (elementsOf(value) > 1) this.exchanges.push({ value, operation, kind: 'gather' });
  }
}

/** The indices that a dimension joins, major first. */
const factors = (text: string | undefined): readonly string[] =>
  text === undefined || text === '_' ? [] : text.split('*');

/** The summed index of a product whose bias is added after the sum over the group. */
const isSummedByProduct = (op: Operation, axes: Axes, name: string): boolean =>
  productOf(op) !== null && axes.operands.length > 2 && !axes.results.some((dimensions) => dimensions.includes(name));

/** What a cell of the ONNX column is: how one tensor op becomes ONNX nodes. */
import type { Absent, OpView } from '../../../compiler/ir/index.ts';
import { tensor, type TensorOpName } from '../../../compiler/ir/ops/index.ts';
import { fault } from '../fault.ts';
import type { OnnxArgument, OnnxGraphBuilder } from './builder.ts';

/** Adds the nodes of one op; takes the names of its operands and gives those of its results. */
export type OnnxRule = (graph: OnnxGraphBuilder, inputs: readonly string[], op: OpView) => readonly string[];

/** `decompose` leans on the op's meaning in terms of other rows. */
export type OnnxCell = OnnxRule | 'decompose' | Absent;

/** Some rows of the column; the table that joins the families is total. */
export type OnnxFamily = Readonly<Partial<Record<TensorOpName, OnnxCell>>>;

/** A rule of one node with the operands as they are. */
export function node(opType: string, attributes: Readonly<Record<string, OnnxArgument>> = {}): OnnxRule {
  return (graph, inputs) => [graph.node(opType, inputs, attributes)];
}

/** The type of operand `index`. */
export function operandType(op: OpView, index: number): ReturnType<typeof tensor> {
  return tensor(op.operandTypes[index]);
}

/** The type of the first result. */
export function resultType(op: OpView): ReturnType<typeof tensor> {
  return tensor(op.resultTypes[0]);
}

/** The extents of a shape that ONNX must have as numbers; ends the rule when one is symbolic. */
export function numbers(shape: readonly (number | string)[], what: string): readonly number[] {
  return shape.map((extent) => {
    return typeof extent === 'number'
      ? extent
      : fault('unsupported', `${what} needs known extents, '${extent}' is symbolic`, null);
  });
}

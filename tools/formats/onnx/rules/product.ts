/** Products, convolutions and poolings as ONNX nodes. */
import { boolOf, integerOf, integersOf, isFloat, type OpView } from '../../../../compiler/ir/index.ts';
import type { OnnxArgument, OnnxGraphBuilder } from '../builder.ts';
import { operandType, type OnnxFamily, type OnnxRule } from '../rule.ts';

/** x with its last two dimensions exchanged. */
function transposed(graph: OnnxGraphBuilder, x: string, rank: number): string {
  const perm = Array.from({ length: rank }, (_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
  return graph.node('Transpose', [x], { perm });
}

/** MatMul with the transpositions made explicit; runtimes fuse them. */
const product: OnnxRule = (graph, [lhs, rhs], op) => {
  const side = (x: string, index: number, flag: string): string =>
    boolOf(op.attributes, flag) ? transposed(graph, x, operandType(op, index).shape.length) : x;
  return [graph.node('MatMul', [side(lhs, 0, 'transpose_a'), side(rhs, 1, 'transpose_b')])];
};

/** Gemm knows transposition, but only matrices of floats. */
const matrixProduct: OnnxRule = (graph, inputs, op) => {
  if (!isFloat(operandType(op, 0).dtype)) return product(graph, inputs, op);
  const [transA, transB] = ['transpose_a', 'transpose_b'].map((name) => Number(boolOf(op.attributes, name)));
  return [graph.node('Gemm', inputs, { transA, transB })];
};

const dense: OnnxRule = (graph, inputs, op) => {
  const { shape, dtype } = operandType(op, 0);
  if (shape.length === 2 && isFloat(dtype)) return [graph.node('Gemm', inputs, { transB: 1 })];
  const [x, weight, bias] = inputs;
  const result = graph.node('MatMul', [x, transposed(graph, weight, 2)]);
  return [bias === undefined ? result : graph.node('Add', [result, bias])];
};

/** ONNX orders pads [top, left, bottom, right]. */
function windowAttributes(op: OpView): Readonly<Record<string, OnnxArgument>> {
  const [top, bottom, left, right] = integersOf(op.attributes, 'pads');
  return {
    strides: integersOf(op.attributes, 'strides'),
    dilations: integersOf(op.attributes, 'dilations'),
    pads: [top, left, bottom, right],
  };
}

const poolAttributes = (op: OpView): Readonly<Record<string, OnnxArgument>> => ({
  ...windowAttributes(op),
  kernel_shape: integersOf(op.attributes, 'kernel'),
  ceil_mode: Number(boolOf(op.attributes, 'ceil_mode')),
});

export const matmulRules = {
  'ms.matmul': matrixProduct,
  'ms.batch_matmul': product,
  'ms.dense': dense,
  'ms.attention': 'decompose',
} satisfies OnnxFamily;

export const windowRules = {
  'ms.conv2d': (graph, inputs, op) => [
    graph.node('Conv', inputs, { ...windowAttributes(op), group: integerOf(op.attributes, 'group') }),
  ],
  'ms.conv2d_transpose': (graph, inputs, op) => [
    graph.node('ConvTranspose', inputs, {
      ...windowAttributes(op),
      group: integerOf(op.attributes, 'group'),
      output_padding: integersOf(op.attributes, 'output_pads'),
    }),
  ],
  'ms.max_pool2d': (graph, inputs, op) => [graph.node('MaxPool', inputs, poolAttributes(op))],
  'ms.avg_pool2d': (graph, inputs, op) => [
    graph.node('AveragePool', inputs, {
      ...poolAttributes(op),
      count_include_pad: Number(boolOf(op.attributes, 'count_include_pad')),
    }),
  ],
  'ms.conv2d_weight_gradient': 'decompose',
  'ms.max_pool2d_gradient': 'decompose',
  'ms.adaptive_avg_pool2d': 'decompose',
  'ms.resize_nearest': 'decompose',
  'ms.resize_bilinear': 'decompose',
  'ms.resize_bicubic': 'decompose',
} satisfies OnnxFamily;

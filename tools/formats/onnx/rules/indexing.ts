/** Gathers, scatters and orders as ONNX nodes. An index outside of x, which msc reads as 0, is an error in most runtimes. */
import { boolOf, integerOf, stringOf } from '../../../../compiler/ir/index.ts';
import type { OnnxGraphBuilder } from '../builder.ts';
import { onnxDataType } from '../model.ts';
import { numbers, operandType, type OnnxFamily, type OnnxRule } from '../rule.ts';

const cast = (graph: OnnxGraphBuilder, x: string, dtype: 'i32' | 'i64'): string =>
  graph.node('Cast', [x], { to: onnxDataType(dtype) });

const alongAxis =
  (opType: string): OnnxRule =>
  (graph, inputs, op) => [graph.node(opType, inputs, { axis: integerOf(op.attributes, 'axis') })];

/** TopK gives values and i64 positions. */
function best(graph: OnnxGraphBuilder, x: string, count: number, axis: number, largest: boolean): readonly string[] {
  const attributes = { axis, largest: Number(largest), sorted: 1 };
  const [values, indices] = graph.nodes('TopK', [x, graph.integers([count])], ['TopK', 'TopK_indices'], attributes);
  return [values, cast(graph, indices, 'i32')];
}

export const indexingRules = {
  'ms.gather': alongAxis('Gather'),
  'ms.gather_elements': alongAxis('GatherElements'),
  'ms.gather_nd': (graph, [x, indices]) => [graph.node('GatherND', [x, cast(graph, indices, 'i64')])],
  'ms.scatter_nd': (graph, [x, indices, updates], op) => [
    graph.node('ScatterND', [x, cast(graph, indices, 'i64'), updates], {
      reduction: stringOf(op.attributes, 'reduction'),
    }),
  ],
  'ms.scatter_elements': (graph, inputs, op) => [
    graph.node('ScatterElements', inputs, {
      axis: integerOf(op.attributes, 'axis'),
      reduction: stringOf(op.attributes, 'reduction'),
    }),
  ],
  'ms.one_hot': 'decompose',
  'ms.triangle': 'decompose',
} satisfies OnnxFamily;

export const sortRules = {
  'ms.sort': (graph, [x], op) => {
    const axis = integerOf(op.attributes, 'axis');
    const [extent] = numbers([operandType(op, 0).shape[axis]], 'sorting');
    return best(graph, x, extent, axis, boolOf(op.attributes, 'descending'));
  },
  'ms.top_k': (graph, [x], op) => best(graph, x, integerOf(op.attributes, 'k'), -1, boolOf(op.attributes, 'largest')),
} satisfies OnnxFamily;

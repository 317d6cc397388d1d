/** Reductions, scans and normalizations as ONNX nodes. */
import { absent, boolOf, floatOf, integerOf, integersOf } from '../../../../compiler/ir/index.ts';
import { float } from '../builder.ts';
import { onnxDataType } from '../model.ts';
import type { OnnxFamily, OnnxRule } from '../rule.ts';

/** No axes means no reduction here, every axis in ONNX unless told otherwise. */
const reduce =
  (opType: string): OnnxRule =>
  (graph, [x], op) => {
    const axes = graph.integers(integersOf(op.attributes, 'axes'));
    return [
      graph.node(opType, [x, axes], { keepdims: Number(boolOf(op.attributes, 'keep_dims')), noop_with_empty_axes: 1 }),
    ];
  };

/** Runtimes reduce numbers, so booleans travel as i32. */
const reduceBools =
  (opType: string): OnnxRule =>
  (graph, [x], op) => {
    const [result] = reduce(opType)(graph, [graph.node('Cast', [x], { to: onnxDataType('i32') })], op);
    return [graph.node('Cast', [result], { to: onnxDataType('i1') })];
  };

/** ONNX counts positions in i64. */
const position =
  (opType: string): OnnxRule =>
  (graph, inputs, op) => {
    const keepdims = Number(boolOf(op.attributes, 'keep_dims'));
    const index = graph.node(opType, inputs, { axis: integerOf(op.attributes, 'axis'), keepdims });
    return [graph.node('Cast', [index], { to: onnxDataType('i32') })];
  };

const alongAxis =
  (opType: string): OnnxRule =>
  (graph, inputs, op) => [graph.node(opType, inputs, { axis: integerOf(op.attributes, 'axis') })];

export const reduceRules = {
  'ms.reduce_sum': reduce('ReduceSum'),
  'ms.reduce_mean': reduce('ReduceMean'),
  'ms.reduce_prod': reduce('ReduceProd'),
  'ms.reduce_max': reduce('ReduceMax'),
  'ms.reduce_min': reduce('ReduceMin'),
  'ms.reduce_all': reduceBools('ReduceMin'),
  'ms.reduce_any': reduceBools('ReduceMax'),
  'ms.argmax': position('ArgMax'),
  'ms.argmin': position('ArgMin'),
  'ms.cumsum': (graph, [x], op) => {
    const [exclusive, reverse] = ['exclusive', 'reverse'].map((name) => Number(boolOf(op.attributes, name)));
    return [
      graph.node('CumSum', [x, graph.literal('i64', [], [integerOf(op.attributes, 'axis')])], { exclusive, reverse }),
    ];
  },
  'ms.cumprod': absent('ONNX has no running product'),
  'ms.softmax': alongAxis('Softmax'),
  'ms.log_softmax': alongAxis('LogSoftmax'),
} satisfies OnnxFamily;

export const normRules = {
  'ms.layer_norm': (graph, inputs, op) => [
    graph.node('LayerNormalization', inputs, {
      axis: integerOf(op.attributes, 'begin_axis'),
      epsilon: float(floatOf(op.attributes, 'epsilon')),
    }),
  ],
  'ms.rms_norm': 'decompose',
  'ms.batch_norm': (graph, inputs, op) => [
    graph.node('BatchNormalization', inputs, { epsilon: float(floatOf(op.attributes, 'epsilon')) }),
  ],
  'ms.group_norm': 'decompose',
} satisfies OnnxFamily;

/** Never part of an exported inference: the generator and the two effects. */
export const effectRules = {
  'ms.random_uniform': absent("ONNX's generators give other numbers"),
  'ms.random_normal': absent("ONNX's generators give other numbers"),
  'ms.dropout': absent("ONNX's generators give other numbers; export the network with set_train(False)"),
  'ms.depend': (_, [x]) => [x],
  'ms.print': absent('ONNX cannot print'),
  'ms.assert': absent('ONNX cannot stop'),
} satisfies OnnxFamily;

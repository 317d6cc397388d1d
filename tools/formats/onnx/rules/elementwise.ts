/** Elementwise ops as ONNX nodes. */
import { absent, floatOf, isFloat, stringOf, type OpView } from '../../../../compiler/ir/index.ts';
import { float, type OnnxGraphBuilder } from '../builder.ts';
import { onnxDataType } from '../model.ts';
import { node, operandType, resultType, type OnnxFamily, type OnnxRule } from '../rule.ts';

/** A constant of the operands' own type. */
const like = (graph: OnnxGraphBuilder, op: OpView, value: number): string =>
  graph.literal(operandType(op, 0).dtype, [], [value]);

/** Clip between constants. */
const clip = (graph: OnnxGraphBuilder, x: string, op: OpView, low: number, high: number): string =>
  graph.node('Clip', [x, like(graph, op, low), like(graph, op, high)]);

/** One ONNX op for integers, another for booleans. */
const bitwise =
  (onBits: string, onBools: string): OnnxRule =>
  (graph, inputs, op) => [graph.node(operandType(op, 0).dtype === 'i1' ? onBools : onBits, inputs)];

const not = (graph: OnnxGraphBuilder, x: string): string => graph.node('Not', [x]);

/** lhs - rhs·⌊lhs / rhs⌋: ONNX has the sign of rhs for integers only. */
const flooredMod: OnnxRule = (graph, [lhs, rhs], op) => {
  if (!isFloat(operandType(op, 0).dtype)) return [graph.node('Mod', [lhs, rhs])];
  const floor = graph.node('Floor', [graph.node('Div', [lhs, rhs])]);
  return [graph.node('Sub', [lhs, graph.node('Mul', [rhs, floor])])];
};

/** Integer division of ONNX rounds toward 0; after the floored rest is taken away it is exact. */
const floorDivision: OnnxRule = (graph, [lhs, rhs], op) => {
  if (isFloat(operandType(op, 0).dtype)) return [graph.node('Floor', [graph.node('Div', [lhs, rhs])])];
  return [graph.node('Div', [graph.node('Sub', [lhs, graph.node('Mod', [lhs, rhs])]), rhs])];
};

export const unaryRules = {
  'ms.neg': node('Neg'),
  'ms.abs': node('Abs'),
  'ms.sign': node('Sign'),
  'ms.square': (graph, [x]) => [graph.node('Mul', [x, x])],
  'ms.sqrt': node('Sqrt'),
  'ms.rsqrt': (graph, [x]) => [graph.node('Reciprocal', [graph.node('Sqrt', [x])])],
  'ms.reciprocal': node('Reciprocal'),
  'ms.exp': node('Exp'),
  'ms.expm1': (graph, [x], op) => [graph.node('Sub', [graph.node('Exp', [x]), like(graph, op, 1)])],
  'ms.log': node('Log'),
  'ms.log1p': (graph, [x], op) => [graph.node('Log', [graph.node('Add', [x, like(graph, op, 1)])])],
  'ms.sin': node('Sin'),
  'ms.cos': node('Cos'),
  'ms.tan': node('Tan'),
  'ms.asin': node('Asin'),
  'ms.acos': node('Acos'),
  'ms.atan': node('Atan'),
  'ms.sinh': node('Sinh'),
  'ms.cosh': node('Cosh'),
  'ms.tanh': node('Tanh'),
  'ms.asinh': node('Asinh'),
  'ms.acosh': node('Acosh'),
  'ms.atanh': node('Atanh'),
  'ms.erf': node('Erf'),
  'ms.floor': node('Floor'),
  'ms.ceil': node('Ceil'),
  'ms.round': node('Round'),
  'ms.trunc': (graph, [x]) => [
    graph.node('Mul', [graph.node('Sign', [x]), graph.node('Floor', [graph.node('Abs', [x])])]),
  ],
  'ms.logical_not': node('Not'),
  'ms.bitwise_not': bitwise('BitwiseNot', 'Not'),
  'ms.isnan': node('IsNaN'),
  'ms.isinf': node('IsInf'),
  'ms.isfinite': (graph, [x]) => [not(graph, graph.node('Or', [graph.node('IsNaN', [x]), graph.node('IsInf', [x])]))],
  'ms.clamp': (graph, [x], op) => [clip(graph, x, op, floatOf(op.attributes, 'low'), floatOf(op.attributes, 'high'))],
  'ms.stop_gradient': node('Identity'),
} satisfies OnnxFamily;

export const activationRules = {
  'ms.relu': node('Relu'),
  'ms.relu6': (graph, [x], op) => [clip(graph, x, op, 0, 6)],
  'ms.leaky_relu': (graph, inputs, op) => [
    graph.node('LeakyRelu', inputs, { alpha: float(floatOf(op.attributes, 'alpha')) }),
  ],
  'ms.elu': (graph, inputs, op) => [graph.node('Elu', inputs, { alpha: float(floatOf(op.attributes, 'alpha')) })],
  'ms.sigmoid': node('Sigmoid'),
  'ms.log_sigmoid': 'decompose',
  'ms.softplus': node('Softplus'),
  'ms.silu': 'decompose',
  'ms.gelu': (graph, inputs, op) => [
    graph.node('Gelu', inputs, { approximate: stringOf(op.attributes, 'approximate') }),
  ],
  'ms.hardsigmoid': node('HardSigmoid', { alpha: float(1 / 6), beta: float(0.5) }),
  'ms.hardswish': node('HardSwish'),
  'ms.mish': node('Mish'),
} satisfies OnnxFamily;

export const binaryRules = {
  'ms.add': node('Add'),
  'ms.sub': node('Sub'),
  'ms.mul': node('Mul'),
  'ms.div': node('Div'),
  'ms.floor_div': floorDivision,
  'ms.mod': flooredMod,
  'ms.remainder': node('Mod', { fmod: 1 }),
  'ms.pow': node('Pow'),
  'ms.maximum': node('Max'),
  'ms.minimum': node('Min'),
  'ms.atan2': absent('ONNX has no arc tangent of two numbers'),
  'ms.logical_and': node('And'),
  'ms.logical_or': node('Or'),
  'ms.logical_xor': node('Xor'),
  'ms.bitwise_and': bitwise('BitwiseAnd', 'And'),
  'ms.bitwise_or': bitwise('BitwiseOr', 'Or'),
  'ms.bitwise_xor': bitwise('BitwiseXor', 'Xor'),
} satisfies OnnxFamily;

export const comparisonRules = {
  'ms.equal': node('Equal'),
  'ms.not_equal': (graph, inputs) => [not(graph, graph.node('Equal', inputs))],
  'ms.less': node('Less'),
  'ms.less_equal': node('LessOrEqual'),
  'ms.greater': node('Greater'),
  'ms.greater_equal': node('GreaterOrEqual'),
  'ms.select': node('Where'),
  'ms.cast': (graph, inputs, op) => [graph.node('Cast', inputs, { to: onnxDataType(resultType(op).dtype) })],
} satisfies OnnxFamily;

/** The ONNX column of the grid: total over the tensor ops, so that a forgotten op does not compile. */
import type { TensorOpName } from '../../../compiler/ir/ops/index.ts';
import type { OnnxCell } from './rule.ts';
import { activationRules, binaryRules, comparisonRules, unaryRules } from './rules/elementwise.ts';
import { indexingRules, sortRules } from './rules/indexing.ts';
import { matmulRules, windowRules } from './rules/product.ts';
import { effectRules, normRules, reduceRules } from './rules/reduce.ts';
import { constantRules, shapeRules } from './rules/shape.ts';

export const onnxRules: Readonly<Record<TensorOpName, OnnxCell>> = {
  ...constantRules,
  ...unaryRules,
  ...activationRules,
  ...binaryRules,
  ...comparisonRules,
  ...matmulRules,
  ...windowRules,
  ...reduceRules,
  ...normRules,
  ...shapeRules,
  ...indexingRules,
  ...sortRules,
  ...effectRules,
};

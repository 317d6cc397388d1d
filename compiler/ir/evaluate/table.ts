/** The evaluate column, total over the tensor ops. */
import type { Absent } from '../core/definition.ts';
import { absent } from '../core/definition.ts';
import type { TensorOpName } from '../ops/index.ts';
import type { Evaluate } from './cell.ts';
import { evaluateConstant } from './constant.ts';
import { evaluateConv } from './conv.ts';
import { evaluateActivation, evaluateBinary, evaluateComparison, evaluateUnary } from './elementwise.ts';
import { evaluateIndexing } from './indexing.ts';
import { evaluateNorm } from './norm.ts';
import { evaluatePool } from './pool.ts';
import { evaluateMatmul } from './product.ts';
import { evaluateRandom } from './random.ts';
import { evaluateReduce } from './reduce.ts';
import { evaluateResize } from './resize.ts';
import { evaluateShape } from './shape.ts';
import { evaluateSort } from './sort.ts';
import { evaluateWindowGradient } from './window-gradient.ts';

export const evaluateOps: Readonly<Record<TensorOpName, Evaluate | Absent>> = {
  ...evaluateConstant,
  ...evaluateUnary,
  ...evaluateActivation,
  ...evaluateBinary,
  ...evaluateComparison,
  ...evaluateMatmul,
  ...evaluateConv,
  ...evaluatePool,
  ...evaluateWindowGradient,
  ...evaluateResize,
  ...evaluateReduce,
  ...evaluateNorm,
  ...evaluateShape,
  ...evaluateIndexing,
  ...evaluateSort,
  ...evaluateRandom,
  'ms.depend': ([x]) => [x],
  'ms.print': absent('an effect; the function evaluator reports it'),
  'ms.assert': absent('an effect; the function evaluator stops there'),
};

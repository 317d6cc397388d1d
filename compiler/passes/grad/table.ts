/** The grad column of the grid, total over the tensor ops. */
import { absent, floatOf } from '../../ir/index.ts';
import type { TensorOpName } from '../../ir/ops/index.ts';
import { Algebra } from './algebra.ts';
import { activationGradients } from './rules/activation.ts';
import { binaryGradients, comparisonGradients, unaryGradients } from './rules/elementwise.ts';
import { indexingGradients, sortGradients } from './rules/indexing.ts';
import { matmulGradients } from './rules/matmul.ts';
import { normGradients } from './rules/norm.ts';
import { reduceGradients } from './rules/reduce.ts';
import { shapeGradients } from './rules/shape.ts';
import { convGradients, poolGradients, resizeGradients, windowGradients } from './rules/window.ts';
import type { GradCell, GradRule } from './rule.ts';
import { onlyCotangent } from './rule.ts';

const noOperand = absent('it has no operand that could have a gradient');
const effect = absent('an effect without results');

/** The mask says which elements stayed; each was divided by keep_prob. */
const dropout: GradRule = (request) => {
  const { emit, op } = request;
  const algebra = new Algebra(emit);
  const kept = algebra.div(onlyCotangent(request), floatOf(op.attributes, 'keep_prob'));
  return [algebra.select(op.results[1], kept, 0), null];
};

export const gradOps: Readonly<Record<TensorOpName, GradCell>> = {
  'ms.constant': noOperand,
  'ms.iota': noOperand,
  ...unaryGradients,
  ...activationGradients,
  ...binaryGradients,
  ...comparisonGradients,
  ...matmulGradients,
  ...convGradients,
  ...poolGradients,
  ...windowGradients,
  ...resizeGradients,
  ...reduceGradients,
  ...normGradients,
  ...shapeGradients,
  ...indexingGradients,
  ...sortGradients,
  'ms.random_uniform': noOperand,
  'ms.random_normal': noOperand,
  'ms.dropout': dropout,
  'ms.depend': (request) => request.needs.map((_, index) => (index === 0 ? onlyCotangent(request) : null)),
  'ms.print': effect,
  'ms.assert': effect,
};

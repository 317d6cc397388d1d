/** Constant folding of scalars by the evaluator, and the constants that hold the results. */
import { evaluateScalar } from '../../ir/evaluate/index.ts';
import type { ConstantFolding } from '../rewrite/index.ts';

/** Folds `arith.*` on scalars. Tensors are folded by the rows of the tensor ops. */
export const scalarFolding: ConstantFolding = {
  fold: (op, operands) => {
    if (op.results.length !== 1) return null;
    const value = evaluateScalar(op.name, operands, op.attributes, op.results[0].type);
    return value === null ? null : [value];
  },
  materialize: (_, value, type) => {
    const typed =
      value.kind === 'bool' ? 'i1' : value.kind === 'integer' || value.kind === 'float' ? value.type.key : null;
    return typed === type.key ? { name: 'arith.constant', attributes: new Map([['value', value]]) } : null;
  },
};

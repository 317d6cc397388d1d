/** Derivatives of an op through the ops that it means. */
import { isAbsent } from '../../ir/index.ts';
import type { TensorOpName } from '../../ir/ops/index.ts';
import { tensorOps } from '../../ir/ops/index.ts';
import type { GradRule } from './rule.ts';

/** The op's own decomposition is differentiated. */
export function throughParts(name: TensorOpName): GradRule {
  const { decompose } = tensorOps[name];
  if (isAbsent(decompose)) throw new Error(`'${name}' has no decomposition: ${decompose.absent}`);
  const through = { through: decompose };
  return () => through;
}

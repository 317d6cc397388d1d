import { describe, expect, it } from 'vitest';
import { isAbsent } from '../../compiler/ir/index.ts';
import { isTensorOp, tensorOps } from '../../compiler/ir/ops/index.ts';
import { targetOps } from '../../compiler/backend-ascend/index.ts';

/** Effects, which have no kernels, and what a pass of its own rewrites. */
const WITHOUT = ['ms.conv2d_transpose', 'ms.print', 'ms.assert'];

describe('the lower column', () => {
  it.each(Object.keys(tensorOps))('%s has a rule, or other ops compute it', (name) => {
    const isComposite = isTensorOp(name) && !isAbsent(tensorOps[name].decompose);
    expect(targetOps.whole.has(name) || isComposite).toBe(!WITHOUT.includes(name));
  });
});

/** one_hot: each index compared with a line of numbers along the new dimension. */
import { elementCount, integerAttribute, integerOf, tensorType } from '../../../ir/index.ts';
import type { LowerRule } from '../lowering.ts';
import type { RuleOf } from '../separate.ts';
import { groupOf, isProblem, lowerOps } from '../separate.ts';
import { shapeOf } from '../shape/box.ts';
import { tensorOf } from '../tensor.ts';

/** `ruleOf` lowers the ops this one is made of. */
export const oneHotRule =
  (ruleOf: RuleOf): LowerRule =>
  (op, lowering) => {
    const [indices, on, off] = op.operands;
    if (elementCount(shapeOf(op.results[0])) === 0) return null;
    const shape = shapeOf(indices);
    const [axis, depth] = [integerOf(op.attributes, 'axis'), integerOf(op.attributes, 'depth')];
    const column = lowerOps(op, [indices], lowering, ruleOf, (emit, [at]) => {
      const narrow = tensorOf(at).dtype === 'i32' ? at : emit.stated('ms.cast', [at], tensorType(shape, 'i32'));
      return emit.stated('ms.reshape', [narrow], tensorType(shape.toSpliced(axis, 0, 1), 'i32'));
    });
    if (isProblem(column)) return column;
    const line = lowerOps(op, [], lowering, ruleOf, (emit) =>
      emit.stated(
        'ms.iota',
        [],
        tensorType(
          [...shape.toSpliced(axis, 0, depth).keys()].map((at) => (at === axis ? depth : 1)),
          'i32',
        ),
        { axis: integerAttribute(axis) },
      ),
    );
    if (isProblem(line)) return line;
    const group = groupOf(op, [column, line, on, off], (emit, [at, number, onValue, offValue]) =>
      emit.op('ms.select', [emit.op('ms.equal', [at, number]), onValue, offValue]),
    );
    const rule = ruleOf(group);
    const problem = typeof rule === 'function' ? rule(group, lowering) : rule;
    if (problem) return problem;
    lowering.alias(op.results[0], group.results[0]);
    return null;
  };

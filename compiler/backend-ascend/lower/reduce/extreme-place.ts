/** argmax and argmin: the least index among the elements that equal the extreme. Indices are exact f32 up to 2²⁴. */
import type { Operation } from '../../../ir/index.ts';
import { boolAttribute, integerAttribute, integerOf, integersAttribute, tensorType } from '../../../ir/index.ts';
import { unsupported } from '../diagnostics.ts';
import type { LowerRule } from '../lowering.ts';
import type { RuleOf } from '../separate.ts';
import { groupOf, isProblem, lowerOps, lowerSeparately } from '../separate.ts';
import { shapeOf } from '../shape/box.ts';

const MOST_EXACT = 2 ** 24;

/** `ruleOf` lowers the ops this one is made of. */
export const extremePlaceRule =
  (ruleOf: RuleOf): LowerRule =>
  (op, lowering) => {
    const [x] = op.operands;
    const shape = shapeOf(x);
    const axis = integerOf(op.attributes, 'axis');
    if (shape[axis] > MOST_EXACT) return unsupported(op, `${op.name} of ${shape[axis]} elements`, `indices are exact up to ${MOST_EXACT}`);
    const line = lowerOps(op, [], lowering, ruleOf, (emit) =>
      emit.stated('ms.iota', [], tensorType(shape.map((extent, at) => (at === axis ? extent : 1)), 'f32'), { axis: integerAttribute(axis) }));
    if (isProblem(line)) return line;
    const group = placeGroup(op, [x, line], axis, shape[axis]);
    const rule = ruleOf(group);
    const isLast = axis === shape.length - 1;
    const problem = isLast && typeof rule === 'function' ? rule(group, lowering) : lowerSeparately(group, lowering, ruleOf);
    if (problem) return problem;
    lowering.alias(op.results[0], group.results[0]);
    return null;
  };

function placeGroup(op: Operation, operands: Parameters<typeof groupOf>[1], axis: number, extent: number): Operation {
  const along = { axes: integersAttribute([axis]), keep_dims: boolAttribute(true) };
  return groupOf(op, operands, (emit, [x, line]) => {
    const extreme = emit.op(op.name === 'ms.argmax' ? 'ms.reduce_max' : 'ms.reduce_min', [x], along);
    const candidates = emit.op('ms.select', [emit.op('ms.equal', [x, extreme]), line, emit.scalar(extent - 1, 'f32')]);
    const place = emit.op('ms.reduce_min', [candidates], along);
    const { type } = place;
    return emit.stated('ms.cast', [place], tensorType(type.kind === 'tensor' ? type.shape : [], 'i32'));
  });
}

/**
 * argmax and argmin: the least index among the elements that equal the extreme, or the first NaN. Places of NaN stand
 * before all others, so elements at the extreme count from `extent` on. Numbers are exact f32 up to 2²⁴.
 */
import type { Operation } from '../../../ir/index.ts';
import {
  boolAttribute,
  integerAttribute,
  integerOf,
  integersAttribute,
  isFloat,
  tensorType,
} from '../../../ir/index.ts';
import { unsupported } from '../diagnostics.ts';
import type { LowerRule } from '../lowering.ts';
import type { RuleOf } from '../separate.ts';
import { groupOf, isProblem, lowerOps, lowerSeparately } from '../separate.ts';
import { shapeOf } from '../shape/box.ts';
import { tensorOf } from '../tensor.ts';

const MOST_EXACT = 2 ** 23;

/** `ruleOf` lowers the ops this one is made of. */
export const extremePlaceRule =
  (ruleOf: RuleOf): LowerRule =>
  (op, lowering) => {
    const [x] = op.operands;
    const shape = shapeOf(x);
    const axis = integerOf(op.attributes, 'axis');
    if (shape[axis] > MOST_EXACT)
      return unsupported(op, `${op.name} of ${shape[axis]} elements`, `indices are exact up to ${MOST_EXACT}`);
    const line = lowerOps(op, [], lowering, ruleOf, (emit) =>
      emit.stated(
        'ms.iota',
        [],
        tensorType(
          shape.map((extent, at) => (at === axis ? extent : 1)),
          'f32',
        ),
        { axis: integerAttribute(axis) },
      ),
    );
    if (isProblem(line)) return line;
    const group = placeGroup(op, [x, line], axis, shape[axis]);
    const rule = ruleOf(group);
    const isLast = axis === shape.length - 1;
    const problem =
      isLast && typeof rule === 'function' ? rule(group, lowering) : lowerSeparately(group, lowering, ruleOf);
    if (problem) return problem;
    lowering.alias(op.results[0], group.results[0]);
    return null;
  };

function placeGroup(op: Operation, operands: Parameters<typeof groupOf>[1], axis: number, extent: number): Operation {
  const along = { axes: integersAttribute([axis]), keep_dims: boolAttribute(true) };
  return groupOf(op, operands, (emit, [x, line]) => {
    const extreme = emit.op(op.name === 'ms.argmax' ? 'ms.reduce_max' : 'ms.reduce_min', [x], along);
    const far = emit.scalar(2 * extent - 1, 'f32');
    const behind = emit.op('ms.add', [line, emit.scalar(extent, 'f32')]);
    const atExtreme = emit.op('ms.select', [emit.op('ms.equal', [x, extreme]), behind, far]);
    const candidates = isFloat(tensorOf(x).dtype)
      ? emit.op('ms.select', [emit.op('ms.isnan', [x]), line, atExtreme])
      : atExtreme;
    const first = emit.op('ms.reduce_min', [candidates], along);
    const isNumber = emit.op('ms.greater_equal', [first, emit.scalar(extent, 'f32')]);
    const place = emit.op('ms.select', [isNumber, emit.op('ms.sub', [first, emit.scalar(extent, 'f32')]), first]);
    return emit.stated('ms.cast', [place], tensorType(tensorOf(place).shape, 'i32'));
  });
}

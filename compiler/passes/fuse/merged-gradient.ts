/**
 * The filter gradient of a convolution whose groups have no whole blocks of channels: some groups are computed as one,
 * every input channel with every output channel among them, and of the result only the products within a group are kept.
 */
import type { Attribute, AttributeMap, Operation, Value } from '../../ir/index.ts';
import {
  boolAttribute,
  denseAttribute,
  dtypeBytes,
  elementArray,
  integerAttribute,
  integerOf,
  integersAttribute,
  tensorType,
} from '../../ir/index.ts';
import { storeNumber } from '../../ir/ops/index.ts';
import type { Pattern, Rewriter } from '../rewrite/index.ts';
import { typeOf } from '../simplify/rules/match.ts';

export const mergedGradient: Pattern = {
  name: 'filter gradient of merged groups',
  rewrite: (op, rewriter) => {
    const [map, gradient] = op.operands.map(typeOf);
    const group = integerOf(op.attributes, 'group');
    const [inputs, outputs] = [map, gradient].map(({ shape }) => Number(shape[1]) / group);
    const merged = mergedGroups(group, inputs, outputs, 32 / dtypeBytes(map.dtype));
    return merged === 1 ? null : [expand(op, rewriter, { group, inputs, outputs, merged })];
  },
};

/** How channels are grouped: extents are those of one group. */
interface Groups {
  readonly group: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly merged: number;
}

/** The fewest groups that together have whole blocks of channels on both sides, or all. */
function mergedGroups(group: number, inputs: number, outputs: number, block: number): number {
  for (let merged = 1; merged < group; merged++)
    if (group % merged === 0 && (inputs * merged) % block === 0 && (outputs * merged) % block === 0) return merged;
  return group;
}

function expand(op: Operation, rewriter: Rewriter, { group, inputs, outputs, merged }: Groups): Value {
  const { shape, dtype } = typeOf(op.results[0]);
  const [all, , ...kernel] = shape.map(Number);
  const taps = kernel[0] * kernel[1];
  const write = (name: string, operands: readonly Value[], extents: readonly number[], attributes?: AttributeMap) =>
    rewriter.create(name, operands, [tensorType(extents, dtype)], attributes ?? new Map<string, Attribute>())
      .results[0];
  const attributes = new Map([...op.attributes, ['group', integerAttribute(group / merged)] as const]);
  const whole = write(op.name, op.operands, [all, inputs * merged, ...kernel], attributes);
  const apart = write('ms.reshape', [whole], [group / merged, merged, outputs, merged, inputs * taps]);
  const kept = write(
    'ms.mul',
    [apart, sameGroup(rewriter, merged, op)],
    [group / merged, merged, outputs, merged, inputs * taps],
  );
  const axes = new Map<string, Attribute>([
    ['axes', integersAttribute([3])],
    ['keep_dims', boolAttribute(false)],
  ]);
  const sum = write('ms.reduce_sum', [kept], [group / merged, merged, outputs, inputs * taps], axes);
  return write('ms.reshape', [sum], [all, inputs, ...kernel]);
}

/** [merged, 1, merged, 1]: 1 where both are the same group. */
function sameGroup(rewriter: Rewriter, merged: number, op: Operation): Value {
  const { dtype } = typeOf(op.results[0]);
  const type = tensorType([merged, 1, merged, 1], dtype);
  const data = elementArray(dtype, merged * merged);
  for (let at = 0; at < merged; at++) storeNumber(dtype, data, at * merged + at, 1);
  const attributes = new Map<string, Attribute>([['value', denseAttribute(type, data)]]);
  return rewriter.create('ms.constant', [], [type], attributes).results[0];
}

/**
 * What kernels compute in f32 although the network says f16 or bf16: the values are widened before and rounded once
 * after. Windows on the vector unit (pools, depthwise convolutions) have f32 lanes; the cube adds a bias in f32 (an f16
 * bias is widened on its way into the bias table, a bf16 bias here).
 */
import type { AttributeMap, Block, Operation, TensorType, Value } from '../../ir/index.ts';
import { Operation as Op, integerOf, tensorType } from '../../ir/index.ts';

const POOLS: ReadonlySet<string> = new Set(['ms.max_pool2d', 'ms.avg_pool2d']);
/** Products of the cube; their third operand is a bias. */
export const PRODUCTS: ReadonlySet<string> = new Set(['ms.conv2d', 'ms.dense', 'ms.matmul', 'ms.batch_matmul']);

export function widenBlock(block: Block): void {
  const replaced = new Map<Value, Value>();
  block.operations = block.operations.flatMap((op) => {
    op.operands.forEach((operand, index) => op.setOperand(index, replaced.get(operand) ?? operand));
    if (isNarrowWindow(op)) {
      const widened = widenWindow(op);
      replaced.set(op.results[0], widened[widened.length - 1].results[0]);
      op.dropUses();
      return widened;
    }
    const bias = PRODUCTS.has(op.name) ? op.operands[2] : undefined;
    if (!bias || tensorOf(bias).dtype !== 'bf16') return [op];
    const wide = cast(bias, 'f32', op);
    op.setOperand(2, wide.results[0]);
    return [wide, op];
  });
}

function tensorOf(value: Value): TensorType {
  if (value.type.kind !== 'tensor') throw new Error(`${value.type.key} is no tensor`);
  return value.type;
}

/** A pool, or a convolution with one input channel for each group, of 16-bit floats. */
function isNarrowWindow(op: Operation): boolean {
  if (!POOLS.has(op.name) && !(op.name === 'ms.conv2d' && isDepthwise(op))) return false;
  const { dtype } = tensorOf(op.operands[0]);
  return dtype === 'f16' || dtype === 'bf16';
}

function isDepthwise(op: Operation): boolean {
  const group = integerOf(op.attributes, 'group');
  const [outputs, inputs] = tensorOf(op.operands[1]).shape;
  return group > 1 && inputs === 1 && outputs === group;
}

function widenWindow(op: Operation): readonly Operation[] {
  const wide = op.operands.map((operand) => cast(operand, 'f32', op));
  const type = tensorOf(op.results[0]);
  const window = new Op(
    op.name,
    wide.map(({ results }) => results[0]),
    [tensorType(type.shape, 'f32')],
    op.attributes,
    [],
    op.location,
  );
  return [...wide, window, cast(window.results[0], type.dtype, op)];
}

const NO_ATTRIBUTES: AttributeMap = new Map();

function cast(value: Value, dtype: TensorType['dtype'], origin: Operation): Operation {
  return new Op('ms.cast', [value], [tensorType(tensorOf(value).shape, dtype)], NO_ATTRIBUTES, [], origin.location);
}

/**
 * What kernels compute in f32 although the network says f16 or bf16: the values are widened before and rounded once
 * after. Windows on the vector unit (pools, depthwise convolutions) have f32 lanes; the cube adds a bias in f32 (an f16
 * bias is widened on its way into the bias table, a bf16 bias here).
 */
import type { DType, Operation, Value } from '../../ir/index.ts';
import { integerOf, tensorType } from '../../ir/index.ts';
import type { Pattern, PatternTable, Rewriter } from '../rewrite/index.ts';
import { joinPatterns } from '../rewrite/index.ts';
import { typeOf } from '../simplify/rules/match.ts';

const POOLS: ReadonlySet<string> = new Set(['ms.max_pool2d', 'ms.avg_pool2d', 'ms.max_pool2d_gradient']);
/** Products of the cube; their third operand is a bias. */
export const PRODUCTS: ReadonlySet<string> = new Set(['ms.conv2d', 'ms.dense', 'ms.matmul', 'ms.batch_matmul']);

const narrowWindow: Pattern = {
  name: 'window of 16-bit floats in f32',
  rewrite: (op, rewriter) => (isNarrowWindow(op) ? [widenWindow(op, rewriter)] : null),
};

const narrowBias: Pattern = {
  name: 'bf16 bias in f32',
  rewrite: (op, rewriter) => {
    const bias: Value | undefined = op.operands[2];
    if (!bias || typeOf(bias).dtype !== 'bf16') return null;
    const operands = op.operands.with(2, cast(rewriter, bias, 'f32'));
    const types = op.results.map((result) => result.type);
    return rewriter.create(op.name, operands, types, op.attributes).results;
  },
};

/** Both, by the ops they concern. */
export const wideningPatterns: PatternTable = joinPatterns(
  new Map([...POOLS, 'ms.conv2d'].map((name) => [name, [narrowWindow]])),
  new Map([...PRODUCTS].map((name) => [name, [narrowBias]])),
);

/** A pool, or a convolution with one input channel for each group, of 16-bit floats. */
function isNarrowWindow(op: Operation): boolean {
  if (!POOLS.has(op.name) && !(op.name === 'ms.conv2d' && isDepthwise(op))) return false;
  const { dtype } = typeOf(op.operands[0]);
  return dtype === 'f16' || dtype === 'bf16';
}

function isDepthwise(op: Operation): boolean {
  const group = integerOf(op.attributes, 'group');
  const [outputs, inputs] = typeOf(op.operands[1]).shape;
  return group > 1 && inputs === 1 && outputs === group;
}

function widenWindow(op: Operation, rewriter: Rewriter): Value {
  const wide = op.operands.map((operand) => cast(rewriter, operand, 'f32'));
  const { shape, dtype } = typeOf(op.results[0]);
  const window = rewriter.create(op.name, wide, [tensorType(shape, 'f32')], op.attributes);
  return cast(rewriter, window.results[0], dtype);
}

function cast(rewriter: Rewriter, value: Value, dtype: DType): Value {
  return rewriter.create('ms.cast', [value], [tensorType(typeOf(value).shape, dtype)]).results[0];
}

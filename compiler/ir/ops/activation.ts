/** Activations: elementwise functions that backends run as one vector kernel, with their meaning in plain arithmetic. */
import { absent, floatOf, stringOf } from '../core/definition.ts';
import type { Value } from '../core/operation.ts';
import { floatAttribute } from '../core/attribute.ts';
import { defineFamily } from './define.ts';
import { tensor } from './dimension.ts';
import { unaryRow } from './elementwise.ts';
import type { Emitter } from './emitter.ts';
import { floatSlot, floatTensor, signedTensor, wordSlot } from './slot.ts';

const constantLike = (emit: Emitter, x: Value, value: number) => emit.scalar(value, tensor(x.type).dtype);
const clamp = (emit: Emitter, x: Value, low: number, high: number) =>
  emit.op('ms.clamp', [x], { low: floatAttribute(low), high: floatAttribute(high) });

/** min(max(x / 6 + 1/2, 0), 1) as MindSpore's HSigmoid states it. */
const hardSigmoid = (emit: Emitter, x: Value) =>
  emit.op('ms.div', [clamp(emit, emit.op('ms.add', [x, constantLike(emit, x, 3)]), 0, 6), constantLike(emit, x, 6)]);

function gelu(emit: Emitter, x: Value, approximate: string): Value {
  const half = emit.op('ms.mul', [x, constantLike(emit, x, 0.5)]);
  const inner =
    approximate === 'tanh'
      ? emit.op('ms.tanh', [geluTanhArgument(emit, x)])
      : emit.op('ms.erf', [emit.op('ms.mul', [x, constantLike(emit, x, Math.SQRT1_2)])]);
  return emit.op('ms.mul', [half, emit.op('ms.add', [inner, constantLike(emit, x, 1)])]);
}

/** √(2/π)·(x + 0.044715·x³) */
function geluTanhArgument(emit: Emitter, x: Value): Value {
  const cube = emit.op('ms.mul', [emit.op('ms.square', [x]), x]);
  const sum = emit.op('ms.add', [x, emit.op('ms.mul', [cube, constantLike(emit, x, 0.044715)])]);
  return emit.op('ms.mul', [sum, constantLike(emit, x, Math.sqrt(2 / Math.PI))]);
}

/** x where x > 0, else `below`. */
function positiveOr(emit: Emitter, x: Value, below: Value): Value {
  return emit.op('ms.select', [emit.op('ms.greater', [x, constantLike(emit, x, 0)]), x, below]);
}

/** max(x, 0) + log1p(exp(-|x|)): no overflow for any x. */
function softplus(emit: Emitter, x: Value): Value {
  const tail = emit.op('ms.log1p', [emit.op('ms.exp', [emit.op('ms.neg', [emit.op('ms.abs', [x])])])]);
  return emit.op('ms.add', [emit.op('ms.relu', [x]), tail]);
}

export const activationOps = defineFamily('activation', {
  'ms.relu': unaryRow('max(x, 0); NaN stays NaN', signedTensor, {
    traits: ['elementwise', 'idempotent'],
    decompose: (emit, [x]) => [emit.op('ms.maximum', [x, constantLike(emit, x, 0)])],
  }),
  'ms.relu6': unaryRow('min(max(x, 0), 6)', signedTensor, {
    traits: ['elementwise', 'idempotent'],
    decompose: (emit, [x]) => [clamp(emit, x, 0, 6)],
  }),
  'ms.leaky_relu': unaryRow('x where x > 0, else alpha·x', floatTensor, {
    attributes: [floatSlot('alpha', 'slope below 0')],
    decompose: (emit, [x], op) => [
      positiveOr(emit, x, emit.op('ms.mul', [x, constantLike(emit, x, floatOf(op.attributes, 'alpha'))])),
    ],
  }),
  'ms.elu': unaryRow('x where x > 0, else alpha·(exp(x) - 1)', floatTensor, {
    attributes: [floatSlot('alpha', 'limit below 0, negated')],
    decompose: (emit, [x], op) => [
      positiveOr(
        emit,
        x,
        emit.op('ms.mul', [emit.op('ms.expm1', [x]), constantLike(emit, x, floatOf(op.attributes, 'alpha'))]),
      ),
    ],
  }),
  'ms.sigmoid': unaryRow('1 / (1 + exp(-x))', floatTensor, { decompose: absent('primitive') }),
  'ms.log_sigmoid': unaryRow('-log(1 + exp(-x))', floatTensor, {
    decompose: (emit, [x]) => [emit.op('ms.neg', [softplus(emit, emit.op('ms.neg', [x]))])],
  }),
  'ms.softplus': unaryRow('log(1 + exp(x))', floatTensor, { decompose: (emit, [x]) => [softplus(emit, x)] }),
  'ms.silu': unaryRow('x·sigmoid(x)', floatTensor, {
    decompose: (emit, [x]) => [emit.op('ms.mul', [x, emit.op('ms.sigmoid', [x])])],
  }),
  'ms.gelu': unaryRow('x·Φ(x), Φ the normal distribution function', floatTensor, {
    attributes: [wordSlot('approximate', ['none', 'tanh'], 'Φ exactly, or by its tanh form')],
    decompose: (emit, [x], op) => [gelu(emit, x, stringOf(op.attributes, 'approximate'))],
  }),
  'ms.hardsigmoid': unaryRow('min(max(x + 3, 0), 6) / 6', floatTensor, {
    decompose: (emit, [x]) => [hardSigmoid(emit, x)],
  }),
  'ms.hardswish': unaryRow('x·min(max(x + 3, 0), 6) / 6', floatTensor, {
    decompose: (emit, [x]) => [emit.op('ms.mul', [x, hardSigmoid(emit, x)])],
  }),
  'ms.mish': unaryRow('x·tanh(softplus(x))', floatTensor, {
    decompose: (emit, [x]) => [emit.op('ms.mul', [x, emit.op('ms.tanh', [softplus(emit, x)])])],
  }),
});

/** A training step of a perceptron holds no operation that could go. */
import { expect, test } from 'vitest';
import { walk } from '../../compiler/ir/index.ts';
import { tidied } from './harness.ts';

const TYPES = { x: '32x784', w1: '128x784', b1: '128', w2: '10x128', b2: '10' } as const;
const t = (shape: string): string => `tensor<${shape}xf32>`;
const weights = ['w1', 'b1', 'w2', 'b2'] as const;
const types = weights.map((name) => t(TYPES[name])).join(', ');
const update = (name: (typeof weights)[number], at: number): string => `
  %s${at} = ms.mul %v#${at + 1}, %rate : (${t(TYPES[name])}, tensor<f32>) -> ${t(TYPES[name])}
  %n${at} = ms.sub %${name}, %s${at} : ${t(TYPES[name])}`;

const STEP = `func.func @main(%x: ${t(TYPES.x)}, %t: ${t('32x10')}, ${weights.map((name) => `%${name}: ${t(TYPES[name])}`).join(', ')}) -> (tensor<f32>, ${types}) {
  %one = ms.constant {value = dense<1.0> : tensor<f32>} : () -> tensor<f32>
  %rate = ms.constant {value = dense<0.1> : tensor<f32>} : () -> tensor<f32>
  %v:5 = ms.vjp %w1, %b1, %w2, %b2, %one ({
    ^bb0(%p1: ${t(TYPES.w1)}, %q1: ${t(TYPES.b1)}, %p2: ${t(TYPES.w2)}, %q2: ${t(TYPES.b2)}):
    %0 = ms.dense %x, %p1, %q1 : (${t(TYPES.x)}, ${t(TYPES.w1)}, ${t(TYPES.b1)}) -> ${t('32x128')}
    %1 = ms.relu %0 : ${t('32x128')}
    %2 = ms.dense %1, %p2, %q2 : (${t('32x128')}, ${t(TYPES.w2)}, ${t(TYPES.b2)}) -> ${t('32x10')}
    %3 = ms.log_softmax %2 {axis = 1 : i64} : ${t('32x10')}
    %4 = ms.mul %3, %t : ${t('32x10')}
    %5 = ms.reduce_sum %4 {axes = [1], keep_dims = false} : (${t('32x10')}) -> ${t('32')}
    %6 = ms.neg %5 : ${t('32')}
    %7 = ms.reduce_mean %6 {axes = [0], keep_dims = false} : (${t('32')}) -> tensor<f32>
    scf.yield %7 : tensor<f32>
  }) {outputs = 1, primals = 4} : (${types}, tensor<f32>) -> (tensor<f32>, ${types})
  ${weights.map(update).join('')}
  func.return %v#0, %n0, %n1, %n2, %n3 : tensor<f32>, ${types}
}`;

test('a step is the products, the loss and its gradient, the mask, two sums and the updates', () => {
  const counts = new Map<string, number>();
  walk(tidied(STEP).body.operations[0].regions[0], ({ name }) => counts.set(name, (counts.get(name) ?? 0) + 1));
  expect(Object.fromEntries([...counts].toSorted())).toEqual({
    'func.return': 1,
    'ms.constant': 3, // the rate, -1/32, 0
    'ms.dense': 2,
    'ms.exp': 1,
    'ms.greater': 1,
    'ms.log_softmax': 1,
    'ms.matmul': 3,
    'ms.mul': 7, // the loss, the labels over 32, the softmax, four updates
    'ms.neg': 1,
    'ms.reduce_mean': 1,
    'ms.reduce_sum': 4, // the loss, the labels of a row, two biases
    'ms.relu': 1,
    'ms.select': 1,
    'ms.sub': 5,
  });
});

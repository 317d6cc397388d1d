/** Calls that move data, evaluated by the oracle: results as NumPy gives them for x = arange(6).reshape(2, 3). */
import { describe, expect, it } from 'vitest';
import { numbersOf } from '../../compiler/ir/evaluate/index.ts';
import { compileText, evaluateNetwork } from './harness.ts';

const program = (expression: string): string => `import mindspore.mint as mint
import mindspore.nn as nn
import mindspore.ops as ops

class Net(nn.Cell):
    def construct(self, x):
        return ${expression}
`;

const x = { shape: [2, 3], dtype: 'f32', data: Float32Array.from({ length: 6 }, (_, index) => index) } as const;

function valueOf(expression: string): { readonly shape: readonly number[]; readonly numbers: readonly number[] } {
  const network = compileText(program(expression), null, [{ name: 'x', shape: x.shape, dtype: x.dtype }]);
  const [result] = evaluateNetwork(network, new Map([['x', x]]));
  return { shape: result.shape, numbers: Array.from(numbersOf(result)) };
}

const cases: readonly (readonly [expression: string, shape: readonly number[], numbers: readonly number[]])[] = [
  ['ops.narrow(x, 1, 1, 2)', [2, 2], [1, 2, 4, 5]],
  ['x.narrow(1, 2, 1)', [2, 1], [2, 5]],
  ['mint.narrow(x, -1, 1, 1)', [2, 1], [1, 4]],
  ['ops.slice(x, (0, 1), (2, 1))', [2, 1], [1, 4]],
  ['ops.slice(x, (1, 1), (1, -1))', [1, 2], [4, 5]],
  ['ops.strided_slice(x, (0, 0), (2, 3), (1, 2))', [2, 2], [0, 2, 3, 5]],
  ['ops.strided_slice(x, (1, 1), (1, 3), (1, 1), begin_mask=1)', [1, 2], [1, 2]],
  ['ops.strided_slice(x, (0, 0), (1, 1), (1, 1), end_mask=2)', [1, 3], [0, 1, 2]],
  ['ops.strided_slice(x, (1, 0), (2, 3), (1, 1), shrink_axis_mask=1)', [3], [3, 4, 5]],
  ['ops.strided_slice(x, (0, 1, 0), (1, 2, 3), (1, 1, 1), new_axis_mask=1)', [1, 1, 3], [3, 4, 5]],
  ['ops.strided_slice(x, (0, 1), (0, 2), (1, 1), ellipsis_mask=1)', [2, 1], [1, 4]],
  ['ops.roll(x, (1, -1), (0, 1))', [2, 3], [4, 5, 3, 1, 2, 0]],
  ['ops.roll(x, 2)', [2, 3], [4, 5, 0, 1, 2, 3]],
  ['ops.tile(x, (2,))', [2, 6], [0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5]],
  ['ops.tile(x[0], (2, 1))', [2, 3], [0, 1, 2, 0, 1, 2]],
  ['x.repeat(2, axis=1)', [2, 6], [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]],
  ['ops.repeat_interleave(x, 2)', [12], [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]],
  ['ops.repeat_interleave(x, (2, 1), 0)', [3, 3], [0, 1, 2, 0, 1, 2, 3, 4, 5]],
  ['ops.flip(x, (0,))', [2, 3], [3, 4, 5, 0, 1, 2]],
  ['ops.flip(x, (0, 1))', [2, 3], [5, 4, 3, 2, 1, 0]],
  ['ops.pad(x, (1, 0))', [2, 4], [0, 0, 1, 2, 0, 3, 4, 5]],
  ['ops.pad(x, (0, 1, 1, 0), value=7.0)', [3, 4], [7, 7, 7, 7, 0, 1, 2, 7, 3, 4, 5, 7]],
  ['ops.pad(x, (-1, 0))', [2, 2], [1, 2, 4, 5]],
  ['ops.pad(x, (0, -2, 0, 1))', [3, 1], [0, 3, 0]],
  ["nn.Pad(((0, 0), (2, 1)), mode='REFLECT')(x)", [2, 6], [2, 1, 0, 1, 2, 1, 5, 4, 3, 4, 5, 4]],
  ["nn.Pad(((0, 0), (2, 1)), mode='SYMMETRIC')(x)", [2, 6], [1, 0, 0, 1, 2, 2, 4, 3, 3, 4, 5, 5]],
  ['ops.max(x, axis=1)[0]', [2], [2, 5]],
  ['ops.max(x, axis=1)[1]', [2], [2, 2]],
  ['ops.ArgMaxWithValue(axis=1)(x)[0]', [2], [2, 2]],
  ['ops.ArgMaxWithValue(axis=1)(x)[1]', [2], [2, 5]],
  ['ops.ArgMinWithValue(axis=0, keep_dims=True)(x)[1]', [1, 3], [0, 1, 2]],
  ['x.max(axis=0, return_indices=True)[1]', [3], [1, 1, 1]],
  ['mint.max(x, 0)[0]', [3], [3, 4, 5]],
  ['mint.min(x, 1, True)[0]', [2, 1], [0, 3]],
];

describe('calls that move data', () => {
  it.each(cases)('%s', (expression, shape, numbers) => {
    expect(valueOf(expression)).toEqual({ shape, numbers });
  });
});

/** The types that operands of two types meet in, as MindSpore's manual says. */
const types: readonly (readonly [expression: string, dtype: string])[] = [
  ['x.astype(ms.uint8) + x.astype(ms.int8)', 'i16'],
  ['x.astype(ms.int8) + x.astype(ms.uint8)', 'i16'],
  ['x.astype(ms.int32) + x.astype(ms.uint8)', 'i32'],
  ['x.astype(ms.int16) + x.astype(ms.int32)', 'i32'],
  ['x.astype(ms.int64) + x.astype(ms.float16)', 'f16'],
  ['x.astype(ms.float16) + x', 'f32'],
  ['x.astype(ms.float16) + 1.5', 'f16'],
  ['x.astype(ms.int32) + 1.5', 'f32'],
  ['x.astype(ms.int32) + 1', 'i32'],
  ['x.astype(ms.bool_) + 1', 'i64'],
  ['x.astype(ms.int8) + True', 'i8'],
];

describe('implicit conversion', () => {
  it.each(types)('%s', (expression, dtype) => {
    const text = program(expression).replace('import mindspore.nn', 'import mindspore as ms\nimport mindspore.nn');
    const { module, diagnostics } = compileText(text, null, [{ name: 'x', shape: [2, 3], dtype: 'f32' }]);
    expect(diagnostics.map(({ message }) => message)).toEqual([]);
    const returned = module?.body.operations[0].regions[0].operations.at(-1)?.operands[0].type;
    expect(returned?.kind === 'tensor' ? returned.dtype : null).toBe(dtype);
  });
});

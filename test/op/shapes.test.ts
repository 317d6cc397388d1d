/** Row-wise kernels on shapes that tiles are awkward for: long rows, odd rows, single elements, none, mixed dtypes. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluateFunction, isScalar } from '../../compiler/ir/evaluate/index.ts';
import type { Engine } from '../../runtime/host/index.ts';
import { createEngine } from '../../runtime/host/index.ts';
import { parse, relativeError, sample } from '../backend/harness.ts';
import { compileModule, runOnEngine } from './simulate.ts';

function one(op: string, operands: readonly string[], result: string, attributes = ''): string {
  const list = (item: (type: string, index: number) => string): string => operands.map(item).join(', ');
  return `func.func @main(${list((type, index) => `%a${index}: tensor<${type}>`)}) -> tensor<${result}> {
  %0 = "${op}"(${list((_, index) => `%a${index}`)}) ${attributes} : (${list((type) => `tensor<${type}>`)}) -> tensor<${result}>
  func.return %0 : tensor<${result}>
}`;
}

/** So many results live at once that a tile must be small. */
function wide(): string {
  const type = 'tensor<7x900xf32>';
  const binary = (name: string, op: string, left: string, right: string): string =>
    `%${name} = "${op}"(%${left}, %${right}) : (${type}, ${type}) -> ${type}`;
  const up = Array.from({ length: 20 }, (_, index) =>
    binary(`e${index}`, 'ms.add', index === 0 ? 'x' : `e${index - 1}`, 'x'),
  );
  const down = Array.from({ length: 20 }, (_, index) =>
    binary(`f${index}`, 'ms.sub', index === 0 ? 'x' : `f${index - 1}`, `e${19 - index}`),
  );
  return `func.func @main(%x: ${type}) -> ${type} {\n${[...up, ...down].join('\n')}\nfunc.return %f19 : ${type}\n}`;
}

const last = '{axes = array<i64: 1>, keep_dims = true}';
const CASES: readonly (readonly [name: string, text: string, within: number])[] = [
  ['softmax over rows longer than the buffer', one('ms.softmax', ['2x50257xf32'], '2x50257xf32', '{axis = 1}'), 1e-6],
  ['softmax of f16', one('ms.softmax', ['7x300xf16'], '7x300xf16', '{axis = 1}'), 2e-3],
  ['softmax of bf16', one('ms.softmax', ['7x300xbf16'], '7x300xbf16', '{axis = 1}'), 1.6e-2],
  ['softmax along the first axis', one('ms.softmax', ['30x7xf32'], '30x7xf32', '{axis = 0}'), 1e-6],
  [
    'layer norm over long rows',
    one(
      'ms.layer_norm',
      ['2x20000xf32', '20000xf32', '20000xf32'],
      '2x20000xf32',
      '{begin_axis = 1, epsilon = 1.0e-5 : f32}',
    ),
    1e-6,
  ],
  [
    'layer norm over two axes',
    one(
      'ms.layer_norm',
      ['4x10x20xf32', '10x20xf32', '10x20xf32'],
      '4x10x20xf32',
      '{begin_axis = 1, epsilon = 1.0e-5 : f32}',
    ),
    1e-6,
  ],
  ['division of i32 by a column', one('ms.div', ['200x100xi32', '200x1xi32'], '200x100xi32'), 0],
  ['powers of i32 by a row', one('ms.pow', ['20x100xi32', '100xi32'], '20x100xi32'), 0],
  ['modulo of i8 by a column', one('ms.mod', ['33x100xi8', '33x1xi8'], '33x100xi8'), 0],
  ['a grid of two vectors', one('ms.atan2', ['33x1x7xf32', '33x5x1xf32'], '33x5x7xf32'), 1e-6],
  ['every other axis repeated', one('ms.add', ['3x1x5x1x7xf32', '1x4x1x6x1xf32'], '3x4x5x6x7xf32'), 0],
  ['a column of f16', one('ms.reduce_sum', ['33x100xf16'], '33x1xf16', last), 0],
  ['a column of i32 sums', one('ms.reduce_sum', ['100x1000xi32'], '100x1xi32', last), 0],
  ['a column of i32', one('ms.sub', ['300x1xi32', '300x1xi32'], '300x1xi32'), 0],
  ['a column of i8', one('ms.cast', ['100x1xi32'], '100x1xi8'), 0],
  ['a column of booleans', one('ms.less', ['300x1xi32', '300x1xi32'], '300x1xi1'), 0],
  ['short rows of f16', one('ms.add', ['255x3xf16', '3xf16'], '255x3xf16'), 0],
  ['short rows of i8', one('ms.add', ['255x3xi8', '255x1xi8'], '255x3xi8'), 0],
  ['no elements', one('ms.add', ['0x9xf32', '9xf32'], '0x9xf32'), 0],
  ['a scalar', one('ms.div', ['i32', 'i32'], 'i32'), 0],
  ['a boolean scalar', one('ms.logical_and', ['i1', 'i1'], 'i1'), 0],
  ['a scalar of f16 and a tensor', one('ms.mul', ['f16', '5x7xf16'], '5x7xf16'), 0],
  ['many values at once', wide(), 0],
  [
    'mixed dtypes in one group',
    `func.func @main(%x: tensor<50x30xf16>, %y: tensor<50x1xi32>, %z: tensor<30xf32>) -> tensor<50x30xi1> {
  %0 = "ms.cast"(%x) : (tensor<50x30xf16>) -> tensor<50x30xf32>
  %1 = "ms.cast"(%y) : (tensor<50x1xi32>) -> tensor<50x1xf32>
  %2 = "ms.add"(%0, %1) : (tensor<50x30xf32>, tensor<50x1xf32>) -> tensor<50x30xf32>
  %3 = "ms.cast"(%2) : (tensor<50x30xf32>) -> tensor<50x30xi8>
  %4 = "ms.cast"(%3) : (tensor<50x30xi8>) -> tensor<50x30xf32>
  %5 = "ms.greater"(%4, %z) : (tensor<50x30xf32>, tensor<30xf32>) -> tensor<50x30xi1>
  func.return %5 : tensor<50x30xi1>
}`,
    0,
  ],
  [
    'booleans, and a constant of f16',
    `func.func @main(%x: tensor<50x30xf32>, %y: tensor<50x1xi1>) -> tensor<50x30xf16> {
  %c = "ms.constant"() {value = dense<2.5> : tensor<f16>} : () -> tensor<f16>
  %0 = "ms.isfinite"(%x) : (tensor<50x30xf32>) -> tensor<50x30xi1>
  %1 = "ms.logical_xor"(%0, %y) : (tensor<50x30xi1>, tensor<50x1xi1>) -> tensor<50x30xi1>
  %2 = "ms.cast"(%1) : (tensor<50x30xi1>) -> tensor<50x30xf16>
  %3 = "ms.maximum"(%2, %c) : (tensor<50x30xf16>, tensor<f16>) -> tensor<50x30xf16>
  func.return %3 : tensor<50x30xf16>
}`,
    0,
  ],
];

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ threads: 1 });
});
afterAll(() => engine.close());

test.each(CASES)('%s', (_, text, within) => {
  const program = compileModule(parse(text));
  if (!('kernels' in program))
    throw new Error(program.map(({ message, notes }) => [message, ...notes].join('; ')).join('\n'));
  const inputs = program.inputs.map((slot, index) => sample(slot.shape, slot.dtype, index + 1));
  const expected = evaluateFunction(parse(text), 'main', inputs);
  if (!expected.ok) throw new Error(expected.error.message);
  const actual = runOnEngine(engine, program, inputs);
  for (const [index, value] of expected.value.entries()) {
    if (isScalar(value)) throw new Error('a scalar');
    expect(relativeError(actual[index], value)).toBeLessThanOrEqual(within);
  }
});

import { describe, expect, it } from 'vitest';
import { fromNumbers } from '../../compiler/ir/evaluate/index.ts';
import { compile, evaluateMain, parse, relativeError, runProgram } from './harness.ts';

/** Counters just below a carry, so that it happens inside a tile. */
const state = fromNumbers([4], 'ui32', [11, 3000000000, 4294967290, 3]);

describe('random streams on the machine equal the oracle', () => {
  it.each([
    ['random_uniform', '2x3xf32', 0],
    ['random_uniform', '9001xf32', 0],
    ['random_uniform', '301xf16', 0],
    ['random_normal', '5003xf32', 1e-5],
  ])('%s of %s', (name, type, limit) => {
    const text = `func.func @main(%state: tensor<4xui32>) -> (tensor<${type}>, tensor<4xui32>) {
%0:2 = "ms.${name}"(%state) : (tensor<4xui32>) -> (tensor<${type}>, tensor<4xui32>)
func.return %0#0, %0#1 : tensor<${type}>, tensor<4xui32>
}
`;
    const [actual, expected] = [runProgram(compile(parse(text)), [state]), evaluateMain(parse(text), [state])];
    expect(relativeError(actual[0], expected[0])).toBeLessThanOrEqual(limit);
    expect(relativeError(actual[1], expected[1])).toBe(0);
  });
});

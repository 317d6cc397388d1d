/** Any network, any mesh, any legal layouts: the ranks together compute what one device computes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OpDefinition } from '../../compiler/ir/index.ts';
import { printModule } from '../../compiler/ir/index.ts';
import { evaluateFunction, isScalar } from '../../compiler/ir/evaluate/index.ts';
import type { RuntimeValue } from '../../compiler/ir/evaluate/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { budget } from '../fuzz.ts';
import { Genes } from '../props/generator/genes.ts';
import { difference, inputsFor, isExact } from '../props/generator/inputs.ts';
import { partitioned, runPartition } from './harness.ts';
import { randomNetwork } from './random-networks.ts';

const genes = fc.array(fc.nat(1000), { minLength: 60, maxLength: 250 });
const isTensorRow = ({ name }: OpDefinition) => name.startsWith('ms.') && !['ms.print', 'ms.assert'].includes(name);

function check(values: readonly number[], accepts: (row: OpDefinition) => boolean, same: typeof difference): void {
  const { module } = randomNetwork(new Genes(values), accepts);
  const inputs = inputsFor(module, values.length);
  const whole = evaluateFunction(module, 'main', inputs);
  if (!whole.ok) return;
  const text = printModule(module, opTable);
  try {
    expect(same(whole.value, runPartition(partitioned(module), inputs))).toBeNull();
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${text}`, { cause: error });
  }
}

/** Differences beyond rounding: sums are taken in another order. */
function beyondRounding(left: readonly RuntimeValue[], right: readonly RuntimeValue[]): string | null {
  for (const [index, value] of left.entries()) {
    const other = right[index];
    if (isScalar(value) || isScalar(other)) continue;
    const [expected, actual] = [value, other].map((tensor) => Array.from(tensor.data, Number));
    const largest = expected.reduce(
      (most, one) => (Number.isFinite(one) ? Math.max(most, Math.abs(one)) : most),
      1e-30,
    );
    const limit = value.dtype === 'f32' ? 1e-5 : 0;
    const at = expected.findIndex((one, place) => !close(one, actual[place], limit * largest));
    if (at >= 0) return `result ${index}, element ${at} is ${expected[at]}, then ${actual[at]}`;
  }
  return null;
}

const close = (left: number, right: number, limit: number): boolean =>
  Object.is(left, right) ||
  left === right ||
  Math.abs(left - right) <= limit ||
  (Number.isNaN(left) && Number.isNaN(right));

describe('random networks', () => {
  test('integer-valued data: every bit', () => {
    fc.assert(
      fc.property(genes, (values) => check(values, (row) => isTensorRow(row) && isExact(row), difference)),
      budget(20261122, 80),
    );
  });
  test('all operations: up to rounding', () => {
    const smooth = (row: OpDefinition) => isTensorRow(row) && !UNSTEADY.has(row.name);
    fc.assert(
      fc.property(genes, (values) => check(values, smooth, beyondRounding)),
      budget(20261123, 80),
    );
  });
});

/** Operations that turn a rounding into a jump. */
const UNSTEADY: ReadonlySet<string> = new Set([
  'ms.floor',
  'ms.ceil',
  'ms.round',
  'ms.trunc',
  'ms.floor_div',
  'ms.mod',
  'ms.remainder',
  'ms.cast',
  'ms.equal',
  'ms.not_equal',
  'ms.less',
  'ms.less_equal',
  'ms.greater',
  'ms.greater_equal',
  'ms.sign',
  'ms.argmax',
  'ms.argmin',
  'ms.sort',
  'ms.top_k',
  'ms.tan',
  'ms.pow',
  'ms.exp',
]);

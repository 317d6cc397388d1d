/** What cannot be differentiated is said, and the fixed program is taken. */
import { describe, expect, test } from 'vitest';
import { parseModule, verifyModule } from '../../compiler/ir/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { differentiateModule, gradDiagnostics } from '../../compiler/passes/grad/index.ts';

function codesOf(text: string): readonly string[] {
  const { module, diagnostics } = parseModule({ name: 'example.mlir', text }, opTable);
  if (module === null) return diagnostics.map(({ code }) => code);
  const found = [...verifyModule(module, opTable), ...differentiateModule(module, opTable)];
  return [...found, ...verifyModule(module, opTable)].map(({ code }) => code);
}

describe('catalog', () => {
  test.each(Object.values(gradDiagnostics).map((row) => [row.code, row] as const))('%s', (code, row) => {
    expect(row.wrong && codesOf(row.wrong)).toContain(code);
    expect(row.right && codesOf(row.right)).toEqual([]);
  });
});

test('an operator is reported once, with its line and what to do', () => {
  const { module } = parseModule(
    {
      name: 'net.mlir',
      text: `func.func @f(%x: tensor<2xf32>, %d: tensor<f32>) -> tensor<2xf32> {
        %0:2 = ms.vjp %x, %d ({
          ^bb0(%a: tensor<2xf32>):
          %i = arith.constant 0 : index
          %1 = tensor.extract %a[%i] : tensor<2xf32> loc("net.py":7:3)
          %2 = arith.addf %1, %1 : f32
          %3 = tensor.from_elements %2 : tensor<f32> loc("net.py":9:3)
          scf.yield %3 : tensor<f32>
        }) {outputs = 1, primals = 1} : (tensor<2xf32>, tensor<f32>) -> (tensor<f32>, tensor<2xf32>)
        return %0#1 : tensor<2xf32>
      }`,
    },
    opTable,
  );
  expect(module && differentiateModule(module, opTable)).toMatchObject([
    {
      code: 'MSC0520',
      message: "no derivative of 'tensor.from_elements': gradients flow through tensors only",
      notes: ['at net.py:9:3'],
      help: 'keep it off the path with ops.stop_gradient, or give the function a bprop of its own',
    },
  ]);
});

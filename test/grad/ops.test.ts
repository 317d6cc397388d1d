/** The region ops of derivatives: text, constraints, borders, stages, and what the oracle runs of them. */
import { describe, expect, test } from 'vitest';
import type { Module } from '../../compiler/ir/index.ts';
import { parseModule, printModule, verifyModule } from '../../compiler/ir/index.ts';
import { evaluateFunction, isScalar } from '../../compiler/ir/evaluate/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';

const VJP = `func.func @f(%x: tensor<2xf32>, %dy: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>) {
  %0:2 = ms.vjp %x, %dy ({
    ^bb0(%a: tensor<2xf32>):
    %1 = ms.recompute %a ({
      ^bb0(%b: tensor<2xf32>):
      %2 = ms.exp %b : tensor<2xf32>
      scf.yield %2 : tensor<2xf32>
    }) : tensor<2xf32>
    %3 = ms.custom_vjp %1 ({
      ^bb0(%c: tensor<2xf32>):
      %4 = ms.floor %c : tensor<2xf32>
      scf.yield %4 : tensor<2xf32>
    }, {
      ^bb0(%d: tensor<2xf32>, %y: tensor<2xf32>, %g: tensor<2xf32>):
      scf.yield %g : tensor<2xf32>
    }) {outputs = 1} : tensor<2xf32>
    scf.yield %3 : tensor<2xf32>
  }) {outputs = 1, primals = 1} : (tensor<2xf32>, tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>)
  func.return %0#0, %0#1 : tensor<2xf32>, tensor<2xf32>
}`;

function parsed(text: string): Module {
  const { module, diagnostics } = parseModule({ name: 'test.mlir', text }, opTable);
  if (module === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return module;
}

const problems = (text: string): readonly string[] =>
  verifyModule(parsed(text), opTable).map(({ code, message }) => `${code} ${message}`);

describe('text', () => {
  test.each(['generic', 'pretty'] as const)('%s form reads back', (form) => {
    const text = printModule(parsed(VJP), opTable, { form, locations: false });
    expect(printModule(parsed(text), opTable, { form, locations: false })).toBe(text);
    expect(problems(text)).toEqual([]);
  });
});

describe('what is wrong is said', () => {
  const broken = (from: string, to: string): readonly string[] => problems(VJP.replace(from, to));

  test('as many operands as primals and outputs', () => {
    expect(broken('outputs = 1, primals = 1', 'outputs = 2, primals = 1')).toEqual([
      "MSC0426 'ms.vjp' violates C1: operands are the primals and a cotangent for each output; operands are 2, primals are 1, outputs are 2",
    ]);
  });

  test('a cotangent is no truth value', () => {
    expect(
      problems(`func.func @f(%x: tensor<2xf32>, %dy: tensor<2xi1>) {
        %0:2 = "ms.vjp"(%x, %dy) ({
          ^bb0(%a: tensor<2xf32>):
          scf.yield %a : tensor<2xf32>
        }) {outputs = 1, primals = 1} : (tensor<2xf32>, tensor<2xi1>) -> (tensor<2xf32>, tensor<2xf32>)
        func.return
      }`),
    ).toEqual([
      "MSC0424 'ms.vjp' operand 'primals and cotangents' is tensor<2xi1>, expected a tensor of integers or floats",
    ]);
  });

  test.each([
    ['C2', '-> ()', 'results are 0, expected 1 outputs and 1 gradients at least'],
    ['C3', '-> (tensor<3xf32>, tensor<2xf32>)', 'cotangents are (tensor<2xf32>), outputs are (tensor<3xf32>)'],
    ['C4', '-> (tensor<2xf32>, tensor<3xf32>)', 'primals are (tensor<2xf32>), gradients are (tensor<3xf32>)'],
  ])('%s', (label, results, found) => {
    const text = `func.func @f(%x: tensor<2xf32>, %dy: tensor<2xf32>) {
      "ms.vjp"(%x, %dy) ({
        ^bb0(%a: tensor<2xf32>):
        scf.yield %a : tensor<2xf32>
      }) {outputs = 1, primals = 1} : (tensor<2xf32>, tensor<2xf32>) ${results}
      func.return
    }`;
    expect(problems(text)[0]).toMatch(`'ms.vjp' violates ${label}`);
    expect(problems(text)[0]).toContain(found);
  });

  test('outputs of a custom rule are among its results', () => {
    expect(broken('}) {outputs = 1} :', '}) {outputs = 2} :')[0]).toContain(
      'outputs are among the results; outputs are 2, results are 1',
    );
  });

  test('regions take and yield what stands around them', () => {
    expect(broken('^bb0(%a: tensor<2xf32>):', '^bb0(%a: tensor<2xf32>, %e: tensor<2xf32>):')).toEqual([
      'MSC0431 types of the arguments are (tensor<2xf32>, tensor<2xf32>), expected (tensor<2xf32>)',
    ]);
    expect(broken('%y: tensor<2xf32>, %g', '%y: tensor<3xf32>, %g')).toEqual([
      'MSC0431 types of the arguments of the backward region are (tensor<2xf32>, tensor<3xf32>, tensor<2xf32>), expected (tensor<2xf32>, tensor<2xf32>, tensor<2xf32>)',
    ]);
    expect(broken('scf.yield %2 : tensor<2xf32>', 'scf.yield %2, %2 : tensor<2xf32>, tensor<2xf32>')).toEqual([
      'MSC0431 types of the yielded values are (tensor<2xf32>, tensor<2xf32>), expected (tensor<2xf32>)',
    ]);
  });
});

test('no derivative is left in @graph', () => {
  const text = `module attributes {ms.stage = "graph"} {\n${VJP}\n}`;
  expect(problems(text)).toEqual([
    "MSC0435 'ms.vjp' is not legal at stage graph: the pass 'differentiate' has replaced it",
    "MSC0435 'ms.recompute' is not legal at stage graph: the pass 'differentiate' has replaced it",
    "MSC0435 'ms.custom_vjp' is not legal at stage graph: the pass 'differentiate' has replaced it",
  ]);
});

test('the oracle runs forward regions and leaves derivatives to the pass', () => {
  const vector = { shape: [2], dtype: 'f32' as const, data: Float32Array.of(0, 1) };
  const forward = VJP.replace(/^ *%0:2 = ms\.vjp.*\n.*\n/m, '')
    .replace(/^ {4}scf\.yield %3.*\n.*\n/m, '')
    .replaceAll('%a', '%x')
    .replace('func.return %0#0, %0#1', 'func.return %3, %1');
  const outcome = evaluateFunction(parsed(forward), 'f', [vector, vector]);
  expect(outcome.ok && outcome.value.map((value) => (isScalar(value) ? [] : Array.from(value.data, Number)))).toEqual([
    [1, 2],
    [1, Math.fround(Math.E)],
  ]);
  const refused = evaluateFunction(parsed(VJP), 'f', [vector, vector]);
  expect(refused.ok ? '' : refused.error.message).toBe(
    "the oracle runs derivatives after the pass 'differentiate' has made them",
  );
});

/** Derivatives in traced code: which region ops come out, and what leaves their regions. */
import { describe, expect, it } from 'vitest';
import { walk, type Module, type Operation } from '../../compiler/ir/index.ts';
import { verifyModule } from '../../compiler/ir/verify/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { compileText, diagnosticText, moduleOf } from './harness.ts';

const HEAD = `import mindspore as ms
import mindspore.nn as nn
import mindspore.ops as ops
import numpy as np
from mindspore import Parameter, Tensor
from _msc.autodiff import custom_vjp, recompute, vjp

def gradient(f, x, weights=()):
    return vjp(f, (x,), (0,), weights, None, False)

class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor(np.ones((3, 4), np.float32)), name='w')
        self.count = Parameter(Tensor(np.zeros((), np.float32)), name='count', requires_grad=False)
        self.seen = []

`;

const indent = (text: string): string =>
  text
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('');

const trace = (body: string) => compileText(HEAD + indent(body), 'Net()', [{ name: 'x', shape: [2, 3], dtype: 'f32' }]);

function opsOf(module: Module, name: string): readonly Operation[] {
  const found: Operation[] = [];
  walk(module.body, (op) => {
    if (op.name === name) found.push(op);
  });
  return found;
}

function verified(body: string): Module {
  const module = moduleOf(trace(body));
  expect(verifyModule(module, opTable).map(diagnosticText)).toEqual([]);
  return module;
}

const shapes = (op: Operation): readonly string[] => op.results.map(({ type }) => type.key);

describe('vjp', () => {
  it('gives value, gradients of arguments and of weights', () => {
    const module = verified(`def construct(self, x):
    value, (gx,), (gw,) = gradient(lambda x: ops.matmul(x, self.w).sum(), x, (self.w,))
    return value, gx, gw`);
    const [op] = opsOf(module, 'ms.vjp');
    expect(shapes(op)).toEqual(['tensor<f32>', 'tensor<2x3xf32>', 'tensor<3x4xf32>']);
  });

  it('lets out what the function stored: parameters, lists, tensors of objects', () => {
    const module = verified(`def loss(self, x):
    y = ops.matmul(x, self.w)
    self.count.set_data(self.count + 1)
    self.seen.append(y)
    return y.sum()

def construct(self, x):
    value, (gx,), _ = gradient(self.loss, x)
    return value, self.seen[0], gx`);
    const [op] = opsOf(module, 'ms.vjp');
    expect(shapes(op)).toEqual(['tensor<f32>', 'tensor<f32>', 'tensor<2x4xf32>', 'tensor<2x3xf32>']);
    const results = module.body.operations[0].attribute('res_attrs');
    expect(results?.kind === 'array' && results.elements.length).toBe(4);
  });

  it('integers have gradients too, truth values have none', () => {
    const module = verified(`def construct(self, x):
    value, (gi, gb), _ = vjp(lambda i, b: 3 * i * i, (x.astype(ms.int32), x > 0), (0, 1), (), None, False)
    return gi, gb`);
    const [op] = opsOf(module, 'ms.vjp');
    expect(shapes(op)).toEqual(['tensor<2x3xi32>', 'tensor<2x3xi32>']);
  });

  it('nests: the inner derivative is in the region of the outer', () => {
    const module = verified(`def construct(self, x):
    first = lambda x: gradient(ops.sin, x)[1][0]
    return gradient(first, x)[1][0]`);
    const [outer] = opsOf(module, 'ms.vjp');
    expect(outer.regions[0].operations.map(({ name }) => name)).toEqual(['ms.vjp', 'scf.yield']);
  });

  it('assigning to a weight inside of its own derivative gives its new value', () => {
    const module = verified(`def loss(self, x):
    y = ops.matmul(x, self.w).sum()
    self.w.set_data(self.w * 2)
    return y

def construct(self, x):
    return gradient(self.loss, x, (self.w,))[2][0]`);
    expect(shapes(opsOf(module, 'ms.vjp')[0])).toEqual([
      'tensor<f32>',
      'tensor<3x4xf32>',
      'tensor<2x3xf32>',
      'tensor<3x4xf32>',
    ]);
  });
});

describe('backward rules of the user', () => {
  const rule = (result: string): string => `def construct(self, x):
    rule = lambda x, out, dout: ${result}
    return gradient(lambda x: custom_vjp(ops.exp, rule, (x,)), x)[1][0]`;

  it('are a second region', () => {
    const [op] = opsOf(verified(rule('(dout * out,)')), 'ms.custom_vjp');
    expect(op.regions.map((region) => region.arguments.length)).toEqual([1, 3]);
  });

  it('are not traced where nothing is differentiated', () => {
    const module = verified(`def construct(self, x):
    return custom_vjp(ops.exp, lambda x, out, dout: undefined_name, (x,))`);
    expect(opsOf(module, 'ms.custom_vjp')).toEqual([]);
  });

  const wrong: readonly [string, string, string][] = [
    ['too many', '(dout, dout)', 'bprop: it returns 2 values, expected one for each of the 1 inputs'],
    ['another shape', '(dout.sum(),)', 'bprop: gradient 0 is tensor<f32>, expected tensor<2x3xf32>'],
    ['no tensor', '(None,)', 'bprop: gradient 0 is None, expected tensor<2x3xf32>'],
  ];
  it.each(wrong)('must give one gradient for each input: %s', (_, result, told) => {
    const [diagnostic] = trace(rule(result)).diagnostics;
    expect([diagnostic.code, diagnostic.message]).toEqual(['MSC0314', told]);
  });
});

describe('recompute', () => {
  it('keeps the ops of the function in a region of their own', () => {
    const module = verified(`def construct(self, x):
    return gradient(lambda x: recompute(lambda x: ops.exp(ops.sin(x)), (x,)), x)[1][0]`);
    const [op] = opsOf(module, 'ms.recompute');
    expect(op.regions[0].operations.map(({ name }) => name)).toEqual(['ms.sin', 'ms.exp', 'scf.yield']);
  });
});

describe('what cannot be differentiated', () => {
  const cases: readonly [string, string, string][] = [
    ['truth values', 'return gradient(lambda x: x > 0, x)', 'MSC0312'],
    ['a sensitivity of another shape', 'return vjp(ops.exp, (x,), (0,), (), ops.ones((7,)), False)', 'MSC0313'],
    ['has_aux without a tuple', 'return vjp(ops.exp, (x,), (0,), (), None, True)', 'MSC0305'],
  ];
  it.each(cases)('%s', (_, body, code) => {
    const [diagnostic] = trace(`def construct(self, x):\n    ${body}`).diagnostics;
    expect(diagnostic.code).toBe(code);
    expect(diagnostic.span?.file.name).toBe('/net.py');
  });
});

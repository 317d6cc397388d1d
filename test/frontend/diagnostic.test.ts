/** What users are told: each program gives its diagnostic at its line. */
import { describe, expect, it } from 'vitest';
import { compileText, diagnosticText } from './harness.ts';

const HEAD = `import mindspore as ms
import mindspore.nn as nn
import mindspore.ops as ops
import numpy as np
from mindspore import Parameter, Tensor

class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.dense = nn.Dense(3, 4)
        self.weight = Parameter(Tensor(np.ones((3, 3)), ms.float32))

`;

const lines = (...body: readonly string[]): string => body.map((line) => `        ${line}\n`).join('');
const construct = (...body: readonly string[]): string => `${HEAD}    def construct(self, x):\n${lines(...body)}`;

/** Program, then code and line, message, and perhaps help. */
const cases: readonly [name: string, program: string, told: string, help?: string][] = [
  [
    'shape mismatch',
    construct('y = x + 1', 'return ops.matmul(y, self.weight.reshape(9, 1))'),
    'MSC0301 /net.py:15: matmul: k of lhs is 3, k of rhs is 9\n  lhs: tensor<2x3xf32>\n  rhs: tensor<9x1xf32>',
  ],
  [
    'inside of a layer',
    construct('return self.dense(x.transpose(1, 0))'),
    'MSC0301 /net.py:14: matmul: k of lhs is 2, k of rhs is 3\n  lhs: tensor<3x2xf32>\n  rhs: tensor<4x3xf32>',
  ],
  [
    'unknown function',
    construct('return ops.sofmax(x)'),
    "MSC0311 /net.py:14: mindspore.ops has no 'sofmax'",
    "did you mean 'softmax'?",
  ],
  [
    'unknown layer',
    construct('return nn.Dens(3, 4)(x)'),
    "MSC0311 /net.py:14: mindspore.nn has no 'Dens'",
    "did you mean 'Dense'?",
  ],
  [
    'unknown method',
    construct('return x.resahpe(6)'),
    "MSC0311 /net.py:14: Tensor has no 'resahpe'",
    "did you mean 'reshape'?",
  ],
  [
    'absent name',
    construct('return nn.thor(self.trainable_params())(x)'),
    "MSC0305 /net.py:14: 'mindspore.nn.thor' is not supported by this version of msc\n  raised in __call__ of prelude/mindspore/common/absent.py",
  ],
  [
    'hook of a tensor, which nothing would call',
    construct('x.register_hook(lambda gradient: 2 * gradient)', 'return x'),
    "MSC0305 /net.py:14: 'register_hook' of a tensor (ops.HookBackward does the same) is not supported by this version of msc",
  ],
  ['undefined name', construct('return y'), "MSC0201 /net.py:14: NameError: name 'y' is not defined"],
  [
    'branches',
    construct('if x.sum() > 0:', '    y = x', 'else:', '    y = x[0]', 'return y'),
    "MSC0302 /net.py:14: 'y' is tensor<2x3xf32> after one branch and tensor<3xf32> after the other",
  ],
  [
    'loop',
    construct('while x.sum() < 3:', '    x = x[:1]', 'return x'),
    "MSC0303 /net.py:14: 'x' is tensor<2x3xf32> before the loop and tensor<1x3xf32> after one step",
  ],
  [
    'value',
    construct('return ops.zeros((int(x.sum()),))'),
    "MSC0304 /net.py:14: 'int' needs the value of a tensor, which is not known while the graph is traced",
  ],
  [
    'output',
    construct('return "text"'),
    'MSC0309 /net.py:13: construct returns str, expected tensors, numbers, or tuples, lists and dicts of them',
  ],
  [
    'input',
    `${HEAD}    def construct(self, x, mask):\n        return x\n`,
    "MSC0308 /net.py:13: the input 'mask' is missing; construct takes x, mask; given: x",
  ],
  [
    'index',
    construct('return x[5]'),
    'MSC0201 /net.py:14: IndexError: index 5 is out of range for dimension 0 of extent 2',
  ],
  [
    'no entry',
    `${HEAD}    def construct(self, x):\n        return x\n\nclass Other(Net):\n    pass\n`,
    'MSC0306 :0: no single network can be built without arguments; found Net(), Other()',
  ],
];

describe('diagnostics', () => {
  it.each(cases)('%s', (_, program, told, help) => {
    const { module, diagnostics } = compileText(program, null, [{ name: 'x', shape: [2, 3], dtype: 'f32' }]);
    expect(module).toBeNull();
    expect(diagnostics.map(diagnosticText)).toEqual([told]);
    if (help) expect(diagnostics[0].help).toBe(help);
  });
});

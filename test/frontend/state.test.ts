/** Parameters that a graph changes: under conditions and in loops on tensors, in gradients that run a network again, at random. */
import { describe, expect, it } from 'vitest';
import { numbersOf } from '../../compiler/ir/evaluate/index.ts';
import { walk } from '../../compiler/ir/index.ts';
import { writeNpz, type FileTensor } from '../../tools/formats/index.ts';
import { Folder } from '../cli/harness.ts';
import { compileText } from './harness.ts';
import { differentiated, runSteps, startingParameters, type Feed } from './steps.ts';

const HEAD = `
import mindspore as ms
from mindspore import nn, ops, Tensor, Parameter
`;

const x: FileTensor = { shape: [2], dtype: 'f32', data: Float32Array.of(1, 2) };

const network = (source: string, inputs: Feed = new Map([['x', x]])) =>
  compileText(
    HEAD + source,
    'Net()',
    [...inputs].map(([name, { shape, dtype }]) => ({ name, shape, dtype })),
  );

/** Outputs of each step, and the parameters after all of them. */
function run(source: string, steps: number) {
  const compiled = network(source);
  const module = differentiated(compiled);
  const feeds = Array.from({ length: steps }, (): Feed => new Map([['x', x]]));
  const { outputs, parameters } = runSteps(
    module,
    feeds,
    startingParameters(compiled, () => false),
  );
  return {
    outputs: outputs.map((step) => step.map((output) => [...Array.from(numbersOf(output))])),
    parameter: (name: string) => {
      const found = parameters.get(name);
      return found ? Array.from(numbersOf(found)) : null;
    },
  };
}

describe('effects under a condition on tensors', () => {
  const source = `
class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.count = Parameter(Tensor(0, ms.int32), name='count')
        self.sum = Parameter(Tensor([0., 0.]), name='sum')
    def helper(self, x):
        parts = []
        for i in range(3):
            parts.append(x * i)
        return parts
    def construct(self, x):
        self.count += 1
        if self.count >= 2:
            parts = self.helper(x)
            ops.assign(self.sum, self.sum + parts[2])
            self.count = 0
        else:
            parts = [x, x, x]
        return parts[0] + parts[1]
`;
  it('parameters join, and lists made inside stay inside', () => {
    const { outputs, parameter } = run(source, 5);
    expect(outputs.flat()).toEqual([
      [2, 4],
      [1, 2],
      [2, 4],
      [1, 2],
      [2, 4],
    ]);
    expect(parameter('count')).toEqual([1]);
    expect(parameter('sum')).toEqual([4, 8]);
  });
});

describe('effects in a loop on tensors', () => {
  it('a parameter that only the loop changes is carried', () => {
    const { outputs, parameter } = run(
      `
class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.steps = Parameter(Tensor(0, ms.int32), name='steps')
    def construct(self, x):
        while x.sum() < 20.0:
            x = x * 2
            self.steps += 1
        return x
`,
      2,
    );
    expect(outputs.flat()).toEqual([
      [8, 16],
      [8, 16],
    ]);
    expect(parameter('steps')).toEqual([6]);
  });
});

describe('overflow', () => {
  it('FloatStatus and all_finite see what is infinite or NaN', () => {
    const { outputs } = run(
      `
class Net(nn.Cell):
    def construct(self, x):
        large = x * 3e38
        tensors = (x, large, large - large)
        return tuple([ops.FloatStatus()(item) for item in tensors]) + (
            ms.amp.all_finite((x, x)), ms.amp.all_finite(tensors))
`,
      1,
    );
    expect(outputs[0].map(([value]) => Number(value))).toEqual([0, 1, 1, 1, 0]);
  });

  it('halves the scale of a loss, but never below one', () => {
    const { outputs } = run(
      `
class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.scale = Parameter(Tensor(4.0, ms.float32), name='scale')
        self.update = nn.DynamicLossScaleUpdateCell(4.0, 2, 1000)
    def construct(self, x):
        self.update(self.scale, x.sum() > 0)
        return self.scale + 0.0
`,
      4,
    );
    expect(outputs.map(([[value]]) => Number(value))).toEqual([2, 1, 1, 1]);
  });
});

describe('a gradient that runs the network again', () => {
  const step = (call: string) => `
class Inner(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w = Parameter(Tensor([1., 1.]), name='w')
        self.calls = Parameter(Tensor([0.]), name='calls', requires_grad=False)
        self.dropout = nn.Dropout(p=0.5)
    def construct(self, x):
        self.calls += 1.0
        return ops.ReduceSum()(self.dropout(x * self.w))

class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.net = Inner()
        self.set_train()
    def construct(self, x):
${call}
`;
  it('advances states once, with the same mask, when the network was just called alike', () => {
    const { outputs, parameter } = run(
      step(`        loss = self.net(x)
        grads = ops.GradOperation(get_by_list=True)(self.net, self.net.trainable_params())(x)
        return loss, grads[0]`),
      6,
    );
    expect(parameter('net.calls')).toEqual([6]);
    for (const [[loss], [first, second]] of outputs) expect(loss).toBe(first + second);
    expect(new Set(outputs.map(([, gradient]) => gradient.join())).size).toBeGreaterThan(1);
  });

  it('advances states twice where the calls differ', () => {
    const { parameter } = run(
      step(`        loss = self.net(x * 2)
        grads = ops.GradOperation(get_by_list=True)(self.net, self.net.trainable_params())(x)
        return loss, grads[0]`),
      2,
    );
    expect(parameter('net.calls')).toEqual([4]);
  });

  it('recompute keeps the mask', () => {
    const { outputs, parameter } = run(
      step(`        self.net.recompute()
        loss, grads = ms.value_and_grad(self.net, None, self.net.trainable_params())(x)
        return loss, grads[0]`),
      3,
    );
    expect(parameter('net.calls')).toEqual([3]);
    for (const [[loss], [first, second]] of outputs) expect(loss).toBe(first + second);
  });
});

describe('random ops', () => {
  const source = (seed: number) => `
ms.set_seed(${seed})
class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.dropout = nn.Dropout(p=0.25)
        self.set_train()
    def construct(self, x):
        return self.dropout(ops.ones((400,), ms.float32)), ops.standard_normal((400,)) + 0 * x[0]
`;
  it('draw new numbers in every run, and the same ones again from the same seed', () => {
    const { outputs, parameter } = run(source(7), 3);
    const kept = outputs.map(([mask]) => mask.filter((value) => value !== 0).length);
    for (const count of kept) expect(Math.abs(count - 300)).toBeLessThan(40);
    expect(new Set(outputs.map(([mask]) => mask.join())).size).toBe(3);
    expect(new Set(outputs.map(([, normal]) => normal.join())).size).toBe(3);
    expect(parameter('random_state')).toEqual([7, 0, 600, 0]);
    expect(run(source(7), 3).outputs).toEqual(outputs);
    expect(run(source(8), 1).outputs[0]).not.toEqual(outputs[0]);
  });

  it('take their state as a parameter that nobody trains', () => {
    const { parameters } = network(source(7));
    expect(parameters.map(({ name, dtype, requiresGrad }) => [name, dtype, requiresGrad])).toEqual([
      ['random_state', 'ui32', false],
    ]);
  });
});

describe('a checkpoint of the network', () => {
  it('needs no state of random ops', async () => {
    const folder = new Folder();
    folder.write(
      'net.py',
      `${HEAD}
class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.fc = nn.Dense(4, 6)
        self.dropout = nn.Dropout(p=0.5)
        self.set_train()
    def construct(self, x):
        return self.dropout(self.fc(x))
`,
    );
    const weights: FileTensor = { shape: [6, 4], dtype: 'f32', data: new Float32Array(24) };
    const bias: FileTensor = { shape: [6], dtype: 'f32', data: new Float32Array(6) };
    const file = writeNpz(
      new Map([
        ['fc.weight', weights],
        ['fc.bias', bias],
      ]),
      'store',
    );
    if (!file.ok) throw new Error(file.error.message);
    folder.write('weights.npz', file.value);
    const input = ['--input', 'x=2x4:f32', '--inputs', 'formula'];
    const { code, err } = await folder.run('run', 'net.py', ...input, '--weights', 'weights.npz');
    expect([code, err]).toEqual([0, '']);
  });
});

describe('mixed precision', () => {
  const source = (level: string) => `
class Inner(nn.Cell):
    def __init__(self):
        super().__init__()
        self.fc = nn.Dense(2, 3)
        self.norm = nn.LayerNorm((3,))
        self.out = nn.Dense(3, 2)
    def construct(self, x):
        return self.out(self.norm(self.fc(x)))
def Net():
    return ms.amp.auto_mixed_precision(Inner(), '${level}')
`;
  const types = (level: string): readonly string[] => {
    const found: string[] = [];
    const wanted = new Set(['ms.matmul', 'ms.layer_norm', 'func.return']);
    const inputs: Feed = new Map([['x', { shape: [4, 2], dtype: 'f32', data: new Float32Array(8) }]]);
    const module = differentiated(network(source(level), inputs));
    walk(module.body, ({ name, operands }) => {
      const [first] = operands;
      if (wanted.has(name)) found.push(first.type.key.slice(-4, -1));
    });
    return found;
  };
  it.each([
    ['O0', ['f32', 'f32', 'f32', 'f32']],
    ['O1', ['f16', 'f32', 'f16', 'f32']],
    ['O2', ['f16', 'f32', 'f16', 'f32']],
    ['O3', ['f16', 'f16', 'f16', 'f32']],
  ] as const)('%s', (level, expected) => expect(types(level)).toEqual(expected));
});

describe('objects of the module', () => {
  const source = `
moment = Parameter(Tensor([1.0, 1.0]), name='first').clone(init='zeros')
moment.name = 'moment'

def step(x):
    ops.assign(moment, moment + x)
    return moment + 0
`;

  it('that a graph is the first to need are made outside of it', () => {
    const compiled = compileText(HEAD + source, 'step', [{ name: 'x', shape: [2], dtype: 'f32' }]);
    const feed: Feed = new Map([['x', x]]);
    const { outputs } = runSteps(
      differentiated(compiled),
      [feed, feed],
      startingParameters(compiled, () => false),
    );
    expect(outputs.map(([output]) => [...Array.from(numbersOf(output))])).toEqual([
      [1, 2],
      [2, 4],
    ]);
  });
});

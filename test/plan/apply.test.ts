/** Plans written into networks that say nothing of devices: run on the simulated cluster, explained, and measured. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { partition } from '../../compiler/passes/shard/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { compileRanks, rankMemory } from '../../tools/msc/ranks/index.ts';
import { Folder } from '../cli/harness.ts';
import { sourceOf } from '../frontend/recorded.ts';
import { randomTriple } from '../shard/random-steps.ts';
import { trainingStep } from '../shard/training.ts';

const STEP = `import mindspore as ms
import mindspore.nn as nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.up = nn.Dense(16, 32, activation='relu')
        self.down = nn.Dense(32, 16)

    def construct(self, x):
        return self.down(self.up(x))


class Step(nn.Cell):
    def __init__(self):
        super().__init__()
        self.net = Net()
        self.optimizer = nn.Momentum(self.net.trainable_params(), learning_rate=0.1, momentum=0.9)
        self.loss = nn.MSELoss()
        self.gradient = ms.value_and_grad(self.forward, None, self.optimizer.parameters)

    def forward(self, x, y):
        return self.loss(self.net(x), y)

    def construct(self, x, y):
        loss, gradients = self.gradient(x, y)
        self.optimizer(gradients)
        return loss
`;

const folder = new Folder();
folder.write('step.py', STEP);
folder.write('llama.py', readFileSync(sourceOf('llama'), 'utf8'));

const network = ['--entry', 'Step()', '--input', 'x=8x16:f32', '--input', 'y=8x16:f32'];
const forward = ['--entry', 'Net()', '--input', 'x=8x16:f32', '--global-batch', '8'];
const formulas = ['--inputs', 'formula', '--weights', 'formula'];
const run = (cluster: string, ...more: readonly string[]) =>
  folder.run('run', 'step.py', ...network, ...formulas, '--cluster', cluster, ...more);

describe('a training step without annotations, as the planner divides it', () => {
  it.each([
    ['910b1:2', 'data=2,zero=2', /data 2, tensor 1, ZeRO 2/],
    ['910b1:4', 'data=2,pipeline=2', /data 2, tensor 1, 2 stages/],
    ['910b1:8', 'data=8,zero=3', /data 8, tensor 1, ZeRO 3/],
  ])('on %s with %s equals one device', async (cluster, fixed, text) => {
    const { code, out, err } = await run(cluster, '--plan', 'auto', '--fix', fixed, '--check');
    expect(err).toMatch(text);
    expect(out.match(/^check: /gm)).toHaveLength(10);
    expect(code).toBe(0);
  });

  it('is a Llama cut by tensors', async () => {
    const { code, err } = await folder.run(
      ...['run', 'llama.py', '--entry', 'step()', '--input', 'tokens=4x11:i32', ...formulas],
      ...['--cluster', '910b1:4', '--plan', 'auto', '--fix', 'data=2,tensor=2', '--check'],
    );
    expect(err).toContain('data 2, tensor 2');
    expect(code).toBe(0);
  });

  it('needs nothing fixed', async () => {
    const { code, err } = await run('910b1:4', '--plan', 'auto', '--check');
    expect(err).toMatch(/^step\.py on 910b1:4: data \d, tensor \d/);
    expect(code).toBe(0);
  });
});

describe('a strategy file', () => {
  const write = (cluster: string, fixed: string, entry: readonly string[] = forward) =>
    folder.run(
      'plan',
      'step.py',
      ...entry,
      '--cluster',
      cluster,
      '--fix',
      fixed,
      '--emit=strategy.json',
      '-o',
      'plan.json',
    );

  it('of the forward network divides its training step', async () => {
    expect((await write('910b1:4', 'data=2,pipeline=2,zero=1')).code).toBe(0);
    const { code, err } = await run('910b1:4', '--plan', 'plan.json', '--check');
    expect(err).toContain('data 2, tensor 1, 2 stages, 2 micro-batches, ZeRO 1');
    expect(code).toBe(0);
  });

  it('of another cluster or network is refused with both names', async () => {
    expect((await write('910b1:2', 'data=2')).code).toBe(0);
    const cluster = await run('910b1:4', '--plan', 'plan.json');
    expect([cluster.code, cluster.err]).toEqual([
      1,
      expect.stringMatching(/MSC0578.*plan\.json is for 2.*910b1:4 has 4/),
    ]);
    folder.write('other.py', STEP.replaceAll('32', '64'));
    const other = ['run', 'other.py', ...network, ...formulas, '--cluster', '910b1:2', '--plan', 'plan.json'];
    const shape = await folder.run(...other);
    expect([shape.code, shape.err]).toEqual([1, expect.stringMatching(/MSC0577.*plan\.json is not one for other\.py/)]);
    folder.write('other.py', STEP.replaceAll('down', 'output'));
    expect((await folder.run(...other)).err).toMatch(/MSC0577.*it has no parameter 'down\.weight'/);
  });
});

describe('an explanation', () => {
  it('names layouts, memory, and each collective with bytes, algorithm, seconds and line', async () => {
    const { code, out } = await folder.run(
      ...[
        'plan',
        'step.py',
        ...network,
        '--global-batch',
        '8',
        '--cluster',
        '910b1:4',
        '--fix',
        'data=4,zero=1',
        '--explain',
      ],
    );
    expect(code).toBe(0);
    expect(out).toContain('x tensor<8x16xf32>: [dp, _]');
    expect(out).toMatch(/memory of the partitioned network: at most \S+ KiB/);
    expect(out).toMatch(
      /1 x all_reduce f32\[32, 16\] \(2\.0 KiB\) among 4, .*: \d+\.\d+ us, mesh all_reduce@hccs, at "step\.py":\d+/,
    );
    expect(out).toContain('it fits into the 58.0 GiB of a device');
  });
});

describe('memory before kernels are written', () => {
  it.each(Array.from({ length: 8 }, (_, seed) => 40 + seed))(
    'of random step %i is not below the program, at most a tenth above',
    (seed) => {
      const { description, plan } = randomTriple(seed);
      const module = trainingStep(description, plan);
      const found = partition(module).partition;
      const predicted = found === null ? null : rankMemory(found, defaultChip);
      const compiled = compileRanks(module, { chip: defaultChip });
      if (predicted?.ok !== true || !compiled.ok) throw new Error('the step does not compile');
      for (const [rank, { gmBytes }] of compiled.value.programs.entries()) {
        const { bytes } = predicted.value[rank];
        expect(bytes).toBeGreaterThanOrEqual(gmBytes);
        expect(bytes).toBeLessThanOrEqual(1.1 * gmBytes);
      }
    },
  );

  it('says which tensors do not fit a rank', async () => {
    const { code, err } = await run('910b1:2', '--plan', 'auto', '--fix', 'data=2', '--memory', '8K');
    expect([code, err]).toEqual([4, expect.stringMatching(/MSC057[29]/)]);
    folder.write(
      'cut.py',
      STEP.replace(
        'import mindspore.nn',
        "ms.set_auto_parallel_context(parallel_mode='data_parallel', device_num=2)\nimport mindspore.nn",
      ),
    );
    const cut = await folder.run('run', 'cut.py', ...network, ...formulas, '--cluster', '910b1:2', '--memory', '8K');
    expect(cut.code).toBe(4);
    expect(cut.err).toMatch(
      /MSC0579.*the program of rank 0 needs \d+\.\d KiB of a device that has 8\.0 KiB: parameter \S+ 2\.0 KiB/,
    );
  });

  it('says which tensors do not fit the target', async () => {
    const names = Array.from({ length: 17 }, (_, at) => `x${at}`);
    const body = `class Net(nn.Cell):\n    def construct(self, ${names.join(', ')}):\n        return ${names.join(' + ')}\n`;
    folder.write('wide.py', `from mindspore import nn\n\n\n${body}`);
    const inputs = names.flatMap((name) => ['--input', `${name}=1000000x1000:f32`]);
    const { code, err } = await folder.run('compile', 'wide.py', '--entry', 'Net()', ...inputs);
    expect(code).toBe(4);
    expect(err).toMatch(
      /MSC0579.*the program needs 67\.1 GiB of a device that has 64\.0 GiB: input x0 3\.7 GiB, input x1/,
    );
  });
});

/** `--local-batch-statistics`: each rank normalizes its slice of the batch as a single device would that had only the slice. */
import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readNpz, writeNpz, type FileTensor } from '../../tools/formats/index.ts';
import { Folder } from '../cli/harness.ts';

const RANKS = 2;
const [SAMPLES, WIDTH] = [8, 4];

const NET = (layer: string, mode = 'data_parallel'): string => `import mindspore as ms
from mindspore import nn

ms.set_auto_parallel_context(parallel_mode="${mode}", device_num=${RANKS})


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.bn = nn.${layer}(${WIDTH})
        self.set_train()

    def construct(self, x):
        return self.bn(x)


class Step(nn.Cell):
    def __init__(self):
        super().__init__()
        self.net = Net()
        self.gradient = ms.grad(lambda x: (self.net(x) * x).mean(), None, self.net.trainable_params())

    def construct(self, x):
        return self.gradient(x)


class Running(Net):
    def construct(self, x):
        y = self.bn(x)
        return y, self.bn.moving_mean + 0.0, self.bn.moving_variance + 0.0
`;

const folder = new Folder();
const random = (at: number): number => ((at * 37) % 19) / 8 - 1 + (at >= (SAMPLES * WIDTH) / RANKS ? 3 : 0);
const data = Float32Array.from({ length: SAMPLES * WIDTH }, (_, at) => random(at));

/** Outputs of a run on some of the samples. */
async function run(name: string, samples: Float32Array, ...more: readonly string[]): Promise<readonly number[][]> {
  const x: FileTensor = { dtype: 'f32', shape: [samples.length / WIDTH, WIDTH], data: samples };
  const bytes = writeNpz(new Map([['x', x]]));
  if (!bytes.ok) throw new Error(bytes.error.message);
  folder.write('in.npz', bytes.value);
  const weights = ['--weights', 'formula', '--check', '--outputs', 'out.npz'];
  const { code, err } = await folder.run('run', 'net.py', '--entry', name, '--inputs', 'in.npz', ...weights, ...more);
  expect([code, err]).toEqual([0, '']);
  const outputs = readNpz(readFileSync(join(folder.path, 'out.npz')));
  if (!outputs.ok) throw new Error(outputs.error.message);
  // On a cluster new values of parameters follow the outputs.
  const named = [...outputs.value].filter(([key]) => key.startsWith('out'));
  return named.map(([, tensor]) => Array.from(tensor.data, Number));
}

const onCluster = ['--cluster', `910b1:1x${RANKS}`];
const slices = Array.from({ length: RANKS }, (_, rank) =>
  data.slice((rank * data.length) / RANKS, ((rank + 1) * data.length) / RANKS),
);

function expectNear(found: readonly (readonly number[])[], expected: readonly (readonly number[])[]): void {
  expect(found.map((values) => values.length)).toEqual(expected.map((values) => values.length));
  const error = Math.max(...found.flatMap((values, at) => values.map((value, i) => Math.abs(value - expected[at][i]))));
  expect(error).toBeLessThan(1e-5);
}

describe('--local-batch-statistics', () => {
  test('normalizes each slice by itself and keeps the running statistics of rank 0', async () => {
    folder.write('net.py', NET('BatchNorm1d'));
    const alone = [await run('Running()', slices[0]), await run('Running()', slices[1])];
    const expected = [alone.flatMap(([y]) => y), alone[0][1], alone[0][2]];
    expectNear(await run('Running()', data, ...onCluster, '--local-batch-statistics'), expected);
  });

  test('its gradients are the means of the gradients of single devices', async () => {
    folder.write('net.py', NET('BatchNorm1d'));
    const alone = [await run('Step()', slices[0]), await run('Step()', slices[1])];
    const expected = alone[0].map((values, at) => values.map((value, i) => (value + alone[1][at][i]) / RANKS));
    expectNear(await run('Step()', data, ...onCluster, '--local-batch-statistics'), expected);
  });

  test('without it, and for SyncBatchNorm, the statistics are those of one device', async () => {
    folder.write('net.py', NET('BatchNorm1d'));
    const whole = await run('Running()', data);
    expectNear(await run('Running()', data, ...onCluster), whole);
    folder.write('net.py', NET('SyncBatchNorm'));
    expectNear(await run('Running()', data, ...onCluster, '--local-batch-statistics'), whole);
  });

  test('forward nothing is summed over ranks; the others get the running statistics of rank 0', async () => {
    folder.write('net.py', NET('BatchNorm1d'));
    const compile = ['compile', 'net.py', '--entry', 'Net()', '--input', `x=${SAMPLES}x${WIDTH}:f32`, '--emit=sharded'];
    const collectives = async (...more: readonly string[]) =>
      (await folder.run(...compile, ...onCluster, ...more)).out.match(/dist\.[a-z_]+/g);
    expect(await collectives()).toEqual(['dist.all_reduce', 'dist.all_reduce']);
    expect(await collectives('--local-batch-statistics')).toEqual(['dist.all_gather', 'dist.all_gather']);
  });

  test('MSC0727 where nothing is data parallel', async () => {
    folder.write('net.py', NET('BatchNorm1d', 'semi_auto_parallel'));
    const arguments_ = ['--entry', 'Net()', '--input', `x=${SAMPLES}x${WIDTH}:f32`, ...onCluster, '--emit=sharded'];
    const { code, err } = await folder.run('compile', 'net.py', ...arguments_, '--local-batch-statistics');
    expect([code, err]).toEqual([1, expect.stringContaining('[MSC0727]')]);
  });
});

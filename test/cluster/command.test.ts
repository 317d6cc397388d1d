/** `msc run --cluster`, and what it says when ranks go wrong. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { layoutOf, meshOf } from '../../compiler/passes/shard/index.ts';
import { writeProgram } from '../../runtime/program/index.ts';
import type { Program } from '../../runtime/program/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { communicationDiagnostic } from '../../tools/msc/ranks/diagnostics.ts';
import { compileRanks, loadRanks, type RankPrograms, type RankRun } from '../../tools/msc/ranks/index.ts';
import { Folder } from '../cli/harness.ts';
import { integerInputs } from '../shard/harness.ts';
import { mlp } from '../shard/networks.ts';
import { trainingStep } from '../shard/training.ts';

const NET = `import numpy as np
import mindspore as ms
from mindspore import nn, ops, Tensor, Parameter

ms.set_auto_parallel_context(parallel_mode="semi_auto_parallel", device_num=4)


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w1 = Parameter(Tensor(np.ones((16, 32)), ms.float32), name='w1')
        self.w2 = Parameter(Tensor(np.ones((32, 8)), ms.float32), name='w2')
        self.m1 = ops.MatMul().shard(((2, 1), (1, 2)))
        self.m2 = ops.MatMul().shard(((2, 2), (2, 1)))
        self.relu = ops.ReLU()

    def construct(self, x):
        return self.m2(self.relu(self.m1(x, self.w1)), self.w2)
`;

const folder = new Folder();
const run = (file: string, cluster: string, ...more: readonly string[]) =>
  folder.run(
    'run',
    file,
    '--entry',
    'Net()',
    '--input',
    'x=8x16:f32',
    '--inputs',
    'formula',
    '--weights',
    'formula',
    '--cluster',
    cluster,
    ...more,
  );

describe('msc run --cluster', () => {
  test('runs, checks and times a network that says how it is divided', async () => {
    folder.write('net.py', NET);
    const { code, out, err } = await run('net.py', '910b1:4', '--check', '--timing', '--trace', 'trace.json');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/check: out0 against the oracle: error \S+, limit 0.0001\n/);
    expect(out).toMatch(/rank 3: launches \S+ us, communication \S+ us \(exposed \S+ us\), waits \S+ us/);
    expect(out).toMatch(/simulated on 4 devices/);
    const trace: unknown = JSON.parse(readFileSync(join(folder.path, 'trace.json'), 'utf8'));
    expect(JSON.stringify(trace)).toContain('"pid":"rank 3"');
  });

  test('answers in JSON', async () => {
    folder.write('net.py', NET);
    const { out } = await run('net.py', '910b1:4', '--timing', '--json');
    expect(JSON.parse(out)).toMatchObject({ schema: 1, timing: { ranks: [{}, {}, {}, {}] } });
  });

  const IDIOM = `from mindspore.communication import init, get_group_size
init()
ms.set_auto_parallel_context(parallel_mode="semi_auto_parallel", device_num=get_group_size())`;
  test.each([
    ['untold', 'ms.set_auto_parallel_context(parallel_mode="semi_auto_parallel")'],
    ['of one process', IDIOM],
    ['of a stage', 'ms.set_auto_parallel_context(parallel_mode="semi_auto_parallel", pipeline_stages=2)'],
  ])('a number of devices that is %s means the whole cluster', async (_, context) => {
    folder.write('net.py', NET.replace(/^ms\.set.*$/m, context));
    const { code, out, err } = await run('net.py', '910b1:8', '--check');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/check: out0 against the oracle/);
  });

  test('Layout is a name of mindspore itself', async () => {
    const laid = `l = ms.Layout((2, 2), ('dp', 'mp'))`;
    folder.write(
      'net.py',
      NET.replace(/^ms\.set.*$/m, laid)
        .replace('((2, 1), (1, 2))', `(l('dp', 'None'), l('None', 'mp'))`)
        .replace(/ = ops.MatMul\(\)\.shard\(\(\(2, 2.*/, ' = ops.MatMul()'),
    );
    const { code, err } = await run('net.py', '910b1:4', '--check');
    expect([code, err]).toEqual([0, '']);
  });

  const plain = NET.replace(/^ms\.set.*$/m, '').replaceAll(/\.shard\(.*\)$/gm, '');
  test.each([
    ['MSC0723', plain, '910b1:4', 1],
    ['MSC0721', NET, '910b1:8', 1],
  ])('%s', async (code, text, cluster, exit) => {
    folder.write('net.py', text);
    const outcome = await run('net.py', cluster);
    expect([outcome.code, outcome.err]).toEqual([exit, expect.stringContaining(`[${code}]`)]);
  });

  test('MSC0724', async () => {
    folder.write('net.py', NET);
    folder.write('cluster.yaml', CLUSTER);
    const outcome = await run('net.py', 'cluster.yaml');
    expect([outcome.code, outcome.err]).toEqual([3, expect.stringContaining('[MSC0724]')]);
  });
});

const CLUSTER = `name: made-up
device: { name: made-up, f16_tflops: 100, memory_gib: 64, memory_gbps: 1000 }
levels:
  - { name: link, topology: mesh, gbps: 28, latency_us: 10, size: 4 }
`;

const batch = layoutOf([['dp'], []]);
const module = trainingStep(mlp(8, [4, 8, 4]), { mesh: meshOf({ dp: 2 }), layouts: { x: batch, target: batch } });

/** The step on two ranks, after `change`. */
async function loaded(change: (programs: readonly Program[]) => readonly Program[]): Promise<RankRun> {
  const ranks = compileRanks(module, { chip: defaultChip });
  if (!ranks.ok) throw new Error('no programs');
  const changed: RankPrograms = { ...ranks.value, programs: change(ranks.value.programs) };
  const run = await loadRanks(changed);
  if (!run.ok) throw new Error('not loaded');
  run.value.set(integerInputs(module));
  return run.value;
}

describe('diagnostics of ranks', () => {
  test('MSC0720 names both ranks', async () => {
    const ranks = await loaded(([first, second]) => {
      const at = second.main.findIndex((step) => step.kind === 'collective');
      return [first, { ...second, main: second.main.filter((_, index) => index !== at) }];
    });
    const [problem] = ranks.run();
    expect(problem.code).toBe('MSC0720');
    expect(problem.notes.map((note) => note.slice(0, 7))).toEqual(['rank 0:', 'rank 1:']);
    expect(communicationDiagnostic({ kind: 'deadlock', message: 'm', places: [] })).toMatchObject({ code: 'MSC0720' });
    await ranks.close();
  });

  test('MSC0708: the program of one rank alone', async () => {
    const ranks = compileRanks(module, { chip: defaultChip });
    if (!ranks.ok) throw new Error('no programs');
    folder.write('rank0.msp', writeProgram(ranks.value.programs[0]));
    const outcome = await folder.run('run', 'rank0.msp', '--inputs', 'formula', '--weights', 'formula');
    expect([outcome.code, outcome.err]).toEqual([1, expect.stringContaining('[MSC0708]')]);
  });

  test('MSC0722 names the ranks whose copies differ', async () => {
    const ranks = await loaded((programs) => programs);
    const [parameter] = ranks.instance.ranks[1].program.parameters;
    ranks.instance.ranks[1].set(parameter.name, new Uint8Array(parameter.bytes));
    expect(ranks.run()).toEqual([]);
    const results = ranks.results();
    expect(results.ok ? [] : results.error.map(({ code }) => code)).toContain('MSC0722');
    await ranks.close();
  });
});

/** `msc plan` on the command line: answers, files, and what it says about mistakes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMindFormers, readStrategy } from '../../tools/formats/plan/index.ts';
import { Folder } from '../cli/harness.ts';
import { llamaSource } from './networks.ts';

const MLP = `import mindspore.nn as nn
import mindspore.ops as ops


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.layers = nn.SequentialCell([nn.Dense(96, 96, activation='relu') for _ in range(6)])

    def construct(self, x):
        return self.layers(x)


class Empty(nn.Cell):
    def construct(self, x):
        return ops.relu(x)
`;

const LAB = `name: lab
device: { name: own, f16_tflops: 100, memory_gib: 16, memory_gbps: 800 }
levels:
  - { name: wire, topology: switch, size: 4, gbps: 10, latency_us: 5 }
  - { name: net, topology: switch, size: 2, gbps: 1, efficiency: 0.9, latency_us: 50 }
`;

const folder = new Folder();
folder.write('net.py', MLP);
folder.write('llama.py', llamaSource());
folder.write('lab.yaml', LAB);

const mlp = ['plan', 'net.py', '--entry', 'Net()', '--input', 'x=8x96:f32', '--global-batch', '64'];
const llama = ['plan', 'llama.py', '--entry', "Llama('tiny', 16)", '--input', 'ids=2x16:i32', '--global-batch', '32'];
const server = ['--cluster', '910b1:8'];

describe('an answer', () => {
  it('is two lines, or all reasons with --explain', async () => {
    const short = await folder.run(...llama, ...server);
    expect(short.code).toBe(0);
    expect(short.out.trimEnd().split('\n')).toHaveLength(2);
    const long = await folder.run(...llama, ...server, '--explain');
    for (const part of [
      'where the step goes',
      'memory',
      'stages',
      'choices',
      'next: ',
      'runner-up: ',
      'binding: ',
      'proved',
    ])
      expect(long.out).toContain(part);
    expect(long.out).toContain('2 x layers.0');
  });

  it('is data with --json', async () => {
    const { out, code } = await folder.run(...mlp, ...server, '--json');
    const answer: unknown = JSON.parse(out);
    expect(code).toBe(0);
    expect(answer).toMatchObject({
      schema: 1,
      exitCode: 0,
      cluster: '910b1:8',
      globalBatch: 64,
      plan: { choices: { data: expect.any(Number) }, stepSeconds: expect.any(Number) },
      runnerUp: expect.any(Object),
    });
  });

  it('is certified by HiGHS with --certify', async () => {
    const { out, code } = await folder.run(...llama, ...server, '--fix', 'tensor=2', '--certify');
    expect(code).toBe(0);
    expect(out).toMatch(/layers\.0: exact search .* bound of HiGHS .* gap 0\.0000 %/);
    expect((await folder.run(...llama, ...server, '--fix', 'tensor=1', '--certify')).out).toContain('was enumerated');
  });

  it('takes a cluster from a file', async () => {
    const { out, code } = await folder.run(...mlp, '--cluster', 'lab.yaml', '--explain');
    expect(code).toBe(0);
    expect(out).toContain('on lab (8 devices)');
  });

  it('states what was fixed', async () => {
    const { out } = await folder.run(...llama, ...server, '--fix', 'tensor=2,pipeline=2,zero=1');
    expect(out).toMatch(/^data 2, tensor 2, pipeline 2, .*zero 1/);
  });
});

describe('files', () => {
  it('are read back as they were written', async () => {
    const fixed = ['--fix', 'tensor=2,pipeline=2,data=2,context=1,zero=1,micro-batch=4'];
    const emitted = ['--emit', 'strategy.json,mindformers.yaml', '-o', 'out'];
    expect(await folder.run(...llama, ...server, ...fixed, ...emitted)).toMatchObject({ code: 0 });
    const strategy = readStrategy(readFileSync(join(folder.path, 'out/llama.strategy.json'), 'utf8'));
    expect(strategy).toMatchObject({
      ok: true,
      value: {
        parallel_layout_item: {
          '0-layers.0.attention.query.weight': {
            dev_matrix: [2, 2],
            tensor_map: [0, -1],
            tensor_shape: [64, 64],
            opt_weight_shard_step: 2,
            opt_weight_shard_size: 2,
          },
          '1-head.weight': { tensor_map: [0, -1] },
        },
        parallel_strategy_item: {
          'MatMul_layers.1.feed_forward.down.weight': {
            stage: 1,
            parallel_strategy: [
              [2, 2],
              [1, 2],
            ],
          },
        },
      },
    });
    const configuration = readFileSync(join(folder.path, 'out/llama.mindformers.yaml'), 'utf8');
    expect(configuration).toContain('pipeline_stage: 2');
    expect(readMindFormers(configuration)).toMatchObject({
      ok: true,
      value: { data: 2, tensor: 2, pipeline: 2, context: 1, 'micro-batch': 4, virtual: 1 },
    });
  });

  it('go to the output when there is one', async () => {
    const { out, code } = await folder.run(...llama, ...server, '--emit', 'strategy.json');
    expect(code).toBe(0);
    expect(readStrategy(out).ok).toBe(true);
  });

  it('of MindFormers are compared with the plan', async () => {
    folder.write('theirs.yaml', 'parallel_config:\n  data_parallel: 1\n  model_parallel: 2\n  pipeline_stage: 4\n');
    const { out, code } = await folder.run(...llama, ...server, '--compare', 'theirs.yaml');
    expect(code).toBe(0);
    expect(out).toMatch(/theirs\.yaml\ndata 1, tensor 2, pipeline 4/);
    expect(out).toMatch(/\d % longer than the plan above/);
  });
});

describe('a plan', () => {
  it.each([
    ['tensor=2,data=2,pipeline=1,context=1', '910b1:4'],
    ['tensor=1,data=2,pipeline=2,context=1,micro-batch=2', '910b1:4'],
  ])('%s runs on the simulated cluster and gives what one device gives', async (fixed, cluster) => {
    const whole = [
      'plan',
      'llama.py',
      '--entry',
      "Llama('tiny', 16)",
      '--input',
      'ids=8x16:i32',
      '--global-batch',
      '8',
    ];
    const emitted = await folder.run(
      ...whole,
      '--cluster',
      cluster,
      '--fix',
      fixed,
      '--emit=graph.mlir',
      '-o',
      'plan.mlir',
    );
    expect(emitted.code).toBe(0);
    const formulas = ['--inputs', 'formula', '--weights', 'formula', '--check'];
    const run = await folder.run('run', 'plan.mlir', '--compile-from', 'graph', '--cluster', cluster, ...formulas);
    expect(`${run.out}${run.err}`).toContain('check: out0 against the oracle');
    expect(run.code).toBe(0);
  });
});

describe('a mistake', () => {
  it.each([
    ['MSC0570', [...mlp, ...server, '--fix', 'data=3,tensor=1'], /data 3 x tensor 1 is 3.*8 devices/],
    ['MSC0571', [...mlp.slice(0, -1), '7', ...server, '--fix', 'pipeline=1,tensor=1'], /global batch of 7.*\(8\)/],
    ['MSC0570', [...llama, '--cluster', '910b1:4', '--fix', 'tensor=3'], /: tensor 3 does not divide the 4 devices\n/],
    [
      'MSC0570',
      [...llama, '--cluster', '910b1:4', '--fix', 'data=1,context=1,pipeline=1,tensor=2'],
      /is 2, which leaves out some of the 4 devices\nhelp: sizes of \w+ that do: \d\n/,
    ],
    ['MSC0573', [...llama, '--cluster', '910b1:8', '--fix', 'tensor=8'], /does not divide the extent [42] /],
    ['MSC0574', [...mlp, ...server, '--fix', 'context=2'], /context 2 is not possible: no attention core/],
    ['MSC0574', [...llama, ...server, '--fix', 'pipeline=1,virtual=2'], /a pipeline of one stage has no chunks/],
    ['MSC0574', [...llama, ...server, '--fix', 'pipeline=8'], /pipeline 8 is not possible: the network has 5 blocks/],
    ['MSC0574', [...llama, ...server, '--fix', 'expert=2'], /the network has no experts/],
    ['MSC0575', [...mlp.slice(0, 3), 'Empty()', ...mlp.slice(4), ...server], /no parameters/],
    ['MSC0576', [...llama, ...server, '--emit', 'graph.mlir'], /traced for a batch of 2, the plan is for 32/],
    ['MSC0710', [...mlp, '--cluster', 'h100:2x8'], /known: 910b1, 910b2, 910b3, 910b4, 910c/],
    ['MSC0710', [...mlp, '--cluster', '910b1'], /there is no cluster '910b1'/],
    ['MSC0711', [...mlp, '--cluster', '910b1:2x9'], /a server has no 9 devices/],
  ])('%s', async (code, argv, message) => {
    const outcome = await folder.run(...argv);
    expect(outcome.err).toContain(`[${code}]`);
    expect(outcome.err).toMatch(message);
    expect(outcome.code).toBe(code === 'MSC0575' ? 3 : 1);
  });

  it('of tensor parallelism shows the line that is cut', async () => {
    const { err } = await folder.run(...llama, ...server, '--fix', 'tensor=8');
    expect(err).toMatch(/--> llama\.py:\d+/);
    expect(err).toContain('sizes that divide all cut extents: 1, 2');
  });

  it('of memory says what takes it and what would fit', async () => {
    const { err, code } = await folder.run(...llama, ...server, '--memory', '100K', '--fix', 'data=8,tensor=1');
    expect(code).toBe(4);
    expect(err).toMatch(/\[MSC0572\].*no plan fits: the one that needs least takes .* of 100\.0 KiB/);
    expect(err).toMatch(/weights|optimizer state|activations/);
    expect(err).toMatch(/help: .*a plan fits: /);
  });

  it.each([
    ['lab.yaml', LAB.replace('size: 4', 'size: [4'), /lab\.yaml:\d+/],
    [
      'lab.yaml',
      LAB.replace('topology: switch, size: 4', 'topology: ring, size: 4'),
      /lab\.yaml:4:\d+[^]*expected mesh or switch|expected mesh or switch[^]*lab\.yaml:4/,
    ],
    ['lab.yaml', LAB.replace('f16_tflops: 100', 'f16_tflops: many'), /lab\.yaml:2:/],
    ['lab.yaml', LAB.replace('latency_us: 5 ', 'latency: 5 '), /has no 'latency'/],
    ['lab.yaml', LAB.replace('name: lab', 'name: lab\nname: other'), /unique|duplicate/i],
    ['lab.json', '{"device": "ascend910b1", "levels": [}', /lab\.json:1:/],
    [
      'lab.json',
      '{"device": "ascend999", "levels": [{"name": "a", "topology": "mesh", "size": 8, "gbps": 28}]}',
      /there is no chip 'ascend999'/,
    ],
  ])('of a file is shown at its line: %s %#', async (name, text, message) => {
    const own = new Map([[`broken-${name}`, text]]);
    for (const [path, content] of own) folder.write(path, content);
    const outcome = await folder.run(...mlp, '--cluster', `broken-${name}`);
    expect(outcome.err).toContain('[MSC0930]');
    expect(outcome.err).toMatch(message);
    expect(outcome.code).toBe(1);
  });

  it.each([
    [['plan', 'net.py'], /plan needs a cluster/],
    [[...mlp, ...server, '--fix', 'tensor=2,tensor=4'], /--fix says tensor=2 and tensor=4/],
    [[...mlp, ...server, '--fix', 'colour=2'], /--fix colour=2: expected NAME=NUMBER/],
    [[...mlp, ...server, '--fix', 'tensor=0'], /expected a number from 1/],
    [[...mlp, ...server, '--memory', '900GiB'], /a device of 910b1:8 has 64 GiB/],
    [[...mlp, ...server, '--memory', 'lots'], /expected a size/],
    [[...mlp.slice(0, -1), '2.5', ...server], /expected a whole number of samples/],
    [[...mlp, ...server, '--compute', 'f8'], /expected bf16, f16, f32/],
    [[...mlp, ...server, '--emit', 'strategy.json,mindformers.yaml'], /give a folder with -o DIR/],
    [[...mlp, ...server, '--emit', 'plan.xml'], /expected strategy\.json, mindformers\.yaml/],
  ])('of the options ends with 2: %#', async (argv, message) => {
    const outcome = await folder.run(...argv);
    expect(outcome.err).toMatch(message);
    expect(outcome.code).toBe(2);
  });
});

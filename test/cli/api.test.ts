/** msc as a library, and what happens when msc itself is wrong. */
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  compile,
  decodeProgram,
  encodeProgram,
  inspect,
  parseModule,
  plan,
  printModule,
  reportPage,
  run,
} from '../../tools/api/index.ts';
import { Folder, repository } from './harness.ts';

const NET = `import mindspore as ms
from mindspore import nn

ms.set_auto_parallel_context(parallel_mode="data_parallel", device_num=2)


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.dense = nn.Dense(4, 6)

    def construct(self, x):
        return self.dense(x)
`;

describe('the API', () => {
  it('inspects, and writes the page', async () => {
    const lenet5 = { file: 'examples/lenet5/lenet5.py', folder: repository, entry: 'LeNet5()' };
    const { report, diagnostics } = await inspect({
      ...lenet5,
      inputs: [{ name: 'x', shape: [1, 1, 32, 32], dtype: 'f32' }],
    });
    expect(diagnostics).toEqual([]);
    expect(report?.head.subject.inputs).toEqual(['x=1x1x32x32:f32']);
    expect(report?.sections.kernels?.launches.length).toBe(9);
    if (report !== null) expect(reportPage(report)).toMatch(/^<!doctype html>/);
    expect((await inspect({ ...lenet5, target: 'ascend1' })).diagnostics[0]?.code).toBe('MSC0706');
  });

  it('compiles, stores, loads and runs', async () => {
    const { program, diagnostics } = await compile({
      file: 'examples/lenet5/lenet5.py',
      folder: repository,
      entry: 'LeNet5()',
      inputs: [{ name: 'x', shape: [1, 1, 32, 32], dtype: 'f32' }],
    });
    expect(diagnostics).toEqual([]);
    if (program === null) throw new Error('no program');
    const loaded = decodeProgram(encodeProgram(program));
    expect(loaded.diagnostics).toEqual([]);
    const [first, second] = [
      await run(program, { inputs: 'formula', weights: 'formula' }),
      await run(loaded.program ?? program, { inputs: 'formula', weights: 'formula', threads: 2 }),
    ];
    expect(first.diagnostics).toEqual([]);
    expect(first.outputs?.get('out0')?.shape).toEqual([1, 10]);
    expect(second.outputs).toEqual(first.outputs);
  });

  it('answers wrong input with diagnostics', async () => {
    expect((await compile({ file: 'absent.py' })).diagnostics[0].code).toBe('MSC0205');
    expect((await compile({ file: 'absent.py', target: 'abacus' })).diagnostics[0].code).toBe('MSC0706');
    expect(decodeProgram(new Uint8Array(10)).diagnostics[0].code).toBe('MSC0701');
    expect(parseModule('func.func @f(').diagnostics.length).toBeGreaterThan(0);
  });

  it('runs a network on a cluster as on one device', async () => {
    const folder = new Folder();
    folder.write('net.py', NET);
    const network = {
      file: 'net.py',
      folder: folder.path,
      inputs: [{ name: 'x', shape: [8, 4], dtype: 'f32' }],
    } as const;
    const options = { inputs: 'formula', weights: 'formula' } as const;
    const { program } = await compile(network);
    if (program === null) throw new Error('no program');
    const one = (await run(program, options)).outputs?.get('out0');
    const many = await run({ ...network, cluster: '910b1:1x2' }, { ...options, timing: true });
    expect(many.diagnostics).toEqual([]);
    expect(many.time?.ranks.length).toBe(2);
    const [left, right] = [one, many.outputs?.get('out0')].map((tensor) => Array.from(tensor?.data ?? [], Number));
    expect(left.length).toBe(8 * 6);
    for (const [at, value] of left.entries()) expect(right[at]).toBeCloseTo(value, 5);
    const wrong = await run({ ...network, cluster: '910b1:1x8' }, options);
    expect(wrong.diagnostics.map(({ code }) => code)).toEqual(['MSC0721']);
  });

  it('plans', async () => {
    const folder = new Folder();
    folder.write('net.py', NET);
    const options = {
      ...{ file: 'net.py', folder: folder.path, cluster: '910b1:1x8' },
      inputs: [{ name: 'x', shape: [8, 4], dtype: 'f32' }],
    } as const;
    const found = await plan({ ...options, fixed: { data: 8 }, globalBatch: 64, memory: '58GiB' });
    expect(found.diagnostics).toEqual([]);
    expect(found.answer).toMatchObject({ globalBatch: 64, plan: { choices: { data: 8, tensor: 1 } } });
    expect(found.explanation).toContain('data');
    expect(JSON.parse(found.strategy ?? '')).toHaveProperty('parallel_layout_item');
    expect(found.configuration).toContain('data_parallel: 8');
    const wrong = [await plan({ ...options, globalBatch: 0.5 }), await plan({ ...options, cluster: 'abacus:1x8' })];
    expect(wrong.map(({ diagnostics }) => diagnostics[0].code)).toEqual(['MSC0822', 'MSC0710']);
  });

  it('prints what it parses', () => {
    const text = 'func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {\n  func.return %x : tensor<2xf32>\n}\n';
    const { module } = parseModule(text);
    if (module === null) throw new Error('no module');
    const printed = printModule(module);
    const again = parseModule(printed).module;
    expect(again && printModule(again)).toBe(printed);
  });
});

describe('a bug of msc', () => {
  it('ends with 70 and a file that says how to see it again', async () => {
    const folder = new Folder();
    const fails = (): never => {
      throw new Error('the stream broke');
    };
    const { code, err } = await folder.runWith({ write: fails }, 'ops', 'relu');
    expect(code).toBe(70);
    expect(err).toMatch(/internal error: the stream broke\n.*bug of msc.* msc-crash-[0-9a-f]{8}\.txt/);
    expect(err).not.toMatch(/^ +at /m);
    const [name] = folder.files();
    expect(readFileSync(join(folder.path, name), 'utf8')).toMatch(/^msc \S+, node .*\nmsc ops relu\n/);
  });
});

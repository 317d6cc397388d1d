/** Each diagnostic without a wrong and a right program in its catalog row has a command line here that gives it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeNpz } from '../../tools/formats/index.ts';
import type { FileTensor } from '../../tools/formats/index.ts';
import { diagnosticCatalog } from '../../tools/msc/catalog.ts';
import { Folder } from './harness.ts';

const folder = new Folder();

const NET = (body: string, init = 'pass'): string => `import mindspore as ms
import mindspore.nn as nn
import mindspore.ops as ops
from mindspore import Parameter, Tensor
from mindspore.common.initializer import initializer
import numpy as np


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        ${init}

    def construct(self, x):
        ${body}
`;

const IR = (body: string, type = 'tensor<2x3xf32>', parameter = ''): string =>
  `func.func @main(%x: ${type}${parameter}) -> ${type} {\n  ${body}\n}\n`;

const npz = (entries: Readonly<Record<string, FileTensor>>): Uint8Array => {
  const bytes = writeNpz(new Map(Object.entries(entries)));
  if (!bytes.ok) throw new Error(bytes.error.message);
  return bytes.value;
};
const f32 = (...shape: readonly number[]): FileTensor => ({
  dtype: 'f32',
  shape,
  data: new Float32Array(shape.reduce((product, extent) => product * extent, 1)),
});

const header = "{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), }\n";
const BIG_ENDIAN = Buffer.concat([
  Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]),
  Buffer.from(header),
  new Uint8Array(24),
]);

type Files = Readonly<Record<string, string | Uint8Array>>;
const compile = ['compile', 'net.py', '--input', 'x=2x3:f32', '-o', 'net.msp'];
const run = ['run', 'net.py', '--input', 'x=2x3:f32'];
const given = [...run, '--inputs', 'in.npz'];
const relu = NET('return ops.relu(x)');
const dense = NET('return self.dense(x)', 'self.dense = nn.Dense(3, 4)');

/** Code, files, and the command line. */
const triggers: readonly (readonly [code: string, files: Files, argv: readonly string[]])[] = [
  ['MSC0109', { 'net.py': `${'('.repeat(400)}1${')'.repeat(400)}\n` }, ['check', 'net.py']],
  ['MSC0119', { 'net.py': Uint8Array.of(0x78, 0x3d, 0x22, 0xff, 0xfe, 0x22, 0x0a) }, compile],
  ['MSC0120', { 'net.py': 'x = = 1\n'.repeat(300) }, ['check', 'net.py']],
  ['MSC0205', {}, ['compile', 'absent.py', '--input', 'x=2x3:f32', '-o', 'net.msp']],
  ['MSC0305', { 'net.py': NET('return nn.thor([])(x)') }, compile],
  ['MSC0306', { 'net.py': 'x = 1\n' }, compile],
  ['MSC0307', { 'net.py': relu }, [...compile, '--entry', '3']],
  ['MSC0308', { 'net.py': relu }, ['compile', 'net.py', '--input', 'y=2x3:f32', '-o', 'net.msp']],
  ['MSC0309', { 'net.py': NET('return "text"') }, compile],
  [
    'MSC0310',
    {
      'net.py': NET(
        'return x + self.a + self.b',
        "self.a = Parameter(Tensor(np.ones(3), ms.float32), name='a')\n        self.b = Parameter(Tensor(np.ones(3), ms.float32), name='a')",
      ),
    },
    compile,
  ],
  ['MSC0601', { 'net.py': NET('return x.astype(ms.float64) + 1') }, compile],
  ['MSC0602', { 'net.py': NET('return ops.broadcast_to(x.reshape(6, 1), (6, 4000000000))') }, compile],
  ['MSC0701', { 'net.msp': 'PK no archive' }, ['run', 'net.msp', '--inputs', 'formula']],
  ['MSC0704', { 'net.py': relu }, ['run', 'net.py', '--input', 'x=30000x30000:f32', '--inputs', 'formula']],
  ['MSC0706', { 'net.py': relu }, [...compile, '--target', 'ascend1']],
  ['MSC0709', { 'net.py': NET('return ops.log(x - 100)') }, [...run, '--inputs', 'formula', '--sanitize=nan']],
  [
    'MSC0725',
    { 'net.py': NET('while x.sum() < 10:\n            x = x * 0\n        return x') },
    [...run, '--inputs', 'formula'],
  ],
  ['MSC0726', { 'net.py': NET('assert x.sum() < 0, "above"\n        return x') }, [...run, '--inputs', 'formula']],
  ['MSC0801', {}, ['disasm', 'absent.bin']],
  [
    'MSC0823',
    { 'net.py': relu, 'old.json': '{}' },
    ['inspect', 'net.py', '--input', 'x=2x3:f32', '--compare', 'old.json', '-o', 'net.html'],
  ],
  ['MSC0802', { 'net.py': relu }, [...compile.slice(0, -1), 'net.py/net.msp']],
  ['MSC0804', { 'net.py': relu }, run],
  ['MSC0805', { 'net.py': relu, 'in.npz': npz({ x: f32(3, 2) }) }, given],
  [
    'MSC0806',
    { 'net.py': dense, 'in.npz': npz({ x: f32(2, 3) }), 'w.npz': npz({ 'dense.bias': f32(4) }) },
    [...given, '--weights', 'w.npz'],
  ],
  [
    'MSC0807',
    {
      'net.py': dense,
      'in.npz': npz({ x: f32(2, 3) }),
      'w.npz': npz({ 'dense.bias': f32(4), 'dense.weight': f32(3, 4) }),
    },
    [...given, '--weights', 'w.npz'],
  ],
  [
    'MSC0808',
    { 'net.py': relu, 'in.npz': npz({ x: f32(2, 3) }), 'w.npz': npz({ momentum: f32(4) }) },
    [...given, '--weights', 'w.npz', '--weights-strict'],
  ],
  [
    'MSC0809',
    { 'net.py': NET('return x + 1'), 'in.npz': npz({ x: f32(2, 3), 'expected.out0': f32(2, 3) }) },
    [...given, '--check'],
  ],
  ['MSC0812', { 'net.py': relu, 'in.npz': npz({ x: f32(2, 3), 'expected.out0': f32(3, 2) }) }, [...given, '--check']],
  ['MSC0817', { 'net.py': relu, 'in.npz': npz({ x: f32(2, 3), label: f32(7) }) }, given],
  [
    'MSC0814',
    { 'net.mlir': IR('func.return %x : tensor<2x3xf32>', 'tensor<2x3xf32>', ' {ms.param = "w"}') },
    ['run', 'net.mlir'],
  ],
  [
    'MSC0815',
    { 'net.py': NET('return ops.cumprod(x, 0)') },
    ['compile', 'net.py', '--input', 'x=2x3:f32', '--emit=onnx', '-o', 'net.onnx'],
  ],
  [
    'MSC0816',
    { 'net.mlir': IR('func.return %x : tensor<?x3xf32>', 'tensor<?x3xf32>') },
    ['compile', 'net.mlir', '-o', 'net.msp'],
  ],
  ['MSC0818', { 'net.mlir': '' }, ['compile', 'net.mlir', '-o', 'net.msp']],
  [
    'MSC0813',
    {
      'net.py': NET('return x + self.w', "self.w = Parameter(initializer('orthogonal', [3, 3], ms.float32), name='w')"),
    },
    [...run.slice(0, -1), 'x=3x3:f32', '--inputs', 'formula'],
  ],
  ['MSC0602', { 'net.py': relu }, ['compile', 'net.py', '--input', 'x=40000x40000:f32', '-o', 'net.msp']],
  [
    'MSC0819',
    { 'net.mlir': IR('func.return %x : tensor<2x3xf32>') },
    ['compile', 'net.mlir', '--compile-from=scheduled', '-o', 'net.msp'],
  ],
  ['MSC0820', { 'net.mlir': IR('func.return %x : tensor<2x3xf32>') }, ['reduce', 'net.mlir', '--test', 'false']],
  [
    'MSC0821',
    { 'net.py': relu, 'in.npz': npz({ x: { dtype: 'f64', shape: [2, 3], data: new Float64Array(6) } }) },
    ['run', 'net.py', '--inputs', 'in.npz'],
  ],
  ['MSC0901', { 'net.py': relu, 'in.npz': 'PK' }, given],
  [
    'MSC0902',
    { 'net.py': relu, 'in.npy': BIG_ENDIAN },
    ['run', 'net.py', '--input', 'x=2x3:f32', '--inputs', 'in.npy'],
  ],
];

const scheduled = ['compile', 'net.py', '--input', 'x=2x3:f32', '--emit=scheduled', '-o', 'net.mlir'];
const changed = ['compile', 'changed.mlir', '--compile-from=scheduled', '-o', 'net.msp'];
const withoutFlags = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !/npu\.(set|wait)_flag/.test(line))
    .join('\n');
const outside = (text: string): string => text.replaceAll(/address = \d+/g, 'address = 99999744');

describe('a program file that gives', () => {
  it.each([
    ['MSC0803', ['--inputs', 'in.npz'], 1],
    ['MSC0810', ['--inputs', 'formula', '--check'], 1],
  ])('%s', async (code, options, exit) => {
    folder.write('net.py', relu);
    folder.write('in.npz', npz({ x: f32(2, 3), y: f32(2, 3) }));
    expect(await folder.run(...compile)).toMatchObject({ code: 0 });
    const outcome = await folder.run('run', 'net.msp', ...options);
    expect(outcome.err).toContain(`[${code}]`);
    expect(outcome.code).toBe(exit);
  });

  it.each([
    ['MSC0702', outside, [], 1],
    ['MSC0703', withoutFlags, ['--sanitize'], 5],
  ] as const)('%s', async (code, edit, options, exit) => {
    folder.write('net.py', relu);
    expect(await folder.run(...scheduled)).toMatchObject({ code: 0 });
    folder.write('changed.mlir', edit(readFileSync(join(folder.path, 'net.mlir'), 'utf8')));
    expect(await folder.run(...changed)).toMatchObject({ code: 0 });
    const outcome = await folder.run('run', 'net.msp', '--inputs', 'formula', ...options);
    expect(outcome.err).toContain(`[${code}]`);
    expect(outcome.code).toBe(exit);
  });
});

/** Codes that other tests give, and codes that no command line can. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  MSC0409: 'the text would be long; test/ir',
  MSC0420: 'the parser finds it first',
  MSC0421: 'only a pass can break use counts',
  MSC0428: 'the constraints of the ops find it first',
  MSC0504: 'needs a pass with stages; test/ir/pipeline',
  MSC0505: 'needs passes with an order; test/ir/pipeline',
  MSC0702: 'above',
  MSC0703: 'above',
  MSC0705: 'the reader of program files finds it first',
  MSC0803: 'above',
  MSC0810: 'above',
  MSC0811: 'where an assertion fails the program stops first',
  MSC0506: 'needs a broken pass; test/ir/pipeline',
  MSC0570: 'test/plan/cli',
  MSC0571: 'test/plan/cli',
  MSC0572: 'test/plan/cli',
  MSC0573: 'test/plan/cli',
  MSC0574: 'test/plan/cli',
  MSC0575: 'test/plan/cli',
  MSC0576: 'test/plan/cli',
  MSC0577: 'test/plan/apply',
  MSC0578: 'test/plan/apply',
  MSC0579: 'test/plan/apply',
  MSC0708: 'a program of one rank; test/cluster/command',
  MSC0720: 'test/cluster/command',
  MSC0721: 'test/cluster/command',
  MSC0722: 'test/cluster/command',
  MSC0723: 'test/cluster/command',
  MSC0724: 'test/cluster/command',
  MSC0727: 'test/cluster/local-statistics',
  MSC0822: 'test/cli/api',
  MSC0710: 'test/plan/cli',
  MSC0711: 'test/plan/cli',
  MSC0930: 'test/plan/cli',
};

describe('a command line that gives', () => {
  it.each(triggers)('%s', async (code, files, argv) => {
    for (const [name, content] of Object.entries(files)) folder.write(name, content);
    const outcome = await folder.run(...argv);
    expect(outcome.err).toContain(`[${code}]`);
    const row = diagnosticCatalog.find((entry) => entry.code === code);
    const exits = { 'user-error': 1, unsupported: 3, 'does-not-fit': 4, 'wrong-result': 5 } as const;
    expect(outcome.code).toBe(exits[(row?.exitClass ?? '') as keyof typeof exits]); // a row's class is one of these
  });
});

it('every code is given by a command line, by its own programs, or elsewhere', () => {
  const known = new Set([...triggers.map(([code]) => code), ...Object.keys(ELSEWHERE)]);
  expect(
    diagnosticCatalog.filter(({ code, wrong }) => wrong === null && !known.has(code)).map(({ code }) => code),
  ).toEqual([]);
});

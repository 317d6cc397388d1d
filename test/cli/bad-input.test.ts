/** Bad input of every kind: a diagnostic with place and both values, the right exit code, no stack trace, no output file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeNpz } from '../../tools/formats/index.ts';
import { Folder, repository } from './harness.ts';
import type { Outcome } from './harness.ts';

const folder = new Folder();

const NET = (body: string, init = 'pass'): string => `import mindspore.nn as nn
import mindspore.ops as ops


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        ${init}

    def construct(self, x):
        ${body}
`;

/** What every refusal has in common. */
function expectManners({ err, out }: Outcome): void {
  expect(out).toBe('');
  expect(err).not.toMatch(/^\s+at .*\.[jt]s:\d+/m);
  expect(err).not.toMatch(/internal error/);
  expect(
    folder.files().filter((name) => name.endsWith('.msp') || name.startsWith('msc-crash') || name.endsWith('.tmp')),
  ).toEqual([]);
}

/** One bad program: what its diagnostic says, and the line that it shows. */
interface Case {
  readonly name: string;
  readonly text: string;
  readonly code: number;
  readonly says: readonly RegExp[];
  readonly options?: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: 'a syntax error',
    text: NET('return x +'),
    code: 1,
    says: [/error\[MSC01\d\d\]/, /--> net\.py:11:1[6-9]/, /11 \| {9}return x \+/],
  },
  {
    name: 'two syntax errors at once',
    text: `x = = 1\n${NET('return x')}y = )\n`,
    code: 1,
    says: [/net\.py:1:/, /net\.py:13:|net\.py:12:/, /2 errors/],
  },
  {
    name: 'an unknown API',
    text: NET('return ops.no_such_function(x)'),
    code: 3,
    says: [/no_such_function/, /--> net\.py:11:/],
  },
  {
    name: 'a shape mismatch',
    text: NET('return ops.matmul(x, x)'),
    code: 1,
    says: [/error\[MSC0301\]/, /--> net\.py:11:/, /2.*3/],
  },
  { name: 'an undefined name', text: NET('return y'), code: 1, says: [/name 'y' is not defined/, /--> net\.py:11:/] },
  {
    name: 'an endless loop',
    text: NET('return x', 'while True: pass'),
    code: 1,
    says: [/error\[MSC0202\]/, /--> net\.py:8:/, /help: .*--max-steps/],
    options: ['--max-steps', '2000000'],
  },
  {
    name: 'an endless loop of ops',
    text: NET('while True: x = x + 1'),
    code: 1,
    says: [/error\[MSC0202\]/, /--> net\.py:11:/],
    options: ['--max-steps', '200000'],
  },
  {
    name: 'a tensor larger than the device',
    text: NET('return ops.broadcast_to(x.reshape(6, 1), (6, 4000000000))'),
    code: 4,
    says: [/error\[MSC0602\].*6x4000000000xf32> takes 96000000000 bytes/, /--> net\.py:11:/],
  },
  {
    name: 'deep recursion',
    text: NET('return x', 'self.f(0)').replace(
      '    def construct',
      '    def f(self, n):\n        return self.f(n + 1)\n\n    def construct',
    ),
    code: 1,
    says: [/RecursionError/, /--> net\.py:/],
  },
  {
    name: 'a file outside of the folder',
    text: NET('return x', "open('/etc/passwd').read()"),
    code: 1,
    says: [/\/etc\/passwd/, /--allow-read/, /--> net\.py:8:/],
  },
  {
    name: 'a file above the folder',
    text: NET('return x', "open('../secret.txt').read()"),
    code: 1,
    says: [/secret\.txt/, /--> net\.py:8:/],
  },
  {
    name: 'a missing module',
    text: `import no_such_package.layers as layers\n${NET('return layers.f(x)')}`,
    code: 1,
    says: [/no_such_package/, /net\.py/],
  },
  {
    name: 'a huge list',
    text: NET('return x', 'self.v = [0] * 10**12'),
    code: 1,
    says: [/error\[MSC0203\]/, /--max-memory/],
  },
  {
    name: 'a missing input',
    text: NET('return x').replace('self, x', 'self, x, mask'),
    code: 1,
    says: [/error\[MSC0308\]/, /mask/],
  },
  {
    name: 'a construct that is not run',
    text: NET('return x', 'self.f()').replace(
      '    def construct',
      '    async def f(self):\n        pass\n\n    def construct',
    ),
    code: 3,
    says: [/MSC0204/],
  },
];

describe('a Python file with', () => {
  it.each(cases)('$name', async ({ text, code, says, options = [] }) => {
    folder.write('net.py', text);
    const started = process.cpuUsage();
    const outcome = await folder.run(
      'compile',
      'net.py',
      '--entry',
      'Net()',
      '--input',
      'x=2x3:f32',
      '-o',
      'net.msp',
      ...options,
    );
    for (const pattern of says) expect(outcome.err).toMatch(pattern);
    expect(outcome.code).toBe(code);
    expectManners(outcome);
    // Time of the processor: a busy machine is no reason to fail.
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1e6).toBeLessThan(10);
  });

  it('no entry that is clear', async () => {
    folder.write('two.py', NET('return x') + NET('return x + 1').replaceAll('Net', 'Other'));
    const outcome = await folder.run('compile', 'two.py', '--input', 'x=2x3:f32', '-o', 'net.msp');
    expect(outcome.err).toMatch(/error\[MSC0306\].*Net\(\), Other\(\)/);
    expect(outcome.code).toBe(1);
    expectManners(outcome);
  });

  it('bytes that are no text', async () => {
    folder.write(
      'net.py',
      Uint8Array.from({ length: 300 }, (_, index) => (index * 37) % 256),
    );
    const outcome = await folder.run('compile', 'net.py', '--input', 'x=2x3:f32', '-o', 'net.msp');
    expect(outcome.code).toBe(1);
    expectManners(outcome);
  });

  it('no file at all', async () => {
    const outcome = await folder.run('run', 'absent.py', '--input', 'x=2x3:f32', '--inputs', 'formula');
    expect(outcome.err).toMatch(/absent\.py/);
    expect(outcome.code).toBe(1);
    expectManners(outcome);
  });
});

const example = (name: string): string => join(repository, 'examples/lenet5', name);
const lenet = ['run', example('lenet5.py'), '--entry', 'LeNet5()'];
const cut = (bytes: Uint8Array, share: number): Uint8Array => bytes.subarray(0, Math.floor(bytes.length * share));

describe('data that is', () => {
  it('a truncated checkpoint', async () => {
    folder.write('cut.ckpt', cut(readFileSync(example('lenet5.ckpt')), 0.6));
    const outcome = await folder.run(
      ...lenet,
      '--weights',
      'cut.ckpt',
      '--inputs',
      example('digits.npz'),
      '--outputs',
      'out.npz',
    );
    expect(outcome.err).toMatch(/error\[MSC0901\]: cut\.ckpt: .*\(at byte \d+\)/);
    expect(outcome.code).toBe(1);
    expectManners(outcome);
  });

  it('a truncated npz', async () => {
    folder.write('cut.npz', cut(readFileSync(example('digits.npz')), 0.5));
    const outcome = await folder.run(
      ...lenet,
      '--weights',
      example('lenet5.ckpt'),
      '--inputs',
      'cut.npz',
      '--outputs',
      'out.npz',
    );
    expect(outcome.err).toMatch(/error\[MSC0901\]: cut\.npz: /);
    expect(outcome.code).toBe(1);
    expectManners(outcome);
  });

  it('weights of another network', async () => {
    const weight = { dtype: 'f32', shape: [6, 1, 3, 3], data: new Float32Array(54) } as const;
    const bytes = writeNpz(
      new Map([
        ['conv1.weight', weight],
        ['moments.conv1.weight', weight],
      ]),
    );
    folder.write('other.npz', bytes.ok ? bytes.value : '');
    const outcome = await folder.run(
      ...lenet,
      '--weights',
      'other.npz',
      '--inputs',
      'formula',
      '--input',
      'x=2x1x32x32',
    );
    expect(outcome.err).toMatch(/error\[MSC0806\]: .*'conv1\.bias'/);
    expect(outcome.err).toMatch(
      /error\[MSC0807\]: .*'conv1\.weight' is f32 \[6, 1, 5, 5\], the weights file has f32 \[6, 1, 3, 3\]/,
    );
    expect(outcome.code).toBe(1);
  });

  it('an input with a misspelt name', async () => {
    const bytes = writeNpz(
      new Map([['image', { dtype: 'f32', shape: [2, 1, 32, 32], data: new Float32Array(2048) } as const]]),
    );
    folder.write('misspelt.npz', bytes.ok ? bytes.value : '');
    const outcome = await folder.run(...lenet, '--inputs', 'misspelt.npz');
    expect(outcome.err).toMatch(/'image'|'x'/);
    expect(outcome.code).toBe(1);
    expectManners(outcome);
  });

  it('an input of another shape than the program was compiled for', async () => {
    await folder.run('compile', ...lenet.slice(1), '--input', 'x=2x1x32x32', '-o', 'program.bin');
    const program = readFileSync(join(folder.path, 'program.bin'));
    const shapes = new Folder();
    shapes.write('p.msp', program);
    const bytes = writeNpz(
      new Map([['x', { dtype: 'f32', shape: [1, 1, 32, 32], data: new Float32Array(1024) } as const]]),
    );
    shapes.write('x.npz', bytes.ok ? bytes.value : '');
    const outcome = await shapes.run('run', 'p.msp', '--inputs', 'x.npz');
    expect(outcome.err).toMatch(
      /error\[MSC0805\]: the input 'x' is f32 \[2, 1, 32, 32\], the file has f32 \[1, 1, 32, 32\]/,
    );
    expect(outcome.code).toBe(1);
    for (const share of [0, 0.3, 0.9, 0.999]) {
      shapes.write('cut.msp', cut(program, share));
      const refused = await shapes.run('run', 'cut.msp', '--inputs', 'formula');
      expect(refused.err).toMatch(/error\[MSC0701\]: cut\.msp: /);
      expect(refused.code).toBe(1);
    }
    shapes.write(
      'changed.msp',
      program.map((byte, index) => (index === program.length >> 1 ? byte ^ 1 : byte)),
    );
    expect((await shapes.run('run', 'changed.msp', '--inputs', 'formula')).code).toBe(1);
  });
});

describe('IR text that is', () => {
  it.each([
    ['cut off', 'func.func @main(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {\n  %0 = "ms.add"(%x', 1, /MSC04\d\d/],
    [
      'of another shape',
      'func.func @main(%x: tensor<2x3xf32>) -> tensor<3x2xf32> {\n  %0 = "ms.add"(%x, %x) : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<3x2xf32>\n  func.return %0 : tensor<3x2xf32>\n}\n',
      1,
      /2x3xf32[^]*3x2xf32|3x2xf32[^]*2x3xf32/,
    ],
    [
      'symbolic',
      'func.func @main(%x: tensor<?x3xf32>) -> tensor<?x3xf32> {\n  func.return %x : tensor<?x3xf32>\n}\n',
      3,
      /MSC0816.*\?x3xf32/,
    ],
    ['empty', '', 1, /MSC08\d\d|MSC04\d\d/],
  ])('%s', async (_, text, code, says) => {
    folder.write('bad.mlir', text);
    const outcome = await folder.run('compile', 'bad.mlir', '-o', 'net.msp');
    expect(outcome.err).toMatch(says);
    expect(outcome.code).toBe(code);
    expectManners(outcome);
  });
});

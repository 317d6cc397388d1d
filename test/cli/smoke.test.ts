/** The commands that need no network, and the manners of all of them. */
import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../tools/msc/version.ts';
import { Folder, repository } from './harness.ts';

const folder = new Folder();

const ADD = `func.func @main(%x: tensor<4x3xf32>) -> tensor<4x3xf32> {
  %0 = "ms.add"(%x, %x) : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
  func.return %0 : tensor<4x3xf32>
}
`;

describe('usage', () => {
  it.each([
    [[], /no command is given/],
    [['frobnicate'], /Unknown command: frobnicate/],
    [['bench', 'net.py'], /msc bench is not in this version/],
    [['run'], /run takes one file/],
    [['run', 'a.py', '--frobnicate'], /Unknown argument: frobnicate/],
    [['compile', 'a.py', '--emit=wasm'], /--emit=wasm is not in this version/],
    [['compile', 'a.py', '--emit=graph,asm'], /--emit=graph,asm writes several files: give a folder with -o DIR/],
    [['compile', 'a.py', '--emit=nonsense'], /--emit=nonsense: expected ast, source/],
    [['compile', 'a.py', '--compile-to=nowhere'], /--compile-to=nowhere: expected source/],
    [['run', 'a.py', '--input', 'x'], /expected NAME=SHAPE:DTYPE/],
    [['run', 'a.py', '--input', 'x=1:float99'], /unknown dtype 'float99'/],
    [['run', 'a.py', '--input', 'x=1', '--input', 'x=2'], /'x' is given already/],
    [['run', 'a.py', '--max-memory', 'lots'], /expected a size/],
    [['run', 'a.py', '--entry', 'Net()', '--entry', 'Other()'], /--entry is given more than once/],
    [['explain', 'MSC9999'], /there is no diagnostic/],
    [['ops', 'ms.nothing'], /there is no op/],
    [['opt', '--no-such-pass'], /unknown flag/],
  ])('%j ends with 2', async (argv, message) => {
    const { code, out, err } = await folder.run(...argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err).toMatch(/help: msc --help/);
  });

  it('helps', async () => {
    const { code, out, err } = await folder.run('--help');
    expect([code, err]).toEqual([0, '']);
    for (const name of ['compile', 'run', 'check', 'opt', 'asm', 'disasm', 'ops', 'explain', 'doctor', 'completion'])
      expect(out).toContain(`msc ${name}`);
    expect((await folder.run('run', '--help')).out).toContain('--weights');
  });

  it('says its version', async () => {
    const manifest: { version: string } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
    expect((await folder.run('--version')).out).toBe(`${manifest.version}\n`);
    expect(version).toBe(manifest.version);
  });
});

describe('small commands', () => {
  it('lists ops and instructions, and describes one', async () => {
    expect((await folder.run('ops')).out).toContain('| `ms.matmul` |');
    expect((await folder.run('ops', 'relu')).out).toMatch(/^### ms\.relu\n/);
    expect((await folder.run('ops', 'vadd_f32', '--isa')).out).toContain('`vadd_f32`');
    expect(JSON.parse((await folder.run('ops', '--json')).out).ops.length).toBeGreaterThan(60);
  });

  it('explains', async () => {
    const { code, out } = await folder.run('explain', '0201');
    expect(code).toBe(0);
    expect(out).toMatch(/^MSC0201 \(error\): .*\n\n[^]*Wrong:[^]*Right:/);
    expect((await folder.run('explain')).out.split('\n').length).toBeGreaterThan(50);
  });

  it('completes', async () => {
    expect((await folder.run('completion')).out).toContain('complete -o filenames -F _msc msc');
  });

  it('examines the machine', async () => {
    const { code, out } = await folder.run('doctor');
    expect(code, out).toBe(0);
    expect(out).toContain('an addition on the simulated NPU is right');
  });

  it('runs passes', async () => {
    folder.write('add.mlir', ADD);
    const { code, out } = await folder.run('opt', 'add.mlir', '--cse', '--canonicalize');
    expect(code).toBe(0);
    expect(out).toContain('ms.add');
  });

  it('reads IR from standard input', async () => {
    const { code, out } = await folder.runWith(
      { readInput: () => Buffer.from(ADD) },
      'run',
      '-',
      '--inputs',
      'formula',
      '--check',
    );
    expect(code).toBe(0);
    expect(out).toContain('out0: f32[4, 3]');
    expect(out).toContain('check: out0 against the oracle: error 0.00e+0');
  });

  it('reduces', async () => {
    folder.write(
      'long.mlir',
      ADD.replace(
        '  func.return',
        '  %1 = "ms.exp"(%0) : (tensor<4x3xf32>) -> tensor<4x3xf32>\n  %2 = "ms.add"(%1, %0) : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>\n  func.return',
      ),
    );
    const { code, out, err } = await folder.run('reduce', 'long.mlir', '--test', 'grep -q ms.exp');
    expect([code, err]).toEqual([0, expect.stringMatching(/^\d+ operations left after \d+ attempts\n$/)]);
    expect(out).toContain('ms.exp');
    expect(out).not.toContain('ms.add');
    expect((await folder.run('reduce', 'long.mlir', '--test', 'grep -q nothing')).code).toBe(1);
  });

  it('checks a file without knowing its inputs', async () => {
    folder.write(
      'net.py',
      'import mindspore.nn as nn\n\n\nclass Net(nn.Cell):\n    def construct(self, x):\n        return x\n',
    );
    const good = await folder.run('check', 'net.py');
    expect(good.code).toBe(0);
    expect(good.err).toMatch(/^note\[MSC0308\]: the input 'x' is missing/);
    folder.write(
      'net.py',
      'import mindspore.nn as nn\n\n\nclass Net(nn.Cell):\n    def __init__(self):\n        super().__init__()\n        self.a = nothing\n',
    );
    const bad = await folder.run('check', 'net.py');
    expect(bad.code).toBe(1);
    expect(bad.err).toContain("name 'nothing' is not defined");
  });

  it('tells where assembly is wrong', async () => {
    folder.write('wrong.s', 'loop:\n  vadd_f32 X1\n  jump nowhere\n');
    const { code, err } = await folder.run('asm', 'wrong.s', '-o', 'wrong.bin');
    expect(code).toBe(1);
    expect(err).toContain('--> wrong.s:2:3');
    expect(err).toContain("label 'nowhere' is not defined");
    expect(err).toContain('2 errors');
    expect(folder.files()).not.toContain('wrong.bin');
  });
});

describe('diagnostics', () => {
  it('are coloured on a terminal only', async () => {
    const plain = await folder.run('asm', 'wrong.s');
    expect(plain.err).not.toContain('\u001b');
    const terminal = await folder.runWith({ isErrorTerminal: true }, 'asm', 'wrong.s');
    expect(terminal.err).toContain('\u001b[31m');
    const refused = await folder.runWith({ isErrorTerminal: true, environment: { NO_COLOR: '1' } }, 'asm', 'wrong.s');
    expect(refused.err).not.toContain('\u001b[3');
  });

  it('have a JSON form', async () => {
    const { code, out, err } = await folder.run('asm', 'wrong.s', '--json');
    expect([code, err]).toEqual([1, '']);
    const answer = JSON.parse(out);
    expect(answer.exitCode).toBe(1);
    expect(answer.diagnostics[0]).toMatchObject({
      code: 'MSC0707',
      severity: 'error',
      class: 'user-error',
      place: { file: 'wrong.s', line: 2, column: 3, endLine: 2, endColumn: 11 },
    });
  });
});

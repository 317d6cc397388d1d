/** The main job, and every way to stop and start on it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNpz } from '../../tools/formats/index.ts';
import { Folder, repository } from './harness.ts';

const example = (name: string): string => join(repository, 'examples/lenet5', name);
const network = [example('lenet5.py'), '--entry', 'LeNet5()'];
const shape = ['--input', 'x=2x1x32x32:f32'];

describe('LeNet-5 with trained weights', () => {
  const folder = new Folder();

  it('runs on the simulator and equals the recorded logits', async () => {
    const { code, out, err } = await folder.run(
      'run',
      ...network,
      '--weights',
      example('lenet5.ckpt'),
      '--inputs',
      example('digits.npz'),
      '--check',
      '--outputs',
      'out.npz',
    );
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(/^out0: f32\[200, 10\] {2}min /);
    expect(out).toMatch(/accuracy: 193\/200 = 96\.50 %/);
    expect(out).toMatch(/check: out0 against the expected array: error \S+, limit 0\.0001\n/);
    const outputs = readNpz(readFileSync(join(folder.path, 'out.npz')));
    expect(outputs.ok && [...outputs.value.keys()]).toEqual(['out0']);
  });

  it('answers as JSON', async () => {
    const { code, out } = await folder.run(
      'run',
      ...network,
      ...shape,
      '--inputs',
      'formula',
      '--weights',
      'formula',
      '--check',
      '--timing',
      '--json',
    );
    const answer: Record<string, unknown> = JSON.parse(out);
    expect(code).toBe(0);
    expect(Object.keys(answer)).toEqual([
      'schema',
      'exitCode',
      'outputs',
      'accuracy',
      'check',
      'timing',
      'milliseconds',
      'diagnostics',
    ]);
    expect(answer['schema']).toBe(1);
  });

  it('takes --input once for each input', async () => {
    folder.write(
      'two.py',
      'import mindspore.nn as nn\nclass Net(nn.Cell):\n    def construct(self, x, y):\n        return x + y\n',
    );
    const { code, out, err } = await folder.run(
      'run',
      'two.py',
      '--input',
      'x=2x3:f32',
      '--input',
      'y=3:f32',
      '--inputs',
      'formula',
      '--check',
    );
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('f32[2, 3]');
  });

  it('shows that an output is no number', async () => {
    folder.write(
      'log.py',
      'import mindspore.nn as nn\nfrom mindspore import ops\nclass Net(nn.Cell):\n    def construct(self, x):\n        return ops.log(0 - x * x)\n',
    );
    const { code, out } = await folder.run('run', 'log.py', '--input', 'x=2x3:f32', '--inputs', 'formula');
    expect(code).toBe(0);
    expect(out).toMatch(/min NaN {2}max NaN {2}mean NaN/);
  });

  it('is free of races', async () => {
    const { code, err } = await folder.run('run', ...network, ...shape, '--inputs', 'formula', '--sanitize');
    expect([code, err]).toEqual([0, '']);
  });

  it('writes a trace', async () => {
    const { code } = await folder.run('run', ...network, ...shape, '--inputs', 'formula', '--trace', 'trace.json');
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(join(folder.path, 'trace.json'), 'utf8')).traceEvents.length).toBeGreaterThan(100);
  });

  it('finds a wrong result', async () => {
    const { code, err } = await folder.run(
      'run',
      ...network,
      ...shape,
      '--inputs',
      'formula',
      '--check',
      '--rtol',
      '1e-12',
      '--outputs',
      'wrong.npz',
    );
    expect(code).toBe(5);
    expect(err).toMatch(/error\[MSC0809\]: out0 differs from the oracle: error \S+, limit 1e-12/);
    expect(folder.files()).not.toContain('wrong.npz');
  });
});

describe('every stage', () => {
  const folder = new Folder();

  it('compiles to the same program as the source', async () => {
    expect((await folder.run('compile', ...network, ...shape, '-o', 'whole.msp')).code).toBe(0);
    const names = ['source', 'graph', 'fused', 'tile', 'scheduled'];
    const emitted = await folder.run(
      'compile',
      ...network,
      ...shape,
      `--emit=${names.join(',')}`,
      '--print-debuginfo',
      '-o',
      'stages',
    );
    expect([emitted.code, emitted.err]).toEqual([0, '']);
    const whole = await folder.run('disasm', 'whole.msp');
    for (const stage of names) {
      const { code, err } = await folder.run(
        'compile',
        `stages/lenet5.${stage}.mlir`,
        `--compile-from=${stage}`,
        '-o',
        `${stage}.msp`,
      );
      expect([stage, code, err]).toEqual([stage, 0, '']);
      expect((await folder.run('disasm', `${stage}.msp`)).out === whole.out, stage).toBe(true);
    }
  });

  it('runs from a program file as from the source', async () => {
    const ours = await folder.run('run', ...network, ...shape, '--inputs', 'formula', '--weights', 'formula');
    const loaded = await folder.run('run', 'whole.msp', '--inputs', 'formula', '--weights', 'formula');
    expect([loaded.code, loaded.out]).toEqual([0, ours.out]);
  });

  it('disassembles to text that assembles to the same words', async () => {
    const { out: listing } = await folder.run('disasm', 'whole.msp');
    const [, kernel = ''] = /\/\/ kernel (\S+) /.exec(listing) ?? [];
    const text = await folder.run('disasm', 'whole.msp', '--kernel', kernel);
    folder.write('kernel.s', text.out);
    expect((await folder.run('asm', 'kernel.s', '-o', 'kernel.bin')).code).toBe(0);
    const again = await folder.run('disasm', 'kernel.bin');
    folder.write('again.s', again.out);
    expect((await folder.run('asm', 'again.s', '-o', 'again.bin')).code).toBe(0);
    expect(readFileSync(join(folder.path, 'again.bin')).equals(readFileSync(join(folder.path, 'kernel.bin')))).toBe(
      true,
    );
  });

  it('emits ONNX and the syntax tree', async () => {
    const onnx = await folder.run(
      'compile',
      ...network,
      ...shape,
      '--emit=onnx',
      '--weights',
      'formula',
      '-o',
      'net.onnx',
    );
    expect([onnx.code, onnx.err]).toEqual([0, '']);
    const ast = await folder.run('compile', network[0], '--emit=ast');
    expect(JSON.parse(ast.out).kind).toBe('Module');
  });
});

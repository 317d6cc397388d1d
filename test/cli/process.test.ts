/** The built program as a process: streams, exit codes, threads. Needs `npm run build`; without it there is nothing to test. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Folder, repository } from './harness.ts';

const program = join(repository, 'dist/tools/msc/main.js');
const folder = new Folder();

function msc(...argv: readonly string[]): {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], {
    cwd: folder.path,
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '' },
    timeout: 30_000, // a hang ends with status null
  });
  return { code: status, out: stdout, err: stderr };
}

const NET = `import mindspore.nn as nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        print(self.depth(900))

    def depth(self, n):
        return 0 if n == 0 else 1 + self.depth(n - 1)

    def construct(self, x):
        return x + x
`;

describe.skipIf(!existsSync(program))('the process', () => {
  it('helps', () => {
    const { code, out } = msc('--help');
    expect(out).toMatch(/msc compile/);
    expect(code).toBe(0);
  });

  it('has room for deep Python recursion, and puts results and the rest on different streams', () => {
    folder.write('net.py', NET);
    const { code, out, err } = msc('run', 'net.py', '--input', 'x=2x3:f32', '--inputs', 'formula', '--check');
    expect(err).toBe('900\n');
    expect(out).toMatch(/^out0: f32\[2, 3\]/);
    expect(code).toBe(0);
  });

  it('ends endless recursion with a diagnostic', () => {
    folder.write('deep.py', NET.replace('900', '10 ** 6'));
    const { code, err } = msc('compile', 'deep.py', '--input', 'x=2x3:f32', '-o', 'deep.msp');
    expect(err).toMatch(/RecursionError/);
    expect(code).toBe(1);
    expect(folder.files()).not.toContain('deep.msp');
  });

  it('ends a usage error with 2', () => {
    expect(msc('frobnicate').code).toBe(2);
    expect(msc('compile').code).toBe(2);
  });
});

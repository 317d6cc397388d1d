/** `msc compile --cluster`: the modules of ranks as text. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { parseModule, verifyModule } from '../../compiler/ir/index.ts';
import { Folder } from '../cli/harness.ts';

const NET = (batch: string): string => `import numpy as np
import mindspore as ms
from mindspore import nn, ops, Tensor, Parameter

ms.set_auto_parallel_context(parallel_mode="semi_auto_parallel", device_num=4)


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.w1 = Parameter(Tensor(np.ones((16, 32)), ms.float32), name='w1')
        self.w2 = Parameter(Tensor(np.ones((32, 8)), ms.float32), name='w2')
        self.m1 = ops.MatMul()${batch}
        self.m2 = ops.MatMul().shard(((2, 2), (2, 1)))

    def construct(self, x):
        return self.m2(self.m1(x, self.w1), self.w2)
`;

const folder = new Folder();
const compile = (...more: readonly string[]) =>
  folder.run('compile', 'net.py', '--entry', 'Net()', '--input', 'x=8x16:f32', ...more);

/** Parses a module and says what is wrong with it. */
function problemsOf(text: string): readonly string[] {
  const { module, diagnostics } = parseModule({ name: 'rank.mlir', text }, opTable);
  const found = module === null ? diagnostics : verifyModule(module, opTable, { sources: new Map() });
  return found.map(({ message }) => message);
}

describe('msc compile --cluster', () => {
  test('prints one module for ranks that differ only in whom they speak to', async () => {
    folder.write('net.py', NET('.shard(((2, 1), (1, 2)))'));
    const { code, out, err } = await compile('--cluster', '910b1:1x4', '--emit=sharded');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^\/\/ rank 0; the ranks 1, 2, 3 differ from it only in whom they speak to\n"builtin.module"/);
    expect(out).toContain('ms.stage = "sharded"');
    expect(out).toMatch(/"dist.all_reduce".*group = array<i64: 0, 1>/);
    expect(problemsOf(out)).toEqual([]);
  });

  test('writes a file for each rank, at every stage from @sharded on', async () => {
    folder.write('net.py', NET('.shard(((2, 1), (1, 2)))'));
    const kinds = ['sharded', 'fused', 'tile', 'scheduled'];
    const outcome = await compile('--cluster', '910b1:1x4', `--emit=${kinds.join(',')},asm`, '-o', 'ranks', '--json');
    const files = kinds.map((kind) => `${kind}.mlir`).concat('s');
    const expected = [0, 1, 2, 3].flatMap((rank) => files.map((file) => `ranks/net.rank${rank}.${file}`));
    expect(JSON.parse(outcome.out)).toMatchObject({ exitCode: 0, files: expected });
    const read = (name: string): string => readFileSync(join(folder.path, 'ranks', name), 'utf8');
    expect(read('net.rank3.sharded.mlir')).toContain('group = array<i64: 2, 3>');
    expect(read('net.rank3.scheduled.mlir')).toContain('"npu.');
    expect(read('net.rank3.s')).toContain('// kernel ');
    for (const kind of kinds) expect([kind, problemsOf(read(`net.rank2.${kind}.mlir`))]).toEqual([kind, []]);
  });

  test('divides a network that says nothing as --plan does', async () => {
    folder.write(
      'net.py',
      NET('')
        .replace(/^ms\.set.*$/m, '')
        .replaceAll(/\.shard\(.*\)$/gm, ''),
    );
    const none = await compile('--cluster', '910b1:1x4', '--emit=sharded');
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('[MSC0723]')]);
    expect(none.err).toContain('--plan auto');
    const planned = await compile('--cluster', '910b1:1x4', '--emit=sharded', '--plan', 'auto');
    expect([planned.code, planned.out]).toEqual([0, expect.stringContaining('// rank 0')]);
  });

  test.each([
    [['--emit=sharded'], /add for example --cluster 910b1:1x4/],
    [['--cluster', '910b1:1x4'], /say --emit, expected sharded, fused/],
    [['--cluster', '910b1:1x4', '--emit=graph'], /--emit=graph with --cluster: expected sharded/],
    [['--cluster', '910b1:1x4', '--emit=sharded,asm'], /give a folder with -o DIR/],
  ])('%j is a usage error', async (more, message) => {
    const { code, err } = await compile(...more);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });
});

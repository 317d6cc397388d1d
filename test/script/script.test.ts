/** What a script may do, when a file is one, and how it ends. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isScript } from '../../compiler/frontend/index.ts';
import { Folder } from '../cli/harness.ts';

const folder = new Folder();

async function script(text: string, ...options: readonly string[]) {
  folder.write('script.py', text);
  return folder.run('run', 'script.py', ...options);
}

const NETWORK =
  'from mindspore import nn, context\nclass Net(nn.Cell):\n    def construct(self, x):\n        return x\n';

describe('which files are scripts', () => {
  it.each([
    ['a network', NETWORK, false],
    ['a network with settings', `${NETWORK}context.set_context(mode=0)\n`, false],
    ['a docstring and constants', '"""text"""\nN = int("3")\n', false],
    ['a call for its effect', `${NETWORK}print(1)\n`, true],
    ['a main block', `${NETWORK}if __name__ == '__main__':\n    main()\n`, true],
    ['a loop', 'for i in range(3):\n    x = i\n', true],
    ['with', 'with open("f") as f:\n    x = 1\n', true],
    ['a syntax error', 'print(1\n', false],
  ])('%s', (_, text, expected) => {
    expect(isScript(text, 'net.py')).toBe(expected);
  });
});

describe('scripts', () => {
  it('get arguments, __main__ and their exit code', async () => {
    const text = `import sys
if __name__ == '__main__':
    print(sys.argv[1:])
    sys.exit(0 if len(sys.argv) == 3 else 'too few')
`;
    const enough = await script(text, '--', 'a', '--b');
    expect(enough).toMatchObject({ code: 0, out: "['a', '--b']\n", err: '' });
    const few = await script(text);
    expect(few.code).toBe(1);
    expect(few.err).toMatch(/too few/);
  });

  it('catch what the library tells, and are told it in full where they do not', async () => {
    const text = `import mindspore as ms
from mindspore import ops, Tensor
import numpy as np
x = Tensor(np.ones((2, 3)), ms.float32)
try:
    ops.matmul(x, x)
except ValueError as error:
    print('caught', 'k of lhs is 3' in str(error))
class Quiet:
    def __enter__(self):
        return self
    def __exit__(self, kind, error, trace):
        print('left with', kind.__name__)
        return True
with Quiet():
    ops.matmul(x, x)
ops.matmul(x, x)
`;
    const { code, out, err } = await script(text);
    expect(out).toBe('caught True\nleft with ValueError\n');
    expect(code).toBe(1);
    expect(err).toMatch(/MSC0301.*script\.py:17/s);
  });

  it('write below the current folder only, and whole files', async () => {
    const inside = await script(`open('a.txt', 'w').write('text')
with open('b.txt', 'w') as f:
    f.write('text')
`);
    expect(inside.err).toBe('');
    expect(readFileSync(join(folder.path, 'b.txt'), 'utf8')).toBe('text');
    expect(folder.files().filter((name) => name.endsWith('.tmp'))).toEqual([]);
    const outside = await script("with open('../outside.txt', 'w') as f:\n    f.write('text')\n");
    expect(outside.code).toBe(1);
    expect(outside.err).toMatch(/PermissionError.*not below the current folder/s);
    expect(existsSync(join(folder.path, '../outside.txt'))).toBe(false);
  });

  it('do not write checkpoints outside', async () => {
    const { code, err } = await script(
      "import mindspore as ms\nfrom mindspore import nn\nms.save_checkpoint(nn.Dense(1, 1), '../net.ckpt')\n",
    );
    expect(err).toMatch(/PermissionError.*not below the current folder.*help: give a path below the current folder/s);
    expect(err).not.toContain('--allow-read');
    expect(code).toBe(1);
  });

  it('tell an op that does not fit at its line', async () => {
    const { code, err } = await script(
      'import mindspore as ms\nx = ms.ops.ones((2, 3))\nprint("before")\nprint(ms.ops.matmul(x, x))\n',
    );
    expect(err).toMatch(/MSC0301/);
    expect(err).toMatch(/script\.py:4/);
    expect(code).toBe(1);
  });

  it('trace a graph once for each signature; what it prints is part of it', async () => {
    const { out } = await script(`import mindspore as ms
from mindspore import ops
traced = []
@ms.jit
def f(x, n):
    traced.append((x.shape, n))
    print('sum', x.sum(), x)
    return x * n
for shape, n in (((2,), 2), ((2,), 2), ((3,), 2), ((2,), 3), ((2,), 2)):
    f(ops.ones(shape) * n, n)
print(traced)
`);
    expect(out.split('\n')[0]).toBe('sum');
    expect(out.match(/sum\n\d/g)).toEqual(['sum\n4', 'sum\n4', 'sum\n6', 'sum\n6', 'sum\n4']);
    expect(out).toContain('Tensor(shape=[2], dtype=Float32, value=[ 3.00000000e+00  3.00000000e+00])');
    expect(out.trim().split('\n').at(-1)).toBe('[((2,), 2), ((3,), 2), ((2,), 3)]');
  });

  it('see new elements of arrays that they pass to compiled functions', async () => {
    const { out, err } = await script(`import mindspore as ms
import numpy as np
from mindspore import Tensor
@ms.jit
def f(x, array):
    return x + Tensor(array)
array = np.ones(2, np.float32)
print(f(Tensor([1.0, 2.0]), array))
array[0] = 5
print(f(Tensor([1.0, 2.0]), array))
`);
    expect(err).toBe('');
    expect(out).toBe('[2. 3.]\n[6. 3.]\n');
  });

  it('see new values of parameters wherever they were changed', async () => {
    const { out, err } = await script(`import mindspore as ms
from mindspore import Tensor, Parameter, ops
w = Parameter(Tensor([1.0, 2.0]), name='w')
v = Parameter(Tensor([1.0, 2.0]), name='w')
@ms.jit
def step(p):
    ops.assign_add(p, p)
    return p.sum()
print(step(w), step(w), step(v), w.asnumpy(), v.asnumpy())
copy = w.clone()
kept = Tensor(w)
w.set_data(Tensor([0.5, 0.5]))
print(step(w), w.asnumpy(), copy.asnumpy(), kept)
`);
    expect(err).toBe('');
    expect(out).toBe('6.0 12.0 6.0 [4. 8.] [2. 4.]\n2.0 [1. 1.] [4. 8.] [4. 8.]\n');
  });

  it('forget what a cell printed and changed while it was traced in vain', async () => {
    const { out } = await script(`import mindspore as ms
from mindspore import Tensor, nn
class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.seen = []
    def construct(self, x):
        self.seen.append(1)
        print('construct')
        return x if float(x) > 0 else -x
net = Net()
print(net(Tensor(-2.0)), net(Tensor(3.0)), net.seen)
`);
    expect(out).toBe('construct\nconstruct\n2.0 3.0 [1, 1]\n');
  });

  it('show a line on a terminal, and clear it before they print', async () => {
    folder.write('script.py', 'import mindspore as ms\nprint(ms.Tensor([1.0]) + 1)\n');
    let log = '';
    const { out } = await folder.runWith(
      { isErrorTerminal: true, log: (text) => void (log += text) },
      'run',
      'script.py',
    );
    expect(out).toBe('[2.]\n');
    expect(log).toMatch(/script\.py: compiling graph 1/);
    expect(log.endsWith('\r\u001b[K')).toBe(true);
  });

  it('stop at the op that makes a NaN', async () => {
    const text = `import mindspore as ms
from mindspore import nn, ops
class Net(nn.Cell):
    def construct(self, x):
        y = ops.log(x - 1)
        return (y * 2).sum()
print(Net()(ms.Tensor([3.0, 0.5])))
`;
    expect(await script(text)).toMatchObject({ code: 0, out: 'nan\n' });
    const { code, err } = await script(text, '--sanitize=nan');
    expect(err).toMatch(/MSC0709.*NaN in element 1 of the f32 result of vector_log/);
    expect(err).toMatch(/script\.py:5:13/);
    expect(code).toBe(5);
  });
});

/** Networks on batches without elements: nothing to compute is no error. */
import { expect, it } from 'vitest';
import { Folder } from './harness.ts';

const NET = `import mindspore.nn as nn


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.pool = nn.MaxPool2d(2, 2)
        self.dense = nn.Dense(8, 4)

    def construct(self, x):
        return self.dense(self.pool(self.conv(x)).mean((2, 3)))
`;

it('a batch of no images', async () => {
  const folder = new Folder();
  folder.write('net.py', NET);
  const { code, out, err } = await folder.run(
    'run',
    'net.py',
    '--input',
    'x=0x3x8x8:f32',
    '--inputs',
    'formula',
    '--check',
  );
  expect(err).toBe('');
  expect(out).toMatch(/^out0: f32\[0, 4\] {2}no elements\n/);
  expect(code).toBe(0);
});

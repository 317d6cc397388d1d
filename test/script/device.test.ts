/** The device of a script when its memory holds few graphs. */
import { describe, expect, it } from 'vitest';
import { preludeModules, runScript } from '../../compiler/frontend/index.ts';
import { createEngine } from '../../runtime/host/index.ts';
import { chips } from '../../runtime/target/index.ts';
import { preludeReader } from '../../tools/msc/host.ts';
import { arrayCodec } from '../../tools/msc/script/codec.ts';
import { SimulatedDevice } from '../../tools/msc/script/device.ts';
import { scriptHost } from '../../tools/msc/script/host.ts';
import { Folder } from '../cli/harness.ts';

const folder = new Folder();

const TWO_GRAPHS = `import mindspore as ms
from mindspore import Tensor, Parameter, ops
w = Parameter(Tensor([1.0, 2.0]), name='w')
scale = Parameter(Tensor([3.0, 3.0]), name='scale', requires_grad=False)
@ms.jit
def step(x):
    ops.assign_add(w, x * scale)
    return w.sum()
@ms.jit
def read(x):
    return (w * x).sum()
x = Tensor([1.0, 1.0])
for _ in range(3):
    print(step(x), read(x))
print(w.asnumpy())
`;

async function outputWith(mostLoaded: number): Promise<{ readonly text: string; readonly compiled: number }> {
  folder.write('script.py', TWO_GRAPHS);
  let text = '';
  let compiled = 0;
  const engine = await createEngine();
  const write = (part: string): void => void (text += part);
  const diagnostics = runScript({
    file: 'script.py',
    host: scriptHost({
      folder: folder.path,
      file: 'script.py',
      readable: [],
      scriptArguments: [],
      writeOutput: write,
      writeError: write,
    }),
    prelude: preludeModules(preludeReader()),
    codec: arrayCodec,
    device: new SimulatedDevice({
      engine,
      chip: chips[0],
      observer: { compiling: (graphs) => void (compiled = graphs), running: () => undefined },
      refuse: [],
      mostLoaded,
      now: () => 0,
    }),
  });
  await engine.close();
  expect(diagnostics).toEqual([]);
  return { text, compiled };
}

describe('the device of a script', () => {
  it('keeps the contents of graphs that it unloads', async () => {
    const expected = '9.0 9.0\n15.0 15.0\n21.0 21.0\n[10. 11.]\n';
    expect(await outputWith(100)).toEqual({ text: expected, compiled: 2 });
    expect(await outputWith(1)).toEqual({ text: expected, compiled: 2 });
  });
});

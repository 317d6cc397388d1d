/** A script that is interrupted leaves a whole checkpoint. Needs `npm run build`; without it there is nothing to test. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../tools/formats/index.ts';
import { Folder, repository } from '../cli/harness.ts';

const program = join(repository, 'dist/tools/msc/main.js');
const folder = new Folder();

const ENDLESS = `import mindspore as ms
from mindspore import nn
net = nn.Dense(200, 200)
while True:
    ms.save_checkpoint(net, 'net.ckpt')
    print('saved')
`;

describe.skipIf(!existsSync(program))('an interrupted script', () => {
  it('exits with 130 and leaves the last whole checkpoint', async () => {
    folder.write('endless.py', ENDLESS);
    const child = spawn(process.execPath, [program, 'run', 'endless.py'], { cwd: folder.path });
    let saved = 0;
    child.stdout.on('data', (text: Buffer) => {
      saved += text.toString().split('saved').length - 1;
      if (saved >= 20) child.kill('SIGINT');
    });
    const code = await new Promise((resolve) => child.on('exit', resolve));
    expect(code).toBe(130);
    const checkpoint = readCheckpoint(readFileSync(join(folder.path, 'net.ckpt')));
    expect(checkpoint.ok && [...checkpoint.value.keys()]).toEqual(['weight', 'bias']);
  });
});

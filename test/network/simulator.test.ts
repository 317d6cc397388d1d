/** The recorded networks, layers and mindcv models from source to the simulator: outputs equal MindSpore's. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formulaInput, readNpz, writeNpz } from '../../tools/formats/index.ts';
import { relativeError } from '../../tools/msc/compare.ts';
import { Folder } from '../cli/harness.ts';
import { layerCases, mindcvFunctions, mindcvLogits, networkCases } from './cases.ts';
import type { RecordedCase } from './cases.ts';

function archive({ inputs, expected }: RecordedCase): Uint8Array {
  const outputs = expected.map((tensor, index) => [`expected.out${index}`, tensor] as const);
  const bytes = writeNpz(new Map([...inputs, ...outputs]), 'store');
  if (!bytes.ok) throw new Error(bytes.error.message);
  return bytes.value;
}

describe('networks and layers on the simulator equal MindSpore', () => {
  const folder = new Folder();
  it.each([...networkCases(), ...layerCases()].map((recorded) => [recorded.name, recorded] as const))(
    '%s',
    async (_, recorded) => {
      folder.write('in.npz', archive(recorded));
      const { code, err } = await folder.run(
        'run',
        recorded.file,
        '--entry',
        recorded.entry,
        '--weights',
        'formula',
        '--inputs',
        'in.npz',
        '--check',
      );
      expect(err).toBe('');
      expect(code).toBe(0);
    },
  );
});

const mindcv = process.env.MSC_MINDCV ?? '';
const FILES: Readonly<Record<(typeof mindcvFunctions)[number], string>> = {
  resnet50: 'resnet.py',
  mobilenet_v3_small_100: 'mobilenetv3.py',
  vgg16: 'vgg.py',
  vit_b_16_224: 'vit.py',
};

describe.skipIf(!existsSync(mindcv))("mindcv's own files on the simulator (needs MSC_MINDCV)", () => {
  const folder = new Folder();
  it.each(mindcvFunctions)('%s', async (name) => {
    const x = writeNpz(new Map([['x', formulaInput('x', [1, 3, 224, 224])]]), 'store');
    if (!x.ok) throw new Error(x.error.message);
    folder.write('x.npz', x.value);
    const file = join(mindcv, 'mindcv/models', FILES[name]);
    const { code, err } = await folder.run(
      'run',
      file,
      '--path',
      mindcv,
      '--entry',
      `${name}()`,
      '--weights',
      'formula',
      '--inputs',
      'x.npz',
      '--outputs',
      'out.npz',
    );
    expect([code, err]).toEqual([0, '']);
    const outputs = readNpz(readFileSync(join(folder.path, 'out.npz')));
    const logits = outputs.ok ? outputs.value.get('out0') : undefined;
    expect(logits && relativeError(logits, mindcvLogits(name))).toBeLessThan(1e-4);
  });
});

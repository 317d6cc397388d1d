/** mindcv's own files, unmodified, found through the package. Skipped unless MSC_MINDCV names a checkout. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { formulaInput } from '../../tools/formats/index.ts';
import { mindcvFunctions, mindcvLogits } from '../network/cases.ts';
import { compileFile, evaluateNetwork, moduleOf, relativeError } from './harness.ts';

const folder = process.env.MSC_MINDCV ?? '';
/** The oracle needs minutes for these; their logits are checked when MSC_SLOW is set. */
const slow = process.env.MSC_SLOW !== undefined;

const FILES: Readonly<Record<(typeof mindcvFunctions)[number], string>> = {
  resnet50: 'resnet.py',
  mobilenet_v3_small_100: 'mobilenetv3.py',
  vgg16: 'vgg.py',
  vit_b_16_224: 'vit.py',
};

const recordedParameters = (name: string): readonly (readonly [string, readonly number[]])[] =>
  JSON.parse(gunzipSync(readFileSync(new URL(`../network/mindcv/${name}.params.json.gz`, import.meta.url))).toString());

describe.skipIf(!existsSync(folder))('mindcv', () => {
  const x = formulaInput('x', [1, 3, 224, 224]);
  const compiled = (name: (typeof mindcvFunctions)[number]) =>
    compileFile(`${folder}/mindcv/models/${FILES[name]}`, `${name}()`, [{ name: 'x', shape: x.shape, dtype: 'f32' }]);

  it.each(mindcvFunctions)('%s has the parameters that MindSpore lists', (name) => {
    const network = compiled(name);
    moduleOf(network);
    expect(network.parameters.map(({ name: parameter, shape }) => [parameter, shape])).toEqual(
      recordedParameters(name).map(([parameter, shape]) => [parameter, shape]),
    );
    expect(network.outputs.map(({ shape }) => shape)).toEqual([[1, 1000]]);
  });

  it.skipIf(!slow).each(mindcvFunctions)(
    '%s gives the recorded logits',
    (name) => {
      const [logits] = evaluateNetwork(compiled(name), new Map([['x', x]]));
      expect(relativeError(logits, mindcvLogits(name))).toBeLessThan(1e-4);
    },
    1_200_000,
  );
});

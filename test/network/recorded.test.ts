/** The records are complete, and the formulas of both implementations agree on every input. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inputOf, inputRules, layerCases, mindcvFunctions, mindcvLogits, networkCases } from './cases.ts';

const cases = [...networkCases(), ...layerCases()];

describe('recorded answers', () => {
  it.each(cases.map((row) => [row.name, row] as const))('%s', (name, { expected, inputs, entry, file }) => {
    expect(expected.length).toBeGreaterThan(0);
    for (const { data } of expected) expect(Array.from(data, Number).every(Number.isFinite)).toBe(true);
    expect(readFileSync(file, 'utf8')).toContain(`class ${entry.slice(0, entry.indexOf('('))}(nn.Cell)`);
    for (const [case_, input, rule] of inputRules())
      if (case_ === name) expect(inputs.get(input)).toEqual(inputOf(input, rule));
  });

  it.each(mindcvFunctions)('mindcv %s', (name) => {
    expect(mindcvLogits(name).shape).toEqual([1, 1000]);
    const text = gunzipSync(readFileSync(new URL(`mindcv/${name}.params.json.gz`, import.meta.url))).toString();
    const parameters = JSON.parse(text) as readonly (readonly [name: string, shape: readonly number[]])[];
    const count = parameters.reduce(
      (sum, [, shape]) => sum + shape.reduce((product, extent) => product * extent, 1),
      0,
    );
    const counted = {
      resnet50: 25_610_152,
      mobilenet_v3_small_100: 2_554_968,
      vgg16: 138_353_320,
      vit_b_16_224: 86_567_656,
    };
    expect(count).toBe(counted[name]);
  });
});

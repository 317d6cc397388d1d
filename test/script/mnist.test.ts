/** The first losses of examples/mnist/train.py are those of real MindSpore. The whole run is a figure of bench/mnist. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
// A plain script that users run with node.
// @ts-expect-error it has no types
import { writeDigits } from '../../examples/mnist/digits.js';
import { Folder, repository } from '../cli/harness.ts';

const folder = new Folder();
const recorded = JSON.parse(readFileSync(join(repository, 'test/script/data/mnist.json'), 'utf8')) as {
  readonly losses: readonly number[];
};

const LIMIT = 1e-3;
const STEPS = 12;

describe('examples/mnist', () => {
  beforeAll(() => {
    writeDigits(join(folder.path, 'digits'));
    folder.write('train.py', readFileSync(join(repository, 'examples/mnist/train.py')));
  });

  it(`has MindSpore's first ${STEPS} losses`, async () => {
    const { code, out, err } = await folder.run('run', 'train.py', '--', '--steps', String(STEPS));
    expect(err).toBe('');
    const losses = out
      .trim()
      .split('\n')
      .map((line) => Number(line.split(' ').at(-1)));
    expect(losses).toHaveLength(STEPS);
    losses.forEach((loss, step) =>
      expect(Math.abs(loss / recorded.losses[step] - 1), `step ${step + 1}`).toBeLessThan(LIMIT),
    );
    expect(code).toBe(0);
  });

  it('goes on from op to op with --sanitize=nan, and finds where a rate too large breaks', async () => {
    const { code, err } = await folder.run('run', 'train.py', '--sanitize=nan', '--', '--steps', '12', '--rate', '50');
    expect(err).toMatch(/MSC0709.*NaN/);
    expect(err).toMatch(/train\.py:\d+:\d+/);
    expect(code).toBe(5);
  });
});

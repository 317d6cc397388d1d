/** `msc plan --why`: what a choice would cost, in the terms that are really longer. */
import { beforeAll, describe, expect, it } from 'vitest';
import { Folder } from '../cli/harness.ts';
import { llamaSource } from './networks.ts';

const folder = new Folder();
beforeAll(() => {
  folder.write('llama.py', llamaSource());
});

const plan = (...more: readonly string[]) =>
  folder.run(
    'plan',
    'llama.py',
    ...['--entry', "Llama('tiny', 16)", '--input', 'ids=4x16:i32', '--cluster', '910b1:4', ...more],
  );

describe('--why', () => {
  it('compares the best plan with a choice', async () => {
    const { code, out } = await plan('--why', 'pipeline=2');
    expect(code).toBe(0);
    expect(out).toMatch(/^why not pipeline=2: data \d+, .*pipeline 2, .*: \d+\.\d % slower: \w+.* \d+\.\d+ m?s more/m);
  });

  it('tells the terms in JSON, which add up to the difference', async () => {
    const { out } = await plan('--why', 'pipeline=2', '--json');
    const { why, plan: best } = JSON.parse(out) as {
      why: { longer: number; terms: { term: string; more: number }[]; excess: null };
      plan: { stepSeconds: number };
    };
    expect(why.terms.reduce((sum, { more }) => sum + more, 0)).toBeCloseTo(why.longer, 12);
    expect(why.longer).toBeGreaterThan(0);
    expect(why.excess).toBeNull();
    expect(best.stepSeconds).toBeGreaterThan(0);
  });

  it('says when the plan makes the choice already', async () => {
    const { out } = await plan('--fix', 'pipeline=2', '--why', 'pipeline=2');
    expect(out).toMatch(/why not pipeline=2: .*: that is the plan/);
  });

  it('says what does not fit', async () => {
    const { out } = await plan('--memory', '1MiB', '--why', 'zero=0,tensor=1,data=4');
    expect(out).toMatch(/does not fit: \S+ \w+ too much on a device, where .* take /);
  });

  it('says what the user stated otherwise', async () => {
    const { out } = await plan('--fix', 'tensor=2', '--why', 'tensor=1');
    expect(out).toMatch(/contradicts the stated tensor/);
  });

  it('refuses what is no choice or not possible', async () => {
    const wrong = await plan('--why', 'speed=2');
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('--why speed=2: expected NAME=NUMBER')]);
    const impossible = await plan('--why', 'tensor=3');
    expect([impossible.code, impossible.err]).toEqual([1, expect.stringContaining('MSC057')]);
  });
});

/** Scripts print what real MindSpore prints for them (test/script/README.md). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Folder, repository } from '../cli/harness.ts';

const cases = join(repository, 'test/script/cases');
const names = readdirSync(cases)
  .filter((name) => name.endsWith('.py'))
  .map((name) => name.replace(/\.py$/, ''));
const folder = new Folder();

describe('scripts', () => {
  it.each(names)('%s', async (name) => {
    folder.write(`${name}.py`, readFileSync(join(cases, `${name}.py`)));
    const { code, out, err } = await folder.run('run', `${name}.py`);
    expect(err).toBe('');
    expect(out).toBe(readFileSync(join(cases, `${name}.out`), 'utf8'));
    expect(code).toBe(0);
  });
});

/** Runs every file below this folder; `MSC_BLESS=1` rewrites their expected output in place. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bless, runFile } from './run-file.ts';

const folder = import.meta.dirname;
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.mlir'))
  .map((name) => name.replaceAll('\\', '/'))
  .sort();

describe('file tests', () => {
  test.each(files)('%s', (name) => {
    const path = join(folder, name);
    const result = runFile(path, name);
    if (process.env.MSC_BLESS === '1') bless(path, result);
    else expect(result.actual).toBe(result.expected);
  });

  test('there are files', () => expect(files.length).toBeGreaterThan(10));
});

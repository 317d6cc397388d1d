import { defineConfig } from 'vitest/config';

/** A longer search (see test/fuzz.ts) gets as much more time. */
const patience = 60_000 * Math.max(1, Number(process.env.MSC_FUZZ ?? 1));

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The parser's limits must hold on unoptimized frames too; the command itself has a stack of 128 MiB.
    execArgv: ['--stack-size=3000'],
    testTimeout: patience,
    hookTimeout: patience,
  },
});

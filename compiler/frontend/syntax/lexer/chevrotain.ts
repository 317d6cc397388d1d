/**
 * Chevrotain, from its one-file build. Its package entry imports some 500 modules one by one, which takes 0.4 s of a run of
 * msc; the one file beside it, of the same package and version, takes 0.02 s but is not among the package's exports.
 */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

async function load(): Promise<typeof import('chevrotain')> {
  const entry = pathToFileURL(createRequire(import.meta.url).resolve('chevrotain'));
  const oneFile = new URL('../chevrotain.min.mjs', entry);
  try {
    return (await import(/* @vite-ignore */ oneFile.href)) as typeof import('chevrotain');
  } catch {
    // Another packaging of Chevrotain (a bundler's, say): slower to load, otherwise the same.
    return import('chevrotain');
  }
}

export const { createToken, EmbeddedActionsParser, Lexer } = await load();

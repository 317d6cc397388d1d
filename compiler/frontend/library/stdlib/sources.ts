/** The part of the standard library that is written in Python: files next to this one, read when they are first imported. */
import { readFileSync } from 'node:fs';
import { sourceModule, type ModuleDefinition } from '../../eval/index.ts';

/** Module name → file name without `.py`. */
const files: Readonly<Record<string, string>> = {
  _signature: 'signature',
  abc: 'abc',
  argparse: 'argparse',
  collections: 'collections',
  'collections.abc': 'collections_abc',
  contextlib: 'contextlib',
  copy: 'copy',
  dataclasses: 'dataclasses',
  difflib: 'difflib',
  enum: 'enum',
  fnmatch: 'fnmatch',
  functools: 'functools',
  inspect: 'inspect',
  keyword: 'keyword',
  logging: 'logging',
  numbers: 'numbers',
  pathlib: 'pathlib',
  string: 'string',
  textwrap: 'textwrap',
  types: 'types',
  typing: 'typing',
  typing_extensions: 'typing',
  warnings: 'warnings',
  __future__: 'future',
};

function readSource(file: string): string {
  return readFileSync(new URL(`./python/${file}.py`, import.meta.url), 'utf8');
}

export const pythonModules: readonly ModuleDefinition[] = Object.entries(files).map(([name, file]) =>
  sourceModule(name, `<stdlib>/${file}.py`, () => readSource(file)),
);

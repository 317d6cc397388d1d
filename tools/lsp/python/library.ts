/** Where the Python files of msc's own library lie. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const preludeFolder = fileURLToPath(new URL('../../../compiler/frontend/prelude/', import.meta.url));

const PREFIX = 'prelude/';

/** The path of a library file by the name that locations use; null for every other name. */
export const preludePath = (name: string): string | null =>
  name.startsWith(PREFIX) ? join(preludeFolder, name.slice(PREFIX.length)) : null;

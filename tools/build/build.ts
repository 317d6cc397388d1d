/**
 * What the build does after the TypeScript compiler: Python sources of the library go beside the compiled frontend, the
 * page of reports is bundled, the places of the compiler's rules are listed for reports, and the program becomes executable. (The wasm instruction library needs no step: it is made from the table when a program loads.)
 */
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePage } from './page.ts';
import { writeRulePlaces } from './rule-places.ts';

const built = fileURLToPath(new URL('../../', import.meta.url));
const sources = join(built, '..');

/** Folders of Python files that the compiled frontend reads. */
const pythonFolders = ['compiler/frontend/prelude', 'compiler/frontend/library/stdlib/python'];

const isPython = (path: string): boolean => path.endsWith('.py');

for (const folder of pythonFolders) {
  mkdirSync(join(built, folder), { recursive: true });
  for (const path of readdirSync(join(built, folder), { recursive: true, encoding: 'utf8' }).filter(isPython))
    rmSync(join(built, folder, path));
  for (const path of readdirSync(join(sources, folder), { recursive: true, encoding: 'utf8' }).filter(isPython))
    cpSync(join(sources, folder, path), join(built, folder, path));
}
chmodSync(join(built, 'tools/msc/main.js'), 0o755);
writeRulePlaces(sources, built);
await bundlePage(sources, built);

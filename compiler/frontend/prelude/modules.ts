/** The Python files of the prelude as modules: `mindspore/nn/cell.py` is the module `mindspore.nn.cell`. */
import { sourceModule, type ModuleDefinition } from '../eval/index.ts';
import { PRELUDE } from '../trace/locate.ts';

/** How the folder of the prelude is read; paths are relative to it. */
export interface PreludeReader {
  /** Every file below the folder. */
  readonly files: readonly string[];
  readText(path: string): string;
}

export function preludeModules(reader: PreludeReader): readonly ModuleDefinition[] {
  return reader.files
    .filter((path) => path.endsWith('.py'))
    .map((path) => {
      const name = path.replace(/(\/__init__)?\.py$/, '').replaceAll('/', '.');
      return sourceModule(name, PRELUDE + path, () => reader.readText(path));
    });
}

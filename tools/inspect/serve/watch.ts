/**
 * Tells when files change. Folders are watched, not files: an editor that writes a new file and renames it over the old one
 * leaves a watcher of the old file with nothing. A change counts when size, time or identity differ, so that reading is none.
 */
import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Editors write in several steps; so long must it be quiet, in milliseconds. */
const QUIET = 80;

export class FileWatch {
  readonly #onChange: () => void;
  readonly #folders = new Map<string, FSWatcher>();
  #known = new Map<string, string>();
  #timer: NodeJS.Timeout | null = null;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Watches these files (absolute paths) instead of those before. A file that does not exist may come. */
  files(paths: readonly string[]): void {
    const folders = new Set(paths.map((path) => dirname(path)));
    for (const [folder, watcher] of this.#folders)
      if (!folders.has(folder)) {
        watcher.close();
        this.#folders.delete(folder);
      }
    this.#known = new Map(paths.map((path) => [path, this.#known.get(path) ?? signature(path)]));
    for (const folder of folders) if (!this.#folders.has(folder)) this.#watchFolder(folder);
  }

  /** Takes what the files are now as known; call it before they are read. */
  look(): void {
    for (const path of this.#known.keys()) this.#known.set(path, signature(path));
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const watcher of this.#folders.values()) watcher.close();
    this.#folders.clear();
  }

  #watchFolder(folder: string): void {
    try {
      const watcher = watch(folder, (_event, name) => this.#stir(folder, name));
      watcher.on('error', () => this.#folders.delete(folder));
      this.#folders.set(folder, watcher);
    } catch {
      // the folder is gone: the compilation says so
    }
  }

  #stir(folder: string, name: string | null): void {
    const isOurs = (path: string): boolean => dirname(path) === folder && (name === null || basename(path) === name);
    if (![...this.#known.keys()].some(isOurs)) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#compare(), QUIET);
  }

  #compare(): void {
    const isSame = [...this.#known].every(([path, known]) => signature(path) === known);
    if (!isSame) this.#onChange();
  }
}

function signature(path: string): string {
  const file = statSync(path, { throwIfNoEntry: false });
  return file === undefined ? '' : `${file.ino} ${file.size} ${file.mtimeMs}`;
}

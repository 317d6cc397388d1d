/** Runs the command line in this process, in a folder of its own. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { main } from '../../tools/msc/cli.ts';
import type { Io } from '../../tools/msc/io.ts';

export const repository = fileURLToPath(new URL('../../', import.meta.url));

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly bytes: Uint8Array;
  readonly err: string;
}

/** A folder that is removed after the tests of a file. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'msc-test-'));

  constructor() {
    afterAll(() => rmSync(this.path, { recursive: true, force: true }));
  }

  write(name: string, content: string | Uint8Array): string {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    writeFileSync(join(this.path, name), content);
    return name;
  }

  files(): readonly string[] {
    return readdirSync(this.path).toSorted();
  }

  /** Runs msc here. */
  async run(...argv: readonly string[]): Promise<Outcome> {
    return this.runWith({}, ...argv);
  }

  async runWith(change: Partial<Io>, ...argv: readonly string[]): Promise<Outcome> {
    const out: Uint8Array[] = [];
    let err = '';
    const io: Io = {
      folder: this.path,
      environment: { COLUMNS: '100' },
      isOutputTerminal: false,
      isErrorTerminal: false,
      write: (content) => out.push(Buffer.from(content)),
      log: (text) => {
        err += text;
      },
      readInput: () => new Uint8Array(),
      now: () => performance.now(),
      ...change,
    };
    const code = await main(argv, io);
    const bytes = Buffer.concat(out);
    return { code, out: bytes.toString(), bytes, err };
  }
}

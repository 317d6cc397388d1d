/** An editor with a Python network of two files, for the tests of Python documents. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Diagnostic, Hover } from 'vscode-languageserver/node';
import { Editor, InlineChecker, positionOf } from './client.ts';

export const NET = `# msc: --entry 'Net(3)' --input x=2x3:f32
import mindspore.nn as nn
from mindspore import ops
from layers import Scale


class Base(nn.Cell):
    def shared(self, x):
        return x


class Net(Base):
    """A net.

    More about it.
    """

    def __init__(self, width=3):
        super().__init__()
        self.dense = nn.Dense(width, 4, has_bias=False)
        self.scale = Scale(2.0)

    def construct(self, x):
        y = self.dense(x)
        y = self.scale(y)
        y = self.scale(y[:, :1])
        return ops.relu(self.shared(y))
`;

export const LAYERS = `import mindspore.nn as nn


class Scale(nn.Cell):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def construct(self, x):
        return x * self.factor
`;

/** A folder with the two files, and an editor that has opened the first. */
export class NetworkFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'msc-lsp-'));
  readonly checker = new InlineChecker();
  readonly editor = new Editor(this.checker);
  readonly net = this.uriOf('net.py');
  #count = 0;

  constructor() {
    beforeAll(async () => {
      await this.editor.start({}, this.path);
      this.write('layers.py', LAYERS);
      this.write('net.py', NET);
      await this.editor.open(this.net, 'python', NET);
      expect(await this.editor.publishedAs(this.net, 1)).toEqual([]);
    });
    afterAll(async () => {
      expect(await this.editor.stop()).toBe(0);
      rmSync(this.path, { recursive: true });
    });
  }

  uriOf(name: string): string {
    return pathToFileURL(join(this.path, name)).href;
  }

  write(name: string, text: string): string {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    writeFileSync(join(this.path, name), text);
    return this.uriOf(name);
  }

  /** A document of its own, after its check. */
  async checked(text: string): Promise<{ readonly uri: string; readonly diagnostics: readonly Diagnostic[] }> {
    const uri = this.write(`net${++this.#count}.py`, text);
    await this.editor.open(uri, 'python', text);
    return { uri, diagnostics: await this.editor.publishedAs(uri, 1) };
  }

  async hoverText(uri: string, text: string, word: string, occurrence = 0): Promise<string> {
    const hover = await this.editor.at<Hover | null>('hover', uri, positionOf(text, word, occurrence));
    return hover === null ? '' : (hover.contents as { readonly value: string }).value; // the server answers markdown
  }
}

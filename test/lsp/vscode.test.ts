/** The VS Code folder: what it declares agrees with the server, and its extension does what it says, with VS Code played by objects. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SHOW_IR } from '../../tools/lsp/index.ts';
import { defaultSettings, recordOf } from '../../tools/lsp/settings.ts';
import { repository } from '../cli/harness.ts';

const folder = join(repository, 'tools/editor/vscode');
const readJson = (path: string): Readonly<Record<string, unknown>> =>
  recordOf(JSON.parse(readFileSync(join(folder, path), 'utf8')));
const contributes = recordOf(readJson('package.json')['contributes']);

/** The entries of a list in the manifest. */
const listed = (name: string): readonly Readonly<Record<string, unknown>>[] => {
  const list = contributes[name];
  return Array.isArray(list) ? list.map(recordOf) : [];
};

describe('the manifest', () => {
  it('declares the settings of the server with their defaults', () => {
    const properties = recordOf(recordOf(contributes['configuration'])['properties']);
    const declared = Object.entries(properties).map(([name, property]) => [name, recordOf(property)['default']]);
    const settings = Object.entries(defaultSettings).map(([name, value]) => [`msc.${name}`, value ?? '']);
    expect(declared.toSorted()).toEqual([...settings, ['msc.command', ['msc']]].toSorted());
  });

  it('names grammars and languages that are there', () => {
    for (const { scopeName, path } of listed('grammars')) {
      const file = join(folder, '..', String(path));
      expect(existsSync(file), file).toBe(true);
      expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ scopeName });
    }
    expect(listed('languages').map(({ id }) => id)).toEqual(listed('grammars').map(({ language }) => language));
    for (const { configuration } of listed('languages'))
      expect(readJson(String(configuration))).toHaveProperty('comments');
  });
});

interface Editor {
  readonly document: { readonly uri: unknown };
  readonly selection: { readonly active: { readonly line: number; readonly character: number } };
  selections?: readonly unknown[];
  readonly revealRange?: (range: unknown) => void;
}

/** The extension in a VS Code that notes what is asked of it. */
function play(answer: object) {
  const notes: unknown[] = [];
  const commands = new Map<string, (editor: Editor) => Promise<void>>();
  const shown: Editor = {
    document: { uri: null },
    selection: { active: { line: 0, character: 0 } },
    revealRange: (range) => notes.push(['reveal', range]),
  };
  class Range {
    readonly numbers: readonly number[];
    constructor(...numbers: readonly number[]) {
      this.numbers = numbers;
    }
    contains({ line }: { readonly line: number }): boolean {
      return line >= this.numbers[0] && line <= this.numbers[2];
    }
  }
  class EventEmitter {
    readonly event = 'event';
    readonly fire = (uri: unknown) => notes.push(['changed', String(uri)]);
  }
  class LanguageClient {
    readonly code2ProtocolConverter = { asUri: String };
    constructor(...settings: readonly unknown[]) {
      notes.push(['client', settings[2]]);
    }
    readonly start = async () => undefined;
    readonly stop = async () => 'stopped';
    readonly sendRequest = async (method: string, parameters: object) => {
      notes.push([method, parameters]);
      return answer;
    };
  }
  const contents: { provide?: (uri: unknown) => string } = {};
  const vscode = {
    EventEmitter,
    Range,
    Selection: Range,
    ViewColumn: { One: 1, Beside: -2 },
    TextEditorRevealType: { InCenter: 2 },
    Uri: { from: ({ scheme, path }: { scheme: string; path: string }) => `${scheme}:${path}`, parse: String },
    workspace: {
      getConfiguration: () => ({ get: () => ['node', 'main.js'] }),
      registerTextDocumentContentProvider: (
        _: string,
        { provideTextDocumentContent }: { provideTextDocumentContent: (uri: unknown) => string },
      ) => {
        contents.provide = provideTextDocumentContent;
      },
      openTextDocument: async (uri: unknown) => uri,
    },
    commands: {
      registerTextEditorCommand: (name: string, run: (editor: Editor) => Promise<void>) => commands.set(name, run),
    },
    window: {
      showQuickPick: async () => 'graph',
      showTextDocument: async (document: unknown, options: unknown) => {
        notes.push(['show', document, options]);
        return shown;
      },
      showErrorMessage: async (message: string) => notes.push(['error', message]),
    },
  };
  const modules: Readonly<Record<string, unknown>> = { vscode, 'vscode-languageclient/node': { LanguageClient } };
  const extension: { activate?: (context: object) => Promise<void>; deactivate?: () => unknown } = {};
  const source = readFileSync(join(folder, 'extension.js'), 'utf8');
  new Function('require', 'exports', source)((name: string) => modules[name], extension);
  return { notes, commands, shown, extension, contents };
}

describe('the extension', () => {
  const range = { start: { line: 3, character: 4 }, end: { line: 3, character: 20 } };
  const origin = { uri: 'file:///net.py', range: { start: { line: 7, character: 8 }, end: { line: 7, character: 8 } } };
  const answer = { stage: 'graph', text: 'module {}', ranges: [range], origins: [{ range, origin }] };

  it('starts the server, shows the IR of a line and goes back', async () => {
    const { notes, commands, shown, extension, contents } = play(answer);
    await extension.activate?.({ subscriptions: [] });
    expect(notes).toEqual([['client', { command: 'node', args: ['main.js', 'lsp'] }]]);
    expect([...commands.keys()]).toEqual(listed('commands').map(({ command }) => command));
    notes.length = 0;
    const python = Object.assign(new String('file:///net.py'), { path: '/net.py' });
    await commands.get('msc.openIr')?.({
      document: { uri: python },
      selection: { active: { line: 7, character: 0 } },
    });
    const uri = 'msc-ir:/net.py.graph.mlir';
    expect(notes.slice(0, 3)).toEqual([
      [
        'workspace/executeCommand',
        { command: SHOW_IR, arguments: [{ uri: 'file:///net.py', line: 7, stage: 'graph' }] },
      ],
      ['changed', uri],
      ['show', uri, { viewColumn: -2 }],
    ]);
    expect(contents.provide?.(uri)).toBe('module {}');
    expect(shown.selections).toMatchObject([{ numbers: [3, 4, 3, 20] }]);
    notes.length = 0;
    await commands.get('msc.openSource')?.({
      document: { uri },
      selection: { active: { line: 3, character: 5 } },
    });
    expect(notes).toMatchObject([['show', 'file:///net.py', { selection: { numbers: [7, 8, 7, 8] } }]]);
    expect(await extension.deactivate?.()).toBe('stopped');
  });
});

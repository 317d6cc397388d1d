/** Random edits: the server's text stays the client's, and what it says is what a fresh server would say. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextDocument, type TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import type { Diagnostic } from 'vscode-languageserver/node';
import { Editor, InlineChecker } from './client.ts';
import { budget } from '../fuzz.ts';

const SEEDS = {
  mlir: [
    '#a = loc("net.py":1:2)\nmodule {\n  func.func @f(%a: i32, %b: tensor<2x3xf32>) -> i32 {\n    %0:2 = "a.b"(%a) ({\n    ^bb0(%c: i32):\n      %1 = arith.addi %c, %a : i32 loc(#a)\n    }) : (i32) -> (i32, i32)\n    return %0#1 : i32\n  }\n}\n// -----\nfunc.func @g() {\n  return\n}\n',
    '// expected-error@+1 {{not defined}}\r\nfunc.func @f() {\r\n  return %x : i32\r\n}\r\n',
  ],
  python: [
    '# msc: --entry Net() --input x=2:f32\nimport mindspore.nn as nn\n\n\nclass Net(nn.Cell):\n    def construct(self, x):\n        y = [v for v in (x, x)]\n        return self.f(y[0])\n\n    def f(self, x, *a, k=1):\n        """é 𝒳"""\n        return x * 2\n',
  ],
} as const;

const PIECES = [
  '', ' ', '\n', '\r\n', '\r', '%0', '%', '@f', '"', '{', '}', '(', ')', ':', ' : i32', 'func.func', '// -----\n', 'loc(',
  '#a', '=', 'x', 'é', '𝒳', '\uD835', '\u0000', 'self.', 'def f(self):\n', 'class A(nn.Cell):\n', '    ', '# msc: --input',
] as const; // prettier-ignore

/** An edit as two fractions of the text and what comes between. */
const edits = fc.array(
  fc.record({ from: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat(12), text: fc.constantFrom(...PIECES) }),
  { minLength: 1, maxLength: 8 },
);

type Edit = { readonly from: number; readonly length: number; readonly text: string };

function changeOf(document: TextDocument, { from, length, text }: Edit): TextDocumentContentChangeEvent {
  const size = document.getText().length;
  const start = Math.floor(from * size);
  return {
    range: { start: document.positionAt(start), end: document.positionAt(Math.min(size, start + length)) },
    text,
  };
}

/** Everything that an editor asks at one place. */
async function askAll(
  editor: Editor,
  uri: string,
  document: TextDocument,
  offset: number,
): Promise<readonly unknown[]> {
  const position = document.positionAt(offset);
  const range = { start: { line: 0, character: 0 }, end: { line: 1e6, character: 0 } };
  return Promise.all([
    editor.at('hover', uri, position),
    editor.at('definition', uri, position),
    editor.at('references', uri, position, { context: { includeDeclaration: true } }),
    editor.at('documentHighlight', uri, position),
    editor.at('prepareRename', uri, position),
    editor.at('completion', uri, position),
    editor.of('documentSymbol', uri),
    editor.of('foldingRange', uri),
    editor.of('formatting', uri, { options: { tabSize: 2, insertSpaces: true } }),
    editor.of('inlayHint', uri, { range }),
  ]);
}

const bare = (diagnostics: readonly Diagnostic[]): string => JSON.stringify(diagnostics);

describe.each(['mlir', 'python'] as const)('random edits of %s', (language) => {
  it('leave the server with the text of the client', async () => {
    const editor = new Editor();
    await editor.start({ check: 'syntax' });
    const fresh = new Editor();
    await fresh.start({ check: 'syntax' });
    let count = 0;
    const property = fc.asyncProperty(
      fc.constantFrom(...SEEDS[language]),
      edits,
      fc.nat(),
      async (seed, list, place) => {
        const uri = `file:///nowhere/${++count}.${language === 'mlir' ? 'mlir' : 'py'}`;
        let diagnostics = await editor.open(uri, language, seed);
        const document = editor.documents.get(uri);
        if (document === undefined) throw new Error('it is open');
        for (const edit of list) diagnostics = await editor.change(uri, changeOf(document, edit));
        expect(bare(diagnostics)).toBe(bare(await fresh.open(uri, language, document.getText())));
        const offset = place % (document.getText().length + 1);
        expect(await askAll(editor, uri, document, offset)).toEqual(await askAll(fresh, uri, document, offset));
        await editor.close(uri);
        await fresh.close(uri);
      },
    );
    await fc.assert(property, budget(1, 40));
    expect([...editor.log, ...fresh.log]).toEqual([]);
    await editor.stop();
    await fresh.stop();
  });
});

it('random edits of Python leave the diagnostics, types and hints that a fresh check gives', async () => {
  const checkers = [new InlineChecker(), new InlineChecker()];
  const [editor, fresh] = checkers.map((checker) => new Editor(checker));
  for (const one of [editor, fresh]) await one.start({ check: 'trace', maxSteps: 100_000 });
  let count = 0;
  const property = fc.asyncProperty(fc.constantFrom(...SEEDS.python), edits, fc.nat(), async (seed, list, place) => {
    const uri = `file:///nowhere/checked${++count}.py`;
    await editor.open(uri, 'python', seed);
    const document = editor.documents.get(uri);
    if (document === undefined) throw new Error('it is open');
    await checkers[0].idle();
    for (const edit of list) await editor.change(uri, changeOf(document, edit));
    await fresh.open(uri, 'python', document.getText());
    for (const checker of checkers) await checker.idle();
    const offset = place % (document.getText().length + 1);
    const answers = await askAll(editor, uri, document, offset);
    const freshAnswers = await askAll(fresh, uri, document, offset);
    const isBroken = editor.published.get(uri)?.diagnostics.some(({ code }) => String(code).startsWith('MSC01'));
    // A text with errors of syntax is not checked: what an earlier text gave stays beside the change.
    if (!isBroken) expect(answers).toEqual(freshAnswers);
    expect(bare(editor.published.get(uri)?.diagnostics ?? [])).toBe(bare(fresh.published.get(uri)?.diagnostics ?? []));
    await editor.close(uri);
    await fresh.close(uri);
  });
  await fc.assert(property, budget(2, 12));
  const told = [...editor.log, ...fresh.log].filter((message) => !message.includes('printed:'));
  expect(told).toEqual([]);
  await editor.stop();
  await fresh.stop();
});

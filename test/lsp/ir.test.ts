/** IR documents in the editor. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  CompletionItem,
  DocumentHighlight,
  DocumentSymbol,
  FoldingRange,
  Hover,
  Location,
  Range,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Editor, marked, positionOf, textOfRange } from './client.ts';

const MODULE = `#loc1 = loc("net.py":3:5)
module attributes {ms.stage = "source"} {
  func.func @main(%x: tensor<2x3xf32>, %w: tensor<3x4xf32, #ms.enc<layout = "NZ">>) -> tensor<2x3xf32> {
    %0 = ms.relu %x : tensor<2x3xf32> loc("conv1: ReLU"(callsite("prelude/mindspore/nn/cell.py":1:1 at "net.py":2:3)))
    %1 = func.call @twice(%0) : (tensor<2x3xf32>) -> tensor<2x3xf32> loc(#loc1)
    return %1 : tensor<2x3xf32>
  }
  func.func @twice(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
    %y = ms.add %x, %x : tensor<2x3xf32>
    %s = ms.reduce_sum %y {axes = [0], keep_dims = false} : (tensor<2x3xf32>) -> tensor<3xf32>
    return %y : tensor<2x3xf32>
  }
}
`;

const folder = mkdtempSync(join(tmpdir(), 'msc-lsp-'));
const uri = pathToFileURL(join(folder, 'net.mlir')).href;
let editor: Editor;
let count = 0;

beforeAll(async () => {
  editor = new Editor();
  await editor.start();
  writeFileSync(join(folder, 'net.py'), 'one\n  two\n    three\n');
  await editor.open(uri, 'msc-mlir', MODULE);
});

afterAll(async () => {
  expect(await editor.stop()).toBe(0);
  expect(editor.log).toEqual([]);
  rmSync(folder, { recursive: true });
});

const diagnosticsOf = (text: string) => editor.open(`untitled:Untitled-${++count}.mlir`, 'mlir', text);

async function hoverText(word: string, occurrence = 0, text = MODULE, at = uri): Promise<string> {
  const hover = await editor.at<Hover | null>('hover', at, positionOf(text, word, occurrence));
  return hover === null ? '' : (hover.contents as { readonly value: string }).value; // the server answers markdown
}

describe('diagnostics', () => {
  it('are none for a good module', () => {
    expect(editor.published.get(uri)?.diagnostics).toEqual([]);
  });

  it('tell all errors of the parser with their ranges', async () => {
    const text = 'func.func @f(%a: i32) {\n  %0 = arith.addi %a, %b : i32\n  %1 = arith.plus %a : i32\n  return\n}\n';
    const diagnostics = await diagnosticsOf(text);
    expect(diagnostics.map(({ code, range }) => [code, textOfRange(text, range)])).toEqual([
      ['MSC0403', '%b'],
      ['MSC0407', 'arith.plus'],
    ]);
    expect(diagnostics[1].message).toMatch(/help: write it in the generic form/);
  });

  it('tell what the verifier finds at the place in the text, also of operations that come from a source', async () => {
    const text = 'func.func @f(%a: i32) {\n  func.call @g(%a) : (i32) -> () loc("net.py":1:1)\n  return\n}\n';
    const diagnostics = await diagnosticsOf(text);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0].message).toMatch(/@?g/);
    expect(diagnostics[0].range.start).toEqual({ line: 1, character: 2 });
  });

  it('come from each part between separators, with lines of the whole', async () => {
    const text = 'func.func @f(%a: i32) {\n  return\n}\n// -----\nfunc.func @f(%a: i32) {\n  return %b : i32\n}\n';
    const [only, ...more] = await diagnosticsOf(text);
    expect(more).toEqual([]);
    expect(textOfRange(text, only.range)).toBe('%b');
    expect(only.range.start.line).toBe(5);
  });

  it('do not come from what a test of msc opt logs', async () => {
    const text = 'func.func @f() {\n  return\n}\n// ---- output ----\nmodule {\n}\n// ---- log ----\nremark: )(\n';
    expect(await diagnosticsOf(text)).toEqual([]);
  });

  it('are hints where a comment expects them', async () => {
    const text = '// expected-error@+2 {{not defined}}\nfunc.func @f() {\n  return %b : i32\n}\n';
    const unexpected = text.replace('@+2', '@+1');
    expect((await diagnosticsOf(text))[0].severity).toBe(4);
    expect((await diagnosticsOf(unexpected))[0].severity).toBe(1);
  });

  it('let operations without a definition pass where the file says so', async () => {
    const text = 'func.func @f() {\n  "other.op"() : () -> ()\n  return\n}\n';
    expect(await diagnosticsOf(text)).toHaveLength(1);
    expect(await diagnosticsOf(`// msc opt --allow-unregistered-dialect\n${text}`)).toEqual([]);
  });

  it('follow the typing', async () => {
    const at = `untitled:Untitled-${++count}.mlir`;
    expect(await editor.open(at, 'mlir', 'func.func @f(%a: i32) {\n  return\n}\n')).toEqual([]);
    const insert = { range: { start: { line: 1, character: 8 }, end: { line: 1, character: 8 } }, text: ' %c : i32' };
    expect((await editor.change(at, insert)).map(({ code }) => code)).toEqual(['MSC0403']);
    const remove = { range: { start: { line: 1, character: 8 }, end: { line: 1, character: 17 } }, text: '' };
    expect(await editor.change(at, remove)).toEqual([]);
  });
});

describe('hover', () => {
  it('tells the type, size, origin and uses of a value', async () => {
    const text = await hoverText('%0', 1);
    expect(text).toContain('%0 : tensor<2x3xf32>');
    expect(text).toContain('result of `ms.relu`');
    expect(text).toContain('shape `[2, 3]`, f32, 24 bytes');
    expect(text).toContain('used once');
    expect(text).toContain('from `net.py:2:3`');
    expect(text).toContain('```python\ntwo\n```');
    expect(text).toContain('in Cell `conv1` of class `ReLU`');
  });

  it('finds a name from its first to behind its last character, and no further', async () => {
    const { line, character } = positionOf(MODULE, '%w');
    const found = async (shift: number) => {
      const hover = await editor.at<Hover | null>('hover', uri, { line, character: character - 1 + shift });
      return hover?.range && textOfRange(MODULE, hover.range);
    };
    expect(await Promise.all([-1, 0, 1, 2, 3].map(found))).toEqual([undefined, '%w', '%w', '%w', undefined]);
  });

  it('tells the layout of an argument', async () => {
    expect(await hoverText('%w')).toContain('layout `NZ`');
    expect(await hoverText('%w')).toContain('argument 1 of `func.func`');
    expect(await hoverText('%w')).toContain('not used');
  });

  it('tells where a buffer lies', async () => {
    const text =
      'func.func @k() {\n  %b = "npu.alloc"() {address = 512 : i64, buffers = 2 : i64, bytes = 768 : i64, space = "ub"} : () -> !npu.buffer<ub>\n  return\n}\n';
    const at = `untitled:Untitled-${++count}.mlir`;
    await editor.open(at, 'mlir', text);
    expect(await hoverText('%b', 0, text, at)).toContain('space `"ub"`, bytes `768`, buffers `2`, address `512`');
    expect(await hoverText('npu.alloc', 0, text, at)).toContain('A buffer in an on-chip memory');
  });

  it('describes operations, instructions and attributes', async () => {
    expect(await hoverText('ms.relu')).toMatch(/\*\*ms\.relu\*\* \(activation\)|\*\*ms\.relu\*\*/);
    expect(await hoverText('ms.reduce_sum')).toContain('`axes`');
    expect(await hoverText('keep_dims')).toContain('keep_dims = false');
    const text = 'func.func @k(%a: index) {\n  "npu.set_flag"(%a, %a, %a) : (index, index, index) -> ()\n  return\n}\n';
    const at = `untitled:Untitled-${++count}.mlir`;
    await editor.open(at, 'mlir', text);
    expect(await hoverText('npu.set_flag', 0, text, at)).toContain('the instruction `set_flag`');
  });

  it('shows functions and aliases by their definitions', async () => {
    expect(await hoverText('@twice')).toContain('func.func @twice : (tensor<2x3xf32>) -> tensor<2x3xf32>');
    expect(await hoverText('#loc1', 1)).toContain('#loc1 = loc("net.py":3:5)');
  });

  it('works beside errors', async () => {
    const text = 'func.func @f(%a: i32) {\n  %0 = arith.addi %a, %a : i32\n  %1 = nonsense\n  return\n}\n';
    const at = `untitled:Untitled-${++count}.mlir`;
    await editor.open(at, 'mlir', text);
    expect(await hoverText('%0', 0, text, at)).toContain('result of `arith.addi`');
  });
});

describe('navigation', () => {
  const definitionOf = async (word: string, occurrence = 0): Promise<readonly [string, Range] | null> => {
    const found = await editor.at<Location | null>('definition', uri, positionOf(MODULE, word, occurrence));
    return found === null ? null : [found.uri.split('/').at(-1) ?? '', found.range];
  };

  it('goes to the definition of values, symbols, aliases and arguments', async () => {
    const cases = [
      ['%0', 1, '%0'],
      ['%1', 1, '%1'],
      ['@twice', 0, '@twice'],
      ['#loc1', 1, '#loc1'],
    ] as const;
    for (const [word, occurrence, expected] of cases) {
      const [file, range] = (await definitionOf(word, occurrence)) ?? ['', null];
      expect([file, range && textOfRange(MODULE, range)]).toEqual(['net.mlir', expected]);
    }
    const inTwice = (await definitionOf('%x', 3))?.[1].start.line;
    expect(inTwice).toBe(7);
  });

  it('goes from a location to the Python source', async () => {
    const [file, range] = (await definitionOf('net.py', 1)) ?? ['', null];
    expect(file).toBe('net.py');
    expect(range?.start).toEqual({ line: 1, character: 2 });
    expect((await definitionOf('callsite'))?.[0]).toBe('net.py');
    expect((await definitionOf('ms.relu'))?.[1].start).toEqual({ line: 1, character: 2 });
    expect((await definitionOf('func.call'))?.[1].start).toEqual({ line: 2, character: 4 });
    expect(await definitionOf('ms.add')).toBeNull();
    expect((await definitionOf('prelude/mindspore'))?.[0]).toBe('cell.py');
  });

  it('finds references and highlights', async () => {
    const at = positionOf(MODULE, '%y', 1);
    const references = (includeDeclaration: boolean) =>
      editor.at<readonly Location[]>('references', uri, at, { context: { includeDeclaration } });
    expect(await references(true)).toHaveLength(3);
    expect(await references(false)).toHaveLength(2);
    const highlights = await editor.at<readonly DocumentHighlight[]>('documentHighlight', uri, at);
    expect(highlights.map(({ kind }) => kind)).toEqual([3, 2, 2]);
  });

  it('outlines and folds', async () => {
    const symbols = await editor.of<readonly DocumentSymbol[]>('documentSymbol', uri);
    expect(symbols.map(({ name, detail }) => [name, detail])).toEqual([['builtin.module', 'stage source']]);
    expect(symbols[0].children?.map(({ name }) => name)).toEqual(['@main', '@twice']);
    const folds = await editor.of<readonly FoldingRange[]>('foldingRange', uri);
    expect(folds.map(({ startLine, endLine }) => [startLine, endLine])).toEqual([
      [1, 11],
      [2, 5],
      [7, 10],
    ]);
  });
});

describe('rename', () => {
  const renamed = async (word: string, occurrence: number, newName: string): Promise<string> => {
    const edit = await editor.at<WorkspaceEdit>('rename', uri, positionOf(MODULE, word, occurrence), { newName });
    return TextDocument.applyEdits(TextDocument.create('', '', 0, MODULE), edit.changes?.[uri] ?? []);
  };

  it('renames values in their function alone', async () => {
    expect(await renamed('%x', 2, '%input')).toBe(
      MODULE.replace('@twice(%x:', '@twice(%input:').replace('ms.add %x, %x', 'ms.add %input, %input'),
    );
  });

  it('renames symbols', async () => {
    expect(await renamed('@twice', 0, 'doubled')).toBe(MODULE.replaceAll('@twice', '@doubled'));
  });

  it('refuses names that are taken or none', async () => {
    await expect(renamed('%y', 0, 's')).rejects.toThrow(/already defined/);
    await expect(renamed('%y', 0, 'a b')).rejects.toThrow(/no name/);
    await expect(renamed('@twice', 0, 'main')).rejects.toThrow(/already defined/);
    await expect(renamed('return', 0, 'main')).rejects.toThrow(/no name here/);
  });

  it('tells what would be renamed', async () => {
    const range = await editor.at<Range>('prepareRename', uri, positionOf(MODULE, '%y', 1));
    expect(textOfRange(MODULE, range)).toBe('y');
  });

  it('keeps the number of a result', async () => {
    const text = 'func.func @f() {\n  %r:2 = "a.b"() : () -> (i32, i32)\n  "a.c"(%r#1) : (i32) -> ()\n  return\n}\n';
    const at = `untitled:Untitled-${++count}.mlir`;
    await editor.open(at, 'mlir', text);
    const edit = await editor.at<WorkspaceEdit>('rename', at, positionOf(text, '%r#1'), { newName: 'pair' });
    const result = TextDocument.applyEdits(TextDocument.create('', '', 0, text), edit.changes?.[at] ?? []);
    expect(result).toBe(text.replaceAll('%r', '%pair'));
  });
});

describe('completion', () => {
  const completed = async (text: string): Promise<readonly CompletionItem[]> => {
    const { text: plain, position } = marked(text);
    const at = `untitled:Untitled-${++count}.mlir`;
    await editor.open(at, 'mlir', plain);
    return editor.at('completion', at, position);
  };
  const inFunction = (line: string): string => `func.func @f(%a: i32, %b: i64) {\n${line}\n  return\n}\n`;
  const labels = async (text: string): Promise<readonly string[]> => (await completed(text)).map(({ label }) => label);

  it('offers operations at the start of a line', async () => {
    const items = await completed(inFunction('  %0 = ms.re‸'));
    const relu = items.find(({ label }) => label === 'ms.relu');
    expect(relu?.detail).toBeTruthy();
    const resolved = await editor.request<CompletionItem>('completionItem/resolve', relu);
    expect(JSON.stringify(resolved.documentation)).toContain('operands');
    expect(await labels(inFunction('  "npu.set‸'))).toContain('"npu.set_flag"');
  });

  it('offers values with their types, the nearest first', async () => {
    const items = await completed(inFunction('  %0 = arith.addi %‸'));
    expect(items.map(({ label, detail }) => [label, detail])).toEqual([
      ['%b', 'i64'],
      ['%a', 'i32'],
    ]);
  });

  it('offers symbols, attributes and types', async () => {
    expect(await labels(inFunction('  func.call @‸'))).toEqual(['@f']);
    expect(await labels(inFunction('  %0 = ms.reduce_sum %a {axes = [0], ‸'))).toEqual(['keep_dims']);
    expect(await labels(inFunction('  %0 = arith.addi %a, %a : ‸'))).toContain('i32');
    expect(await labels(inFunction('  %0 = arith.addi %a, "‸'))).toEqual([]);
  });
});

describe('formatting', () => {
  const formatted = async (text: string): Promise<string> => {
    const at = `untitled:Untitled-${++count}.mlir`;
    await editor.open(at, 'mlir', text);
    const edits = await editor.of<TextEdit[]>('formatting', at, { options: { tabSize: 2, insertSpaces: true } });
    return TextDocument.applyEdits(TextDocument.create('', '', 0, text), edits);
  };

  it('prints the text again and keeps comments', async () => {
    const text =
      '// msc opt --cse\nfunc.func @f(%a:i32)   -> i32 { // head\n %0 = arith.addi %a,%a : i32 // sum\n\n\n   // last\n return %0 : i32 }\n';
    const expected =
      '// msc opt --cse\nfunc.func @f(%a: i32) -> i32 {  // head\n  %0 = arith.addi %a, %a : i32  // sum\n\n  // last\n  return %0 : i32\n}\n';
    expect(await formatted(text)).toBe(expected);
    expect(await formatted(expected)).toBe(expected);
  });

  it('keeps the generic form, parts and line ends', async () => {
    const generic =
      '"func.func"() ({\r\n^bb0(%a: i32):\r\n  "func.return"() : () -> ()\r\n}) {function_type = (i32) -> (), sym_name = "f"} : () -> ()\r\n';
    expect(await formatted(generic.replaceAll('  ', ' '))).toBe(generic);
    const parts = 'func.func @f() {\n  return\n}\n\n// -----\n\nfunc.func @g() {\n  return\n}\n';
    expect(await formatted(parts.replaceAll('  return', 'return'))).toBe(parts);
  });

  it('leaves alone what it could not keep: errors, aliases', async () => {
    const broken = 'func.func @f( {\n return }\n';
    expect(await formatted(broken)).toBe(broken);
    expect(await formatted(MODULE)).toBe(MODULE);
  });
});

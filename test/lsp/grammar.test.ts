/** The TextMate grammars on what msc really writes. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadWASM, OnigScanner, OnigString } from 'vscode-oniguruma';
import { INITIAL, parseRawGrammar, Registry, type IGrammar } from 'vscode-textmate';
import { instructions } from '../../runtime/isa/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { Folder, repository } from '../cli/harness.ts';

const grammarFolder = join(repository, 'tools/editor/grammars');
const grammars = new Map<string, IGrammar>();

beforeAll(async () => {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await loadWASM(readFileSync(wasm));
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => new OnigScanner(sources),
      createOnigString: (text) => new OnigString(text),
    }),
    loadGrammar: async (scope) => {
      const path = join(grammarFolder, `${scope.replace('source.', '')}.tmLanguage.json`);
      return parseRawGrammar(readFileSync(path, 'utf8'), path);
    },
  });
  for (const name of ['msc-mlir', 'msc-asm']) {
    const grammar = await registry.loadGrammar(`source.${name}`);
    if (grammar === null) throw new Error(`no grammar ${name}`);
    grammars.set(name, grammar);
  }
});

interface Token {
  readonly text: string;
  /** The innermost scope without the name of the language. */
  readonly scope: string;
  readonly line: number;
}

/** Every token that is not blank; a line that takes ten seconds is a catastrophe of some regular expression. */
function tokensOf(name: string, text: string): readonly Token[] {
  const grammar = grammars.get(name);
  if (grammar === undefined) throw new Error(`no grammar ${name}`);
  let state = INITIAL;
  return text.split('\n').flatMap((line, number) => {
    const { tokens, ruleStack, stoppedEarly } = grammar.tokenizeLine(line, state, 10_000);
    if (stoppedEarly) throw new Error(`line ${number + 1} takes too long`);
    state = ruleStack;
    return tokens
      .map(({ startIndex, endIndex, scopes }) => ({
        text: line.slice(startIndex, endIndex).trim(),
        scope: scopes.at(-1)?.replace(`.${name}`, '') ?? '',
        line: number + 1,
      }))
      .filter((token) => token.text !== '');
  });
}

/** The kinds of the words of a line. */
const kinds = (name: string, text: string): readonly string[] =>
  tokensOf(name, text).map((token) => `${token.text} ${token.scope}`);

const isUnscoped = ({ scope }: Token): boolean => /^(source|meta)\b/.test(scope) || scope.startsWith('invalid');

const NETWORK = `import mindspore.nn as nn
from mindspore import ops


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, has_bias=True)
        self.dense = nn.Dense(4, 2)

    def construct(self, x, n):
        y = ops.relu(self.conv(x)).mean((2, 3)) * 1e-7
        if n > 0:
            y = y + 2.0
        while n > 0:
            n = n - 1
            y = y * 0.5
        return self.dense(y), ops.topk(y, 2)
`;

describe('the grammar of IR text', () => {
  const folder = new Folder();
  const stages = ['source', 'graph', 'fused', 'tile', 'scheduled'];

  it.each(stages)('names every token of @%s, with and without locations', async (stage) => {
    folder.write('net.py', NETWORK);
    const input = ['--input', 'x=1x1x8x8:f32', '--input', 'n=:i32', `--compile-to=${stage}`, '--print-debuginfo'];
    const { code, out, err } = await folder.run('compile', 'net.py', ...input);
    expect([code, err]).toEqual([0, '']);
    folder.write(`${stage}.mlir`, out);
    for (const form of ['--mlir-print-debuginfo', '--mlir-print-op-generic']) {
      const printed = await folder.run('opt', `${stage}.mlir`, form);
      expect([printed.code, printed.err]).toEqual([0, '']);
      const tokens = tokensOf('msc-mlir', printed.out);
      expect(tokens.filter(isUnscoped)).toEqual([]);
      const operations = tokens.filter(({ scope }) =>
        /operation|keyword\.control|storage\.type\.(func|mod)/.test(scope),
      );
      expect(operations.length).toBeGreaterThan(10);
    }
  });

  it('names every token of the tests of msc opt', () => {
    const below = join(repository, 'test/file');
    const paths = readdirSync(below, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.mlir'));
    expect(paths.length).toBeGreaterThan(10);
    for (const path of paths.filter((one) => !one.includes('errors') && !one.includes('bad-'))) {
      const [text] = readFileSync(join(below, path), 'utf8').split('// ---- output ----');
      expect(tokensOf('msc-mlir', text).filter(isUnscoped), path).toEqual([]);
    }
  });

  it('knows operations in both forms', () => {
    for (const name of opTable.keys()) {
      const [quoted] = tokensOf('msc-mlir', `  "${name}"(%a) : (i32) -> ()`).filter(({ text }) => text === name);
      expect(quoted?.scope, name).toMatch(/^entity\.name\.function\.operation/);
      const [bare] = tokensOf('msc-mlir', `  ${name} %a : i32`).filter(({ text }) => text === name);
      expect(bare?.scope, name).toMatch(/^(entity\.name\.function\.operation|keyword\.control|storage\.type)/);
    }
  });

  it('tells the kinds of tokens apart', () => {
    expect(kinds('msc-mlir', '%0:2, %y = "a.b"(%x#1, %z) {k = -1.5e-07 : f32, u} : (i32) -> !t loc(#loc3)')).toEqual([
      '%0 variable.other.value.definition',
      ': punctuation.separator.colon',
      '2 constant.numeric.results',
      ', punctuation.separator.comma',
      '%y variable.other.value.definition',
      '= keyword.operator.assignment',
      '" punctuation.definition.string',
      'a.b entity.name.function.operation.dialect',
      '" punctuation.definition.string',
      '( punctuation.section.parens',
      '%x variable.other.value',
      '#1 constant.numeric.result',
      ', punctuation.separator.comma',
      '%z variable.other.value',
      ') punctuation.section.parens',
      '{ punctuation.section.braces',
      'k entity.other.attribute-name',
      '= keyword.operator.assignment',
      '-1.5e-07 constant.numeric.float',
      ': punctuation.separator.colon',
      'f32 storage.type.scalar',
      ', punctuation.separator.comma',
      'u entity.other.attribute-name.unit',
      '} punctuation.section.braces',
      ': punctuation.separator.colon',
      '( punctuation.section.parens',
      'i32 storage.type.scalar',
      ') punctuation.section.parens',
      '-> keyword.operator',
      '!t variable.other.constant.alias',
      'loc keyword.other.location',
      '( punctuation.section.parens',
      '#loc3 variable.other.constant.alias',
      ') punctuation.section.parens',
    ]);
  });

  it('reads types with their encoding', () => {
    expect(kinds('msc-mlir', 'tensor<2x?xf32, #ms.enc<dims = [2, "s"], layout = "NZ">> !npu.buffer<ub>')).toEqual([
      'tensor storage.type.shaped',
      '< punctuation.section.angle',
      '2 constant.numeric.extent',
      'x keyword.operator.times',
      '? constant.numeric.extent',
      'x keyword.operator.times',
      'f32 storage.type.element',
      ', punctuation.separator.comma',
      '#ms.enc support.type.attribute',
      '< punctuation.section.angle',
      'dims entity.other.attribute-name',
      '= keyword.operator.assignment',
      '[ punctuation.section.brackets',
      '2 constant.numeric.integer',
      ', punctuation.separator.comma',
      '" punctuation.definition.string.begin',
      's string.quoted.double',
      '" punctuation.definition.string.end',
      '] punctuation.section.brackets',
      ', punctuation.separator.comma',
      'layout entity.other.attribute-name',
      '= keyword.operator.assignment',
      '" punctuation.definition.string.begin',
      'NZ string.quoted.double',
      '" punctuation.definition.string.end',
      '> punctuation.section.angle',
      '> punctuation.section.angle',
      '!npu.buffer storage.type.dialect',
      '< punctuation.section.angle',
      'ub constant.other.word',
      '> punctuation.section.angle',
    ]);
  });

  it('reads locations with the Cell and the line', () => {
    expect(kinds('msc-mlir', 'loc("a.0: Conv2d"(callsite("p.py":1:2 at unknown)))')).toEqual([
      'loc keyword.other.location',
      '( punctuation.section.parens',
      '" punctuation.definition.string',
      'a.0 string.quoted.double.cell-path',
      ': punctuation.separator.cell',
      'Conv2d entity.name.class.cell',
      '" punctuation.definition.string',
      '( punctuation.section.parens',
      'callsite keyword.other.location',
      '( punctuation.section.parens',
      '"p.py" string.quoted.double.path',
      ': punctuation.separator.colon',
      '1 constant.numeric.line',
      ': punctuation.separator.colon',
      '2 constant.numeric.column',
      'at keyword.other.location',
      'unknown keyword.other.location',
      ') punctuation.section.parens',
      ') punctuation.section.parens',
      ') punctuation.section.parens',
    ]);
  });

  it('reads functions, control flow and what tests expect', () => {
    expect(kinds('msc-mlir', 'func.func private @f(%a: i32) -> i32 // expected-error@+1 {{no}}')).toEqual([
      'func.func storage.type.function',
      'private storage.modifier',
      '@f entity.name.function.symbol.definition',
      '( punctuation.section.parens',
      '%a variable.other.value',
      ': punctuation.separator.colon',
      'i32 storage.type.scalar',
      ') punctuation.section.parens',
      '-> keyword.operator',
      'i32 storage.type.scalar',
      '// comment.line.double-slash',
      'expected-error keyword.other.expectation',
      '@+1 constant.numeric.offset',
      '{{no}} string.unquoted.expectation',
    ]);
    expect(kinds('msc-mlir', 'scf.for %i = %a to %b step %c {')).toContain('to keyword.control');
  });

  it('has no line that takes long', () => {
    for (const unit of ['%a, ', '"', '{a = ', '<', 'tensor<', '((', '#ms.enc<', 'a.', '-', '"a"(', 'loc('])
      tokensOf('msc-mlir', unit.repeat(4_000 / unit.length));
  });
});

describe('the grammar of assembly', () => {
  const folder = new Folder();

  it('names every token of a program', async () => {
    folder.write('net.py', NETWORK);
    const input = ['--input', 'x=1x1x8x8:f32', '--input', 'n=:i32', '--emit=asm', '-o', '-'];
    const { code, out } = await folder.run('compile', 'net.py', ...input);
    expect(code).toBe(0);
    const tokens = tokensOf('msc-asm', out);
    expect(tokens.length).toBeGreaterThan(1000);
    expect(tokens.filter(isUnscoped)).toEqual([]);
    expect(tokens.filter(({ scope }) => scope === 'entity.name.section.kernel').length).toBeGreaterThan(2);
  });

  it('knows every mnemonic', () => {
    for (const { mnemonic } of instructions)
      expect(tokensOf('msc-asm', `  ${mnemonic} X1, 2`)[0]).toEqual({
        text: mnemonic,
        scope: 'entity.name.function.mnemonic',
        line: 1,
      });
  });

  it('tells the kinds of tokens apart', () => {
    expect(kinds('msc-asm', 'L1: vadd dst=0x1F, X2, -1.5e-7, bits(0x7fc00001), -inf, PIPE_V, L2 // note')).toEqual([
      'L1 entity.name.label',
      ': punctuation.separator.colon',
      'vadd entity.name.function.mnemonic',
      'dst variable.parameter.operand',
      '= keyword.operator.assignment',
      '0x1F constant.numeric.hex',
      ', punctuation.separator.comma',
      'X2 variable.language.register',
      ', punctuation.separator.comma',
      '-1.5e-7 constant.numeric',
      ', punctuation.separator.comma',
      'bits support.function.bits',
      '( punctuation.section.parens',
      '0x7fc00001 constant.numeric.hex',
      ') punctuation.section.parens',
      ', punctuation.separator.comma',
      '-inf constant.language',
      ', punctuation.separator.comma',
      'PIPE_V support.constant.pipe',
      ', punctuation.separator.comma',
      'L2 entity.name.label.reference',
      '// comment.line.double-slash',
      'note comment.line.double-slash',
    ]);
    expect(kinds('msc-asm', '.loc 12')).toEqual(['.loc keyword.control.directive', '12 constant.numeric']);
    expect(kinds('msc-asm', '.org 12')[0]).toBe('.org invalid.illegal.directive');
  });

  it('has no line that takes long', () => {
    for (const unit of ['X1, ', 'a=', '-', '0x', 'bits(', '//'])
      tokensOf('msc-asm', `add ${unit.repeat(4_000 / unit.length)}`);
  });
});

/** Names that values keep from one text of a module to the next. */
import { describe, expect, it } from 'vitest';
import { type Module, parseModule, printModule, StableNames } from '../../compiler/ir/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { canonicalize, eliminateCommonSubexpressions } from '../../compiler/passes/simplify/index.ts';
import type { PassObserver } from '../../compiler/passes/rewrite/index.ts';
import { simplifyRules } from '../../tools/msc/pipeline-registry.ts';

function moduleOf(text: string): Module {
  const { module, diagnostics } = parseModule({ name: 'names.mlir', text }, opTable);
  if (module === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return module;
}

const observerOf = (names: StableNames): PassObserver => ({
  rewritten: ({ op, values }) =>
    op.results.forEach((result, index) => values[index] !== undefined && names.replace(result, values[index])),
  remark: () => undefined,
  moved: () => undefined,
  part: () => undefined,
});

const source = `func.func @main(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0 = ms.neg %x : tensor<4xf32>
  %1 = ms.neg %0 : tensor<4xf32>
  %2 = ms.neg %y : tensor<4xf32>
  %3 = ms.add %1, %2 : tensor<4xf32>
  %4 = ms.exp %3 : tensor<4xf32>
  %5 = ms.exp %3 : tensor<4xf32>
  %6 = ms.mul %4, %5 : tensor<4xf32>
  return %6 : tensor<4xf32>
}
`;

const textOf = (module: Module, names: StableNames): readonly string[] =>
  printModule(module, opTable, { form: 'pretty', names }).split('\n');

describe('stable names', () => {
  it('say what made a value, and a second text is the same', () => {
    const [module, names] = [moduleOf(source), new StableNames()];
    const first = textOf(module, names);
    expect(first).toContain('    %add_0 = ms.add %neg_1, %neg_2 : tensor<4xf32>');
    expect(textOf(module, names)).toEqual(first);
  });

  it('stay with what is left, and what replaces a value takes its name', () => {
    const [module, names] = [moduleOf(source), new StableNames()];
    const before = new Set(textOf(module, names));
    canonicalize(module, opTable, simplifyRules, observerOf(names));
    eliminateCommonSubexpressions(module, { definitions: opTable, observer: observerOf(names) });
    const changed = textOf(module, names).filter((line) => !before.has(line));
    // x + (-y) is x - y; what read the sum reads the difference by the same name.
    expect(changed).toEqual([
      '    %add_0 = ms.sub %x, %y : tensor<4xf32>',
      '    %mul_0 = ms.mul %exp_0, %exp_0 : tensor<4xf32>',
    ]);
  });

  it('make texts that parse, with names of their own in each function', () => {
    const twice = `${source}${source.replace('@main', '@other')}`;
    const text = textOf(moduleOf(twice), new StableNames()).join('\n');
    expect(text.match(/%x: tensor/g)).toHaveLength(2);
    expect(printModule(moduleOf(text), opTable)).toBe(
      printModule(moduleOf(text), opTable, { names: new StableNames() }),
    );
  });

  it('give each result of an operation with several its number', () => {
    const split = `func.func @main(%x: tensor<4xf32>) -> tensor<2xf32> {
  %0:2 = "ms.split"(%x) {axis = 0 : i64} : (tensor<4xf32>) -> (tensor<2xf32>, tensor<2xf32>)
  return %0#1 : tensor<2xf32>
}
`;
    expect(textOf(moduleOf(split), new StableNames()).join('\n')).toContain('return %split_0#1');
  });

  it('tell on which line each operation begins', () => {
    const lines: string[] = [];
    const text = printModule(moduleOf(source), opTable, {
      form: 'pretty',
      begins: (op, line) => (lines[line] = op.name),
    }).split('\n');
    expect(lines.slice(0, 3)).toEqual(['builtin.module', 'func.func', 'ms.neg']);
    lines
      .slice(2, -1)
      .forEach((name, index) => expect(text[index + 2]).toContain(name.replace('func.return', 'return')));
  });
});

/** Whatever parses runs to a value or a diagnostic: the evaluator itself never throws. */
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runPython } from './harness.ts';
import { budget } from '../fuzz.ts';

const folder = new URL('./programs/', import.meta.url);
const lines = readdirSync(folder)
  .filter((name) => name.endsWith('.py'))
  .flatMap((name) => readFileSync(new URL(name, folder), 'utf8').split('\n'));

const limits = { maxSteps: 20_000, maxDepth: 100 };
const names = [
  'x',
  'y',
  'f',
  'self',
  'len',
  'print',
  'super',
  'type',
  'object',
  '__class__',
  'ValueError',
  'range',
  'dict',
  'int',
];
const name = fc.constantFrom(...names);

/** Random expressions that parse. */
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    name,
    fc.constantFrom('1', '-1', '0.5', "'a'", 'None', 'True', '[]', '{}', '()', '...', '2**70', "b'x'", '1j'),
    fc
      .tuple(
        tie('expression'),
        fc.constantFrom('+', '-', '*', '/', '//', '%', '@', '==', '<', 'in', 'is', 'and', 'or', '&', '|'),
        tie('expression'),
      )
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a})(${b})`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a})[${b}]`),
    fc
      .tuple(
        tie('expression'),
        fc.constantFrom(
          '__class__',
          '__dict__',
          '__mro__',
          '__init__',
          '__new__',
          '__call__',
          'append',
          'real',
          '__get__',
          '__name__',
          'mro',
        ),
      )
      .map(([a, b]) => `(${a}).${b}`),
    fc.tuple(name, tie('expression'), tie('expression')).map(([a, b, c]) => `[${b} for ${a} in (${c})]`),
    fc.tuple(name, tie('expression')).map(([a, b]) => `(lambda ${a}, *y, **kw: ${b})`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `{${a}: ${b}, **{}}`),
    fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([a, b, c]) => `(${a} if ${b} else ${c})`),
    tie('expression').map((a) => `f'{${a.replaceAll("'", '"').replaceAll('{', '(').replaceAll('}', ')')}!r:>3}'`),
    tie('expression').map((a) => `(*[${a}], not ${a})`),
  ),
}));

const statement = fc.oneof(
  fc.tuple(name, expression).map(([a, b]) => `${a} = ${b}`),
  expression.map((a) => `print(${a})`),
  fc.tuple(name, expression).map(([a, b]) => `${a} += ${b}`),
  expression.map((a) => `raise ${a}`),
  expression.map((a) => `del ${a.startsWith('(') ? 'x' : 'y'}`),
  fc.tuple(name, expression, expression).map(([a, b, c]) => `for ${a} in ${b}: print(${c})`),
  fc
    .tuple(name, expression, expression)
    .map(([a, b, c]) => `class ${a === 'x' ? 'f' : 'x'}(${b}):\n    y = ${c}\n    def f(self): return super().${a}`),
  fc.tuple(name, expression).map(([a, b]) => `def ${a}(x=${b}):\n    yield x\n    return (yield from ${b})`),
  fc.tuple(expression, expression).map(([a, b]) => `with ${a} as y: print(${b})`),
  fc
    .tuple(expression, expression, expression)
    .map(([a, b, c]) => `try: ${a}\nexcept ${b} as x: print(${c})\nfinally: y = 1`),
  fc
    .tuple(expression, expression)
    .map(
      ([a, b]) =>
        `match ${a}:\n    case [x, *y]: print(${b})\n    case {'a': x}: pass\n    case int(): pass\n    case _: y = 2`,
    ),
  fc.tuple(name, expression).map(([a, b]) => `import ${a}\nfrom math import *\nassert ${b}, ${b}`),
);

test('random programs', () => {
  fc.assert(
    fc.property(fc.array(statement, { minLength: 1, maxLength: 6 }), (statements) => {
      const { diagnostics } = runPython(statements.join('\n'), { limits });
      for (const diagnostic of diagnostics) expect(diagnostic.code).toMatch(/^MSC0[12]\d\d$/);
    }),
    budget(20250722, 400),
  );
});

test('lines of the test programs in any order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...lines.filter((line) => !line.startsWith(' '))), { minLength: 1, maxLength: 8 }),
      (chosen) => {
        runPython(chosen.map((line) => (line.trimEnd().endsWith(':') ? `${line} pass` : line)).join('\n'), { limits });
      },
    ),
    budget(20250722, 400),
  );
});

/** Every constraint has a broken example, and says both values. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Constraint, Operation } from '../../compiler/ir/index.ts';
import { denseAttribute, parseModule, tensorType, viewOf } from '../../compiler/ir/index.ts';
import { isTensorOp, opTable, tensorOps } from '../../compiler/ir/ops/index.ts';

const lines = readFileSync(new URL('./broken.txt', import.meta.url), 'utf8').split('\n');
const examples = lines
  .filter((line) => line.startsWith('C'))
  .map((line) => line.split(' | '))
  .map(([label, text, message]) => ({ label, text, message, name: /"(ms\.\w+)"/.exec(text)?.[1] ?? '' }));

/** The operation of a line, its operands as arguments of a function. */
function parse(text: string): Operation {
  const [, names, types] = /^"ms\.\w+"\(([^)]*)\)[^]*? : \((.*)\) -> /.exec(text) ?? [];
  const used = names === '' ? [] : names.split(', ');
  const typeList = used.length === 0 ? [] : (types.match(/tensor<[^<>]*(?:<[^<>]*>)?[^<>]*>/g) ?? []);
  const placed = text.replace(`(${names})`, `(${used.map((name) => `%${name}`).join(', ')})`);
  const source = `func.func @f(${used.map((name, index) => `%${name}: ${typeList[index]}`).join(', ')}) {\n${placed}\nfunc.return\n}`;
  const { module, diagnostics } = parseModule({ name: 'broken', text: source }, opTable);
  if (module === null) throw new Error(`${source}\n${diagnostics.map((diagnostic) => diagnostic.message).join('; ')}`);
  return module.body.operations[0].regions[0].operations[0];
}

function constraintsOf(name: string): readonly Constraint[] {
  if (!isTensorOp(name)) throw new Error(`'${name}' is no tensor op`);
  return tensorOps[name].constraints;
}

/** Text cannot say a dense attribute of a wrong length, so that one is made. */
function viewOfExample(text: string) {
  const view = viewOf(parse(text));
  if (!text.startsWith('"ms.constant"')) return view;
  return { ...view, attributes: new Map([['value', denseAttribute(tensorType([3], 'i32'), Int32Array.of(1, 2))]]) };
}

describe('a broken constraint says what it found', () => {
  test.each(examples)('$name $label: $message', ({ label, text, message, name }) => {
    const view = viewOfExample(text);
    const rules = constraintsOf(name);
    const at = rules.findIndex((rule) => rule.label === label);
    expect(rules.slice(0, at).map((rule) => rule.check(view))).toEqual(rules.slice(0, at).map(() => null));
    expect(rules[at].check(view)).toBe(message);
  });
});

test('every constraint has its broken example', () => {
  const shown = new Set(
    examples.flatMap(({ name, label }) => constraintsOf(name).filter((rule) => rule.label === label)),
  );
  const rowsOf = (constraint: Constraint) => `${constraint.label} ${constraint.text}`;
  const texts = new Set([...shown].map(rowsOf));
  const missing = Object.values(tensorOps).flatMap((row) =>
    row.constraints.filter((rule) => !texts.has(rowsOf(rule))).map((rule) => `${row.name} ${rowsOf(rule)}`),
  );
  expect(missing).toEqual([]);
});

/** The columns of the grid against each other, on every op case. */
import { describe, expect, test } from 'vitest';
import type { Operation } from '../../compiler/ir/index.ts';
import {
  Block,
  Builder,
  isAbsent,
  Module,
  Operation as Op,
  stringAttribute,
  typeAttribute,
  functionType,
  viewOf,
} from '../../compiler/ir/index.ts';
import type { RuntimeValue } from '../../compiler/ir/evaluate/index.ts';
import { evaluateFunction, isScalar } from '../../compiler/ir/evaluate/index.ts';
import { Emitter, isTensorOp, opTable, tensorOps } from '../../compiler/ir/ops/index.ts';
import { checkIndex, inferProblem } from './halves.ts';
import type { OpCase } from './opcase.ts';
import { mismatch, readAllOpCases } from './opcase.ts';

const cases = readAllOpCases();
const title = (opCase: OpCase): string => `${opCase.file}:${opCase.line} ${opCase.function}`;

/** The one tensor op of a case. */
function opOf(opCase: OpCase): Operation {
  for (const op of opCase.module.body.operations) {
    const name = op.attribute('sym_name');
    if (name?.kind === 'string' && name.value === opCase.function) return op.regions[0].operations[0];
  }
  throw new Error(`${title(opCase)}: no function`);
}

const definitionOf = (op: Operation) => {
  if (!isTensorOp(op.name)) throw new Error(`'${op.name}' is no tensor op`);
  return tensorOps[op.name];
};

describe('infer gives the types of what evaluate computes, and constraints hold', () => {
  test.each(cases.map((opCase) => [title(opCase), opCase] as const))('%s', (_, opCase) => {
    const op = opOf(opCase);
    const view = viewOf(op);
    expect(inferProblem(op, view.operandTypes, view.resultTypes)).toEqual([]);
    expect(
      definitionOf(op)
        .constraints.map((constraint) => constraint.check(view))
        .filter((found) => found !== null),
    ).toEqual([]);
  });
});

describe('an op on the halves of an index, joined, is the op on the whole', () => {
  const checked = new Set<string>();
  test.each(cases.map((opCase) => [title(opCase), opCase] as const))('%s', (_, opCase) => {
    const op = opOf(opCase);
    const { axes: rule } = definitionOf(op);
    if (isAbsent(rule)) return;
    const axes = rule(viewOf(op));
    expect([...axes.operands, ...axes.results].map((names) => names.length)).toEqual(
      [...op.operands, ...op.results].map((value) => (value.type.kind === 'tensor' ? value.type.shape.length : -1)),
    );
    const indices = new Set([...axes.operands, ...axes.results].flat().flatMap((dimension) => dimension.split('*')));
    for (const index of indices) {
      if (index === '_' || axes.indivisible.includes(index)) continue;
      const problems = checkIndex(op, index, axes, opCase.inputs, opCase.within * 4);
      if (problems !== null) checked.add(`${op.name} ${index}`);
      expect(problems ?? []).toEqual([]);
    }
  });
  test('many indices were divided', () => expect(checked.size).toBeGreaterThan(120));
});

/** A function that computes an op by its decomposition. */
function decomposed(op: Operation): Module | null {
  const { decompose } = definitionOf(op);
  if (isAbsent(decompose)) return null;
  const block = new Block(op.operands.map((operand) => operand.type));
  const builder = new Builder(block, opTable);
  const results = decompose(new Emitter(builder, opTable), block.arguments, viewOf(op));
  expect(results.map((result) => result.type.key)).toEqual(op.results.map((result) => result.type.key));
  builder.create('func.return', results, []);
  const type = functionType(
    block.arguments.map((argument) => argument.type),
    results.map((result) => result.type),
  );
  const body = new Block();
  body.operations.push(
    new Op(
      'func.func',
      [],
      [],
      new Map([
        ['sym_name', stringAttribute('f')],
        ['function_type', typeAttribute(type)],
      ]),
      [block],
      null,
    ),
  );
  return new Module(body);
}

const problemOf = (actual: RuntimeValue, opCase: OpCase, index: number): string | null =>
  isScalar(actual) ? 'a scalar' : mismatch(actual, opCase.expected[index], opCase.within * 4);

describe('decompose computes the same', () => {
  const composite = cases.filter((opCase) => !isAbsent(definitionOf(opOf(opCase)).decompose));
  test.each(composite.map((opCase) => [title(opCase), opCase] as const))('%s', (_, opCase) => {
    const module = decomposed(opOf(opCase));
    const outcome = module && evaluateFunction(module, 'f', opCase.inputs);
    expect(outcome?.ok && outcome.value.map((value, index) => problemOf(value, opCase, index))).toEqual(
      opCase.expected.map(() => null),
    );
  });
});

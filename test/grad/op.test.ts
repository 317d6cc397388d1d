/** The grad column against differences of the oracle, in f64: every op case with float operands and results, twice. */
import { describe, expect, test } from 'vitest';
import type { Module } from '../../compiler/ir/index.ts';
import { Block, Builder, isAbsent, printModule, viewOf } from '../../compiler/ir/index.ts';
import type { TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { fromNumbers, numbersOf } from '../../compiler/ir/evaluate/index.ts';
import { Emitter, isTensorOp, opTable, tensorOps } from '../../compiler/ir/ops/index.ts';
import type { OpCase } from '../op/opcase.ts';
import { readAllOpCases } from '../op/opcase.ts';
import type { Signature } from './harness.ts';
import {
  differenceProblems,
  differentiated,
  gradientText,
  inDoubles,
  irregular,
  isFloatTensor,
  parsed,
  run,
  signatureOf,
} from './harness.ts';

/** Where differences say nothing. */
const SKIPPED: Readonly<Record<string, string>> = {
  stop_gradient: 'its gradient is zero by definition',
  scatter_nd_none: 'two updates meet in one place: each takes its gradient',
  scatter_nd_mul: 'it has no derivative rule',
  scatter_nd_max: 'it has no derivative rule',
  scatter_nd_min: 'it has no derivative rule',
};

/** Functions of positive numbers. */
const POSITIVE: ReadonlySet<string> = new Set(['sqrt', 'log', 'pow']);

const cases = readAllOpCases().filter((opCase) => {
  const { inputs, results } = signatureOf(opCase.module, opCase.function);
  return !(opCase.function in SKIPPED) && inputs.some(isFloatTensor) && results.some(isFloatTensor);
});

/** The case's function of f64, @first with its gradients, @second with gradients of those. */
function withGradients(opCase: OpCase): {
  readonly module: Module;
  readonly first: Signature;
  readonly second: Signature;
} {
  const text = inDoubles(opCase.module, opCase.function);
  const { inputs, results } = signatureOf(parsed(text), opCase.function);
  const floats = inputs.flatMap((type, at) => (isFloatTensor(type) ? [at] : []));
  const outputs = results.flatMap((type, at) => (isFloatTensor(type) ? [at] : []));
  const first = { name: opCase.function, inputs, results, floats, outputs };
  const second = {
    name: 'first',
    inputs: [...inputs, ...outputs.map((at) => results[at])],
    results: floats.map((at) => inputs[at]),
    floats: [...floats, ...outputs.map((_, at) => inputs.length + at)],
    outputs: floats.map((_, at) => at),
  };
  const whole = text.replace(/\}\s*$/, `${gradientText('first', first)}\n${gradientText('second', second)}\n}`);
  return { module: differentiated(whole), first, second };
}

/** The case's inputs as f64, moved off kinks and ties. */
const moved = (opCase: OpCase, floats: readonly number[]): readonly TensorValue[] =>
  opCase.inputs.map((input, index) => {
    if (!floats.includes(index)) return input;
    const shift = irregular(numbersOf(input).length, index);
    const values = Array.from(numbersOf(input), (value, at) => {
      const off = (Number.isFinite(value) ? value : 0.7) + 0.02 * shift[at];
      return POSITIVE.has(opCase.function) ? Math.abs(off) + 0.1 : off;
    });
    return fromNumbers(input.shape, 'f64', values);
  });

/** Irregular cotangents for some results. */
const cotangentsOf = (results: readonly TensorValue[], outputs: readonly number[]): readonly (TensorValue | null)[] =>
  results.map((result, index) =>
    outputs.includes(index) ? fromNumbers(result.shape, 'f64', irregular(numbersOf(result).length, 7 + index)) : null,
  );

/** Compares a gradient function with differences of what it is the gradient of; returns its inputs too. */
function check(module: Module, gradient: string, of: Signature, inputs: readonly TensorValue[]) {
  const value = (at: readonly TensorValue[]) => run(module, of.name, at);
  const cotangents = cotangentsOf(value(inputs), of.outputs);
  const all = [...inputs, ...cotangents.filter((cotangent) => cotangent !== null)];
  const found = run(module, gradient, all);
  const gradients = inputs.map((_, at) => (of.floats.includes(at) ? found[of.floats.indexOf(at)] : null));
  return { problems: differenceProblems({ value, inputs, cotangents, gradients }, 1e-5), all };
}

describe('gradients and their gradients are differences', () => {
  test.each(cases.map((opCase) => [`${opCase.file} ${opCase.function}`, opCase] as const))('%s', (_, opCase) => {
    const { module, first, second } = withGradients(opCase);
    const { problems, all } = check(module, 'first', first, moved(opCase, first.floats));
    expect(problems).toEqual([]);
    expect(check(module, 'second', second, all).problems).toEqual([]);
  });
});

/** The text of a function that computes a case's op by its decomposition. */
function decomposedText(opCase: OpCase): string | null {
  const { module } = opCase;
  const copy = parsed(inDoubles(module, opCase.function));
  const [body] = copy.body.operations[0].regions;
  const [op, terminator] = body.operations;
  const definition = isTensorOp(op.name) ? tensorOps[op.name] : null;
  if (definition === null || isAbsent(definition.decompose)) return null;
  const builder = new Builder(new Block(), opTable);
  const results = definition.decompose(new Emitter(builder, opTable), op.operands, viewOf(op));
  results.forEach((result, index) => terminator.setOperand(index, result));
  op.dropUses();
  body.operations = [...builder.block.operations, terminator];
  return printModule(copy, opTable, { form: 'pretty', locations: false });
}

describe('the gradient of the parts is the gradient of the whole', () => {
  const composite = cases.filter((opCase) => decomposedText(opCase) !== null);
  test.each(composite.map((opCase) => [`${opCase.file} ${opCase.function}`, opCase] as const))('%s', (_, opCase) => {
    const { module, first } = withGradients(opCase);
    const parts = decomposedText(opCase) ?? '';
    const decomposed = differentiated(parts.replace(/\}\s*$/, `${gradientText('first', first)}\n}`));
    const inputs = moved(opCase, first.floats);
    const cotangents = cotangentsOf(run(module, first.name, inputs), first.outputs).filter((value) => value !== null);
    const [whole, ofParts] = [module, decomposed].map((each) => run(each, 'first', [...inputs, ...cotangents]));
    const far = whole.flatMap((gradient, index) => {
      const [left, right] = [numbersOf(gradient), numbersOf(ofParts[index])];
      const scale = Array.from(left).reduce((greatest, value) => Math.max(greatest, Math.abs(value)), 1);
      return Array.from(left).filter((value, at) => !(Math.abs(value - right[at]) <= 1e-9 * scale));
    });
    expect(far).toEqual([]);
  });
});

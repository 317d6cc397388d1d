/** The grad column against differences of the oracle, in f64: every op case with float operands and results, twice. */
import { describe, expect, test } from 'vitest';
import type { Module, TensorType, Type } from '../../compiler/ir/index.ts';
import { isFloat } from '../../compiler/ir/index.ts';
import type { TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { fromNumbers, numbersOf } from '../../compiler/ir/evaluate/index.ts';
import type { OpCase } from '../op/opcase.ts';
import { readAllOpCases } from '../op/opcase.ts';
import { differenceProblems, differentiated, inDoubles, irregular, parsed, run, signatureOf } from './harness.ts';

function isFloatTensor(type: Type): type is TensorType {
  return type.kind === 'tensor' && isFloat(type.dtype);
}

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

const types = (list: readonly Type[]): string => list.map(({ key }) => key).join(', ');
const uses = (prefix: string, list: readonly unknown[]): string => list.map((_, at) => `%${prefix}${at}`).join(', ');
const defined = (prefix: string, list: readonly Type[]): string =>
  list.map(({ key }, at) => `%${prefix}${at}: ${key}`).join(', ');

/** A function and where its floats are. */
interface Signature {
  readonly name: string;
  readonly inputs: readonly Type[];
  readonly results: readonly Type[];
  /** Inputs to differentiate by. */
  readonly floats: readonly number[];
  /** Results to differentiate. */
  readonly outputs: readonly number[];
}

/** The text of a function of the inputs and cotangents of another one: gradients of its float inputs. */
function gradientText(name: string, of: Signature): string {
  const primals = of.floats.map((at) => of.inputs[at]);
  const cotangents = of.outputs.map((at) => of.results[at]);
  const passed = of.inputs.map((_, at) => (of.floats.includes(at) ? `%p${of.floats.indexOf(at)}` : `%x${at}`));
  const only = of.results.length === 1;
  const picked = of.outputs.map((at) => (only ? '%y' : `%y#${at}`)).join(', ');
  const primalUses = of.floats.map((at) => `%x${at}`).join(', ');
  return `func.func @${name}(${defined('x', of.inputs)}, ${defined('d', cotangents)}) -> (${types(primals)}) {
    %v:${cotangents.length + primals.length} = "ms.vjp"(${primalUses}, ${uses('d', cotangents)}) ({
      ^bb0(${defined('p', primals)}):
      %y${only ? '' : `:${of.results.length}`} = func.call @${of.name}(${passed.join(', ')}) : (${types(of.inputs)}) -> (${types(of.results)})
      scf.yield ${picked} : ${types(cotangents)}
    }) {outputs = ${cotangents.length}, primals = ${primals.length}} : (${types([...primals, ...cotangents])}) -> (${types([...cotangents, ...primals])})
    func.return ${primals.map((_, at) => `%v#${cotangents.length + at}`).join(', ')} : ${types(primals)}
  }`;
}

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

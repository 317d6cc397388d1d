/**
 * Generated programs: every gradient is a difference of the oracle where there is a derivative at all, which is where
 * differences over two step sizes agree.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Module, OpDefinition } from '../../compiler/ir/index.ts';
import { printModule, scalarType, tensorType } from '../../compiler/ir/index.ts';
import type { RuntimeValue, TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { fromNumbers, isScalar, numbersOf } from '../../compiler/ir/evaluate/index.ts';
import { isTensorOp, opTable } from '../../compiler/ir/ops/index.ts';
import { budget } from '../fuzz.ts';
import { Genes } from '../props/generator/genes.ts';
import { generateModule } from '../props/generator/module.ts';
import type { Signature } from './harness.ts';
import { differentiated, gradientText, irregular, isFloatTensor, run, signatureOf, tidied } from './harness.ts';

const ARGUMENTS = [
  scalarType('i1'),
  tensorType([2, 3], 'f64'),
  tensorType([3], 'f64'),
  tensorType([2, 3], 'i32'),
  tensorType([3, 2], 'f64'),
  tensorType([2, 3, 4], 'f64'),
  tensorType([2, 3], 'i1'),
  tensorType([1, 2, 4, 4], 'f64'),
  tensorType([], 'f64'),
  tensorType([2, 2, 1, 2], 'f64'),
];

/** Ops that do not take part, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'ms.stop_gradient': 'its gradient is zero by definition',
  'ms.scatter_nd': 'updates may meet in one place',
  'ms.scatter_elements': 'updates may meet in one place',
  'ms.cast': 'f32 has no sharp differences',
};

const options = {
  definitions: opTable,
  accepts: ({ name }: OpDefinition) => isTensorOp(name) && !(name in LEFT_OUT),
  arguments: ARGUMENTS,
};

function signatureFor(module: Module): Signature {
  const { inputs, results } = signatureOf(module, 'main');
  const floatsOf = (types: Signature['inputs']) => types.flatMap((type, at) => (isFloatTensor(type) ? [at] : []));
  return { name: 'main', inputs, results, floats: floatsOf(inputs), outputs: floatsOf(results) };
}

const INPUTS: readonly RuntimeValue[] = ARGUMENTS.map((type, index) => {
  if (type.kind !== 'tensor') return { kind: 'bool', value: true };
  const shape = type.shape.map(Number);
  const values = irregular(
    shape.reduce((product, extent) => product * extent, 1),
    index,
  );
  return fromNumbers(
    shape,
    type.dtype,
    values.map((value) => (type.dtype === 'f64' ? value : type.dtype === 'i1' ? Number(value > 0) : Math.round(value))),
  );
});

function moved(index: number, at: number, step: number): readonly RuntimeValue[] {
  return INPUTS.map((input, place) => {
    if (place !== index || isScalar(input)) return input;
    const values = Array.from(numbersOf(input));
    values[at] += step;
    return fromNumbers(input.shape, input.dtype, values);
  });
}

/** Σ cotangent · result. */
function total(module: Module, inputs: readonly RuntimeValue[], cotangents: readonly (TensorValue | null)[]): number {
  return run(module, 'main', inputs).reduce((sum, result, index) => {
    const weights = cotangents[index];
    if (!weights) return sum;
    const values = numbersOf(result);
    return Array.from(numbersOf(weights)).reduce((part, weight, at) => part + weight * values[at], sum);
  }, 0);
}

/** What a gradient should be, or null where differences do not settle. */
function settled(difference: (step: number) => number): number | null {
  const [coarse, fine] = [difference(2e-5), difference(1e-5)];
  return Math.abs(coarse - fine) <= 1e-6 * Math.max(1, Math.abs(fine)) ? fine : null;
}

/** The text of a program with its gradient function, and what to give to that; null without float results. */
function withGradients(module: Module) {
  const of = signatureFor(module);
  if (of.outputs.length === 0) return null;
  const program = printModule(module, opTable, { form: 'pretty', locations: false });
  const cotangents = run(module, 'main', INPUTS).map((result, index) =>
    of.outputs.includes(index)
      ? fromNumbers(result.shape, result.dtype, irregular(numbersOf(result).length, 31 + index))
      : null,
  );
  const text = program.replace(/\}\s*$/, `${gradientText('gradients', of)}\n}`);
  return { of, text, cotangents, inputs: [...INPUTS, ...cotangents.filter((cotangent) => cotangent !== null)] };
}

let compared = 0;

function problems(module: Module): readonly string[] {
  const program = withGradients(module);
  if (program === null) return [];
  const { of, text, cotangents, inputs } = program;
  const whole = differentiated(text);
  const found = run(whole, 'gradients', inputs);
  return of.floats.flatMap((index, place) =>
    Array.from(numbersOf(found[place])).flatMap((gradient, at) => {
      const wanted = settled(
        (step) =>
          (total(whole, moved(index, at, step), cotangents) - total(whole, moved(index, at, -step), cotangents)) /
          (2 * step),
      );
      if (wanted === null || !Number.isFinite(gradient)) return [];
      compared++;
      return Math.abs(gradient - wanted) <= 1e-5 * Math.max(1, Math.abs(wanted))
        ? []
        : [`gradient of input ${index} at ${at} is ${gradient}, the difference is ${wanted}`];
    }),
  );
}

/** Where gradients of the simplified program are others. */
function simplifiedProblems(module: Module): readonly string[] {
  const program = withGradients(module);
  if (program === null) return [];
  const [before, after] = [differentiated, tidied].map((make) => run(make(program.text), 'gradients', program.inputs));
  return before.flatMap((gradient, index) => {
    const [left, right] = [numbersOf(gradient), numbersOf(after[index])];
    return Array.from(left).flatMap((value, at) =>
      !Number.isFinite(value) || Math.abs(value - right[at]) <= 1e-6 * Math.max(1, Math.abs(value))
        ? []
        : [`gradient ${index} at ${at} is ${value}, simplified ${right[at]}`],
    );
  });
}

test('gradients of generated programs are differences', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { minLength: 5, maxLength: 60 }), (values) => {
      expect(problems(generateModule(new Genes(values), options))).toEqual([]);
    }),
    budget(20260101, 60),
  );
  expect(compared).toBeGreaterThan(1000);
});

test('simplified derivatives compute the same', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { minLength: 5, maxLength: 60 }), (values) => {
      expect(simplifiedProblems(generateModule(new Genes(values), options))).toEqual([]);
    }),
    budget(20260102, 100),
  );
});

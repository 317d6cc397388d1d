/** The gradients of every op case that has floats run on the machine and equal the oracle. */
import { describe, expect, it } from 'vitest';
import { isFloat, parseModule, printModule } from '../../compiler/ir/index.ts';
import type { FunctionType, Module, TensorType, Type } from '../../compiler/ir/index.ts';
import { evaluateFunction, fromNumbers, isScalar } from '../../compiler/ir/evaluate/index.ts';
import type { TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { differentiateModule } from '../../compiler/passes/grad/index.ts';
import { inlineCalls } from '../../compiler/passes/simplify/index.ts';
import type { OpCase } from '../op/opcase.ts';
import { readAllOpCases } from '../op/opcase.ts';
import { compile, relativeError, runProgram } from './harness.ts';

/** Reductions of scatter without a derivative rule. */
const WITHOUT_RULE = /^scatter_nd_(mul|max|min)$/;
/** Defined for positive numbers. */
const POSITIVE = /sqrt|log|pow/;

const isFloatTensor = (type: Type): type is TensorType => type.kind === 'tensor' && isFloat(type.dtype);
const types = (list: readonly Type[]): string => list.map(({ key }) => key).join(', ');
const defined = (prefix: string, list: readonly Type[]): string =>
  list.map(({ key }, at) => `%${prefix}${at}: ${key}`).join(', ');
const named = (prefix: string, list: readonly unknown[]): string => list.map((_, at) => `%${prefix}${at}`).join(', ');

function signatureOf({ module, function: name }: OpCase): FunctionType {
  for (const op of module.body.operations) {
    const type = op.attributes.get('function_type');
    const symbol = op.attributes.get('sym_name');
    if (symbol?.kind === 'string' && symbol.value === name && type?.kind === 'type' && type.type.kind === 'function')
      return type.type;
  }
  throw new Error(`no function '${name}'`);
}

/** @main: gradients of the float inputs of the case's function, from its inputs and cotangents of its float results. */
function gradientText(opCase: OpCase): string {
  const { inputs, results } = signatureOf(opCase);
  const floats = inputs.flatMap((type, at) => (isFloatTensor(type) ? [at] : []));
  const outputs = results.flatMap((type, at) => (isFloatTensor(type) ? [at] : []));
  const [primals, cotangents] = [floats.map((at) => inputs[at]), outputs.map((at) => results[at])];
  const passed = inputs.map((_, at) => (floats.includes(at) ? `%p${floats.indexOf(at)}` : `%x${at}`)).join(', ');
  const all = [...primals, ...cotangents];
  const main = `func.func @main(${defined('x', inputs)}, ${defined('d', cotangents)}) -> (${types(primals)}) {
    %v:${all.length} = "ms.vjp"(${floats.map((at) => `%x${at}`).join(', ')}, ${named('d', cotangents)}) ({
      ^bb0(${defined('p', primals)}):
      %y:${results.length} = func.call @${opCase.function}(${passed}) : (${types(inputs)}) -> (${types(results)})
      scf.yield ${outputs.map((at) => `%y#${at}`).join(', ')} : ${types(cotangents)}
    }) {primals = ${primals.length}, outputs = ${outputs.length}} : (${types(all)}) -> (${types([...cotangents, ...primals])})
    func.return ${primals.map((_, at) => `%v#${outputs.length + at}`).join(', ')} : ${types(primals)}
  }`;
  const functions = printModule(opCase.module, opTable, { form: 'generic', locations: false });
  return functions.replace(/"builtin\.module"\(\) \(\{/, (start) => `${start}\n${main}`);
}

function gradientModule(opCase: OpCase): Module {
  const { module, diagnostics } = parseModule({ name: 'gradient.mlir', text: gradientText(opCase) }, opTable);
  if (module === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  const problems = differentiateModule(module, opTable);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('; '));
  inlineCalls(module, { limit: Infinity });
  return module;
}

/** Numbers between -1 and 1 that no simple fraction meets. */
function irregular({ shape, dtype }: TensorType, seed: number, positive: boolean): TensorValue {
  const count = shape.reduce<number>((product, extent) => product * Number(extent), 1);
  const numbers = Array.from({ length: count }, (_, index) => {
    const raw = Math.sin(12.9898 * (index + 1) + 78.233 * (seed + 1)) * 43758.5453;
    const number = 2 * (raw - Math.floor(raw)) - 1;
    return positive ? Math.abs(number) + 0.1 : number;
  });
  return fromNumbers(shape.map(Number), dtype, numbers);
}

const cases = readAllOpCases().filter((opCase, index, all) => {
  const { inputs, results } = signatureOf(opCase);
  const isFirst = all.findIndex((other) => other.file === opCase.file && other.function === opCase.function) === index;
  const isWide = [...inputs, ...results].some((type) => type.kind === 'tensor' && type.dtype === 'f64');
  const differs = inputs.some(isFloatTensor) && results.some(isFloatTensor);
  return isFirst && differs && !isWide && !WITHOUT_RULE.test(opCase.function);
});

describe('gradients on the machine equal the oracle', () => {
  it.each(cases.map((opCase) => [`${opCase.file} ${opCase.function}`, opCase] as const))('%s', (_, opCase) => {
    const { inputs, results } = signatureOf(opCase);
    const positive = POSITIVE.test(opCase.function);
    const values = [
      ...inputs.map((type, at) => (isFloatTensor(type) ? irregular(type, at, positive) : opCase.inputs[at])),
      ...results.filter(isFloatTensor).map((type, at) => irregular(type, 50 + at, false)),
    ];
    const expected = evaluateFunction(gradientModule(opCase), 'main', values);
    if (!expected.ok) throw new Error(expected.error.message);
    const actual = runProgram(compile(gradientModule(opCase)), values);
    const isHalf = [...inputs, ...results].some((type) => type.kind === 'tensor' && /^b?f16$/.test(type.dtype));
    expected.value.forEach((value, at) => {
      if (isScalar(value)) throw new Error('a scalar result');
      expect(relativeError(actual[at], value)).toBeLessThanOrEqual(isHalf ? 2e-2 : 2e-5);
    });
  });
});

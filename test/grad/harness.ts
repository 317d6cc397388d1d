/** Derivatives on values: modules through the pass, and differences of the oracle to compare with. */
import type { FunctionType, TensorType, Type } from '../../compiler/ir/index.ts';
import {
  Block,
  elementCount,
  isFloat,
  Module,
  parseModule,
  printModule,
  staticShape,
  verifyModule,
} from '../../compiler/ir/index.ts';
import type { RuntimeValue, TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { evaluateFunction, fromNumbers, isScalar, numbersOf } from '../../compiler/ir/evaluate/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { differentiateModule } from '../../compiler/passes/grad/index.ts';
import { canonicalize, eliminateCommonSubexpressions } from '../../compiler/passes/simplify/index.ts';
import { simplifyRules } from '../../tools/msc/pipeline-registry.ts';

export function parsed(text: string): Module {
  const { module, diagnostics } = parseModule({ name: 'test.mlir', text }, opTable);
  if (module === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
  return module;
}

/** A module without derivatives; throws what the pass or the verifier says. */
export function differentiated(text: string): Module {
  const module = parsed(text);
  const problems = [...differentiateModule(module, opTable), ...verifyModule(module, opTable)];
  if (problems.length > 0)
    throw new Error(problems.map(({ message, notes }) => [message, ...notes].join('; ')).join('\n'));
  return module;
}

/** The same, simplified. */
export function tidied(text: string): Module {
  const module = differentiated(text);
  canonicalize(module, opTable, simplifyRules);
  eliminateCommonSubexpressions(module, { definitions: opTable });
  canonicalize(module, opTable, simplifyRules);
  return module;
}

export function signatureOf(module: Module, name: string): FunctionType {
  for (const op of module.body.operations) {
    const [symbol, type] = [op.attribute('sym_name'), op.attribute('function_type')];
    if (symbol?.kind === 'string' && symbol.value === name && type?.kind === 'type' && type.type.kind === 'function')
      return type.type;
  }
  throw new Error(`there is no function '${name}'`);
}

export function run(module: Module, name: string, inputs: readonly RuntimeValue[]): readonly TensorValue[] {
  const outcome = evaluateFunction(module, name, inputs);
  if (!outcome.ok) throw new Error(outcome.error.message);
  return outcome.value.map((value) => {
    if (isScalar(value)) throw new Error('a scalar result');
    return value;
  });
}

export const numbers = (value: TensorValue): readonly number[] => Array.from(numbersOf(value));

/** The text of one function with f64 for f32 and f16, where differences are sharp. */
export function inDoubles(module: Module, name: string): string {
  const body = new Block();
  body.operations = module.body.operations.filter((op) => {
    const symbol = op.attribute('sym_name');
    return symbol?.kind === 'string' && symbol.value === name;
  });
  const text = printModule(new Module(body), opTable, { form: 'pretty', locations: false });
  return text.replaceAll(/(?<=[x<])(?:f32|f16)(?=[>,])/g, 'f64');
}

/** Numbers between -1 and 1 that no simple fraction meets, the same for the same seed. */
export function irregular(count: number, seed: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => {
    const raw = Math.sin(12.9898 * (index + 1) + 78.233 * (seed + 1)) * 43758.5453;
    return 2 * (raw - Math.floor(raw)) - 1;
  });
}

export function tensorOfType(type: TensorType, values: readonly number[]): TensorValue {
  const shape = staticShape(type);
  if (shape === null || elementCount(shape) !== values.length) throw new Error(`${values.length} for ${type.key}`);
  return fromNumbers(shape, type.dtype, values);
}

/** A function of floats, its vjp's gradients at one place, and which inputs they belong to. */
export interface Claim {
  readonly value: (inputs: readonly TensorValue[]) => readonly TensorValue[];
  readonly inputs: readonly TensorValue[];
  /** Cotangents of the results; integer results have none. */
  readonly cotangents: readonly (TensorValue | null)[];
  /** For each input, or null where none is claimed. */
  readonly gradients: readonly (TensorValue | null)[];
}

const STEP = 1e-5;

/** Where a gradient is not the central difference of the sum of cotangent · result; at most some elements are tried. */
export function differenceProblems(claim: Claim, tolerance: number, elements = 12): readonly string[] {
  const total = (inputs: readonly TensorValue[]): number =>
    claim.value(inputs).reduce((sum, result, index) => {
      const cotangent = claim.cotangents[index];
      if (!cotangent) return sum;
      const [values, weights] = [numbersOf(result), numbersOf(cotangent)];
      for (let at = 0; at < values.length; at++) sum += values[at] * weights[at];
      return sum;
    }, 0);
  return claim.gradients.flatMap((gradient, index) => {
    if (gradient === null) return [];
    const found = numbersOf(gradient);
    const stride = Math.max(1, Math.floor(found.length / elements));
    const problems: string[] = [];
    for (let at = 0; at < found.length; at += stride) {
      const [above, below] = [STEP, -STEP].map((step) => total(moved(claim.inputs, index, at, step)));
      const difference = (above - below) / (2 * STEP);
      const scale = Math.max(1, Math.abs(difference));
      if (!(Math.abs(found[at] - difference) <= tolerance * scale))
        problems.push(`gradient of input ${index} at ${at} is ${found[at]}, the difference is ${difference}`);
    }
    return problems;
  });
}

function moved(inputs: readonly TensorValue[], index: number, at: number, step: number): readonly TensorValue[] {
  return inputs.map((input, place) => {
    if (place !== index) return input;
    const values = Array.from(numbersOf(input));
    values[at] += step;
    return fromNumbers(input.shape, input.dtype, values);
  });
}

export function isFloatTensor(type: Type): type is TensorType {
  return type.kind === 'tensor' && isFloat(type.dtype);
}

const types = (list: readonly Type[]): string => list.map(({ key }) => key).join(', ');
const uses = (prefix: string, list: readonly unknown[]): string => list.map((_, at) => `%${prefix}${at}`).join(', ');
const defined = (prefix: string, list: readonly Type[]): string =>
  list.map(({ key }, at) => `%${prefix}${at}: ${key}`).join(', ');

/** A function and where its floats are. */
export interface Signature {
  readonly name: string;
  readonly inputs: readonly Type[];
  readonly results: readonly Type[];
  /** Inputs to differentiate by. */
  readonly floats: readonly number[];
  /** Results to differentiate. */
  readonly outputs: readonly number[];
}

/** The text of a function of the inputs and cotangents of another one: gradients of its float inputs. */
export function gradientText(name: string, of: Signature): string {
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

/** Running a traced training step several times by the oracle: new values of parameters go into the next step. */
import { readFileSync } from 'node:fs';
import { drawInitializer, type CompiledNetwork, type NetworkParameter } from '../../compiler/frontend/index.ts';
import {
  elementArray,
  elementCount,
  type Attribute,
  type ElementArray,
  type Module,
  type TensorType,
} from '../../compiler/ir/index.ts';
import { evaluateFunction, tensorValue, type TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { opTable, storeNumber } from '../../compiler/ir/ops/index.ts';
import { verifyModule } from '../../compiler/ir/verify/index.ts';
import { formulaWeights, readNpz, type FileTensor } from '../../tools/formats/index.ts';
import { differentiateModule } from '../../compiler/passes/grad/index.ts';
import { diagnosticText, moduleOf } from './harness.ts';

/** Values of inputs by name. */
export type Feed = ReadonlyMap<string, FileTensor>;

export interface Trained {
  /** The outputs of each step. */
  readonly outputs: readonly (readonly TensorValue[])[];
  /** Every parameter after the last step, by name. */
  readonly parameters: ReadonlyMap<string, TensorValue>;
}

/** The tensors of an npz file. */
export function tensorsOf(url: URL): ReadonlyMap<string, FileTensor> {
  const tensors = readNpz(new Uint8Array(readFileSync(url)));
  if (!tensors.ok) throw new Error(`${url.href}: ${tensors.error.message}`);
  return tensors.value;
}

/** What the program itself gives a parameter. */
function initialValue({ shape, dtype, initializer, data }: NetworkParameter): TensorValue {
  const count = elementCount(shape);
  if (data) return { shape, dtype, data: data.length === count ? data : repeated(dtype, data, count) };
  const drawn = elementArray(dtype, count);
  if (!initializer) throw new Error('a parameter without a value');
  drawInitializer(initializer, count, (index, value) => storeNumber(dtype, drawn, index, value));
  return { shape, dtype, data: drawn };
}

function repeated(dtype: NetworkParameter['dtype'], data: ElementArray, count: number): ElementArray {
  const made = elementArray(dtype, count);
  for (let index = 0; index < count; index++) made[index] = data[0];
  return made;
}

const named = (attributes: Attribute | undefined, key: string): readonly (string | null)[] =>
  attributes?.kind !== 'array'
    ? []
    : attributes.elements.map((entry) => {
        const value = entry.kind === 'dictionary' ? entry.entries.get(key) : undefined;
        return value?.kind === 'string' ? value.value : null;
      });

/** The weights of spec/weights.md for those parameters that `isFormula` names; the others as the program gives them. */
export function startingParameters(
  network: CompiledNetwork,
  isFormula: (parameter: NetworkParameter) => boolean,
): Map<string, TensorValue> {
  return new Map(
    network.parameters.map((parameter) => {
      const { name, shape } = parameter;
      if (!isFormula(parameter)) return [name, initialValue(parameter)];
      const weights = formulaWeights(name, shape);
      return [name, tensorValue(weights.shape, weights.dtype, weights.data)];
    }),
  );
}

/** The module of a network without derivatives as ops. */
export function differentiated(network: CompiledNetwork): Module {
  const module = moduleOf(network);
  const problems = differentiateModule(module, opTable).map(diagnosticText);
  const misfits = verifyModule(module, opTable).map(({ message }) => message);
  if (problems.length + misfits.length > 0) throw new Error([...problems, ...misfits].join('\n'));
  return module;
}

/** Runs `@main` once for each feed. */
export function runSteps(module: Module, feeds: readonly Feed[], start: ReadonlyMap<string, TensorValue>): Trained {
  const main = module.body.operations[0];
  const inputs = named(main.attribute('arg_attrs'), 'ms.input');
  const parameters = named(main.attribute('arg_attrs'), 'ms.param');
  const updated = named(main.attribute('res_attrs'), 'ms.param');
  const state = new Map(start);
  const outputs = feeds.map((feed) => {
    const values = main.regions[0].arguments.map((argument, index): TensorValue => {
      const [input, parameter] = [inputs[index], parameters[index]];
      const file = input === null ? undefined : feed.get(input);
      const found = file ? tensorValue(file.shape, file.dtype, file.data) : state.get(parameter ?? '');
      if (!found) throw new Error(`argument ${input ?? parameter} has no value`);
      const type = argument.type as TensorType; // arguments of @main are tensors
      return { ...found, dtype: type.dtype };
    });
    const results = evaluateFunction(module, 'main', values);
    if (!results.ok) throw new Error(results.error.message);
    const tensors = results.value.map((value) => {
      if (!('shape' in value)) throw new Error('a result is no tensor');
      return value;
    });
    tensors.forEach((value, index) => {
      const name = updated[index];
      if (name !== null) state.set(name, value);
    });
    return tensors.filter((_, index) => updated[index] === null);
  });
  return { outputs, parameters: state };
}

/** Traced, then run. */
export const train = (
  network: CompiledNetwork,
  feeds: readonly Feed[],
  isFormula: (parameter: NetworkParameter) => boolean,
): Trained => runSteps(differentiated(network), feeds, startingParameters(network, isFormula));

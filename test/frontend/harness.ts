/** Tracing a network from a file on disk and evaluating it with the oracle. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  compileNetwork,
  preludeModules,
  type CompiledNetwork,
  type Host,
  type InputSpecification,
  type NetworkParameter,
  type Runtime,
} from '../../compiler/frontend/index.ts';
import type { ModuleDefinition } from '../../compiler/frontend/eval/index.ts';
import { evaluateFunction, numbersOf, tensorValue, type TensorValue } from '../../compiler/ir/evaluate/index.ts';
import type { Diagnostic, Module, TensorType } from '../../compiler/ir/index.ts';
import { formulaWeights, type FileTensor } from '../../tools/formats/index.ts';

const folder = fileURLToPath(new URL('../../compiler/frontend/prelude/', import.meta.url));

export const prelude: readonly ModuleDefinition[] = preludeModules({
  files: readdirSync(folder, { recursive: true, encoding: 'utf8' }),
  readText: (path) => readFileSync(folder + path, 'utf8'),
});

/** Files of the disk; what the program prints is kept in `output`. */
export function diskHost(output: string[] = [], files: ReadonlyMap<string, string> = new Map()): Host {
  return {
    readFile: (path) => {
      const text = files.get(path);
      if (text !== undefined) return { ok: true, value: new TextEncoder().encode(text) };
      if (!existsSync(path)) return { ok: false, error: { kind: 'missing', message: `no such file: ${path}` } };
      return { ok: true, value: readFileSync(path) };
    },
    kindOf: (path) =>
      files.has(path) ? 'file' : existsSync(path) ? (statSync(path).isDirectory() ? 'directory' : 'file') : 'absent',
    listDirectory: (path) => readdirSync(path),
    writeOutput: (text) => void output.push(text),
    writeError: (text) => void output.push(text),
    now: () => 0,
    environment: new Map(),
    arguments: [],
    workingDirectory: '/',
  };
}

/** The network in a file. */
export function compileFile(
  file: string,
  entry: string | null,
  inputs: readonly InputSpecification[],
  roots: readonly string[] = [],
): CompiledNetwork {
  return compileNetwork({ host: diskHost(), file, entry, inputs, prelude, roots });
}

/** The network in a text. */
export function compileText(
  text: string,
  entry: string | null,
  inputs: readonly InputSpecification[],
  output: string[] = [],
): CompiledNetwork {
  return compileNetwork({
    host: diskHost(output, new Map([['/net.py', text]])),
    file: '/net.py',
    entry,
    inputs,
    prelude,
  });
}

/** A diagnostic as `CODE line: message`. */
export function diagnosticText(diagnostic: Diagnostic): string {
  const { span } = diagnostic;
  const line = span ? span.file.text.slice(0, span.start).split('\n').length : 0;
  return `${diagnostic.code} ${span?.file.name ?? ''}:${line}: ${diagnostic.message}${diagnostic.notes.map((note) => `\n  ${note}`).join('')}`;
}

/** The module of a network without errors. */
export function moduleOf(network: CompiledNetwork): Module {
  if (!network.module) throw new Error(network.diagnostics.map(diagnosticText).join('\n'));
  return network.module;
}

export const specifications = (inputs: ReadonlyMap<string, FileTensor>): readonly InputSpecification[] =>
  [...inputs].map(([name, { shape, dtype }]) => ({ name, shape, dtype }));

/** Results of `@main` for inputs by name, with the weights of spec/weights.md. */
export function evaluateNetwork(
  network: CompiledNetwork,
  inputs: ReadonlyMap<string, FileTensor>,
): readonly TensorValue[] {
  const module = moduleOf(network);
  const main = module.body.operations[0];
  const attributes = main.attribute('arg_attrs');
  const dictionaries = attributes?.kind === 'array' ? attributes.elements : [];
  const values = main.regions[0].arguments.map((argument, index): TensorValue => {
    const entry = dictionaries[index];
    const named = (key: string) => (entry.kind === 'dictionary' ? entry.entries.get(key) : undefined);
    const [input, parameter] = [named('ms.input'), named('ms.param')];
    if (input?.kind === 'string') return fileValue(inputs.get(input.value));
    const type = argument.type as TensorType; // arguments of @main are tensors
    return parameter?.kind === 'string'
      ? fileValue(formulaWeights(parameter.value, type.shape.map(Number)))
      : fileValue(undefined);
  });
  const results = evaluateFunction(module, 'main', values);
  if (!results.ok) throw new Error(results.error.message);
  return results.value.map((value) => {
    if (!('shape' in value)) throw new Error('a result is no tensor');
    return value;
  });
}

function fileValue(tensor: FileTensor | undefined): TensorValue {
  if (!tensor) throw new Error('an argument has no value');
  return tensorValue(tensor.shape, tensor.dtype, tensor.data);
}

/** max|a − b| / max|b|. */
export function relativeError(found: TensorValue, expected: FileTensor): number {
  const [left, right] = [numbersOf(found), numbersOf(tensorValue(expected.shape, expected.dtype, expected.data))];
  let [difference, largest] = [0, 0];
  for (let index = 0; index < right.length; index++) {
    difference = Math.max(difference, Math.abs(left[index] - right[index]));
    largest = Math.max(largest, Math.abs(right[index]));
  }
  return difference / (largest || 1);
}

export const parameterRows = (parameters: readonly NetworkParameter[]) =>
  parameters.map(({ name, shape, requiresGrad }) => [name, shape, requiresGrad]);

/** Name, shape and trainability of the parameters of a cell that is only built; a text is the error. */
export function parameterNames({ python }: Runtime, file: string, entry: string): readonly unknown[] | string {
  const module = python.importFile(file);
  if (!module.ok) return module.error.map(diagnosticText).join('\n');
  const cell = python.evaluateExpression(entry, module.value);
  if (!cell.ok) return cell.error.map(diagnosticText).join('\n');
  const rows = python.guard((py) =>
    py
      .collect(py.callMethod(cell.value, 'get_parameters'))
      .map((parameter) => [
        py.getAttribute(parameter, 'name'),
        py.collect(py.getAttribute(parameter, 'shape')),
        py.getAttribute(parameter, 'requires_grad'),
      ]),
  );
  return rows.ok ? rows.value : rows.error.map(diagnosticText).join('\n');
}

/** The data of a run: inputs files, weights files and formula values, checked against what the network wants. */
import { resolve } from 'node:path';
import { diagnose, failure, ok } from '../../compiler/ir/support/index.ts';
import type { Diagnostic, Result } from '../../compiler/ir/support/index.ts';
import type { ElementArray } from '../../compiler/ir/index.ts';
import type { InputSpecification } from '../../compiler/frontend/index.ts';
import type { StoredTensor, TensorSlot } from '../../runtime/program/index.ts';
import {
  canConvert,
  convertTensor,
  formulaInput,
  formulaIntegers,
  formulaWeights,
  matchWeights,
  openTensorFile,
  readAll,
  readWeight,
  tensorFromBytes,
} from '../formats/index.ts';
import type { FileTensor, FormatError, TensorFile } from '../formats/index.ts';
import { cliDiagnostics } from './diagnostics.ts';
import { reasonOf } from './files.ts';

/** The word that stands for computed data instead of a file. */
export const FORMULA = 'formula';

/** Reads `--inputs`: a file, `formula`, or `formula,FILE`, where the formula gives what the file has not. */
export function inputsOption(option: string | null): { readonly path: string | null; readonly isFormula: boolean } {
  if (option === FORMULA) return { path: null, isFormula: true };
  const isFormula = option?.startsWith(`${FORMULA},`) ?? false;
  return { path: isFormula ? (option?.slice(FORMULA.length + 1) ?? null) : option, isFormula };
}

/** Formula values of integer inputs are below this. */
const FORMULA_BOUND = 10;

/** An inputs file by the meaning of its keys. */
export interface RunInputs {
  readonly arrays: ReadonlyMap<string, FileTensor>;
  readonly label: FileTensor | null;
  /** By the name of the output: `out0`. */
  readonly expected: ReadonlyMap<string, FileTensor>;
}

export const noInputs: RunInputs = { arrays: new Map(), label: null, expected: new Map() };

type Failed = readonly Diagnostic[];

/** What a format reader says, as a diagnostic. */
export function formatDiagnostic(path: string, { problem, message, offset }: FormatError): Diagnostic {
  if (problem === 'io') return diagnose(cliDiagnostics.cannotRead, null, [path, reasonOf(message)]);
  return diagnose(problem === 'unsupported' ? cliDiagnostics.unsupportedFile : cliDiagnostics.badFile, null, [
    path,
    message,
    offset,
  ]);
}

const EXPECTED = 'expected.';

export function readInputs(folder: string, path: string): Result<RunInputs, Failed> {
  const file = openTensorFile(resolve(folder, path));
  if (!file.ok) return failure([formatDiagnostic(path, file.error)]);
  const tensors = readAll(file.value);
  file.value.close();
  if (!tensors.ok) return failure([formatDiagnostic(path, tensors.error)]);
  const entries = [...tensors.value];
  const isExpected = (key: string): boolean => key.startsWith(EXPECTED);
  const doubles = entries.filter(([key, { dtype }]) => dtype === 'f64' && key !== 'label' && !isExpected(key));
  if (doubles.length > 0)
    return failure(doubles.map(([key, tensor]) => diagnose(cliDiagnostics.doubleInput, null, [key, typeText(tensor)])));
  return ok({
    arrays: new Map(entries.filter(([key]) => key !== 'label' && !isExpected(key))),
    label: tensors.value.get('label') ?? null,
    expected: new Map(
      entries.filter(([key]) => isExpected(key)).map(([key, tensor]) => [key.slice(EXPECTED.length), tensor]),
    ),
  });
}

/** What `--input` says, and for names that it does not say, the arrays of the file. */
export function inputSpecifications(
  stated: readonly InputSpecification[],
  inputs: RunInputs,
): readonly InputSpecification[] {
  const names = new Set(stated.map(({ name }) => name));
  const arrays = [...inputs.arrays].filter(([name]) => !names.has(name));
  return [...stated, ...arrays.map(([name, { shape, dtype }]) => ({ name, shape, dtype }))];
}

/** The formula value of an input. */
export function formulaTensor({ name, shape, dtype }: Pick<TensorSlot, 'name' | 'shape' | 'dtype'>): FileTensor {
  const float = formulaInput(name, shape);
  if (canConvert('f32', dtype)) return convertTensor(float, dtype);
  const integers = formulaIntegers(name, shape, dtype === 'i1' ? 2 : FORMULA_BOUND);
  return dtype === 'i1'
    ? { dtype, shape, data: Uint8Array.from(integers.data, Number) }
    : convertTensor(integers, dtype);
}

export const typeText = ({
  dtype,
  shape,
}: {
  readonly dtype: string;
  readonly shape: readonly (number | string)[];
}): string => `${dtype} [${shape.join(', ')}]`;

/** A value for each input of a program, in its types; everything that does not fit is told at once. */
export function fitInputs(
  slots: readonly TensorSlot[],
  inputs: RunInputs,
  isFormula: boolean,
): Result<ReadonlyMap<string, FileTensor>, Failed> {
  const names = slots.map(({ name }) => name);
  const unknown = [...inputs.arrays.keys()].filter((key) => !names.includes(key));
  const missing = isFormula ? [] : names.filter((name) => !inputs.arrays.has(name));
  const problems: Diagnostic[] = [];
  if (unknown.length > 0) problems.push(diagnose(cliDiagnostics.unknownKeys, null, [unknown, names]));
  if (missing.length > 0) problems.push(diagnose(cliDiagnostics.missingInputs, null, [missing]));
  const values = new Map<string, FileTensor>();
  for (const slot of slots) {
    const given = inputs.arrays.get(slot.name);
    if (given === undefined) values.set(slot.name, formulaTensor(slot));
    else if (given.shape.join() === slot.shape.join() && canConvert(given.dtype, slot.dtype))
      values.set(slot.name, convertTensor(given, slot.dtype));
    else problems.push(diagnose(cliDiagnostics.inputMismatch, null, [slot.name, typeText(slot), typeText(given)]));
  }
  return problems.length > 0 ? failure(problems) : ok(values);
}

/** Reads the value of one parameter when it is needed. */
export type ParameterReader = (parameter: StoredTensor) => Result<FileTensor, Diagnostic>;

/** Where all parameters come from; `close` ends the use of the file. */
export interface Weights {
  readonly read: ParameterReader;
  readonly warnings: readonly Diagnostic[];
  readonly close: () => void;
}

/** Values by the network's own initializers; `draw` is null when no parameter has one. */
const initialValues =
  (draw: ((parameter: StoredTensor) => ElementArray | null) | null): ParameterReader =>
  (parameter) => {
    const { name, dtype, shape, source } = parameter;
    if (source.kind === 'supplied' || source.kind === 'file')
      return failure(diagnose(cliDiagnostics.noValue, null, [[name]]));
    if (source.kind === 'embedded') return ok(tensorOf(source.data, dtype, shape));
    const data = draw?.(parameter) ?? null;
    return data === null
      ? failure(diagnose(cliDiagnostics.cannotDraw, null, [name, source.initializer]))
      : ok({ dtype, shape, data });
  };

function tensorOf(bytes: Uint8Array, dtype: FileTensor['dtype'], shape: readonly number[]): FileTensor {
  return { dtype, shape, data: tensorFromBytes(dtype, shape, bytes).data };
}

/** Float parameters by the formula; the others keep the value that the network gave them. */
const formulaValues =
  (initial: ParameterReader): ParameterReader =>
  (parameter) => {
    const { name, dtype, shape } = parameter;
    return canConvert('f32', dtype) ? ok(convertTensor(formulaWeights(name, shape), dtype)) : initial(parameter);
  };

/** Prepares the values of parameters: from a file, by the formula, or by the initializers. */
export async function openWeights(
  folder: string,
  path: string | null,
  parameters: readonly StoredTensor[],
  isStrict: boolean,
): Promise<Result<Weights, Failed>> {
  if (path === null || path === FORMULA) {
    const isDrawn = parameters.some(({ source }) => source.kind === 'initializer');
    const initial = initialValues(isDrawn ? (await import('./initialize.ts')).drawParameter : null);
    return ok({ read: path === null ? initial : formulaValues(initial), warnings: [], close: () => undefined });
  }
  const file = openTensorFile(resolve(folder, path));
  if (!file.ok) return failure([formatDiagnostic(path, file.error)]);
  return fileWeights(path, file.value, parameters, isStrict);
}

/** Integers that a file lacks, such as the state of random ops, keep the value that the network gave them. */
function fileWeights(
  path: string,
  file: TensorFile,
  parameters: readonly StoredTensor[],
  isStrict: boolean,
): Result<Weights, Failed> {
  const match = matchWeights(parameters, file);
  const problems = match.mismatched.map(({ name, expected, found }) =>
    diagnose(cliDiagnostics.weightMismatch, null, [name, expected, found]),
  );
  const kept = initialValues(null);
  const isKept = ({ name, dtype, source }: StoredTensor): boolean =>
    source.kind === 'embedded' && !canConvert('f32', dtype) && !match.entries.has(name);
  const own = new Set(parameters.filter(isKept).map(({ name }) => name));
  const missing = match.missing.filter((name) => !own.has(name));
  if (missing.length > 0) problems.unshift(diagnose(cliDiagnostics.missingWeights, null, [missing]));
  const extra = match.extra.length > 0 ? [diagnose(cliDiagnostics.extraWeights, null, [match.extra])] : [];
  if (isStrict) problems.push(...extra.map((diagnostic): Diagnostic => ({ ...diagnostic, severity: 'error' })));
  if (problems.length > 0) {
    file.close();
    return failure(problems);
  }
  const read: ParameterReader = (parameter) => {
    const { name, dtype } = parameter;
    if (own.has(name)) return kept(parameter);
    const tensor = readWeight(file, match.entries.get(name) ?? name, dtype);
    return tensor.ok ? tensor : failure(formatDiagnostic(path, tensor.error));
  };
  return ok({ read, warnings: extra, close: () => file.close() });
}

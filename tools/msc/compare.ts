/** `--check`: outputs against expected arrays or the oracle. */
import type { Module } from '../../compiler/ir/index.ts';
import { diagnose, failure, ok } from '../../compiler/ir/index.ts';
import type { Diagnostic, Location, Result } from '../../compiler/ir/index.ts';
import { evaluateFunction, isScalar, numbersOf, tensorValue } from '../../compiler/ir/evaluate/index.ts';
import type { RuntimeValue, TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';
import { differentiateModule } from '../../compiler/passes/grad/index.ts';
import { locationText } from '../../compiler/ir/index.ts';
import type { TensorDtype } from '../../runtime/program/index.ts';
import type { FileTensor } from '../formats/index.ts';
import { typeText } from './data.ts';
import { cliDiagnostics } from './diagnostics.ts';
import { mainArguments, resultNames } from './parameters.ts';

/** Largest error allowed by element type; other types must be equal. */
const LIMITS: Readonly<Partial<Record<TensorDtype, number>>> = { f32: 1e-4, f64: 1e-4, f16: 1e-2, bf16: 5e-2 };

/** How one output compares. */
export interface Comparison {
  readonly output: string;
  /** max|a-b| / max|b|. */
  readonly error: number;
  readonly limit: number;
  readonly against: 'the expected array' | 'the oracle';
}

/** Largest difference relative to the largest expected magnitude. Equal values, infinities and NaNs do not differ. */
export function relativeError(actual: FileTensor, expected: FileTensor): number {
  const left = numbersOf(valueOf(actual));
  const right = numbersOf(valueOf(expected));
  let difference = 0;
  let size = 0;
  for (let index = 0; index < right.length; index++) {
    const [a, b] = [left[index], right[index]];
    if (Number.isFinite(b)) size = Math.max(size, Math.abs(b));
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    if (!Number.isFinite(a) || !Number.isFinite(b)) return Infinity;
    difference = Math.max(difference, Math.abs(a - b));
  }
  return difference === 0 ? 0 : difference / (size || 1);
}

const valueOf = ({ shape, dtype, data }: FileTensor) => tensorValue(shape, dtype, data);

/**
 * What the oracle computes for `@main`: outputs as `out0`, …, new values of parameters under the parameters' names.
 * Derivatives of the module are taken first, in place.
 */
export function evaluateModule(
  module: Module,
  values: ReadonlyMap<string, FileTensor>,
  print: (text: string) => void,
): Result<ReadonlyMap<string, FileTensor>, readonly Diagnostic[]> {
  const inputs = mainArguments(module).map(({ name }): RuntimeValue => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`@main takes '${name}', which nobody supplied`);
    return valueOf(value);
  });
  const problems = differentiateModule(module, opTable);
  if (problems.length > 0) return failure(problems);
  const result = evaluateFunction(module, 'main', inputs, { print });
  if (!result.ok)
    return failure([
      diagnose(cliDiagnostics.oracleStopped, null, [result.error.message], {
        notes: placeNotes(result.error.location),
      }),
    ]);
  const tensors = result.value.filter((value): value is TensorValue => !isScalar(value));
  const names = resultNames(module);
  return ok(new Map(tensors.map((value, index) => [names[index], value])));
}

const placeNotes = (location: Location): readonly string[] =>
  location === null ? [] : [`at ${locationText(location)}`];

export interface CheckRequest {
  readonly outputs: ReadonlyMap<string, FileTensor>;
  readonly expected: ReadonlyMap<string, FileTensor>;
  /** Computes what is not given; a text says why that is impossible. */
  readonly oracle: (() => Result<ReadonlyMap<string, FileTensor>, readonly Diagnostic[]>) | string;
  /** Replaces the limits of float outputs. */
  readonly tolerance: number | null;
}

export interface CheckResult {
  readonly comparisons: readonly Comparison[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Compares every output with its expected array where one is given, else with the oracle. */
export function checkOutputs({ outputs, expected, oracle, tolerance }: CheckRequest): CheckResult {
  const comparisons: Comparison[] = [];
  const diagnostics: Diagnostic[] = [];
  const rest = [...outputs.keys()].filter((name) => !expected.has(name));
  const computed =
    rest.length === 0
      ? ok(new Map<string, FileTensor>())
      : typeof oracle === 'string'
        ? failure([diagnose(cliDiagnostics.nothingToCheck, null, [oracle])])
        : oracle();
  if (!computed.ok) return { comparisons, diagnostics: computed.error };
  for (const [name, actual] of outputs) {
    const given = expected.get(name);
    const wanted = given ?? computed.value.get(name);
    if (wanted === undefined) throw new Error(`the oracle has no result '${name}'`);
    if (wanted.shape.join() !== actual.shape.join()) {
      diagnostics.push(
        diagnose(cliDiagnostics.expectedMismatch, null, [
          given ? `expected.${name}` : name,
          typeText(actual),
          typeText(wanted),
        ]),
      );
      continue;
    }
    const limit = tolerance !== null && LIMITS[actual.dtype] !== undefined ? tolerance : (LIMITS[actual.dtype] ?? 0);
    comparisons.push({
      output: name,
      error: relativeError(actual, wanted),
      limit,
      against: given ? 'the expected array' : 'the oracle',
    });
  }
  for (const { output, error, limit, against } of comparisons)
    if (!(error <= limit))
      diagnostics.push(
        diagnose(cliDiagnostics.wrongResult, null, [output, error.toExponential(2), String(limit), against]),
      );
  return { comparisons, diagnostics };
}

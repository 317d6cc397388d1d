/**
 * Op cases: functions in a file with lines that say what they compute,
 *
 *     // eval: @add([1, 2], 3) = [4, 5] within 1e-6
 *
 * Literals are nested lists of numbers, true, false, nan and inf, in the types of the function; a bare number stands for
 * a whole tensor. One case is data (module, function, inputs, expected), so that the oracle, the machine and sharded
 * runs execute the same files.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { ElementArray, Module, TensorType, Type } from '../../compiler/ir/index.ts';
import { elementArray, elementCount, isFloat, parseModule, staticShape } from '../../compiler/ir/index.ts';
import type { TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { numbersOf } from '../../compiler/ir/evaluate/index.ts';
import { opTable, storeNumber } from '../../compiler/ir/ops/index.ts';

/** One `// eval:` line. */
export interface OpCase {
  readonly file: string;
  readonly line: number;
  readonly function: string;
  readonly module: Module;
  readonly inputs: readonly TensorValue[];
  readonly expected: readonly TensorValue[];
  /** Greatest error, relative to the greatest expected magnitude; 0 for exact dtypes. */
  readonly within: number;
}

/** All cases below test/op/cases. */
export function readAllOpCases(): readonly OpCase[] {
  const folder = new URL('./cases/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.mlir'))
    .sort()
    .flatMap((name) => readOpCases(name, readFileSync(new URL(name, folder), 'utf8')));
}

export function readOpCases(file: string, text: string): readonly OpCase[] {
  const { module, diagnostics } = parseModule({ name: file, text }, opTable);
  if (module === null) throw new Error(`${file}: ${diagnostics.map((diagnostic) => diagnostic.message).join('; ')}`);
  return text
    .split('\n')
    .flatMap((line, index) => (line.startsWith('// eval: ') ? [readCase(file, index + 1, line, module)] : []));
}

const EVAL_LINE = /^\/\/ eval: @(?<name>\w+)\((?<inputs>.*)\) = (?<expected>.*?)(?: within (?<within>\S+))?$/;

function readCase(file: string, line: number, text: string, module: Module): OpCase {
  const groups = EVAL_LINE.exec(text)?.groups;
  if (!groups) throw new Error(`${file}:${line}: not an eval line`);
  const { inputs, results } = signatureOf(module, groups.name);
  return {
    file,
    line,
    function: groups.name,
    module,
    inputs: readValues(groups.inputs, inputs),
    expected: readValues(groups.expected, results),
    within: groups.within ? Number(groups.within) : toleranceOf(results),
  };
}

function signatureOf(
  module: Module,
  name: string,
): { readonly inputs: readonly Type[]; readonly results: readonly Type[] } {
  for (const op of module.body.operations) {
    const [symbol, type] = [op.attribute('sym_name'), op.attribute('function_type')];
    if (symbol?.kind !== 'string' || symbol.value !== name) continue;
    if (type?.kind === 'type' && type.type.kind === 'function') return type.type;
  }
  throw new Error(`there is no function '${name}'`);
}

const toleranceOf = (types: readonly Type[]): number =>
  Math.max(...types.map((type) => (type.kind === 'tensor' ? (TOLERANCE[type.dtype] ?? 0) : 0)));

/** A few units in the last place of each float. */
const TOLERANCE: Readonly<Partial<Record<TensorType['dtype'], number>>> = {
  f64: 1e-12,
  f32: 1e-6,
  f16: 2e-3,
  bf16: 1.6e-2,
};

type Element = number | string | boolean;
type Literal = Element | readonly Literal[];

function readValues(text: string, types: readonly Type[]): readonly TensorValue[] {
  const json = text.replaceAll(/-?\b(?:nan|inf|\d{16,})\b/g, (word) => `"${word}"`); // numbers beyond 2^53 stay whole
  const literals = JSON.parse(`[${json}]`) as readonly Literal[];
  if (literals.length !== types.length) throw new Error(`${literals.length} values for ${types.length} types`);
  return literals.map((literal, index) => tensorFrom(literal, types[index]));
}

function tensorFrom(literal: Literal, type: Type): TensorValue {
  const shape = type.kind === 'tensor' ? staticShape(type) : null;
  if (type.kind !== 'tensor' || shape === null) throw new Error(`${type.key} in an op case`);
  const flat = [literal].flat(Infinity as 1) as readonly Element[];
  const count = elementCount(shape);
  if (flat.length !== count && flat.length !== 1) throw new Error(`${flat.length} elements for ${type.key}`);
  const data = elementArray(type.dtype, count);
  for (let index = 0; index < count; index++) store(type, data, index, flat[flat.length === 1 ? 0 : index]);
  return { shape, dtype: type.dtype, data };
}

const WORDS: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, '-inf': -Infinity };

function store(type: TensorType, data: ElementArray, index: number, element: Element): void {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[index] = BigInt(element);
  else storeNumber(type.dtype, data, index, typeof element === 'string' ? WORDS[element] : Number(element));
}

/** What differs between a result and its expectation, or null. */
export function mismatch(actual: TensorValue, expected: TensorValue, within: number): string | null {
  if (actual.dtype !== expected.dtype || actual.shape.join() !== expected.shape.join()) {
    return `expected ${expected.dtype}[${expected.shape.join(', ')}], got ${actual.dtype}[${actual.shape.join(', ')}]`;
  }
  if (!isFloat(expected.dtype)) return firstDifference(actual.data, expected.data, (left, right) => left === right);
  const [found, wanted] = [numbersOf(actual), numbersOf(expected)];
  const limit = within * greatestMagnitude(wanted);
  return firstDifference(
    found,
    wanted,
    (left, right) => Object.is(left, right) || left === right || Math.abs(Number(left) - Number(right)) <= limit,
  );
}

function greatestMagnitude(numbers: ArrayLike<number>): number {
  let greatest = 0;
  for (let index = 0; index < numbers.length; index++)
    if (Number.isFinite(numbers[index])) greatest = Math.max(greatest, Math.abs(numbers[index]));
  return greatest;
}

type Numbers = ArrayLike<number> | ArrayLike<bigint>;

function firstDifference(
  found: Numbers,
  wanted: Numbers,
  same: (left: number | bigint, right: number | bigint) => boolean,
): string | null {
  for (let index = 0; index < wanted.length; index++) {
    if (!same(found[index], wanted[index])) return `element ${index} is ${found[index]}, expected ${wanted[index]}`;
  }
  return null;
}

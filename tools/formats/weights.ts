/**
 * Which entry of a weights file belongs to which parameter of a network, by the rules of MindSpore's
 * `load_param_into_net`: equal names first; for parameters then left over, a prefix P such that the file has P + name.
 */
import { failure, ok, type Result } from '../../compiler/ir/support/index.ts';
import type { TensorDtype } from '../../runtime/program/index.ts';
import { canConvert, convertTensor } from './convert.ts';
import type { FormatError } from './fault.ts';
import type { TensorFile } from './file.ts';
import type { FileTensor } from './tensor.ts';

/** A parameter of a network that wants a value. */
export interface WantedParameter {
  readonly name: string;
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
}

/** A parameter whose entry has another shape, or a type that does not convert; both as text, e.g. `f32 [10, 84]`. */
export interface WeightMismatch {
  readonly name: string;
  readonly expected: string;
  readonly found: string;
}

export interface WeightMatch {
  /** The entry of each parameter, by the parameter's name. */
  readonly entries: ReadonlyMap<string, string>;
  /** Prefixes that the file's names have and the network's do not. */
  readonly prefixes: readonly string[];
  readonly missing: readonly string[];
  readonly mismatched: readonly WeightMismatch[];
  /** Entries that belong to no parameter, such as the state of an optimizer. */
  readonly extra: readonly string[];
}

/** Finds the entry of every parameter; reads headers only. */
export function matchWeights(wanted: readonly WantedParameter[], file: TensorFile): WeightMatch {
  const entries = new Map<string, string>();
  for (const { name } of wanted) if (file.entries.has(name)) entries.set(name, name);
  const prefixes = addPrefixed(wanted, file, entries);
  const used = new Set(entries.values());
  return {
    entries,
    prefixes,
    missing: wanted.map(({ name }) => name).filter((name) => !entries.has(name)),
    mismatched: wanted.flatMap((parameter) => mismatchOf(parameter, file, entries.get(parameter.name))),
    extra: [...file.entries.keys()].filter((name) => !used.has(name)),
  };
}

/** Tries the prefixes that the first left-over parameter suggests, until none is found. */
function addPrefixed(
  wanted: readonly WantedParameter[],
  file: TensorFile,
  entries: Map<string, string>,
): readonly string[] {
  const prefixes: string[] = [];
  for (const { name } of wanted) {
    if (entries.has(name)) continue;
    const entry = [...file.entries.keys()].find((key) => key.endsWith(`.${name}`));
    if (entry === undefined) continue;
    const prefix = entry.slice(0, -name.length);
    prefixes.push(prefix);
    for (const left of wanted) {
      if (!entries.has(left.name) && file.entries.has(prefix + left.name)) entries.set(left.name, prefix + left.name);
    }
  }
  return prefixes;
}

function mismatchOf(
  parameter: WantedParameter,
  file: TensorFile,
  entryName: string | undefined,
): readonly WeightMismatch[] {
  const entry = entryName === undefined ? undefined : file.entries.get(entryName);
  if (!entry) return [];
  const isEqualShape = entry.shape.join() === parameter.shape.join() && entry.shape.length === parameter.shape.length;
  if (isEqualShape && canConvert(entry.dtype, parameter.dtype)) return [];
  return [{ name: parameter.name, expected: typeText(parameter), found: typeText(entry) }];
}

function typeText({ dtype, shape }: { readonly dtype: TensorDtype; readonly shape: readonly number[] }): string {
  return `${dtype} [${shape.join(', ')}]`;
}

/** Reads the value of a matched parameter in the type that the network wants. */
export function readWeight(file: TensorFile, entry: string, dtype: TensorDtype): Result<FileTensor, FormatError> {
  const tensor = file.read(entry);
  if (!tensor.ok) return tensor;
  if (!canConvert(tensor.value.dtype, dtype)) {
    return failure({
      problem: 'unsupported',
      message: `${entry}: ${tensor.value.dtype} does not convert to ${dtype}`,
      offset: null,
    });
  }
  return ok(convertTensor(tensor.value, dtype));
}

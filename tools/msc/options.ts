/** The options of commands: their declaration for yargs, and typed readers for what yargs found. */
import type { Options } from 'yargs';
import type { InputSpecification } from '../../compiler/frontend/index.ts';
import { failure, ok } from '../../compiler/ir/support/index.ts';
import type { Result } from '../../compiler/ir/support/index.ts';

/** What yargs found: positional words first, then options by name. */
export interface Arguments {
  readonly words: readonly string[];
  /** What stood after `--`. */
  readonly rest: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
}

const text = (describe: string, more: Partial<Options> = {}): Options => ({
  type: 'string',
  requiresArg: true,
  describe,
  ...more,
});
const flag = (describe: string): Options => ({ type: 'boolean', describe });
const number = (describe: string): Options => ({ type: 'number', requiresArg: true, describe });
const many = (describe: string): Options => ({ type: 'string', array: true, nargs: 1, requiresArg: true, describe });

/** Options of everything that reads a Python file. */
export const sourceOptions: Readonly<Record<string, Options>> = {
  entry: text("Python expression that gives the network, e.g. 'Net(num_classes=10)'"),
  input: many('input of the network: NAME=SHAPE:DTYPE, e.g. x=1x3x224x224:f32'),
  path: many('further folder in which packages are looked for'),
  'allow-read': many('further folder that Python code may read'),
  'max-steps': number('budget of Python steps'),
  'max-depth': number('budget of Python recursion'),
  'max-memory': text('budget of Python memory, e.g. 512M or 8G'),
};

/** Options of everything that compiles. */
export const compileOptions: Readonly<Record<string, Options>> = {
  ...sourceOptions,
  target: text('chip to compile for', { default: 'ascend910b1' }),
  'compile-from': text('start from IR text of this stage'),
  'mlir-timing': flag('tell how long each phase took'),
  'pass-statistics': flag('tell what each pass counted'),
  'verify-each': flag('verify the IR after each pass'),
  'print-ir-before': text('dump the IR before these passes'),
  'print-ir-after': text('dump the IR after these passes'),
  'print-ir-before-all': flag('dump the IR before each pass'),
  'print-ir-after-all': flag('dump the IR after each pass'),
  'print-ir-after-change': flag('dump only what a pass changed'),
  'print-ir-after-failure': flag('dump the IR after a pass that failed'),
  'print-ir-tree-dir': text('write dumps as files below this folder'),
  'pass-remarks': text('tell each use of a rule, in passes that match this expression, e.g. fuse or . for all'),
  'pass-remarks-missed': text('tell which rules nearly applied and why they did not; an expression as above'),
  'pass-remarks-analysis': text('tell what passes found out; an expression as above'),
};

export const jsonOption: Readonly<Record<string, Options>> = { json: flag('answer as one line of JSON (schema 1)') };

export const option = { text, flag, number, many };

export function textOption(args: Arguments, name: string): string | null {
  const value = args.values[name];
  return typeof value === 'string' ? value : null;
}

export const flagOption = (args: Arguments, name: string): boolean => args.values[name] === true;

export function numberOption(args: Arguments, name: string): number | null {
  const value = args.values[name];
  return typeof value === 'number' ? value : null;
}

export function listOption(args: Arguments, name: string): readonly string[] {
  const value = args.values[name];
  return Array.isArray(value) ? value.map(String) : [];
}

const DTYPE_WORDS = {
  f16: 'f16',
  bf16: 'bf16',
  f32: 'f32',
  f64: 'f64',
  bool: 'i1',
  i1: 'i1',
  i8: 'i8',
  i16: 'i16',
  i32: 'i32',
  i64: 'i64',
  u8: 'ui8',
  u16: 'ui16',
  u32: 'ui32',
  u64: 'ui64',
  ui8: 'ui8',
  ui16: 'ui16',
  ui32: 'ui32',
  ui64: 'ui64',
  float16: 'f16',
  bfloat16: 'bf16',
  float32: 'f32',
  float64: 'f64',
  int8: 'i8',
  int16: 'i16',
  int32: 'i32',
  int64: 'i64',
  uint8: 'ui8',
} as const;

const isDtypeWord = (word: string): word is keyof typeof DTYPE_WORDS => Object.hasOwn(DTYPE_WORDS, word);

/** Reads `x=1x3x224x224:f32`; a word instead of a number is a symbolic dimension, no shape is a scalar. */
export function parseInput(argument: string): Result<InputSpecification> {
  const match = /^([\p{ID_Start}_]\p{ID_Continue}*)=([^:]*)(?::(\w+))?$/u.exec(argument);
  if (!match) return failure(`--input ${argument}: expected NAME=SHAPE:DTYPE, e.g. x=1x3x224x224:f32`);
  const [, name, shapeText, dtypeWord = 'f32'] = match;
  if (!isDtypeWord(dtypeWord))
    return failure(`--input ${argument}: unknown dtype '${dtypeWord}'; known: ${Object.keys(DTYPE_WORDS).join(', ')}`);
  const parts = shapeText === '' ? [] : shapeText.split('x');
  const wrong = parts.find((part) => !/^(\d+|[A-Za-wyz_]\w*)$/.test(part));
  if (wrong !== undefined) return failure(`--input ${argument}: '${wrong}' is no extent`);
  return ok({
    name,
    shape: parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
    dtype: DTYPE_WORDS[dtypeWord],
  });
}

/** Reads all `--input` options; the first mistake ends it. */
export function inputOptions(args: Arguments): Result<readonly InputSpecification[]> {
  const inputs: InputSpecification[] = [];
  for (const argument of listOption(args, 'input')) {
    const input = parseInput(argument);
    if (!input.ok) return input;
    const { name } = input.value;
    if (inputs.some((earlier) => earlier.name === name))
      return failure(`--input ${argument}: '${name}' is given already`);
    inputs.push(input.value);
  }
  return ok(inputs);
}

const UNITS: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** Reads a size such as `512M`; null when it is none. */
export function parseSize(text: string): number | null {
  const match = /^(\d+)([KMG]?)i?B?$/i.exec(text);
  return match ? Number(match[1]) * UNITS[match[2].toUpperCase()] : null;
}

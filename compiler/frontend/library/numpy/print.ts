/** Arrays as text, as `numpy.array2string` writes them: one format for all elements, summaries of large arrays, wrapped lines. */
import type { DType } from '../../../ir/index.ts';
import { loadNumber } from '../../../ir/ops/index.ts';
import { fixedDigits } from '../../eval/protocol/float-text.ts';
import type { NdArray } from './array.ts';
import { dtypeName, isFloatDType, shortestScientific } from './dtype.ts';

/** NumPy's print options. */
const PRECISION = 8;
const THRESHOLD = 1000;
const EDGE_ITEMS = 3;
const LINE_WIDTH = 75;

type ElementText = (value: number) => string;

/** A finite number in parts: `-12.5` is `-12` and `5`; in scientific form the exponent is apart. */
interface Parts {
  readonly whole: string;
  readonly fraction: string;
  readonly exponent: string;
}

const signOf = (value: number): string => (value < 0 || Object.is(value, -0) ? '-' : '');
const withoutZeros = (digits: string): string => digits.replace(/0+$/, '');

function positionalParts(value: number, dtype: DType): Parts {
  const [mantissa, exponent] = shortestScientific(Math.abs(value), dtype).split('e');
  const decimals = Math.max(0, mantissa.replace('.', '').length - 1 - Number(exponent));
  const shown = decimals > PRECISION ? fixedDigits(Math.abs(value), PRECISION) : plain(mantissa, Number(exponent));
  const [whole, fraction = ''] = shown.split('.');
  return { whole: signOf(value) + whole, fraction: withoutZeros(fraction), exponent: '' };
}

/** Digits `d.ddd` times a power of ten without an exponent. */
function plain(mantissa: string, exponent: number): string {
  const digits = mantissa.replace('.', '');
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${whole}.${digits.slice(exponent + 1)}`;
}

function scientificParts(value: number, dtype: DType): Parts {
  const shortest = shortestScientific(Math.abs(value), dtype);
  const isLong = shortest.split('e')[0].length > PRECISION + 2;
  const [mantissa, exponent] = (isLong ? Math.abs(value).toExponential(PRECISION) : shortest).split('e');
  const [whole, fraction = ''] = mantissa.split('.');
  const sign = exponent.startsWith('-') ? '-' : '+';
  return {
    whole: signOf(value) + whole,
    fraction: withoutZeros(fraction),
    exponent: sign + exponent.replace(/^[+-]/, '').padStart(2, '0'),
  };
}

const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map(({ length }) => length));

/** One text form for floats: positional, or scientific where the numbers are far apart. */
function floatFormat(values: readonly number[], dtype: DType): ElementText {
  const finite = values.filter(Number.isFinite);
  const sizes = finite.map(Math.abs).filter((size) => size > 0);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const isScientific = sizes.length > 0 && (most >= 1e8 || least < 1e-4 || most / least > 1000);
  const partsOf = isScientific ? scientificParts : positionalParts;
  const parts = finite.map((value) => partsOf(value, dtype));
  const left = longest(parts.map(({ whole }) => whole));
  const right = longest(parts.map(({ fraction }) => fraction));
  const exponentWidth = longest(parts.map(({ exponent }) => exponent));
  const special = values.filter((value) => !Number.isFinite(value)).map(specialText);
  const width = Math.max(left + 1 + right + (isScientific ? exponentWidth + 1 : 0), longest(special));
  return (value) => {
    if (!Number.isFinite(value)) return specialText(value).padStart(width);
    const { whole, fraction, exponent } = partsOf(value, dtype);
    const text = isScientific
      ? `${whole}.${fraction.padEnd(right, '0')}e${exponent}`
      : `${whole}.${fraction.padEnd(right)}`;
    return text.padStart(width);
  };
}

const specialText = (value: number): string => (Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf');

function elementFormat(values: readonly number[], dtype: DType): ElementText {
  if (isFloatDType(dtype)) return floatFormat(values, dtype);
  const text = dtype === 'i1' ? (value: number) => (value === 0 ? 'False' : 'True') : String;
  const width = dtype === 'i1' ? 5 : longest(values.map(text));
  return (value) => text(value).padStart(width);
}

/** The indices of one dimension that are shown; null stands for those left out. */
function shownIndices(extent: number, isSummary: boolean): readonly (number | null)[] {
  const all = Array.from({ length: extent }, (_, index) => index);
  return isSummary && extent > 2 * EDGE_ITEMS ? [...all.slice(0, EDGE_ITEMS), null, ...all.slice(-EDGE_ITEMS)] : all;
}

/** How the text of an array is laid out. */
interface Layout {
  readonly separator: string;
  readonly format: ElementText;
  readonly isSummary: boolean;
}

/** One row of elements, wrapped at the width. */
function rowText(words: readonly string[], separator: string, indent: string, width: number): string {
  const room = width - Math.max(separator.trimEnd().length, 1);
  const lines: string[] = [];
  let line = indent;
  words.forEach((word, index) => {
    if (line.length + word.length > room && line.length > indent.length) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += word + (index === words.length - 1 ? '' : separator);
  });
  return `[${[...lines, line].join('\n').slice(indent.length)}]`;
}

function nestedText(array: NdArray, layout: Layout, index: readonly number[], indent: string, width: number): string {
  const { separator, format, isSummary } = layout;
  const axis = index.length;
  const isRow = axis === array.shape.length - 1;
  const inner = indent + ' ';
  const parts = shownIndices(array.shape[axis], isSummary).map((at) => {
    if (at === null) return '...';
    return isRow ? format(valueAt(array, [...index, at])) : nestedText(array, layout, [...index, at], inner, width - 1);
  });
  if (isRow) return rowText(parts, separator, indent, width);
  const between = separator.trimEnd() + '\n'.repeat(array.shape.length - axis - 1);
  return `[${parts
    .map((part) => indent + part)
    .join(between)
    .slice(indent.length)}]`;
}

function valueAt(array: NdArray, index: readonly number[]): number {
  const offset = index.reduce((sum, at, axis) => sum + at * array.strides[axis], array.offset);
  return loadNumber(array.dtype, array.data, offset);
}

/** The numbers that are shown, which decide the format. */
function shownNumbers(array: NdArray, isSummary: boolean, index: readonly number[] = []): readonly number[] {
  if (!isSummary) return array.numbers();
  if (index.length === array.shape.length) return [valueAt(array, index)];
  return shownIndices(array.shape[index.length], true).flatMap((at) =>
    at === null ? [] : shownNumbers(array, true, [...index, at]),
  );
}

function arrayText(array: NdArray, separator: string, prefix: string, suffix: string): string {
  if (array.size === 0) return '[]';
  const isSummary = array.size > THRESHOLD;
  const format = elementFormat(shownNumbers(array, isSummary), array.dtype);
  if (array.shape.length === 0) return format(array.numberAt(0)).trim();
  const indent = ' '.repeat(prefix.length + 1);
  return nestedText(array, { separator, format, isSummary }, [], indent, LINE_WIDTH - suffix.length);
}

/** `str(array)`. */
export function arrayString(array: NdArray): string {
  const text = arrayText(array, ' ', '', '');
  return array.shape.length === 0 ? text.replace(/\.$/, '.0').replace('.e', 'e') : text;
}

const DEFAULT_DTYPES: ReadonlySet<DType> = new Set<DType>(['f64', 'i64', 'i1']);

/** `repr(array)`. */
export function arrayRepresentation(array: NdArray): string {
  const text = `array(${arrayText(array, ', ', 'array(', ')')}`;
  const shape = array.size === 0 && array.shape.join() !== '0' ? `, shape=(${array.shape.join(', ')})` : '';
  if (DEFAULT_DTYPES.has(array.dtype) && array.size > 0) return `${text})`;
  const dtype = `dtype=${dtypeName(array.dtype)})`;
  const last = text.length - (text.lastIndexOf('\n') + 1);
  const between = last + dtype.length + 1 > LINE_WIDTH ? `,\n${' '.repeat('array('.length)}` : ', ';
  return `${text}${shape}${between}${dtype}`;
}

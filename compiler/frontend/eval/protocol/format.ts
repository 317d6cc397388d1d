/** The format mini-language: `format(value, spec)`, f-strings and `str.format`. */
import { PyComplex } from '../objects/containers.ts';
import { overflowError, typeError, valueError } from '../objects/exceptions.ts';
import type { Interpreter } from '../objects/interpreter.ts';
import { classOf, PyFloat, type PyValue } from '../objects/object.ts';
import { exponentDigits, fixedDigits, formatFloatRepr, generalDigits } from './float-text.ts';
import { intValue, toFloat, type Int } from './numbers.ts';
import { textLength, textOf } from './sequences.ts';
import { reprComplex } from './text.ts';

/** A parsed specification `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`. */
export interface FormatSpecification {
  readonly fill: string;
  readonly align: string;
  readonly sign: string;
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: string;
  readonly precision: number | null;
  readonly type: string;
}

const shape = /^(?:(.)?([<>=^]))?([-+ ])?z?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/su;

export function parseSpecification(text: string, typeName: string): FormatSpecification {
  const found = shape.exec(text);
  if (!found) throw valueError(`Invalid format specifier '${text}' for object of type '${typeName}'`);
  const [, fill, align, sign, alternate, zero, width, grouping, precision, type] = found;
  return {
    fill: fill ?? (zero && !align ? '0' : zero ? '0' : ' '),
    align: align ?? (zero ? '=' : ''),
    sign: sign ?? '-',
    alternate: alternate !== undefined,
    width: width === undefined ? 0 : Number(width),
    grouping: grouping ?? '',
    precision: precision === undefined ? null : Number(precision),
    type: type ?? '',
  };
}

/** Pads a text that has a sign part and a body. */
function pad(prefix: string, body: string, spec: FormatSpecification, defaultAlign: string): string {
  const missing = spec.width - textLength(prefix) - textLength(body);
  if (missing <= 0) return prefix + body;
  const align = spec.align || defaultAlign;
  if (align === '<') return prefix + body + spec.fill.repeat(missing);
  if (align === '^') return spec.fill.repeat(missing >> 1) + prefix + body + spec.fill.repeat(missing - (missing >> 1));
  if (align === '=') return prefix + spec.fill.repeat(missing) + body;
  return spec.fill.repeat(missing) + prefix + body;
}

function signText(negative: boolean, spec: FormatSpecification): string {
  if (negative) return '-';
  return spec.sign === '-' ? '' : spec.sign;
}

/** Inserts separators into the integer digits at the front of a text. */
function group(text: string, spec: FormatSpecification, size: number, zeroWidth: number): string {
  if (!spec.grouping) return text;
  const [, digits, rest] = /^([0-9a-fA-F]*)(.*)$/s.exec(text) ?? ['', text, ''];
  let padded = digits;
  const grouped = (all: string): string =>
    all.replace(new RegExp(`\\B(?=(?:[0-9a-fA-F]{${size}})+$)`, 'g'), spec.grouping);
  while (grouped(padded).length + rest.length < zeroWidth) padded = `0${padded}`;
  const result = grouped(padded);
  return (
    (result.length + rest.length > zeroWidth && padded.length > digits.length ? result.replace(/^[,_]/, '') : result) +
    rest
  );
}

const bases: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16, X: 16, d: 10, n: 10, '': 10 };

function formatInt(value: Int, spec: FormatSpecification, typeName: string): string {
  if ('eEfFgG%'.includes(spec.type) && spec.type) return formatFloat(toFloat(value), spec, typeName);
  if (spec.precision !== null) throw valueError('Precision not allowed in integer format specifier');
  if (spec.type === 'c') return pad('', String.fromCodePoint(Number(value)), spec, '<');
  const base = bases[spec.type];
  if (base === undefined) throw valueError(`Unknown format code '${spec.type}' for object of type '${typeName}'`);
  const digits = (value < 0 ? -value : value).toString(base);
  const prefix = signText(value < 0, spec) + (spec.alternate && base !== 10 ? `0${spec.type}` : '');
  const zeroWidth = spec.fill === '0' && spec.align === '=' ? spec.width - prefix.length : 0;
  return pad(
    prefix,
    group(spec.type === 'X' ? digits.toUpperCase() : digits, spec, base === 10 ? 3 : 4, zeroWidth),
    spec,
    '>',
  );
}

/** The digits of a non-negative float for a type code. */
function floatBody(value: number, spec: FormatSpecification, typeName: string): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : 'inf';
  const precision = spec.precision ?? 6;
  if (precision > 10000) throw overflowError('precision too big');
  switch (spec.type) {
    case 'e':
    case 'E':
      return exponentDigits(value, precision);
    case 'f':
    case 'F':
      return fixedDigits(value, precision) + (spec.alternate && precision === 0 ? '.' : '');
    case '%':
      return `${fixedDigits(value * 100, precision)}%`;
    case 'g':
    case 'G':
    case 'n':
      return generalDigits(value, precision, spec.alternate);
    case '':
      return spec.precision === null ? formatFloatRepr(value) : withPoint(value, spec);
    default:
      throw valueError(`Unknown format code '${spec.type}' for object of type '${typeName}'`);
  }
}

/** The empty type with a precision: like `g`, but at least one digit after the point. */
function withPoint(value: number, spec: FormatSpecification): string {
  const precision = Math.max(1, spec.precision ?? 12);
  const text = generalDigits(value, precision);
  if (text.includes('e')) return text;
  if (text.includes('.')) return text;
  return text.length >= precision && value !== 0 && text.length > precision - 1
    ? exponentDigits(value, precision - 1).replace(/\.?0*e/, 'e')
    : `${text}.0`;
}

function formatFloat(value: number, spec: FormatSpecification, typeName: string): string {
  const negative = value < 0 || Object.is(value, -0);
  const body = floatBody(Math.abs(value), spec, typeName);
  const prefix = signText(negative, spec);
  const zeroWidth = spec.fill === '0' && spec.align === '=' ? spec.width - prefix.length : 0;
  const grouped = Number.isFinite(value) ? group(body, spec, 3, zeroWidth) : body;
  return pad(prefix, 'EFG'.includes(spec.type) && spec.type ? grouped.toUpperCase() : grouped, spec, '>');
}

function formatText(text: string, spec: FormatSpecification, typeName: string): string {
  if (spec.type !== '' && spec.type !== 's')
    throw valueError(`Unknown format code '${spec.type}' for object of type '${typeName}'`);
  if (spec.align === '=' && spec.fill !== '0') throw valueError("'=' alignment not allowed in string format specifier");
  const cut = spec.precision === null ? text : [...text].slice(0, spec.precision).join('');
  return pad('', cut, spec.align === '=' ? { ...spec, align: '<' } : spec, '<');
}

/** `__format__` of the built-in classes. */
export function formatBuiltIn(py: Interpreter, value: PyValue, specification: string): string {
  if (specification === '') return py.str(value);
  const typeName = classOf(value).name;
  const text = textOf(value);
  if (text !== undefined) return formatText(text, parseSpecification(specification, typeName), typeName);
  if (value instanceof PyFloat) return formatFloat(value.value, parseSpecification(specification, typeName), typeName);
  const int = intValue(value);
  if (int !== undefined) {
    const spec = parseSpecification(specification, typeName);
    return typeof value === 'boolean' && (spec.type === 's' || spec.type === '') && spec.type === 's'
      ? formatText(py.str(value), spec, typeName)
      : formatInt(int, spec, typeName);
  }
  if (value instanceof PyComplex) return formatComplex(value, specification);
  throw typeError(`unsupported format string passed to ${typeName}.__format__`);
}

function formatComplex(value: PyComplex, specification: string): string {
  const spec = parseSpecification(specification, 'complex');
  if (spec.type === '' && spec.precision === null) return pad('', reprComplex(value), spec, '>');
  const plain = { ...spec, width: 0, fill: ' ', align: '' };
  const imaginary = formatFloat(value.imaginary, { ...plain, sign: '+' }, 'complex');
  return pad('', `${formatFloat(value.real, plain, 'complex')}${imaginary}j`, spec, '>');
}

/** `format(value, specification)`. */
export function format(py: Interpreter, value: PyValue, specification: string): string {
  const cls = classOf(value);
  const special = cls.lookup('__format__');
  if (special === undefined || special === null || typeof value !== 'object')
    return formatBuiltIn(py, value, specification);
  const text = textOf(py.call(special, [value, specification]));
  if (text === undefined) throw typeError(`__format__ must return a str, not ${cls.name}`);
  return text;
}

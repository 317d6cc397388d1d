/** `text % arguments`. */
import { PyTuple } from '../objects/containers.ts';
import { typeError, valueError } from '../objects/exceptions.ts';
import type { Interpreter } from '../objects/interpreter.ts';
import { classOf, PyFloat, type PyValue } from '../objects/object.ts';
import { formatBuiltIn } from './format.ts';
import { intValue, normalInt, realValue, type Int } from './numbers.ts';
import { reprText } from './text.ts';
import { textOf } from './sequences.ts';

const conversion = /%(?:\((.*?)\))?([-#0 +]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([a-zA-Z%])?/gs;

/** Arguments in order; a mapping for `%(name)s`. */
class Arguments {
  private readonly items: readonly PyValue[];
  private used = 0;
  private readonly source: PyValue;

  constructor(source: PyValue) {
    this.source = source;
    this.items = source instanceof PyTuple ? source.items : [source];
  }

  next(): PyValue {
    if (this.used >= this.items.length) throw typeError('not enough arguments for format string');
    return this.items[this.used++];
  }

  named(py: Interpreter, name: string): PyValue {
    if (classOf(this.source).lookup('__getitem__') === undefined || this.source instanceof PyTuple)
      throw typeError('format requires a mapping');
    this.used = this.items.length;
    return py.getItem(this.source, name);
  }

  finish(): void {
    const isMapping =
      !(this.source instanceof PyTuple) &&
      textOf(this.source) === undefined &&
      classOf(this.source).lookup('__getitem__') !== undefined;
    if (this.used < this.items.length && !isMapping)
      throw typeError('not all arguments converted during string formatting');
  }
}

function integerOf(value: PyValue, code: string): Int {
  if (value instanceof PyFloat && 'diu'.includes(code)) return normalInt(BigInt(Math.trunc(value.value)));
  const int = intValue(value);
  if (int !== undefined) return int;
  const kind = 'diu'.includes(code) ? 'a real number' : 'an integer';
  throw typeError(`%${code} format: ${kind} is required, not ${classOf(value).name}`);
}

function realOf(value: PyValue): number {
  const real = realValue(value);
  if (real === undefined) throw typeError(`must be real number, not ${classOf(value).name}`);
  return real;
}

/** A value as the text of one conversion, without padding to the width. */
function convert(
  py: Interpreter,
  value: PyValue,
  code: string,
  sign: string,
  alternate: boolean,
  precision: number | null,
): string {
  const cut = (text: string): string => (precision === null ? text : [...text].slice(0, precision).join(''));
  const hash = alternate ? '#' : '';
  switch (code) {
    case 's':
      return cut(py.str(value));
    case 'r':
      return cut(py.repr(value));
    case 'a':
      return cut(reprText(py.repr(value), true).slice(1, -1));
    case 'c':
      return textOf(value) ?? String.fromCodePoint(Number(integerOf(value, code)));
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o': {
      const text = formatBuiltIn(py, integerOf(value, code), `${sign}${hash}${'diu'.includes(code) ? 'd' : code}`);
      return precision === null ? text : text.replace(/\d+$/, (digits) => digits.padStart(precision, '0'));
    }
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return formatBuiltIn(py, new PyFloat(realOf(value)), `${sign}${hash}.${precision ?? 6}${code}`);
    default:
      throw valueError(`unsupported format character '${code}' (0x${code.charCodeAt(0).toString(16)})`);
  }
}

function padded(text: string, width: number, flags: string, isNumber: boolean): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (flags.includes('-')) return text + ' '.repeat(missing);
  if (!flags.includes('0') || !isNumber) return ' '.repeat(missing) + text;
  const [, sign, digits] = /^([-+ ]?(?:0[xXo])?)(.*)$/s.exec(text) ?? ['', '', text];
  return sign + '0'.repeat(missing) + digits;
}

export function percentFormat(py: Interpreter, text: string, argument: PyValue): string {
  const given = new Arguments(argument);
  const star = (): number => Number(integerOf(given.next(), 'd'));
  const result = text.replace(
    conversion,
    (
      _all,
      name: string | undefined,
      flags: string,
      width: string | undefined,
      precision: string | undefined,
      code: string | undefined,
    ) => {
      if (code === undefined) throw valueError('incomplete format');
      if (code === '%') return '%';
      const columns = width === '*' ? star() : Number(width ?? 0);
      const digits = precision === '*' ? star() : precision === undefined ? null : Number(precision);
      const value = name === undefined ? given.next() : given.named(py, name);
      const sign = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
      const all = columns < 0 ? `${flags}-` : flags;
      return padded(
        convert(py, value, code, sign, flags.includes('#'), digits),
        Math.abs(columns),
        all,
        !'srac'.includes(code),
      );
    },
  );
  given.finish();
  return result;
}

/** Floats as decimal text: the shortest repr, and exact digits for the format codes e, f and g. */

/** Decimal digits and exponent: value = 0.d1d2d3… × 10^exponent. */
interface Decimal {
  readonly digits: string;
  readonly exponent: number;
}

/** The shortest digits that read back as the same float. */
function shortest(value: number): Decimal {
  const [mantissa, exponent] = value.toExponential().split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) + 1 };
}

function positional({ digits, exponent }: Decimal): string {
  if (exponent <= 0) return `0.${'0'.repeat(-exponent)}${digits}`;
  if (digits.length <= exponent) return `${digits}${'0'.repeat(exponent - digits.length)}.0`;
  return `${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}

/** `e+05`: a sign and two digits at least. */
function exponentText(exponent: number): string {
  return `e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** `repr(value)`: exponents below -4 and from 16 on. */
export function formatFloatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (value === 0) return `${sign}0.0`;
  const decimal = shortest(Math.abs(value));
  if (decimal.exponent > -4 && decimal.exponent <= 16) return sign + positional(decimal);
  const { digits } = decimal;
  return `${sign}${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ''}${exponentText(decimal.exponent - 1)}`;
}

/** A non-negative finite float as an exact fraction `numerator / 2^shift`. */
function exactFraction(value: number): { readonly numerator: bigint; readonly shift: number } {
  let shift = 0;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    shift++;
  }
  return { numerator: BigInt(scaled), shift };
}

/** numerator / denominator rounded half to even. */
function roundedQuotient(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const up = twice > denominator || (twice === denominator && (quotient & 1n) === 1n);
  return up ? quotient + 1n : quotient;
}

/** Fixed-point text of a non-negative float, exactly rounded half to even as C's printf does. */
export function fixedDigits(value: number, precision: number): string {
  const { numerator, shift } = exactFraction(value);
  const rounded = roundedQuotient(numerator * 10n ** BigInt(precision), 1n << BigInt(shift)).toString();
  if (precision === 0) return rounded;
  const padded = rounded.padStart(precision + 1, '0');
  return `${padded.slice(0, -precision)}.${padded.slice(-precision)}`;
}

/** Digits and exponent with `count` significant digits, exactly rounded. */
function significant(value: number, count: number): Decimal {
  if (value === 0) return { digits: '0'.repeat(count), exponent: 1 };
  const { numerator, shift } = exactFraction(value);
  let exponent = shortest(value).exponent;
  for (;;) {
    const scale = count - exponent;
    const [top, bottom] =
      scale >= 0
        ? [numerator * 10n ** BigInt(scale), 1n << BigInt(shift)]
        : [numerator, (1n << BigInt(shift)) * 10n ** BigInt(-scale)];
    const digits = roundedQuotient(top, bottom).toString();
    if (digits.length === count) return { digits, exponent };
    exponent += digits.length > count ? 1 : -1;
  }
}

/** Exponent form of a non-negative float. */
export function exponentDigits(value: number, precision: number): string {
  const { digits, exponent } = significant(value, precision + 1);
  return `${digits[0]}${precision > 0 ? `.${digits.slice(1)}` : ''}${exponentText(exponent - 1)}`;
}

/** The `g` form; `keepZeros` is the `#` flag. */
export function generalDigits(value: number, precision: number, keepZeros = false): string {
  const count = Math.max(1, precision);
  const { digits, exponent } = significant(value, count);
  const trim = (text: string): string => (keepZeros || !text.includes('.') ? text : text.replace(/\.?0+$/, ''));
  if (exponent - 1 < -4 || exponent - 1 >= count) {
    return trim(`${digits[0]}${count > 1 ? `.${digits.slice(1)}` : ''}`) + exponentText(exponent - 1);
  }
  if (exponent <= 0) return trim(`0.${'0'.repeat(-exponent)}${digits}`);
  return trim(exponent >= count ? digits : `${digits.slice(0, exponent)}.${digits.slice(exponent)}`);
}

/** Numeric literals: where they end, what is wrong with them, and what they are worth. */
import type { ConstantValues } from '../ast.ts';
import { Char, isDigit, isHexDigit, isNamePart } from './characters.ts';

/** A number's extent; `fault` says what is wrong with it. */
export interface ScannedNumber {
  readonly end: number;
  readonly fault: string | null;
}

/** CPython refuses longer decimal integers, whose conversion takes quadratic time. */
const LONGEST_DECIMAL = 4300;
const radixes = new Map([
  ['x', { name: 'hexadecimal', isDigit: isHexDigit }],
  ['o', { name: 'octal', isDigit: (code: number) => code >= Char.zero && code < Char.zero + 8 }],
  ['b', { name: 'binary', isDigit: (code: number) => code === Char.zero || code === Char.zero + 1 }],
]);
/** Words that may follow a number without a space, as in `1if x else y`. */
const followers = /(?:and|else|for|if|in|is|or|not)/y;

/** Skips digits with single underscores between them; -1 when an underscore stands wrongly. */
function skipDigits(text: string, from: number, accepts: (code: number) => boolean): number {
  let at = from;
  for (;;) {
    while (accepts(text.charCodeAt(at))) at++;
    if (text.charCodeAt(at) !== Char.underscore) return at;
    if (!accepts(text.charCodeAt(at + 1)) || at === from) return -1;
    at++;
  }
}

function wholeWord(text: string, from: number): number {
  let at = from;
  while (isNamePart(text.charCodeAt(at))) at++;
  return at;
}

/** Scans the number that starts at `start` (a digit, or a dot before a digit). */
export function scanNumber(text: string, start: number): ScannedNumber {
  const radix = text.charCodeAt(start) === Char.zero ? radixes.get(text.charAt(start + 1).toLowerCase()) : undefined;
  if (radix) {
    const first = text.charCodeAt(start + 2) === Char.underscore ? start + 3 : start + 2;
    const end = radix.isDigit(text.charCodeAt(first)) ? skipDigits(text, first, radix.isDigit) : -1;
    return checkEnd(text, start, end, radix.name);
  }
  return scanDecimal(text, start);
}

function scanDecimal(text: string, start: number): ScannedNumber {
  let at = skipDigits(text, start, isDigit);
  let isInteger = true;
  if (at >= 0 && text.charCodeAt(at) === Char.dot) {
    isInteger = false;
    at = isDigit(text.charCodeAt(at + 1)) ? skipDigits(text, at + 1, isDigit) : at + 1;
  }
  if (at >= 0 && (text[at] === 'e' || text[at] === 'E')) {
    const sign = text[at + 1] === '+' || text[at + 1] === '-' ? 1 : 0;
    if (isDigit(text.charCodeAt(at + 1 + sign))) {
      isInteger = false;
      at = skipDigits(text, at + 1 + sign, isDigit);
    } else if (sign === 1) at = -1;
  }
  if (at >= 0 && (text[at] === 'j' || text[at] === 'J')) {
    const scanned = checkEnd(text, start, at + 1, 'imaginary');
    return scanned;
  }
  const scanned = checkEnd(text, start, at, 'decimal');
  return isInteger && scanned.fault === null ? checkInteger(text, start, scanned.end) : scanned;
}

function checkInteger(text: string, start: number, end: number): ScannedNumber {
  if (text.charCodeAt(start) === Char.zero && /[1-9]/.test(text.slice(start, end))) {
    return { end, fault: 'a decimal integer may not start with 0 (octal is written 0o…)' };
  }
  if (end - start > LONGEST_DECIMAL && text.slice(start, end).replaceAll('_', '').length > LONGEST_DECIMAL) {
    return { end, fault: `a decimal integer may have at most ${LONGEST_DECIMAL} digits` };
  }
  return { end, fault: null };
}

function checkEnd(text: string, start: number, end: number, what: string): ScannedNumber {
  if (end < 0) return { end: wholeWord(text, start + 1), fault: `invalid ${what} literal` };
  if (!isNamePart(text.charCodeAt(end))) return { end, fault: null };
  followers.lastIndex = end;
  if (followers.test(text)) return { end, fault: null };
  return { end: wholeWord(text, end), fault: `invalid ${what} literal` };
}

/** The type and value of a numeric literal that `scanNumber` accepted. */
export function numberValue(image: string): {
  readonly type: 'int' | 'float' | 'complex';
  readonly value: number | bigint;
} {
  const digits = image.includes('_') ? image.replaceAll('_', '') : image;
  const last = digits.charCodeAt(digits.length - 1) | 32;
  if (digits.charCodeAt(0) === Char.zero && digits.length > 1 && /^0[xob]/i.test(digits)) return integer(digits);
  if (last === 'j'.charCodeAt(0)) return { type: 'complex', value: Number(digits.slice(0, -1)) };
  if (/[.eE]/.test(digits)) return { type: 'float', value: Number(digits) };
  return integer(digits);
}

function integer(digits: string): { readonly type: 'int'; readonly value: ConstantValues['int'] } {
  const value = Number(digits);
  return { type: 'int', value: Number.isSafeInteger(value) ? value : BigInt(digits) };
}

/** The values of string and bytes literals: escapes decoded, line ends as Python sees them. */
import { Char } from './characters.ts';

/** A decoded literal, or where (offset into the source) and why it has no value. */
export type Decoded<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly at: number; readonly reason: string | typeof NAMED };

/** The reason for a character by its name: right Python, but not supported. */
export const NAMED = Symbol('a character by its name');

const simpleEscapes = new Map([
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\n', ''],
]);
const hexLengths = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);
const LARGEST_CODE_POINT = 0x10ffff;

/** What a decoder needs to know about one literal's body. */
export interface LiteralBody {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly raw: boolean;
}

/** Every line end of the source is a line feed to Python. */
function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/** The value of a string body (without prefix and quotes). */
export function decodeString(body: LiteralBody): Decoded<string> {
  const source = body.text.slice(body.start, body.end);
  if (body.raw || !source.includes('\\')) return { ok: true, value: withLineFeeds(source) };
  return decodeEscapes(body, hexLengths);
}

/** The value of a bytes body. */
export function decodeBytes(body: LiteralBody): Decoded<Uint8Array> {
  for (let at = body.start; at < body.end; at++) {
    if (body.text.charCodeAt(at) >= 128) {
      return { ok: false, at, reason: 'a bytes literal can only contain ASCII characters' };
    }
  }
  const decoded = body.raw ? decodeString(body) : decodeEscapes(body, new Map([['x', 2]]));
  if (!decoded.ok) return decoded;
  return { ok: true, value: Uint8Array.from(decoded.value, (character) => character.charCodeAt(0) & 0xff) };
}

function decodeEscapes(body: LiteralBody, hex: ReadonlyMap<string, number>): Decoded<string> {
  const { text, end } = body;
  let value = '';
  let at = body.start;
  for (;;) {
    const backslash = text.indexOf('\\', at);
    if (backslash < 0 || backslash >= end) return { ok: true, value: value + withLineFeeds(text.slice(at, end)) };
    value += withLineFeeds(text.slice(at, backslash));
    const escape = decodeEscape(text, backslash, end, hex);
    if (typeof escape !== 'object') return { ok: false, at: backslash, reason: escape };
    value += escape.value;
    at = escape.end;
  }
}

/** Decodes the escape at `at`; a string is the reason why it has no value. */
function decodeEscape(
  text: string,
  at: number,
  end: number,
  hex: ReadonlyMap<string, number>,
): { readonly value: string; readonly end: number } | string | typeof NAMED {
  const letter = text.charAt(at + 1);
  if (letter === '\r') return { value: '', end: at + (text.charCodeAt(at + 2) === Char.lineFeed ? 3 : 2) };
  const simple = simpleEscapes.get(letter);
  if (simple !== undefined) return { value: simple, end: at + 2 };
  const length = hex.get(letter);
  if (length !== undefined) return decodeHex(text, at, Math.min(end, at + 2 + length), length);
  if (letter >= '0' && letter <= '7') return decodeOctal(text, at, end);
  if (letter === 'N' && hex.has('u')) {
    return /^\{[^{}]+\}/.test(text.slice(at + 2, end)) ? NAMED : 'a character name is written \\N{…}';
  }
  return { value: '\\', end: at + 1 };
}

function decodeHex(
  text: string,
  at: number,
  end: number,
  length: number,
): { readonly value: string; readonly end: number } | string {
  const digits = text.slice(at + 2, end);
  if (digits.length < length || !/^[0-9a-fA-F]+$/.test(digits)) {
    return `\\${text.charAt(at + 1)} needs ${length} hexadecimal digits`;
  }
  const code = Number.parseInt(digits, 16);
  if (code > LARGEST_CODE_POINT) return `no character has the number ${digits}`;
  return { value: String.fromCodePoint(code), end };
}

function decodeOctal(text: string, at: number, end: number): { readonly value: string; readonly end: number } {
  let stop = at + 2;
  while (stop < end && stop < at + 4 && text.charAt(stop) >= '0' && text.charAt(stop) <= '7') stop++;
  return { value: String.fromCharCode(Number.parseInt(text.slice(at + 1, stop), 8)), end: stop };
}

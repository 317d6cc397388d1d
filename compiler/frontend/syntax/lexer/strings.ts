/** The extent and the parts of plain string literals. */
import { Char } from './characters.ts';

const prefixes = new Set(['r', 'u', 'b', 'f', 'br', 'rb', 'fr', 'rf']);

/** Whether a word before a quote belongs to the string. */
export function isStringPrefix(word: string): boolean {
  return word.length <= 2 && prefixes.has(word.toLowerCase());
}

/** 3 when the quotes at `at` are triple, else 1. */
export function quoteLength(text: string, at: number): 1 | 3 {
  const quote = text.charCodeAt(at);
  return text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote ? 3 : 1;
}

/** Where a string ends; an unterminated one ends with its line or with the file. */
export interface StringExtent {
  readonly end: number;
  readonly terminated: boolean;
  readonly what: string;
}

/** Finds the end of the string whose opening quotes are at `at`. */
export function findStringEnd(text: string, at: number): StringExtent {
  return quoteLength(text, at) === 3 ? findTripleEnd(text, at) : findSingleEnd(text, at);
}

function findSingleEnd(text: string, start: number): StringExtent {
  const quote = text.charCodeAt(start);
  let at = start + 1;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === quote) return { end: at + 1, terminated: true, what: '' };
    if (code === Char.backslash) at += isCarriageReturnLineFeed(text, at + 1) ? 3 : 2;
    else if (code === Char.lineFeed || code === Char.carriageReturn || at >= text.length) {
      return { end: Math.min(at, text.length), terminated: false, what: 'string' };
    } else at++;
  }
}

function isCarriageReturnLineFeed(text: string, at: number): boolean {
  return text.charCodeAt(at) === Char.carriageReturn && text.charCodeAt(at + 1) === Char.lineFeed;
}

function findTripleEnd(text: string, start: number): StringExtent {
  const quotes = text.slice(start, start + 3);
  let at = start + 3;
  for (;;) {
    const end = text.indexOf(quotes, at);
    if (end < 0) return { end: text.length, terminated: false, what: 'triple-quoted string' };
    const backslash = text.indexOf('\\', at);
    if (backslash < 0 || backslash > end) return { end: end + 3, terminated: true, what: '' };
    at = backslash + 2;
  }
}

/** The prefix letters and the body of a string token. */
export interface StringParts {
  readonly raw: boolean;
  readonly bytes: boolean;
  readonly unicode: boolean;
  readonly start: number;
  readonly end: number;
}

/** Splits the string token `start`..`end`. */
export function stringParts(text: string, start: number, end: number): StringParts {
  let raw = false;
  let bytes = false;
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at) | 32;
    if (code === 'r'.charCodeAt(0)) raw = true;
    else if (code === 'b'.charCodeAt(0)) bytes = true;
    else if (code !== 'u'.charCodeAt(0) && code !== 'f'.charCodeAt(0)) break;
    at++;
  }
  const unicode = text.charCodeAt(start) === 'u'.charCodeAt(0);
  const quotes = end - at >= 6 ? quoteLength(text, at) : 1;
  return { raw, bytes, unicode, start: at + quotes, end: end - quotes };
}

/** Methods of str: searching, splitting, case, padding. */
import {
  classOf,
  codePoints,
  intValue,
  lookupError,
  method,
  needText,
  PyBytes,
  PyDict,
  PyList,
  PySlice,
  PyTuple,
  sliceRange,
  tableGet,
  textLength,
  textOf,
  typeError,
  valueError,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';

const whitespace = /[\s\x1c-\x1f\x85]/u;

/** The part of a text between two indices, and where it starts. */
function window(
  py: Interpreter,
  text: string,
  start: PyValue,
  end: PyValue,
): { readonly part: string; readonly offset: number; readonly valid: boolean } {
  const points = codePoints(text);
  const range = sliceRange(py, new PySlice(start, end, null), points.length);
  const part =
    typeof points === 'string'
      ? points.slice(range.start, Math.max(range.start, range.stop))
      : points.slice(range.start, Math.max(range.start, range.stop)).join('');
  const given = start === null ? 0 : Number(intValue(start) ?? 0);
  return { part, offset: range.start, valid: given <= points.length };
}

function findText(py: Interpreter, bound: PyValue[], last: boolean): number {
  const [self, sub, start, end] = bound;
  const { part, offset, valid } = window(py, needText(self), start, end);
  const needle = needText(sub, 'must be str');
  const at = last ? part.lastIndexOf(needle) : part.indexOf(needle);
  return at < 0 || (!valid && needle === '') ? -1 : offset + textLength(part.slice(0, at));
}

function countText(part: string, needle: string): number {
  if (needle === '') return textLength(part) + 1;
  return part.split(needle).length - 1;
}

/** `startswith` and `endswith` take one text or a tuple of texts. */
function affix(
  py: Interpreter,
  bound: PyValue[],
  name: string,
  test: (part: string, affix: string) => boolean,
): boolean {
  const [self, given, start, end] = bound;
  const { part, valid } = window(py, needText(self), start, end);
  const options = given instanceof PyTuple ? given.items : [given];
  return options.some((option) => {
    const text = textOf(option);
    if (text === undefined)
      throw typeError(`${name} first arg must be str or a tuple of str, not ${classOf(option).name}`);
    return valid && test(part, text);
  });
}

function splitWhitespace(text: string, limit: number): string[] {
  const parts: string[] = [];
  let rest = text.replace(/^[\s\x1c-\x1f\x85]+/u, '');
  while (rest !== '' && (limit < 0 || parts.length < limit)) {
    const found = /[\s\x1c-\x1f\x85]+/u.exec(rest);
    if (!found) break;
    parts.push(rest.slice(0, found.index));
    rest = rest.slice(found.index + found[0].length);
  }
  if (rest !== '') parts.push(limit >= 0 && parts.length >= limit ? rest.replace(/[\s\x1c-\x1f\x85]+$/u, '') : rest);
  return parts;
}

function splitText(text: string, separator: PyValue, limit: number): string[] {
  if (separator === null) return splitWhitespace(text, limit);
  const by = needText(separator, 'must be str or None');
  if (by === '') throw valueError('empty separator');
  const parts = text.split(by);
  return limit < 0 || parts.length <= limit + 1 ? parts : [...parts.slice(0, limit), parts.slice(limit).join(by)];
}

function splitFromRight(text: string, separator: PyValue, limit: number): string[] {
  const reverse = (part: string): string => [...part].reverse().join('');
  if (separator === null) return splitWhitespace(reverse(text), limit).map(reverse).reverse();
  const by = needText(separator, 'must be str or None');
  if (by === '') throw valueError('empty separator');
  const parts = text.split(by);
  return limit < 0 || parts.length <= limit + 1
    ? parts
    : [parts.slice(0, parts.length - limit).join(by), ...parts.slice(parts.length - limit)];
}

function stripText(text: string, chars: PyValue, left: boolean, right: boolean): string {
  const points = [...text];
  const drop = chars === null ? null : new Set(needText(chars, 'strip arg must be None or str'));
  const isDropped = (char: string): boolean => (drop ? drop.has(char) : whitespace.test(char));
  let start = 0;
  let end = points.length;
  while (left && start < end && isDropped(points[start])) start++;
  while (right && end > start && isDropped(points[end - 1])) end--;
  return points.slice(start, end).join('');
}

function pad(bound: PyValue[], place: (text: string, missing: number, fill: string) => string): string {
  const [self, width, fillValue] = bound;
  const text = needText(self);
  const fill = needText(fillValue);
  if (textLength(fill) !== 1) throw typeError('The fill character must be exactly one character long');
  const missing = Number(intValue(width) ?? 0) - textLength(text);
  return missing > 0 ? place(text, missing, fill) : text;
}

function partition(text: string, separator: string, at: number, missing: readonly string[]): PyTuple {
  if (separator === '') throw valueError('empty separator');
  return new PyTuple(at < 0 ? [...missing] : [text.slice(0, at), separator, text.slice(at + separator.length)]);
}

const isCased = (char: string): boolean => char.toLowerCase() !== char.toUpperCase();

function titleCase(text: string): string {
  let previousCased = false;
  return [...text]
    .map((char) => {
      const result = previousCased ? char.toLowerCase() : char.toUpperCase();
      previousCased = isCased(char);
      return result;
    })
    .join('');
}

function isTitle(text: string): boolean {
  return [...text].some(isCased) && titleCase(text) === text;
}

const all =
  (pattern: RegExp): ((text: string) => boolean) =>
  (text) =>
    text !== '' && [...text].every((char) => pattern.test(char));

/** Predicates on a whole text. */
const predicates: Readonly<Record<string, (text: string) => boolean>> = {
  isalpha: all(/\p{L}/u),
  isdigit: all(/[\p{Nd}\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089]/u),
  isdecimal: all(/\p{Nd}/u),
  isnumeric: all(/\p{N}/u),
  isalnum: all(/[\p{L}\p{N}]/u),
  isspace: all(whitespace),
  isascii: (text) => /^[\0-\x7f]*$/.test(text),
  isprintable: (text) => !/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(text),
  isidentifier: (text) => /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u.test(text),
  isupper: (text) => [...text].some(isCased) && text === text.toUpperCase(),
  islower: (text) => [...text].some(isCased) && text === text.toLowerCase(),
  istitle: isTitle,
};

function splitLines(text: string, keepEnds: boolean): string[] {
  const lines =
    text.match(
      /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])|[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+$/g,
    ) ?? [];
  return keepEnds ? lines : lines.map((line) => line.replace(/\r\n$|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]$/, ''));
}

function expandTabs(text: string, size: number): string {
  let column = 0;
  let result = '';
  for (const char of text) {
    if (char === '\t') {
      const spaces = size > 0 ? size - (column % size) : 0;
      result += ' '.repeat(spaces);
      column += spaces;
    } else {
      result += char;
      column = char === '\n' || char === '\r' ? 0 : column + 1;
    }
  }
  return result;
}

function joinTexts(py: Interpreter, separator: string, iterable: PyValue): string {
  const parts = py.collect(iterable).map((item, index) => {
    const text = textOf(item);
    if (text === undefined)
      throw typeError(`sequence item ${index}: expected str instance, ${classOf(item).name} found`);
    return text;
  });
  py.reserve(parts.reduce((sum, part) => sum + part.length, 0) / 8);
  return parts.join(separator);
}

function replaceText(text: string, old: string, fresh: string, count: number): string {
  if (count < 0)
    return old === '' ? [...text].map((char) => fresh + char).join('') + fresh : text.split(old).join(fresh);
  if (old === '') {
    const points = [...text];
    return (
      points.map((char, index) => (index < count ? fresh + char : char)).join('') + (count > points.length ? fresh : '')
    );
  }
  const parts = text.split(old);
  const cut = Math.min(count, parts.length - 1);
  return (
    parts.slice(0, cut + 1).join(fresh) +
    parts
      .slice(cut + 1)
      .map((part) => old + part)
      .join('')
  );
}

/** The codecs that text can be encoded with. */
export function encodeText(text: string, encoding: string, errors: string): Uint8Array {
  const name = encoding.toLowerCase().replaceAll('_', '-');
  if (name === 'utf-8' || name === 'utf8') return new TextEncoder().encode(text);
  const limit = name === 'ascii' ? 128 : name === 'latin-1' || name === 'iso-8859-1' ? 256 : null;
  if (limit === null) throw lookupError(`unknown encoding: ${encoding}`);
  return Uint8Array.from(
    [...text].flatMap((char) => {
      const code = char.codePointAt(0) ?? 0;
      if (code < limit) return [code];
      if (errors === 'ignore') return [];
      if (errors === 'replace') return [63];
      throw valueError(
        `'${name}' codec can't encode character ${JSON.stringify(char)}: ordinal not in range(${limit})`,
      );
    }),
  );
}

function translate(py: Interpreter, text: string, table: PyValue): string {
  return [...text]
    .map((char) => {
      const code = char.codePointAt(0) ?? 0;
      const found = table instanceof PyDict ? tableGet(py, table, code) : py.getItem(table, code);
      if (found === undefined) return char;
      return found === null ? '' : (textOf(found) ?? String.fromCodePoint(Number(intValue(found))));
    })
    .join('');
}

const limitOf = (value: PyValue): number => Number(intValue(value) ?? -1);
const texts = (parts: readonly string[]): PyList => new PyList([...parts]);

export const stringMethods: readonly Member[] = [
  method('find(self, sub, start=None, end=None, /)', (py, bound) => findText(py, bound, false)),
  method('rfind(self, sub, start=None, end=None, /)', (py, bound) => findText(py, bound, true)),
  ...['index', 'rindex'].map((name) =>
    method(`${name}(self, sub, start=None, end=None, /)`, (py, bound) => {
      const at = findText(py, bound, name === 'rindex');
      if (at < 0) throw valueError('substring not found');
      return at;
    }),
  ),
  method('count(self, sub, start=None, end=None, /)', (py, [self, sub, start, end]) =>
    countText(window(py, needText(self), start, end).part, needText(sub)),
  ),
  method('startswith(self, prefix, start=None, end=None, /)', (py, bound) =>
    affix(py, bound, 'startswith', (part, text) => part.startsWith(text)),
  ),
  method('endswith(self, suffix, start=None, end=None, /)', (py, bound) =>
    affix(py, bound, 'endswith', (part, text) => part.endsWith(text)),
  ),
  method('split(self, sep=None, maxsplit=-1)', (_py, [self, sep, limit]) =>
    texts(splitText(needText(self), sep, limitOf(limit))),
  ),
  method('rsplit(self, sep=None, maxsplit=-1)', (_py, [self, sep, limit]) =>
    texts(splitFromRight(needText(self), sep, limitOf(limit))),
  ),
  method('splitlines(self, keepends=False)', (py, [self, keep]) => texts(splitLines(needText(self), py.truth(keep)))),
  method('strip(self, chars=None, /)', (_py, [self, chars]) => stripText(needText(self), chars, true, true)),
  method('lstrip(self, chars=None, /)', (_py, [self, chars]) => stripText(needText(self), chars, true, false)),
  method('rstrip(self, chars=None, /)', (_py, [self, chars]) => stripText(needText(self), chars, false, true)),
  method('join(self, iterable, /)', (py, [self, iterable]) => joinTexts(py, needText(self), iterable)),
  method('replace(self, old, new, count=-1, /)', (_py, [self, old, fresh, count]) =>
    replaceText(
      needText(self),
      needText(old, 'replace() argument 1'),
      needText(fresh, 'replace() argument 2'),
      limitOf(count),
    ),
  ),
  method('lower(self, /)', (_py, [self]) => needText(self).toLowerCase()),
  method('upper(self, /)', (_py, [self]) => needText(self).toUpperCase()),
  method('casefold(self, /)', (_py, [self]) => needText(self).toLowerCase().replaceAll('ß', 'ss')),
  method('capitalize(self, /)', (_py, [self]) => {
    const [first = '', ...rest] = needText(self);
    return first.toUpperCase() + rest.join('').toLowerCase();
  }),
  method('title(self, /)', (_py, [self]) => titleCase(needText(self))),
  method('swapcase(self, /)', (_py, [self]) =>
    [...needText(self)].map((char) => (char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase())).join(''),
  ),
  method("ljust(self, width, fillchar=' ', /)", (_py, bound) =>
    pad(bound, (text, missing, fill) => text + fill.repeat(missing)),
  ),
  method("rjust(self, width, fillchar=' ', /)", (_py, bound) =>
    pad(bound, (text, missing, fill) => fill.repeat(missing) + text),
  ),
  method("center(self, width, fillchar=' ', /)", (_py, bound) =>
    pad(bound, (text, missing, fill) => {
      const left = (missing >> 1) + (missing & Number(intValue(bound[1])) & 1);
      return fill.repeat(left) + text + fill.repeat(missing - left);
    }),
  ),
  method('zfill(self, width, /)', (_py, [self, width]) => {
    const text = needText(self);
    const [, sign, digits] = /^([-+]?)(.*)$/s.exec(text) ?? ['', '', text];
    return sign + '0'.repeat(Math.max(0, Number(intValue(width)) - textLength(text))) + digits;
  }),
  method('partition(self, sep, /)', (_py, [self, sep]) =>
    partition(needText(self), needText(sep), needText(self).indexOf(needText(sep)), [needText(self), '', '']),
  ),
  method('rpartition(self, sep, /)', (_py, [self, sep]) =>
    partition(needText(self), needText(sep), needText(self).lastIndexOf(needText(sep)), ['', '', needText(self)]),
  ),
  method('removeprefix(self, prefix, /)', (_py, [self, prefix]) =>
    needText(self).startsWith(needText(prefix)) ? needText(self).slice(needText(prefix).length) : needText(self),
  ),
  method('removesuffix(self, suffix, /)', (_py, [self, suffix]) => {
    const [text, end] = [needText(self), needText(suffix)];
    return end !== '' && text.endsWith(end) ? text.slice(0, -end.length) : text;
  }),
  method('expandtabs(self, tabsize=8)', (_py, [self, size]) => expandTabs(needText(self), limitOf(size))),
  method(
    "encode(self, encoding='utf-8', errors='strict')",
    (_py, [self, encoding, errors]) => new PyBytes(encodeText(needText(self), needText(encoding), needText(errors))),
  ),
  method('translate(self, table, /)', (py, [self, table]) => translate(py, needText(self), table)),
  ...Object.entries(predicates).map(([name, test]) =>
    method(`${name}(self, /)`, (_py, [self]) => test(needText(self))),
  ),
];

/** `str.maketrans`. */
export function makeTranslation(py: Interpreter, [x, y, z]: PyValue[]): PyValue {
  const table = new PyDict();
  if (y === null) {
    for (const key of py.collect(x)) {
      const text = textOf(key);
      table.map.set(text === undefined ? Number(intValue(key)) : (text.codePointAt(0) ?? 0), py.getItem(x, key));
    }
    return table;
  }
  const [from, to] = [[...needText(x)], [...needText(y)]];
  if (from.length !== to.length) throw valueError('the first two maketrans arguments must have equal length');
  from.forEach((char, index) => table.map.set(char.codePointAt(0) ?? 0, to[index].codePointAt(0) ?? 0));
  for (const char of z === null ? '' : needText(z)) table.map.set(char.codePointAt(0) ?? 0, null);
  return table;
}

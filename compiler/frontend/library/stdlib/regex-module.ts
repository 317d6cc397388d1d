/** re: patterns and matches over JavaScript's engine. Positions are UTF-16 offsets where a text has characters beyond the basic plane. */
import {
  countValue,
  getter,
  indexError,
  intValue,
  method,
  native,
  nativeClass,
  nativeModule,
  needText,
  notImplemented,
  PyClass,
  PyDict,
  PyIterator,
  PyList,
  PyObject,
  PyTuple,
  reprText,
  textOf,
  typeError,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';
import { isCallable } from '../builtins/index.ts';
import { flagBits, regexError, regexErrorType, translateRegex } from './regex-syntax.ts';

class Pattern extends PyObject {
  text = '';
  flags = 0;
  groupCount = 0;
  names: ReadonlyMap<string, number> = new Map();
  search: RegExp = /(?:)/u;
  sticky: RegExp = /(?:)/uy;
  whole: RegExp = /(?:)/uy;
}

class Match extends PyObject {
  pattern: Pattern | null = null;
  subject = '';
  found: RegExpExecArray | null = null;
}

function needPattern(value: PyValue): Pattern {
  if (!(value instanceof Pattern)) throw typeError('a compiled pattern is required');
  return value;
}

function needMatch(value: PyValue): {
  readonly found: RegExpExecArray;
  readonly pattern: Pattern;
  readonly subject: string;
} {
  if (!(value instanceof Match) || !value.found || !value.pattern) throw typeError('a match is required');
  return { found: value.found, pattern: value.pattern, subject: value.subject };
}

function build(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw regexError(
      error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : 'invalid pattern',
    );
  }
}

/** Compiles a pattern text. */
function compile(pattern: PyValue, flags: PyValue): Pattern {
  if (pattern instanceof Pattern) return pattern;
  const made = new Pattern(patternType);
  made.text = needText(pattern, 'first argument');
  const translated = translateRegex(made.text, Number(intValue(flags) ?? 0));
  made.flags = translated.flagBits | flagBits.UNICODE;
  made.groupCount = translated.groupCount;
  made.names = translated.names;
  const dotted = `${translated.flags}d`;
  made.search = build(translated.source, `${dotted}g`);
  made.sticky = build(translated.source, `${dotted}y`);
  made.whole = build(`(?:${translated.source})$(?![\\s\\S])`, `${dotted.replace('m', '')}y`);
  return made;
}

function execute(pattern: Pattern, regex: RegExp, subject: string, start: number): Match | null {
  regex.lastIndex = start;
  const found = regex.exec(subject);
  if (!found) return null;
  const match = new Match(matchType);
  Object.assign(match, { pattern, subject, found });
  return match;
}

/** All matches from left to right. */
function* matches(py: Interpreter, pattern: Pattern, subject: string): Generator<Match> {
  let at = 0;
  for (;;) {
    py.spend(1);
    const match = at <= subject.length ? execute(pattern, pattern.search, subject, at) : null;
    if (!match?.found) return;
    yield match;
    const end = match.found.index + match.found[0].length;
    at = match.found[0] === '' ? end + 1 : end;
  }
}

const orNone = (text: string | undefined, fallback: PyValue = null): PyValue => text ?? fallback;

function groupNumber(pattern: Pattern, key: PyValue): number {
  const name = textOf(key);
  const number = name === undefined ? Number(intValue(key)) : pattern.names.get(name);
  if (number === undefined || !(number >= 0 && number <= pattern.groupCount)) throw indexError('no such group');
  return number;
}

/** What `findall` lists for a match. */
function summary({ found, pattern }: { readonly found: RegExpExecArray; readonly pattern: Pattern }): PyValue {
  if (pattern.groupCount === 0) return found[0];
  const groups = found.slice(1).map((text) => text ?? '');
  return groups.length === 1 ? groups[0] : new PyTuple(groups);
}

/** Expands `\1`, `\g<name>` and the usual escapes of a replacement. */
function expand(template: string, value: Match): string {
  const { found, pattern } = needMatch(value);
  return template.replace(
    /\\(?:g<(\w+)>|(\d{1,2})|([a-zA-Z\\]))/g,
    (_all, name: string | undefined, digits: string | undefined, letter: string) => {
      if (name !== undefined) return found[groupNumber(pattern, /^\d+$/.test(name) ? Number(name) : name)] ?? '';
      if (digits !== undefined) return found[groupNumber(pattern, Number(digits))] ?? '';
      const simple: Readonly<Record<string, string>> = {
        n: '\n',
        t: '\t',
        r: '\r',
        '\\': '\\',
        a: '\x07',
        b: '\b',
        f: '\f',
        v: '\v',
      };
      if (!Object.hasOwn(simple, letter)) throw regexError(`bad escape \\${letter}`);
      return simple[letter];
    },
  );
}

function substitute(
  py: Interpreter,
  pattern: Pattern,
  replacement: PyValue,
  text: string,
  limit: PyValue,
): { readonly text: string; readonly count: number } {
  const most = countValue(py, limit) || Infinity;
  const callback = textOf(replacement) === undefined && isCallable(py, replacement);
  let result = '';
  let at = 0;
  let count = 0;
  for (const match of matches(py, pattern, text)) {
    if (count >= most || !match.found) break;
    result +=
      text.slice(at, match.found.index) +
      (callback ? needText(py.call(replacement, [match])) : expand(needText(replacement), match));
    at = match.found.index + match.found[0].length;
    count++;
  }
  return { text: result + text.slice(at), count };
}

function split(py: Interpreter, pattern: Pattern, text: string, limit: PyValue): PyList {
  const most = countValue(py, limit) || Infinity;
  const parts: PyValue[] = [];
  let at = 0;
  let count = 0;
  for (const { found } of matches(py, pattern, text)) {
    if (!found || count++ >= most) break;
    parts.push(text.slice(at, found.index), ...found.slice(1).map((group) => orNone(group)));
    at = found.index + found[0].length;
  }
  parts.push(text.slice(at));
  return new PyList(parts);
}

/** Operations of a pattern on a text; each is a function of the module too. */
const operations: readonly (readonly [
  string,
  string,
  (py: Interpreter, pattern: Pattern, bound: PyValue[]) => PyValue,
])[] = [
  ['match', 'string', (_py, pattern, [text]) => execute(pattern, pattern.sticky, needText(text, 'expected string'), 0)],
  [
    'fullmatch',
    'string',
    (_py, pattern, [text]) => execute(pattern, pattern.whole, needText(text, 'expected string'), 0),
  ],
  [
    'search',
    'string',
    (_py, pattern, [text]) => execute(pattern, pattern.search, needText(text, 'expected string'), 0),
  ],
  [
    'findall',
    'string',
    (py, pattern, [text]) =>
      new PyList(
        [...matches(py, pattern, needText(text, 'expected string'))].map((match) => summary(needMatch(match))),
      ),
  ],
  [
    'finditer',
    'string',
    (py, pattern, [text]) => {
      const all = matches(py, pattern, needText(text, 'expected string'));
      return new PyIterator(() => {
        const step = all.next();
        return step.done ? undefined : step.value;
      });
    },
  ],
  [
    'sub',
    'repl, string, count=0',
    (py, pattern, [replacement, text, count]) =>
      substitute(py, pattern, replacement, needText(text, 'expected string'), count).text,
  ],
  [
    'subn',
    'repl, string, count=0',
    (py, pattern, [replacement, text, count]) => {
      const result = substitute(py, pattern, replacement, needText(text, 'expected string'), count);
      return new PyTuple([result.text, result.count]);
    },
  ],
  [
    'split',
    'string, maxsplit=0',
    (py, pattern, [text, limit]) => split(py, pattern, needText(text, 'expected string'), limit),
  ],
];

const patternType: PyClass = nativeClass({
  name: 'Pattern',
  module: 're',
  members: [
    ...operations.map(([name, signature, run]) =>
      method(`${name}(self, ${signature})`, (py, [self, ...bound]) => run(py, needPattern(self), bound)),
    ),
    getter('pattern', (_py, self) => needPattern(self).text),
    getter('flags', (_py, self) => needPattern(self).flags),
    getter('groups', (_py, self) => needPattern(self).groupCount),
    getter('groupindex', (_py, self) => {
      const dict = new PyDict();
      for (const [name, number] of needPattern(self).names) dict.map.set(name, number);
      return dict;
    }),
    method('__repr__(self, /)', (_py, [self]) => `re.compile(${reprText(needPattern(self).text)})`),
    method('__eq__(self, other, /)', (_py, [self, other]) =>
      other instanceof Pattern
        ? needPattern(self).text === other.text && needPattern(self).flags === other.flags
        : notImplemented,
    ),
    method('__hash__(self, /)', (py, [self]) => py.hash(needPattern(self).text)),
  ],
});

/** Start and end of a group, -1 where it took no part. */
function spanOf(self: PyValue, key: PyValue): readonly [number, number] {
  const { found, pattern } = needMatch(self);
  const number = groupNumber(pattern, key);
  return found.indices?.[number] ?? [-1, -1];
}

const matchType: PyClass = nativeClass({
  name: 'Match',
  module: 're',
  members: [
    method('group(self, /, *groups)', (py, [self, keys]) => {
      const { found, pattern } = needMatch(self);
      const wanted = py.collect(keys);
      const values = (wanted.length === 0 ? [0] : wanted).map((key) => orNone(found[groupNumber(pattern, key)]));
      return values.length === 1 ? values[0] : new PyTuple(values);
    }),
    method('__getitem__(self, key, /)', (_py, [self, key]) =>
      orNone(needMatch(self).found[groupNumber(needMatch(self).pattern, key)]),
    ),
    method(
      'groups(self, default=None)',
      (_py, [self, fallback]) =>
        new PyTuple(
          needMatch(self)
            .found.slice(1)
            .map((text) => orNone(text, fallback)),
        ),
    ),
    method('groupdict(self, default=None)', (_py, [self, fallback]) => {
      const { found, pattern } = needMatch(self);
      const dict = new PyDict();
      for (const [name, number] of pattern.names) dict.map.set(name, orNone(found[number], fallback));
      return dict;
    }),
    method('start(self, group=0, /)', (_py, [self, key]) => spanOf(self, key)[0]),
    method('end(self, group=0, /)', (_py, [self, key]) => spanOf(self, key)[1]),
    method('span(self, group=0, /)', (_py, [self, key]) => new PyTuple(spanOf(self, key))),
    method('expand(self, template, /)', (_py, [self, template]) =>
      self instanceof Match ? expand(needText(template), self) : null,
    ),
    getter('string', (_py, self) => needMatch(self).subject),
    getter('re', (_py, self) => needMatch(self).pattern),
    getter('lastgroup', (_py, self) => {
      const { found, pattern } = needMatch(self);
      return [...pattern.names].findLast(([, number]) => found[number] !== undefined)?.[0] ?? null;
    }),
    getter('lastindex', (_py, self) => {
      const last = needMatch(self).found.findLastIndex((text, index) => index > 0 && text !== undefined);
      return last > 0 ? last : null;
    }),
    method(
      '__repr__(self, /)',
      (_py, [self]) =>
        `<re.Match object; span=(${spanOf(self, 0).join(', ')}), match=${reprText(needMatch(self).found[0])}>`,
    ),
  ],
});

const letters = {
  A: 'ASCII',
  I: 'IGNORECASE',
  L: 'LOCALE',
  M: 'MULTILINE',
  S: 'DOTALL',
  X: 'VERBOSE',
  U: 'UNICODE',
} as const;

export const regularExpressions = nativeModule('re', (): Member[] => [
  ['error', regexErrorType],
  ['Pattern', patternType],
  ['Match', matchType],
  ...Object.entries(flagBits).map(([name, bit]): Member => [name, bit]),
  ...Object.entries(letters).map(([letter, name]): Member => [letter, flagBits[name]]),
  native('compile(pattern, flags=0)', (_py, [pattern, flags]) => compile(pattern, flags)),
  native('escape(pattern)', (_py, [pattern]) =>
    needText(pattern).replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, '\\$&'),
  ),
  native('purge()', () => null),
  ...operations.map(([name, signature, run]) => {
    const count = signature.split(',').length;
    return native(`${name}(pattern, ${signature}, flags=0)`, (py, [pattern, ...bound]) =>
      run(py, compile(pattern, bound[count]), bound),
    );
  }),
]);

/** Python's regular expressions as JavaScript's. */
import { exceptionType, nativeClass, PyException, Raised, type PyClass } from '../../eval/index.ts';

export const regexErrorType: PyClass = nativeClass({
  name: 'error',
  base: exceptionType('Exception'),
  module: 're',
  members: [],
});

export const regexError = (message: string): Raised => new Raised(new PyException(regexErrorType, [message]));

/** Flags of `re` by name. */
export const flagBits = {
  ASCII: 256,
  IGNORECASE: 2,
  LOCALE: 4,
  MULTILINE: 8,
  DOTALL: 16,
  VERBOSE: 64,
  UNICODE: 32,
} as const;

/** A translated pattern. */
export interface TranslatedRegex {
  readonly source: string;
  readonly flags: string;
  readonly groupCount: number;
  /** Group name → number. */
  readonly names: ReadonlyMap<string, number>;
}

const letterFlags: Readonly<Record<string, number>> = { a: 256, i: 2, L: 4, m: 8, s: 16, x: 64, u: 32 };

/** Escapes that mean something else in JavaScript. */
const escapes: Readonly<Record<string, string>> = { A: '^', Z: '$(?![\\s\\S])', a: '\\x07' };

class Translator {
  private at = 0;
  private output = '';
  private groups = 0;
  private readonly names = new Map<string, number>();
  private readonly pattern: string;
  flags: number;

  constructor(pattern: string, flags: number) {
    this.pattern = pattern;
    this.flags = flags;
  }

  run(): TranslatedRegex {
    while (this.at < this.pattern.length) this.step();
    const multiline = (this.flags & flagBits.MULTILINE) !== 0;
    const flags = `${this.flags & flagBits.IGNORECASE ? 'i' : ''}${multiline ? 'm' : ''}${this.flags & flagBits.DOTALL ? 's' : ''}u`;
    return { source: this.output, flags, groupCount: this.groups, names: this.names };
  }

  private step(): void {
    const char = this.pattern[this.at];
    if (char === '\\') this.escape(false);
    else if (char === '[') this.set();
    else if (char === '(') this.group();
    else if (char === '$' && !(this.flags & flagBits.MULTILINE)) this.emit('(?=\\n?$(?![\\s\\S]))', 1);
    else if (this.flags & flagBits.VERBOSE && /\s/.test(char)) this.at++;
    else if (this.flags & flagBits.VERBOSE && char === '#')
      this.at =
        (this.pattern.indexOf('\n', this.at) + this.pattern.length + 1) % (this.pattern.length + 1) ||
        this.pattern.length;
    else if (char === '{' && !/^\{\d*,?\d*\}/.test(this.pattern.slice(this.at))) this.emit('\\{', 1);
    else if (char === '{' && /^\{,\d+\}/.test(this.pattern.slice(this.at))) this.emit('{0', 1);
    else if (char === '}' && !/\{\d*,?\d*$/.test(this.output.slice(-12))) this.emit('\\}', 1);
    else if (char === ']') this.emit('\\]', 1);
    else if ('*+?}'.includes(char) && this.pattern[this.at + 1] === '+') this.emit(char, 2);
    else this.emit(char, 1);
  }

  private emit(text: string, consumed: number): void {
    this.output += text;
    this.at += consumed;
  }

  private escape(inSet: boolean): void {
    const char = this.pattern[this.at + 1];
    if (char === undefined) throw regexError('bad escape (end of pattern)');
    if (!inSet && Object.hasOwn(escapes, char))
      return this.emit(char === 'A' && this.flags & flagBits.MULTILINE ? '(?<![\\s\\S])' : escapes[char], 2);
    if (char === '0') return this.emit('\\x00', 2);
    if (char === 'U') return this.emit(`\\u{${this.pattern.slice(this.at + 2, this.at + 10)}}`, 10);
    if (inSet && char === 'b') return this.emit('\\b', 2);
    if (/[dDsSwWbBnrtfvxu1-9]/.test(char)) return this.emit(this.unicodeClass(char), 2);
    return this.emit(
      /[a-zA-Z]/.test(char)
        ? this.badEscape(char)
        : /[\^$\\.*+?()[\]{}|/-]/.test(char)
          ? char === '-' && !inSet
            ? '-'
            : `\\${char}`
          : char,
      2,
    );
  }

  private badEscape(char: string): never {
    throw regexError(`bad escape \\${char}`);
  }

  /** `\w` and `\d` of Python know all of Unicode. */
  private unicodeClass(char: string): string {
    if (this.flags & flagBits.ASCII) return `\\${char}`;
    if (char === 'd') return '\\p{Nd}';
    if (char === 'D') return '\\P{Nd}';
    return `\\${char}`;
  }

  private set(): void {
    this.emit('[', 1);
    if (this.pattern[this.at] === '^') this.emit('^', 1);
    if (this.pattern[this.at] === ']') this.emit('\\]', 1);
    while (this.pattern[this.at] !== ']') {
      if (this.at >= this.pattern.length) throw regexError('unterminated character set');
      if (this.pattern[this.at] === '\\') this.escape(true);
      else if (this.pattern[this.at] === '[') this.emit('\\[', 1);
      else this.emit(this.pattern[this.at], 1);
    }
    this.emit(']', 1);
  }

  private group(): void {
    const rest = this.pattern.slice(this.at);
    const named = /^\(\?P<(\w+)>/.exec(rest);
    const reference = /^\(\?P=(\w+)\)/.exec(rest);
    const inline = /^\(\?([aiLmsux]+)\)/.exec(rest);
    const comment = /^\(\?#[^)]*\)/.exec(rest);
    if (named) {
      this.names.set(named[1], ++this.groups);
      this.emit(`(?<${named[1]}>`, named[0].length);
    } else if (reference) this.emit(`\\k<${reference[1]}>`, reference[0].length);
    else if (inline) {
      for (const letter of inline[1]) this.flags |= letterFlags[letter] ?? 0;
      this.at += inline[0].length;
    } else if (comment) this.at += comment[0].length;
    else {
      if (!rest.startsWith('(?')) this.groups++;
      const atomic = rest.startsWith('(?>');
      this.emit(atomic ? '(?:' : '(', atomic ? 3 : 1);
    }
  }
}

/** Translates a pattern; what JavaScript refuses is a Python `re.error`. */
export function translateRegex(pattern: string, flags: number): TranslatedRegex & { readonly flagBits: number } {
  const translator = new Translator(pattern, flags);
  const translated = translator.run();
  return { ...translated, flagBits: translator.flags };
}

/** json: parsing and printing with CPython's layout and messages. */
import {
  classOf,
  exceptionType,
  formatFloatRepr,
  getter,
  intValue,
  native,
  nativeClass,
  nativeModule,
  needText,
  normalInt,
  PyBytes,
  PyClass,
  PyDict,
  PyException,
  PyFloat,
  PyList,
  PyTuple,
  Raised,
  realValue,
  tableEntries,
  textOf,
  typeError,
  valueError,
  type Interpreter,
  type Member,
  type PyValue,
} from '../../eval/index.ts';

const decodeErrorType: PyClass = nativeClass({
  name: 'JSONDecodeError',
  base: exceptionType('ValueError'),
  module: 'json.decoder',
  members: [getter('msg', (_py, self) => (self instanceof PyException ? (self.args.items[0] ?? '') : ''))],
});

class Parser {
  private at = 0;
  private readonly text: string;
  private readonly objectHook: (value: PyDict) => PyValue;

  constructor(text: string, objectHook: (value: PyDict) => PyValue) {
    this.text = text;
    this.objectHook = objectHook;
  }

  document(): PyValue {
    const value = this.value();
    this.space();
    if (this.at < this.text.length) this.fail('Extra data', this.at);
    return value;
  }

  private fail(message: string, at: number): never {
    const before = this.text.slice(0, at).split('\n');
    throw new Raised(
      new PyException(decodeErrorType, [
        `${message}: line ${before.length} column ${(before.at(-1) ?? '').length + 1} (char ${at})`,
      ]),
    );
  }

  private space(): void {
    while (' \t\n\r'.includes(this.text[this.at] || 'x')) this.at++;
  }

  private value(): PyValue {
    this.space();
    const char = this.text[this.at];
    if (char === '{') return this.object();
    if (char === '[') return this.array();
    if (char === '"') return this.string();
    return this.atom();
  }

  private atom(): PyValue {
    const constants: Readonly<Record<string, PyValue>> = {
      null: null,
      true: true,
      false: false,
      NaN: new PyFloat(NaN),
      Infinity: new PyFloat(Infinity),
      '-Infinity': new PyFloat(-Infinity),
    };
    for (const [word, value] of Object.entries(constants)) {
      if (!this.text.startsWith(word, this.at)) continue;
      this.at += word.length;
      return value;
    }
    const found = /^-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/.exec(this.text.slice(this.at, this.at + 400));
    if (!found) this.fail('Expecting value', this.at);
    this.at += found[0].length;
    return found[1] === undefined && found[2] === undefined
      ? normalInt(BigInt(found[0]))
      : new PyFloat(Number(found[0]));
  }

  private string(): string {
    const start = this.at++;
    let result = '';
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined) this.fail('Unterminated string starting at', start);
      if (char === '"') break;
      if (char < ' ') this.fail('Invalid control character at', this.at);
      result += char === '\\' ? this.escape() : char;
      this.at++;
    }
    this.at++;
    return result;
  }

  private escape(): string {
    const letter = this.text[++this.at];
    const simple: Readonly<Record<string, string>> = {
      '"': '"',
      '\\': '\\',
      '/': '/',
      b: '\b',
      f: '\f',
      n: '\n',
      r: '\r',
      t: '\t',
    };
    if (Object.hasOwn(simple, letter)) return simple[letter];
    const code = /^u([0-9a-fA-F]{4})/.exec(this.text.slice(this.at, this.at + 5));
    if (!code) this.fail('Invalid \\escape', this.at - 1);
    this.at += 4;
    return String.fromCharCode(Number.parseInt(code[1], 16));
  }

  private array(): PyValue {
    const items: PyValue[] = [];
    this.at++;
    this.space();
    if (this.text[this.at] === ']') this.at++;
    else {
      do items.push(this.value());
      while (this.separator(']'));
    }
    return new PyList(items);
  }

  private object(): PyValue {
    const dict = new PyDict();
    this.at++;
    this.space();
    if (this.text[this.at] === '}') this.at++;
    else {
      do {
        this.space();
        if (this.text[this.at] !== '"') this.fail('Expecting property name enclosed in double quotes', this.at);
        const key = this.string();
        this.space();
        if (this.text[this.at++] !== ':') this.fail("Expecting ':' delimiter", this.at - 1);
        dict.map.set(key, this.value());
      } while (this.separator('}'));
    }
    return this.objectHook(dict);
  }

  /** Steps over a comma (true) or the closing bracket (false). */
  private separator(close: string): boolean {
    this.space();
    const char = this.text[this.at];
    if (char !== ',' && char !== close) this.fail("Expecting ',' delimiter", this.at);
    this.at++;
    return char === ',';
  }
}

interface Layout {
  readonly indent: string | null;
  readonly itemSeparator: string;
  readonly keySeparator: string;
  readonly sortKeys: boolean;
  readonly asciiOnly: boolean;
  readonly fallback: PyValue;
}

function quote(text: string, asciiOnly: boolean): string {
  const json = JSON.stringify(text);
  return asciiOnly
    ? json.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : json;
}

function keyText(py: Interpreter, key: PyValue): string {
  const text = textOf(key);
  if (text !== undefined) return text;
  if (key === null) return 'null';
  if (typeof key === 'boolean') return String(key);
  if (realValue(key) === undefined)
    throw typeError(`keys must be str, int, float, bool or None, not ${classOf(key).name}`);
  return py.str(key);
}

function dumpNumber(value: PyFloat): string {
  if (Number.isFinite(value.value)) return formatFloatRepr(value.value);
  return Number.isNaN(value.value) ? 'NaN' : value.value > 0 ? 'Infinity' : '-Infinity';
}

function dump(py: Interpreter, value: PyValue, layout: Layout, depth: number): string {
  py.spend(1);
  if (depth > 900) throw valueError('Circular reference detected');
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  const text = textOf(value);
  if (text !== undefined) return quote(text, layout.asciiOnly);
  if (value instanceof PyFloat) return dumpNumber(value);
  const int = intValue(value);
  if (int !== undefined) return String(int);
  if (value instanceof PyList || value instanceof PyTuple)
    return wrap(
      '[',
      value.items.map((item) => dump(py, item, layout, depth + 1)),
      ']',
      layout,
      depth,
    );
  if (value instanceof PyDict) {
    const entries = [...tableEntries(value)].map(([key, item]) => [keyText(py, key), item] as const);
    if (layout.sortKeys) entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return wrap(
      '{',
      entries.map(
        ([key, item]) => quote(key, layout.asciiOnly) + layout.keySeparator + dump(py, item, layout, depth + 1),
      ),
      '}',
      layout,
      depth,
    );
  }
  if (layout.fallback === null) throw typeError(`Object of type ${classOf(value).name} is not JSON serializable`);
  return dump(py, py.call(layout.fallback, [value]), layout, depth + 1);
}

function wrap(open: string, parts: readonly string[], close: string, layout: Layout, depth: number): string {
  if (parts.length === 0) return open + close;
  if (layout.indent === null) return open + parts.join(layout.itemSeparator) + close;
  const inner = `\n${layout.indent.repeat(depth + 1)}`;
  return open + inner + parts.join(layout.itemSeparator.trimEnd() + inner) + `\n${layout.indent.repeat(depth)}` + close;
}

const options =
  'indent=None, separators=None, sort_keys=False, ensure_ascii=True, default=None, cls=None, skipkeys=False, allow_nan=True';

function layoutOf(py: Interpreter, [indent, separators, sortKeys, asciiOnly, fallback]: PyValue[]): Layout {
  const [item, key] =
    separators === null ? [indent === null ? ', ' : ',', ': '] : py.collect(separators).map((part) => needText(part));
  const spaces = intValue(indent);
  return {
    indent: indent === null ? null : spaces === undefined ? needText(indent) : ' '.repeat(Number(spaces)),
    itemSeparator: item,
    keySeparator: key,
    sortKeys: py.truth(sortKeys),
    asciiOnly: py.truth(asciiOnly),
    fallback,
  };
}

function load(py: Interpreter, source: PyValue, hook: PyValue): PyValue {
  const text = source instanceof PyBytes ? new TextDecoder().decode(source.data) : textOf(source);
  if (text === undefined)
    throw typeError(`the JSON object must be str, bytes or bytearray, not ${classOf(source).name}`);
  return new Parser(text, (dict) => (hook === null ? dict : py.call(hook, [dict]))).document();
}

export const json = nativeModule('json', (): Member[] => [
  ['JSONDecodeError', decodeErrorType],
  native(`dumps(obj, *, ${options})`, (py, [value, ...rest]) => dump(py, value, layoutOf(py, rest), 0)),
  native(`dump(obj, fp, *, ${options})`, (py, [value, file, ...rest]) =>
    py.callMethod(file, 'write', [dump(py, value, layoutOf(py, rest), 0)]),
  ),
  native('loads(s, *, object_hook=None, cls=None)', (py, [source, hook]) => load(py, source, hook)),
  native('load(fp, *, object_hook=None, cls=None)', (py, [file, hook]) => load(py, py.callMethod(file, 'read'), hook)),
]);

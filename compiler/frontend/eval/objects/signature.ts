/** Signatures of functions as data, and the text form in which native functions declare theirs. */
import { PyTuple } from './containers.ts';
import { PyFloat, type PyValue } from './object.ts';

export type ParameterKind =
  'positional-only' | 'positional-or-keyword' | 'var-positional' | 'keyword-only' | 'var-keyword';

/** One parameter. `default` is undefined where an argument must be given. */
export interface Parameter {
  readonly name: string;
  readonly kind: ParameterKind;
  readonly default?: PyValue;
}

/** A parameter list in source order; argument i is bound to slot i. */
export interface Signature {
  readonly parameters: readonly Parameter[];
  /** Parameters that take positional arguments; they come first. */
  readonly positional: number;
  readonly positionalOnly: number;
  /** Slot of `*args`, or -1. */
  readonly variadic: number;
  /** Slot of `**kwargs`, or -1. */
  readonly keywords: number;
  /** Slots that can be named in a call. */
  readonly byName: ReadonlyMap<string, number>;
}

/** Derives the lookup data of a parameter list. */
export function signatureOf(parameters: readonly Parameter[]): Signature {
  const count = (...kinds: readonly ParameterKind[]): number =>
    parameters.filter((parameter) => kinds.includes(parameter.kind)).length;
  const byName = new Map<string, number>();
  parameters.forEach(({ name, kind }, slot) => {
    if (kind === 'positional-or-keyword' || kind === 'keyword-only') byName.set(name, slot);
  });
  return {
    parameters,
    positional: count('positional-only', 'positional-or-keyword'),
    positionalOnly: count('positional-only'),
    variadic: parameters.findIndex((parameter) => parameter.kind === 'var-positional'),
    keywords: parameters.findIndex((parameter) => parameter.kind === 'var-keyword'),
    byName,
  };
}

/** Named values that a signature text may use as defaults (`dtype=float32`). */
export type DefaultNames = Readonly<Record<string, PyValue>>;

/** Splits at top-level commas. */
function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let part = '';
  for (const char of text) {
    if (quote) quote = char === quote ? '' : quote;
    else if (char === "'" || char === '"') quote = char;
    else if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    if (char === ',' && depth === 0 && !quote) {
      parts.push(part.trim());
      part = '';
    } else part += char;
  }
  if (part.trim()) parts.push(part.trim());
  return parts;
}

/** Reads a literal default: None, booleans, numbers, strings, tuples of them, or a name from `names`. */
function parseDefault(text: string, names: DefaultNames): PyValue {
  const constants: Readonly<Record<string, PyValue>> = { None: null, True: true, False: false };
  if (Object.hasOwn(constants, text)) return constants[text];
  if (Object.hasOwn(names, text)) return names[text];
  if (/^-?\d+$/.test(text)) return Number(text);
  if (/^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return new PyFloat(Number(text));
  if (/^-?inf$/.test(text)) return new PyFloat(text.startsWith('-') ? -Infinity : Infinity);
  const quoted = /^(['"])(.*)\1$/s.exec(text);
  if (quoted) return quoted[2].replaceAll('\\n', '\n').replaceAll('\\t', '\t');
  if (text.startsWith('(') && text.endsWith(')'))
    return new PyTuple(splitArguments(text.slice(1, -1)).map((item) => parseDefault(item, names)));
  throw new Error(`a native signature has the default ${text}, which is no literal and has no name`);
}

/** Parses `'x, /, axis=None, *, keepdims=False, **kwargs'`. */
export function parseSignature(text: string, names: DefaultNames = {}): Signature {
  const parts = splitArguments(text);
  const slash = parts.indexOf('/');
  const parameters: Parameter[] = [];
  let keywordOnly = false;
  for (const [index, part] of parts.entries()) {
    if (part === '/') continue;
    if (part === '*') keywordOnly = true;
    else if (part.startsWith('**')) parameters.push({ name: part.slice(2), kind: 'var-keyword' });
    else if (part.startsWith('*')) {
      parameters.push({ name: part.slice(1), kind: 'var-positional' });
      keywordOnly = true;
    } else {
      const kind = keywordOnly ? 'keyword-only' : index < slash ? 'positional-only' : 'positional-or-keyword';
      const equals = part.indexOf('=');
      const name = (equals < 0 ? part : part.slice(0, equals)).trim();
      parameters.push(
        equals < 0 ? { name, kind } : { name, kind, default: parseDefault(part.slice(equals + 1).trim(), names) },
      );
    }
  }
  return signatureOf(parameters);
}

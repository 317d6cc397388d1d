/**
 * The API as data: one row says which Python spellings mean one operation and how.
 *
 *     row('x, axes, keep_dims', reduceSum, `
 *       ops.reduce_sum(x, axis=()); ops.ReduceSum(keep_dims=False, skip_mode:_=False)(x, axis=()); Tensor.sum(axis|dim=None, …)
 *     `)
 *
 * Spellings are MindSpore 2.7's own signatures. Their parameters stand for the canonical ones of the row by position (of a
 * primitive: those of the call, then those of its constructor); `name:canonical` says another, `name:_` is accepted and
 * ignored, and `axis|dim` is one parameter under two names.
 */
import type { PyValue } from '../../eval/index.ts';
import type { TensorSession } from '../../trace/session.ts';

/** What a row does with its canonical arguments. */
export type Apply = (session: TensorSession, ...values: PyValue[]) => PyValue;

/** A function of the prelude that does it: `module.name` below `mindspore.ops.function`. */
export interface PreludeFunction {
  readonly prelude: string;
}

export interface ApiRow {
  readonly canonical: readonly string[];
  readonly apply: Apply | PreludeFunction;
  readonly spellings: readonly string[];
}

export type ApiModule = 'ops' | 'Tensor' | 'mnp' | 'mint' | 'functional';

/** One parameter as a spelling writes it. */
export interface SpellingParameter {
  /** As Python sees it: `axis=()`, `*shape`, `*`. */
  readonly text: string;
  readonly name: string;
  readonly alias: string | null;
  readonly defaultText: string | null;
  /** Index into the canonical parameters, or null when ignored. */
  readonly slot: number | null;
}

export interface Spelling {
  readonly row: ApiRow;
  readonly module: ApiModule;
  readonly name: string;
  /** Parameters of the constructor of a primitive; null for functions and methods. */
  readonly constructor_: readonly SpellingParameter[] | null;
  readonly parameters: readonly SpellingParameter[];
}

export function row(canonical: string, apply: Apply | PreludeFunction, spellings: string): ApiRow {
  const names = canonical.split(',').map((name) => name.trim());
  const texts = spellings.split(/[;\n]/).map((text) => text.trim());
  return { canonical: names, apply, spellings: texts.filter((text) => text !== '') };
}

export const prelude = (name: string): PreludeFunction => ({ prelude: name });

/** Splits a parameter list at its top-level commas. */
function splitParameters(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const char = text[at];
    if (char === '(' || char === '[') depth++;
    else if (char === ')' || char === ']') depth--;
    else if ((char === ',' && depth === 0) || at === text.length) {
      const part = text.slice(start, at).trim();
      if (part) parts.push(part);
      start = at + 1;
    }
  }
  return parts;
}

/** Reads parameters whose canonical slots start at `from`. */
function parseParameters(text: string, row_: ApiRow, from: number): readonly SpellingParameter[] {
  let position = from;
  return splitParameters(text).map((part): SpellingParameter => {
    if (part === '*' || part === '/') return { text: part, name: '', alias: null, defaultText: null, slot: null };
    const [, stars, name, alias, target, defaultText] =
      /^(\*{0,2})(\w+)(?:\|(\w+))?(?::(\w+))?(?:=(.*))?$/.exec(part) ?? [];
    if (name === undefined) throw new Error(`cannot read the parameter '${part}' of ${row_.spellings[0]}`);
    const slot = target === undefined ? position++ : target === '_' ? null : row_.canonical.indexOf(target);
    if (slot !== null && (slot < 0 || slot >= row_.canonical.length))
      throw new Error(`'${part}' of ${row_.spellings.join(', ')} stands for no canonical parameter`);
    return {
      text: `${stars}${name}${defaultText === undefined ? '' : `=${defaultText}`}`,
      name,
      alias: alias ?? null,
      defaultText: defaultText ?? null,
      slot,
    };
  });
}

/** The end of the parenthesis that opens at `open`. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  throw new Error(`unbalanced spelling ${text}`);
}

const MODULES: readonly string[] = ['ops', 'Tensor', 'mnp', 'mint', 'functional'] satisfies readonly ApiModule[];

export function parseSpelling(row_: ApiRow, text: string): Spelling {
  const dot = text.indexOf('.');
  const open = text.indexOf('(');
  const [module, name] = [text.slice(0, dot), text.slice(dot + 1, open)];
  if (!MODULES.includes(module)) throw new Error(`unknown module in the spelling ${text}`);
  const end = closing(text, open);
  const first = text.slice(open + 1, end);
  const isPrimitive = text[end + 1] === '(';
  const second = isPrimitive ? text.slice(end + 2, closing(text, end + 1)) : null;
  const from = module === 'Tensor' ? 1 : 0;
  const parameters = parseParameters(second ?? first, row_, from);
  const taken = parameters.filter((parameter) => parameter.slot !== null).length;
  return {
    row: row_,
    module: module as ApiModule, // checked against MODULES above
    name,
    constructor_: second === null ? null : parseParameters(first, row_, taken),
    parameters,
  };
}

/** The spellings of some rows, in order. */
export function spellingsOf(rows: readonly ApiRow[]): readonly Spelling[] {
  return rows.flatMap((item) => item.spellings.map((text) => parseSpelling(item, text)));
}

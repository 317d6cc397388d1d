/**
 * What a Python file says about its own check: comments `# msc: --entry 'Net()' --input x=1x3x224x224:f32`, with the
 * options of `msc check`. Only the editor reads them.
 */
import { parseInput } from '../../msc/options.ts';

export interface FileOptions {
  readonly entry: string | null;
  /** Null where the file says none. */
  readonly inputs: readonly string[] | null;
  readonly path: readonly string[];
  readonly allowRead: readonly string[];
  readonly target: string | null;
  readonly maxSteps: number | null;
  readonly problems: readonly OptionProblem[];
}

/** A mistake in a comment; offsets of its line's words. */
export interface OptionProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

const COMMENT = /^[ \t]*#[ \t]*msc:(.*)$/gm;

type Values = { -readonly [Name in keyof Omit<FileOptions, 'problems'>]: FileOptions[Name] };

/** What each option does with its value; a text says what is wrong with it. */
const OPTIONS: Readonly<Record<string, (values: Values, value: string) => string | null>> = {
  '--entry': (values, value) => {
    values.entry = value;
    return null;
  },
  '--input': (values, value) => {
    const parsed = parseInput(value);
    if (!parsed.ok) return parsed.error;
    values.inputs = [...(values.inputs ?? []), value];
    return null;
  },
  '--path': (values, value) => {
    values.path = [...values.path, value];
    return null;
  },
  '--allow-read': (values, value) => {
    values.allowRead = [...values.allowRead, value];
    return null;
  },
  '--target': (values, value) => {
    values.target = value;
    return null;
  },
  '--max-steps': (values, value) => {
    if (!/^\d+$/.test(value)) return `--max-steps ${value}: expected a number`;
    values.maxSteps = Number(value);
    return null;
  },
};

/** All comments of a file together. */
export function fileOptions(text: string): FileOptions {
  const values: Values = { entry: null, inputs: null, path: [], allowRead: [], target: null, maxSteps: null };
  const problems: OptionProblem[] = [];
  for (const { 0: line, 1: rest, index } of text.matchAll(COMMENT)) {
    const end = index + line.trimEnd().length;
    const start = end - rest.trim().length;
    for (const message of readWords(values, wordsIn(rest))) problems.push({ message, start, end });
  }
  return { ...values, problems };
}

function readWords(values: Values, words: readonly string[]): readonly string[] {
  const problems: string[] = [];
  for (let at = 0; at < words.length; at += 2) {
    const [name, joined] = splitOption(words[at]);
    if (joined !== null) at--;
    const value = joined ?? words[at + 1];
    const read = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : null;
    const problem =
      read === null
        ? `'${name}' is no option here; known: ${Object.keys(OPTIONS).join(', ')}`
        : value === undefined
          ? `${name} needs a value`
          : read(values, value);
    if (problem !== null) problems.push(problem);
  }
  return problems;
}

function splitOption(word: string): readonly [string, string | null] {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at < 0 ? [word, null] : [word.slice(0, at), word.slice(at + 1)];
}

/** Words as a shell splits them, without its expansions. */
function wordsIn(text: string): readonly string[] {
  return [...text.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+|['"]/g)].map(({ 0: word }) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ''),
  );
}

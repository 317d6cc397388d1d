/**
 * Where the rules of the compiler stand: file and line of each rule's name in the TypeScript sources, found by reading them.
 * A name stands in a call of one of the functions that declare rules, in a pattern written as an object, or as a row of a
 * table by operation. Reports of compilations show these places beside each rewrite.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A rule and its place. */
export interface RulePlace {
  /** As in the source: `constant-fold`, or with holes, `neutral ${value}`. */
  readonly name: string;
  /** Path from the repository's root. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Where the report's collector finds the places in a built compiler. */
export const RULE_PLACES = 'tools/inspect/rule-places.json';

const folders = ['compiler/passes', 'compiler/backend-ascend'];

/** `rule('…')`, and the helpers that make patterns; a name may be a template. */
const DECLARATION = /\b(?:rule|pattern|identityIf|integerConstant)\(\s*(['`])((?:(?!\1).)+)\1/g;
/** `{ name: '…', rewrite: … }`. */
const PATTERN_OBJECT = /\bname: '([^']+)',\s+rewrite:/g;

/**
 * Tables whose rows are the rules of operations: what stands before the operation's name in that of the rule, and the files in
 * the order in which they are asked, so that the first row counts.
 */
const tables = [
  {
    prefix: 'gradient of ',
    files: [/^compiler\/passes\/grad\/(?:rules\/[\w-]+|table|reverse)\.ts$/],
  },
  {
    prefix: 'kernels of ',
    files: ['steps', 'table', 'rowwise/arithmetic'].map(
      (name) => new RegExp(`^compiler/backend-ascend/lower/${name}\\.ts$`),
    ),
  },
] as const;

/** A row: `'ms.add': …`, `[FUSED]: …`, `[CONTROL.if]: …` or `['scf.if', …]`. */
const ROW = /^ {2}(?:'([a-z]+\.\w+)'|\[([A-Z_]+(?:\.\w+)?)\]|\['([a-z]+\.\w+)'.*\]),?:?/gm;

/** All rules of the sources below `root`, by file and line. */
export function scanRules(root: string): readonly RulePlace[] {
  const files = folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`),
    )
    .filter((path) => path.endsWith('.ts'))
    .sort();
  const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
  const constants = constantsOf([...texts.values()]);
  const declarations = [...texts].flatMap(([file, text]) => declared(file, text));
  return [...declarations, ...tables.flatMap(({ prefix, files: of }) => rowsOf(prefix, of, texts, constants))];
}

function declared(file: string, text: string): readonly RulePlace[] {
  const calls = [...text.matchAll(DECLARATION)].map((match) => ({ name: match[2], match }));
  const objects = [...text.matchAll(PATTERN_OBJECT)].map((match) => ({ name: match[1], match }));
  return [...calls, ...objects].map(({ name, match }) => ({
    name,
    file,
    line: lineAt(text, match.index + match[0].indexOf(name)),
  }));
}

/** The rows of tables, each operation once. */
function rowsOf(
  prefix: string,
  files: readonly RegExp[],
  texts: ReadonlyMap<string, string>,
  constants: ReadonlyMap<string, string>,
): readonly RulePlace[] {
  const found = new Map<string, RulePlace>();
  for (const pattern of files) {
    for (const [file, text] of texts) {
      if (!pattern.test(file)) continue;
      for (const match of text.matchAll(ROW)) {
        const op = match[1] ?? match[3] ?? constants.get(match[2]);
        const name = `${prefix}${op}`;
        if (op !== undefined && !found.has(name)) found.set(name, { name, file, line: lineAt(text, match.index) });
      }
    }
  }
  return [...found.values()];
}

/** Strings behind names: `export const FUSED = '…'`, and the members of `export const CONTROL = { if: '…' }`. */
function constantsOf(texts: readonly string[]): ReadonlyMap<string, string> {
  const constants = new Map<string, string>();
  for (const text of texts) {
    for (const [, name, value] of text.matchAll(/^export const ([A-Z_]+) = '([^']+)';/gm)) constants.set(name, value);
    for (const [, name, body] of text.matchAll(/^export const ([A-Z_]+) = \{([^}]*)\}/gm))
      for (const [, member, value] of body.matchAll(/(\w+): '([^']+)'/g)) constants.set(`${name}.${member}`, value);
  }
  return constants;
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** Writes the places of the rules of `sources` into the folder `built`, which mirrors it. */
export function writeRulePlaces(sources: string, built: string): void {
  const path = join(built, RULE_PLACES);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(scanRules(sources))}\n`);
}

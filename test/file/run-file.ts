/**
 * File tests. The first line of a file says the command, the rest up to the separator is its input, what follows is the
 * exact output:
 *
 *     // msc opt --canonicalize
 *     func.func @f() { return }
 *     // ---- output ----
 *     module { … }
 *
 * With `--verify-diagnostics` the input says its errors (`// expected-error@+1 {{…}}`). What the command says on
 * stderr (dumps, reports) follows a second separator when there is any.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Diagnostic } from '../../compiler/ir/index.ts';
import { lineColumn } from '../../compiler/ir/index.ts';
import { parseOptArguments } from '../../tools/msc/opt-options.ts';
import { runOpt } from '../../tools/msc/opt.ts';
import { passes } from '../../tools/msc/pipeline-registry.ts';

const OUTPUT = '// ---- output ----\n';
const LOG = '// ---- log ----\n';
const COMMAND = /^\/\/ msc opt\b(.*)$/m;

/** What a file expects and what its command gives, as whole file texts. */
export interface FileTest {
  readonly expected: string;
  readonly actual: string;
}

export function runFile(path: string, name: string): FileTest {
  const expected = readFileSync(path, 'utf8');
  const input = expected.split(OUTPUT)[0].split(LOG)[0];
  const command = COMMAND.exec(input.split('\n')[0]);
  if (!command) throw new Error(`${name}: the first line must be '// msc opt …'`);
  return { expected, actual: input + sections(input, name, splitArguments(command[1])) };
}

export function bless(path: string, { actual }: FileTest): void {
  writeFileSync(path, actual);
}

function sections(text: string, name: string, args: readonly string[]): string {
  const parsed = parseOptArguments(args, passes);
  if (!parsed.ok) throw new Error(`${name}: ${parsed.error}`);
  const result = runOpt({ name, text }, parsed.options, passes, () => 0);
  const log = result.log + result.diagnostics.map(renderLine).join('');
  return (result.output === '' ? '' : OUTPUT + result.output) + (log === '' ? '' : LOG + log);
}

/** A diagnostic in one line: place, code, message. */
function renderLine({ span, code, message }: Diagnostic): string {
  const place = span ? lineColumn(span.file, span.start) : null;
  return `// ${place ? `${place.line}:${place.column}: ` : ''}${code}: ${message}\n`;
}

/** Words of a command line; single quotes keep a word together. */
function splitArguments(text: string): readonly string[] {
  return [...text.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ''));
}

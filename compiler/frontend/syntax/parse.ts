/** The way in: Python text to a syntax tree. */
import { diagnose, type Diagnostic, type SourceFile } from '../../ir/index.ts';
import type { Module, Stmt } from './ast.ts';
import { syntaxDiagnostics } from './diagnostics.ts';
import { parseTokens } from './grammar/python-parser.ts';
import { tokenize } from './lexer/tokenizer.ts';
import { isDeeperThan } from './walk.ts';

/** A parsed file. When there is a diagnostic, `module` lacks the statements that are wrong and must not be run. */
export interface ParsedFile {
  readonly file: SourceFile;
  readonly module: Module;
  readonly diagnostics: readonly Diagnostic[];
}

/** How deep a tree may be: what walks it recurses. CPython's own limit is 2993. */
export const DEEPEST_TREE = 1000;

/** After so many errors the rest is not reported. */
const MOST_ERRORS = 20;

/** Parses a Python file. Never throws; several errors are found in one run. */
export function parsePython(text: string, fileName: string): ParsedFile {
  const file: SourceFile = { name: fileName, text };
  const { tokens, diagnostics, longestLine } = tokenize(file);
  const body = parseBounded(file, () => parseTokens(file, tokens, diagnostics), diagnostics);
  const bounded = boundedStatements(file, body, longestLine, diagnostics);
  const module: Module = { kind: 'Module', start: 0, end: text.length, body: bounded };
  return { file, module, diagnostics: firstOf(diagnostics) };
}

/** The diagnostics in the order of the text, and not too many of them. */
function firstOf(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const sorted = diagnostics.toSorted((left, right) => (left.span?.start ?? 0) - (right.span?.start ?? 0));
  if (sorted.length <= MOST_ERRORS) return sorted;
  const { span } = sorted[MOST_ERRORS];
  return [...sorted.slice(0, MOST_ERRORS), diagnose(syntaxDiagnostics.tooManyErrors, span, [MOST_ERRORS])];
}

/** Text that exhausts the stack although every limit holds (lambdas in lambdas, say) is nested too deeply, too. */
function parseBounded(file: SourceFile, parse: () => Stmt[], diagnostics: Diagnostic[]): Stmt[] {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    diagnostics.push(tooDeep(file, 0, file.text.length));
    return [];
  }
}

function tooDeep(file: SourceFile, start: number, end: number): Diagnostic {
  return diagnose(syntaxDiagnostics.tooDeep, { file, start, end }, [
    'an expression is nested too deeply',
    DEEPEST_TREE,
  ]);
}

/** Drops statements whose trees are too deep. Only a line of many tokens can have one, and such lines are rare. */
function boundedStatements(file: SourceFile, body: Stmt[], longestLine: number, diagnostics: Diagnostic[]): Stmt[] {
  if (longestLine <= DEEPEST_TREE) return body;
  return body.filter((statement) => {
    if (!isDeeperThan(statement, DEEPEST_TREE)) return true;
    diagnostics.push(tooDeep(file, statement.start, statement.end));
    return false;
  });
}

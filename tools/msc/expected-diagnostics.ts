/**
 * `--verify-diagnostics`: comments in the input say which diagnostics must appear, in MLIR's syntax:
 * `// expected-error@+1 {{part of the message}}`; `@above`, `@below` and `@unknown` work too.
 */
import type { Diagnostic, SourceFile } from '../../compiler/ir/index.ts';
import { lineColumn } from '../../compiler/ir/index.ts';

const EXPECTATION = /expected-(error|warning|note|remark)(-re)? *(?:@([+-]\d+|above|below|unknown))? *\{\{(.*?)\}\}/g;

interface Expectation {
  readonly kind: string;
  /** Line of the diagnostic; null when it has no place. */
  readonly line: number | null;
  readonly matches: (message: string) => boolean;
  readonly text: string;
}

/** What differs between the diagnostics found and those that the text expects; empty when they agree. */
export function compareDiagnostics(file: SourceFile, found: readonly Diagnostic[]): readonly string[] {
  const remaining = expectationsIn(file.text);
  const problems: string[] = [];
  for (const diagnostic of found) {
    const line = diagnostic.span ? lineColumn(diagnostic.span.file, diagnostic.span.start).line : null;
    const index = remaining.findIndex(
      (one) => one.kind === diagnostic.severity && one.line === line && one.matches(diagnostic.message),
    );
    if (index < 0)
      problems.push(`${file.name}:${line ?? '?'}: unexpected ${diagnostic.severity}: ${diagnostic.message}`);
    else remaining.splice(index, 1);
  }
  for (const { kind, line, text } of remaining) {
    problems.push(`${file.name}:${line ?? '?'}: expected ${kind} "${text}" was not produced`);
  }
  return problems;
}

/** Whether a comment of the file announces this diagnostic. */
export function isExpected(file: SourceFile, { severity, span, message }: Diagnostic): boolean {
  const line = span ? lineColumn(span.file, span.start).line : null;
  return expectationsIn(file.text).some((one) => one.kind === severity && one.line === line && one.matches(message));
}

function expectationsIn(text: string): Expectation[] {
  const expectations: Expectation[] = [];
  text.split('\n').forEach((lineText, index) => {
    for (const [, kind, isPattern, place, message] of lineText.matchAll(EXPECTATION)) {
      const matches = isPattern ? patternTest(message) : (found: string) => found.includes(message);
      expectations.push({ kind, line: lineOf(place, index + 1), matches, text: message });
    }
  });
  return expectations;
}

/** MLIR's `-re` form: regular expressions inside `{{ }}` blocks of an otherwise literal text. */
function patternTest(message: string): (found: string) => boolean {
  try {
    const pattern = new RegExp(message, 'u');
    return (found) => pattern.test(found);
  } catch {
    return () => false;
  }
}

function lineOf(place: string | undefined, line: number): number | null {
  if (place === 'unknown') return null;
  if (place === 'above') return line - 1;
  if (place === 'below') return line + 1;
  return line + Number(place ?? 0);
}

/**
 * Remarks of passes as text, for `--pass-remarks=REGEX` (what was done), `--pass-remarks-missed=REGEX` and
 * `--pass-remarks-analysis=REGEX`. The flags are LLVM's; the expression matches names of passes, none means all of them.
 */
import type { Location } from '../../compiler/ir/index.ts';
import { userPosition } from '../../compiler/ir/index.ts';
import type { Instrumentation } from '../../compiler/passes/pass/index.ts';
import type { Remark, RemarkKind } from '../../compiler/passes/rewrite/index.ts';

/** Passes whose remarks of each kind are shown; null shows none. */
export type RemarkSelection = Readonly<Record<RemarkKind, RegExp | null>>;

export const NO_REMARKS: RemarkSelection = { passed: null, missed: null, analysis: null };

const KIND: Readonly<Record<RemarkKind, string>> = { passed: 'Passed', missed: 'Missed', analysis: 'Analysis' };

/** Whether a text is a regular expression. */
export function isExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

/** Writes the selected remarks; none when nothing is selected, so that passes make none. */
export function remarkInstrumentation(
  { passed, missed, analysis }: RemarkSelection,
  write: (line: string) => void,
): readonly Instrumentation[] {
  const selected = { passed, missed, analysis };
  const say = (pass: string, remark: Remark): void => {
    if (selected[remark.kind]?.test(pass)) write(remarkText(pass, remark));
  };
  const instrumentation: Instrumentation[] = [];
  if (missed ?? analysis ?? passed) instrumentation.push({ remark: ({ name }, remark) => say(name, remark) });
  if (passed)
    instrumentation.push({
      rewritten: ({ name }, { rule, op, made, values }) => {
        const reason = madeText(
          made.map((inner) => inner.name),
          values.length,
        );
        say(name, { kind: 'passed', rule, reason, op: op.name, location: op.location });
      },
    });
  return instrumentation;
}

/** `net.py:3:5: remark: [Missed] inline: call as the body of its function | func.call | @f calls itself`. */
function remarkText(pass: string, { kind, rule, reason, op, location }: Remark): string {
  const subject = op === '' ? '' : ` | ${op}`;
  return `${positionText(location)}remark: [${KIND[kind]}] ${pass}: ${rule}${subject} | ${reason}\n`;
}

function positionText(location: Location): string {
  const position = userPosition(location);
  return position === null ? '' : `${position.file}:${position.line}:${position.column}: `;
}

/** What became of an operation, by the names of those that were made for it. */
function madeText(names: readonly string[], values: number): string {
  if (names.length === 0) return values === 0 ? 'removed' : 'replaced by values that were there';
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return `became ${[...counts].map(([name, count]) => (count === 1 ? name : `${count} ${name}`)).join(', ')}`;
}

/** What the exit code of the process means, and which one a set of diagnostics gives. */
import type { Diagnostic, ExitClass } from '../../compiler/ir/support/index.ts';

export const exitCodes = {
  ok: 0,
  userError: 1,
  usage: 2,
  unsupported: 3,
  doesNotFit: 4,
  wrongResult: 5,
  internal: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const CODE_OF: Readonly<Record<ExitClass, ExitCode>> = {
  'user-error': exitCodes.userError,
  unsupported: exitCodes.unsupported,
  'does-not-fit': exitCodes.doesNotFit,
  'wrong-result': exitCodes.wrongResult,
};

/** The lowest code of all errors: what the user must mend first. Warnings and notes do not count. */
export function exitCodeOf(diagnostics: readonly Diagnostic[]): ExitCode {
  const codes = diagnostics.filter(({ severity }) => severity === 'error').map(({ exitClass }) => CODE_OF[exitClass]);
  return codes.length === 0 ? exitCodes.ok : codes.reduce((lowest, code) => (code < lowest ? code : lowest));
}

export const hasErrors = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some(({ severity }) => severity === 'error');

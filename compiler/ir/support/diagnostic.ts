/**
 * Diagnostics: everything msc says to a user about the user's input.
 *
 * A room declares its messages once as a catalog (`defineDiagnostics`); a message with parameters is a typed
 * function, so that a missing parameter does not compile. A throw is a bug in msc; a diagnostic is for the user.
 * Design after the TypeSpec compiler's diagnostic catalog and rustc's rendering.
 */
import type { Span } from './source.ts';

export type Severity = 'error' | 'warning' | 'note';

/** Exit codes of design: what a diagnostic means for the process. */
export type ExitClass = 'user-error' | 'unsupported' | 'does-not-fit' | 'wrong-result';

/** A second place that helps to understand the first one. */
export interface RelatedSpan {
  readonly span: Span;
  readonly message: string;
}

export interface Diagnostic {
  /** `MSC` and four digits; the first two say the room. */
  readonly code: string;
  readonly severity: Severity;
  readonly exitClass: ExitClass;
  readonly message: string;
  readonly span: Span | null;
  readonly related: readonly RelatedSpan[];
  readonly help: string | null;
  readonly notes: readonly string[];
}

/** One row of a catalog: how a code is worded, and a wrong and a right program for `msc explain`. */
export interface DiagnosticDefinition<Parameters extends readonly unknown[] = readonly never[]> {
  readonly code: string;
  readonly severity: Severity;
  readonly exitClass: ExitClass;
  readonly title: string;
  readonly message: (...parameters: Parameters) => string;
  readonly help: ((...parameters: Parameters) => string) | null;
  /** What `msc explain` shows: prose, and programs that trigger and avoid the diagnostic. */
  readonly explanation: string;
  readonly wrong: string | null;
  readonly right: string | null;
}

/** A catalog row of the usual kind: an error in the user's input. */
export function userError<const Parameters extends readonly string[]>(
  code: string,
  title: string,
  message: (...parameters: Parameters) => string,
  explanation: string,
  wrong: string | null,
  right: string | null,
  help: ((...parameters: Parameters) => string) | null = null,
): DiagnosticDefinition<Parameters> {
  return { code, severity: 'error', exitClass: 'user-error', title, message, help, explanation, wrong, right };
}

/** Makes a diagnostic from its catalog row. */
export function diagnose<Parameters extends readonly unknown[]>(
  definition: DiagnosticDefinition<Parameters>,
  span: Span | null,
  parameters: Parameters,
  more: { readonly related?: readonly RelatedSpan[]; readonly notes?: readonly string[]; readonly help?: string } = {},
): Diagnostic {
  return {
    code: definition.code,
    severity: definition.severity,
    exitClass: definition.exitClass,
    message: definition.message(...parameters),
    span,
    related: more.related ?? [],
    help: more.help ?? definition.help?.(...parameters) ?? null,
    notes: more.notes ?? [],
  };
}

/** A value, or the reason why there is none. */
export type Result<Value, Failure = string> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: Failure };

export function ok<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function failure<Failure>(error: Failure): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error };
}

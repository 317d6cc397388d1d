/** Our diagnostics in the protocol's form. */
import type { Diagnostic as ProtocolDiagnostic, DiagnosticRelatedInformation } from 'vscode-languageserver';
import type { Diagnostic, Severity, Span } from '../../compiler/ir/index.ts';
import { rangeOfSpan, START_RANGE } from './positions.ts';

/** The protocol's numbers. */
export const severities = { error: 1, warning: 2, information: 3, hint: 4 } as const;

const SEVERITY_OF: Readonly<Record<Severity, ProtocolDiagnostic['severity']>> = {
  error: severities.error,
  warning: severities.warning,
  note: severities.information,
};

/** The address of a file by the name that spans use; null where there is none. */
export type AddressOf = (fileName: string) => string | null;

/** The message with its notes and help below it. */
const messageOf = ({ message, notes, help }: Diagnostic): string =>
  [message, ...notes.map((note) => `note: ${note}`), ...(help === null ? [] : [`help: ${help}`])].join('\n');

/** Where it has no place of its own it stands at the start of the file. */
export function protocolDiagnostic(diagnostic: Diagnostic, addressOf: AddressOf): ProtocolDiagnostic {
  const { code, severity, span, related } = diagnostic;
  const information = related.flatMap((entry) => relatedInformation(entry.span, entry.message, addressOf));
  return {
    range: span === null ? START_RANGE : rangeOfSpan(span),
    severity: SEVERITY_OF[severity],
    code,
    source: 'msc',
    message: messageOf(diagnostic),
    ...(information.length > 0 ? { relatedInformation: information } : {}),
  };
}

function relatedInformation(
  span: Span,
  message: string,
  addressOf: AddressOf,
): readonly DiagnosticRelatedInformation[] {
  const uri = addressOf(span.file.name);
  return uri === null ? [] : [{ location: { uri, range: rangeOfSpan(span) }, message }];
}

/** A remark of the server itself, which no code of the catalog stands for. */
export const remark = (
  message: string,
  range: ProtocolDiagnostic['range'] = START_RANGE,
  severity: ProtocolDiagnostic['severity'] = severities.hint,
): ProtocolDiagnostic => ({ range, severity, source: 'msc', message });

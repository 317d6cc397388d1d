/** Diagnostics of the compiler as a report shows them. */
import { type Diagnostic, fileLocation, lineColumn, type Location } from '../../../compiler/ir/index.ts';
import { NOWHERE, type ReportDiagnostic } from '../report/index.ts';
import type { PlaceTable } from './places.ts';

/** Notes of rooms that know no source text: `at` and a location. */
const AT = /^at (.+)$/s;

/** Each with its place: that of its span, else the one that a note tells, else nowhere. */
export const reportDiagnostics = (
  diagnostics: readonly Diagnostic[],
  places: PlaceTable,
): readonly ReportDiagnostic[] => diagnostics.map((diagnostic) => reported(diagnostic, places));

function reported(diagnostic: Diagnostic, places: PlaceTable): ReportDiagnostic {
  const { severity, code, message, help, span, notes } = diagnostic;
  const told = notes.map((note) => placeOfNote(note, places));
  const place = span === null ? told.find((number) => number !== NOWHERE) : places.number(start(span));
  return {
    severity,
    code,
    message: [message, ...notes.filter((_, index) => told[index] === NOWHERE)].join('\n'),
    help,
    place: place ?? NOWHERE,
  };
}

const placeOfNote = (note: string, places: PlaceTable): number => {
  const [, text] = AT.exec(note) ?? [];
  return text === undefined ? NOWHERE : places.numberOfText(text);
};

function start({ file, start: offset }: NonNullable<Diagnostic['span']>): Location {
  const { line, column } = lineColumn(file, offset);
  return fileLocation(file.name, line, column);
}

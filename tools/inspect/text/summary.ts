/** What a report is about, its figures and diagnostics, for a terminal. */
import type { Place, ReportDiagnostic, ReportHead } from '../report/index.ts';
import { clipped, colorsOf, printable, type TextOptions } from './style.ts';

export function summaryText(head: ReportHead, options: TextOptions): string {
  const { bold, dim } = colorsOf(options);
  const { file, entry, inputs, target, cluster } = head.subject;
  const subject = [file, entry, ...inputs, cluster ?? target].flatMap((part) =>
    part === null ? [] : [printable(part)],
  );
  const widest = Math.max(0, ...head.facts.map(({ name }) => name.length));
  return [
    `${bold(clipped(subject.join('  '), options.width - 12))}  ${dim(`msc ${head.version}`)}`,
    ...head.facts.map(
      ({ name, value }) =>
        `  ${dim(name.padEnd(widest))}  ${clipped(printable(value), Math.max(20, options.width - widest - 4))}`,
    ),
    ...head.diagnostics.flatMap((diagnostic) => diagnosticLines(diagnostic, head, options)),
  ].join('\n');
}

function diagnosticLines(
  { severity, code, message, help, place }: ReportDiagnostic,
  head: ReportHead,
  options: TextOptions,
): readonly string[] {
  const { bold, red, yellow, cyan } = colorsOf(options);
  const paint = { error: red, warning: yellow, note: cyan }[severity];
  const [title = '', ...notes] = message.split('\n').map(printable);
  const position = positionText(head.places[place], head);
  return [
    '',
    `${paint(bold(`${severity}[${code}]`))}: ${title}`,
    ...(position === '' ? [] : [`  --> ${position}`]),
    ...notes.map((note) => `  = note: ${note}`),
    ...(help === null ? [] : help.split('\n').map((line) => `${cyan('help')}: ${printable(line)}`)),
  ];
}

/** `net.py:12:9` of a place's main line, empty where there is none. */
export function positionText(place: Place | undefined, { sources }: ReportHead): string {
  const at = place?.positions.find(({ file }) => file >= 0);
  const source = at && sources[at.file];
  return at === undefined || source === undefined ? '' : printable(`${source.name}:${at.line}:${at.column}`);
}

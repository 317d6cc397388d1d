/** The plan section for a terminal. */
import {
  formatAmount,
  formatBytes,
  formatCount,
  formatPercent,
  formatSeconds,
  type CollectiveRow,
  type PlanSection,
  type ReportHead,
  type TensorRow,
} from '../report/index.ts';
import { cellOf, lineOf } from '../export/places.ts';
import { colorsOf, printable, table, type TextCell, type TextColumn, type TextOptions } from './style.ts';

/** Rows of a table at most. */
const LISTED = 40;

export const cell = (text: string | number): TextCell => ({ text: printable(String(text)) });
export const left = (title: string): TextColumn => ({ title, align: 'left' });
export const right = (title: string): TextColumn => ({ title, align: 'right' });

/** Rows up to a limit, each with a line of prose below it. */
export function listedWithReasons<Row>(
  columns: readonly TextColumn[],
  rows: readonly Row[],
  cells: (row: Row) => readonly (string | number)[],
  reason: (row: Row) => string,
  options: TextOptions,
): readonly string[] {
  const { dim } = colorsOf(options);
  const [title = '', ...lines] = listed(columns, rows, cells, options);
  return [
    title,
    ...lines.flatMap((line, at) => {
      const row = rows[at];
      return row === undefined || at >= LISTED ? [line] : [line, `    ${dim(printable(reason(row)))}`];
    }),
  ];
}

/** Rows up to a limit, and how many are left out. */
export function listed<Row>(
  columns: readonly TextColumn[],
  rows: readonly Row[],
  cells: (row: Row) => readonly (string | number)[],
  options: TextOptions,
): readonly string[] {
  const lines = table(
    columns,
    rows.slice(0, LISTED).map((row) => cells(row).map(cell)),
    options,
  );
  return rows.length > LISTED ? [...lines, `and ${formatCount(rows.length - LISTED)} more`] : lines;
}

export function planText(section: PlanSection, head: ReportHead, options: TextOptions): string {
  const { best, question, proof, notCarried, carried } = section;
  const { bold } = colorsOf(options);
  const title = (text: string): readonly string[] => ['', bold(text)];
  return [
    `${printable(question.network)}: ${formatAmount(question.parameters)} parameters, batch ${formatCount(question.globalBatch)} on ${question.cluster} (${formatCount(question.devices)} devices)`,
    `${best.text}: ${formatSeconds(best.seconds)} a step, ${formatBytes(best.bytes)} of ${formatBytes(question.memoryLimit)}`,
    ...title('where the step goes'),
    ...termTable(section, options),
    ...title('mesh'),
    ...listed(
      [left('axis'), right('size'), right('stride'), left('meaning'), left('networks')],
      section.mesh,
      ({ name, size, stride, meaning, spans }) => [name, size, stride, meaning, spans],
      options,
    ),
    ...title('stages'),
    ...stageTable(section, options),
    `bubbles ${formatPercent(section.pipeline.bubbleShare)} if stages were equal`,
    ...title('collectives'),
    ...collectiveTable(section.collectives, head, options),
    ...title('layouts'),
    ...tensorTable(section.tensors, head, options),
    ...title('plans that lost'),
    ...listedWithReasons(
      [right('step'), right('memory'), left('plan')],
      section.lost,
      ({ text, seconds, bytes }) => [formatSeconds(seconds), formatBytes(bytes), text],
      ({ reason }) => reason,
      options,
    ),
    '',
    ...proof,
    ...(carried === null
      ? [notCarried]
      : [...title('carried out on the traced network'), ...collectiveTable(carried.collectives, head, options)]),
  ].join('\n');
}

const termTable = ({ terms, best }: PlanSection, options: TextOptions): readonly string[] =>
  listed(
    [right('seconds'), right('share'), left('term')],
    terms
      .map((name, at) => ({ name, seconds: best.terms[at] ?? 0 }))
      .filter(({ seconds }) => seconds > 0)
      .toSorted((one, other) => other.seconds - one.seconds),
    ({ name, seconds }) => [formatSeconds(seconds), formatPercent(seconds / best.seconds), name],
    options,
  );

const stageTable = ({ stages, blocks, memoryTerms }: PlanSection, options: TextOptions): readonly string[] =>
  listed(
    [left('stages'), right('forward'), right('backward'), right('memory'), ...memoryTerms.map(right), left('holds')],
    stages,
    ({ first, last, forward, backward, bytes, memory, blocks: runs }) => [
      first === last ? first : `${first}-${last}`,
      ...[formatSeconds(forward), formatSeconds(backward), formatBytes(bytes), ...memory.map(formatBytes)],
      runs.map(({ block, count }) => `${count > 1 ? `${count} x ` : ''}${blocks[block]?.name}`).join(', '),
    ],
    options,
  );

/** Collectives, those first for which a step waits longest. */
export const collectiveTable = (
  rows: readonly CollectiveRow[],
  head: ReportHead,
  options: TextOptions,
): readonly string[] =>
  rows.length === 0
    ? ['none']
    : listedWithReasons(
        [
          ...[left('operation'), left('axis'), left('when'), right('among'), right('bytes'), right('each')],
          ...[right('times'), right('of the step'), left('line'), left('algorithm')],
        ],
        rows.toSorted((one, other) => other.stepSeconds - one.stepSeconds),
        (row) => [
          ...[row.operation, row.axis, row.sweep, row.devices, formatBytes(row.bytes), formatSeconds(row.seconds)],
          ...[formatCount(Math.round(row.count)), row.stepSeconds === 0 ? '' : formatSeconds(row.stepSeconds)],
          ...[lineOf(head, row.place), row.algorithm],
        ],
        ({ reason }) => reason,
        options,
      );

export const tensorTable = (rows: readonly TensorRow[], head: ReportHead, options: TextOptions): readonly string[] =>
  listed(
    [left('tensor'), right('equal'), left('type'), left('layout'), right('on a device'), left('line'), left('cell')],
    rows,
    ({ name, count, type, layout, bytes, place }) => [
      ...[name, count === 1 ? '' : `x ${count}`, type, `[${layout.map((axes) => axes || '.').join(', ')}]`],
      ...[formatBytes(bytes), lineOf(head, place), cellOf(head, place)],
    ],
    options,
  );

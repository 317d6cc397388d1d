/**
 * Tables of a report as CSV (RFC 4180: CRLF, quotes doubled), one file each. Spreadsheets take a text that begins with = + - or @
 * for a formula, and names in a report come from files that may be anybody's; so a text cell that begins like a formula gets a
 * leading apostrophe, as OWASP advises. Numbers are written as they are.
 */
import { sectionNames, type Report, type Table } from '../report/index.ts';
import { costTables } from './cost-tables.ts';
import type { ExportFile, ExportKind } from './export.ts';
import { kernelTables } from './kernel-tables.ts';
import { memoryTables } from './memory-tables.ts';
import { planTables } from './plan-tables.ts';
import { rankTables } from './rank-tables.ts';

export const csvExport: ExportKind = {
  name: 'csv',
  title: 'Tables (CSV)',
  mediaType: 'text/csv',
  needs: [],
  uses: sectionNames,
  make: (report, base) => csvFiles(report).map(({ name, text }) => ({ name: `${base}.${name}`, text })),
};

/** One file for each table that has rows. */
export const csvFiles = (report: Report): readonly ExportFile[] =>
  reportTables(report).flatMap((table) =>
    table.rows.length === 0 ? [] : [{ name: `${table.name}.csv`, text: csvText(table) }],
  );

export function reportTables({ head, sections }: Report): readonly Table[] {
  const { costs, kernels, memory, plan, ranks } = sections;
  return [
    ...(costs === undefined ? [] : costTables(costs, head)),
    ...(kernels === undefined ? [] : kernelTables(kernels, head)),
    ...(memory === undefined ? [] : memoryTables(memory, head)),
    ...(plan === undefined ? [] : planTables(plan, head)),
    ...(ranks === undefined ? [] : rankTables(ranks, head)),
  ];
}

export const csvText = ({ columns, rows }: Table): string =>
  [columns, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('');

const FORMULA = /^[=+\-@\t\r]/;
const SPECIAL = /[",\r\n]/;

function cellText(cell: string | number): string {
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

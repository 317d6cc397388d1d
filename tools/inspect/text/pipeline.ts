/** The pipeline section in a terminal: passes, the rules that were used most, and what nearly applied and why not. */
import type { PassRow, PipelineSection, ReportHead } from '../report/index.ts';
import { formatBytes, formatCount, isChanged, rewriteCount, withParts } from '../report/index.ts';
import { clipped, colorsOf, printable, table, type TextCell, type TextOptions } from './style.ts';

/** Rules and reasons that are listed. */
const MOST_RULES = 15;
const MOST_REASONS = 20;

export function pipelineText(section: PipelineSection, head: ReportHead, options: TextOptions): string {
  const parts = [passLines(section, options), ruleLines(section, options), missedLines(section, head, options)];
  const omitted = section.omitted.map((text) => `left out: ${printable(text)}`);
  return [...parts, omitted].flatMap((lines) => (lines.length === 0 ? [] : [lines.join('\n')])).join('\n\n');
}

const cell = (text: string): TextCell => ({ text: printable(text) });
const count = (amount: number): TextCell => cell(amount === 0 ? '' : formatCount(amount));

/** Passes that did something, and how many did not. */
function passLines(section: PipelineSection, options: TextOptions): readonly string[] {
  const isShown = (row: PassRow, number: number): boolean =>
    row.before === null || isChanged(row) || withParts(section, number).some(hasEvents);
  const shown = section.passes
    .map((row, number) => ({ row, number }))
    .filter(({ row, number }) => isShown(row, number));
  const rows = shown.map(({ row, number }) => {
    const rowsOfPass = withParts(section, number);
    return [
      cell(row.partOf === null ? row.phase : ''),
      cell(`${row.partOf === null ? '' : '  '}${row.name}`),
      cell(`${row.milliseconds.toFixed(1)} ms`),
      cell(row.after === null ? '' : formatCount(row.after.operations)),
      cell(row.after === null ? '' : formatBytes(row.after.bytes)),
      count(rowsOfPass.reduce((sum, part) => sum + rewriteCount(part), 0)),
      count(missedOf(rowsOfPass)),
    ];
  });
  const columns = ['phase', 'pass', 'time', 'ops', 'bytes', 'rewrites', 'missed'].map((title, index) => ({
    title,
    align: index < 2 ? ('left' as const) : ('right' as const),
  }));
  const idle = section.passes.length - shown.length;
  return [...table(columns, rows, options), ...(idle === 0 ? [] : [`${idle} passes or parts changed nothing`])];
}

const hasEvents = ({ rewrites, remarks }: PassRow): boolean => rewrites.count.length + remarks.length > 0;

const missedOf = (rows: readonly PassRow[]): number =>
  rows
    .flatMap(({ remarks }) => remarks)
    .reduce((sum, remark) => sum + (remark.kind === 'missed' ? remark.count : 0), 0);

/** Rules by how often they were used. */
function ruleLines({ passes, rules }: PipelineSection, options: TextOptions): readonly string[] {
  const counts = new Map<number, number>();
  for (const { rewrites } of passes)
    rewrites.rule.forEach((rule, at) => counts.set(rule, (counts.get(rule) ?? 0) + (rewrites.count[at] ?? 0)));
  if (counts.size === 0) return [];
  const sorted = [...counts].sort(([, left], [, right]) => right - left);
  const rows = sorted.slice(0, MOST_RULES).map(([rule, uses]) => {
    const { name = '', file = '', line = 0 } = rules[rule] ?? {};
    return [count(uses), cell(name), cell(line === 0 ? '' : `${file}:${line}`)];
  });
  const columns = [
    { title: 'rewrites', align: 'right' },
    { title: 'rule', align: 'left' },
    { title: 'written in', align: 'left' },
  ] as const;
  return [...table(columns, rows, options), ...more(sorted.length - rows.length, 'rules')];
}

/** What nearly applied, the most frequent first: two lines for each reason, with the first line of the user that it is about. */
function missedLines(section: PipelineSection, head: ReportHead, options: TextOptions): readonly string[] {
  const { bold, dim } = colorsOf(options);
  const found = new Map<string, { times: number; readonly what: string; readonly why: string }>();
  for (const { remarks } of section.passes)
    for (const { kind, rule, op, reason, place, count: times } of remarks) {
      if (kind !== 'missed') continue;
      const { name = '', file = '', line = 0 } = section.rules[rule] ?? {};
      const what = [section.words[op] ?? '', lineText(head, place), `${name} (${file}:${line})`]
        .filter(Boolean)
        .join('  ');
      const key = [rule, op, reason].join();
      const known = found.get(key) ?? { times: 0, what, why: section.words[reason] ?? '' };
      known.times += times;
      found.set(key, known);
    }
  if (found.size === 0) return [];
  const sorted = [...found.values()].sort((left, right) => right.times - left.times);
  const lines = sorted.slice(0, MOST_REASONS).flatMap(({ times, what, why }) => {
    const first = clipped(`${formatCount(times).padStart(6)} ${printable(what)}`, options.width);
    return [`${bold(first.slice(0, 6))}${first.slice(6)}`, clipped(`       ${printable(why)}`, options.width)];
  });
  return [dim('missed'), ...lines, ...more(sorted.length - MOST_REASONS, 'reasons')];
}

const more = (rest: number, what: string): readonly string[] =>
  rest > 0 ? [`and ${formatCount(rest)} more ${what}`] : [];

function lineText({ places, sources }: ReportHead, place: number): string {
  const position = places[place]?.positions[0];
  const name = position === undefined ? undefined : sources[position.file]?.name;
  return position === undefined || name === undefined ? '' : `${name.split('/').at(-1) ?? name}:${position.line}`;
}

/** Costs in a terminal: the user's source with the costs of its lines, as profilers annotate it; Cells; kinds of ops. */
import {
  type CellCost,
  type Cost,
  type CostSection,
  formatAmount,
  formatBytes,
  formatCount,
  formatPercent,
  formatSeconds,
  type LineCost,
  lineCosts,
  type ReportHead,
  type SourceText,
} from '../report/index.ts';
import {
  type Colors,
  colorsOf,
  printable,
  type Style,
  table,
  type TextCell,
  type TextColumn,
  type TextOptions,
} from './style.ts';

/** Lines around a line that costs something. */
const CONTEXT = 1;
/** Shares of the whole that are worth a Cell's row. */
const WORTH = 0.005;
/** Rows of a table at most. */
const LISTED = 40;
const KINDS = 12;

export function costsText(section: CostSection, head: ReportHead, options: TextOptions): string {
  const measure = measureOf(section);
  const listings = listingsOf(lineCosts(head, section), head);
  const kinds = section.kinds.slice(0, KINDS);
  return [
    ...listings.flatMap(({ source, costs }) => listing(source, costs, section, measure, options)),
    ...(section.cells.length > 1 ? ['', ...cellTable(section, measure, options)] : []),
    ...(kinds.length > 0 ? ['', ...kindTable(section, options)] : []),
  ].join('\n');
}

/** What shares are of: time where it is known, else arithmetic. */
interface Measure {
  readonly title: string;
  readonly of: (cost: Cost) => number;
  readonly format: (value: number) => string;
}

const measureOf = ({ timed, total }: CostSection): Measure =>
  timed && total.seconds > 0
    ? { title: 'time', of: ({ seconds }) => seconds, format: formatSeconds }
    : { title: 'flops', of: ({ flops }) => flops, format: formatAmount };

interface Listing {
  readonly source: SourceText;
  readonly costs: ReadonlyMap<number, LineCost>;
}

function listingsOf(lines: readonly LineCost[], { sources }: ReportHead): readonly Listing[] {
  return sources.flatMap((source, file) => {
    const costs = new Map(lines.filter((line) => line.file === file).map((line) => [line.line, line]));
    return costs.size === 0 ? [] : [{ source, costs }];
  });
}

const right = (title: string): TextColumn => ({ title, align: 'right' });
const left = (title: string): TextColumn => ({ title, align: 'left' });

/** `share  time  GM bytes  flops  line  source`; lines far from all that cost something are left out. */
function listing(
  source: SourceText,
  costs: ReadonlyMap<number, LineCost>,
  { total, timed }: CostSection,
  measure: Measure,
  options: TextOptions,
): readonly string[] {
  const colors = colorsOf(options);
  const texts = source.text.split(/\r\n|\r|\n/);
  const shown = shownLines([...costs.keys()], texts.length);
  const rows = shown.map((number): readonly TextCell[] => {
    if (number === null)
      return Array.from({ length: 6 }, (_, at) => ({ text: at === 4 ? '…' : '', style: colors.dim }));
    const cost = costs.get(number);
    const share = cost === undefined ? 0 : measure.of(cost) / measure.of(total);
    const style = heat(share, colors);
    const figure = (value: number | undefined, format: (value: number) => string): TextCell => ({
      text: value === undefined || value === 0 ? '' : format(value),
      style,
    });
    return [
      figure(share, formatPercent),
      figure(timed ? cost?.seconds : 0, formatSeconds),
      figure(timed ? cost?.bytes : cost?.tensorBytes, formatBytes),
      figure(cost?.flops, formatAmount),
      { text: String(number), style: colors.dim },
      { text: printable(texts[number - 1]), ...(cost === undefined ? { style: colors.dim } : {}) },
    ];
  });
  const columns = [
    right(measure.title),
    right('seconds'),
    right('bytes'),
    right('flops'),
    right('line'),
    left(printable(source.name)),
  ];
  return ['', ...table(columns, rows, options)];
}

/** Numbers of lines to show in order, null for a gap. */
function shownLines(lines: readonly number[], count: number): readonly (number | null)[] {
  const near = new Set(
    lines.flatMap((line) => Array.from({ length: 2 * CONTEXT + 1 }, (_, at) => line + at - CONTEXT)),
  );
  const kept = [...near].filter((line) => line >= 1 && line <= count).sort((one, other) => one - other); // our own array
  return kept.flatMap((line, at) => (at > 0 && line > kept[at - 1] + 1 ? [null, line] : [line]));
}

/** From a tenth of the whole a line is hot. */
function heat(share: number, { bold, red, yellow, dim }: Colors): Style {
  if (share >= 0.1) return (text) => bold(red(text));
  if (share >= 0.02) return yellow;
  return share > 0 ? (text) => text : dim;
}

/** The tree of Cells with what each costs together with those in it. */
function cellTable({ cells, total, timed }: CostSection, measure: Measure, options: TextOptions): readonly string[] {
  const colors = colorsOf(options);
  const worth = worthRows(cells, (cell) => measure.of(cell.total) / measure.of(total));
  const depth = (cell: CellCost): number => (cell.parent < 0 ? 0 : 1 + depth(cells[cell.parent]));
  const rows = worth.map((cell): readonly TextCell[] => {
    const share = measure.of(cell.total) / measure.of(total);
    const style = heat(share, colors);
    const name = cell.path === '' ? 'network' : cell.path.slice(cell.path.lastIndexOf('.') + 1);
    return [
      { text: formatPercent(share), style },
      { text: measure.format(measure.of(cell.total)) },
      { text: measure.of(cell.own) === 0 ? '' : measure.format(measure.of(cell.own)) },
      { text: formatBytes(timed ? cell.total.bytes : cell.total.tensorBytes) },
      { text: formatAmount(cell.total.flops) },
      { text: cell.total.parameters === 0 ? '' : formatAmount(cell.total.parameters) },
      { text: printable(`${'  '.repeat(depth(cell))}${name}${cell.className === '' ? '' : `: ${cell.className}`}`) },
    ];
  });
  const columns = [
    right(measure.title),
    right('total'),
    right('own'),
    right('bytes'),
    right('flops'),
    right('parameters'),
    left('Cell'),
  ];
  const more = cells.length - rows.length;
  return [
    ...table(columns, rows, options),
    ...(more > 0 ? [colors.dim(`and ${formatCount(more)} smaller Cells`)] : []),
  ];
}

/** The costliest Cells in the order of the tree; a Cell costs no less than those in it, so parents are among them. */
function worthRows(cells: readonly CellCost[], shareOf: (cell: CellCost) => number): readonly CellCost[] {
  const listed = cells.toSorted((one, other) => shareOf(other) - shareOf(one)).slice(0, LISTED);
  const chosen = new Set(listed.filter((cell) => shareOf(cell) >= WORTH));
  return cells.filter((cell) => chosen.has(cell));
}

function kindTable({ kinds, total }: CostSection, options: TextOptions): readonly string[] {
  const rows = kinds
    .slice(0, KINDS)
    .map(({ name, ops, flops, tensorBytes }): readonly TextCell[] => [
      { text: formatPercent(flops / total.flops) },
      { text: formatAmount(flops) },
      { text: formatBytes(tensorBytes) },
      { text: formatCount(ops) },
      { text: name },
    ]);
  const columns = [right('flops'), right(''), right('tensor bytes'), right('ops'), left('op')];
  const more = kinds.length - rows.length;
  return [...table(columns, rows, options), ...(more > 0 ? [`and ${formatCount(more)} more kinds`] : [])];
}

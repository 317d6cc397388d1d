/** The lines that cost most. */
import { useMemo } from 'preact/hooks';
import { type Column, formatPercent, Meter, Table } from './components/index.ts';
import type { LoadedReport } from './load.ts';
import { LineLabel } from './place-link.tsx';
import { lineLabel, selection, selectLine, selectPlaces } from './state.ts';
import { costsWithoutLine, type CostSection } from '../../report/index.ts';
import { type LineCost, type Lines, type Measure, measures } from './lines.ts';

export interface HotLinesProps {
  readonly report: LoadedReport;
  readonly lines: Lines;
  readonly costs: CostSection | null;
  readonly measure: Measure;
}

export function HotLines({ report, lines, costs, measure }: HotLinesProps) {
  const rest = useMemo(() => (costs === null ? null : costsWithoutLine(report.head, costs)), [report, costs]);
  const rows = useMemo(
    () =>
      [...lines.values(), ...(rest === null ? [] : [rest.cost])]
        .filter((cost) => cost[measure] > 0)
        .sort((left, right) => right[measure] - left[measure]), // our own array
    [lines, rest, measure],
  );
  const choose = ({ file, line }: LineCost): void => {
    if (file >= 0) selectLine(file, line);
    else selectPlaces(rest?.places ?? [], LIBRARY);
  };
  const columns = useMemo(() => columnsOf(report, rows, measure), [report, rows, measure]);
  return (
    <Table
      label="Hot lines"
      rows={rows}
      columns={columns}
      isCurrent={isChosen}
      onChoose={choose}
      empty={report.has('costs') ? 'No line costs anything' : 'This report has no costs'}
    />
  );
}

/** Where costs stand that come from no line of the user's. */
const LIBRARY = "msc's library";

function isChosen({ file, line }: LineCost): boolean {
  const chosen = selection.value;
  if (file < 0) return chosen?.kind === 'places' && chosen.label === LIBRARY;
  return chosen?.kind === 'line' && chosen.file === file && chosen.line === line;
}

function columnsOf(report: LoadedReport, rows: readonly LineCost[], measure: Measure): readonly Column<LineCost>[] {
  const total = rows.reduce((sum, row) => sum + row[measure], 0);
  const { title, format } = measures.find(({ value }) => value === measure) ?? measures[0];
  const texts = report.head.sources.map(({ text }) => text.split('\n'));
  return [
    {
      key: 'line',
      title: 'Hot line',
      width: 'minmax(122px, 1fr)',
      cell: ({ file, line }) => (file < 0 ? LIBRARY : <LineLabel label={lineLabel(file, line)} />),
    },
    {
      key: 'cost',
      title,
      width: '84px',
      align: 'end',
      value: (row) => row[measure],
      cell: (row) => format(row[measure]),
    },
    {
      key: 'share',
      title: 'Share',
      width: '76px',
      value: (row) => row[measure],
      cell: (row) => <Meter share={row[measure] / total}>{formatPercent(row[measure] / total)}</Meter>,
    },
    {
      key: 'text',
      title: 'Source',
      width: 'minmax(0, 1.8fr)',
      cell: ({ file, line }) =>
        file < 0 ? (
          <span class="faint">from no line of these files</span>
        ) : (
          <code>{texts[file]?.[line - 1]?.trim()}</code>
        ),
    },
  ];
}

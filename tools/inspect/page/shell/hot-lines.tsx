/** The lines that cost most. */
import { useMemo } from 'preact/hooks';
import { type Column, formatPercent, Meter, Table } from './components/index.ts';
import type { LoadedReport } from './load.ts';
import { LineLabel } from './place-link.tsx';
import { lineLabel, selection, selectLine } from './state.ts';
import { type LineCost, type Lines, type Measure, measures } from './lines.ts';

export interface HotLinesProps {
  readonly report: LoadedReport;
  readonly lines: Lines;
  readonly measure: Measure;
}

export function HotLines({ report, lines, measure }: HotLinesProps) {
  const rows = useMemo(
    () => [...lines.values()].filter((cost) => cost[measure] > 0).sort((left, right) => right[measure] - left[measure]), // our own array
    [lines, measure],
  );
  const columns = useMemo(() => columnsOf(report, rows, measure), [report, rows, measure]);
  return (
    <Table
      label="Hot lines"
      rows={rows}
      columns={columns}
      isCurrent={isChosen}
      onChoose={({ file, line }) => selectLine(file, line)}
      empty={report.has('costs') ? 'No line costs anything' : 'This report has no costs'}
    />
  );
}

function isChosen({ file, line }: LineCost): boolean {
  const chosen = selection.value;
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
      cell: ({ file, line }) => <LineLabel label={lineLabel(file, line)} />,
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
      cell: ({ file, line }) => <code>{texts[file]?.[line - 1]?.trim()}</code>,
    },
  ];
}

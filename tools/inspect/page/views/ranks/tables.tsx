/** Tables of the ranks view: what ranks say to each other, totals of each rank, the critical path, layouts. */
import { useMemo } from 'preact/hooks';
import type { MeetingKind, RankRow, RankSection, TensorRow } from '../../../report/index.ts';
import {
  Meter,
  NothingSelected,
  Table,
  formatBytes,
  formatCount,
  formatPercent,
  formatSeconds,
  type Column,
} from '../../shell/components/index.ts';
import { PlaceLink } from '../../shell/place-link.tsx';
import { isShown, placeLabel, selectPlace } from '../../shell/state.ts';

const line = <Row extends { readonly place: number }>(): Column<Row> => ({
  key: 'line',
  title: 'Line',
  width: '112px',
  value: ({ place }) => placeLabel(place),
  cell: ({ place }) => <PlaceLink place={place} />,
});

const seconds = <Row,>(
  key: string,
  title: string,
  hint: string,
  of: (row: Row) => number,
  scale: number,
): Column<Row> => ({
  ...{ key, title, hint, width: 'minmax(90px, 1fr)', align: 'end', value: of },
  cell: (row) => <Meter share={of(row) / scale}>{formatSeconds(of(row))}</Meter>,
});

export function Meetings({ section }: { readonly section: RankSection }) {
  const shown = section.meetings.filter(({ place }) => isShown(place));
  const columns = useMemo(() => meetingColumns(section), [section]);
  if (shown.length === 0) return <NothingSelected what="No collective" />;
  return (
    <Table
      label="Collectives"
      rows={shown}
      columns={columns}
      sort={{ key: 'waited', descending: true }}
      onChoose={({ place }) => selectPlace(place)}
    />
  );
}

function meetingColumns({ meetings }: RankSection): readonly Column<MeetingKind>[] {
  const most = Math.max(...meetings.map(({ count, seconds: each }) => count * each), 1e-12);
  const longest = Math.max(...meetings.map(({ waited }) => waited), 1e-12);
  return [
    {
      key: 'operation',
      title: 'Operation',
      width: '124px',
      value: ({ operation }) => operation,
      cell: ({ operation }) => <span class="code">{operation}</span>,
    },
    {
      key: 'devices',
      title: 'Among',
      width: '66px',
      align: 'end',
      value: ({ devices }) => devices,
      cell: ({ devices }) => formatCount(devices),
    },
    {
      key: 'bytes',
      title: 'Bytes',
      width: '84px',
      align: 'end',
      hint: 'Of the whole buffer of a rank',
      value: ({ bytes }) => bytes,
      cell: ({ bytes }) => formatBytes(bytes),
    },
    {
      key: 'each',
      title: 'Each time',
      width: '84px',
      align: 'end',
      value: (row) => row.seconds,
      cell: (row) => formatSeconds(row.seconds),
    },
    {
      key: 'count',
      title: 'Times',
      width: '62px',
      align: 'end',
      hint: 'All groups together',
      value: ({ count }) => count,
      cell: ({ count }) => formatCount(count),
    },
    seconds('all', 'All times', 'Each time by times', ({ count, seconds: each }) => count * each, most),
    seconds('waited', 'Waited', 'By all members together, before it began', ({ waited }) => waited, longest),
    {
      key: 'last',
      title: 'For whom',
      width: '128px',
      hint: 'The rank that came last most often',
      value: ({ lastRank }) => lastRank,
      cell: ({ lastRank, lastCount, count }) =>
        lastRank < 0 ? 'nobody' : `rank ${lastRank}, ${lastCount} of ${count}`,
    },
    {
      key: 'reason',
      title: 'Why',
      width: 'minmax(140px, 2.4fr)',
      value: ({ reason }) => reason,
      cell: ({ reason }) => <span title={reason}>{reason}</span>,
    },
    {
      key: 'algorithm',
      title: 'Algorithm',
      width: 'minmax(120px, 2fr)',
      value: ({ algorithm }) => algorithm,
      cell: ({ algorithm }) => <span title={algorithm}>{algorithm}</span>,
    },
    line(),
  ];
}

interface NumberedRank extends RankRow {
  readonly rank: number;
}

export function Totals({ section }: { readonly section: RankSection }) {
  const rows = useMemo(() => section.ranks.map((row, rank): NumberedRank => ({ ...row, rank })), [section]);
  const memory = Math.max(...rows.map((row) => row.memory), 1);
  const columns: readonly Column<NumberedRank>[] = [
    { key: 'rank', title: 'Rank', width: '64px', align: 'end', value: ({ rank }) => rank, cell: ({ rank }) => rank },
    seconds('compute', 'Launches', 'Seconds in which launches ran', ({ compute }) => compute, section.seconds),
    seconds(
      'communication',
      'Communication',
      'Seconds in which it communicated',
      ({ communication }) => communication,
      section.seconds,
    ),
    seconds(
      'exposed',
      'Exposed',
      'Communication beside which no launch ran',
      ({ exposed }) => exposed,
      section.seconds,
    ),
    seconds('bubble', 'Waiting', 'Seconds in which it did nothing', ({ bubble }) => bubble, section.seconds),
    {
      key: 'busy',
      title: 'Works',
      width: '72px',
      align: 'end',
      hint: 'Share of the time in which launches run',
      value: ({ compute }) => compute,
      cell: ({ compute }) => formatPercent(compute / section.seconds),
    },
    {
      key: 'memory',
      title: 'Memory',
      width: 'minmax(90px, 1fr)',
      align: 'end',
      value: (row) => row.memory,
      cell: (row) => <Meter share={row.memory / memory}>{formatBytes(row.memory)}</Meter>,
    },
  ];
  return <Table label="Ranks" rows={rows} columns={columns} />;
}

interface PathRow {
  readonly step: number;
  readonly rank: number;
  readonly name: string;
  readonly detail: string;
  readonly start: number;
  readonly seconds: number;
  readonly place: number;
}

export function CriticalPath({ section }: { readonly section: RankSection }) {
  const rows = useMemo(() => pathRows(section), [section]);
  const longest = Math.max(...rows.map((row) => row.seconds), 1e-12);
  const columns: readonly Column<PathRow>[] = [
    { key: 'step', title: 'Step', width: '60px', align: 'end', value: ({ step }) => step, cell: ({ step }) => step },
    { key: 'rank', title: 'Rank', width: '60px', align: 'end', value: ({ rank }) => rank, cell: ({ rank }) => rank },
    {
      key: 'name',
      title: 'What',
      width: 'minmax(140px, 2fr)',
      value: ({ name }) => name,
      cell: ({ name }) => (
        <span class="code" title={name}>
          {name}
        </span>
      ),
    },
    {
      key: 'start',
      title: 'Begins',
      width: '96px',
      align: 'end',
      value: ({ start }) => start,
      cell: ({ start }) => formatSeconds(start),
    },
    seconds('seconds', 'Takes', 'On the chain that decides the time of all', (row) => row.seconds, longest),
    {
      key: 'detail',
      title: 'How',
      width: 'minmax(120px, 2fr)',
      value: ({ detail }) => detail,
      cell: ({ detail }) => <span title={detail}>{detail}</span>,
    },
    line(),
  ];
  const shown = rows.filter(({ place }) => isShown(place));
  if (shown.length === 0) return <NothingSelected what="Nothing of the critical path" />;
  return <Table label="Critical path" rows={shown} columns={columns} onChoose={({ place }) => selectPlace(place)} />;
}

const pathRows = ({ critical, ranks, tracks, labels }: RankSection): readonly PathRow[] =>
  critical.flatMap(({ rank, slice }, step): readonly PathRow[] => {
    const track = tracks[ranks[rank]?.track ?? 0];
    const label = labels[track?.label[slice] ?? 0];
    if (track === undefined || label === undefined) return [];
    const [start, duration] = [track.start[slice] ?? 0, track.duration[slice] ?? 0];
    return [{ step, rank, ...label, start: start * 1e-9, seconds: duration * 1e-9, place: track.place[slice] ?? 0 }];
  });

export function Layouts({ section }: { readonly section: RankSection }) {
  const columns: readonly Column<TensorRow>[] = [
    {
      key: 'name',
      title: 'Argument',
      width: 'minmax(160px, 2fr)',
      value: ({ name }) => name,
      cell: ({ name }) => <span class="code">{name}</span>,
    },
    {
      key: 'type',
      title: 'Type',
      width: 'minmax(160px, 2fr)',
      value: ({ type }) => type,
      cell: ({ type }) => <span class="code">{type}</span>,
    },
    {
      key: 'layout',
      title: 'Layout',
      width: 'minmax(120px, 2fr)',
      hint: 'For each dimension the axes of the mesh that cut it',
      value: ({ layout }) => layout.join(),
      cell: ({ layout }) => <span class="code">[{layout.map((axes) => axes || '·').join(', ')}]</span>,
    },
    {
      key: 'bytes',
      title: 'On a device',
      width: '110px',
      align: 'end',
      value: ({ bytes }) => bytes,
      cell: ({ bytes }) => formatBytes(bytes),
    },
  ];
  return <Table label="Layouts" rows={section.tensors} columns={columns} />;
}

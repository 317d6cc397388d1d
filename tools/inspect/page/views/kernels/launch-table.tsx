/** All launches with their figures. */
import { busyShare, pipeNames, rooflinePoint, stallText } from '../../../report/index.ts';
import { Meter, Table, formatAmount, formatBytes, formatPercent, type Column } from '../../shell/components/index.ts';
import { PlaceLink } from '../../shell/place-link.tsx';
import { placeLabel } from '../../shell/state.ts';
import type { LaunchRow } from './launch-rows.ts';
import { boundColours, boundNotes } from './look.ts';
import { chooseLaunch, chosenLaunch } from './state.ts';

/** Columns of pipes that every launch may use; the scalar unit and the fixpipe stand in the Utilization tab. */
const shownPipes = ['V', 'M', 'MTE1', 'MTE2', 'MTE3', 'FIX'] as const;

const pipeColumn = (name: (typeof shownPipes)[number]): Column<LaunchRow> => {
  const pipe = pipeNames.indexOf(name);
  return {
    key: name,
    title: name,
    width: '52px',
    hint: `Share of the time in which ${name} executes`,
    align: 'end',
    value: (row) => busyShare(row, pipe),
    cell: (row) => {
      const share = busyShare(row, pipe);
      return share === 0 ? '' : <Meter share={share}>{Math.round(share * 100)}</Meter>;
    },
  };
};

const columns: readonly Column<LaunchRow>[] = [
  { key: 'number', title: '#', width: '40px', align: 'end', value: (row) => row.number, cell: (row) => row.number },
  {
    key: 'kernel',
    title: 'Kernel',
    width: 'minmax(116px, 2fr)',
    value: (row) => row.name,
    cell: (row) => <code title={row.name}>{row.name}</code>,
  },
  {
    key: 'time',
    title: 'Time',
    width: '72px',
    align: 'end',
    value: (row) => row.microseconds,
    cell: (row) => `${row.microseconds.toFixed(2)} us`,
  },
  {
    key: 'share',
    title: 'Share',
    width: '62px',
    align: 'end',
    value: (row) => row.share,
    cell: (row) => <Meter share={row.share}>{formatPercent(row.share)}</Meter>,
  },
  {
    key: 'bound',
    title: 'Bound by',
    width: '84px',
    value: (row) => row.bound,
    cell: (row) => (
      <span class="bound" title={boundNotes[row.bound]} style={`--colour:var(--${boundColours[row.bound]})`}>
        {row.bound}
      </span>
    ),
  },
  {
    key: 'stall',
    title: 'Main stall',
    width: 'minmax(90px, 1fr)',
    hint: 'The stall that costs the busiest pipe most',
    value: stallText,
    cell: stallText,
  },
  ...shownPipes.map(pipeColumn),
  {
    key: 'rate',
    title: 'FLOP/s',
    width: '74px',
    align: 'end',
    value: (row) => rooflinePoint(row)?.rate ?? 0,
    cell: (row) => formatAmount(rooflinePoint(row)?.rate ?? 0),
  },
  {
    key: 'hbm',
    title: 'HBM',
    width: '84px',
    align: 'end',
    value: (row) => row.hbmBytes,
    cell: (row) => formatBytes(row.hbmBytes),
  },
  {
    key: 'l2',
    title: 'L2',
    width: '84px',
    align: 'end',
    value: (row) => row.l2Bytes,
    cell: (row) => formatBytes(row.l2Bytes),
  },
  { key: 'blocks', title: 'Cores', width: '54px', align: 'end', value: (row) => row.blocks, cell: (row) => row.blocks },
  {
    key: 'line',
    title: 'Line',
    width: 'minmax(100px, 1fr)',
    value: (row) => placeLabel(row.place),
    cell: (row) => <PlaceLink place={row.place} />,
  },
];

export function LaunchTable({ rows, empty }: { readonly rows: readonly LaunchRow[]; readonly empty: string }) {
  return (
    <Table
      label="Launches"
      rows={rows}
      columns={columns}
      isCurrent={(row) => String(row.number) === chosenLaunch.value}
      onChoose={(row) => chooseLaunch(row.number)}
      empty={empty}
    />
  );
}

/** All buffers of a device that pass the filter. */
import { shortType } from '../../../report/index.ts';
import { formatBytes, formatCount, Table, type Column } from '../../shell/components/index.ts';
import { PlaceLink } from '../../shell/place-link.tsx';
import { placeLabel } from '../../shell/state.ts';
import type { Row } from './model.ts';

const columns: readonly Column<Row>[] = [
  {
    key: 'name',
    title: 'buffer',
    width: 'minmax(140px, 2fr)',
    value: ({ title }) => title,
    cell: ({ title }) => title,
  },
  { key: 'kind', title: 'kind', width: '92px', value: ({ buffer }) => buffer.kind, cell: ({ buffer }) => buffer.kind },
  {
    key: 'bytes',
    title: 'bytes',
    width: '92px',
    align: 'end',
    hint: 'What no other buffer may use meanwhile',
    value: ({ buffer }) => buffer.reservedBytes,
    cell: ({ buffer }) => formatBytes(buffer.reservedBytes),
  },
  {
    key: 'padding',
    title: 'padding',
    width: '84px',
    align: 'end',
    hint: 'Bytes that the layout and the alignment add to the elements',
    value: ({ buffer }) => buffer.reservedBytes - buffer.elementBytes,
    cell: ({ buffer }) => formatBytes(buffer.reservedBytes - buffer.elementBytes),
  },
  {
    key: 'address',
    title: 'address',
    width: '92px',
    align: 'end',
    value: ({ buffer }) => buffer.address,
    cell: ({ buffer }) => <code>{buffer.address.toString(16)}</code>,
  },
  { key: 'first', title: 'first step', width: '72px', align: 'end', value: ({ first }) => first, cell: lifeStart },
  { key: 'last', title: 'last step', width: '72px', align: 'end', value: ({ last }) => last, cell: lifeEnd },
  {
    key: 'type',
    title: 'type',
    width: 'minmax(120px, 2fr)',
    value: ({ buffer }) => buffer.type,
    cell: ({ buffer }) => <code title={buffer.type}>{shortType(buffer.type)}</code>,
  },
  { key: 'cell', title: 'cell', width: 'minmax(80px, 1fr)', value: ({ cell }) => cell, cell: ({ cell }) => cell },
  {
    key: 'line',
    title: 'line',
    width: '120px',
    value: ({ buffer }) => placeLabel(buffer.place),
    cell: ({ buffer }) => <PlaceLink place={buffer.place} />,
  },
];

function lifeStart({ buffer, first }: Row) {
  return buffer.live === null ? <span class="faint">kept</span> : formatCount(first);
}

function lifeEnd({ buffer, last }: Row) {
  return buffer.live === null ? <span class="faint">kept</span> : formatCount(last);
}

export interface BufferTableProps {
  readonly rows: readonly Row[];
  readonly chosen: Row | null;
  readonly onChoose: (row: Row) => void;
}

export function BufferTable({ rows, chosen, onChoose }: BufferTableProps) {
  return (
    <Table
      label="Buffers in GM"
      rows={rows}
      columns={columns}
      sort={{ key: 'bytes', descending: true }}
      isCurrent={(row) => row === chosen}
      onChoose={onChoose}
      empty="No buffer passes the filter"
    />
  );
}

/** The columns of the table of a kernel's on-chip buffers. */
import type { KernelMemory, OnChipBuffer } from '../../../report/index.ts';
import { formatBytes, type Column } from '../../shell/components/index.ts';
import { PlaceLink } from '../../shell/place-link.tsx';
import { placeLabel } from '../../shell/state.ts';

/** Buffers of the same memory that use some of the same bytes, at other times. */
export const sharing = ({ buffers }: KernelMemory, of: OnChipBuffer): readonly OnChipBuffer[] =>
  buffers.filter(
    (other) =>
      other !== of &&
      other.space === of.space &&
      other.address < of.address + of.bytes * of.copies &&
      of.address < other.address + other.bytes * other.copies,
  );

export const columnsFor = (kernel: KernelMemory): readonly Column<OnChipBuffer>[] => [
  {
    key: 'space',
    title: 'memory',
    width: '76px',
    value: ({ space }) => space,
    cell: ({ space }) => space.toUpperCase(),
  },
  {
    key: 'address',
    title: 'address',
    width: '76px',
    align: 'end',
    value: ({ address }) => address,
    cell: ({ address }) => <code>{address.toString(16)}</code>,
  },
  {
    key: 'bytes',
    title: 'bytes',
    width: '80px',
    align: 'end',
    value: ({ bytes }) => bytes,
    cell: ({ bytes }) => formatBytes(bytes),
  },
  {
    key: 'copies',
    title: 'copies',
    width: '64px',
    align: 'end',
    hint: 'More than one: iterations of a loop alternate',
    value: ({ copies }) => copies,
    cell: ({ copies }) => copies,
  },
  {
    key: 'life',
    title: 'life',
    width: '90px',
    align: 'end',
    hint: 'First and last instruction',
    value: ({ live: [first] }) => first,
    cell: ({ live: [first, last] }) => `${first}–${last}`,
  },
  {
    key: 'shared',
    title: 'shared',
    width: '68px',
    align: 'end',
    hint: 'Buffers that use some of the same bytes at other times',
    value: (buffer) => sharing(kernel, buffer).length,
    cell: (buffer) => sharing(kernel, buffer).length || '',
  },
  { key: 'writers', title: 'written by', width: 'minmax(90px, 1fr)', cell: ({ writers }) => names(writers) },
  { key: 'readers', title: 'read by', width: 'minmax(90px, 1fr)', cell: ({ readers }) => names(readers) },
  {
    key: 'line',
    title: 'line',
    width: '120px',
    value: ({ place }) => placeLabel(place),
    cell: ({ place }) => <PlaceLink place={place} />,
  },
];

const names = (mnemonics: readonly string[]) => <code title={mnemonics.join(', ')}>{mnemonics.join(', ')}</code>;

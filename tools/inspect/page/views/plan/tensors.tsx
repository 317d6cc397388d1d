/** How each tensor lies on the devices: searched, sorted, and filtered by the user's line. */
import { useMemo, useState } from 'preact/hooks';
import type { PlanSection, TensorRow } from '../../../report/index.ts';
import {
  Choice,
  NothingSelected,
  SearchField,
  Spring,
  Table,
  Toolbar,
  formatBytes,
  formatCount,
  type Column,
} from '../../shell/components/index.ts';
import { PlaceLink } from '../../shell/place-link.tsx';
import { isShown, placeLabel, report, selectPlace } from '../../shell/state.ts';
import { axisColours } from './terms.ts';

export interface TensorsProps {
  readonly section: PlanSection;
  readonly search: string;
  readonly onSearch: (text: string) => void;
}

const kinds = ['all', 'parameter', 'activation', 'carried out'] as const;
type Kind = (typeof kinds)[number];

export function Tensors({ section, search, onSearch }: TensorsProps) {
  const [kind, setKind] = useState<Kind>('all');
  const { tensors, carried, blocks } = section;
  const columns = useMemo(() => columnsOf(blocks), [blocks]);
  const all = kind === 'carried out' ? (carried?.tensors ?? []) : tensors;
  const words = search
    .toLowerCase()
    .split(' ')
    .filter((word) => word !== '');
  const shown = all.filter(
    (row) =>
      (kind === 'all' || kind === 'carried out' || row.kind === kind) &&
      (kind === 'carried out' || isShown(row.place)) &&
      words.every((word) => searchText(row).includes(word)),
  );
  const bytes = shown.reduce((sum, row) => sum + (row.kind === 'parameter' ? row.bytes * row.count : 0), 0);
  const options = kinds.filter((value) => value !== 'carried out' || carried !== null);
  return (
    <div class="plan-panel">
      <Toolbar label="Tensors">
        <Choice
          label="Which tensors"
          value={kind}
          options={options.map((value) => ({ value, title: titles[value], hint: hints[value] }))}
          onChange={setKind}
        />
        <SearchField
          label="Search tensors"
          value={search}
          onInput={onSearch}
          count={`${shown.length} of ${all.length}`}
        />
        <Spring />
        <span class="faint">parameters shown: {formatBytes(bytes)} of weights, all stages together</span>
      </Toolbar>
      {shown.length === 0 && all.length > 0 && search === '' ? (
        <NothingSelected what="No tensor" />
      ) : (
        <Table
          label="Tensors"
          rows={shown}
          columns={columns}
          onChoose={({ place }) => selectPlace(place)}
          empty="No tensor matches"
        />
      )}
    </div>
  );
}

const titles: Readonly<Record<Kind, string>> = {
  all: 'All',
  parameter: 'Parameters',
  activation: 'Activations',
  'carried out': 'Carried out',
};
const hints: Readonly<Record<Kind, string>> = {
  all: 'Parameters and activations',
  parameter: 'Weights',
  activation: 'Values that are computed for each sample',
  'carried out': 'Arguments of the network as the partitioner laid them out',
};

const cellOf = (place: number): string => report.value?.head.places[place]?.cell ?? '';

const searchText = ({ name, type, layout, place }: TensorRow): string =>
  `${name} ${type} ${layout.join(' ')} ${cellOf(place)} ${placeLabel(place)}`.toLowerCase();

const columnsOf = (blocks: PlanSection['blocks']): readonly Column<TensorRow>[] => [
  {
    key: 'name',
    title: 'Tensor',
    width: 'minmax(180px, 2fr)',
    value: ({ name }) => name,
    cell: ({ name }) => (
      <span class="code" title={name}>
        {name}
      </span>
    ),
  },
  { key: 'kind', title: 'Kind', width: '92px', value: ({ kind }) => kind, cell: ({ kind }) => kind },
  {
    key: 'count',
    title: 'Equal',
    width: '56px',
    align: 'end',
    hint: 'Equal layers that have such a tensor',
    value: ({ count }) => count,
    cell: ({ count }) => (count === 1 ? '' : `× ${formatCount(count)}`),
  },
  {
    key: 'type',
    title: 'Type',
    width: 'minmax(150px, 1.3fr)',
    value: ({ type }) => type,
    cell: ({ type }) => (
      <span class="code" title={type}>
        {type}
      </span>
    ),
  },
  {
    key: 'layout',
    title: 'Layout',
    width: 'minmax(130px, 1fr)',
    hint: 'For each dimension the axes of the mesh that cut it',
    value: ({ layout }) => layout.join(),
    cell: ({ layout }) => <Layout layout={layout} />,
  },
  {
    key: 'bytes',
    title: 'On a device',
    width: '90px',
    align: 'end',
    hint: 'Bytes on one device; of an activation for one micro-batch',
    value: ({ bytes }) => bytes,
    cell: ({ bytes }) => formatBytes(bytes),
  },
  {
    key: 'block',
    title: 'Block',
    width: 'minmax(80px, 0.6fr)',
    value: ({ block }) => block,
    cell: ({ block }) => blocks[block]?.name ?? '',
  },
  {
    key: 'cell',
    title: 'Cell',
    width: 'minmax(100px, 1fr)',
    value: ({ place }) => cellOf(place),
    cell: ({ place }) => <span title={cellOf(place)}>{cellOf(place)}</span>,
  },
  {
    key: 'line',
    title: 'Line',
    width: '110px',
    value: ({ place }) => placeLabel(place),
    cell: ({ place }) => <PlaceLink place={place} />,
  },
];

/** `[dp, ·, mp]`, the axes in their colours. */
function Layout({ layout }: { readonly layout: readonly string[] }) {
  return (
    <span class="code plan-layout" title={`[${layout.map((axes) => axes || '·').join(', ')}]`}>
      [
      {layout.map((axes, dimension) => (
        <span key={dimension}>
          {dimension > 0 && ', '}
          {axes === ''
            ? '·'
            : axes.split('·').map((axis) => (
                <b key={axis} style={`--colour:var(--${axisColours[axis] ?? 'text'})`}>
                  {axis}
                </b>
              ))}
        </span>
      ))}
      ]
    </span>
  );
}

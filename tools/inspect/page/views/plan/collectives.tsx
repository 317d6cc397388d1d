/** What devices say to each other in a step, what causes it, and how much of it the step waits for. */
import { useMemo, useState } from 'preact/hooks';
import type { CollectiveRow, PlanSection } from '../../../report/index.ts';
import {
  Choice,
  Empty,
  Meter,
  NothingSelected,
  Spring,
  Table,
  Toolbar,
  formatBytes,
  formatCount,
  formatPercent,
  formatSeconds,
  type Column,
} from '../../shell/components/index.ts';
import { PlaceLink } from '../../shell/place-link.tsx';
import { isShown, placeLabel } from '../../shell/state.ts';
import { axisColours } from './terms.ts';

type Which = 'planned' | 'carried';

export function Collectives({ section }: { readonly section: PlanSection }) {
  const [which, setWhich] = useState<Which>('planned');
  const [chosen, setChosen] = useState<CollectiveRow | null>(null);
  const { carried, collectives, best } = section;
  const all = which === 'carried' ? (carried?.collectives ?? []) : collectives;
  const shown = all.filter(({ place }) => isShown(place));
  const worst = shown.toSorted((one, other) => other.stepSeconds - one.stepSeconds)[0];
  const detailed = chosen !== null && shown.includes(chosen) ? chosen : worst;
  const columns = useMemo(() => (which === 'carried' ? carriedColumns() : plannedColumns(best.seconds)), [which, best]);
  const waited = shown.reduce((sum, { stepSeconds }) => sum + stepSeconds, 0);
  return (
    <div class="plan-panel">
      <Toolbar label="Collectives">
        {carried === null ? (
          <span class="faint" title={section.notCarried}>
            planned, not carried out
          </span>
        ) : (
          <Choice
            label="Which collectives"
            value={which}
            options={[
              { value: 'planned', title: 'Planned', hint: 'By the model of the planner, for a whole step of training' },
              { value: 'carried', title: 'Carried out', hint: 'What the partitioner put into the network' },
            ]}
            onChange={setWhich}
          />
        )}
        <Spring />
        <span class="faint">
          {which === 'planned'
            ? `the step waits ${formatSeconds(waited)} (${formatPercent(waited / best.seconds)}) for what is shown`
            : `${formatCount(shown.reduce((sum, { count }) => sum + count, 0))} on all ranks together`}
        </span>
      </Toolbar>
      {all.length === 0 ? (
        <Empty>No device says anything to another</Empty>
      ) : shown.length === 0 ? (
        <NothingSelected what="No collective" />
      ) : (
        <Table
          label="Collectives"
          rows={shown}
          columns={columns}
          isCurrent={(row) => row === detailed}
          onChoose={setChosen}
          sort={{ key: which === 'planned' ? 'step' : 'all', descending: true }}
          key={which}
        />
      )}
      {detailed !== undefined && <Details row={detailed} />}
    </div>
  );
}

/** All of a collective that a row has no room for. */
function Details({ row }: { readonly row: CollectiveRow }) {
  const { operation, bytes, devices, algorithm, seconds, count, sweep, reason, place, term, stepSeconds } = row;
  const when = sweep === '' ? '' : ` (${sweep})`;
  return (
    <footer class="plan-details" data-part="details">
      <b class="code">
        {operation}
        {when}
      </b>{' '}
      of {formatBytes(bytes)} among {formatCount(devices)}: {reason}. <PlaceLink place={place} />
      <br />
      {formatSeconds(seconds)} each by {algorithm}, {formatCount(Math.round(count))} times
      {term === '' ? '' : `; ${formatSeconds(stepSeconds)} of the term ${term}`}
    </footer>
  );
}

const shared: readonly Column<CollectiveRow>[] = [
  {
    key: 'operation',
    title: 'Operation',
    width: '124px',
    value: ({ operation }) => operation,
    cell: ({ operation }) => <span class="code">{operation}</span>,
  },
];

const figures: readonly Column<CollectiveRow>[] = [
  {
    key: 'devices',
    title: 'Among',
    width: '66px',
    align: 'end',
    hint: 'Devices of a group',
    value: ({ devices }) => devices,
    cell: ({ devices }) => formatCount(devices),
  },
  {
    key: 'bytes',
    title: 'Bytes',
    width: '84px',
    align: 'end',
    hint: 'Of the whole buffer of a rank, each time',
    value: ({ bytes }) => bytes,
    cell: ({ bytes }) => formatBytes(bytes),
  },
  {
    key: 'seconds',
    title: 'Each time',
    width: '80px',
    align: 'end',
    value: ({ seconds }) => seconds,
    cell: ({ seconds }) => formatSeconds(seconds),
  },
  {
    key: 'count',
    title: 'Times',
    width: '66px',
    align: 'end',
    hint: 'In a step, on all stages together',
    value: ({ count }) => count,
    cell: ({ count }) => formatCount(Math.round(count)),
  },
];

const origin: readonly Column<CollectiveRow>[] = [
  {
    key: 'algorithm',
    title: 'Algorithm',
    width: 'minmax(110px, 1.1fr)',
    value: ({ algorithm }) => algorithm,
    cell: ({ algorithm }) => <span title={algorithm}>{algorithm}</span>,
  },
  {
    key: 'reason',
    title: 'Why',
    width: 'minmax(160px, 2.4fr)',
    value: ({ reason }) => reason,
    cell: ({ reason }) => <span title={reason}>{reason}</span>,
  },
  {
    key: 'line',
    title: 'Line',
    width: '104px',
    value: ({ place }) => placeLabel(place),
    cell: ({ place }) => <PlaceLink place={place} />,
  },
];

const plannedColumns = (step: number): readonly Column<CollectiveRow>[] => [
  ...shared,
  {
    key: 'axis',
    title: 'Axis',
    width: '44px',
    value: ({ axis }) => axis,
    cell: ({ axis }) => (
      <b class="code plan-axis" style={`--colour:var(--${axisColours[axis] ?? 'text'})`}>
        {axis}
      </b>
    ),
  },
  { key: 'sweep', title: 'When', width: '116px', value: ({ sweep }) => sweep, cell: ({ sweep }) => sweep },
  ...figures,
  {
    key: 'exposed',
    title: 'Exposed',
    width: '72px',
    align: 'end',
    hint: 'Share that no product hides',
    value: ({ exposed }) => exposed,
    cell: ({ exposed }) => formatPercent(exposed),
  },
  {
    key: 'step',
    title: 'Of the step',
    width: 'minmax(96px, 0.8fr)',
    align: 'end',
    hint: 'What the step is longer for it',
    value: ({ stepSeconds }) => stepSeconds,
    cell: ({ stepSeconds }) => <Meter share={stepSeconds / step}>{formatSeconds(stepSeconds)}</Meter>,
  },
  ...origin,
];

const carriedColumns = (): readonly Column<CollectiveRow>[] => [
  ...shared,
  ...figures,
  {
    key: 'all',
    title: 'All times',
    width: '90px',
    align: 'end',
    value: ({ seconds, count }) => seconds * count,
    cell: ({ seconds, count }) => formatSeconds(seconds * count),
  },
  ...origin,
];

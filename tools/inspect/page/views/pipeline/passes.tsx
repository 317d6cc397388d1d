/** The passes as a list: time as bars, what changed, how many rules were used and how many nearly were. */
import { formatBytes, formatCount, List } from '../../shell/components/index.ts';
import type { ListRow, PassItem } from './model.ts';
import { signed } from './model.ts';

export interface PassesProps {
  readonly rows: readonly ListRow[];
  readonly chosen: number | null;
  readonly onChoose: (pass: number) => void;
}

export function Passes({ rows, chosen, onChoose }: PassesProps) {
  const longest = Math.max(
    ...rows.map((row) => (row.kind === 'pass' && row.row.partOf === null ? row.row.milliseconds : 0)),
    0,
  );
  return (
    <div class="pipeline-passes">
      <div class="pipeline-head" aria-hidden="true">
        <span>Pass</span>
        <span>Time</span>
        <span>Δ ops</span>
        <span>Δ bytes</span>
        <span>Rules</span>
        <span title="Rules that nearly applied, with the reason why they did not">Missed</span>
      </div>
      <List
        label="Passes"
        rows={rows}
        row={(row) => (row.kind === 'phase' ? <Phase {...row} /> : <Pass item={row} longest={longest} />)}
        isCurrent={(row) => row.kind === 'pass' && row.number === chosen}
        onChoose={(row) => {
          if (row.kind === 'pass') onChoose(row.number);
        }}
        empty="No pass matches"
      />
    </div>
  );
}

function Phase({ name, milliseconds, passes }: Extract<ListRow, { readonly kind: 'phase' }>) {
  return (
    <span class="pipeline-phase">
      <b>{name}</b>
      <span>{milliseconds.toFixed(1)} ms</span>
      <span class="faint">{passes === 1 ? '' : `${passes} passes`}</span>
    </span>
  );
}

function Pass({ item, longest }: { readonly item: PassItem; readonly longest: number }) {
  const { row, rewrites, missed, hits } = item;
  const { name, partOf, milliseconds, before, after, from, to } = row;
  const isSame = from !== null && from === to;
  return (
    <span class={`pipeline-pass ${isSame ? 'is-same' : ''} ${partOf === null ? '' : 'is-part'}`} data-pass={name}>
      <span class="pipeline-name" title={name}>
        <span>{name}</span>
        {hits > 0 && <i class="pipeline-hits">{formatCount(hits)}</i>}
      </span>
      <span
        class="pipeline-time"
        title={`${milliseconds.toFixed(3)} ms`}
        style={partOf === null && longest > 0 ? `--share:${(milliseconds / longest).toFixed(4)}` : ''}
      >
        {milliseconds.toFixed(1)}
      </span>
      <span>{signed(before?.operations, after?.operations, formatCount)}</span>
      <span>{signed(before?.bytes, after?.bytes, formatBytes)}</span>
      <span>{rewrites > 0 ? formatCount(rewrites) : ''}</span>
      <span class={missed > 0 ? 'pipeline-missed' : ''}>{missed > 0 ? formatCount(missed) : ''}</span>
    </span>
  );
}

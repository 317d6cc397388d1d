/** What passes did not do and why, and what they found out. */
import { useMemo } from 'preact/hooks';
import type { PipelineSection, RemarkRow } from '../../../report/index.ts';
import { formatCount, NothingSelected, Table, type Column } from '../../shell/components/index.ts';
import { PlaceLink } from '../../shell/place-link.tsx';
import { placeLabel } from '../../shell/state.ts';
import { has } from './model.ts';
import { RulePlaceText, type RewritesProps } from './rewrites.tsx';
import { jumpTo } from './state.ts';

const ORDER: Readonly<Record<RemarkRow['kind'], number>> = { missed: 0, analysis: 1, passed: 2 };

export function Remarks({ section, passes, query, places }: RewritesProps) {
  const { rules, words } = section;
  const rows = useMemo(() => rowsOf(section, passes), [section, passes]);
  const shown = rows.filter(
    ({ places: at, rule, op, reason }) =>
      (places === null || at.some((place) => places.has(place))) &&
      (query === '' || has(rules[rule]?.name, query) || has(words[op], query) || has(words[reason], query)),
  );
  const columns = useMemo(() => columnsOf(section), [section]);
  if (rows.length > 0 && shown.length === 0 && places !== null) return <NothingSelected what="No remark" />;
  return (
    <Table
      label="Remarks"
      rows={shown}
      columns={columns}
      onChoose={({ places: at, op }) => jumpTo(at, words[op] ?? '')}
      empty="No rule nearly applied in this pass"
    />
  );
}

/** Equal remarks on one line of the user. */
interface Row extends Omit<RemarkRow, 'place'> {
  readonly places: readonly number[];
}

/** Missed ones first, and of those what was said most often. */
function rowsOf(section: PipelineSection, passes: readonly number[]): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const { place, ...remark } of passes.flatMap((pass) => section.passes[pass]?.remarks ?? [])) {
    const key = [remark.kind, remark.rule, remark.op, remark.reason, placeLabel(place)].join();
    const known = rows.get(key);
    const places = [...(known?.places ?? []), place];
    rows.set(key, { ...remark, places, count: remark.count + (known?.count ?? 0) });
  }
  return [...rows.values()].sort((left, right) => ORDER[left.kind] - ORDER[right.kind] || right.count - left.count);
}

const columnsOf = ({ rules, words }: PipelineSection): readonly Column<Row>[] => [
  {
    key: 'kind',
    title: 'Kind',
    width: '66px',
    value: ({ kind }) => ORDER[kind],
    cell: ({ kind }) => <span class={kind === 'missed' ? 'pipeline-missed' : 'faint'}>{kind}</span>,
  },
  {
    key: 'op',
    title: 'Operation',
    width: 'minmax(84px, 1fr)',
    value: ({ op }) => words[op] ?? '',
    cell: ({ op }) => <span class="code">{words[op]}</span>,
  },
  {
    key: 'reason',
    title: 'Why',
    width: 'minmax(200px, 8fr)',
    value: ({ reason }) => words[reason] ?? '',
    cell: ({ reason }) => <span title={words[reason]}>{words[reason]}</span>,
  },
  {
    key: 'rule',
    title: 'Rule',
    width: 'minmax(70px, 2fr)',
    value: ({ rule }) => rules[rule]?.name ?? '',
    cell: ({ rule }) => <span title={rules[rule]?.name}>{rules[rule]?.name}</span>,
  },
  {
    key: 'file',
    title: 'Written in',
    hint: 'File and line of the rule in the sources of msc',
    width: 'minmax(90px, 1fr)',
    value: ({ rule }) => `${rules[rule]?.file}:${rules[rule]?.line}`,
    cell: ({ rule }) => <RulePlaceText rule={rules[rule]} />,
  },
  {
    key: 'line',
    title: 'Line',
    width: 'minmax(112px, 1fr)',
    value: ({ places: [place = 0] }) => placeLabel(place),
    cell: ({ places: [place = 0] }) => <PlaceLink place={place} />,
  },
  {
    key: 'count',
    title: 'Times',
    width: '52px',
    align: 'end',
    value: ({ count }) => count,
    cell: ({ count }) => (count === 1 ? '' : formatCount(count)),
  },
];

/** What rules did in a pass, and where the rules are written. */
import { useMemo } from 'preact/hooks';
import type { PipelineSection, RuleRow } from '../../../report/index.ts';
import { formatCount, NothingSelected, Select, Table, type Column, Toolbar } from '../../shell/components/index.ts';
import { PlaceLink } from '../../shell/place-link.tsx';
import { placeLabel } from '../../shell/state.ts';
import { has } from './model.ts';
import { chosenRule, jumpTo } from './state.ts';

/** Uses of a rule that did the same for one line, for the table. */
interface Row {
  readonly rule: number;
  readonly name: string;
  readonly op: string;
  readonly became: string;
  /** Places on one line of the user. */
  readonly places: readonly number[];
  readonly count: number;
}

export interface RewritesProps {
  readonly section: PipelineSection;
  /** The pass and its parts. */
  readonly passes: readonly number[];
  readonly query: string;
  readonly places: ReadonlySet<number> | null;
}

export function Rewrites({ section, passes, query, places }: RewritesProps) {
  const rows = useMemo(() => rowsOf(section, passes), [section, passes]);
  const rule = rows.some((row) => row.rule === chosenRule.value) ? chosenRule.value : null;
  const shown = rows.filter(
    (row) =>
      (places === null || row.places.some((place) => places.has(place))) &&
      (rule === null || row.rule === rule) &&
      (query === '' || has(row.name, query) || has(row.op, query) || has(row.became, query)),
  );
  const columns = useMemo(() => columnsOf(section), [section]);
  if (rows.length > 0 && shown.length === 0 && places !== null) return <NothingSelected what="No rewrite" />;
  return (
    <div class="pipeline-table">
      <Toolbar label="Rewrites">
        <RuleChoice rows={rows} chosen={rule} />
        <span class="faint">{formatCount(shown.reduce((sum, { count }) => sum + count, 0))} rewrites</span>
      </Toolbar>
      <Table
        label="Rewrites"
        rows={shown}
        columns={columns}
        onChoose={({ places: at, became }) => jumpTo(at, became.split(/[ ,]/)[0] ?? '')}
        empty="No rule was used in this pass"
      />
    </div>
  );
}

function RuleChoice({ rows, chosen }: { readonly rows: readonly Row[]; readonly chosen: number | null }) {
  const counts = new Map<number, { readonly name: string; readonly count: number }>();
  for (const { rule, name, count } of rows) counts.set(rule, { name, count: (counts.get(rule)?.count ?? 0) + count });
  const rules = [...counts].sort(([, left], [, right]) => right.count - left.count);
  const options = rules.map(([rule, { name, count }]) => ({
    value: String(rule),
    title: `${name} (${formatCount(count)})`,
  }));
  return (
    <Select
      label="Rule"
      value={chosen === null ? '' : String(chosen)}
      options={[
        { value: '', title: counts.size === 1 ? 'one rule' : `all ${formatCount(counts.size)} rules` },
        ...options,
      ]}
      onChange={(value) => (chosenRule.value = value === '' ? null : Number(value))}
    />
  );
}

function rowsOf({ passes, rules, words }: PipelineSection, chosen: readonly number[]): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const pass of chosen) {
    const { rule, op, became, place, count } = passes[pass]?.rewrites ?? nothing;
    rule.forEach((number, at) => {
      const where = place[at] ?? 0;
      const key = [number, op[at], became[at], placeLabel(where)].join();
      const known = rows.get(key);
      rows.set(key, {
        rule: number,
        name: rules[number]?.name ?? '',
        op: words[op[at] ?? 0] ?? '',
        became: words[became[at] ?? 0] ?? '',
        places: [...(known?.places ?? []), where],
        count: (known?.count ?? 0) + (count[at] ?? 0),
      });
    });
  }
  return [...rows.values()];
}

const nothing = { rule: [], op: [], became: [], place: [], count: [] };

/** The file and line of a rule; the folders are in the hint. */
export function RulePlaceText({ rule }: { readonly rule: RuleRow | undefined }) {
  if (rule === undefined || rule.line === 0) return <span class="faint">not known</span>;
  return (
    <span class="code" title={`${rule.file}:${rule.line}`}>
      {rule.file.split('/').at(-1)}:{rule.line}
    </span>
  );
}

const columnsOf = ({ rules }: PipelineSection): readonly Column<Row>[] => [
  {
    key: 'rule',
    title: 'Rule',
    width: 'minmax(140px, 3fr)',
    value: (row) => row.name,
    cell: (row) => <span title={row.name}>{row.name}</span>,
  },
  {
    key: 'file',
    title: 'Written in',
    hint: 'File and line of the rule in the sources of msc',
    width: 'minmax(120px, 1.6fr)',
    value: (row) => `${rules[row.rule]?.file}:${rules[row.rule]?.line}`,
    cell: (row) => <RulePlaceText rule={rules[row.rule]} />,
  },
  {
    key: 'op',
    title: 'Operation',
    width: 'minmax(90px, 1.4fr)',
    value: (row) => row.op,
    cell: (row) => <span class="code">{row.op}</span>,
  },
  {
    key: 'became',
    title: 'Became',
    width: 'minmax(120px, 3fr)',
    value: (row) => row.became,
    cell: (row) => (
      <span class="code" title={row.became}>
        {row.became}
      </span>
    ),
  },
  {
    key: 'line',
    title: 'Line',
    width: 'minmax(116px, 1fr)',
    value: (row) => placeLabel(row.places[0] ?? 0),
    cell: (row) => <PlaceLink place={row.places[0] ?? 0} />,
  },
  {
    key: 'count',
    title: 'Times',
    width: '58px',
    align: 'end',
    value: (row) => row.count,
    cell: (row) => (row.count === 1 ? '' : formatCount(row.count)),
  },
];

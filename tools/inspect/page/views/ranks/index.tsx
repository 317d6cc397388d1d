/** The ranks view: what all devices of a cluster do over time, what they say to each other, and who waits for whom. */
import type { RankSection } from '../../../report/index.ts';
import {
  Choice,
  Loading,
  Spring,
  Split,
  Toolbar,
  formatBytes,
  formatPercent,
  formatSeconds,
} from '../../shell/components/index.ts';
import type { LoadedReport } from '../../shell/load.ts';
import { hashParameter } from '../../shell/route.ts';
import { useSection } from '../../shell/section.ts';
import type { View } from '../../shell/view.ts';
import { CriticalPath, Layouts, Meetings, Totals } from './tables.tsx';
import { Timeline } from './timeline.tsx';
import './ranks.css';

const tables = {
  collectives: { title: 'Collectives', hint: 'What ranks say to each other, and who waits for whom', Table: Meetings },
  ranks: { title: 'Ranks', hint: 'Time and memory of each rank', Table: Totals },
  path: { title: 'Critical path', hint: 'The chain that decides how long all of it takes', Table: CriticalPath },
  layouts: { title: 'Layouts', hint: 'How the arguments of the network lie on the ranks', Table: Layouts },
} as const;
type TableName = keyof typeof tables;
const tableNames: readonly TableName[] = ['collectives', 'ranks', 'path', 'layouts'];

const table = hashParameter('ranks', 'collectives');

export const rankView: View = {
  name: 'ranks',
  title: 'Ranks',
  isPresent: (report) => report.has('ranks'),
  Component: RankView,
  keys: [
    { keys: '← → + - 0', action: 'move and zoom the timeline of the ranks' },
    { keys: '↑ ↓', action: 'scroll the ranks' },
  ],
};

function RankView({ report }: { readonly report: LoadedReport }) {
  const section = useSection(report, 'ranks');
  if (section === null) return <Loading />;
  const shown = tableNames.find((name) => name === table.value) ?? 'collectives';
  const { Table } = tables[shown];
  return (
    <Split
      name="ranks"
      direction="rows"
      initial={0.6}
      first={<Timeline section={section} />}
      second={
        <div class="ranks-panel">
          <Toolbar label="Tables of the ranks">
            <Choice
              label="Table"
              value={shown}
              options={tableNames.map((value) => ({ value, title: tables[value].title, hint: tables[value].hint }))}
              onChange={(value) => (table.value = value)}
            />
            <Spring />
            <Summary section={section} />
          </Toolbar>
          <Table section={section} />
        </div>
      }
    />
  );
}

function Summary({ section: { ranks, seconds } }: { readonly section: RankSection }) {
  const mean = (of: (rank: RankSection['ranks'][number]) => number): number =>
    ranks.reduce((sum, rank) => sum + of(rank), 0) / Math.max(1, ranks.length) / seconds;
  return (
    <span class="ranks-summary">
      <b>{formatSeconds(seconds)}</b> on {ranks.length} devices: launches{' '}
      {formatPercent(mean(({ compute }) => compute))}, exposed communication{' '}
      {formatPercent(mean(({ exposed }) => exposed))}, waiting {formatPercent(mean(({ bubble }) => bubble))}; at most{' '}
      {formatBytes(Math.max(0, ...ranks.map(({ memory }) => memory)))}
    </span>
  );
}

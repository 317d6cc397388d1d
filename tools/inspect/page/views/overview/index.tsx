/** The overview: figures that lead to their views, what the compiler had to say, where the time goes, and files to take away. */
import type { Fact, ReportDiagnostic } from '../../../report/index.ts';
import { type Column, Table } from '../../shell/components/index.ts';
import { useMemo } from 'preact/hooks';
import { ExportButtons } from '../../shell/exports.tsx';
import { HotLines } from '../../shell/hot-lines.tsx';
import { linesOf } from '../../shell/lines.ts';
import type { LoadedReport } from '../../shell/load.ts';
import { PlaceLink } from '../../shell/place-link.tsx';
import { useSection } from '../../shell/section.ts';
import { openView, placeLabel, selectPlace, type ViewName } from '../../shell/state.ts';
import type { View } from '../../shell/view.ts';
import { CostByCell } from './cells.tsx';
import './overview.css';

export const overviewView: View = {
  name: 'overview',
  title: 'Overview',
  isPresent: () => true,
  Component: Overview,
};

function Overview({ report }: { readonly report: LoadedReport }) {
  const { facts, diagnostics } = report.head;
  return (
    <div class="overview">
      <Subject report={report} />
      {facts.length > 0 && (
        <section class="facts" aria-label="Figures">
          {facts.map((fact, index) => (
            <FactCard key={index} fact={fact} report={report} />
          ))}
        </section>
      )}
      {diagnostics.length > 0 && (
        <section class="overview-part overview-diagnostics">
          <h2>Diagnostics</h2>
          <Table label="Diagnostics" rows={diagnostics} columns={diagnosticColumns} onChoose={showDiagnostic} />
        </section>
      )}
      {report.has('costs') && <Costs report={report} />}
    </div>
  );
}

/** Where the time goes, or the work where nothing was timed: by Cell and by line. */
function Costs({ report }: { readonly report: LoadedReport }) {
  const costs = useSection(report, 'costs');
  const lines = useMemo(() => linesOf(report.head, costs), [report, costs]);
  if (costs === null) return null;
  return (
    <div class="overview-columns">
      <CostByCell costs={costs} />
      <section class="overview-part">
        <h2>Hot lines</h2>
        <HotLines costs={costs} report={report} lines={lines} measure={costs.timed ? 'seconds' : 'flops'} />
      </section>
    </div>
  );
}

function Subject({ report }: { readonly report: LoadedReport }) {
  const { subject, version, sources } = report.head;
  const rows: readonly (readonly [string, string])[] = [
    ['File', subject.file],
    ['Entry', subject.entry ?? ''],
    ['Inputs', subject.inputs.join('  ')],
    ['Target', [subject.target, subject.cluster ?? ''].filter((text) => text !== '').join(' on ')],
    ['Made by', `msc ${version} ${subject.command}`],
    ['Sources', sources.length === 1 ? '1 file' : `${sources.length} files`],
  ];
  return (
    <header class="overview-subject">
      <dl>
        {rows
          .filter(([, text]) => text !== '')
          .map(([name, text]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd class="code" title={text}>
                {text}
              </dd>
            </div>
          ))}
      </dl>
      <div class="overview-exports" role="group" aria-label="Downloads">
        <ExportButtons report={report} />
      </div>
    </header>
  );
}

/** The costs have no view of their own: the source view shows them. */
const viewOf = ({ view }: Fact): ViewName | null => (view === 'costs' ? 'source' : view);

function FactCard({ fact, report }: { readonly fact: Fact; readonly report: LoadedReport }) {
  const view = viewOf(fact);
  const [value, more] = fact.value.split(' (', 2);
  const isLink = view !== null && (view === 'source' || view === 'overview' || report.has(view));
  return (
    <button
      type="button"
      class="fact"
      disabled={!isLink}
      title={isLink ? `${fact.value}\nShow in ${view}` : fact.value}
      onClick={() => {
        if (view !== null) openView.value = view;
      }}
    >
      <span>{fact.name}</span>
      <b>{value}</b>
      {more !== undefined && <small>{more.replace(/\)$/, '')}</small>}
    </button>
  );
}

/** Shows a diagnostic in the source. */
function showDiagnostic({ place }: ReportDiagnostic): void {
  selectPlace(place);
  if (placeLabel(place) !== '') openView.value = 'source';
}

const diagnosticColumns: readonly Column<ReportDiagnostic>[] = [
  {
    key: 'severity',
    title: '',
    width: '76px',
    value: ({ severity }) => severity,
    cell: ({ severity }) => <b class={`severity is-${severity}`}>{severity}</b>,
  },
  { key: 'code', title: 'Code', width: '76px', value: ({ code }) => code, cell: ({ code }) => <code>{code}</code> },
  {
    key: 'message',
    title: 'Message',
    width: 'minmax(0, 1fr)',
    cell: ({ message, help }) => (
      <span title={help === null ? message : `${message}\n${help}`}>
        {message}
        {help !== null && <small class="faint"> {help}</small>}
      </span>
    ),
  },
  { key: 'place', title: 'Line', width: '150px', cell: ({ place }) => <PlaceLink place={place} /> },
];

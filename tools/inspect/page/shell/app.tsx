/** The frame around the views: title, tabs, the filter, tools, and the layers over them. */
import { useEffect, useErrorBoundary, useMemo } from 'preact/hooks';
import { views } from '../views/index.ts';
import { Empty } from './components/index.ts';
import { ExportMenu } from './exports.tsx';
import { Help } from './help.tsx';
import { startKeys } from './keys.ts';
import { ServedLight, ServedProblem } from './served.tsx';
import type { LoadedReport } from './load.ts';
import { Palette } from './palette.tsx';
import { overlay } from './overlay.ts';
import { clearSelection, openView, selection, selectionLabel, shownPlaces } from './state.ts';
import { nextTheme, theme } from './theme.ts';
import type { View } from './view.ts';

export function App({ report }: { readonly report: LoadedReport }) {
  const present = useMemo(() => views.filter((view) => view.isPresent(report)), [report]);
  const current = present.find(({ name }) => name === openView.value) ?? present[0];
  useEffect(() => startKeys(present), [present]);
  return (
    <>
      <header class="top">
        <Subject report={report} />
        <Tabs report={report} present={present} current={current} />
        <div class="tools">
          <ServedLight />
          <FilterChip />
          <Tools />
        </div>
      </header>
      <main>{current !== undefined && <Guarded key={current.name} view={current} report={report} />}</main>
      <ServedProblem />
      <Layers report={report} present={present} />
    </>
  );
}

function Subject({ report }: { readonly report: LoadedReport }) {
  const { file, entry, inputs, target, cluster } = report.head.subject;
  const rest = [entry === null ? '' : file, inputs.join('  '), cluster ?? target].filter((text) => text !== '');
  return (
    <div class="subject" title={[entry ?? file, ...rest].join('\n')}>
      <strong>{entry ?? file}</strong>
      <small>{rest.join(' · ')}</small>
    </div>
  );
}

interface TabsProps {
  readonly report: LoadedReport;
  readonly present: readonly View[];
  readonly current: View | undefined;
}

function Tabs({ report, present, current }: TabsProps) {
  return (
    <nav class="tabs" aria-label="Views">
      {present.map(({ name, title }, index) => {
        const count = name === 'overview' || name === 'source' ? null : report.count(name);
        return (
          <button
            key={name}
            type="button"
            data-view={name}
            title={`${title} (${index + 1})`}
            aria-current={name === current?.name ? 'page' : undefined}
            onClick={() => (openView.value = name)}
          >
            {title}
            {count !== null && <small>{count}</small>}
          </button>
        );
      })}
    </nav>
  );
}

/** Names the filter of all views, and clears it. */
function FilterChip() {
  if (selection.value === null) return null;
  const places = shownPlaces.value?.size ?? 0;
  return (
    <div class="chip" role="status" title={`All views show only what came from here (${places} places)`}>
      <b>{selectionLabel.value}</b>
      <button
        type="button"
        class="clear"
        aria-label="Clear the filter"
        title="Clear the filter (Esc)"
        onClick={clearSelection}
      >
        ✕
      </button>
    </div>
  );
}

function Tools() {
  return (
    <>
      <button type="button" class="ui-button" data-open="search" onClick={() => (overlay.value = 'search')}>
        Search <kbd>/</kbd>
      </button>
      <button
        type="button"
        class="ui-button"
        data-open="exports"
        aria-haspopup="menu"
        aria-expanded={overlay.value === 'exports'}
        onClick={() => (overlay.value = 'exports')}
      >
        Export
      </button>
      <button
        type="button"
        class="ui-button"
        data-open="theme"
        title="Theme: auto, light, dark (t)"
        onClick={nextTheme}
      >
        ◐ {theme.value}
      </button>
      <button
        type="button"
        class="ui-button"
        data-open="help"
        title="Keys (?)"
        aria-label="Keys"
        onClick={() => (overlay.value = 'help')}
      >
        ?
      </button>
    </>
  );
}

function Layers({ report, present }: { readonly report: LoadedReport; readonly present: readonly View[] }) {
  if (overlay.value === null) return null;
  return (
    <div
      class={`layer is-${overlay.value}`}
      onClick={(event) => {
        if (event.target === event.currentTarget) overlay.value = null;
      }}
    >
      {overlay.value === 'search' && <Palette report={report} views={present} />}
      {overlay.value === 'help' && <Help views={present} />}
      {overlay.value === 'exports' && <ExportMenu report={report} />}
    </div>
  );
}

/** A view whose mistake does not take the page with it. */
function Guarded({ view, report }: { readonly view: View; readonly report: LoadedReport }) {
  const [error] = useErrorBoundary((thrown: unknown) => console.error(thrown));
  if (error !== undefined) return <Empty>This view failed, which is a bug of msc: {String(error)}</Empty>;
  return <view.Component report={report} />;
}

/** The frame around the views. */
import { views } from '../views/index.ts';
import type { LoadedReport } from './load.ts';
import { openView, selection } from './state.ts';

export function App({ report }: { readonly report: LoadedReport }) {
  const present = views.filter((view) => view.isPresent(report));
  const current = present.find(({ name }) => name === openView.value) ?? present[0];
  return (
    <>
      <header class="top">
        <strong>{report.head.subject.entry ?? report.head.subject.file}</strong>
        <nav>
          {present.map(({ name, title }) => (
            <button
              key={name}
              type="button"
              data-view={name}
              aria-current={name === current?.name ? 'page' : undefined}
              onClick={() => (openView.value = name)}
            >
              {title}
            </button>
          ))}
        </nav>
        {selection.value !== null && (
          <button type="button" class="clear" onClick={() => (selection.value = null)}>
            clear filter
          </button>
        )}
      </header>
      <main>{current !== undefined && <current.Component key={current.name} report={report} />}</main>
    </>
  );
}

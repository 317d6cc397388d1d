/** The overview of keys (`?`). */
import type { KeyHelp, View } from './view.ts';

const pageKeys: readonly KeyHelp[] = [
  { keys: '1 … 9', action: 'open a view' },
  { keys: '/ or Ctrl-K', action: 'search everything' },
  { keys: 'Esc', action: 'close, or clear the filter' },
  { keys: '↑ ↓ PgUp PgDn', action: 'move in a list or table' },
  { keys: 'Enter', action: 'choose the row' },
  { keys: 't', action: 'theme: auto, light, dark' },
  { keys: '?', action: 'these keys' },
];

export function Help({ views }: { readonly views: readonly View[] }) {
  return (
    <div class="help" role="dialog" aria-label="Keys" aria-modal="true" tabIndex={-1}>
      <Keys title="Everywhere" keys={pageKeys} />
      {views.map(({ name, title, keys }) => keys !== undefined && <Keys key={name} title={title} keys={keys} />)}
    </div>
  );
}

function Keys({ title, keys }: { readonly title: string; readonly keys: readonly KeyHelp[] }) {
  return (
    <section>
      <h2>{title}</h2>
      <dl>
        {keys.map((key) => (
          <div key={key.keys}>
            <dt>{key.keys}</dt>
            <dd>{key.action}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

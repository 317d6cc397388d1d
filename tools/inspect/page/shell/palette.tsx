/** The search of the whole page (Ctrl-K or `/`): one field, and what it finds. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { movedBy } from './components/use-window.ts';
import { exportItems } from './exports.tsx';
import type { LoadedReport } from './load.ts';
import { overlay } from './overlay.ts';
import { collectItems, type Found, items, search } from './search.ts';
import type { View } from './view.ts';

/** Results that are drawn; the count says how many there are. */
const DRAWN = 60;

export interface PaletteProps {
  readonly report: LoadedReport;
  /** Those that the report has. */
  readonly views: readonly View[];
}

export function Palette({ report, views }: PaletteProps) {
  const [query, setQuery] = useState('');
  const [kind, setKind] = useState<string | null>(null);
  const [cursor, setCursor] = useState(0);
  const list = useRef<HTMLUListElement | null>(null);
  const field = useRef<HTMLInputElement | null>(null);
  useLayoutEffect(() => field.current?.focus(), []); // before the next key
  useEffect(() => collectItems(report, views, exportItems(report)), [report, views]);
  const all = items.value;
  const found = useMemo(() => search(all, query), [all, query]);
  const kinds = useMemo(() => kindsOf(found), [found]);
  const results = useMemo(() => (kind === null ? found : found.filter((item) => item.kind === kind)), [found, kind]);
  const drawn = results.slice(0, DRAWN);
  const show = (next: string | null): void => {
    setKind(next);
    setCursor(0);
    field.current?.focus();
  };
  useEffect(() => list.current?.children[cursor]?.scrollIntoView({ block: 'nearest' }), [cursor]);
  const choose = (item: Found | undefined): void => {
    if (item === undefined) return;
    overlay.value = null;
    item.open();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') choose(drawn[cursor]);
    if (event.key === 'Tab') {
      event.preventDefault();
      show(nextKind(kinds, kind, event.shiftKey ? -1 : 1));
    }
    const isOfField = event.key === 'Home' || event.key === 'End';
    const target = isOfField ? null : movedBy(event.key, cursor, drawn.length, 8);
    if (target === null) return;
    event.preventDefault();
    setCursor(target);
  };
  return (
    <div class="palette" role="dialog" aria-label="Search the report" aria-modal="true">
      <input
        ref={field}
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-results"
        aria-activedescendant={drawn.length === 0 ? undefined : `palette-${cursor}`}
        aria-label="Search the report"
        placeholder="Search lines, Cells, ops, kernels, passes, buffers, commands"
        spellcheck={false}
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setKind(null);
          setCursor(0);
        }}
        onKeyDown={onKeyDown}
      />
      {query !== '' && (
        <div class="palette-kinds" role="group" aria-label="Kinds">
          {[{ name: null, count: found.length }, ...kinds].map(({ name, count }) => (
            <button
              key={name ?? ''}
              type="button"
              tabIndex={-1}
              aria-pressed={name === kind}
              onClick={() => show(name)}
            >
              {name ?? 'all'} <small>{count}</small>
            </button>
          ))}
        </div>
      )}
      <ul id="palette-results" role="listbox" aria-label="Results" ref={list}>
        {drawn.map((item, index) => (
          <li
            key={index}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === cursor}
            onMouseMove={() => setCursor(index)}
            onClick={() => choose(item)}
          >
            <b>{item.kind}</b>
            <span>{item.label}</span>
            <small>{item.detail}</small>
          </li>
        ))}
      </ul>
      <footer>{footer(results.length, query)}</footer>
    </div>
  );
}

/** The kinds of what was found, the best found first. */
function kindsOf(found: readonly Found[]): readonly { readonly name: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const { kind } of found) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count }));
}

function nextKind(kinds: readonly { readonly name: string }[], kind: string | null, step: 1 | -1): string | null {
  const names = [null, ...kinds.map(({ name }) => name)];
  return names[(names.indexOf(kind) + step + names.length) % names.length] ?? null;
}

function footer(count: number, query: string): string {
  if (count === 0) return 'Nothing found';
  if (query === '') return 'Arrow keys move, Enter opens, Tab changes the kind, Esc closes';
  return count > DRAWN ? `${count} found, the first ${DRAWN} shown` : `${count} found`;
}

/** The search of the whole page (Ctrl-K or `/`): one field, and what it finds. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { movedBy } from './components/use-window.ts';
import { exportItems } from './exports.tsx';
import type { LoadedReport } from './load.ts';
import { collectItems, type Found, items, overlay, search } from './search.ts';

/** Results that are drawn; the count says how many there are. */
const DRAWN = 60;

export function Palette({ report }: { readonly report: LoadedReport }) {
  const [query, setQuery] = useState('');
  const [cursor, setCursor] = useState(0);
  const list = useRef<HTMLUListElement | null>(null);
  const field = useRef<HTMLInputElement | null>(null);
  useEffect(() => {
    collectItems(report, exportItems(report));
    field.current?.focus();
  }, [report]);
  const all = items.value;
  const results = useMemo(() => search(all, query), [all, query]);
  const drawn = results.slice(0, DRAWN);
  useEffect(() => list.current?.children[cursor]?.scrollIntoView({ block: 'nearest' }), [cursor]);
  const choose = (item: Found | undefined): void => {
    if (item === undefined) return;
    overlay.value = null;
    item.open();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') choose(drawn[cursor]);
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
          setCursor(0);
        }}
        onKeyDown={onKeyDown}
      />
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

function footer(count: number, query: string): string {
  if (count === 0) return 'Nothing found';
  if (query === '') return 'Arrow keys move, Enter opens, Esc closes';
  return count > DRAWN ? `${count} found, the first ${DRAWN} shown` : `${count} found`;
}
